package plan

import (
	"cmp"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// Rules of the owner chain, as they stand in a trace.
const (
	RuleCodeowners = "codeowners"
	RuleResource   = "resource-tag"
	RuleGroup      = "group-tag"
	RuleTag        = "subscription-tag"
	RuleMap        = "subscription-map"
	RuleRepository = "repository-map"
	RuleFallback   = "fallback"
	RuleDecision   = "decision" // a person reassigned it; outranks the chain
)

// passedOver is what a trace says of a value that names no team.
const passedOver = "names no team, passed over"

// Owners answers who owns what. It is an index of one pass and not for concurrent
// use: it remembers what it was asked.
type Owners struct {
	own   cutover.Ownership
	teams map[string]string // folded id or name → id
	subs  map[string]cutover.Subscription
	group map[groupKey]map[string]string // tags
	bySub map[string]mapped              // owners.subscriptions by folded GUID or name
	repos []mapped                       // owners.repositories, the most exact first
	code  map[string]mapped              // owners.codeowners by folded handle
	cache map[ownerKey]owned
}

type groupKey struct{ subscription, name string }

// mapped is one entry of a map of the configuration.
type mapped struct{ key, team string }

type ownerKey struct{ subscription, group, tags string }

type owned struct {
	team  string
	trace cutover.Trace
}

// NewOwners builds the index.
func NewOwners(own cutover.Ownership, subs []cutover.Subscription, groups []cutover.Group) *Owners {
	x := &Owners{
		own: own, teams: map[string]string{}, subs: make(map[string]cutover.Subscription, len(subs)),
		group: make(map[groupKey]map[string]string, len(groups)),
		bySub: map[string]mapped{}, code: map[string]mapped{}, cache: map[ownerKey]owned{},
	}
	teams := slices.Clone(own.Teams)
	slices.SortFunc(teams, func(a, b cutover.Team) int { return cmp.Compare(a.ID, b.ID) })
	for _, t := range teams { // an id beats a name, the first id beats the next
		put(x.teams, cutover.Fold(t.ID), t.ID)
	}
	for _, t := range teams {
		put(x.teams, cutover.Fold(t.Name), t.ID)
	}
	for _, s := range subs {
		x.subs[cutover.Fold(s.ID)] = s
	}
	for _, g := range groups {
		x.group[groupKey{cutover.Fold(g.Subscription), cutover.Fold(g.Name)}] = g.Tags
	}
	for _, m := range entries(own.Subscriptions) {
		put(x.bySub, cutover.Fold(m.key), m)
	}
	for _, m := range entries(own.Codeowners) {
		put(x.code, cutover.Fold(m.key), m)
	}
	x.repos = entries(own.Repositories)
	slices.SortStableFunc(x.repos, func(a, b mapped) int {
		wild := func(s string) int { return strings.Count(s, "*") }
		return cmp.Or(cmp.Compare(min(wild(a.key), 1), min(wild(b.key), 1)), cmp.Compare(len(b.key), len(a.key)))
	})
	return x
}

func put[V any](m map[string]V, key string, v V) {
	if _, ok := m[key]; !ok && key != "" {
		m[key] = v
	}
}

// entries lists a map of the configuration by key.
func entries(m map[string]string) []mapped {
	out := make([]mapped, 0, len(m))
	for k, v := range m {
		out = append(out, mapped{k, v})
	}
	slices.SortFunc(out, func(a, b mapped) int { return cmp.Compare(a.key, b.key) })
	return out
}

// Team finds a team by id or name, without case; false if there is none.
func (x *Owners) Team(name string) (string, bool) {
	id, ok := x.teams[cutover.Fold(strings.TrimSpace(name))]
	return id, ok
}

// OwnerOfResource asks the resource's tags, its group's, its subscription's, the
// subscription map, and then the fallback.
func (x *Owners) OwnerOfResource(r cutover.Resource) (string, cutover.Trace) {
	key := ownerKey{cutover.Fold(r.Subscription), cutover.Fold(r.Group), x.signature(r.Tags)}
	o, ok := x.cache[key]
	if !ok {
		steps, team := x.tags(nil, RuleResource, "resource", r.Tags)
		if team == "" {
			steps, team = x.tags(steps, RuleGroup, "group "+r.Group, x.group[groupKey{key.subscription, key.group}])
		}
		o = x.subscription(steps, team, key.subscription)
		x.cache[key] = o
	}
	return o.team, o.trace
}

// OwnerOfSubscription is the same chain from the subscription on.
func (x *Owners) OwnerOfSubscription(id string) (string, cutover.Trace) {
	o := x.subscription(nil, "", cutover.Fold(id))
	return o.team, o.trace
}

// OwnerOfPath asks CODEOWNERS (hints are the owners on the line that applies, where
// says which line that is), then the repository map, then the fallback.
func (x *Owners) OwnerOfPath(repository string, hints []string, where string) (string, cutover.Trace) {
	var steps cutover.Trace
	if len(hints) == 0 {
		steps = append(steps, cutover.Step{Rule: RuleCodeowners, Where: where, Result: "says nothing about this path"})
	}
	for _, h := range hints {
		m, ok := x.code[cutover.Fold(h)]
		team, named := x.Team(m.team)
		switch {
		case !ok:
			steps = append(steps, cutover.Step{Rule: RuleCodeowners, Where: where, Value: h, Result: "is not in owners.codeowners, passed over"})
		case !named:
			steps = append(steps, cutover.Step{Rule: RuleCodeowners, Where: where, Value: h + " = " + m.team, Result: passedOver})
		default:
			return team, won(steps, cutover.Step{Rule: RuleCodeowners, Where: where, Value: h, Result: team})
		}
	}
	asked := false
	for _, m := range x.repos {
		if !glob(cutover.Fold(m.key), cutover.Fold(repository)) {
			continue
		}
		asked = true
		if team, ok := x.Team(m.team); ok {
			return team, won(steps, cutover.Step{Rule: RuleRepository, Where: "owners.repositories " + m.key, Value: m.team, Result: team})
		}
		steps = append(steps, cutover.Step{Rule: RuleRepository, Where: "owners.repositories " + m.key, Value: m.team, Result: passedOver})
	}
	if !asked {
		steps = append(steps, cutover.Step{Rule: RuleRepository, Where: "owners.repositories", Value: repository, Result: "no entry"})
	}
	return x.fallback(steps)
}
