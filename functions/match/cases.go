package match

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// planned are the kinds of cases that the plan opens and closes by itself; the
// others belong to parse and to people.
var planned = []string{
	cutover.CasePartial, cutover.CaseUnlinked, cutover.CaseUnknown,
	cutover.CaseCancelled, cutover.CaseSource, cutover.CaseTooMany,
}

// reconcile says which cases to write so that the inbox shows what is wanted: new
// ones open, those no longer wanted close. What a person decided stays decided
// until its reasons change.
func reconcile(known, wanted []cutover.Case, now time.Time) []cutover.Case {
	byID := make(map[string]cutover.Case, len(known))
	for _, c := range known {
		byID[c.ID] = c
	}
	var out []cutover.Case
	keep := make(map[string]bool, len(wanted))
	for _, w := range wanted {
		keep[w.ID] = true
		old, ok := byID[w.ID]
		same := ok && slices.Equal(old.Reasons, w.Reasons)
		switch {
		case !ok, old.State == "closed":
			w.State, w.Opened = "open", now
		case same && old.Due == w.Due, old.State != "open" && same:
			continue
		default:
			w.State, w.Opened = "open", old.Opened
		}
		out = append(out, w)
	}
	for _, c := range known {
		if c.State == "open" && !keep[c.ID] && slices.Contains(planned, c.Kind) {
			c.State, c.Decided = "closed", "no longer so"
			out = append(out, c)
		}
	}
	return out
}

func writeCases(tx store.Tx, cases []cutover.Case) error {
	for _, c := range cases {
		if err := tx.PutCase(c); err != nil {
			return err
		}
	}
	return nil
}

// mergeCases is the inbox after the changed cases were written: the open ones.
func mergeCases(known, changed []cutover.Case) []cutover.Case {
	var out []cutover.Case
	now := make(map[string]cutover.Case, len(changed))
	for _, c := range changed {
		now[c.ID] = c
		if c.State == "open" {
			out = append(out, c)
		}
	}
	for _, c := range known {
		if _, ok := now[c.ID]; !ok && c.State == "open" {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b cutover.Case) int {
		return cmp.Or(a.Opened.Compare(b.Opened), strings.Compare(a.ID, b.ID))
	})
	return out
}
