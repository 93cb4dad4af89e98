package ticket

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"cutover/shared/tracker"
)

// errDry stops an edit after it was worked out and before it is written.
var errDry = errors.New("dry run")

// dryPrefix marks the numbers of tickets that a dry run would have filed.
const dryPrefix = "plan-"

// DryTracker lets reads pass and writes nothing: what `cutover plan` runs on. Its
// tickets are numbered plan-1, plan-2, … and exist nowhere.
type DryTracker struct {
	Tracker Tracker

	mu    sync.Mutex
	filed int
}

// Find looks in the real tracker.
func (d *DryTracker) Find(ctx context.Context, project, marker string) (*tracker.Ticket, error) {
	return d.Tracker.Find(ctx, project, marker)
}

// Create invents a number.
func (d *DryTracker) Create(_ context.Context, project string, _ tracker.Ticket) (tracker.Ref, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.filed++
	return tracker.Ref{Project: project, Number: fmt.Sprintf("%s%d", dryPrefix, d.filed)}, nil
}

// Edit works the change out on the real ticket and reports whether it would write.
func (d *DryTracker) Edit(ctx context.Context, at tracker.Ref, fn func(*tracker.Ticket) error) (bool, error) {
	if strings.HasPrefix(at.Number, dryPrefix) {
		return true, nil
	}
	changed := false
	_, err := d.Tracker.Edit(ctx, at, func(t *tracker.Ticket) error {
		before := *t
		if err := fn(t); err != nil {
			return err
		}
		changed = !reflect.DeepEqual(before, *t)
		return errDry
	})
	if errors.Is(err, errDry) {
		err = nil
	}
	return changed, err
}

// Commented looks in the real tracker.
func (d *DryTracker) Commented(ctx context.Context, at tracker.Ref, marker string) (bool, error) {
	if strings.HasPrefix(at.Number, dryPrefix) {
		return false, nil
	}
	return d.Tracker.Commented(ctx, at, marker)
}

// Comment does nothing.
func (d *DryTracker) Comment(context.Context, tracker.Ref, string, string) error { return nil }

// Lags is as the real tracker says: a dry run waits where a real one would.
func (d *DryTracker) Lags() bool { return lags(d.Tracker) }
