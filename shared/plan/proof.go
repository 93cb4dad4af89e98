package plan

import (
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// verdictOf says why a known open item is wanted no more. First whether the notice
// still reaches it as it was; then what the newest look at its source proves.
func (b *builder) verdictOf(n *notice, ref knownItem) verdict {
	it := b.known.item(ref)
	if why := n.gaveUp(it, b.in.Policy); why != "" {
		return verdict{verdictNarrowed, why}
	}
	if it.Kind == cutover.ItemFinding {
		return b.findingVerdict(n, it)
	}
	l := b.looks.inventory
	switch {
	case !l.ok:
		return verdict{verdictUnknown, l.why}
	case l.seen == it.Seen && it.Seen != "":
		return verdict{verdictUnknown, "no newer inventory has been read since it was found"}
	}
	if v, ok := b.known.rows[ref]; ok {
		return v
	}
	if i := n.find(it.Service); it.Kind == cutover.ItemResource && !slices.Contains(n.services[i].entry.Types, typeOf(it.ID)) {
		return verdict{verdictUnknown, "the service map no longer counts its type to " + it.Service} // nobody asked for the row
	}
	_, stands := b.owners.subs[cutover.Fold(it.Subscription)]
	switch {
	case it.Kind == cutover.ItemSubscription:
		return verdict{verdictUnknown, "the subscription is not in " + l.words + "; that may mean that nobody can see it any more"}
	case !stands:
		return verdict{verdictUnknown, "it is not in " + l.words + ", and neither is its subscription"}
	}
	return verdict{verdictCleared, "gone: not in " + l.words + ", in which its subscription stands"}
}

// rowVerdict says what a row of the inventory shows of an item that it no longer is.
func (b *builder) rowVerdict(n *notice, it *cutover.Item, x *row) verdict {
	l := b.looks.inventory
	i := n.find(it.Service)
	if n.idle != "" || i < 0 || n.services[i].entry == nil {
		return verdict{verdictUnknown, "it cannot be held against the notice any more"}
	}
	s := &n.services[i]
	if !slices.Contains(s.entry.Types, x.r.Type) {
		return verdict{verdictUnknown, "the service map no longer counts its type to " + it.Service}
	}
	switch code := n.judge(i, x, b.in.Policy, b.now); code {
	case reachMoved:
		return verdict{verdictCleared, leaf(s.flag.Path) + " is " + x.r.Properties[s.flag.Path] + " in " + l.words}
	case reachUntold:
		return verdict{verdictUnknown, "the flag " + leaf(s.flag.Path) + " is absent, and the window ended on " + day(n.windowEnd(scope{i, x.region}))}
	case outRegion, outCloud, outExcluded:
		if x.region == it.Region { // the place is the same, so the notice has changed
			return verdict{verdictNarrowed, "the notice no longer reaches it in " + x.region}
		}
		return verdict{verdictCleared, "it is in " + x.region + " in " + l.words + ", where the notice changes nothing"}
	case outWhere:
		if p, value := failing(s.entry.Where, x.r); value != "" {
			return verdict{verdictCleared, p + " is " + value + " in " + l.words + ": not what the notice is about"}
		}
		return verdict{verdictUnknown, "the inventory does not say any more what kind of resource it is"}
	}
	return verdict{verdictUnknown, "it cannot be told why the notice does not reach it any more"}
}

// typeOf reads the type off a resource id, in lower case:
// …/providers/Microsoft.Sql/servers/NAME/databases/NAME is microsoft.sql/servers/databases.
func typeOf(id string) string {
	id = cutover.Fold(id)
	i := strings.LastIndex(id, "/providers/")
	if i < 0 {
		return ""
	}
	parts := strings.Split(id[i+len("/providers/"):], "/")
	out := parts[0]
	for j := 1; j < len(parts); j += 2 {
		out += "/" + parts[j]
	}
	return out
}

// failing is the first predicate that a row does not meet, with the row's value.
func failing(ps []cutover.Predicate, r cutover.Resource) (path, value string) {
	for _, p := range ps {
		if !where([]cutover.Predicate{p}, r) {
			return leaf(p.Path), r.Properties[p.Path]
		}
	}
	return "", ""
}

// findingVerdict asks the newest look at the repository.
func (b *builder) findingVerdict(n *notice, it *cutover.Item) verdict {
	l := b.looks.repo(it.Repository)
	switch {
	case !l.ok:
		return verdict{verdictUnknown, l.why}
	case b.looks.versions[it.Repository] == it.Commit:
		return verdict{verdictUnknown, "it is not found any more in the very version in which it was found"}
	}
	i, ok := b.found.byID[it.ID]
	if !ok {
		return verdict{verdictCleared, "not found any more in " + l.words}
	}
	switch p := b.place(n, i); p.as {
	case placeHolds:
		return verdict{verdictCleared, "trusts " + needs(n.certs) + " as well in " + l.words}
	case placeMentions:
		return verdict{verdictCleared, "does not trust it any more, " + b.found.all[i].Direction + " it only, in " + l.words}
	case placeAside:
		return verdict{verdictCleared, "is " + b.found.all[i].Role + " now, in " + l.words}
	}
	return verdict{verdictUnknown, "it cannot be told why the notice does not concern it any more"}
}

// needs names what a place must trust to be clear.
func needs(c *certs) string {
	var names []string
	for _, x := range c.needed {
		if name := cmpOr(x.CN, x.Thumbprint); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return few(names, 4)
}

// provenBy lists what was looked at to clear the items of an action.
func provenBy(items []cutover.Item, l looks) string {
	var out []string
	for _, it := range items {
		words := l.inventory.words
		if it.Kind == cutover.ItemFinding {
			words = it.Repository + " at " + l.repo(it.Repository).words
		}
		if words != "" && !slices.Contains(out, words) {
			out = append(out, words)
		}
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}
