package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"cutover/shared/cutover"
)

// readFile reads one regular file, capped: what lies in a folder may be a pipe, a
// device or a disk image.
func readFile(fsys fs.FS, name string, e fs.DirEntry) (cutover.Delivery, error) {
	if !e.Type().IsRegular() {
		return cutover.Delivery{}, fmt.Errorf("it is a %s, not a regular file; put the file itself there", kindOf(e.Type()))
	}
	file, err := fsys.Open(name)
	if err != nil {
		return cutover.Delivery{}, cause(err)
	}
	defer func() { _ = file.Close() }() // it was only read from
	info, err := file.Stat()
	if err != nil {
		return cutover.Delivery{}, cause(err)
	}
	if info.Size() > MaxSize {
		return cutover.Delivery{}, tooLarge(info.Size())
	}
	raw, err := io.ReadAll(io.LimitReader(file, MaxSize+1))
	if err != nil {
		return cutover.Delivery{}, cause(err)
	}
	if len(raw) > MaxSize {
		return cutover.Delivery{}, tooLarge(int64(len(raw)))
	}
	return cutover.Delivery{Raw: raw, Received: info.ModTime().UTC()}, nil
}

func tooLarge(n int64) error {
	return fmt.Errorf("%d bytes are more than the limit of %d (25 MB); no notice is that large: move the file elsewhere", n, MaxSize)
}

func kindOf(m fs.FileMode) string {
	switch {
	case m&fs.ModeSymlink != 0:
		return "symbolic link"
	case m&fs.ModeNamedPipe != 0:
		return "named pipe"
	case m&fs.ModeSocket != 0:
		return "socket"
	case m&fs.ModeDevice != 0:
		return "device"
	}
	return "special file"
}

// cause leaves out the operation and the path that the standard library puts into
// its errors: the message around it names the file as people know it.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
