package parse_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"cutover/functions/parse"
	"cutover/shared/cutover"
	"cutover/shared/store"
)

var errFull = errors.New("disk full")

// troubled is a store that goes wrong: the first attempts find stale facts, and
// what concerns one delivery cannot be written.
type troubled struct {
	parse.Store
	stale  int
	bad    string
	writes int
}

func (s *troubled) Update(ctx context.Context, fn func(store.Tx) error) error {
	s.writes++
	return s.Store.Update(ctx, func(tx store.Tx) error {
		if err := fn(badTx{tx, s.bad}); err != nil {
			return err
		}
		if s.stale--; s.stale >= 0 {
			return fmt.Errorf("writing: %w", store.ErrStale)
		}
		return nil
	})
}

type badTx struct {
	store.Tx
	bad string
}

func (tx badTx) PutReading(r cutover.Reading) error {
	if r.Delivery == tx.bad {
		return errFull
	}
	return tx.Tx.PutReading(r)
}

func TestStaleFactsAreTriedAgain(t *testing.T) {
	h := open(t, accepting)
	d := letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "Roots move"})
	evs := h.keep(d)
	shop := &troubled{Store: h.store, stale: 3}
	h.room.Store = shop
	h.handle(evs)
	if got := h.stateOf(d); got != "read azure:AAAA-111" || shop.writes != 4 {
		t.Errorf("delivery is %s after %d writes", got, shop.writes)
	}
	if n := h.notice("azure:AAAA-111"); n.Revision != 1 {
		t.Errorf("revision %d: a try that failed left a trace", n.Revision)
	}
	if got := h.drain(); len(got) != 1 {
		t.Errorf("announced %v", got)
	}
	shop.stale = 99
	if err := h.room.Handle(t.Context(), evs[0]); !errors.Is(err, store.ErrStale) {
		t.Errorf("got %v, want it to give up and come again", err)
	}
}

// The delivery that cannot be written keeps its error to itself.
func TestOneBadDeliveryInABatch(t *testing.T) {
	h := open(t, accepting)
	var ds []cutover.Delivery
	for i := range 5 {
		ds = append(ds, letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "Roots move", Subs: []string{fmt.Sprint("s", i)}}))
	}
	evs := h.keep(ds...)
	h.room.Store = &troubled{Store: h.store, bad: ds[2].ID}
	for i, err := range h.room.HandleAll(t.Context(), evs) {
		if i == 2 {
			if !errors.Is(err, errFull) || !strings.Contains(err.Error(), ds[2].ID) {
				t.Errorf("the bad one: %v, want the store's error and its id", err)
			}
			continue
		}
		if err != nil {
			t.Errorf("delivery %d: %v", i, err)
		}
	}
	if n := h.notice("azure:AAAA-111"); len(n.Subscriptions) != 4 {
		t.Errorf("subscriptions %v, want those of the four good ones", n.Subscriptions)
	}
	if got := h.stateOf(ds[2]); got != "kept" {
		t.Errorf("the bad one is %s", got)
	}
	// Later it works, and the sweep finds it.
	h.room.Store = h.store
	if err := h.room.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := h.notice("azure:AAAA-111"); len(n.Subscriptions) != 5 {
		t.Errorf("subscriptions %v after the sweep", n.Subscriptions)
	}
}

// More than one batch can hold, and more than memory should.
func TestManyBatches(t *testing.T) {
	h := open(t, accepting)
	var ds []cutover.Delivery
	for i := range 450 {
		ds = append(ds, letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "Roots move", Subs: []string{fmt.Sprint("s", i)}}))
	}
	evs := h.keep(ds...)
	shop := &troubled{Store: h.store}
	h.room.Store = shop
	h.handle(evs)
	if shop.writes != 3 {
		t.Errorf("%d transactions, want 3", shop.writes)
	}
	if n := h.notice("azure:AAAA-111"); len(n.Subscriptions) != 450 {
		t.Errorf("%d subscriptions", len(n.Subscriptions))
	}
}

func TestContextEnds(t *testing.T) {
	h := open(t, accepting)
	evs := h.keep(letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "x"}), letter(folderAuth, says{IDs: []string{"BBBB-222"}, Title: "y"}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for i, err := range h.room.HandleAll(ctx, evs) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("event %d: %v", i, err)
		}
	}
}
