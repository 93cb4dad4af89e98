package plan

import "cutover/shared/cutover"

// gaveUp says why a notice does not reach an item as it was known; empty if it does.
func (n *notice) gaveUp(it *cutover.Item, pol Policy) string {
	switch {
	case n.idle != "":
		return n.idle
	case it.Kind == cutover.ItemFinding:
		return n.gaveUpCode(it)
	case n.n.PinningCondition:
		return "only clients that pin certificates are affected, the notice says now"
	case pol.NamedSubscriptionsOnly && !n.names(it.Subscription):
		return "by policy only the subscriptions that a notice names are concerned, and it does not name this one"
	}
	i := n.find(it.Service)
	if i < 0 || n.services[i].entry == nil {
		return "the notice no longer names " + it.Service
	}
	if it.Kind == cutover.ItemSubscription || it.Region == "" || it.Region == "global" {
		return ""
	}
	cloud := cutover.CloudOf(it.Region)
	switch {
	case n.regions != nil && !n.regions[it.Region]:
		return "the notice no longer names " + it.Region
	case n.cloudOut(cloud) != reachPlain:
		return "the notice no longer concerns " + cloud
	}
	return ""
}

// gaveUpCode is the same for a place in code.
func (n *notice) gaveUpCode(it *cutover.Item) string {
	if n.certs == nil {
		return "the notice is no longer about certificates"
	}
	name := foldName(it.Identity)
	_, goes := n.certs.names(it.Identity, "", cutover.FindSPKI)
	if name == "" || goes || n.certs.coming[name] || n.certs.under[name] {
		return ""
	}
	return "the notice no longer retires " + it.Identity
}
