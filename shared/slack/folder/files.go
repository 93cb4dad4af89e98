package folder

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"cutover/shared/slack"
)

const (
	tempPrefix = ".cutover-message-"
	// maxFile is the largest message that is read, in bytes; Slack's own limits are
	// far below.
	maxFile = 8 << 20
)

// names lists the messages by time. A folder that does not exist has none.
func (f *Folder) names() ([]name, error) {
	entries, err := os.ReadDir(f.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the Slack folder: %w", err)
	}
	var out []name
	for _, e := range entries {
		if n, ok := parseName(e.Name()); ok && e.Type().IsRegular() {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b name) int {
		x, y := a.stamp(), b.stamp()
		return cmp.Or(cmp.Compare(x.second, y.second), cmp.Compare(x.count, y.count), cmp.Compare(a.kind, b.kind))
	})
	return out, nil
}

// read gives a message, and the bytes of its file also where they are broken.
func (f *Folder) read(n name) (record, []byte, error) {
	path := f.path(n.file)
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return record{}, nil, fmt.Errorf("message %s: %w", path, slack.ErrGone)
	}
	if err != nil {
		return record{}, nil, fmt.Errorf("reading a message: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return record{}, nil, fmt.Errorf("%s:1: this is no regular file of at most %d bytes: move it out of the Slack folder", path, maxFile)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return record{}, nil, fmt.Errorf("reading a message: %w", err)
	}
	r, err := parse(path, n, raw)
	return r, raw, err
}

// place puts a whole file in place, durably: after a crash there is the old one or
// the new one, never a part. A new one never replaces what stands there
// (fs.ErrExist). Until it stands there, an error says that nothing was done.
func (f *Folder) place(file string, raw []byte, fresh bool) error {
	tmp, err := os.CreateTemp(f.Dir, tempPrefix)
	if err != nil {
		return slack.Refused{Err: err}
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already after a rename
	err = f.crash("write")
	if err == nil {
		_, err = tmp.Write(raw)
	}
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = f.crash("rename")
	}
	if err != nil {
		return slack.Refused{Err: err}
	}
	if fresh {
		err = os.Link(tmp.Name(), f.path(file))
		if _, taken := os.Lstat(f.path(file)); err != nil && errors.Is(taken, fs.ErrNotExist) {
			err = os.Rename(tmp.Name(), f.path(file)) // a file system without links: the lock must do
		}
	} else {
		err = os.Rename(tmp.Name(), f.path(file))
	}
	if err != nil {
		return slack.Refused{Err: err}
	}
	if err := f.crash("sync"); err != nil {
		return err
	}
	return syncDir(f.Dir)
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	return d.Sync()
}

// sweep removes what a crash left half written; it needs the lock.
func (f *Folder) sweep() {
	left, err := filepath.Glob(filepath.Join(f.Dir, tempPrefix+"*"))
	if err != nil {
		return
	}
	for _, p := range left {
		_ = os.Remove(p) // in the way of nobody if it stays
	}
}

func (f *Folder) crash(name string) error {
	if f.step == nil {
		return nil
	}
	return f.step(name)
}
