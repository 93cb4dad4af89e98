package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

var errDeliberate = errors.New("deliberate")

// writeAll writes one thing of each kind.
func writeAll(tx store.Tx, n int) error {
	id := fmt.Sprint(n)
	_, err1 := tx.PutDelivery(delivery("d"+id, 0, "raw"))
	_, err2 := tx.PutDecision(cutover.Decision{ID: id, Target: "1", At: noon})
	return errors.Join(err1, err2, tx.SetDelivery("d"+id, cutover.DeliveryRead, ""),
		tx.PutReading(cutover.Reading{Delivery: "d" + id}), tx.PutNotice(notice("azure:"+id, 1), 0),
		tx.ReplaceInventory(look("inventory", n, true), store.Rows{
			Subscriptions: []cutover.Subscription{{ID: id}}, Groups: []cutover.Group{{Subscription: id, Name: "g"}},
			Resources: values(resource("/"+id, "t", "west")),
		}),
		tx.ReplaceFindings(scan("repo", n, true), []cutover.Finding{finding("repo", "a", n, "f", "Root")}),
		tx.PutSource(look("other", n, true)), tx.PutAction(action(id, "payments", cutover.ActionOpen)),
		tx.PutEffect(cutover.Effect{Key: id, Subject: id}), tx.PutCase(cutover.Case{ID: id, Opened: noon, State: "open"}),
		tx.PutOutcomes([]cutover.Outcome{{Notice: "azure:" + id, Scope: "x"}}), tx.Emit(event(id)))
}

// everything is all that can be listed, for comparing.
func everything(t testing.TB, r store.Reader) []any {
	t.Helper()
	gen, err1 := r.Generation()
	sources, err2 := r.Sources()
	pend, err3 := r.Pending(1000)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return []any{gen, sources, pend, list(t, r.Deliveries()), list(t, r.Notices()), list(t, r.Subscriptions()), list(t, r.Groups()),
		list(t, r.Candidates([]string{"t"}, nil)), list(t, r.Findings(nil)), list(t, r.Actions(true)), list(t, r.Effects("")),
		list(t, r.Decisions("")), list(t, r.Cases(true)), list(t, r.Outcomes(""))}
}

func snapshot(t testing.TB, st store.Store) (all []any) {
	t.Helper()
	view(t, st, func(r store.Reader) error {
		all = everything(t, r)
		return nil
	})
	return all
}

func testRollback(t *testing.T, st store.Store) {
	update(t, st, func(tx store.Tx) error { return writeAll(tx, 1) })
	before := snapshot(t, st)
	err := st.Update(t.Context(), func(tx store.Tx) error {
		if err := writeAll(tx, 2); err != nil {
			t.Error(err)
		}
		if n := len(list(t, tx.Notices())); n != 2 {
			t.Errorf("the transaction sees %d of its own notices, want 2", n)
		}
		return errDeliberate
	})
	if !errors.Is(err, errDeliberate) {
		t.Errorf("Update returned %v, want the function's error", err)
	}
	same(t, "after an error", snapshot(t, st), before)

	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = st.Update(t.Context(), func(tx store.Tx) error {
			if err := writeAll(tx, 3); err != nil {
				t.Error(err)
			}
			panic("deliberate")
		})
	}()
	same(t, "after a panic", snapshot(t, st), before)
	update(t, st, func(tx store.Tx) error { return writeAll(tx, 4) }) // the store is not stuck
	if err := st.View(t.Context(), func(store.Reader) error { return errDeliberate }); !errors.Is(err, errDeliberate) {
		t.Errorf("View returned %v, want the function's error", err)
	}
}

// After a failed write nothing is committed, also if the function says nothing.
func testSpent(t *testing.T, st store.Store) {
	before := snapshot(t, st)
	err := st.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.PutNotice(notice("azure:A", 1), 0); err != nil {
			t.Error(err)
		}
		rows := func(yield func(cutover.Resource, error) bool) { yield(cutover.Resource{}, errDeliberate) }
		if err := tx.ReplaceInventory(look("inventory", 0, true), store.Rows{Resources: rows}); err == nil {
			t.Error("rows that fail were taken in")
		}
		return nil
	})
	if !errors.Is(err, errDeliberate) {
		t.Errorf("Update committed after a failed write: %v", err)
	}
	same(t, "after a failed write", snapshot(t, st), before)
}

// A View sees one state, while others write and commit; also a View inside an
// Update, which sees the state before it.
func testSnapshot(t *testing.T, st store.Store) {
	update(t, st, func(tx store.Tx) error { return writeAll(tx, 1) })
	view(t, st, func(r store.Reader) error {
		before := everything(t, r)
		update(t, st, func(tx store.Tx) error {
			if err := writeAll(tx, 2); err != nil {
				return err
			}
			same(t, "a View inside an Update", snapshot(t, st), before)
			return nil
		})
		same(t, "a View during which an Update committed", everything(t, r), before)
		if after := snapshot(t, st); fmt.Sprint(after) == fmt.Sprint(before) {
			t.Error("a new View does not see what was committed")
		}
		return nil
	})
}

// Each of several writers counts a revision up, by reading it and writing the
// next: none may be lost, and the readers see whole transactions only.
func testConcurrent(t *testing.T, st store.Store) {
	const writers, each = 4, 25
	update(t, st, func(tx store.Tx) error {
		return errors.Join(tx.PutNotice(notice("azure:A", 1), 0), tx.PutAction(action("1", "payments", cutover.ActionOpen)))
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				if err := countUp(ctx, st); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for range each {
				err := st.View(ctx, func(r store.Reader) error {
					n, err1 := r.Notice("azure:A")
					a, err2 := r.Action("1")
					if n.Revision != a.Revision {
						t.Errorf("half a transaction: revision %d and %d", n.Revision, a.Revision)
					}
					return errors.Join(err1, err2)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	n, err := loadNotice(t, st, "azure:A")
	if want := 1 + writers*each; err != nil || n.Revision != want {
		t.Errorf("revision %d, %v; want %d", n.Revision, err, want)
	}
}

func countUp(ctx context.Context, st store.Store) error {
	return st.Update(ctx, func(tx store.Tx) error {
		n, err := tx.Notice("azure:A")
		if err != nil {
			return err
		}
		known := n.Revision
		n.Revision++
		a := action("1", "payments", cutover.ActionOpen)
		a.Revision = n.Revision
		return errors.Join(tx.PutNotice(n, known), tx.PutAction(a))
	})
}

func testCancelled(t *testing.T, st store.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	err := st.Update(ctx, func(tx store.Tx) error {
		if err := tx.PutNotice(notice("azure:A", 1), 0); err != nil {
			return err
		}
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("an Update whose context ended: %v", err)
	}
	leads(t, st, "azure:A", "")
	if err := st.View(ctx, func(store.Reader) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a View with an ended context: %v", err)
	}
	if err := st.Update(ctx, func(store.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("an Update with an ended context: %v", err)
	}
	update(t, st, func(tx store.Tx) error { return tx.PutNotice(notice("azure:A", 1), 0) }) // the store goes on
}
