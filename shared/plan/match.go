package plan

import (
	"slices"
	"strings"
	"time"

	"cutover/shared/cutover"
)

// reach says how a notice concerns a resource. The zero value does not.
type reach uint8

const (
	outNotConcerned reach = iota
	outCloud
	outExcluded
	outRegion
	outWhere   // shares its type with the service, and is something else
	outUnnamed // policy: only subscriptions that the notice names
	reachMoved // a property says that it is through already
	reachUntold
	reachPlain  // from here on: it must change
	reachStays  // a property says that it has not moved
	reachAbsent // the property is absent, and the window has not ended
)

func (r reach) concerned() bool { return r >= reachMoved }
func (r reach) item() bool      { return r >= reachPlain }

// row is a resource with what every notice asks of it.
type row struct {
	r      cutover.Resource
	region string
	cloud  string
}

func newRow(r cutover.Resource) row {
	x := row{r: r, region: cutover.Region(r.Region), cloud: r.Cloud}
	if x.cloud == "" {
		x.cloud = cutover.CloudOf(x.region)
	}
	return x
}

// reaches reports whether the notice concerns a region; what is global is everywhere.
func (n *notice) reaches(region string) bool {
	return n.regions == nil || region == "global" || region == "" || n.regions[region]
}

// judge says how the i-th service of the notice concerns a resource of its type.
func (n *notice) judge(i int, x *row, pol Policy, now time.Time) reach {
	s := &n.services[i]
	switch {
	case n.excluded[x.cloud]:
		return outExcluded
	case n.clouds != nil && !n.clouds[x.cloud]:
		return outCloud
	case !n.reaches(x.region):
		return outRegion
	case !where(s.entry.Where, x.r):
		return outWhere
	}
	if s.flag != nil {
		if r := n.movedOn(i, x, now); r != reachPlain {
			return n.unnamed(r, x.r.Subscription, pol)
		}
	}
	return n.unnamed(reachPlain, x.r.Subscription, pol)
}

// unnamed applies the policy that a notice concerns the subscriptions it names only.
func (n *notice) unnamed(r reach, subscription string, pol Policy) reach {
	if pol.NamedSubscriptionsOnly && !n.names(subscription) {
		return outUnnamed
	}
	return r
}

// names reports whether the notice names the subscription; true where it names none.
func (n *notice) names(subscription string) bool {
	return n.named == nil || n.named[cutover.Fold(subscription)]
}

// movedOn asks the property that tells whether a resource is through.
func (n *notice) movedOn(i int, x *row, now time.Time) reach {
	m := n.services[i].flag
	value, ok := x.r.Properties[m.Path]
	switch {
	case ok && strings.EqualFold(value, m.Value):
		return reachMoved
	case ok:
		return reachStays
	}
	if end := n.ends(i, x.region); !end.IsZero() && !now.Before(end) {
		return reachUntold
	}
	return reachAbsent
}

// ends is the moment at which the window of a service is over in a region; zero
// without a window.
func (n *notice) ends(i int, region string) time.Time {
	s := &n.services[i]
	end, ok := s.ends[region]
	if !ok {
		end = n.windowEnd(scope{i, region}).End(nil)
		if s.ends == nil {
			s.ends = map[string]time.Time{}
		}
		s.ends[region] = end
	}
	return end
}

// where reports whether all predicates hold. A property that is absent holds none.
func where(ps []cutover.Predicate, r cutover.Resource) bool {
	for _, p := range ps {
		if len(p.Types) > 0 && !slices.Contains(p.Types, r.Type) {
			continue
		}
		value, ok := r.Properties[p.Path]
		if !ok || !slices.ContainsFunc(p.Values, func(want string) bool { return holds(want, value) }) {
			return false
		}
	}
	return true
}

// blind reports whether a row cannot be told from the others of its type, because
// the inventory does not bring the property that tells.
func (s *service) blind(x *row) bool {
	for _, p := range s.entry.Where {
		if len(p.Types) > 0 && !slices.Contains(p.Types, x.r.Type) {
			continue
		}
		value, ok := x.r.Properties[p.Path]
		if ok && !slices.ContainsFunc(p.Values, func(want string) bool { return holds(want, value) }) {
			return false // it is something else, whatever the rest says
		}
	}
	return true
}

// holds compares without case; "~x" means "contains x".
func holds(want, value string) bool {
	if part, ok := strings.CutPrefix(want, "~"); ok {
		return strings.Contains(strings.ToLower(value), strings.ToLower(part))
	}
	return strings.EqualFold(want, value)
}

// cloudOut says why a whole subscription is out of the notice's scope by its cloud;
// empty if it is not, or if its cloud is not known.
func (n *notice) cloudOut(cloud string) reach {
	switch {
	case cloud == "":
		return reachPlain
	case n.excluded[cloud]:
		return outExcluded
	case n.clouds != nil && !n.clouds[cloud]:
		return outCloud
	}
	return reachPlain
}
