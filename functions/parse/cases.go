package parse

import (
	"errors"
	"fmt"
	"slices"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// States of a case. Closed is what a room says; the other two are a person's.
const (
	caseOpen   = "open"
	caseClosed = "closed"
)

// maxTitle cuts the foreign text that names a case, in bytes.
const maxTitle = 200

// putCase opens the case of a delivery or a notice, or brings it up to date. One that a
// person closed stays closed until its reasons change.
func (p *pass) putCase(c cutover.Case) error {
	c.ID = cutover.CaseID(c.Kind, c.Delivery)
	if c.Kind == cutover.CasePartial || c.Kind == cutover.CaseUnlinked {
		c.ID = cutover.CaseID(c.Kind, c.Notice)
	}
	c.Title, c.State, c.Opened = cut(c.Title, maxTitle), caseOpen, p.now
	old, err := p.tx.Case(c.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		p.note("case opened", "case", c.ID, "kind", c.Kind, "title", c.Title, "why", c.Reasons)
	case err != nil:
		return fmt.Errorf("loading case %s: %w", c.ID, err)
	case old.State != caseClosed:
		same := old.Title == c.Title && old.Due == c.Due && old.Notice == c.Notice
		if slices.Equal(old.Reasons, c.Reasons) && (old.State != caseOpen || same) {
			return nil
		}
		c.Opened = old.Opened
	}
	if err := p.tx.PutCase(c); err != nil {
		return fmt.Errorf("opening case %s: %w", c.ID, err)
	}
	return nil
}

// closeCases closes the open cases of a delivery that are no longer so. One that was
// only kept so far has none.
func (p *pass) closeCases(d cutover.Delivery, why string, kinds ...string) error {
	if d.State == cutover.DeliveryKept {
		return nil
	}
	for _, kind := range kinds {
		if err := p.closeCase(kind, d.ID, why); err != nil {
			return err
		}
	}
	return nil
}

func (p *pass) closeCase(kind, about, why string) error {
	id := cutover.CaseID(kind, about)
	c, err := p.tx.Case(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && c.State != caseOpen {
		return nil
	}
	if err != nil {
		return fmt.Errorf("loading case %s: %w", id, err)
	}
	c.State, c.Decided = caseClosed, why
	if err := p.tx.PutCase(c); err != nil {
		return fmt.Errorf("closing case %s: %w", id, err)
	}
	return nil
}

// standBeside keeps the cases that stand beside a notice which acts all the same:
// it could be read in part only, or has no tracking ID. The plan keeps them too,
// under the same ids and in the same words; here they stand from the first moment.
func (p *pass) standBeside(n cutover.Notice) error {
	title := n.Title
	if title == "" {
		title = n.Key
	}
	partial := cutover.Case{Kind: cutover.CasePartial, Title: "Read in part: " + title, Notice: n.Key, Reasons: n.Reasons, Due: dueOfNotice(n)}
	if len(partial.Reasons) == 0 {
		partial.Reasons = []string{"it could be read in part only"}
	}
	unlinked := cutover.Case{Kind: cutover.CaseUnlinked, Title: "No tracking ID: " + title, Notice: n.Key, Due: dueOfNotice(n),
		Reasons: []string{"no tracking ID could be read; link the notice to the one it belongs to, if it has one"}}
	for _, c := range []struct {
		cutover.Case
		stands bool
	}{
		{partial, n.Verdict == cutover.VerdictPartial},
		{unlinked, trackingID(n.Key) == ""},
	} {
		var err error
		switch {
		case n.Test || n.Cancelled:
		case c.stands:
			err = p.putCase(c.Case)
		default:
			err = p.closeCase(c.Kind, n.Key, "no longer so")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dueOf is the day by which somebody should have looked at what waits.
func dueOf(readings []cutover.Reading) cutover.Date {
	var due cutover.Date
	for _, r := range readings {
		if d := dueOfNotice(r.Notice); due == "" || d != "" && d < due {
			due = d
		}
	}
	return due
}

// dueOfNotice is the earlier of the earliest act-by and the start of the cutover,
// else the retirement, else the expiry of a retiring CA: the rule of an action's
// due date, over the whole notice.
func dueOfNotice(n cutover.Notice) cutover.Date {
	byRank := make([]cutover.Date, 3)
	for _, m := range n.Milestones {
		rank, day := 0, m.Start
		switch m.Kind {
		case cutover.KindActBy:
		case cutover.KindCutover:
			if m.Precision == cutover.PrecisionMonth && m.Reason != cutover.ReasonRunning {
				day = day.MonthStart()
			}
		case cutover.KindRetirement:
			rank = 1
		case cutover.KindExpiry:
			rank = 2
		default:
			continue
		}
		if day != "" && (byRank[rank] == "" || day < byRank[rank]) {
			byRank[rank] = day
		}
	}
	for _, d := range byRank {
		if d != "" {
			return d
		}
	}
	return ""
}

// cut shortens foreign text at a character's boundary.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 { // inside a UTF-8 sequence
		n--
	}
	return s[:n] + "…"
}
