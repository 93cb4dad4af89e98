// Package files is the atomic placing of files and a lock on a folder, for
// adapters that keep their things in folders.
//
// A write is a whole file that takes its place at once (temporary file, fsync,
// rename, fsync of the folder), so that a crash leaves the old file or the new one
// and never a part. What the files are called and what stands in them is the
// adapter's own.
package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Folder is a flat folder of files that are written whole.
type Folder struct {
	Dir  string // exists
	Temp string // how the names of files that are still being written begin

	// Step, in tests, fails at a named step (write, rename, sync) as a crash or a
	// full disk would. It may be nil.
	Step func(name string) error
}

// Place puts a whole file in place, durably: after a crash there is the old one or
// the new one, never a part. A new one (fresh) never replaces what stands there
// (fs.ErrExist). With an error, stands says whether the file may have taken its
// place all the same; if not, nothing was done.
func (f Folder) Place(name string, raw []byte, fresh bool) (stands bool, err error) {
	tmp, err := os.CreateTemp(f.Dir, f.Temp)
	if err != nil {
		return false, err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already after a rename
	if err := f.fill(tmp, raw); err != nil {
		return false, err
	}
	if err := f.crash("rename"); err != nil {
		return false, err
	}
	if err := move(tmp.Name(), filepath.Join(f.Dir, name), fresh); err != nil {
		return false, err
	}
	if err := f.crash("sync"); err != nil {
		return true, err
	}
	return true, syncDir(f.Dir)
}

// fill writes the temporary file, durably, and closes it.
func (f Folder) fill(tmp *os.File, raw []byte) error {
	err := f.crash("write")
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
	return err
}

func move(tmp, path string, fresh bool) error {
	if !fresh {
		return os.Rename(tmp, path)
	}
	err := os.Link(tmp, path)
	if _, taken := os.Lstat(path); err != nil && errors.Is(taken, fs.ErrNotExist) {
		err = os.Rename(tmp, path) // a file system without links: the lock must do
	}
	return err
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

// Sweep removes what a crash left half written; it needs the lock.
func (f Folder) Sweep() {
	left, err := filepath.Glob(filepath.Join(f.Dir, f.Temp+"*"))
	if err != nil {
		return
	}
	for _, p := range left {
		_ = os.Remove(p) // in the way of nobody if it stays
	}
}

func (f Folder) crash(name string) error {
	if f.Step == nil {
		return nil
	}
	return f.Step(name)
}
