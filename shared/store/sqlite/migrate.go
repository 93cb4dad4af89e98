package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

//go:embed migrations/*.sql
var migrations embed.FS

// application marks the file as ours (PRAGMA application_id): "CUTO" in ASCII.
const application = 0x4355544f

// migrate makes sure that the file is ours and brings its schema up to this
// program's version. Two processes that create one file at the same moment get
// into each other's way, whatever SQLite's busy timeout; so it tries again for as
// long, and mostly finds the work done.
func (s *Store) migrate(ctx context.Context, patience time.Duration) error {
	p, newest, err := s.provider()
	if err != nil {
		return err
	}
	for waited := time.Duration(0); ; {
		err := s.upTo(ctx, p, newest)
		if err == nil || !(errors.Is(err, errMigrating) || busy(err)) || waited >= patience || ctx.Err() != nil {
			return err
		}
		pause := min(waited/2+10*time.Millisecond, 200*time.Millisecond)
		time.Sleep(pause)
		waited += pause
	}
}

// errMigrating marks a failed step of a migration, which another process may have
// done meanwhile.
var errMigrating = errors.New("migrating")

func (s *Store) provider() (*goose.Provider, int64, error) {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, 0, fmt.Errorf("reading the built-in migrations: %w", err)
	}
	p, err := goose.NewProvider(database.DialectSQLite3, s.write, sub, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, 0, fmt.Errorf("reading the built-in migrations: %w", err)
	}
	sources := p.ListSources()
	return p, sources[len(sources)-1].Version, nil
}

func (s *Store) upTo(ctx context.Context, p *goose.Provider, newest int64) error {
	if err := s.recognize(ctx); err != nil {
		return err
	}
	have, err := s.version(ctx)
	switch {
	case err != nil:
		return err
	case have > newest:
		return fmt.Errorf("opening store %s: a newer Cutover wrote it (schema %d, this program knows up to %d): use that version or newer",
			s.path, have, newest)
	case have == newest:
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return s.fail("migrating store", errors.Join(errMigrating, err))
	}
	if _, err := s.write.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", application)); err != nil {
		return s.fail("marking store", err)
	}
	return nil
}

// version is the schema's; 0 before the first migration.
func (s *Store) version(ctx context.Context) (int64, error) {
	n, err := s.count(ctx, `SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'`)
	if err != nil || n == 0 {
		return 0, err
	}
	return s.count(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version`)
}

// recognize refuses a file that another program made. Tables of the embedded bus
// alone are ours: the bus may have opened the file first.
func (s *Store) recognize(ctx context.Context) error {
	app, err := s.count(ctx, "PRAGMA application_id")
	if err != nil {
		return err
	}
	if app == application {
		return nil
	}
	foreign, err := s.count(ctx, `SELECT count(*) FROM sqlite_master
		WHERE type = 'table' AND name <> 'goose_db_version' AND name NOT LIKE 'bus\_%' ESCAPE '\' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`)
	if err != nil {
		return err
	}
	version, err := s.version(ctx) // written together with the tables
	if err != nil {
		return err
	}
	if app != 0 || (foreign > 0 && version == 0) {
		return fmt.Errorf("opening store %s: it is a database of another program: name another file under store.path", s.path)
	}
	return nil
}

func (s *Store) count(ctx context.Context, query string) (int64, error) {
	var n sql.NullInt64
	if err := s.write.QueryRowContext(ctx, query).Scan(&n); err != nil {
		return 0, s.fail("opening store", err)
	}
	return n.Int64, nil
}
