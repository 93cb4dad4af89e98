package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"cutover/shared/tracker"
)

const tempPrefix = ".cutover-ticket-"

// numbers lists the tickets by number. A folder that does not exist has none.
func (f *Folder) numbers() ([]int, error) {
	entries, err := os.ReadDir(f.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the ticket folder: %w", err)
	}
	var ns []int
	for _, e := range entries {
		base, ok := strings.CutSuffix(e.Name(), ".md")
		if n, err := strconv.Atoi(base); ok && err == nil && n > 0 && strconv.Itoa(n) == base && e.Type().IsRegular() {
			ns = append(ns, n)
		}
	}
	slices.Sort(ns)
	return ns, nil
}

func (f *Folder) read(n int) ([]byte, error) {
	info, err := os.Stat(f.path(n))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("ticket %s: %w", f.path(n), tracker.ErrGone)
	}
	if err != nil {
		return nil, fmt.Errorf("reading a ticket: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("reading ticket %s: it is no regular file of at most %d bytes: move it out of the ticket folder", f.path(n), maxFile)
	}
	raw, err := os.ReadFile(f.path(n))
	if err != nil {
		return nil, fmt.Errorf("reading a ticket: %w", err)
	}
	return raw, nil
}

// place puts a whole file in place, durably: after a crash there is the old one or
// the new one, never a part. A new one never replaces what stands there
// (fs.ErrExist).
func (f *Folder) place(n int, raw []byte, fresh bool) error {
	tmp, err := os.CreateTemp(f.Dir, tempPrefix)
	if err != nil {
		return tracker.Refused{Err: err}
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
		return tracker.Refused{Err: err}
	}
	if fresh {
		err = os.Link(tmp.Name(), f.path(n))
		if _, taken := os.Lstat(f.path(n)); err != nil && errors.Is(taken, fs.ErrNotExist) {
			err = os.Rename(tmp.Name(), f.path(n)) // a file system without links: the lock must do
		}
	} else {
		err = os.Rename(tmp.Name(), f.path(n))
	}
	if err != nil {
		return tracker.Refused{Err: err}
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
