package ticket_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cutover/functions/ticket"
	"cutover/functions/ticket/trackertest"
	"cutover/shared/tracker"
	"cutover/shared/tracker/folder"
)

func start() *trackertest.Clock {
	return trackertest.NewClock(time.Date(2022, 12, 23, 9, 0, 0, 0, time.UTC))
}

// lookInto reads the tickets of a folder.
func lookInto(t *testing.T, dir string) []trackertest.Seen {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var out []trackertest.Seen
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		body, comments, _ := strings.Cut(string(raw), "\n## Comment by Cutover")
		out = append(out, trackertest.Seen{Body: body, Comments: comments, Closed: strings.Contains(body, "\nstate: closed\n")})
	}
	return out
}

func TestCrashFolder(t *testing.T) {
	trackertest.Crash(t, func(t *testing.T) trackertest.Rig {
		dir, clock := t.TempDir(), start()
		return trackertest.Rig{Tracker: folder.New(dir, clock.Now), Clock: clock, Store: trackertest.NewStore(),
			Look: func(t *testing.T) []trackertest.Seen { return lookInto(t, dir) }}
	})
}

// laggard is a tracker whose lists show a new ticket a minute late.
type laggard struct {
	ticket.Tracker
	clock *trackertest.Clock
	made  map[string]time.Time // by body
}

func (l laggard) Lags() bool { return true }

func (l laggard) Create(ctx context.Context, project string, t tracker.Ticket) (tracker.Ref, error) {
	ref, err := l.Tracker.Create(ctx, project, t)
	l.made[ref.Number] = l.clock.Now()
	return ref, err
}

func (l laggard) Find(ctx context.Context, project, marker string) (*tracker.Ticket, error) {
	found, err := l.Tracker.Find(ctx, project, marker)
	if found != nil && l.clock.Now().Sub(l.made[found.Number]) < time.Minute {
		return nil, nil
	}
	return found, err
}

func (l laggard) Comment(ctx context.Context, at tracker.Ref, marker, text string) error {
	l.made[marker] = l.clock.Now()
	return l.Tracker.Comment(ctx, at, marker, text)
}

func (l laggard) Commented(ctx context.Context, at tracker.Ref, marker string) (bool, error) {
	there, err := l.Tracker.Commented(ctx, at, marker)
	return there && l.clock.Now().Sub(l.made[marker]) >= time.Minute, err
}

func TestCrashLagging(t *testing.T) {
	trackertest.Crash(t, func(t *testing.T) trackertest.Rig {
		dir, clock := t.TempDir(), start()
		return trackertest.Rig{Tracker: laggard{folder.New(dir, clock.Now), clock, map[string]time.Time{}}, Clock: clock, Store: trackertest.NewStore(),
			Look: func(t *testing.T) []trackertest.Seen { return lookInto(t, dir) }}
	})
}
