package inventory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"cutover/shared/cutover"
)

// readerVersion changes when the same files would give other rows; it makes every
// folder be read again.
const readerVersion = "1"

// folder is what lies there: the files in the order of their names.
type folder struct {
	files    []file
	asOf     time.Time // the newest file's time
	version  string    // digest of names and content, once digested
	missing  string    // why there is nothing to read
	problems []error
}

type file struct {
	name   string // in the folder, with slashes
	digest string // SHA-256; empty when it could not be read
}

// list finds the files. Sub-folders belong to the folder: to leave one out would be
// to leave resources out. Names that begin with a dot do not.
func (r *Room) list() folder {
	var dir folder
	if info, err := fs.Stat(r.fs(), "."); err != nil || !info.IsDir() {
		dir.missing = fmt.Sprintf("the folder %s does not exist or cannot be read", r.label())
		dir.problems = []error{fmt.Errorf("inventory: %s; save answers of Resource Graph there as .json files", dir.missing)}
		return dir
	}
	err := fs.WalkDir(r.fs(), ".", func(p string, d fs.DirEntry, err error) error {
		hidden := p != "." && strings.HasPrefix(d.Name(), ".")
		switch {
		case err != nil:
			dir.problems = append(dir.problems, fmt.Errorf("listing %s: %w", path.Join(r.label(), p), bare(err)))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case hidden && d.IsDir():
			return fs.SkipDir
		case !hidden && !d.IsDir() && strings.EqualFold(path.Ext(p), ".json"):
			r.take(&dir, p)
		}
		return nil
	})
	if err != nil {
		dir.problems = append(dir.problems, fmt.Errorf("listing %s: %w", r.label(), bare(err)))
	}
	slices.SortFunc(dir.files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	if len(dir.files) == 0 {
		dir.missing = fmt.Sprintf("no .json file in %s", r.label())
		dir.problems = append(dir.problems, fmt.Errorf("inventory: %s; save answers of Resource Graph there", dir.missing))
	}
	return dir
}

func (r *Room) take(dir *folder, name string) {
	info, err := fs.Stat(r.fs(), name) // follows a link, as reading will
	switch {
	case err != nil:
		dir.problems = append(dir.problems, r.problem(name, 0, fmt.Errorf("looking at the file: %w", bare(err))))
		dir.files = append(dir.files, file{name: name})
		return
	case !info.Mode().IsRegular():
		dir.problems = append(dir.problems, r.problem(name, 0, errors.New("this is no regular file")))
		return
	}
	// A time that has not come yet says nothing: the file is as old as this look.
	at := info.ModTime()
	if now := r.Now(); at.After(now) {
		at = now
	}
	if at.After(dir.asOf) {
		dir.asOf = at
	}
	dir.files = append(dir.files, file{name: name})
}

// digest weighs the folder. A file that cannot be read or is too large is a problem
// of its own, said when the files are read.
func (r *Room) digest(ctx context.Context, dir *folder) error {
	parts := append([]string{readerVersion}, r.Paths...)
	for i := range dir.files {
		if err := ctx.Err(); err != nil {
			return err
		}
		f := &dir.files[i]
		if sum, err := r.sum(f.name); err == nil {
			f.digest = sum
		}
		parts = append(parts, f.name, f.digest)
	}
	dir.version = cutover.Digest(parts...)
	return nil
}

func (r *Room) sum(name string) (string, error) {
	f, err := r.open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // only read
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// open opens a file that is not above the cap.
func (r *Room) open(name string) (fs.File, error) {
	most := r.Cap
	if most == 0 {
		most = DefaultCap
	}
	f, err := r.fs().Open(name)
	if err != nil {
		return nil, bare(err)
	}
	info, err := f.Stat()
	if err == nil && info.Size() > most {
		err = fmt.Errorf("the file has %d bytes, more than the %d that are read; save the query in several files", info.Size(), most)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// problem says what is wrong with a file, and where.
func (r *Room) problem(name string, line int, err error) error {
	where := path.Join(r.label(), name)
	if line > 0 {
		return fmt.Errorf("%s:%d: %w", where, line, err)
	}
	return fmt.Errorf("%s: %w", where, err)
}

// bare drops the path from a file system's error: the message names the file already,
// in the words of the configuration.
func bare(err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
