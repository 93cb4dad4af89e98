package plan

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"cutover/shared/cutover"
)

// finish makes actions of the collected items, by notice and owner.
func (b *builder) finish() {
	ids := map[string]string{} // notice/owner → id of the known action
	for _, k := range b.known.actions {
		if k.n != nil {
			put(ids, cutover.ActionKey(k.n.n.Key, k.a.Owner), k.a.ID)
		}
	}
	keys := slices.SortedFunc(maps.Keys(b.open), func(x, y accKey) int {
		return cmp.Or(cmp.Compare(x.n.n.Key, y.n.n.Key), cmp.Compare(x.team, y.team))
	})
	b.plan.Actions = make([]cutover.Action, 0, len(keys))
	for _, k := range keys {
		b.plan.Actions = append(b.plan.Actions, b.action(k, b.open[k], ids))
		delete(b.open, k) // what is written out need not be held twice
	}
	for _, k := range b.known.actions {
		if k.n == nil { // its notice is not among those of the pass: it stays as it is
			a := *k.a
			a.Items = slices.DeleteFunc(slices.Clone(a.Items), func(it cutover.Item) bool { return it.Cleared != "" })
			for _, it := range a.Items {
				b.plan.kept[itemRef{a.Key, itemKey(it)}] = true
			}
			b.plan.Actions = append(b.plan.Actions, a)
		}
	}
	slices.SortStableFunc(b.plan.Actions, func(x, y cutover.Action) int { // nearly in order: only what stays as it is was added
		return cmp.Or(cmp.Compare(x.Notice, y.Notice), cmp.Compare(x.Owner, y.Owner), cmp.Compare(x.ID, y.ID))
	})
}

func (b *builder) action(k accKey, a *acc, ids map[string]string) cutover.Action {
	items := b.written(k, a)
	d := k.n.dueOf(items)
	key := k.name()
	out := cutover.Action{
		ID: ids[key], Key: key, Notice: k.n.n.Key, Owner: k.team, State: cutover.ActionOpen,
		Due: d.due, DueFrom: d.from, Reason: b.reason(k.n, items), Items: items, Milestones: d.milestones,
		Revision: k.n.n.Revision, Opened: b.now, Changed: b.now, Words: k.n.words,
	}
	if k.n.n.Verdict == cutover.VerdictPartial {
		out.Missing = k.n.n.Reasons
	}
	if out.ID == "" {
		out.ID = actionID(key, b.now)
	}
	return out
}

// dueOf is the due date of items. Where no date is bound to a service or a region
// it is the same for all.
func (n *notice) dueOf(items []cutover.Item) deadline {
	bound := slices.ContainsFunc(n.dated, func(d dated) bool { return d.services != 0 || d.regions != nil })
	if bound {
		return n.due(n.scopes(items))
	}
	if n.common == nil {
		d := n.due(map[scope]struct{}{{service: -1}: {}})
		n.common = &d
	}
	return *n.common
}

// scopes are the services and regions of items.
func (n *notice) scopes(items []cutover.Item) map[scope]struct{} {
	out := map[scope]struct{}{}
	places := map[string]int{}
	for i := range items {
		it := &items[i]
		if it.Kind == cutover.ItemFinding {
			out[scope{service: -1}] = struct{}{}
			continue
		}
		at, ok := places[it.Service]
		if !ok {
			at = n.find(it.Service)
			places[it.Service] = at
		}
		out[scope{at, it.Region}] = struct{}{}
	}
	return out
}

// actionID is chosen once, when an action opens.
func actionID(key string, opened time.Time) string {
	return "act-" + cutover.Digest(key, opened.UTC().Format(time.RFC3339Nano))[:12]
}
