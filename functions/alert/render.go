package alert

import (
	"fmt"
	"strings"

	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/slack"
)

const (
	shownItems = 3    // places in a message; the ticket has them all
	shownDates = 6    // milestones in a message
	maxQuote   = 1000 // characters of the notice's demand
)

// message is the one message of an action, as it stands; or the escalation of it.
func (w *work) message(kind, effect string) slack.Message {
	m := slack.Message{Channel: w.team.Slack, Kind: kind, Action: w.action.ID, Effect: effect}
	head := w.headline()
	if kind == slack.KindEscalation {
		head = "Not acknowledged: " + head
	}
	m.Text = foreign(head, 800) + " (" + w.plainKey() + ")"
	summary := w.summary()
	if kind == slack.KindEscalation {
		summary += "\nNobody in that team has acknowledged it."
	}
	m.Blocks = []slack.Block{header(head), section(summary + "\n" + w.ticketLine())}
	if !w.action.State.Ended() {
		m.Blocks = append(m.Blocks, section(w.demand()), section(w.when()))
		m.Blocks = append(m.Blocks, w.places()...)
	}
	m.Blocks = append(m.Blocks, w.foot())
	return m
}

func (w *work) title() string {
	return prose.Line(orElse(w.notice.Title, w.notice.Key), 110)
}

// plainKey is the action's key for a message's text: people copy it.
func (w *work) plainKey() string { return dead(w.action.Key, 150, inCode) }

// headline is what is due and when, as plain text.
func (w *work) headline() string {
	a := w.action
	switch {
	case a.State.Ended():
		return upper(string(a.State)) + ": " + w.title()
	case a.Due == "":
		return "No date given: " + w.title()
	case w.overdue():
		return "Overdue since " + prose.ShortDay(a.Due) + ": " + w.title()
	}
	return "Due " + prose.ShortDay(a.Due) + ": " + w.title()
}

func (w *work) overdue() bool {
	return w.action.Due.Valid() && w.action.Due.DaysUntil(w.now, w.zone) < 0
}

// summary is who must act on how much by when, or how that ended.
func (w *work) summary() string {
	a, team, count := w.action, "*"+foreign(w.team.Name, 60)+"*", foreign(prose.Count(w.action), 200)
	var b strings.Builder
	switch {
	case a.State == cutover.ActionMoved:
		fmt.Fprintf(&b, "%s need not act on this any more: the work moved to %s.", team, code(orElse(w.moved, "another action"), 150))
	case a.State.Ended():
		fmt.Fprintf(&b, "%s had to act on *%s*. It is %s.", team, count, foreign(prose.StateWords(a), 200))
	case a.Due == "":
		fmt.Fprintf(&b, "%s must act on *%s*. The notice gives no date for it.", team, count)
	case w.overdue():
		fmt.Fprintf(&b, "%s should have acted on *%s* by *%s* (%s).", team, count, day(a.Due), prose.Away(a.Due, w.now, w.zone))
	default:
		fmt.Fprintf(&b, "%s must act on *%s* by *%s* (%s).", team, count, day(a.Due), prose.Away(a.Due, w.now, w.zone))
	}
	if a.State != cutover.ActionOpen && !a.State.Ended() {
		b.WriteString("\nIt is " + foreign(prose.StateWords(a), 200) + ".")
	}
	if a.Proof != "" && a.State != cutover.ActionOpen {
		b.WriteString("\nWhy: " + foreign(a.Proof, 500))
	}
	return b.String()
}

func day(d cutover.Date) string { return foreign(prose.Day(d), 40) }

func (w *work) ticketLine() string {
	if w.number == "" {
		if w.action.State.Ended() {
			return "There was no ticket."
		}
		return "There is no ticket yet; the link follows."
	}
	name := strings.TrimSpace(w.project + " #" + w.number)
	if linked, ok := link(foreign(name, 100), w.ticket); ok {
		return "Ticket: " + linked
	}
	if w.ticket == "" {
		return "Ticket: " + code(name, 150)
	}
	return "Ticket: " + code(w.ticket, 400)
}

// demand quotes what the notice asks for.
func (w *work) demand() string {
	said := w.notice.RequiredActions
	if len(said) == 0 {
		return "*What to do:* the notice asks for nothing in so many words; the ticket quotes what it says."
	}
	out := "*What to do, in the notice's words*\n>" + foreign(said[0], maxQuote)
	if len(said) > 1 {
		out += fmt.Sprintf("\n… and %s in the ticket", prose.Plural(len(said)-1, "more demand", "more demands"))
	}
	return out
}

// when lists the milestones of the owner's own items with both their ends.
func (w *work) when() string {
	ms := w.action.Milestones
	if len(ms) == 0 {
		ms = w.notice.Milestones
	}
	lines := []string{"*When*"}
	for i, m := range ms {
		if i == shownDates {
			lines = append(lines, fmt.Sprintf("… and %s in the ticket", prose.Plural(len(ms)-i, "more date", "more dates")))
			break
		}
		of := strings.Join(append(append([]string{}, m.Services...), m.Regions...), ", ")
		if of != "" {
			of = " — " + foreign(of, 150)
		}
		lines = append(lines, "• "+prose.KindWords(m)+": "+foreign(prose.When(m, w.now, w.zone), 200)+of)
	}
	if len(ms) == 0 {
		lines = append(lines, "No date could be read.")
	}
	if len(w.action.Missing) > 0 {
		lines = append(lines, "Not all of the notice could be read; the ticket says what is missing.")
	}
	return strings.Join(lines, "\n")
}

// places lists the first items that still stand, each with why it is there.
func (w *work) places() []slack.Block {
	if w.action.Open() == 0 {
		return nil
	}
	return sections(append([]string{"*Where, and why*"}, placeLines(standing(w.action.Items), "in the ticket")...))
}

func standing(items []cutover.Item) (open []cutover.Item) {
	for _, it := range items {
		if it.Cleared == "" {
			open = append(open, it)
		}
	}
	return open
}

func placeLines(items []cutover.Item, rest string) (lines []string) {
	for i, it := range items {
		if i == shownItems {
			return append(lines, fmt.Sprintf("… and %d more %s", len(items)-i, rest))
		}
		lines = append(lines, "• "+place(it)+"\n   "+foreign(orElse(it.Why, "the ticket says why"), 300))
	}
	return lines
}

// place is where an item is, linked where it has an address that can be.
func place(it cutover.Item) string {
	if linked, ok := link(foreign(orElse(it.Where, it.ID), 200), prose.Link(it)); ok {
		return linked
	}
	return code(orElse(it.Where, it.ID), 200)
}

func (w *work) foot() slack.Block {
	id := "no tracking ID"
	if len(w.notice.TrackingIDs) > 0 {
		id = "tracking ID " + foreign(strings.Join(w.notice.TrackingIDs, ", "), 100)
	}
	if w.action.State.Ended() {
		return footnote("Cutover", id, code(w.action.Key, 150))
	}
	decide := code("cutover decide "+w.action.Key+" acknowledge", 200)
	return footnote("Cutover", id, "on it? "+decide+", or `snooze`, `waive`, `reassign`, `done`", "closed only on proof")
}
