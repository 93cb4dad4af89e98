package plan

import (
	"slices"
	"strconv"
	"time"

	"cutover/shared/cutover"
)

// Reminders says on which days before the due date an owner is reminded, and from
// how many days before it on a reminder also goes to the escalation channel.
type Reminders struct {
	Days       []int
	EscalateAt int
}

// Rung is one reminder of the ladder. Its name is stable: it is part of the key
// under which the reminder is sent once.
type Rung struct {
	Name     string    // T-30, overdue, overdue+7, week+7 (no due date)
	At       time.Time // UTC
	Escalate bool      // nobody has acknowledged, and it is late enough
	Late     bool      // its day has passed: the reminder makes up for a missed one
	// Quiet marks the day from which on an action escalates, where it is no rung of
	// the ladder: the second channel is told, the thread is not.
	Quiet bool
}

const week = 7 // days

// Next says which reminder of an action is due and unsent, if any, and when to look
// again (zero: never). told is when the owner was last told about this due date, by
// the opening alert, the change of the date or a reminder; rungs up to then are
// covered. Of several missed rungs only the latest is due. The state of the action
// is taken as it stands: Diff ends a snooze that is over.
func Next(a cutover.Action, team cutover.Team, p Reminders, told time.Time, now time.Time) (due *Rung, next time.Time) {
	loc := zone(team.Timezone)
	switch a.State {
	case cutover.ActionSnoozed:
		return nil, utc(a.Until.Begin(loc))
	case cutover.ActionWaived:
		return nil, utc(a.Until.End(loc))
	case cutover.ActionDone, cutover.ActionResolved, cutover.ActionMoved, cutover.ActionWithdrawn:
		return nil, time.Time{}
	}
	if told.IsZero() {
		told = a.Opened
	}
	l := ladder{due: a.Due, loc: loc, opened: a.Opened, days: rungDays(p.Days)}
	if p.EscalateAt > 0 && !slices.Contains(l.days, p.EscalateAt) {
		l.days, l.quiet = rungDays(append(l.days, p.EscalateAt)), p.EscalateAt
	}
	for i := l.from(told); ; i++ {
		r := l.rung(i)
		if !r.At.After(told) {
			continue
		}
		if r.At.After(now) {
			next = r.At
			break
		}
		if due != nil && !due.Quiet {
			r.Quiet = false // a reminder was missed: this one makes up for it
		}
		due = &r
	}
	if due != nil {
		due.Late = !now.Before(due.At.In(loc).AddDate(0, 0, 1))
		left := a.Due.DaysUntil(now, loc)
		due.Escalate = a.Due.Valid() && left <= p.EscalateAt && a.State == cutover.ActionOpen
		if due.Quiet && !due.Escalate {
			due = nil
		}
	}
	return due, next
}

// ladder numbers the rungs of one due date: first the days before it, then overdue,
// then each week. Without a due date it is a rung each week from the opening on.
type ladder struct {
	due    cutover.Date
	loc    *time.Location
	opened time.Time
	days   []int // falling
	quiet  int   // the one of days that only escalates; 0: none
}

func (l ladder) rung(i int) Rung {
	if !l.due.Valid() {
		n := (i + 1) * week
		return Rung{Name: "week+" + strconv.Itoa(n), At: utc(l.opened.In(l.loc).AddDate(0, 0, n))}
	}
	if i < len(l.days) {
		n := l.days[i]
		return Rung{Name: "T-" + strconv.Itoa(n), At: utc(l.due.Add(-n).Begin(l.loc)), Quiet: n > 0 && n == l.quiet}
	}
	n := (i - len(l.days)) * week
	name := "overdue"
	if n > 0 {
		name += "+" + strconv.Itoa(n)
	}
	return Rung{Name: name, At: utc(l.due.Add(n).End(l.loc))}
}

// from is a rung that lies before told, near it: a ladder may be years old.
func (l ladder) from(told time.Time) int {
	start, first := l.opened, 0
	if l.due.Valid() {
		start, first = l.due.End(l.loc), len(l.days)
	}
	weeks := int(told.Sub(start).Hours()/(24*week)) - 2
	if weeks <= 0 {
		return 0
	}
	return first + weeks
}

// rungDays sorts the configured days, the farthest first, without repetitions and
// without what is no day before the due date.
func rungDays(days []int) []int {
	days = slices.Clone(days)
	slices.Sort(days)
	slices.Reverse(days)
	days = slices.Compact(days)
	return slices.DeleteFunc(days, func(n int) bool { return n < 0 })
}

// zone is a team's time zone; UTC where none is named or the name is unknown.
func zone(name string) *time.Location {
	if name == "" {
		return time.UTC
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

// utc keeps the zero time zero.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC()
}
