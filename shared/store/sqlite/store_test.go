package sqlite_test

import (
	"path/filepath"
	"testing"

	"cutover/shared/store"
	"cutover/shared/store/sqlite"
	"cutover/shared/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "deep", "store.db"))
		if err != nil {
			t.Fatal(err)
		}
		return st
	})
}

func TestDurable(t *testing.T) {
	storetest.RunDurable(t, func(t *testing.T, dir string) store.Store {
		st, err := sqlite.Open(t.Context(), filepath.Join(dir, "store.db"))
		if err != nil {
			t.Fatal(err)
		}
		return st
	})
}
