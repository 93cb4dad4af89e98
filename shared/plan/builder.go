package plan

import (
	"strings"
	"time"

	"cutover/shared/cutover"
)

// builder is one pass of Desired.
type builder struct {
	in      Input
	now     time.Time
	plan    Plan
	cat     authorities
	notices []*notice
	byKey   map[string]*notice
	looks   looks
	owners  *Owners
	repos   map[string]cutover.Repository

	types  map[string][]entry     // which services of which notices mean a resource type
	nearby map[typeRegion][]entry // the same, of those that reach a region
	found  findings
	known  ledger
	moves  map[*notice]map[string]override // by item
	whole  map[accKey]override             // by owner

	open   map[accKey]*acc
	slab   slab
	whys   map[whyKey]string
	fact   map[*notice]*facts
	shrunk map[*notice][]narrowed
}

// entry is one service of one notice.
type entry struct {
	n *notice
	i int
}

// facts are what a pass counts of one notice.
type facts struct {
	reached int // resources, each once
	repos   map[string]*repoTally
	places  int // items in code
}

type accKey struct {
	n    *notice
	team string
}

// acc collects the items of one owner for one notice.
type acc struct {
	items []cutover.Item
	picks []pick
}

func newBuilder(in Input, now time.Time) *builder {
	comp := newCompiler(in.Services, in.CAs)
	b := &builder{
		in: in, now: now, cat: comp.cas, notices: comp.compile(in.Notices), byKey: map[string]*notice{},
		looks: newLooks(in.Sources, in.Repositories, now), owners: NewOwners(in.Ownership, in.Subscriptions, in.Groups),
		repos: map[string]cutover.Repository{}, types: map[string][]entry{}, nearby: map[typeRegion][]entry{}, moves: map[*notice]map[string]override{}, whole: map[accKey]override{},
		open: map[accKey]*acc{}, whys: map[whyKey]string{}, fact: map[*notice]*facts{}, shrunk: map[*notice][]narrowed{},
	}
	b.plan = Plan{at: now, verdicts: map[itemRef]verdict{}, kept: map[itemRef]bool{}, looks: b.looks, alias: map[string]string{}, owners: b.owners}
	for _, r := range in.Repositories {
		b.repos[r.Name] = r
	}
	for _, n := range b.notices {
		put(b.byKey, n.n.Key, n)
		b.fact[n] = &facts{repos: map[string]*repoTally{}}
	}
	for _, n := range b.notices { // notices whose aliases met were merged: an old key leads to the new one
		provider, _, _ := strings.Cut(n.n.Key, ":")
		for _, id := range n.n.TrackingIDs {
			put(b.byKey, provider+":"+id, n)
		}
	}
	for _, d := range sortedDecisions(in.Decisions) { // and so does a surrogate key that a person linked
		provider, _, _ := strings.Cut(d.Target, ":")
		if to := b.byKey[provider+":"+d.To]; d.Kind == cutover.DecideLink && to != nil {
			put(b.byKey, d.Target, to)
		}
	}
	b.readKnown()
	b.readReassigned()
	b.readStanding()
	return b
}

// indexTypes notes, for the notices that act, which resource types they reach. The
// entries of a type stand together by notice, the service that is due first before
// the others.
func (b *builder) indexTypes() {
	for _, n := range b.notices {
		if !b.acts(n) || n.past != "" {
			continue
		}
		for _, i := range n.order {
			if e := n.services[i].entry; e != nil {
				for _, t := range e.Types {
					b.types[t] = append(b.types[t], entry{n, i})
				}
			}
		}
	}
}

func (b *builder) acts(n *notice) bool { return n.idle == "" }

// add gives an item to its owner, unless a person gave it to somebody else.
func (b *builder) add(n *notice, team string, trace cutover.Trace, it cutover.Item) {
	it.Trace = trace
	o, ok := b.whole[accKey{n, team}]
	if m := b.moves[n]; m != nil {
		if own, is := m[itemKey(it)]; is {
			o, ok = own, true
		}
	}
	if ok {
		team, it.Trace = o.team, handed(trace, o.step)
	}
	if fellBack(it.Trace) {
		b.plan.Fallback++
	}
	a := b.acc(n, team)
	a.items = append(a.items, it)
}

func (b *builder) acc(n *notice, team string) *acc {
	k := accKey{n, team}
	a := b.open[k]
	if a == nil {
		a = &acc{}
		b.open[k] = a
	}
	return a
}

// itemKey is an item's id as it compares. Azure's ids ignore case, paths do not.
func itemKey(it cutover.Item) string {
	if it.Kind == cutover.ItemFinding {
		return it.ID
	}
	return cutover.Fold(it.ID)
}
