package inventory

import (
	"path/filepath"
	"testing"
	"testing/fstest"

	"cutover/shared/cutover"
	"cutover/shared/store"
	"cutover/shared/store/sqlite"

	"github.com/google/go-cmp/cmp"
)

// The embedded store and the room understand each other: rows come and go, and the
// message stands in the outbox with them.
func TestWithTheEmbeddedStore(t *testing.T) {
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "cutover.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	files := fstest.MapFS{"a.json": {Data: []byte(array("a.b/c", 3))}}
	r := room(t, st, files)
	var generations []int64
	look := func(want, events int) {
		t.Helper()
		refresh(t, r)
		err := st.View(t.Context(), func(rd store.Reader) error {
			n := 0
			for _, err := range rd.Candidates([]string{"a.b/c"}, nil) {
				if err != nil {
					return err
				}
				n++
			}
			pending, err := rd.Pending(10)
			if err != nil {
				return err
			}
			if n != want || len(pending) != events {
				t.Errorf("%d resources and %d messages, want %d and %d", n, len(pending), want, events)
			}
			g, err := rd.Generation()
			generations = append(generations, g)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	look(3, 1)
	look(3, 1)
	if generations[0] != generations[1] {
		t.Errorf("a look at unchanged files changed the facts: generations %v", generations)
	}
	files["a.json"].Data = []byte(array("a.b/c", 2))
	look(2, 2)
	files["a.json"].Data = []byte(array("a.b/c", 1) + "]")
	look(2, 3)

	err = st.View(t.Context(), func(rd store.Reader) error {
		res, err := rd.Resource("/SUBSCRIPTIONS/" + sub + "/resourceGroups/rg/providers/a.b/c/1")
		if err != nil {
			return err
		}
		want := cutover.Resource{
			ID: "/subscriptions/" + sub + "/resourceGroups/rg/providers/a.b/c/1", Name: "1", Type: "a.b/c",
			Subscription: sub, Group: "rg", Region: "westeurope", Cloud: cutover.CloudPublic,
		}
		if diff := cmp.Diff(want, res); diff != "" {
			t.Error(diff)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
