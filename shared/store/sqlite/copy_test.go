package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cutover/shared/cutover"
	"cutover/shared/store"
	"cutover/shared/store/sqlite"
)

// round writes the same number into several tables.
func round(t testing.TB, st store.Store, n int) {
	t.Helper()
	err := st.Update(t.Context(), func(tx store.Tx) error {
		var rs []cutover.Resource
		for i := range 30 {
			rs = append(rs, cutover.Resource{ID: fmt.Sprint("/", i), Type: "t", Region: fmt.Sprint("r", n)})
		}
		src := complete(noon.Add(time.Duration(n) * time.Second))
		return errors.Join(tx.PutAction(cutover.Action{ID: "a", Version: n}),
			tx.ReplaceInventory(src, store.Rows{Resources: func(yield func(cutover.Resource, error) bool) {
				for _, r := range rs {
					if !yield(r, nil) {
						return
					}
				}
			}}))
	})
	if err != nil {
		t.Error(err)
	}
}

// whole opens a store and checks that it holds one round, and which.
func whole(t *testing.T, path string) int {
	t.Helper()
	st, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var a cutover.Action
	n := 0
	err = st.View(t.Context(), func(r store.Reader) error {
		var err error
		if a, err = r.Action("a"); err != nil {
			return err
		}
		for _, err := range r.Candidates([]string{"t"}, []string{fmt.Sprint("r", a.Version)}) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil || n != 30 {
		t.Errorf("round %d: %d of 30 rows, %v", a.Version, n, err)
	}
	return a.Version
}

// traces lists a directory with sizes and times.
func traces(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprint(e.Name(), " ", info.Size(), " ", info.ModTime()))
	}
	return all
}

func TestCopy(t *testing.T) {
	dir := t.TempDir()
	src := filepath.Join(dir, "store.db")
	st, err := sqlite.Open(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	round(t, st, 1)
	check := func(name string, want int, states int) {
		t.Helper()
		before := traces(t, dir)
		if len(before) != states {
			t.Fatalf("%s: the source is %v", name, before)
		}
		dst := filepath.Join(t.TempDir(), "private", "copy.db")
		if err := sqlite.Copy(src, dst); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(before, traces(t, dir)); diff != "" {
			t.Errorf("%s: copying left traces:\n%s", name, diff)
		}
		if got := whole(t, dst); got != want {
			t.Errorf("%s: round %d was copied, want %d", name, got, want)
		}
	}
	check("open, with a log", 1, 3)
	round(t, st, 2)
	check("written to since", 2, 3)
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	check("closed", 2, 1)
}

// What a killed process leaves: the pages, and a log that nobody took in.
func TestCopyAfterKill(t *testing.T) {
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	round(t, st, 1)
	dir := t.TempDir()
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(st.Path() + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "left.db"+suffix), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dst := filepath.Join(t.TempDir(), "copy.db")
	if err := sqlite.Copy(filepath.Join(dir, "left.db"), dst); err != nil {
		t.Fatal(err)
	}
	if got := whole(t, dst); got != 1 {
		t.Errorf("round %d was copied, want 1", got)
	}
	if left := traces(t, dir); len(left) != 2 {
		t.Errorf("copying made files: %v", left)
	}
}

// Copies that are made while a process writes and folds its log every few pages
// are whole, each.
func TestCopyWhileWriting(t *testing.T) {
	st := open(t)
	if _, err := st.DB().Exec("PRAGMA wal_autocheckpoint = 20"); err != nil {
		t.Fatal(err)
	}
	round(t, st, 1)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 2; ctx.Err() == nil; n++ {
			round(t, st, n)
			time.Sleep(5 * time.Millisecond)
		}
	})
	last := 0
	for i := range 15 {
		dst := filepath.Join(t.TempDir(), fmt.Sprint(i, ".db"))
		if err := sqlite.Copy(st.Path(), dst); err != nil {
			t.Error(err)
			break
		}
		got := whole(t, dst)
		if got < last {
			t.Errorf("round %d was copied after round %d", got, last)
		}
		last = got
	}
	cancel()
	wg.Wait()
}

func TestCopyRefuses(t *testing.T) {
	dir := t.TempDir()
	text, gone, dst := filepath.Join(dir, "notes.txt"), filepath.Join(dir, "gone.db"), filepath.Join(dir, "dst.db")
	if err := os.WriteFile(text, []byte("these are my notes, and no database at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := sqlite.Copy(gone, dst); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no store: %v, want fs.ErrNotExist", err)
	}
	if err := sqlite.Copy(text, dst); err == nil {
		t.Error("a text file was copied as a store")
	}
	if err := sqlite.Copy(gone, text); err == nil {
		t.Error("an existing file was written over")
	}
	if left := traces(t, dir); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}
