package ticket

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cutover/shared/cutover"
	"cutover/shared/prose"
)

// Sizes, in characters. GitHub takes 65,536 for a body (docs.github.com does not
// say so; the API answers it), and people want to write there too.
const (
	maxBody  = 65536
	maxBlock = 60000
	minBlock = 8000
	maxTitle = 200
	maxQuote = 3000
)

// Page is what a ticket is written from; the same page always gives the same text.
type Page struct {
	Action cutover.Action
	Notice cutover.Notice
	Team   cutover.Team
	Now    time.Time
	Zone   *time.Location // in which days are counted; nil means UTC
	Moved  string         // where a moved action went, for people
}

func (w *work) page() Page {
	return Page{Action: w.action, Notice: w.notice, Team: w.team, Now: w.now, Zone: w.zone, Moved: w.moved}
}

// Title is the ticket's title: the date first, because lists of tickets are cut on the right.
func Title(a cutover.Action, n cutover.Notice) string {
	due := ""
	if a.Due != "" {
		due = "[due " + prose.ShortDay(a.Due) + "] "
	}
	tail := " — " + prose.Count(a)
	room := maxTitle - utf8.RuneCountInString(due+tail)
	title := orElse(n.Title, n.Key)
	for max := room; ; { // what makes a title harmless makes it longer
		title = prose.Line(title, max)
		dead := deaden(title)
		over := utf8.RuneCountInString(dead) - room
		if over <= 0 {
			return due + dead + tail
		}
		max = min(max, utf8.RuneCountInString(title)) - over
	}
}

// Block is our part of the ticket's body, fence lines included, in at most max
// characters: the list of places gives way, and says so.
func Block(p Page, max int) string {
	head, tail := cutLines(p.head(), max/2), p.tail(max/4)
	begin := beginLine(p.Action.ID) + "\n"
	left := max - utf8.RuneCountInString(begin+head+tail+endFence)
	return begin + head + p.checklist(left) + tail + endFence
}

// cutLines shortens a part to max characters, by whole lines, and says so.
func cutLines(s string, max int) string {
	const note = "\n… cut here for length. The notice has the rest.\n\n"
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	var b strings.Builder
	left := max - utf8.RuneCountInString(note)
	for _, line := range strings.SplitAfter(s, "\n") {
		if left -= utf8.RuneCountInString(line); left < 0 {
			break
		}
		b.WriteString(line)
	}
	return b.String() + note
}

// head is all that stands above the list of places.
func (p Page) head() string {
	var b strings.Builder
	p.summary(&b)
	p.dates(&b)
	p.demands(&b)
	p.certificates(&b)
	p.missing(&b)
	return b.String()
}

// tail is all that stands below it; why this owner in at most max characters.
func (p Page) tail(max int) string {
	var b, why strings.Builder
	p.owner(&why)
	b.WriteString(cutLines(why.String(), max))
	p.closing(&b)
	b.WriteString("---\n")
	fmt.Fprintf(&b, "*Cutover reads the notices of cloud providers, works out who must act on what before which date, and closes a ticket only on proof. "+
		"This is action %s for notice %s, revision %d. Days are counted from %s, when this part was written last.*\n",
		code(p.Action.Key), code(p.Notice.Key), p.Action.Revision, prose.Day(cutover.DateOf(p.Now.In(p.zone()))))
	return b.String()
}

func (p Page) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// summary says in three lines who must do what by when.
func (p Page) summary(b *strings.Builder) {
	a := p.Action
	who := md(orElse(p.Team.Name, a.Owner))
	switch {
	case a.State.Ended() || a.State == cutover.ActionDone || a.State == cutover.ActionWaived || a.State == cutover.ActionSnoozed || a.State == cutover.ActionAcknowledged:
		fmt.Fprintf(b, "> **State:** %s.", prose.StateWords(a))
		if a.Proof != "" {
			b.WriteString(" " + md(prose.Cut(a.Proof, 500)))
		}
		if a.State == cutover.ActionMoved && p.Moved != "" {
			b.WriteString(" It is " + md(p.Moved) + " now.")
		}
		b.WriteString("\n\n")
	}
	verb := "must act"
	if a.State.Ended() {
		verb = "had to act"
	}
	fmt.Fprintf(b, "**%s** %s on **%s** because of a notice from %s: %s.\n\n", who, verb, prose.Count(a), providerName(p.Notice.Provider), noticeName(p.Notice))
	if a.Due == "" {
		b.WriteString("**Due:** the notice gives no date for this. Cutover reminds once a week.\n\n")
		return
	}
	fmt.Fprintf(b, "**Due: %s** (%s)", prose.Day(a.Due), prose.Away(a.Due, p.Now, p.zone()))
	if a.DueFrom != "" {
		b.WriteString(": " + md(a.DueFrom))
	}
	fmt.Fprintf(b, ". The day ends at 24:00 %s.\n\n", p.zone())
}

func providerName(provider string) string {
	switch provider {
	case "azure":
		return "Microsoft Azure"
	case "aws":
		return "Amazon Web Services"
	case "m365":
		return "Microsoft 365"
	}
	return orElse(md(provider), "the provider")
}

// noticeName is the title, the tracking ID, and a link if it leads to the provider.
func noticeName(n cutover.Notice) string {
	s := "“" + md(prose.Cut(n.Title, 300)) + "”"
	if len(n.TrackingIDs) > 0 {
		ids := make([]string, len(n.TrackingIDs))
		for i, id := range n.TrackingIDs {
			ids[i] = code(id)
		}
		s += ", tracking ID " + strings.Join(ids, ", ")
	} else {
		s += ", without a tracking ID (known here as " + code(n.Key) + ")"
	}
	if n.Link != "" {
		if providerLink(n.Provider, n.Link) {
			s += ", " + link("the notice at the provider", n.Link)
		} else {
			s += ", which names this address: " + code(n.Link)
		}
	}
	return s
}

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
