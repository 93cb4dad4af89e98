package plan

import (
	"slices"

	"cutover/shared/cutover"
)

// resource holds one row of the inventory against each service of the notice.
func (e *Explanation) resource(b *builder, n *notice) error {
	x, err := b.row(e.Thing)
	if err != nil {
		return err
	}
	if x == nil {
		e.say("inventory", "no such resource is in the inventory", true)
		return nil
	}
	e.Owner, e.Trace = b.owners.OwnerOfResource(x.r)
	e.given(b, n, cutover.Item{Kind: cutover.ItemResource, ID: x.r.ID})
	if l := b.looks.inventory; !l.ok {
		e.say("inventory", "the inventory cannot be relied on: "+l.why, false)
	}
	acts := n.idle == "" && n.past == ""
	reached := false
	for _, i := range n.order {
		reached = e.service(b, n, i, x, acts && !n.n.PinningCondition) || reached
	}
	if n.n.PinningCondition && reached && acts {
		e.say("pinning", "only clients that pin certificates are affected, so resources are counted and never items", true)
	}
	if !reached {
		e.say("service", "no service of the notice means resources of type "+x.r.Type, acts)
	}
	return nil
}

// service says how one service reaches a row; false if it means no such type. The
// first one with an item settles it; without an item, the first one that means the
// type.
func (e *Explanation) service(b *builder, n *notice, i int, x *row, may bool) bool {
	entry := n.services[i].entry
	switch {
	case entry == nil:
		e.say("service", n.services[i].name+" is not in the service map", false)
		return false
	case !slices.Contains(entry.Types, x.r.Type):
		e.say("service", n.services[i].name+" does not mean resources of type "+x.r.Type, false)
		return false
	}
	code := n.judge(i, x, b.in.Policy, b.now)
	item := may && code.item() && !e.Item
	settles := item || may && !slices.ContainsFunc(e.Rules, func(r Ruling) bool { return r.Won })
	if item {
		e.Item = true
		for j := range e.Rules {
			e.Rules[j].Won = false
		}
	}
	e.say("service", e.reached(b, n, i, x, code), settles)
	return true
}

// row finds one row of the inventory by its id.
func (b *builder) row(id string) (*row, error) {
	if b.in.Resources == nil {
		return nil, nil
	}
	for r, err := range b.in.Resources {
		if err != nil {
			return nil, err
		}
		if cutover.Fold(r.ID) == cutover.Fold(id) {
			x := newRow(r)
			return &x, nil
		}
	}
	return nil, nil
}

// reached says in words how a service reaches a row.
func (e *Explanation) reached(b *builder, n *notice, i int, x *row, code reach) string {
	s := &n.services[i]
	switch code {
	case outExcluded:
		return s.name + ": the notice excludes " + x.cloud
	case outCloud:
		return s.name + ": it is in " + x.cloud + ", and the notice concerns " + join(n.n.Clouds)
	case outRegion:
		return s.name + ": it is in " + x.region + ", and the notice concerns " + few(n.n.Regions, 8)
	case outWhere:
		p, value := failing(s.entry.Where, x.r)
		return s.name + ": it has the type and is something else: " + p + " is " + cmpOr(value, "absent")
	case outUnnamed:
		return s.name + ": the notice does not name its subscription, and by policy only those count"
	case reachMoved:
		return s.name + ": it has moved already, " + leaf(s.flag.Path) + " is " + x.r.Properties[s.flag.Path]
	case reachUntold:
		return s.name + ": the flag " + leaf(s.flag.Path) + " is absent and the window is over, so it cannot be told whether it has moved"
	}
	return s.name + ": " + b.compose(entry{n, i}, whyKey{n: n, i: i, code: code, region: x.region, value: value(s, x), named: n.names(x.r.Subscription)})
}

func value(s *service, x *row) string {
	if s.flag == nil {
		return ""
	}
	return x.r.Properties[s.flag.Path]
}
