package sqlite

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// fail wraps an error of the database: what was being done, to which file, and,
// where it is known, what to do about it.
func (s *Store) fail(doing string, err error) error {
	if hint := advice(err); hint != "" {
		return fmt.Errorf("%s %s: %s: %w", doing, s.path, hint, err)
	}
	return fmt.Errorf("%s %s: %w", doing, s.path, err)
}

// busy reports whether another connection held the file.
func busy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == lib.SQLITE_BUSY || e.Code()&0xff == lib.SQLITE_LOCKED)
}

// advice tells a person what a database error means.
func advice(err error) string {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return ""
	}
	switch e.Code() & 0xff { // the low byte is the primary code
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return "another process is writing to it and does not finish: stop that one or try again"
	case lib.SQLITE_FULL:
		return "no space is left, nothing of this was written: free some and try again"
	case lib.SQLITE_IOERR:
		return "the disk failed, nothing of this was written"
	case lib.SQLITE_NOTADB:
		return "the file is not a SQLite database: name another one under store.path"
	case lib.SQLITE_CORRUPT:
		return "the file is damaged: restore it from a backup"
	case lib.SQLITE_READONLY, lib.SQLITE_PERM, lib.SQLITE_CANTOPEN:
		return "this user may not write there"
	}
	return ""
}
