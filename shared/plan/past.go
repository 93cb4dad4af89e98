package plan

import (
	"slices"

	"cutover/shared/cutover"
)

// repoTally counts what one repository has to do with a notice.
type repoTally struct {
	items, mentions, aside int
	holds                  []string // paths that trust what comes as well
	identities             []string // of the items
	kept                   string   // why a known item here cannot be told
}

func (f *facts) repo(name string) *repoTally {
	t := f.repos[name]
	if t == nil {
		t = &repoTally{}
		f.repos[name] = t
	}
	return t
}

// settlePast finds the notices whose dates were over when they were first seen.
// One that has opened something since stays open: it is judged by its items.
func (b *builder) settlePast() {
	for _, n := range b.notices {
		if !b.acts(n) || b.known.opened[n] {
			continue
		}
		seen := n.n.FirstSeen
		if seen.IsZero() {
			seen = b.now
		}
		if last := n.last(); last != "" && last < cutover.DateOf(seen.UTC()) {
			n.past = last
		}
	}
}

// placeFindings holds the findings against each notice that is about certificates,
// and makes items of those that trust what goes.
func (b *builder) placeFindings() {
	for _, n := range b.notices {
		if n.certs == nil || !b.acts(n) {
			continue
		}
		f := b.fact[n]
		for _, i := range b.about(n) {
			p := b.place(n, i)
			if p.as == placeOther {
				continue
			}
			x := &b.found.all[i]
			t := f.repo(x.Repository)
			switch p.as {
			case placeMentions:
				t.mentions++
			case placeAside:
				t.aside++
			case placeHolds:
				note(&t.holds, x.Path)
			case placeItem:
				t.items++
				if !n.certs.lacking(p.identity) {
					note(&t.identities, p.identity)
				}
				f.places++
				team, trace := b.owners.OwnerOfPath(x.Repository, x.OwnerHints, x.OwnerRule)
				b.add(n, team, trace, b.findingItem(n, p))
			}
		}
		b.notePast(n)
	}
	for _, n := range b.notices {
		if n.certs == nil && b.acts(n) {
			b.notePast(n)
		}
	}
	slices.SortFunc(b.plan.Past, func(a, c PastNotice) int { return compareFold(a.Notice, c.Notice) })
}

func (b *builder) notePast(n *notice) {
	if n.past == "" {
		return
	}
	p := PastNotice{Notice: n.n.Key, Title: n.n.Title, Last: n.past, Items: b.fact[n].places}
	p.Reason = "its last date, " + day(n.past) + ", was over when it was first seen"
	if p.Items > 0 {
		p.Reason += "; " + count(p.Items, "place") + " in code still " + verb(p.Items, "trusts", "trust") + " what it retired, and went to " + verb(p.Items, "its owner", "their owners")
	} else {
		p.Reason += ", and nothing in code trusts what it retired: it opened nothing"
		if n.certs == nil {
			p.Reason = "its last date, " + day(n.past) + ", was over when it was first seen: it opened nothing"
		}
	}
	b.plan.Past = append(b.plan.Past, p)
}
