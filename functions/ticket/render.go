package ticket

import (
	"fmt"
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
