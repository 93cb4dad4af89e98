package extract

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"cutover/shared/cutover"
)

// contradictions tells of two dates for one thing within the text: the same kind and
// scope, in sentences that say the same but for the date. Both are kept; the earlier
// one rules where a due date is made of them.
func (r *reading) contradictions() {
	ms := r.found
	for i, a := range ms {
		for _, b := range ms[i+1:] {
			if a.Kind != b.Kind || a.Kind != cutover.KindRetirement && a.Kind != cutover.KindActBy || a.Start == b.Start ||
				a.End != "" || b.End != "" || a.Precision != cutover.PrecisionDay || b.Precision != a.Precision ||
				!slices.Equal(a.Services, b.Services) || !slices.Equal(a.Regions, b.Regions) {
				continue
			}
			if a.Evidence.Quote != b.Evidence.Quote && alike(a.Evidence.Quote, b.Evidence.Quote) { // two steps may stand in one sentence
				r.n.Reasons = append(r.n.Reasons, fmt.Sprintf("the text names %s and %s for the same thing: both are kept, the earlier one rules", a.Start, b.Start))
			}
		}
	}
}

// alike reports whether two sentences have the same words but for numbers and the
// names of months: at least five of them, and at most one in five differs.
func alike(a, b string) bool {
	wa, wb := undated(a), undated(b)
	same := 0
	for w := range wa {
		if wb[w] {
			same++
		}
	}
	all := len(wa) + len(wb) - same
	return same >= 5 && same*5 >= all*4
}

func undated(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if _, month := months[w]; !month && !strings.ContainsAny(w, "0123456789") {
			out[w] = true
		}
	}
	return out
}
