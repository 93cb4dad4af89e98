package plan

import (
	"slices"

	"cutover/shared/cutover"
)

// wholeSubscriptions makes items of the services that have no resources and mean
// whole subscriptions.
func (b *builder) wholeSubscriptions() {
	subs := slices.Clone(b.in.Subscriptions)
	slices.SortFunc(subs, func(a, c cutover.Subscription) int { return compareFold(a.ID, c.ID) })
	for _, n := range b.notices {
		if !b.acts(n) || n.past != "" {
			continue
		}
		for _, sub := range subs {
			b.wholeSubscription(n, sub)
		}
	}
}

func (b *builder) wholeSubscription(n *notice, sub cutover.Subscription) {
	made := false
	for _, i := range n.order {
		s := &n.services[i]
		if s.entry == nil || !s.entry.Whole {
			continue
		}
		code := n.unnamed(n.cloudOut(sub.Cloud), sub.ID, b.in.Policy)
		if code == outUnnamed {
			s.unnamed++
		}
		if !code.concerned() {
			continue
		}
		s.reached++
		s.items++
		if made {
			continue
		}
		made = true
		b.fact[n].reached++
		if n.n.PinningCondition {
			continue
		}
		why := s.name + " has no resources of its own: the notice concerns the whole subscription"
		if !n.names(sub.ID) {
			why += ", though it does not name it"
		}
		team, trace := b.owners.OwnerOfSubscription(sub.ID)
		b.add(n, team, trace, cutover.Item{
			Kind: cutover.ItemSubscription, ID: sub.ID, Where: cmpOr(sub.Name, sub.ID), Why: why, Named: n.names(sub.ID),
			Service: s.name, Subscription: sub.ID, Seen: b.looks.inventory.seen,
		})
	}
}
