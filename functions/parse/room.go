// Package parse turns kept deliveries into notices: it reads the bytes, rules who
// may act, and folds what may into the notice of its provider and tracking ID.
//
// What the room leaves behind depends on which deliveries have arrived and on
// what people said, never on the order: a message that comes twice, late or with
// a hundred others gives the same notices. A delivery that may not act waits as a
// case in the inbox and changes nothing; one that cannot be read goes to a
// person; none is dropped.
//
// Reading itself lives in the sub-packages: mail and alert know the formats, doc
// derives text, extract finds facts in it.
package parse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/store"
)

// source names this room in its messages.
const source = "parse"

// AllReader reads a delivery: one reading for each notice in it, or one that says
// why there is none. It is called from several goroutines at once.
type AllReader interface {
	ReadAll(d cutover.Delivery) []cutover.Reading
}

// Store is what the room needs of the store.
type Store interface {
	View(ctx context.Context, fn func(store.Reader) error) error
	Update(ctx context.Context, fn func(store.Tx) error) error
}

// Room reads deliveries and keeps notices.
type Room struct {
	Store  Store
	Reader AllReader
	Trust  Trust
	Now    func() time.Time
	Log    *slog.Logger // nil: silent
}

// Handle works on one delivery.
func (r Room) Handle(ctx context.Context, ev cutover.Event) error {
	return r.HandleAll(ctx, []cutover.Event{ev})[0]
}

// HandleAll works on many deliveries in few transactions and answers with one
// error (or nil) for each event, so that one bad delivery spoils only itself.
func (r Room) HandleAll(ctx context.Context, evs []cutover.Event) []error {
	errs := make([]error, len(evs))
	where := map[string][]int{} // which events are about a delivery
	var ids []string
	for i, ev := range evs {
		if ev.Type != cutover.TypeDeliveryKept || ev.Subject == "" {
			errs[i] = bus.Poison{Reason: "unreadable event", Err: fmt.Errorf("event %s has type %q and subject %q, want %s about a delivery", ev.ID, ev.Type, ev.Subject, cutover.TypeDeliveryKept)}
			continue
		}
		if len(where[ev.Subject]) == 0 {
			ids = append(ids, ev.Subject)
		}
		where[ev.Subject] = append(where[ev.Subject], i)
	}
	set := func(id string, err error) {
		for _, i := range where[id] {
			errs[i] = err
		}
	}
	for len(ids) > 0 {
		items, rest := r.load(ctx, ids, set)
		ids = rest
		r.read(items)
		r.settle(ctx, items, set)
	}
	return errs
}

// Sweep works on every delivery that is not through: kept ones whose message was
// lost, and waiting ones, which a changed configuration or a source may have
// released meanwhile. One pass calls it once; it changes nothing when nothing changed.
func (r Room) Sweep(ctx context.Context) error {
	var evs []cutover.Event
	err := r.Store.View(ctx, func(rd store.Reader) error {
		for d, err := range rd.Deliveries(cutover.DeliveryKept, cutover.DeliveryWaiting) {
			if err != nil {
				return err
			}
			evs = append(evs, cutover.Event{Type: cutover.TypeDeliveryKept, Subject: d.ID})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("listing deliveries to work on: %w", err)
	}
	return errors.Join(r.HandleAll(ctx, evs)...)
}

func (r Room) log() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}
