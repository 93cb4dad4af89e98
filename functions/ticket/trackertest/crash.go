package trackertest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cutover/functions/ticket"
	"cutover/shared/cutover"
	"cutover/shared/tracker"
)

// Seen is a ticket as somebody sees it who looks into the tracker.
type Seen struct {
	Body     string
	Closed   bool
	Comments string // all of them
}

// Rig is a fresh tracker whose calls may fail, and a look into it.
type Rig struct {
	Tracker ticket.Tracker
	Look    func(t *testing.T) []Seen
	Clock   *Clock
	Store   *Store
}

// Crash lives an action's whole life (opened, changed, proved, reopened) once for
// every call that it makes, and fails at that call: before its work, and after it.
// The room is then called again until it is content. Whatever failed, there is one
// ticket, each comment once, and every version was announced.
func Crash(t *testing.T, open func(t *testing.T) Rig) {
	clean := Live(t, open(t), &Faults{})
	if clean < 10 {
		t.Fatalf("a life takes %d calls: the suite looks at nothing", clean)
	}
	for n := 1; n <= clean; n++ {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("call %d, after %v", n, after), func(t *testing.T) {
				Live(t, open(t), &Faults{At: n, After: after})
			})
		}
	}
}

// Live plays the life and checks how it ends; it gives the number of calls.
func Live(t *testing.T, rig Rig, faults *Faults) int {
	t.Helper()
	rig.Store.Faults = faults
	counts := map[string]int{}
	room := &ticket.Room{
		Store: rig.Store, Trackers: map[string]ticket.Tracker{"": Flaky{rig.Tracker, faults}}, Now: rig.Clock.Now,
		Owners: cutover.Ownership{Teams: []cutover.Team{{ID: "payments", Name: "Payments", Tracker: project}}, Fallback: "payments"},
		Count:  func(what string) { counts[what]++ },
	}
	versions := Life()
	for _, a := range versions {
		rig.Store.Put(a, Notice())
		Drive(t, room.Handle, cutover.NewEvent(cutover.TypeActionChanged, "match", a.ID, rig.Clock.Now(), nil, a.ID), rig.Clock)
		rig.Clock.Move(time.Hour)
	}
	checkLife(t, rig, versions, counts)
	return faults.Calls()
}

// Drive hands an event to a room until the room is content, as the bus does.
func Drive(t *testing.T, handle func(context.Context, cutover.Event) error, ev cutover.Event, clock *Clock) {
	t.Helper()
	var err error
	for range 12 {
		if err = handle(t.Context(), ev); err == nil {
			return
		}
		wait := 5 * time.Second
		if later := (tracker.Later{}); errors.As(err, &later) {
			wait = later.After
		}
		clock.Move(wait)
	}
	t.Fatalf("the room is not content after 12 tries: %v", err)
}

func checkLife(t *testing.T, rig Rig, versions []cutover.Action, counts map[string]int) {
	t.Helper()
	seen := rig.Look(t)
	if len(seen) != 1 {
		t.Fatalf("%d tickets", len(seen))
	}
	if n := strings.Count(seen[0].Body, ticket.Marker("a1")); n != 1 || seen[0].Closed {
		t.Errorf("the ticket has %d blocks, closed: %v", n, seen[0].Closed)
	}
	for _, marker := range []string{"a1/comment/2", "a1/comment/3", "a1/comment/4"} {
		if n := strings.Count(seen[0].Comments, `cutover:comment "`+marker+`"`); n != 1 {
			t.Errorf("comment %s stands there %d times", marker, n)
		}
	}
	if n := strings.Count(seen[0].Comments, "cutover:comment "); n != 3 {
		t.Errorf("%d comments in all", n)
	}
	for _, e := range rig.Store.Effects() {
		if e.State != cutover.EffectDone {
			t.Errorf("effect %s is left as %s", e.Key, e.State)
		}
	}
	if n := len(rig.Store.Events()); n != len(versions) {
		t.Errorf("%d events for %d versions", n, len(versions))
	}
	// What is counted is what was recorded; a commit whose reply is lost goes uncounted.
	if n := counts["tickets_opened"]; n > 1 || n == 0 && !rig.Store.Faults.After {
		t.Errorf("counted %v", counts)
	}
}

// Flaky plants faults in a tracker's calls.
type Flaky struct {
	Tracker ticket.Tracker
	Faults  *Faults
}

// Find is one call.
func (f Flaky) Find(ctx context.Context, project, marker string) (found *tracker.Ticket, err error) {
	err = f.Faults.Do(func() (err error) { found, err = f.Tracker.Find(ctx, project, marker); return err })
	return found, err
}

// Create is one call.
func (f Flaky) Create(ctx context.Context, project string, t tracker.Ticket) (ref tracker.Ref, err error) {
	err = f.Faults.Do(func() (err error) { ref, err = f.Tracker.Create(ctx, project, t); return err })
	return ref, err
}

// Edit is one call.
func (f Flaky) Edit(ctx context.Context, at tracker.Ref, fn func(*tracker.Ticket) error) (changed bool, err error) {
	err = f.Faults.Do(func() (err error) { changed, err = f.Tracker.Edit(ctx, at, fn); return err })
	return changed, err
}

// Commented is one call.
func (f Flaky) Commented(ctx context.Context, at tracker.Ref, marker string) (there bool, err error) {
	err = f.Faults.Do(func() (err error) { there, err = f.Tracker.Commented(ctx, at, marker); return err })
	return there, err
}

// Comment is one call.
func (f Flaky) Comment(ctx context.Context, at tracker.Ref, marker, text string) error {
	return f.Faults.Do(func() error { return f.Tracker.Comment(ctx, at, marker, text) })
}

// Lags is as the tracker says.
func (f Flaky) Lags() bool {
	l, ok := f.Tracker.(interface{ Lags() bool })
	return ok && l.Lags()
}
