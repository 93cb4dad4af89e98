package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"cutover/shared/cutover"
)

// notice is one notice made ready for a pass: names resolved, scopes as sets,
// milestones with what they apply to.
type notice struct {
	n        *cutover.Notice
	idle     string // why it opens nothing; empty: it acts
	past     cutover.Date
	services []service
	order    []int           // services by their own due date: the first that reaches a resource names the item
	regions  map[string]bool // nil: all
	clouds   map[string]bool
	excluded map[string]bool
	named    map[string]bool // subscriptions
	dated    []dated
	common   *deadline // of all items, where dates are not bound to parts
	certs    *certs    // nil where code is not concerned
	words    string    // digest of what a ticket quotes
}

// service is one service of a notice.
type service struct {
	name  string           // as the notice writes it
	entry *cutover.Service // nil: not in the service map
	flag  *cutover.Moved   // nil: no property tells
	ends  map[string]time.Time
	tally
}

// tally counts, for the words of an outcome.
type tally struct {
	reached, items, moved, untold, unnamed int
	elsewhere                              int    // in clouds that the notice does not concern
	untyped                                int    // of the type, without the property that tells more
	kept                                   string // why a known item cannot be told
}

// compiler holds what all notices of a pass share.
type compiler struct {
	services services
	cas      authorities
}

func newCompiler(svc []cutover.Service, cas []cutover.CA) compiler {
	return compiler{newServices(svc), newAuthorities(cas)}
}

// compile lists the notices by key.
func (c compiler) compile(all []cutover.Notice) []*notice {
	out := make([]*notice, len(all))
	for i := range all {
		out[i] = c.notice(&all[i])
	}
	slices.SortStableFunc(out, func(a, b *notice) int { return cmp.Compare(a.n.Key, b.n.Key) })
	return out
}

func (c compiler) notice(n *cutover.Notice) *notice {
	out := &notice{n: n, regions: regionSet(n.Regions), clouds: set(n.Clouds, nil), excluded: set(n.ExcludedClouds, nil), named: set(n.Subscriptions, cutover.Fold)}
	for _, name := range n.Services {
		s := service{name: name, entry: c.services.find(name)}
		out.services = append(out.services, s)
	}
	concerned := n.Topic == cutover.TopicCertificate || n.PinningCondition
	for _, m := range n.Milestones {
		if counts(m, n.Certificates) {
			out.dated = append(out.dated, c.dated(out, m))
		}
	}
	slices.SortStableFunc(out.dated, compareDated)
	if concerned {
		out.certs = c.cas.certs(n)
	}
	for i := range out.services {
		s := &out.services[i]
		if concerned && s.entry != nil && tells(s.entry.Moved, n) {
			s.flag = s.entry.Moved
		}
		out.order = append(out.order, i)
	}
	slices.SortStableFunc(out.order, func(a, b int) int {
		return cmp.Compare(out.serviceDue(a), out.serviceDue(b))
	})
	out.idle = idle(out)
	out.words = quoted(n)
	return out
}

// set is nil for an empty list.
func set(xs []string, fold func(string) string) map[string]bool {
	if len(xs) == 0 {
		return nil
	}
	out := make(map[string]bool, len(xs))
	for _, x := range xs {
		if fold != nil {
			x = fold(x)
		}
		out[x] = true
	}
	return out
}

// regionSet is nil where the list means all regions.
func regionSet(names []string) map[string]bool {
	out := set(names, cutover.Region)
	for name := range out {
		all := strings.HasPrefix(name, "all") && (name == "all" || strings.Contains(name, "region"))
		if all || name == "global" || name == "nonregional" || name == "worldwide" {
			return nil
		}
	}
	return out
}

// find is the place of a service in the notice, by name; -1 if it names it no more.
func (n *notice) find(name string) int {
	return slices.IndexFunc(n.services, func(s service) bool { return foldName(s.name) == foldName(name) })
}
