package sqlite

import (
	"path/filepath"
	"testing"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// A copy is good if nothing happened meanwhile, or if the log only grew; it is not
// if pages and log may be of different times.
func TestSight(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	var st *Store
	opened := func() {
		var err error
		if st, err = Open(t.Context(), path); err != nil {
			t.Fatal(err)
		}
	}
	closed := func() {
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
	version := 0
	write := func() {
		time.Sleep(15 * time.Millisecond) // file times are as coarse as the kernel's tick
		err := st.Update(t.Context(), func(tx store.Tx) error {
			version++
			return tx.PutAction(cutover.Action{ID: "a", Version: version})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	pragma := func(p string) {
		if _, err := st.DB().Exec("PRAGMA " + p); err != nil {
			t.Fatal(err)
		}
	}
	opened()
	write()
	steps := []struct {
		name string
		do   func()
		same bool
	}{
		{"nothing", func() {}, true},
		{"a commit", write, true},
		{"a checkpoint", func() { pragma("wal_checkpoint(PASSIVE)") }, true}, // its pages stand in the log too
		{"a commit that starts the log anew", write, false},
		{"a log cut to nothing", func() { pragma("wal_checkpoint(TRUNCATE)") }, false},
		{"nothing, with an empty log", func() {}, true},
		{"a first commit to an empty log", write, false},
		{"closing, which removes the log", closed, false},
		{"nothing, closed", func() {}, true},
		{"a whole session", func() { opened(); write(); closed() }, false},
	}
	for _, s := range steps {
		before, err := look(path)
		if err != nil {
			t.Fatal(err)
		}
		s.do()
		after, err := look(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := before.same(after); got != s.same {
			t.Errorf("%s: same is %v, want %v", s.name, got, s.same)
		}
	}
}
