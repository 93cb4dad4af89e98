package sqlite

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// Copy makes a private copy of the store at src, which need not be closed and may
// be written to by another process or have been left by one that was killed. It
// reads the files of src and does nothing else there: opening a database makes
// files beside it, even for reading. dst must not exist. There is no store at src:
// fs.ErrNotExist.
func Copy(src, dst string) error {
	ownLocks()
	var err error
	if dst, err = filepath.Abs(dst); err != nil {
		return fmt.Errorf("copying store %s: %w", src, err)
	}
	if _, err := os.Lstat(dst); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("copying store %s: there is something at %s already", src, dst)
	}
	for n := range copyAttempts {
		if err = copyOnce(src, dst); err == nil || !errors.Is(err, errMoved) {
			break
		}
		time.Sleep(time.Duration(n+1) * 20 * time.Millisecond)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("copying store %s: %w", src, err), discard(dst))
	}
	return nil
}

const copyAttempts = 10

// errMoved says that a writer got in between.
var errMoved = errors.New("another process is writing to it all the time: try again later")

// The files of a database: the pages, the write-ahead log, and the rollback
// journal that only the very first moment of a store knows. The index of the log
// (-shm) is made anew by whoever opens the copy.
var suffixes = [...]string{"", "-wal", "-journal"}

// copyOnce copies the pages first and the log second. Pages that a checkpoint
// changes meanwhile do no harm: they stand in the log too, as long as it is the
// same log. So the copy is good if the log did not start anew (its header carries
// a salt) and, where there is no log, if the pages did not change.
func copyOnce(src, dst string) error {
	before, err := look(src)
	if err != nil {
		return err
	}
	for i, suffix := range suffixes {
		if !before.there[i] {
			continue
		}
		err := copyFile(src+suffix, dst+suffix)
		switch {
		case errors.Is(err, fs.ErrNotExist): // gone meanwhile
			return errors.Join(errMoved, discard(dst))
		case err != nil:
			return err
		}
	}
	after, err := look(src)
	if err != nil {
		return err
	}
	if !before.same(after) {
		return errors.Join(errMoved, discard(dst))
	}
	return check(dst)
}

// sight is what tells whether a database was rewritten between two looks at it.
type sight struct {
	there [len(suffixes)]bool
	pages fs.FileInfo
	log   []byte // header of the log, if it has begun
}

// logHeader is the length of a log's header in bytes. Its salts change whenever
// the log starts anew (https://www.sqlite.org/fileformat.html#walformat).
const logHeader = 32

func look(src string) (s sight, err error) {
	for i, suffix := range suffixes {
		info, err := os.Stat(src + suffix)
		switch {
		case errors.Is(err, fs.ErrNotExist) && suffix != "":
			continue
		case err != nil:
			return s, err
		}
		s.there[i] = true
		if suffix == "" {
			s.pages = info
		}
	}
	if !s.there[1] {
		return s, nil
	}
	f, err := os.Open(src + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	defer f.Close()
	head := make([]byte, logHeader)
	if n, _ := io.ReadFull(f, head); n == logHeader {
		s.log = head
	}
	return s, nil
}

func (s sight) same(o sight) bool {
	if s.there != o.there || !bytes.Equal(s.log, o.log) || !os.SameFile(s.pages, o.pages) {
		return false
	}
	if s.log != nil && !s.there[2] {
		return true
	}
	return s.pages.Size() == o.pages.Size() && s.pages.ModTime().Equal(o.pages.ModTime())
}

func copyFile(src, dst string) error {
	in, err := os.Open(src)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(dst), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(dst, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func discard(dst string) error {
	var errs []error
	for _, suffix := range append(suffixes[:], "-shm") {
		if err := os.Remove(dst + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// check opens the copy, which takes the log in, and has SQLite look it over.
func check(dst string) error {
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(dst)}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return err
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRow("PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("checking the copy: %s: %w", advice(err), err)
	}
	if verdict != "ok" {
		return fmt.Errorf("checking the copy: the file is damaged: restore it from a backup: %s", verdict)
	}
	return nil
}
