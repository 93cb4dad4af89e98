package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
	"cutover/shared/store/sqlite"
)

// put writes something small.
func put(tx store.Tx) error { return tx.PutAction(cutover.Action{ID: "a"}) }

func TestOpenMakesPrivateFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new dir", "50% of #1?.db")
	st, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if err := st.Update(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{filepath.Dir(path): 0o700, path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
}

// database makes a SQLite file with some SQL.
func database(t *testing.T, stmts ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range stmts {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func TestOpenRefuses(t *testing.T) {
	text := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(t.TempDir(), "newer.db")
	st, err := sqlite.Open(t.Context(), newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.DB().Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, path, says string }{
		{"a text file", text, "not a SQLite database"},
		{"a directory", t.TempDir(), "is a directory"},
		{"another program's database", database(t, `CREATE TABLE places (id INTEGER)`), "another program"},
		{"another program's mark", database(t, `PRAGMA application_id = 7`), "another program"},
		{"a newer schema", newer, "newer Cutover"},
	}
	for _, tt := range tests {
		st, err := sqlite.Open(t.Context(), tt.path)
		if err == nil {
			st.Close()
			t.Errorf("%s was opened", tt.name)
			continue
		}
		if !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), tt.path) {
			t.Errorf("%s: error %q does not say %q and the path", tt.name, err, tt.says)
		}
	}
}

// The embedded bus may have made its tables first.
func TestOpenAfterBus(t *testing.T) {
	st, err := sqlite.Open(t.Context(), database(t, `CREATE TABLE bus_messages (seq INTEGER PRIMARY KEY)`))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if err := st.Update(t.Context(), put); err != nil {
		t.Error(err)
	}
}

// Two processes that make the same store at the same moment both get it.
func TestOpenTogether(t *testing.T) {
	for i := range 5 {
		path := filepath.Join(t.TempDir(), fmt.Sprint(i, ".db"))
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				st, err := sqlite.Open(t.Context(), path)
				if err != nil {
					t.Error(err)
					return
				}
				defer st.Close()
				if err := st.Update(t.Context(), put); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
}

func TestMemoryLeavesNothing(t *testing.T) {
	st, err := sqlite.Open(t.Context(), sqlite.Memory)
	if err != nil {
		t.Fatal(err)
	}
	round(t, st, 1)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(st.Path())); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left: %v", st.Path(), err)
	}
}

// A second process waits its turn, and then says which file it waited for.
func TestBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	one, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	two, err := sqlite.Open(t.Context(), path, sqlite.BusyTimeout(50*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	err = one.Update(t.Context(), func(tx store.Tx) error {
		if err := put(tx); err != nil {
			return err
		}
		err := two.Update(t.Context(), put)
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "another process") {
			t.Errorf("the second writer got %v", err)
		}
		return two.View(t.Context(), func(r store.Reader) error {
			_, err := r.Generation()
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := two.Update(t.Context(), put); err != nil {
		t.Errorf("after the first had finished: %v", err)
	}
}

// When no space is left, nothing of the transaction stands, and the next works.
func TestFull(t *testing.T) {
	st := open(t)
	round(t, st, 1)
	limit := func(pages int) {
		t.Helper()
		if _, err := st.DB().Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // SQLite takes the present size
	err := st.Update(t.Context(), func(tx store.Tx) error {
		if err := put(tx); err != nil {
			return err
		}
		_, err := tx.PutDelivery(cutover.Delivery{ID: "big", Raw: make([]byte, 1<<20)})
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "no space is left") || !strings.Contains(err.Error(), st.Path()) {
		t.Errorf("the disk is full: %v", err)
	}
	limit(1 << 20)
	err = st.Update(t.Context(), func(tx store.Tx) error {
		if a, err := tx.Action("a"); err != nil || a.Version != 1 {
			t.Errorf("after the failure: version %d, %v; want that of round 1", a.Version, err)
		}
		return put(tx)
	})
	if err != nil {
		t.Errorf("after the failure: %v", err)
	}
}

// A first opening that was killed between two steps is taken up again.
func TestOpenCutShort(t *testing.T) {
	path := database(t, `CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')))`, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)`)
	for range 2 {
		st, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Update(t.Context(), put); err != nil {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}
}
