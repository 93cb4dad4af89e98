package plan

import (
	"cmp"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// milestones folds dates by group: what kind of date, for which services and
// regions. The newest reading that has a group replaces it as a whole, so an
// extension takes the place of the old date. A date for the whole notice also takes
// the place of older ones of its kind for parts of it.
func (f *folder) milestones() {
	groups := map[string][]cutover.Milestone{}
	var order []string
	for _, m := range f.in.Milestones {
		fact := milestoneFact(m)
		if groups[fact] == nil {
			order = append(order, fact)
		}
		groups[fact] = append(groups[fact], m)
	}
	out := slices.Clone(f.out.Milestones)
	for _, fact := range order {
		out = f.milestoneGroup(out, fact, groups[fact])
	}
	out = slices.DeleteFunc(out, func(m cutover.Milestone) bool {
		whole, ok := f.out.Provenance[wholeFact(m.Kind)]
		fact := milestoneFact(m)
		own := f.out.Provenance[fact]
		return ok && fact != wholeFact(m.Kind) && whole.Delivery != own.Delivery && beats(whole, own)
	})
	for key := range f.out.Provenance { // what was replaced leaves no origin behind
		if strings.HasPrefix(key, "milestones/") && !slices.ContainsFunc(out, func(m cutover.Milestone) bool { return milestoneFact(m) == key }) {
			delete(f.out.Provenance, key)
		}
	}
	slices.SortStableFunc(out, compareMilestones)
	equal := slices.EqualFunc(f.out.Milestones, out, func(a, b cutover.Milestone) bool {
		return milestoneFact(a) == milestoneFact(b) && a.Start == b.Start && a.End == b.End && a.Precision == b.Precision && a.Reason == b.Reason
	})
	if !equal {
		f.changed = append(f.changed, "milestones")
	}
	f.out.Milestones = out
}

func wholeFact(kind string) string { return "milestones/" + kind + "//" }

func compareMilestones(a, b cutover.Milestone) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(milestoneFact(a), milestoneFact(b)), cmp.Compare(a.End, b.End), cmp.Compare(a.Evidence.Offset, b.Evidence.Offset), cmp.Compare(a.Reason, b.Reason))
}

// milestoneGroup puts a group in the place of the one that stands, if it may.
func (f *folder) milestoneGroup(all []cutover.Milestone, fact string, in []cutover.Milestone) []cutover.Milestone {
	mine := f.of("milestones/" + in[0].Kind)
	if old, ok := f.out.Provenance[fact]; ok && !beats(mine, old) {
		return all
	}
	f.out.Provenance[fact] = mine
	all = slices.DeleteFunc(all, func(m cutover.Milestone) bool { return milestoneFact(m) == fact })
	return append(all, in...)
}

// certificates folds them by thumbprint, or by CN where none is given, and each of
// their facts by itself.
func (f *folder) certificates() {
	if len(f.in.Certificates) == 0 {
		return
	}
	out := slices.Clone(f.out.Certificates)
	for _, c := range f.in.Certificates {
		id := certificateID(c)
		i := slices.IndexFunc(out, func(o cutover.Certificate) bool { return certificateID(o) == id })
		if i < 0 {
			out = append(out, cutover.Certificate{Thumbprint: c.Thumbprint})
			i = len(out) - 1
			f.changed = append(f.changed, "certificates")
		}
		o, name := &out[i], "certificates/"+id
		f.part(name+"/cn", &o.CN, c.CN)
		f.part(name+"/role", &o.Role, c.Role)
		f.part(name+"/state", &o.State, c.State)
		expires := string(o.Expires)
		f.part(name+"/expires", &expires, string(c.Expires))
		o.Expires = cutover.Date(expires)
		if old, ok := f.out.Provenance[name]; !ok || beats(f.of("certificates"), old) {
			f.out.Provenance[name], o.Evidence = f.of("certificates"), c.Evidence
		}
	}
	slices.SortFunc(out, func(a, b cutover.Certificate) int {
		return cmp.Or(cmp.Compare(stateRank(a.State), stateRank(b.State)), cmp.Compare(a.CN, b.CN), cmp.Compare(a.Thumbprint, b.Thumbprint))
	})
	f.out.Certificates = out
}

func certificateID(c cutover.Certificate) string {
	if c.Thumbprint != "" {
		return strings.ToLower(c.Thumbprint)
	}
	return "cn=" + foldName(c.CN)
}

func stateRank(state string) int {
	return slices.Index([]string{cutover.StateRetiring, cutover.StateIntroduced, cutover.StateRecommended, ""}, state)
}

// part folds one fact of a certificate.
func (f *folder) part(fact string, out *string, in string) {
	if in == "" {
		return
	}
	mine := f.of("certificates")
	if old, ok := f.out.Provenance[fact]; ok && !beats(mine, old) {
		return
	}
	f.out.Provenance[fact] = mine
	if *out != in {
		*out = in
		f.changed = append(f.changed, "certificates")
	}
}

// How well a delivery was read, worst first. A reading that is partial only because
// it names no service or no date may be completed by another; one that is partial
// for another reason may not.
var readings = []string{"failed", "irrelevant", "incomplete", "partial", "read"}

// verdict keeps the best reading. Where no delivery was read whole, the notice is
// still whole if each lacked only what another said.
func (f *folder) verdict() {
	level := string(f.in.Verdict)
	if f.in.Verdict == cutover.VerdictPartial && (len(f.in.Services) == 0 || len(f.in.Milestones) == 0) {
		level = "incomplete"
	}
	at := -1
	for i, l := range readings {
		if _, ok := f.out.Provenance["verdict/"+l]; ok {
			at = i
		}
	}
	before, reasons := f.out.Verdict, f.out.Reasons
	mine := slices.Index(readings, level)
	if mine > at || mine == at && at >= 0 && beats(f.of("verdict"), f.out.Provenance["verdict/"+readings[at]]) {
		if at >= 0 {
			delete(f.out.Provenance, "verdict/"+readings[at])
		}
		f.out.Provenance["verdict/"+level] = f.of("verdict")
		f.out.Reasons, at = f.in.Reasons, mine
	}
	switch {
	case at < 0:
		f.out.Verdict = f.in.Verdict
	case readings[at] != "incomplete":
		f.out.Verdict = cutover.Verdict(readings[at])
	case len(f.out.Services) > 0 && len(f.out.Milestones) > 0:
		f.out.Verdict = cutover.VerdictRead
	default:
		f.out.Verdict = cutover.VerdictPartial
	}
	if before != f.out.Verdict || f.out.Verdict == cutover.VerdictPartial && !slices.Equal(reasons, f.out.Reasons) {
		f.changed = append(f.changed, "verdict")
	}
}
