package plan

import (
	"cmp"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// dated is a milestone that counts, with what it applies to.
type dated struct {
	m        cutover.Milestone
	services uint64          // bits by place in the notice; 0: all
	regions  map[string]bool // nil: all
	origin   cutover.Origin  // which delivery settled it
}

// unbound is the bit of all services from the 64th on.
const unbound = 63

func bit(i int) uint64 { return 1 << min(i, unbound) }

// dated resolves the services of a milestone. A name that neither the notice nor
// the service map knows binds nothing: the date then counts for the whole notice.
func (c compiler) dated(n *notice, m cutover.Milestone) dated {
	d := dated{m: m, regions: regionSet(m.Regions), origin: n.n.Provenance[milestoneFact(m)]}
	known := false
	for _, name := range m.Services {
		entry := c.services.find(name)
		known = known || entry != nil
		for i, s := range n.services {
			if foldName(s.name) == foldName(name) || entry != nil && s.entry == entry {
				d.services |= bit(i)
				known = true
			}
		}
	}
	if known && d.services == 0 {
		d.services = bit(len(n.services) + unbound) // a service that the notice itself does not name
	}
	all := uint64(0)
	for i := range n.services {
		all |= bit(i)
	}
	if d.services == all {
		d.services = 0
	}
	return d
}

func compareDated(a, b dated) int {
	return cmp.Or(
		cmp.Compare(a.m.Start, b.m.Start), cmp.Compare(a.m.Kind, b.m.Kind), cmp.Compare(a.m.End, b.m.End),
		slices.Compare(a.m.Services, b.m.Services), slices.Compare(a.m.Regions, b.m.Regions),
	)
}

// scope is what an item is bound to. Service -1 and region "" bind to nothing: a
// place in code belongs to all services of the notice.
type scope struct {
	service int
	region  string
}

func (s scope) anyRegion() bool { return s.region == "" || s.region == "global" }

// applies reports whether the milestone concerns an item.
func (d dated) applies(s scope) bool {
	if d.services != 0 && s.service >= 0 && d.services&bit(s.service) == 0 {
		return false
	}
	return d.regions == nil || s.anyRegion() || d.regions[s.region]
}

// replaces reports whether, for an item, d is what o has become: the same kind of
// date, said by a newer delivery, about at least what o was about.
func (d dated) replaces(o dated, s scope) bool {
	if d.m.Kind != o.m.Kind || d.origin.Delivery == "" || o.origin.Delivery == d.origin.Delivery || !beats(d.origin, o.origin) {
		return false
	}
	if d.services != 0 && s.service < 0 && (o.services == 0 || o.services&^d.services != 0) {
		return false
	}
	if d.regions == nil || !s.anyRegion() {
		return true
	}
	for r := range o.regions {
		if !d.regions[r] {
			return false
		}
	}
	return o.regions != nil
}

// milestones lists what concerns an item, without what a newer delivery replaced.
func (n *notice) milestones(s scope) []dated {
	var out []dated
	for _, d := range n.dated {
		if d.applies(s) {
			out = append(out, d)
		}
	}
	return slices.DeleteFunc(out, func(o dated) bool {
		return slices.ContainsFunc(n.dated, func(d dated) bool { return d.applies(s) && d.replaces(o, s) })
	})
}

// counts reports whether a milestone says something about what goes. The expiry of
// a certificate that comes is no deadline.
func counts(m cutover.Milestone, certs []cutover.Certificate) bool {
	if m.Kind != cutover.KindExpiry {
		return true
	}
	coming := false
	for _, c := range certs {
		if c.Expires != m.Start {
			continue
		}
		if c.State == cutover.StateRetiring {
			return true
		}
		coming = coming || c.State != ""
	}
	return !coming
}

// begin is the earliest day that the start of a window can mean. Of a window that
// runs already only the end is known, and that is what stands there.
func begin(m cutover.Milestone) cutover.Date {
	switch {
	case m.Reason == cutover.ReasonRunning, !m.Start.Valid():
		return m.Start
	case m.Precision == cutover.PrecisionMonth:
		return m.Start.MonthStart()
	case m.Precision == cutover.PrecisionYear:
		return m.Start[:4] + "-01-01"
	}
	return m.Start
}

// milestoneFact is the name under which folding keeps the origin of a milestone:
// its kind and what it applies to.
func milestoneFact(m cutover.Milestone) string {
	fold := func(xs []string, f func(string) string) string {
		out := make([]string, len(xs))
		for i, x := range xs {
			out[i] = f(x)
		}
		slices.Sort(out)
		return strings.Join(slices.Compact(out), ",")
	}
	return "milestones/" + m.Kind + "/" + fold(m.Services, foldName) + "/" + fold(m.Regions, cutover.Region)
}
