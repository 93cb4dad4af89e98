package plan

import (
	"cmp"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// ledger are the known actions that have not ended, with their open items.
type ledger struct {
	actions   []knownAction          // by id
	resources map[string][]knownItem // folded resource id
	rows      map[knownItem]verdict  // what an inventory row says of an item that it is no more
	findings  map[string]bool        // ids
	opened    map[*notice]bool       // notices with open items that are no findings
}

type knownAction struct {
	a *cutover.Action
	n *notice // nil: the notice is not among those of the pass
}

type knownItem struct{ action, item int }

func (l *ledger) item(r knownItem) *cutover.Item { return &l.actions[r.action].a.Items[r.item] }

// readKnown indexes the known actions. A notice that was merged into another leads
// its actions there.
func (b *builder) readKnown() {
	b.known = ledger{resources: map[string][]knownItem{}, rows: map[knownItem]verdict{}, findings: map[string]bool{}, opened: map[*notice]bool{}}
	for i := range b.in.Known {
		if a := &b.in.Known[i]; !a.State.Ended() {
			n := b.byKey[a.Notice]
			b.known.actions = append(b.known.actions, knownAction{a, n})
			if n != nil && n.n.Key != a.Notice {
				b.plan.alias[a.Notice] = n.n.Key
			}
		}
	}
	slices.SortFunc(b.known.actions, func(x, y knownAction) int { return cmp.Compare(x.a.ID, y.a.ID) })
	var buf []byte
	for i, k := range b.known.actions {
		for j := range k.a.Items {
			it := &k.a.Items[j]
			switch {
			case it.Cleared != "":
				continue
			case it.Kind == cutover.ItemFinding:
				b.known.findings[it.ID] = true
				continue
			case it.Kind == cutover.ItemResource:
				buf = foldInto(buf, it.ID)
				b.known.resources[string(buf)] = append(b.known.resources[string(buf)], knownItem{i, j})
			}
			if k.n != nil {
				b.known.opened[k.n] = true
			}
		}
	}
}

// override is where a person sent an item.
type override struct {
	team string
	step cutover.Step
}

// readReassigned notes which items a person gave to another team. The decision
// stands in the trace of each item, and so outlives the action that it was about.
func (b *builder) readReassigned() {
	decided := reassignments(b.in.Decisions)
	for _, k := range b.known.actions {
		if k.n == nil {
			continue
		}
		d, moved := decided[k.a.ID]
		if byName, ok := decided[k.a.Key]; ok && !moved && !byName.At.Before(k.a.Opened) {
			d, moved = byName, true // a name may have belonged to an earlier action
		}
		team, ok := b.owners.Team(d.To)
		if moved && ok && team != k.a.Owner { // what comes new to the same owner meanwhile follows
			b.whole[accKey{k.n, k.a.Owner}] = override{team, reassigned(d, team)}
		}
		for j := range k.a.Items {
			it := &k.a.Items[j]
			switch {
			case moved && ok && team != k.a.Owner:
				b.override(k.n, it, override{team, reassigned(d, team)})
			case len(it.Trace) > 0 && it.Trace[len(it.Trace)-1].Rule == RuleDecision:
				if _, ok := b.owners.Team(k.a.Owner); ok {
					b.override(k.n, it, override{k.a.Owner, it.Trace[len(it.Trace)-1]})
				}
			}
		}
	}
}

func reassigned(d cutover.Decision, team string) cutover.Step {
	return cutover.Step{Rule: RuleDecision, Where: "reassigned on " + day(cutover.DateOf(d.At.UTC())), Value: d.Who, Result: team, Won: true}
}

func (b *builder) override(n *notice, it *cutover.Item, o override) {
	if b.moves[n] == nil {
		b.moves[n] = map[string]override{}
	}
	b.moves[n][itemKey(*it)] = o
}

// readStanding keeps known items with their owners while the look that would say
// otherwise cannot be relied on: a tag or a CODEOWNERS file that was not read is no
// word that somebody else owns it.
func (b *builder) readStanding() {
	for _, k := range b.known.actions {
		if k.n == nil {
			continue
		}
		if _, ok := b.owners.Team(k.a.Owner); !ok {
			continue
		}
		for j := range k.a.Items {
			it := &k.a.Items[j]
			l := b.looks.inventory
			if it.Kind == cutover.ItemFinding {
				l = b.looks.repo(it.Repository)
			}
			if _, said := b.moves[k.n][itemKey(*it)]; l.ok || said || it.Cleared != "" || len(it.Trace) == 0 {
				continue
			}
			b.override(k.n, it, override{k.a.Owner, it.Trace[len(it.Trace)-1]})
		}
	}
}

// reassignments is the last one about each target.
func reassignments(all []cutover.Decision) map[string]cutover.Decision {
	out := map[string]cutover.Decision{}
	for _, d := range sortedDecisions(all) {
		if d.Kind == cutover.DecideReassign {
			out[d.Target] = d
		}
	}
	return out
}

func sortedDecisions(all []cutover.Decision) []cutover.Decision {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b cutover.Decision) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// handed ends a trace with a person's decision instead of the rule that won.
func handed(t cutover.Trace, step cutover.Step) cutover.Trace {
	out := make(cutover.Trace, 0, len(t)+1)
	for _, s := range t {
		if s.Rule != RuleDecision {
			s.Won = false
			out = append(out, s)
		}
	}
	return append(out, step)
}

func compareFold(a, b string) int {
	return cmp.Or(strings.Compare(cutover.Fold(a), cutover.Fold(b)), strings.Compare(a, b))
}
