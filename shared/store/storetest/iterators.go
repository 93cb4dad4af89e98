package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

func fill(t *testing.T, st store.Store, n int) {
	t.Helper()
	update(t, st, func(tx store.Tx) error {
		var rs []cutover.Resource
		for i := range n {
			rs = append(rs, resource(fmt.Sprintf("/%05d", i), "t", "west"))
			if _, err := tx.PutDelivery(delivery(fmt.Sprintf("d%05d", i), time.Duration(i)*time.Second, "raw")); err != nil {
				return err
			}
		}
		return tx.ReplaceInventory(look("inventory", 0, true), store.Rows{Resources: values(rs...)})
	})
}

// nested walks through the candidates and, for each, reads other things, the
// same list among them, and stops in the middle of it.
func nested(t *testing.T, r store.Reader) (n int) {
	t.Helper()
	for res, err := range r.Candidates([]string{"t"}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		one, err := r.Resource(res.ID)
		if err != nil || one.ID != res.ID {
			t.Fatalf("Resource(%s) inside an iterator: %q, %v", res.ID, one.ID, err)
		}
		k := 0
		for inner, err := range r.Candidates([]string{"t"}, nil) {
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("/%05d", k); inner.ID != want {
				t.Fatalf("inner iterator gives %s, want %s", inner.ID, want)
			}
			if k++; k == 3 {
				break
			}
		}
		n++
	}
	return n
}

func testIterators(t *testing.T, st store.Store) {
	const n = 40
	fill(t, st, n)
	view(t, st, func(r store.Reader) error {
		if got := nested(t, r); got != n {
			t.Errorf("nested in a View: %d, want %d", got, n)
		}
		seq := r.Candidates([]string{"t"}, nil) // one value may be walked twice
		same(t, "second walk", list(t, seq), list(t, seq))
		return nil
	})
	update(t, st, func(tx store.Tx) error {
		if got := nested(t, tx); got != n {
			t.Errorf("nested in an Update: %d, want %d", got, n)
		}
		for range tx.Deliveries() {
			break
		}
		return tx.PutNotice(notice("azure:A", 1), 0) // writing after an early stop
	})
	var escaped store.Reader
	view(t, st, func(r store.Reader) error {
		escaped = r
		return nil
	})
	failed := false
	for _, err := range escaped.Notices() {
		failed = err != nil
	}
	if _, err := escaped.Notice("azure:A"); err == nil || !failed {
		t.Error("a Reader works after its View has ended")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := st.View(ctx, func(r store.Reader) error {
		cancel()
		for _, err := range r.Deliveries() {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("walking on after the context ended: %v", err)
	}
}

// A room walks through a list and writes about each: every element must come
// once, whatever the writing does to the order or the selection.
func testWritingWhileReading(t *testing.T, st store.Store) {
	const n = 300
	fill(t, st, n)
	update(t, st, func(tx store.Tx) error {
		visited := 0
		for d, err := range tx.Deliveries(cutover.DeliveryKept) {
			if err != nil {
				return err
			}
			visited++
			if err := tx.SetDelivery(d.ID, cutover.DeliveryRead, "azure:A"); err != nil {
				return err
			}
			if err := tx.PutReading(cutover.Reading{Delivery: d.ID}); err != nil {
				return err
			}
			if err := tx.PutAction(action(d.ID, "owner "+d.ID, cutover.ActionOpen)); err != nil {
				return err
			}
		}
		if visited != n {
			t.Errorf("visited %d deliveries, want %d", visited, n)
		}
		visited = 0
		for a, err := range tx.Actions(false) {
			if err != nil {
				return err
			}
			visited++
			a.Version, a.State = 2, cutover.ActionResolved
			if err := tx.PutAction(a); err != nil {
				return err
			}
		}
		if visited != n {
			t.Errorf("visited %d actions, want %d", visited, n)
		}
		return nil
	})
	if left := deliveries(t, st, cutover.DeliveryKept); len(left) != 0 {
		t.Errorf("%d deliveries are still kept", len(left))
	}
}
