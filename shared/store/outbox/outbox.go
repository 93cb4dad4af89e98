// Package outbox carries the events of the store's outbox to the bus.
//
// It publishes first and takes out afterwards. A crash in between publishes again,
// which the bus's duplicate window swallows, and rooms that see a message twice do
// nothing the second time. Two that relay at once are fine for the same reasons.
package outbox

import (
	"context"
	"errors"
	"fmt"

	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/store"
)

// Relay publishes everything that waits, batch by batch in the order it was
// emitted, and says how many events went out. An event that the bus refuses as
// bus.Poison stays in the outbox, is named in the error and holds up no other; any
// other error of the bus ends the relay, and the next one tries again.
func Relay(ctx context.Context, st store.Store, b bus.Bus, batch int) (int, error) {
	if batch <= 0 {
		return 0, errors.New("relaying the outbox: the batch must have room for an event")
	}
	sent := 0
	refused := map[string]bool{}
	var errs []error
	for {
		events, err := pending(ctx, st, batch, refused)
		if err != nil {
			return sent, errors.Join(append(errs, fmt.Errorf("relaying the outbox: %w", err))...)
		}
		if len(events) == 0 {
			return sent, errors.Join(errs...)
		}
		ids, poison, err := publish(ctx, b, events)
		for _, p := range poison {
			refused[p.id] = true
			errs = append(errs, fmt.Errorf("relaying event %s: %w", p.id, p.err))
		}
		if len(ids) > 0 {
			done := st.Update(ctx, func(tx store.Tx) error { return tx.Relayed(ids...) })
			if done == nil {
				sent += len(ids)
			}
			err = errors.Join(err, done)
		}
		if err != nil {
			return sent, errors.Join(append(errs, fmt.Errorf("relaying the outbox: %w", err))...)
		}
	}
}

// pending are the oldest events but for those that the bus has refused just now.
func pending(ctx context.Context, st store.Store, batch int, refused map[string]bool) ([]cutover.Event, error) {
	var events []cutover.Event
	err := st.View(ctx, func(r store.Reader) error {
		all, err := r.Pending(batch + len(refused))
		for _, e := range all {
			if !refused[e.ID] {
				events = append(events, e)
			}
		}
		return err
	})
	return events, err
}

type refusal struct {
	id  string
	err error
}

// publish sends a batch and says what went out. If there is poison in the batch,
// its events go one by one.
func publish(ctx context.Context, b bus.Bus, events []cutover.Event) (sent []string, poison []refusal, err error) {
	var p bus.Poison
	err = b.Publish(ctx, events...)
	switch {
	case err == nil:
		for _, e := range events {
			sent = append(sent, e.ID)
		}
		return sent, nil, nil
	case !errors.As(err, &p):
		return nil, nil, err
	}
	for _, e := range events {
		err := b.Publish(ctx, e)
		switch {
		case err == nil:
			sent = append(sent, e.ID)
		case errors.As(err, &p):
			poison = append(poison, refusal{e.ID, err})
		default:
			return sent, poison, err
		}
	}
	return sent, poison, nil
}
