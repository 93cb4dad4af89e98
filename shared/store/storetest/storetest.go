// Package storetest is the suite that every store must pass. Its tests use the
// contract alone, so that a new store shows here what it does not keep.
//
//	func TestStore(t *testing.T)   { storetest.Run(t, open) }
//	func TestDurable(t *testing.T) { storetest.RunDurable(t, openIn) }
package storetest

import (
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// Run runs the suite. Each test gets an empty store from open and closes it.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	tests := []struct {
		name string
		run  func(*testing.T, store.Store)
	}{
		{"deliveries", testDeliveries},
		{"delivery states", testDeliveryStates},
		{"readings", testReadings},
		{"notices", testNotices},
		{"stale notices", testStaleNotices},
		{"merged notices", testMergedNotices},
		{"candidates", testCandidates},
		{"many candidates", testManyCandidates},
		{"resources", testResources},
		{"inventory complete and incomplete", testInventory},
		{"inventory of several sources", testInventorySources},
		{"inventory that breaks off", testInventoryBreaksOff},
		{"inventory against a model", testInventoryModel},
		{"findings", testFindings},
		{"findings replaced", testFindingsReplaced},
		{"findings that repeat", testFindingsRepeat},
		{"sources", testSources},
		{"actions", testActions},
		{"effects", testEffects},
		{"decisions", testDecisions},
		{"cases", testCases},
		{"outcomes", testOutcomes},
		{"outbox", testOutbox},
		{"generation", testGeneration},
		{"rollback", testRollback},
		{"spent transaction", testSpent},
		{"snapshot", testSnapshot},
		{"iterators", testIterators},
		{"writing while reading", testWritingWhileReading},
		{"concurrent updates", testConcurrent},
		{"cancelled context", testCancelled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			st := open(t)
			t.Cleanup(func() {
				if err := st.Close(); err != nil {
					t.Errorf("closing: %v", err)
				}
			})
			tt.run(t, st)
		})
	}
}

// noon is when everything happens, at a millisecond, which stores keep.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 123e6, time.UTC)

func update(t testing.TB, st store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := st.Update(t.Context(), fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func view(t testing.TB, st store.Store, fn func(store.Reader) error) {
	t.Helper()
	if err := st.View(t.Context(), fn); err != nil {
		t.Fatalf("View: %v", err)
	}
}

// list reads an iterator to its end.
func list[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for v, err := range seq {
		if err != nil {
			t.Fatalf("after %d: %v", len(all), err)
		}
		all = append(all, v)
	}
	return all
}

// from reads one list in a View of its own.
func from[T any](t testing.TB, st store.Store, seq func(store.Reader) iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	view(t, st, func(r store.Reader) error {
		all = list(t, seq(r))
		return nil
	})
	return all
}

// get loads one thing in a View of its own.
func get[T any](t testing.TB, st store.Store, load func(store.Reader) (T, error)) (T, error) {
	t.Helper()
	var v T
	var err error
	view(t, st, func(r store.Reader) error {
		v, err = load(r)
		return nil
	})
	return v, err
}

func same[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func missing(t testing.TB, what string, err error) {
	t.Helper()
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("%s: %v, want store.ErrNotFound", what, err)
	}
}

func generation(t testing.TB, st store.Store) int64 {
	t.Helper()
	n, err := get(t, st, store.Reader.Generation)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func values[T any](vs ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range vs {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// ids are the ids of resources.
func ids(rs []cutover.Resource) []string {
	var all []string
	for _, r := range rs {
		all = append(all, r.ID)
	}
	return all
}
