package plan

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"cutover/shared/cutover"
)

// outcomes says for each notice and scope whether something must change: affected,
// clear, or unknown. Clear needs a complete and fresh source.
func (b *builder) outcomes() {
	repos := b.repositories()
	for _, n := range b.notices {
		if !b.acts(n) {
			continue
		}
		if n.past == "" {
			b.inventoryOutcomes(n)
		}
		if n.certs != nil && (len(n.certs.retiring) > 0 || n.n.PinningCondition) {
			all := b.withKept(n, repos)
			for _, r := range all {
				word, why := b.repositoryOutcome(n, r)
				b.outcome(n, "repository:"+r, word, why)
			}
			if len(all) == 0 && n.n.PinningCondition {
				b.outcome(n, "repositories", cutover.OutcomeUnknown, cmpOr(n.certs.unknown, "no repository is configured, so it cannot be told who pins what goes"))
			}
		}
	}
	slices.SortStableFunc(b.plan.Outcomes, func(x, y cutover.Outcome) int {
		return cmp.Or(cmp.Compare(x.Notice, y.Notice), cmp.Compare(x.Scope, y.Scope))
	})
}

func (b *builder) outcome(n *notice, scope, word, why string) {
	b.plan.Outcomes = append(b.plan.Outcomes, cutover.Outcome{Notice: n.n.Key, Scope: scope, Outcome: word, Why: why})
}

// repositories are those that are configured and those that were scanned.
func (b *builder) repositories() []string {
	var out []string
	for name := range b.looks.repos {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// withKept adds the repositories of items that stay although nobody scans them any
// more.
func (b *builder) withKept(n *notice, repos []string) []string {
	for name, t := range b.fact[n].repos {
		if t.kept != "" && !slices.Contains(repos, name) {
			repos = append(slices.Clip(repos), name)
		}
	}
	return repos
}

func (b *builder) inventoryOutcomes(n *notice) {
	l := b.looks.inventory
	if !l.ok {
		b.outcome(n, "inventory", cutover.OutcomeUnknown, l.why)
	}
	if len(n.services) == 0 && !n.n.PinningCondition && l.ok {
		b.outcome(n, "inventory", cutover.OutcomeUnknown, "the notice names no service, so it cannot be told which resources it means")
	}
	seen := map[string]bool{}
	for i := range n.services {
		s := &n.services[i]
		if seen[s.name] {
			continue
		}
		seen[s.name] = true
		word, why := s.outcome(n, l)
		b.outcome(n, "inventory:"+s.name, word, why)
	}
}

// outcome is what the inventory says about one service.
func (s *service) outcome(n *notice, l look) (word, why string) {
	noun := "resource"
	if s.entry != nil && s.entry.Whole {
		noun = "subscription"
	}
	var notes []string
	if s.moved > 0 {
		notes = append(notes, count(s.moved, noun)+" "+verb(s.moved, "has", "have")+" moved already")
	}
	if s.untold > 0 {
		notes = append(notes, count(s.untold, noun)+" "+verb(s.untold, "does", "do")+" not say whether "+verb(s.untold, "it has", "they have")+" moved, and the window is over")
	}
	if s.elsewhere > 0 {
		notes = append(notes, count(s.elsewhere, noun)+" "+verb(s.elsewhere, "is", "are")+" in a cloud that the notice does not concern")
	}
	if s.untyped > 0 {
		notes = append(notes, "of "+count(s.untyped, noun)+" the inventory does not bring what tells (`"+s.entry.Where[0].Path+"`), so it cannot be told whether "+verb(s.untyped, "it is", "they are")+" meant")
	}
	if s.unnamed > 0 {
		notes = append(notes, count(s.unnamed, noun)+" "+verb(s.unnamed, "is", "are")+" left out: the notice does not name "+verb(s.unnamed, "its subscription", "their subscriptions"))
	}
	tail := ""
	if len(notes) > 0 {
		tail = "; " + strings.Join(notes, "; ")
	}
	switch {
	case s.entry == nil:
		return cutover.OutcomeUnknown, "the service map does not know “" + s.name + "”, so it cannot be told which resources it means"
	case !l.ok && s.items > 0 && !n.n.PinningCondition:
		return cutover.OutcomeUnknown, l.why + "; of what was seen, " + count(s.items, noun) + " must change" + tail
	case !l.ok:
		return cutover.OutcomeUnknown, l.why
	case s.items > 0 && !n.n.PinningCondition:
		return cutover.OutcomeAffected, strconv.Itoa(s.items) + " of " + count(s.reached, noun) + " in its scope must change" + tail
	case s.untold > 0, s.untyped > 0:
		return cutover.OutcomeUnknown, strings.Join(notes, "; ")
	case s.kept != "":
		return cutover.OutcomeUnknown, "of an item that is still open " + s.kept
	case s.reached > 0 && n.n.PinningCondition:
		return cutover.OutcomeClear, count(s.reached, noun) + " " + verb(s.reached, "is", "are") + " reached and " + verb(s.reached, "needs", "need") + " nothing: only clients that pin are affected" + tail
	case s.reached > 0:
		return cutover.OutcomeClear, strings.Join(notes, "; ") + ", by " + l.words
	}
	return cutover.OutcomeClear, "no " + noun + " of it is in its scope in " + l.words + tail
}

// repositoryOutcome is what the newest look at a repository says.
func (b *builder) repositoryOutcome(n *notice, name string) (word, why string) {
	l := b.looks.repo(name)
	t := b.fact[n].repos[name]
	if t == nil {
		t = &repoTally{}
	}
	var notes []string
	if len(t.holds) > 0 {
		notes = append(notes, few(t.holds, 3)+" "+verb(len(t.holds), "trusts", "trust")+" "+needs(n.certs)+" as well")
	}
	if t.mentions > 0 {
		notes = append(notes, count(t.mentions, "place")+" only "+verb(t.mentions, "mentions or refuses", "mention or refuse")+" it")
	}
	if t.aside > 0 {
		notes = append(notes, count(t.aside, "place")+" in tests or documents")
	}
	tail := ""
	if len(notes) > 0 {
		tail = "; " + strings.Join(notes, "; ")
	}
	switch {
	case n.certs.unknown != "":
		return cutover.OutcomeUnknown, n.certs.unknown
	case !l.ok && t.items > 0:
		return cutover.OutcomeUnknown, l.why + "; of what was seen of it, " + count(t.items, "place") + " must change"
	case !l.ok:
		return cutover.OutcomeUnknown, l.why
	case t.items > 0:
		slices.Sort(t.identities)
		return cutover.OutcomeAffected, count(t.items, "place") + " " + verb(t.items, "trusts", "trust") + " " + cmpOr(few(t.identities, 4), "too little") + tail
	case t.kept != "":
		return cutover.OutcomeUnknown, "of an item that is still open " + t.kept
	}
	return cutover.OutcomeClear, "nothing in it depends on what goes, at " + l.words + tail
}
