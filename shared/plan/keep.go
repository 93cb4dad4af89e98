package plan

import (
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// verdictKind says what became of a known item that nothing wants any more.
type verdictKind uint8

const (
	_                verdictKind = iota
	verdictUnknown               // cannot be told: it stays
	verdictNarrowed              // the notice has withdrawn it: a person confirms
	verdictCleared               // proved
	verdictMoved                 // another owner has it; text is the team
	verdictWithdrawn             // narrowed, and a person confirmed
)

// verdict is that with its words.
type verdict struct {
	kind verdictKind
	text string
}

// narrowed is a known item that its notice no longer reaches although nothing about
// the item changed.
type narrowed struct {
	ref knownItem
	why string
}

// judgeKnown says of every known open item that no notice wants: proved gone,
// unknown, given up by the provider, or now with somebody else. What is not proved
// gone stays wanted.
func (b *builder) judgeKnown() {
	wanted := b.wantedBy()
	for i, k := range b.known.actions {
		if k.n == nil {
			continue
		}
		elsewhere := map[string]bool{}
		var kept []knownItem
		keptWhy := map[knownItem]string{}
		for j := range k.a.Items {
			it := &k.a.Items[j]
			if it.Cleared != "" {
				continue
			}
			ref, id := knownItem{i, j}, itemRef{k.a.ID, itemKey(*it)}
			if team, ok := wanted[k.n][id.key]; ok {
				if team != k.a.Owner {
					b.plan.verdicts[id] = verdict{verdictMoved, team}
					elsewhere[team] = true
				}
				continue
			}
			switch v := b.verdictOf(k.n, ref); v.kind {
			case verdictCleared:
				b.plan.verdicts[id] = v
			case verdictNarrowed:
				b.shrunk[k.n] = append(b.shrunk[k.n], narrowed{ref, v.text})
			default:
				kept, keptWhy[ref] = append(kept, ref), v.text
			}
		}
		for _, ref := range kept {
			b.keep(k, ref, keptWhy[ref], elsewhere)
		}
	}
	for _, n := range b.notices {
		b.settleShrunk(n)
	}
}

// wantedBy is, for notices with known actions, which team each wanted item went to.
func (b *builder) wantedBy() map[*notice]map[string]string {
	out := map[*notice]map[string]string{}
	for _, k := range b.known.actions {
		if k.n != nil {
			out[k.n] = map[string]string{}
		}
	}
	for k, a := range b.open {
		if m := out[k.n]; m != nil {
			for _, it := range a.items {
				m[itemKey(it)] = k.team
			}
			for _, p := range a.picks {
				m[cutover.Fold(p.row.id)] = k.team
			}
		}
	}
	return out
}

// keep leaves an item wanted with its owner. why says why it cannot be told.
func (b *builder) keep(k knownAction, ref knownItem, why string, elsewhere map[string]bool) {
	it := *b.known.item(ref)
	if it.Unknown == "" {
		it.Unknown = why
	}
	team, ok := b.owners.Team(k.a.Owner)
	if !ok || team != k.a.Owner { // the team is gone: to whom its other items went, else to the fallback
		team, it.Trace = b.owners.fallback(it.Trace)
		if k.a.Owner == team {
			it.Trace = b.known.item(ref).Trace
		} else if len(elsewhere) == 1 {
			for only := range elsewhere {
				team, it.Trace = only, b.known.item(ref).Trace
			}
		}
	}
	if o, ok := b.moves[k.n][itemKey(it)]; ok {
		team, it.Trace = o.team, handed(it.Trace, o.step)
	}
	if team != k.a.Owner {
		b.plan.verdicts[itemRef{k.a.ID, itemKey(it)}] = verdict{verdictMoved, team}
	}
	b.plan.kept[itemRef{accKey{k.n, team}.name(), itemKey(it)}] = true
	b.tellKept(k.n, &it)
	a := b.acc(k.n, team)
	a.items = append(a.items, it)
}

// tellKept makes the outcome of the item's scope unknown, if nothing else is seen
// there: an open item and the word "clear" do not go together.
func (b *builder) tellKept(n *notice, it *cutover.Item) {
	why := "it is said: " + it.Unknown
	if it.Unknown == "" {
		why = "a person has to say whether it may go: the notice does not reach it any more"
	}
	if it.Kind == cutover.ItemFinding {
		t := b.fact[n].repo(it.Repository)
		t.kept = cmpOr(t.kept, why)
		return
	}
	if i := n.find(it.Service); i >= 0 {
		n.services[i].kept = cmpOr(n.services[i].kept, why)
	}
}

func (k accKey) name() string { return cutover.ActionKey(k.n.n.Key, k.team) }

// settleShrunk withdraws what the provider gave up once a person has confirmed
// exactly that; until then it stays.
func (b *builder) settleShrunk(n *notice) {
	shrunk := b.shrunk[n]
	if len(shrunk) == 0 {
		return
	}
	id := b.shrunkCase(n)
	var by *cutover.Decision
	for _, d := range sortedDecisions(b.in.Decisions) {
		if d.Target == id && (d.Kind == cutover.DecideApprove || d.Kind == cutover.DecideReject) {
			by = &d
		}
	}
	confirmed := by != nil && by.Kind == cutover.DecideApprove
	for _, s := range shrunk {
		k := b.known.actions[s.ref.action]
		if !confirmed {
			b.keep(k, s.ref, "", nil)
			continue
		}
		text := s.why + "; confirmed by " + by.Who + " on " + day(cutover.DateOf(by.At.UTC()))
		if q := n.n.Evidence["cancelled"].Quote; n.n.Cancelled && q != "" {
			text = "the provider says: “" + q + "”; confirmed by " + by.Who + " on " + day(cutover.DateOf(by.At.UTC()))
		}
		b.plan.verdicts[itemRef{k.a.ID, itemKey(*b.known.item(s.ref))}] = verdict{verdictWithdrawn, text}
	}
	if confirmed {
		delete(b.shrunk, n)
	}
}

// shrunkCase is the case of exactly these items: an approval holds for what was
// shown, and not for what the provider gives up later.
func (b *builder) shrunkCase(n *notice) string {
	keys := make([]string, 0, len(b.shrunk[n]))
	for _, s := range b.shrunk[n] {
		keys = append(keys, itemKey(*b.known.item(s.ref)))
	}
	slices.Sort(keys)
	return cutover.CaseID(cutover.CaseCancelled, n.n.Key+"\n"+strings.Join(slices.Compact(keys), "\n"))
}
