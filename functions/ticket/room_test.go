package ticket_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cutover/functions/ticket"
	"cutover/functions/ticket/trackertest"
	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/tracker"
	"cutover/shared/tracker/folder"
)

type house struct {
	room   *ticket.Room
	store  *trackertest.Store
	clock  *trackertest.Clock
	dir    string
	counts map[string]int
	mu     sync.Mutex
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{store: trackertest.NewStore(), clock: start(), dir: t.TempDir(), counts: map[string]int{}}
	h.room = &ticket.Room{
		Store: h.store, Trackers: map[string]ticket.Tracker{"": folder.New(h.dir, h.clock.Now)}, Now: h.clock.Now,
		Owners: cutover.Ownership{Fallback: "platform", Teams: []cutover.Team{
			{ID: "payments", Name: "Payments", Tracker: "contoso/payments-api"}, {ID: "platform", Name: "Platform", Tracker: "contoso/platform"},
		}},
		Count: func(what string) { h.mu.Lock(); defer h.mu.Unlock(); h.counts[what]++ },
	}
	return h
}

func (h *house) put(a cutover.Action) cutover.Event {
	h.store.Put(a, trackertest.Notice())
	return cutover.NewEvent(cutover.TypeActionChanged, "match", a.ID, h.clock.Now(), nil, a.ID)
}

func (h *house) handle(t *testing.T, a cutover.Action) {
	t.Helper()
	if err := h.room.Handle(t.Context(), h.put(a)); err != nil {
		t.Fatal(err)
	}
}

func (h *house) file(t *testing.T, number string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(h.dir, number+".md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func (h *house) edit(t *testing.T, old, with string) {
	t.Helper()
	was := h.file(t, "1")
	if !strings.Contains(was, old) {
		t.Fatalf("%q does not stand in the ticket", old)
	}
	if err := os.WriteFile(filepath.Join(h.dir, "1.md"), []byte(strings.Replace(was, old, with, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestWhatPeopleDidStays(t *testing.T) {
	h := newHouse(t)
	life := trackertest.Life()
	h.handle(t, life[0])
	h.edit(t, "state: open", "state: closed # by me")
	h.edit(t, "title: '[due", "title: 'Mine now [due")
	h.edit(t, "labels:\n", "labels:\n  - team/x\n")
	h.handle(t, life[1])
	for _, want := range []string{"state: closed # by me", "title: 'Mine now [due 15 Feb", "  - team/x\n", "**Due: 1 February 2023**"} {
		if !strings.Contains(h.file(t, "1"), want) {
			t.Errorf("%q is lost:\n%s", want, h.file(t, "1"))
		}
	}
	done := life[1]
	done.Version, done.State = 3, cutover.ActionDone
	h.handle(t, done)
	if !strings.Contains(h.file(t, "1"), "cutover/done") {
		t.Error("the label for done is missing")
	}
	stands := life[1]
	stands.Version = 4
	h.handle(t, stands)
	got := h.file(t, "1")
	if !strings.Contains(got, "state: open") || strings.Contains(got, "cutover/done") || !strings.Contains(got, "**Reopened.** It was done") || !strings.Contains(got, "Still standing:") {
		t.Errorf("an item that still stands reopens the ticket and names it:\n%s", got)
	}
}

func TestDeletedTicketIsFiledAgain(t *testing.T) {
	h := newHouse(t)
	life := trackertest.Life()
	h.handle(t, life[0])
	if err := os.Rename(filepath.Join(h.dir, "1.md"), filepath.Join(h.dir, "away")); err != nil {
		t.Fatal(err)
	}
	h.handle(t, life[1]) // files number 1 again, as the folder is empty
	if e := h.store.Effects(); h.counts["tickets_opened"] != 2 || e[len(e)-1].State != cutover.EffectDone {
		t.Errorf("counts %v, effects %+v", h.counts, e)
	}
	other := life[0]
	other.ID, other.Key = "b2", "azure:KT4N-9D0/platform"
	h.edit(t, `action="a1"`, `action="b2"`) // the number was given to another action
	h.handle(t, life[2])
	if h.counts["tickets_opened"] != 2 || strings.Contains(h.file(t, "1"), "state: closed") {
		t.Errorf("another action's ticket was written: %s", h.file(t, "1"))
	}
}

func TestBrokenTicketIsAnError(t *testing.T) {
	h := newHouse(t)
	life := trackertest.Life()
	h.handle(t, life[0])
	h.edit(t, "state: open", "state: maybe")
	err := h.room.Handle(t.Context(), h.put(life[1]))
	if err == nil || !strings.Contains(err.Error(), "1.md:4: state is \"maybe\"") {
		t.Errorf("%v", err)
	}
}

func TestNothingToDo(t *testing.T) {
	h := newHouse(t)
	ended := trackertest.Life()[2]
	h.handle(t, ended)
	if len(h.store.Effects()) != 0 || len(h.store.Events()) != 0 {
		t.Error("an action that ended without a ticket got one")
	}
	for _, ev := range []cutover.Event{{Type: cutover.TypeActionChanged, Subject: "unknown"}, {Type: cutover.TypeActionChanged}, {Type: cutover.TypeTick, Subject: "a1"}} {
		var poison bus.Poison
		if err := h.room.Handle(t.Context(), ev); !errors.As(err, &poison) {
			t.Errorf("%+v: %v", ev, err)
		}
	}
}

func TestTrackerOfTheTeam(t *testing.T) {
	h := newHouse(t)
	other := t.TempDir()
	h.room.Trackers["dev"] = folder.New(other, h.clock.Now)
	h.room.Owners.Teams[0].Tracker = "dev:PAY"
	a := trackertest.Action()
	h.handle(t, a)
	unknown := a
	unknown.ID, unknown.Owner, unknown.Key = "b2", "dissolved", "azure:KT4N-9D0/dissolved"
	h.handle(t, unknown)
	for _, c := range []struct{ dir, want string }{{other, "project: PAY\n"}, {h.dir, "owner: dissolved\n"}, {h.dir, "project: contoso/platform\n"}} {
		raw, err := os.ReadFile(filepath.Join(c.dir, "1.md"))
		if err != nil || !strings.Contains(string(raw), c.want) {
			t.Errorf("%s: want %q: %s, %v", c.dir, c.want, raw, err)
		}
	}
	h.room.Owners.Teams[0].Tracker = "contoso/elsewhere" // the ticket stays where it is
	a.Version = 2
	h.handle(t, a)
	delete(h.room.Trackers, "dev")
	a.Version = 3
	if err := h.room.Handle(t.Context(), h.put(a)); err == nil || !strings.Contains(err.Error(), `"dev"`) {
		t.Errorf("a tracker that is no longer configured: %v", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	h := newHouse(t)
	ev := h.put(trackertest.Action())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := h.room.Handle(context.Background(), ev); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if seen := lookInto(t, h.dir); len(seen) != 1 || h.counts["tickets_opened"] != 1 {
		t.Errorf("%d tickets, counts %v", len(seen), h.counts)
	}
}

// refusing is a tracker that refuses its first create, surely.
type refusing struct {
	laggard
	refused bool
}

func (r *refusing) Create(ctx context.Context, project string, t tracker.Ticket) (tracker.Ref, error) {
	if !r.refused {
		r.refused = true
		return tracker.Ref{}, tracker.Later{After: 30 * time.Second, Err: errors.New("not now")}
	}
	return r.laggard.Create(ctx, project, t)
}

// TestRefusalLeavesNoDoubt: what was surely not done is done at the next try, with
// no look and no waiting for a lagging list.
func TestRefusalLeavesNoDoubt(t *testing.T) {
	h := newHouse(t)
	h.room.Trackers[""] = &refusing{laggard: laggard{folder.New(h.dir, h.clock.Now), h.clock, map[string]time.Time{}}}
	ev := h.put(trackertest.Action())
	var later interface{ RetryAfter() time.Duration }
	if err := h.room.Handle(t.Context(), ev); !errors.As(err, &later) || later.RetryAfter() != 30*time.Second {
		t.Fatalf("%v", err)
	}
	h.clock.Move(30 * time.Second)
	if err := h.room.Handle(t.Context(), ev); err != nil {
		t.Fatal(err)
	}
}

func TestDryTracker(t *testing.T) {
	h := newHouse(t)
	life := trackertest.Life()
	h.handle(t, life[0])
	before := h.file(t, "1")
	h.room.Trackers[""] = &ticket.DryTracker{Tracker: h.room.Trackers[""]}
	h.handle(t, life[1])
	other := life[0]
	other.ID, other.Key = "b2", "azure:KT4N-9D0/platform"
	h.handle(t, other)
	other.Version = 2
	h.handle(t, other)
	if h.file(t, "1") != before || len(lookInto(t, h.dir)) != 1 {
		t.Error("a dry run wrote")
	}
	if h.counts["tickets_opened"] != 2 || h.counts["tickets_updated"] != 2 {
		t.Errorf("counted %v", h.counts)
	}
	found := false
	for _, e := range h.store.Effects() {
		found = found || e.Key == "b2/ticket" && e.Result["number"] == "plan-1"
	}
	if !found {
		t.Errorf("the planned ticket is not numbered plan-1: %+v", h.store.Effects())
	}
}
