package main

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/prose"
)

// shownItems is how many places an action shows on the terminal; the ticket has
// them all.
const shownItems = 3

// printReport writes a run for people: who must act by when and where, what was
// left out and why, what waits for a person.
func (p *page) printReport(r report, teams []cutover.Team, verb string) {
	p.line("%s notices from %s · %s in %s · %s · %s",
		thousands(r.size.notices), prose.Plural(r.size.deliveries, "delivery", "deliveries"),
		plural(r.size.resources, "resource", "resources"), plural(r.size.subscriptions, "subscription", "subscriptions"),
		plural(r.size.repositories, "repository", "repositories"), plural(r.size.teams, "team", "teams"))
	p.printOwners(r, teams, verb)
	p.printLeft(r)
	p.printInbox(r)
	p.printEffects(r, verb)
	if len(r.Errors) > 0 {
		p.head(p.paint(red, "WENT WRONG"))
		for _, e := range r.Errors {
			p.wrap("  ! ", "    ", e)
		}
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

func (p *page) printOwners(r report, teams []cutover.Team, verb string) {
	open := slices.DeleteFunc(slices.Clone(r.Actions), func(a actionReport) bool { return a.State.Ended() })
	p.head("WHO MUST ACT")
	if r.Stopped != "" {
		p.wrap("  "+p.paint(red, "nothing was filed: "), "  ", r.Stopped)
		open = append(open, r.Planned...)
	}
	if len(open) == 0 {
		p.line("  nobody")
	}
	// The owner with the most urgent action comes first.
	urgent := map[string]string{}
	for _, a := range open {
		if k, ok := urgent[a.Owner]; !ok || dueKey(a) < k {
			urgent[a.Owner] = dueKey(a)
		}
	}
	slices.SortStableFunc(open, func(x, y actionReport) int {
		return cmp.Or(strings.Compare(urgent[x.Owner], urgent[y.Owner]), strings.Compare(x.Owner, y.Owner), strings.Compare(dueKey(x), dueKey(y)))
	})
	owner := ""
	for _, a := range open {
		if a.Owner != owner {
			owner = a.Owner
			t := teamOf(teams, owner)
			p.line("\n  %s  %s", p.paint(bold, prose.Line(t.Name, 60)), p.paint(dim, strings.Join(nonEmpty(t.Slack, t.Tracker), " · ")))
		}
		p.printAction(a, r.now)
	}
	for _, a := range r.Actions {
		if a.State.Ended() {
			p.line("\n  %s  %s", p.paint(green, string(a.State)+":"), a.Key)
			p.wrap("      ", "      ", a.Proof)
		}
	}
}

// dueKey sorts actions without a date behind those with one.
func dueKey(a actionReport) string {
	if a.Due == nil {
		return "~" + a.Key
	}
	return string(*a.Due) + a.Key
}

func teamOf(teams []cutover.Team, id string) cutover.Team {
	for _, t := range teams {
		if t.ID == id {
			return t
		}
	}
	return cutover.Team{ID: id, Name: id}
}

func (p *page) printAction(a actionReport, now time.Time) {
	when := "no due date"
	style := dim
	if a.Due != nil {
		n := a.Due.DaysUntil(now, nil)
		when = "due " + prose.ShortDay(*a.Due) + ", " + prose.Away(*a.Due, now, time.UTC)
		switch {
		case n <= 7:
			style = red
		case n <= 30:
			style = yellow
		default:
			style = cyan
		}
	}
	state := ""
	if a.State != cutover.ActionOpen {
		state = "  [" + string(a.State) + "]"
	}
	p.line("  %s %s%s  %s", p.paint(style, "●"), p.paint(style+";"+bold, when), state, p.paint(dim, a.Notice))
	p.wrap("    ", "    ", a.Title)
	// The reason quotes the title, which stands right above.
	p.wrap("    ", "    ", strings.ReplaceAll(a.Reason, "“"+a.Title+"”", "this notice"))
	for _, m := range a.Missing {
		p.wrap("    "+p.paint(yellow, "missing: "), "      ", m)
	}
	p.printItems(a.Items)
	if a.Ticket != "" {
		p.line("    %s", p.paint(dim, "ticket: "+prose.Line(a.Ticket, 200)))
	}
}

// printItems shows the first places, those with the same reason under one.
func (p *page) printItems(items []cutover.Item) {
	why := ""
	for i, it := range items {
		if i == shownItems && len(items) > shownItems+1 {
			p.line("      %s", p.paint(dim, "… and "+thousands(len(items)-i)+" more in the ticket"))
			return
		}
		if it.Why != why {
			why = it.Why
			p.wrap("    "+p.paint(dim, "because: "), "             ", prose.Line(why, 300))
		}
		mark := "-"
		if it.Cleared != "" {
			mark = p.paint(green, "✓")
		}
		p.wrap("      "+mark+" ", "        ", prose.Line(it.Where, 200))
	}
}

func (p *page) printLeft(r report) {
	if len(r.Left) == 0 {
		return
	}
	p.head("LEFT OUT, AND WHY")
	for _, l := range r.Left {
		p.line("  %s  %s", l.Notice, p.paint(dim, prose.Line(l.Title, p.width-len(l.Notice)-4)))
		for _, why := range l.Why {
			p.wrap("    - ", "      ", why)
		}
	}
}

func (p *page) printInbox(r report) {
	if len(r.Inbox) == 0 {
		return
	}
	p.head("WAITS FOR A PERSON")
	for _, c := range r.Inbox {
		p.line("  %s  %s", p.paint(yellow, c.ID), prose.Line(c.Title, p.width-len(c.ID)-4))
		for _, why := range c.Reasons {
			p.wrap("    ", "    ", why)
		}
	}
}

// printEffects sums up what went out, or (for plan) would go out.
func (p *page) printEffects(r report, verb string) {
	e := r.Effects
	var parts []string
	add := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, plural(n, one, many))
		}
	}
	add(e.TicketsOpened, "ticket opened", "tickets opened")
	add(e.TicketsUpdated, "ticket updated", "tickets updated")
	add(e.TicketsClosed, "ticket closed", "tickets closed")
	add(e.AlertsSent, "Slack alert", "Slack alerts")
	add(e.AlertsUpdated, "alert edited in place", "alerts edited in place")
	add(e.ChangesSent, "note of a change", "notes of changes")
	add(e.RemindersSent, "reminder", "reminders")
	add(e.EscalationsSent, "escalation", "escalations")
	add(e.CasesSent, "message about waiting cases", "messages about waiting cases")
	add(e.DigestsSent, "digest", "digests")
	switch {
	case len(parts) > 0:
	case r.Stopped != "":
		parts = []string{"nothing: the run was stopped, see above"}
	case len(r.Errors) > 0:
		parts = []string{"nothing"}
	default:
		parts = []string{"nothing: everything stands as it should"}
	}
	p.head(verb)
	p.wrap("  ", "  ", strings.Join(parts, " · "))
}
