package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	driver "modernc.org/sqlite" // pure Go

	"cutover/shared/store"
)

// Memory opens a store that is gone when it is closed, for tests and the demo. It
// stands in a private temporary directory and not in memory, so that it has the
// very isolation of a real one.
const Memory = ":memory:"

// Store keeps store.Store in one file.
type Store struct {
	path   string
	write  *sql.DB // exactly one connection
	read   *sql.DB
	remove string // directory to remove on Close
}

var _ store.Store = (*Store)(nil)

type settings struct {
	busy time.Duration
	sync string
}

// Option changes how a store is opened.
type Option func(*settings)

// BusyTimeout is how long a write waits for another process; 5 s by default.
func BusyTimeout(d time.Duration) Option { return func(s *settings) { s.busy = d } }

// Volatile gives up durability for speed: for a copy that nobody needs tomorrow.
func Volatile() Option { return func(s *settings) { s.sync = "OFF" } }

// Open opens the store at path and creates it, with its directory, if there is
// none. A file that is something else, or of a newer schema, is refused.
func Open(ctx context.Context, path string, opts ...Option) (*Store, error) {
	set := settings{busy: 5 * time.Second, sync: "FULL"}
	s := &Store{}
	if path == Memory {
		dir, err := os.MkdirTemp("", "cutover-store-")
		if err != nil {
			return nil, fmt.Errorf("making a temporary store: %w", err)
		}
		s.remove, path, set.sync = dir, filepath.Join(dir, "store.db"), "OFF"
	}
	for _, o := range opts {
		o(&set)
	}
	if err := s.open(ctx, path, set); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, path string, set settings) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("opening store %s: %w", path, err)
	}
	s.path = abs
	ownLocks()
	if err := touch(abs); err != nil {
		return fmt.Errorf("opening store %s: %w", abs, err)
	}
	if s.write, err = sql.Open("sqlite", dsn(abs, set, false)); err != nil {
		return s.fail("opening store", err)
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", dsn(abs, set, true)); err != nil {
		return s.fail("opening store", err)
	}
	s.read.SetMaxIdleConns(4)
	return s.migrate(ctx, set.busy)
}

// ownLocks makes SQLite's file locks belong to the open file, where the system can
// do that. By default they belong to the process, which loses them as soon as any
// part of it opens and closes the same file, as touch and Copy do. If the process
// has used SQLite before, it stays as it is.
func ownLocks() {
	_, _ = driver.OFDLocking(true)
}

// touch makes the file for its owner alone before SQLite makes it for everybody;
// the files beside it inherit its mode.
func touch(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func dsn(path string, set settings, readOnly bool) string {
	q := url.Values{}
	q.Set("_busy_timeout", strconv.FormatInt(set.busy.Milliseconds(), 10))
	q.Set("_foreign_keys", "1")
	q.Set("_synchronous", set.sync)
	q.Set("_dqs", "0")
	q.Add("_pragma", "cache_size(-16384)") // KiB
	if readOnly {
		q.Set("_query_only", "1")
	} else {
		q.Set("_journal_mode", "WAL")
		q.Set("_txlock", "immediate")
		q.Add("_pragma", "page_size(8192)")              // of a new file: rows of the inventory are long
		q.Add("_pragma", "journal_size_limit(67108864)") // cut the log after a bulk load
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: q.Encode()}
	return u.String()
}

// DB is the writing connection, for the embedded bus: what it does takes turns
// with the Updates. Using it inside an Update waits for ever.
func (s *Store) DB() *sql.DB { return s.write }

// Path is where the store stands.
func (s *Store) Path() string { return s.path }

// Close waits for what is running and folds the log into the file.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} { // the writer last: it folds the log
		if db != nil {
			if err := db.Close(); err != nil {
				errs = append(errs, s.fail("closing store", err))
			}
		}
	}
	if s.remove != "" {
		if err := os.RemoveAll(s.remove); err != nil {
			errs = append(errs, fmt.Errorf("removing the temporary store: %w", err))
		}
	}
	return errors.Join(errs...)
}
