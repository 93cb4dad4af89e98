package ticket

import (
	"fmt"
	"slices"
	"strings"

	"cutover/shared/cutover"
	"cutover/shared/prose"
)

// dates lists every milestone with both its ends: first those of the owner's own
// items, then the rest.
func (p Page) dates(b *strings.Builder) {
	mine := p.Action.Milestones
	if len(mine) == 0 {
		mine = p.Notice.Milestones
	}
	b.WriteString("## What changes, and when\n\n")
	if len(mine) == 0 {
		b.WriteString("The notice gives no date.\n\n")
		return
	}
	p.milestones(b, mine)
	var others []cutover.Milestone
	for _, m := range p.Notice.Milestones {
		if !slices.ContainsFunc(mine, func(o cutover.Milestone) bool { return sameMilestone(m, o) }) {
			others = append(others, m)
		}
	}
	if len(others) > 0 {
		b.WriteString("Other dates in the notice, for services or regions of which nothing here is yours:\n\n")
		p.milestones(b, others)
	}
}

func sameMilestone(a, b cutover.Milestone) bool {
	return a.Kind == b.Kind && a.Start == b.Start && a.End == b.End && slices.Equal(a.Services, b.Services) && slices.Equal(a.Regions, b.Regions)
}

func (p Page) milestones(b *strings.Builder, ms []cutover.Milestone) {
	ms = slices.Clone(ms)
	slices.SortStableFunc(ms, func(x, y cutover.Milestone) int {
		return strings.Compare(string(x.Start)+string(x.End)+x.Kind, string(y.Start)+string(y.End)+y.Kind)
	})
	for _, m := range ms {
		fmt.Fprintf(b, "- **%s:** %s", prose.KindWords(m), prose.When(m, p.Now, p.zone()))
		if of := append(slices.Clone(m.Services), m.Regions...); len(of) > 0 {
			b.WriteString(" — " + md(prose.Cut(strings.Join(of, ", "), 300)))
		}
		if q := prose.Line(m.Evidence.Quote, 300); q != "" {
			b.WriteString("  \n  In the notice's words: “" + md(q) + "”")
		}
		if m.Reason != "" && m.Reason != cutover.ReasonRunning {
			b.WriteString("  \n  Note: " + md(prose.Cut(m.Reason, 300)))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// demands quotes what the notice asks for, and who need not act.
func (p Page) demands(b *strings.Builder) {
	b.WriteString("## What to do, in the notice's words\n\n")
	if len(p.Notice.RequiredActions) == 0 {
		b.WriteString("No sentence that asks for something was found in the notice. Read it, and look at the places below.\n\n")
	}
	for i, text := range p.Notice.RequiredActions {
		if i == 12 {
			fmt.Fprintf(b, "… and %d more sentences in the notice.\n\n", len(p.Notice.RequiredActions)-i)
			break
		}
		b.WriteString(quote(text, maxQuote) + "\n\n")
	}
	if p.Notice.PinningCondition {
		b.WriteString("Only software that pins certificates is affected. So places in code are listed here, and not every resource of the service.\n\n")
	}
	if len(p.Notice.NoActionFor) > 0 {
		b.WriteString("Who need not act, says the notice:\n\n")
		for _, text := range p.Notice.NoActionFor[:min(len(p.Notice.NoActionFor), 8)] {
			b.WriteString(quote(text, maxQuote/2) + "\n\n")
		}
	}
}

// certificates lists the authorities that the notice names.
func (p Page) certificates(b *strings.Builder) {
	if len(p.Notice.Certificates) == 0 {
		return
	}
	b.WriteString("## Certificates that the notice names\n\n")
	for i, c := range p.Notice.Certificates {
		if i == 20 {
			fmt.Fprintf(b, "- … and %d more in the notice\n", len(p.Notice.Certificates)-i)
			break
		}
		fmt.Fprintf(b, "- %s: %s", md(orElse(c.State, "named")), md(c.CN))
		if c.Thumbprint != "" {
			b.WriteString(", SHA-1 " + code(c.Thumbprint))
		}
		if c.Expires != "" {
			b.WriteString(", expires " + prose.Day(c.Expires))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// missing says what could not be read.
func (p Page) missing(b *strings.Builder) {
	gaps := p.Action.Missing
	if len(gaps) == 0 && p.Notice.Verdict == cutover.VerdictPartial {
		gaps = p.Notice.Reasons
	}
	if len(gaps) == 0 {
		return
	}
	b.WriteString("## What could not be read\n\nThe notice was read only in part, and a person was asked to look. Missing:\n\n")
	for _, g := range gaps {
		b.WriteString("- " + md(g) + "\n")
	}
	b.WriteString("\n")
}

// closing tells how the ticket gets closed.
func (p Page) closing(b *strings.Builder) {
	b.WriteString("## How this gets closed\n\n")
	if p.Action.State.Ended() {
		b.WriteString("It has ended; the proof is in a comment.\n\n")
		return
	}
	b.WriteString("1. Change each place in the list.\n" +
		"2. The next complete scan of the repository, or the next complete inventory, proves it. Cutover strikes the place out; a box that is ticked by hand changes nothing.\n" +
		"3. When every place is struck out, Cutover closes this ticket and says by what it was proved. A ticket that is closed by hand is not proof: the reminders go on.\n\n" +
		"Not now, or not yours? Say so with " + code("cutover decide "+p.Action.Key) + " and one of " + code("snooze --until DATE") + ", " +
		code("waive --until DATE --reason WHY") + ", " + code("reassign --to TEAM") + ", " + code("done") + ". " +
		"Why a place is here, or is not: " + code("cutover explain") + ".\n\n")
}
