package plan

import (
	"slices"
	"strings"
	"time"

	"cutover/shared/cutover"
)

// standing is how an action stands by what people said about it.
type standing struct {
	state   cutover.ActionState
	until   cutover.Date
	proof   string
	spent   []string // decisions that hold no longer
	notes   []string
	voided  bool // an acknowledgement fell
	refuted bool // a claim of being done fell
}

// standing reads the decisions about an action, the last one first. next is the
// action with its new items and dates, a as it was, m what became of its items.
func (d *differ) standing(next, a *cutover.Action, m *merged) standing {
	said := d.about(next, a)
	s := standing{state: cutover.ActionOpen, spent: slices.Clone(next.Spent)}
	d.void(&s, said, next, a, m)
	loc := d.zone(next.Owner)
	covered := false // a later word of the same sort stands or stood
	for i, x := range slices.Backward(said) {
		if slices.Contains(s.spent, x.ID) {
			covered = covered || x.Kind != cutover.DecideAcknowledge
			continue
		}
		if x.Kind == cutover.DecideAcknowledge {
			s.state, s.proof = cutover.ActionAcknowledged, "acknowledged by "+x.Who
			break
		}
		if covered {
			continue
		}
		covered = true
		if s.hold(d, x, next, loc) {
			break
		}
		if s.refuted { // whoever acknowledged it before is asked again
			for _, y := range said[:i] {
				note(&s.spent, y.ID)
			}
			break
		}
	}
	if a.State != s.state || s.proof != "" && a.Proof != s.proof {
		s.notes = append(s.notes, s.told(a)...)
	}
	return s
}

// about lists what people said about an action or its notice, in order. What was
// said by name before the action opened was about an earlier one of that name.
func (d *differ) about(next, a *cutover.Action) []cutover.Decision {
	targets := []string{next.ID, next.Key, next.Notice, a.Key, a.Notice}
	var out []cutover.Decision
	for i, t := range targets {
		if slices.Contains(targets[:i], t) {
			continue
		}
		for _, x := range d.decisions[t] {
			if t != next.ID && x.At.Before(next.Opened) {
				continue
			}
			switch x.Kind {
			case cutover.DecideAcknowledge, cutover.DecideSnooze, cutover.DecideWaive, cutover.DecideDone:
				out = append(out, x)
			}
		}
	}
	return sortedDecisions(out)
}

// hold applies a snooze, a waiver or a claim of being done; false if it is over.
func (s *standing) hold(d *differ, x cutover.Decision, next *cutover.Action, loc *time.Location) bool {
	why := ""
	if x.Reason != "" {
		why = ": " + x.Reason
	}
	switch x.Kind {
	case cutover.DecideSnooze: // wakes when the day begins
		if !x.Until.Valid() || !d.now.Before(x.Until.Begin(loc)) {
			return false
		}
		s.state, s.until, s.proof = cutover.ActionSnoozed, x.Until, "snoozed until "+day(x.Until)+" by "+x.Who+why
	case cutover.DecideWaive: // holds through its last day; without an end it is no waiver
		if !x.Until.Valid() || !d.now.Before(x.Until.End(loc)) {
			return false
		}
		s.state, s.until, s.proof = cutover.ActionWaived, x.Until, "waived until "+day(x.Until)+" by "+x.Who+why
	case cutover.DecideDone:
		standing := d.stillThere(x, next)
		if len(standing) > 0 {
			s.spent = append(s.spent, x.ID)
			s.refuted = true
			s.notes = append(s.notes, sentence(x.Who+" said on "+day(cutover.DateOf(x.At.UTC()))+" that it is done, and this still stands: "+names(standing)))
			return false
		}
		s.state, s.proof = cutover.ActionDone, "said to be done by "+x.Who+" on "+day(cutover.DateOf(x.At.UTC()))+why
	}
	return true
}

// stillThere lists the items that a complete look newer than the claim still found.
func (d *differ) stillThere(x cutover.Decision, a *cutover.Action) []cutover.Item {
	var out []cutover.Item
	for _, it := range a.Items {
		if it.Cleared != "" || it.Unknown != "" || d.p.kept[itemRef{a.Key, itemKey(it)}] {
			continue
		}
		l := d.p.looks.inventory
		if it.Kind == cutover.ItemFinding {
			l = d.p.looks.repo(it.Repository)
		}
		if l.ok && l.asOf.After(x.At) {
			out = append(out, it)
		}
	}
	return out
}

// void lets acknowledgements fall that were given to an earlier revision, when the
// date came nearer or the scope grew; and a snooze that would sleep through an
// earlier date.
func (d *differ) void(s *standing, said []cutover.Decision, next, a *cutover.Action, m *merged) {
	earlier := next.Due != "" && (a.Due == "" || next.Due < a.Due)
	wider := len(m.added) > 0
	for _, x := range said {
		if slices.Contains(s.spent, x.ID) {
			continue
		}
		switch {
		case x.Kind == cutover.DecideAcknowledge && x.Revision < next.Revision && (earlier || wider):
			s.spent, s.voided = append(s.spent, x.ID), true
			why := "the due date is earlier"
			if !earlier {
				why = "more is concerned than before"
			}
			s.notes = append(s.notes, sentence("the acknowledgement by "+x.Who+" holds no longer: "+why))
		case x.Kind == cutover.DecideSnooze && earlier && x.Until >= next.Due && d.now.Before(x.Until.Begin(nil)):
			s.spent = append(s.spent, x.ID)
			s.notes = append(s.notes, sentence("the snooze by "+x.Who+" is over: it would have slept through the new due date"))
		}
	}
}

// told says a change of state in words.
func (s *standing) told(a *cutover.Action) []string {
	switch {
	case s.refuted || s.voided:
		return nil
	case s.state != cutover.ActionOpen && s.state != cutover.ActionAcknowledged:
		return []string{sentence(s.proof)}
	}
	then := "It is open again."
	if s.proof != "" {
		then = sentence(s.proof)
	}
	switch {
	case slices.ContainsFunc(s.notes, func(n string) bool { return strings.Contains(n, "snooze") }):
		return nil
	case a.State == cutover.ActionSnoozed:
		return []string{"The snooze has ended. " + then}
	case a.State == cutover.ActionWaived:
		return []string{"The waiver has ended. " + then}
	}
	return []string{then}
}

func (d *differ) zone(team string) *time.Location {
	for _, t := range d.p.owners.own.Teams {
		if t.ID == team {
			return zone(t.Timezone)
		}
	}
	return time.UTC
}
