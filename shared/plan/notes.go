package plan

import (
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// notes says in plain words what became of the items.
func (m *merged) notes() []string {
	var out []string
	if n := len(m.added) - len(m.back); n > 0 {
		out = append(out, sentence(count(n, "item")+" came: "+names(without(m.added, m.back))))
	}
	if len(m.back) > 0 {
		out = append(out, sentence("struck out before, and back again: "+names(m.back)))
	}
	for i, it := range m.cleared {
		if i == 5 {
			out = append(out, sentence("and "+count(len(m.cleared)-i, "item")+" more "+verb(len(m.cleared)-i, "is", "are")+" done"))
			break
		}
		out = append(out, sentence("done: "+it.Where+", "+it.Proof))
	}
	if len(m.to) > 0 {
		out = append(out, sentence(count(len(m.removed), "item")+" went to "+few(m.to, 3)+": "+names(m.removed)))
	}
	for _, w := range m.withdrawn {
		out = append(out, sentence("withdrawn: "+w))
	}
	if len(m.lost) > 0 {
		out = append(out, sentence("cannot be told at present: "+names(m.lost)+" ("+m.lost[0].Unknown+")"))
	}
	if m.regained > 0 {
		out = append(out, sentence(count(m.regained, "item")+" can be seen again"))
	}
	if quiet := m.fresh - len(m.lost) - m.regained; quiet > 0 && len(out) == 0 {
		out = append(out, sentence("the words or the place of "+count(quiet, "item")+" were brought up to date"))
	}
	return out
}

// names lists the first items by where they are.
func names(items []cutover.Item) string {
	var out []string
	for _, it := range items {
		out = append(out, it.Where)
	}
	if len(out) > 5 {
		return strings.Join(out[:5], "; ") + "; and " + count(len(out)-5, "other")
	}
	return strings.Join(out, "; ")
}

func without(all, some []cutover.Item) []cutover.Item {
	return slices.DeleteFunc(slices.Clone(all), func(it cutover.Item) bool {
		return slices.ContainsFunc(some, func(x cutover.Item) bool { return x.ID == it.ID })
	})
}

// ownFacts says what changed of the action itself.
func ownFacts(a, next *cutover.Action) []string {
	var out []string
	if a.Owner != next.Owner {
		out = append(out, "The owner is now "+next.Owner+": there is no team "+a.Owner+" any more.")
	}
	if a.Notice != next.Notice {
		out = append(out, "The notice is now known as "+next.Notice+".")
	}
	switch {
	case a.Due == next.Due:
	case next.Due == "":
		out = append(out, "There is no due date any more (it was "+day(a.Due)+").")
	case a.Due == "":
		out = append(out, "There is a due date now: "+day(next.Due)+". It is "+next.DueFrom+".")
	case next.Due < a.Due:
		out = append(out, "The due date is earlier: "+day(next.Due)+" (it was "+day(a.Due)+"). It is "+next.DueFrom+".")
	default:
		out = append(out, "The due date is later: "+day(next.Due)+" (it was "+day(a.Due)+"). It is "+next.DueFrom+".")
	}
	switch {
	case len(a.Missing) > 0 && len(next.Missing) == 0:
		out = append(out, "What the notice had left open has been said.")
	case !slices.Equal(a.Missing, next.Missing):
		out = append(out, sentence("the notice leaves open: "+join(next.Missing)))
	}
	if a.Words != next.Words {
		out = append(out, "The provider changed the notice's words.")
	}
	if a.Due == next.Due && (a.DueFrom != next.DueFrom || !sameMilestones(a.Milestones, next.Milestones)) {
		out = append(out, sentence("other dates of the notice changed"))
	}
	return out
}
