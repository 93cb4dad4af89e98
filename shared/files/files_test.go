package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// TestPlace fails at every step, for a new file and one that replaces: stands tells
// the truth, and nothing half written is left.
func TestPlace(t *testing.T) {
	crash := errors.New("crash")
	for _, fresh := range []bool{true, false} {
		for _, at := range []string{"", "write", "rename", "sync"} {
			f := Folder{Dir: t.TempDir(), Temp: ".temp-", Step: func(step string) error {
				if step == at {
					return crash
				}
				return nil
			}}
			path := filepath.Join(f.Dir, "a")
			if !fresh {
				if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			stands, err := f.Place("a", []byte("new"), fresh)
			if (at == "") != (err == nil) || at != "" && !errors.Is(err, crash) {
				t.Errorf("fresh %v, crash at %q: %v", fresh, at, err)
			}
			raw, _ := os.ReadFile(path) // a missing file reads as empty
			if stands != (string(raw) == "new") || stands != (at == "" || at == "sync") || !stands && !fresh && string(raw) != "old" {
				t.Errorf("fresh %v, crash at %q: stands %v, the file is %q", fresh, at, stands, raw)
			}
			if left, _ := filepath.Glob(filepath.Join(f.Dir, ".temp-*")); len(left) > 0 {
				t.Errorf("fresh %v, crash at %q: left over %v", fresh, at, left)
			}
		}
	}
}

func TestFreshReplacesNothing(t *testing.T) {
	f := Folder{Dir: t.TempDir(), Temp: ".temp-"}
	if _, err := f.Place("a", []byte("first"), true); err != nil {
		t.Fatal(err)
	}
	if stands, err := f.Place("a", []byte("second"), true); stands || !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second new file: %v, %v", stands, err)
	}
	if raw, err := os.ReadFile(filepath.Join(f.Dir, "a")); err != nil || string(raw) != "first" {
		t.Errorf("the first file is %q, %v", raw, err)
	}
}

func TestSweep(t *testing.T) {
	f := Folder{Dir: t.TempDir(), Temp: ".temp-"}
	for _, name := range []string{".temp-1", ".temp-2", ".other-1", "a"} {
		if err := os.WriteFile(filepath.Join(f.Dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f.Sweep()
	left, err := os.ReadDir(f.Dir)
	if err != nil || len(left) != 2 || left[0].Name() != ".other-1" || left[1].Name() != "a" {
		t.Errorf("left %v, %v", left, err)
	}
}

// TestLock counts in a file that nothing but the lock protects.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "count")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 10 {
				unlock, err := Lock(dir)
				if err != nil {
					t.Error(err)
					return
				}
				raw, _ := os.ReadFile(path) // the first one finds none
				if err := os.WriteFile(path, append(raw, '.'), 0o600); err != nil {
					t.Error(err)
				}
				unlock()
			}
		})
	}
	wg.Wait()
	if raw, err := os.ReadFile(path); err != nil || len(raw) != 80 {
		t.Errorf("%d turns of 80, %v", len(raw), err)
	}
}
