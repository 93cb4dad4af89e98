package plan

import "cutover/shared/cutover"

// where says for people where a resource is.
func (b *builder) where(x *row) string {
	sub := x.r.Subscription
	if s, ok := b.owners.subs[cutover.Fold(sub)]; ok && s.Name != "" {
		sub = s.Name
	}
	name := cmpOr(x.r.Name, x.r.ID)
	where := cmpOr(x.region, "no region") + ", "
	if x.r.Group != "" {
		where += "group " + x.r.Group + ", "
	}
	return name + " (" + where + "subscription " + sub + ")"
}

// whyKey keeps reasons apart; many items share one string.
type whyKey struct {
	n      *notice
	i      int
	code   reach
	region string
	value  string
	named  bool
}

// why says why a resource is an item.
func (b *builder) why(e entry, p pick, named bool) string {
	k := whyKey{n: e.n, i: e.i, code: p.code, region: p.row.region, value: p.value, named: named}
	why, ok := b.whys[k]
	if !ok {
		why = b.compose(e, k)
		b.whys[k] = why
	}
	return why
}

func (b *builder) compose(e entry, k whyKey) string {
	n, s := e.n, &e.n.services[e.i]
	out := ""
	switch k.code {
	case reachAbsent:
		out = s.entry.Name + " without the flag " + leaf(s.flag.Path) + ": taken as still on the old root"
		if end := n.windowEnd(scope{e.i, k.region}); end != "" {
			out += " until " + day(end) + ", the end of the window"
		}
	case reachStays:
		out = s.entry.Name + " whose flag " + leaf(s.flag.Path) + " is " + k.value + ": still on the old root"
	default:
		out = "belongs to " + s.name
		switch {
		case n.regions == nil:
			out += "; the notice names no region, so each counts"
		case k.region == "global" || k.region == "":
			out += "; it is in no region of its own, so it counts whatever region the notice names"
		default:
			out += "; the notice names " + k.region
		}
	}
	if !k.named {
		out += "; its subscription is not among those that the notice names"
	}
	return out
}

// leaf is the last part of a property's path, as people know it.
func leaf(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '.' {
			return path[i+1:]
		}
	}
	return path
}
