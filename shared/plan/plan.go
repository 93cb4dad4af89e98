package plan

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"cutover/shared/cutover"
)

// Input is everything that one pass decides on. Rows come as iterators and are
// read once; they may hold more than is asked for (see Wanted).
type Input struct {
	Notices       []cutover.Notice
	Services      []cutover.Service // the service map
	CAs           []cutover.CA      // the catalogue
	Ownership     cutover.Ownership
	Subscriptions []cutover.Subscription
	Groups        []cutover.Group
	Resources     iter.Seq2[cutover.Resource, error]
	Findings      iter.Seq2[cutover.Finding, error]
	Sources       []cutover.Source // how fresh and how complete
	Decisions     []cutover.Decision
	Known         []cutover.Action     // those that have not ended
	Repositories  []cutover.Repository // for links, and to see which were never scanned
	Policy        Policy
}

// Policy is what an operator chose.
type Policy struct {
	// NamedSubscriptionsOnly makes a notice that names subscriptions concern these
	// alone. Otherwise what matches elsewhere is an item too, marked and sorted last.
	NamedSubscriptionsOnly bool
}

// Plan is what ought to be: the open items of every owner, and what was found out
// on the way. Actions that are new carry the ID that they would get.
type Plan struct {
	Actions  []cutover.Action  // by notice and owner
	Outcomes []cutover.Outcome // by notice and scope
	Past     []PastNotice      // by notice
	Idle     []IdleNotice      // those that open nothing whatever there is, by notice
	Cases    []cutover.Case    // by id; Opened is this pass, who keeps them keeps the first
	Fallback int               // items to which no rule but the fallback gave an owner

	at       time.Time
	verdicts map[itemRef]verdict // of known items that are wanted no more
	kept     map[itemRef]bool    // wanted only because nothing proves them gone
	looks    looks
	alias    map[string]string // notice key as known → as it is now
	owners   *Owners
}

// PastNotice is a notice whose dates were over when it was first seen.
type PastNotice struct {
	Notice string
	Title  string
	Last   cutover.Date
	Items  int // places that still trust what it retires; without any it opened nothing
	Reason string
}

// IdleNotice is a notice that opens nothing by what it says itself: a service
// issue, the portal's test, one that asks for nothing and carries no date.
type IdleNotice struct {
	Notice string
	Title  string
	Why    string
}

// itemRef names an item of a known action.
type itemRef struct{ action, key string }

// Wanted says what to ask the store for: resource types (lower case), regions (nil:
// all) and CNs. No identities means that no finding can matter; a store that takes
// an empty list for "all" costs time and nothing else.
func Wanted(notices []cutover.Notice, svc []cutover.Service, cas []cutover.CA) (types, regions, identities []string) {
	typ, reg, cns := map[string]bool{}, map[string]bool{}, map[string]bool{}
	everywhere := false
	c := newCompiler(svc, cas)
	for _, n := range c.compile(notices) {
		if n.idle != "" {
			continue
		}
		for _, s := range n.services {
			if s.entry == nil || len(s.entry.Types) == 0 {
				continue
			}
			for _, t := range s.entry.Types {
				typ[t] = true
			}
			everywhere = everywhere || n.regions == nil
			for r := range n.regions {
				reg[r] = true
			}
		}
		n.identities(c.cas, cns)
	}
	if !everywhere && len(reg) > 0 {
		reg["global"], reg[""] = true, true // what is in no region counts in each
		regions = slices.Sorted(maps.Keys(reg))
	}
	return slices.Sorted(maps.Keys(typ)), regions, slices.Sorted(maps.Keys(cns))
}

// identities collects the CNs of what goes, of what stands under it, and of what
// must be there instead, as the catalogue spells them.
func (n *notice) identities(x authorities, into map[string]bool) {
	if n.certs == nil {
		return
	}
	for _, c := range slices.Concat(n.certs.retiring, n.certs.needed) {
		if c.CN != "" {
			into[c.CN] = true
		}
	}
	for _, ca := range x.all {
		name := foldName(ca.CN)
		_, chain := n.certs.chain[name]
		_, thumb := n.certs.thumbs[ca.SHA1]
		_, twin := n.certs.twins[name]
		if chain || thumb || twin || n.certs.coming[name] {
			into[ca.CN] = true
		}
	}
}

// Desired says who must act on what by when. It fails only when an iterator did: a
// look that broke off is no look.
func Desired(in Input, now time.Time) (Plan, error) {
	b := newBuilder(in, now.UTC())
	if err := b.readFindings(); err != nil {
		return Plan{}, fmt.Errorf("reading findings: %w", err)
	}
	b.settlePast()
	b.placeFindings()
	if err := b.readResources(); err != nil {
		return Plan{}, fmt.Errorf("reading resources: %w", err)
	}
	b.wholeSubscriptions()
	b.judgeKnown()
	b.finish()
	b.idle()
	b.outcomes()
	b.cases()
	return b.plan, nil
}
