package plan

import (
	"slices"
	"testing"
	"time"

	"cutover/shared/cutover"

	"pgregory.net/rapid"
)

func at(s string) time.Time {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	panic("not a time: " + s)
}

func TestNext(t *testing.T) {
	usual := Reminders{Days: []int{7, 30, 1, 14, 14}, EscalateAt: 7}
	tests := []struct {
		says             string
		state            cutover.ActionState
		due, until       cutover.Date
		zone             string
		told, now        string
		rung             string // empty: none is due
		escalate, late   bool
		next             string // empty: never
		opened           string
		withoutReminders bool
	}{
		{says: "nothing is due before the first rung", due: "2023-03-31", told: "2023-01-01", now: "2023-02-28T23:59:59Z", next: "2023-03-01"},
		{says: "a rung is due when its day begins", due: "2023-03-31", told: "2023-01-01", now: "2023-03-01", rung: "T-30", next: "2023-03-17"},
		{says: "the day begins where the team is", zone: "Asia/Tokyo", due: "2023-03-31", told: "2023-01-01", now: "2023-02-28T15:00:00Z", rung: "T-30", next: "2023-03-16T15:00:00Z"},
		{says: "across a change of clocks", zone: "Europe/Copenhagen", due: "2023-03-31", told: "2023-03-20", now: "2023-03-23T23:00:00Z", rung: "T-7", escalate: true, next: "2023-03-29T22:00:00Z"},
		{says: "what was told covers the rungs before it", due: "2023-03-31", told: "2023-03-18", now: "2023-03-20", next: "2023-03-24"},
		{says: "of several missed rungs only the latest is due, late", due: "2023-03-31", told: "2023-02-01", now: "2023-03-20", rung: "T-14", late: true, next: "2023-03-24"},
		{says: "escalation begins with escalate_at", due: "2023-03-31", told: "2023-03-18", now: "2023-03-24", rung: "T-7", escalate: true, next: "2023-03-30"},
		{says: "a missed early rung that is sent late escalates by the days that are left", due: "2023-03-31", told: "2023-02-01", now: "2023-03-25", rung: "T-7", escalate: true, late: true, next: "2023-03-30"},
		{says: "nobody escalates what is acknowledged", state: cutover.ActionAcknowledged, due: "2023-03-31", told: "2023-03-18", now: "2023-03-24", rung: "T-7", next: "2023-03-30"},
		{says: "the due day itself is not overdue", due: "2023-03-31", told: "2023-03-30", now: "2023-03-31T23:59:59Z", next: "2023-04-01"},
		{says: "overdue the day after", due: "2023-03-31", told: "2023-03-30", now: "2023-04-01", rung: "overdue", escalate: true, next: "2023-04-08"},
		{says: "then weekly", due: "2023-03-31", told: "2023-04-01", now: "2023-04-08", rung: "overdue+7", escalate: true, next: "2023-04-15"},
		{says: "years later too", due: "2023-03-31", told: "2026-03-31", now: "2026-04-04T00:00:00Z", rung: "overdue+1099", escalate: true, next: "2026-04-11"},
		{says: "without a due date weekly from the opening", opened: "2023-01-03T10:00:00Z", told: "2023-01-03T10:00:00Z", now: "2023-01-17T10:00:00Z", rung: "week+14", next: "2023-01-24T10:00:00Z"},
		{says: "who was never told was told by the opening", due: "2023-03-31", opened: "2023-03-20", now: "2023-03-24", rung: "T-7", escalate: true, next: "2023-03-30"},
		{says: "a snooze is silent until its day begins", state: cutover.ActionSnoozed, until: "2023-03-25", zone: "Asia/Tokyo", due: "2023-03-31", told: "2023-01-01", now: "2023-03-20", next: "2023-03-24T15:00:00Z"},
		{says: "a waiver is silent through its last day", state: cutover.ActionWaived, until: "2023-03-25", due: "2023-03-31", told: "2023-01-01", now: "2023-03-20", next: "2023-03-26"},
		{says: "done stops the chasing", state: cutover.ActionDone, due: "2023-03-31", told: "2023-01-01", now: "2023-03-20"},
		{says: "nothing follows an end", state: cutover.ActionResolved, due: "2023-03-31", told: "2023-01-01", now: "2023-03-20"},
		{says: "no configured days leave the overdue ones", withoutReminders: true, due: "2023-03-31", told: "2023-01-01", now: "2023-03-20", next: "2023-04-01"},
	}
	for _, tt := range tests {
		t.Run(tt.says, func(t *testing.T) {
			a := cutover.Action{State: cutover.ActionOpen, Due: tt.due, Until: tt.until}
			if tt.state != "" {
				a.State = tt.state
			}
			if tt.opened != "" {
				a.Opened = at(tt.opened)
			}
			p, told := usual, time.Time{}
			if tt.withoutReminders {
				p = Reminders{}
			}
			if tt.told != "" {
				told = at(tt.told)
			}
			rung, next := Next(a, cutover.Team{Timezone: tt.zone}, p, told, at(tt.now))
			got := Rung{}
			if rung != nil {
				got = *rung
			}
			if got.Name != tt.rung || got.Escalate != tt.escalate || got.Late != tt.late {
				t.Errorf("due %q escalate %v late %v, want %q %v %v", got.Name, got.Escalate, got.Late, tt.rung, tt.escalate, tt.late)
			}
			want := time.Time{}
			if tt.next != "" {
				want = at(tt.next)
			}
			if !next.Equal(want) {
				t.Errorf("next %v, want %v", next, want)
			}
		})
	}
}

// TestNextFiresOnce walks through time in uneven steps, as a clock that misses
// ticks does. Each rung fires at most once and not before its time, the rungs that
// fire come in order, and the last one missed is always made up for.
func TestNextFiresOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opened := at("2023-01-10T09:30:00Z")
		a := cutover.Action{State: cutover.ActionOpen, Opened: opened, Due: one(t, []cutover.Date{"", "2023-01-02", "2023-01-12", "2023-02-20", "2023-04-01"}, "due")}
		team := cutover.Team{Timezone: one(t, []string{"", "Asia/Tokyo", "America/Chicago", "Europe/Copenhagen"}, "zone")}
		p := Reminders{Days: rapid.SliceOfN(rapid.IntRange(-1, 40), 0, 5).Draw(t, "days"), EscalateAt: rapid.IntRange(-1, 10).Draw(t, "escalate")}
		told, now := opened, opened
		var fired []string
		last := time.Time{}
		for range 40 {
			now = now.Add(time.Duration(rapid.IntRange(1, 9*24*60).Draw(t, "minutes")) * time.Minute)
			rung, next := Next(a, team, p, told, now)
			if !next.After(now) {
				t.Fatalf("the next look at %v is not after %v", next, now)
			}
			if rung == nil {
				if again, _ := Next(a, team, p, told, next); again == nil {
					t.Fatalf("nothing is due at %v, which was said to be next", next)
				}
				continue
			}
			if rung.At.After(now) || !rung.At.After(told) {
				t.Fatalf("%s at %v fires at %v, told %v", rung.Name, rung.At, now, told)
			}
			if slices.Contains(fired, rung.Name) || !rung.At.After(last) {
				t.Fatalf("%s fires after %v", rung.Name, fired)
			}
			fired, last, told = append(fired, rung.Name), rung.At, now
			if again, _ := Next(a, team, p, told, now); again != nil {
				t.Fatalf("%s is due at once after %s", again.Name, rung.Name)
			}
		}
		since := opened
		if end := a.Due.End(nil); end.After(since) {
			since = end
		}
		if len(fired) == 0 && now.After(since.AddDate(0, 0, 9)) {
			t.Fatal("an open action was never chased")
		}
	})
}
