package plan

import (
	"slices"

	"cutover/shared/cutover"
)

// reason says in a sentence or two what is concerned, how much of it, and by what.
func (b *builder) reason(n *notice, items []cutover.Item) string {
	var resources, places, subs, unknown int
	var services, whole, identities []string
	for i := range items {
		it := &items[i]
		switch it.Kind {
		case cutover.ItemResource:
			resources++
			note(&services, it.Service)
		case cutover.ItemSubscription:
			subs++
			note(&whole, it.Service)
		default:
			places++
			if n.certs == nil || !n.certs.lacking(it.Identity) {
				note(&identities, it.Identity)
			}
		}
		if it.Unknown != "" {
			unknown++
		}
	}
	var parts []string
	if resources > 0 {
		slices.Sort(services)
		parts = append(parts, count(resources, "resource")+" of "+few(services, 4))
	}
	if places > 0 {
		slices.Sort(identities)
		text := count(places, "place") + " in code"
		if len(identities) > 0 {
			text += verb(places, " that trusts ", " that trust ") + few(identities, 4)
		}
		parts = append(parts, text)
	}
	if subs > 0 {
		slices.Sort(whole)
		parts = append(parts, count(subs, "subscription")+" that "+verb(subs, "uses ", "use ")+few(whole, 4))
	}
	out := join(parts) + " " + verb(len(items), "is", "are") + " concerned by “" + cmpOr(n.n.Title, n.n.Key) + "”."
	if unknown > 0 {
		out += " Of " + count(unknown, "item") + " it cannot be told at present."
	}
	if f := b.fact[n]; n.n.PinningCondition && f.reached > 0 {
		out += " It reaches " + count(f.reached, "resource") + ", which " + verb(f.reached, "needs", "need") + " nothing themselves: only clients that pin are affected."
	}
	return out
}
