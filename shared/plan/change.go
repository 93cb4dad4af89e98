package plan

import "cutover/shared/cutover"

// create opens an action.
func (d *differ) create(want cutover.Action) Change {
	want.Version = 1
	return Change{Kind: Create, Action: want, Added: want.Items, DueBefore: want.Due}
}

// change compares one known action with what ought to be.
func (d *differ) change(a *cutover.Action) Change {
	key := d.key(a)
	if d.of[key] != a {
		key = d.carried(a)
	}
	var want *cutover.Action
	if key != "" {
		want = d.desired[key]
	}
	m := d.merge(a, want)
	next := *a
	next.Items = m.items
	if want != nil {
		next.Key, next.Notice, next.Owner = want.Key, want.Notice, want.Owner
	}
	open := next.Open()
	if want != nil && open > 0 {
		next.Due, next.DueFrom, next.Reason, next.Missing = want.Due, want.DueFrom, want.Reason, want.Missing
		next.Milestones, next.Words, next.Revision = want.Milestones, want.Words, want.Revision
	}
	c := Change{Kind: Update, DueBefore: a.Due, Added: m.added, Removed: m.removed, Cleared: m.cleared}
	if open == 0 {
		c.Kind = d.end(a, &next, m)
		next.Ended, next.Until = d.now, ""
		c.Reasons = m.notes()
		note(&c.Reasons, sentence(next.Proof))
	} else {
		s := d.standing(&next, a, m)
		next.State, next.Until, next.Proof, next.Spent = s.state, s.until, s.proof, s.spent
		if !m.touched && unchanged(a, &next) {
			return Change{Kind: None}
		}
		if s.refuted && a.State == cutover.ActionDone {
			c.Kind = Reopen
		}
		c.Unacknowledged = s.voided
		c.Reasons = append(append(ownFacts(a, &next), m.notes()...), s.notes...)
	}
	next.Version, next.Changed, next.Notes = a.Version+1, d.now, c.Reasons
	c.Action = next
	return c
}

// carried is the key of a renamed team's action; empty for one whose items are all
// with another action.
func (d *differ) carried(a *cutover.Action) string {
	for key, x := range d.of {
		if x == a {
			return key
		}
	}
	return ""
}

// end says how an action without open items ends.
func (d *differ) end(a, next *cutover.Action, m *merged) ChangeKind {
	switch {
	case len(m.movedTo) > 0:
		next.State, next.MovedTo = cutover.ActionMoved, m.movedTo[0]
		next.Proof = "its items are now in " + few(m.to, 3)
		return Move
	case len(m.withdrawn) > 0:
		next.State, next.Proof = cutover.ActionWithdrawn, "withdrawn: "+m.withdrawn[0]
		return Withdraw
	}
	next.State = cutover.ActionResolved
	switch len(next.Items) {
	case 1:
		next.Proof = "its only item was re-checked and is done"
	case 2:
		next.Proof = "both items were re-checked and are done"
	default:
		next.Proof = "all " + count(len(next.Items), "item") + " were re-checked and are done"
	}
	if by := provenBy(next.Items, d.p.looks); by != "" {
		next.Proof += ": " + by
	}
	return Resolve
}
