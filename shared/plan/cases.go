package plan

import (
	"cmp"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// cases lists what waits for a person as far as planning sees it.
func (b *builder) cases() {
	b.noticeCases()
	b.unknownCases()
	b.cancelledCases()
	b.sourceCases()
	slices.SortFunc(b.plan.Cases, func(x, y cutover.Case) int { return cmp.Compare(x.ID, y.ID) })
	b.plan.Cases = slices.CompactFunc(b.plan.Cases, func(x, y cutover.Case) bool { return x.ID == y.ID })
}

func (b *builder) raise(kind, about, title string, n *notice, reasons []string) {
	c := cutover.Case{ID: cutover.CaseID(kind, about), Kind: kind, Title: title, Reasons: reasons, Opened: b.now, State: "open"}
	if n != nil {
		c.Notice, c.Due = n.n.Key, n.anyDue()
	}
	b.plan.Cases = append(b.plan.Cases, c)
}

// noticeCases stand beside notices that were read in part, or that nobody has
// linked to a tracking ID.
func (b *builder) noticeCases() {
	for _, n := range b.notices {
		v := n.n
		if v.Test || v.Cancelled {
			continue
		}
		title := cmpOr(v.Title, v.Key)
		if v.Verdict == cutover.VerdictPartial {
			reasons := v.Reasons
			if len(reasons) == 0 {
				reasons = []string{"it could be read in part only"}
			}
			b.raise(cutover.CasePartial, v.Key, "Read in part: "+title, n, reasons)
		}
		if strings.Contains(v.Key, ":~") && (v.Verdict == cutover.VerdictRead || v.Verdict == cutover.VerdictPartial) {
			b.raise(cutover.CaseUnlinked, v.Key, "No tracking ID: "+title, n, []string{"no tracking ID could be read; link the notice to the one it belongs to, if it has one"})
		}
	}
}

// unknownCases join all that cannot be told about a notice.
func (b *builder) unknownCases() {
	reasons := map[string][]string{}
	broken := map[string]bool{}
	for _, o := range b.plan.Outcomes {
		if o.Outcome == cutover.OutcomeUnknown && o.Scope == "inventory" {
			broken[o.Notice] = true
		}
	}
	for _, o := range b.plan.Outcomes {
		same := broken[o.Notice] && o.Scope != "inventory" && o.Why == b.looks.inventory.why
		if o.Outcome == cutover.OutcomeUnknown && !same {
			reasons[o.Notice] = append(reasons[o.Notice], o.Scope+": "+o.Why)
		}
	}
	for _, n := range b.notices {
		if rs := reasons[n.n.Key]; len(rs) > 0 && n.past == "" {
			b.raise(cutover.CaseUnknown, n.n.Key, "Not known whether it concerns you: "+cmpOr(n.n.Title, n.n.Key), n, capped(rs, 20, "scope"))
		}
	}
}

// cancelledCases ask a person about what the provider gave up.
func (b *builder) cancelledCases() {
	for _, n := range b.notices {
		shrunk := b.shrunk[n]
		if len(shrunk) == 0 {
			continue
		}
		byWhy := map[string][]string{}
		var whys []string
		for _, s := range shrunk {
			if byWhy[s.why] == nil {
				whys = append(whys, s.why)
			}
			byWhy[s.why] = append(byWhy[s.why], b.known.item(s.ref).Where)
		}
		slices.Sort(whys)
		var reasons []string
		for _, why := range whys {
			slices.Sort(byWhy[why])
			reasons = append(reasons, sentence(why)+" "+sentence("Until you approve, this stays: "+few(byWhy[why], 5)))
		}
		if q := n.n.Evidence["cancelled"].Quote; n.n.Cancelled && q != "" {
			reasons = append(reasons, "The provider's words: “"+q+"”")
		}
		title := "Out of the notice's scope now: "
		if n.n.Cancelled {
			title = "Cancelled by the provider: "
		}
		b.raise(cutover.CaseCancelled, "", title+cmpOr(n.n.Title, n.n.Key), n, reasons)
		b.plan.Cases[len(b.plan.Cases)-1].ID = b.shrunkCase(n)
	}
}

// sourceCases are the sources that failed, are stale, or were never read.
func (b *builder) sourceCases() {
	seen := map[string]bool{}
	for _, s := range b.in.Sources {
		seen[s.Name] = true
		if ok, why := s.Fresh(b.now); !ok {
			b.raise(cutover.CaseSource, s.Name, "Source "+s.Name+" cannot be relied on", nil, []string{why})
		}
	}
	for _, r := range b.in.Repositories {
		if !seen[r.Name] {
			b.raise(cutover.CaseSource, r.Name, "Source "+r.Name+" cannot be relied on", nil, []string{b.looks.repo(r.Name).why})
		}
	}
}

// capped cuts a list and says how much it cut.
func capped(xs []string, max int, noun string) []string {
	if len(xs) <= max {
		return xs
	}
	return append(slices.Clone(xs[:max]), "and "+count(len(xs)-max, noun)+" more")
}
