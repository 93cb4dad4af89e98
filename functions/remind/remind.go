// Package remind is the clock: once a minute it wakes match, which knows what is
// due. Reminders themselves are state (due and unsent), so a tick that is lost
// costs a minute and one that comes twice costs nothing.
package remind

import (
	"context"
	"fmt"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// Keeper is the part of the store that the clock needs.
type Keeper interface {
	Update(ctx context.Context, fn func(store.Tx) error) error
}

// Room is the room of the clock.
type Room struct {
	Store Keeper
	Now   func() time.Time
}

// Tick emits the tick of the present minute (UTC).
func (r Room) Tick(ctx context.Context) error {
	minute := r.Now().UTC().Truncate(time.Minute)
	ev := cutover.NewEvent(cutover.TypeTick, "remind", "", minute, nil, minute.Format(time.RFC3339))
	if err := r.Store.Update(ctx, func(tx store.Tx) error { return tx.Emit(ev) }); err != nil {
		return fmt.Errorf("emitting tick: %w", err)
	}
	return nil
}

// Run ticks at once and then at the beginning of every minute until ctx ends.
// Errors go to onError; the next minute tries again.
func (r Room) Run(ctx context.Context, onError func(error)) {
	for {
		if err := r.Tick(ctx); err != nil && ctx.Err() == nil {
			onError(err)
		}
		now := r.Now()
		timer := time.NewTimer(now.Truncate(time.Minute).Add(time.Minute).Sub(now))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}
