package plan

import (
	"slices"

	"cutover/shared/cutover"
)

// merged is an action's items after a pass, with what became of them.
type merged struct {
	items                               []cutover.Item
	added, back, removed, cleared, lost []cutover.Item
	regained, fresh                     int
	movedTo, to, withdrawn              []string
	touched                             bool
}

// merge carries the known items over. Those struck out stay as they are.
func (d *differ) merge(a, want *cutover.Action) *merged {
	m := &merged{items: make([]cutover.Item, 0, len(a.Items))}
	wanted := map[string]*cutover.Item{}
	if want != nil {
		wanted = make(map[string]*cutover.Item, len(want.Items))
		for i := range want.Items {
			wanted[itemKey(want.Items[i])] = &want.Items[i]
		}
	}
	for _, it := range a.Items {
		key := itemKey(it)
		w := wanted[key]
		delete(wanted, key)
		switch {
		case w != nil && it.Cleared != "":
			m.back, m.added, m.items = append(m.back, *w), append(m.added, *w), append(m.items, *w)
		case w != nil:
			m.items = append(m.items, m.refresh(it, *w))
		case it.Cleared != "":
			m.items = append(m.items, it)
		default:
			d.drop(a, m, it, d.p.verdicts[itemRef{a.ID, key}])
		}
	}
	if want != nil {
		for i := range want.Items {
			if it := want.Items[i]; wanted[itemKey(it)] != nil {
				m.added, m.items = append(m.added, it), append(m.items, it)
			}
		}
	}
	m.touched = m.fresh > 0 || len(m.added)+len(m.removed)+len(m.cleared) > 0
	if m.touched {
		sortItems(m.items)
	}
	return m
}

// drop settles an open item that this action wants no more.
func (d *differ) drop(a *cutover.Action, m *merged, it cutover.Item, v verdict) {
	if v.kind == 0 && d.of[d.key(a)] != a { // the same owner has another action for this notice
		if w := d.desired[d.key(a)]; w != nil && slices.ContainsFunc(w.Items, func(x cutover.Item) bool { return itemKey(x) == itemKey(it) }) {
			v = verdict{verdictMoved, a.Owner}
		}
	}
	switch v.kind {
	case verdictCleared:
		it.Cleared, it.Proof, it.Unknown = cutover.DateOf(d.now), v.text, ""
		m.cleared, m.items = append(m.cleared, it), append(m.items, it)
	case verdictMoved:
		m.removed = append(m.removed, it)
		note(&m.movedTo, d.ids[cutover.ActionKey(d.notice(a), v.text)])
		note(&m.to, cutover.ActionKey(d.notice(a), v.text))
	case verdictWithdrawn:
		m.removed = append(m.removed, it)
		note(&m.withdrawn, v.text)
	default:
		m.items = append(m.items, it)
	}
}

func note(list *[]string, s string) {
	if s != "" && !slices.Contains(*list, s) {
		*list = append(*list, s)
	}
}

// refresh takes over what a newer look says of an item, if it says anything new.
// The look in which it became an item stays: later proof must be newer than that.
func (m *merged) refresh(it, w cutover.Item) cutover.Item {
	if it.Unknown != "" && w.Unknown != "" {
		w.Unknown = it.Unknown // the same doubt in other words is nothing new
	}
	if it.Where == w.Where && it.Why == w.Why && it.Named == w.Named && it.Service == w.Service && it.Region == w.Region &&
		it.Subscription == w.Subscription && it.Line == w.Line && it.Unknown == w.Unknown && it.Identity == w.Identity {
		return it
	}
	m.fresh++
	switch {
	case it.Unknown == "" && w.Unknown != "":
		m.lost = append(m.lost, w)
	case it.Unknown != "" && w.Unknown == "":
		m.regained++
	}
	if it.Seen != "" {
		w.Seen = it.Seen
	}
	return w
}

// unchanged compares what people see of an action, except its sentence of counts,
// which follows the items, and the revision, which may have changed elsewhere.
func unchanged(a, b *cutover.Action) bool {
	return a.Key == b.Key && a.State == b.State && a.Due == b.Due && a.DueFrom == b.DueFrom && a.Until == b.Until && a.Proof == b.Proof &&
		a.Words == b.Words && slices.Equal(a.Missing, b.Missing) && slices.Equal(a.Spent, b.Spent) && sameMilestones(a.Milestones, b.Milestones)
}

func sameMilestones(a, b []cutover.Milestone) bool {
	return slices.EqualFunc(a, b, func(x, y cutover.Milestone) bool { return same(x, y) && x.Precision == y.Precision })
}
