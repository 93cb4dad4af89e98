package plan

import (
	"cmp"
	"maps"
	"slices"

	"cutover/shared/cutover"
)

// never sorts after every date.
const never = cutover.Date("9999-12-31")

// deadline is a due date with the words for it.
type deadline struct {
	due        cutover.Date // empty: none
	from       string
	milestones []cutover.Milestone // all that apply
}

// due settles the date for a set of scopes: the earlier of the earliest act-by and
// the start of the cutover; else the retirement; else the expiry of what goes; else
// none.
func (n *notice) due(scopes map[scope]struct{}) deadline {
	var all []dated
	for _, s := range sortedScopes(scopes) {
		for _, d := range n.milestones(s) {
			if !slices.ContainsFunc(all, func(o dated) bool { return same(o.m, d.m) }) {
				all = append(all, d)
			}
		}
	}
	slices.SortStableFunc(all, compareDated)
	var out deadline
	for _, d := range all {
		out.milestones = append(out.milestones, d.m)
	}
	act, acts := earliest(all, cutover.KindActBy)
	cut, cuts := earliest(all, cutover.KindCutover)
	ret, rets := earliest(all, cutover.KindRetirement)
	exp, exps := n.expiry(all)
	switch {
	case acts && (!cuts || act.m.Start <= begin(cut.m)):
		out.due, out.from = act.m.Start, "act by "+span2(act.m)+only(act.m)
		if cuts {
			out.from += "; " + windowWords(cut.m)
		}
	case cuts:
		out.due, out.from = begin(cut.m), windowWords(cut.m)
		if acts {
			out.from += ", before the date to act by, " + span(act.m.Start, act.m.Precision)
		}
	case rets:
		out.due, out.from = ret.m.Start, "the retirement, "+span2(ret.m)+only(ret.m)
	case exps:
		out.due, out.from = exp.Start, exp.Reason
	}
	return out
}

// earliest is the milestone of a kind that begins first. An act-by or a retirement
// of month precision stands for the month's last day, as it is written.
func earliest(all []dated, kind string) (dated, bool) {
	at := func(d dated) cutover.Date {
		if kind == cutover.KindCutover {
			return begin(d.m)
		}
		return d.m.Start
	}
	var best dated
	found := false
	for _, d := range all {
		if d.m.Kind == kind && d.m.Start.Valid() && (!found || at(d) < at(best)) {
			best, found = d, true
		}
	}
	return best, found
}

// expiry is the first expiry of what goes: a dated one, or that of a retiring
// certificate. Reason holds the words.
func (n *notice) expiry(all []dated) (cutover.Milestone, bool) {
	best, found := cutover.Milestone{}, false
	if d, ok := earliest(all, cutover.KindExpiry); ok {
		best, found = d.m, true
		best.Reason = "the expiry, " + span2(d.m) + only(d.m)
	}
	for _, c := range n.n.Certificates {
		if c.State == cutover.StateRetiring && c.Expires.Valid() && (!found || c.Expires < best.Start) {
			best, found = cutover.Milestone{Start: c.Expires, Reason: "the expiry of " + c.CN + ", " + day(c.Expires)}, true
		}
	}
	return best, found
}

func same(a, b cutover.Milestone) bool {
	return a.Kind == b.Kind && a.Start == b.Start && a.End == b.End && slices.Equal(a.Services, b.Services) && slices.Equal(a.Regions, b.Regions)
}

func sortedScopes(scopes map[scope]struct{}) []scope {
	return slices.SortedFunc(maps.Keys(scopes), func(a, b scope) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.region, b.region))
	})
}

// serviceDue is the due date of one service in whatever region; never without one.
func (n *notice) serviceDue(i int) cutover.Date {
	if d := n.due(map[scope]struct{}{{service: i}: {}}).due; d != "" {
		return d
	}
	return never
}

// anyDue is the due date of the notice as a whole, for cases that stand beside it.
func (n *notice) anyDue() cutover.Date {
	return n.due(map[scope]struct{}{{service: -1}: {}}).due
}

// windowEnd is the last day of the cutover for a scope; empty if there is none.
func (n *notice) windowEnd(s scope) cutover.Date {
	end := cutover.Date("")
	for _, d := range n.milestones(s) {
		if d.m.Kind == cutover.KindCutover && d.m.Last() > end {
			end = d.m.Last()
		}
	}
	return end
}

// last is the day on which the notice is over, as far as it opens anything: the end
// of its last act-by, cutover or retirement, else of its last expiry, else of
// whatever date it has. Empty without dates.
func (n *notice) last() cutover.Date {
	kinds := [][]string{{cutover.KindActBy, cutover.KindCutover, cutover.KindRetirement}, {cutover.KindExpiry}, {cutover.KindOther}}
	for _, group := range kinds {
		end := cutover.Date("")
		for _, d := range n.milestones(scope{service: -1}) {
			if slices.Contains(group, d.m.Kind) && d.m.Last() > end {
				end = d.m.Last()
			}
		}
		if end != "" {
			return end
		}
	}
	return ""
}
