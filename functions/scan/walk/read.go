package walk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Left says that a file was not read and why; it is no failure of the program.
type Left struct {
	Kind string // symlink, special, submodule, gone: counted only; empty: a problem
	Why  string
}

func (l Left) Error() string { return l.Why }

// Read gives the content of a file. What is no regular file, too large or
// unreadable comes back as Left.
func (t *Tree) Read(p string) ([]byte, error) {
	info, err := t.root.Lstat(p)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, Left{Kind: "gone", Why: "deleted in the work tree"}
	case err != nil:
		return nil, Left{Why: plain(err).Error()}
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, Left{Kind: "symlink", Why: "symbolic link"}
	case info.IsDir():
		return nil, Left{Kind: "submodule", Why: "submodule"}
	case !info.Mode().IsRegular():
		return nil, Left{Kind: "special", Why: "no regular file"}
	case info.Size() > t.limits.FileSize:
		return nil, Left{Why: fmt.Sprintf("%d bytes, more than the %d that are read of one file", info.Size(), t.limits.FileSize)}
	}
	// O_NONBLOCK: what was a file a moment ago may be a pipe now.
	f, err := t.root.OpenFile(p, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, Left{Why: plain(err).Error()}
	}
	defer f.Close()
	if now, err := f.Stat(); err != nil || !now.Mode().IsRegular() {
		return nil, Left{Kind: "special", Why: "no regular file"}
	}
	buf := make([]byte, 0, info.Size()+512)
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := f.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) > t.limits.FileSize:
			return nil, Left{Why: "it grew while it was read"}
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return nil, Left{Why: plain(err).Error()}
		}
	}
}
