package alert

import (
	"fmt"
	"strings"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/slack"
)

const (
	shownItems = 3    // places in a message; the ticket has them all
	maxQuote   = 600  // characters of the notice's demand
	maxWords   = 1500 // of a thread reply
)

// message is the one message of an action, as it stands.
func (w *work) message(kind, effect string) slack.Message {
	m := slack.Message{Channel: w.team.Slack, Kind: kind, Action: w.action.ID, Effect: effect}
	head := w.headline()
	if kind == slack.KindEscalation {
		head = "Not acknowledged: " + head
	}
	m.Text = fallback(head + " (" + w.action.Key + ")")
	m.Blocks = []slack.Block{header(head), section(w.summary())}
	if !w.action.State.Ended() {
		m.Blocks = append(m.Blocks, w.demand(), section(w.when()))
		m.Blocks = append(m.Blocks, w.places()...)
	}
	m.Blocks = append(m.Blocks, w.foot())
	return m
}

// reply is a message in the thread of the alert; of its own where that is gone.
func (w *work) reply(kind, effect, text string) slack.Message {
	m := slack.Message{
		Channel: w.team.Slack, Kind: kind, Action: w.action.ID, Effect: effect,
		Text: fallback(text), Blocks: []slack.Block{section(text)},
	}
	if w.alert.Result[resGone] == "" {
		m.Thread = w.alert.Result[resTS]
		m.Channel = w.alert.Result[resChannel]
	}
	return m
}

// headline is who must do what by when, as plain text.
func (w *work) headline() string {
	a := w.action
	title := prose.Line(orKey(w.notice.Title, w.notice.Key), 110)
	switch {
	case a.State.Ended():
		return upper(string(a.State)) + ": " + title
	case a.Due == "":
		return "No date given: " + title
	}
	return "Due " + prose.ShortDay(a.Due) + ": " + title
}

func (w *work) summary() string {
	a := w.action
	var b strings.Builder
	switch {
	case a.State.Ended():
		fmt.Fprintf(&b, "*%s* had to act on %s. It is %s.", foreign(w.team.Name, 60), prose.Count(a), prose.StateWords(a))
		if a.Proof != "" {
			b.WriteString("\n" + foreign(a.Proof, 500))
		}
	case a.Due == "":
		fmt.Fprintf(&b, "*%s* must act on *%s*. The notice gives no date for it.", foreign(w.team.Name, 60), prose.Count(a))
	default:
		fmt.Fprintf(&b, "*%s* must act on *%s* by *%s* (%s).", foreign(w.team.Name, 60), prose.Count(a), prose.Day(a.Due), prose.Away(a.Due, w.now, w.zone))
	}
	if a.State != cutover.ActionOpen && !a.State.Ended() {
		b.WriteString("\nIt is " + prose.StateWords(a) + ".")
	}
	b.WriteString("\n" + w.ticketLine())
	return b.String()
}

func (w *work) ticketLine() string {
	switch {
	case w.number == "":
		return "There is no ticket yet; the link follows."
	case strings.HasPrefix(w.ticket, "https://"), strings.HasPrefix(w.ticket, "http://"):
		return "Ticket: <" + escape(w.ticket) + "|" + foreign(w.team.Tracker+" #"+w.number, 100) + ">"
	}
	return "Ticket: `" + strings.ReplaceAll(foreign(w.ticket, 300), "`", "'") + "`"
}

// demand quotes what the notice asks for.
func (w *work) demand() slack.Block {
	if len(w.notice.RequiredActions) == 0 {
		return section("*What to do:* the notice asks for nothing in so many words; the ticket has what it says.")
	}
	return section("*What to do, in the notice's words:*\n>" + foreign(w.notice.RequiredActions[0], maxQuote))
}

// when lists the milestones of the owner's own items with both their ends.
func (w *work) when() string {
	ms := w.action.Milestones
	if len(ms) == 0 {
		ms = w.notice.Milestones
	}
	if len(ms) == 0 {
		return "*When:* no date could be read."
	}
	lines := []string{"*When:*"}
	for i, m := range ms {
		if i == 6 {
			lines = append(lines, fmt.Sprintf("… and %d more dates in the ticket", len(ms)-i))
			break
		}
		of := ""
		if scope := append(append([]string{}, m.Services...), m.Regions...); len(scope) > 0 {
			of = " — " + foreign(strings.Join(scope, ", "), 150)
		}
		lines = append(lines, "• "+prose.KindWords(m)+": "+prose.When(m, w.now, w.zone)+of)
	}
	return strings.Join(lines, "\n")
}

func (w *work) places() []slack.Block {
	lines := []string{"*Where:*"}
	shown := 0
	for _, it := range w.action.Items {
		if it.Cleared != "" {
			continue
		}
		if shown == shownItems {
			lines = append(lines, fmt.Sprintf("… and %d more in the ticket", w.action.Open()-shown))
			break
		}
		shown++
		lines = append(lines, "• "+foreign(it.Where, 200)+"\n   "+foreign(it.Why, 300))
	}
	return sections(lines)
}

func (w *work) foot() slack.Block {
	id := "no tracking ID"
	if len(w.notice.TrackingIDs) > 0 {
		id = "tracking ID " + strings.Join(w.notice.TrackingIDs, ", ")
	}
	return footnote("Cutover · " + foreign(id, 100) + " · " + foreign(w.action.Key, 120) + " · closed only on proof; `cutover explain` says why this is here")
}

// reminder is the text of a reminder.
func (w *work) reminder(d Due) string {
	a := w.action
	late := ""
	if d.Late {
		late = " (This reminder is late.)"
	}
	what := fmt.Sprintf("*%s* still stand.", prose.Count(a))
	if a.Open() == 1 {
		what = fmt.Sprintf("*%s* still stands.", prose.Count(a))
	}
	switch {
	case a.Due == "":
		return "Reminder: no date is known for this. " + what + " " + w.ticketLine() + late
	case a.Due.DaysUntil(w.now, w.zone) < 0:
		return fmt.Sprintf("*Overdue:* it was due %s (%s). %s %s%s", prose.Day(a.Due), prose.Away(a.Due, w.now, w.zone), what, w.ticketLine(), late)
	}
	return fmt.Sprintf("Reminder: due *%s* (%s). %s %s%s", prose.Day(a.Due), prose.Away(a.Due, w.now, w.zone), what, w.ticketLine(), late)
}

// changeText says in words what is new.
func changeText(w *work, c prose.Change) string {
	var parts []string
	if words := c.DueWords(); words != "" {
		parts = append(parts, words)
	}
	if n := len(c.Added); n > 0 {
		parts = append(parts, fmt.Sprintf("%s came in addition, the first: %s.", prose.Plural(n, "place", "places"), foreign(c.Added[0].Where, 200)))
	}
	if n := len(c.Returned); n > 0 {
		parts = append(parts, fmt.Sprintf("%s that was struck out stands again: %s.", prose.Plural(n, "place", "places"), foreign(c.Returned[0].Where, 200)))
	}
	if c.Unacknowledged {
		parts = append(parts, "The acknowledgement no longer holds, since more is asked for now.")
	}
	if c.StateMatters {
		parts = append(parts, "It is "+prose.StateWords(w.action)+".")
	}
	if c.Ended && w.action.Proof != "" {
		parts = append(parts, foreign(w.action.Proof, 500))
	}
	return strings.Join(parts, "\n")
}

// caseText is the message about something that waits in the inbox.
func caseText(c cutover.Case, d Due, now time.Time) (string, []slack.Block) {
	head := "Waits for a person: " + prose.Line(c.Title, 110)
	if d.Rung != opened {
		head = "Still waits for a person: " + prose.Line(c.Title, 110)
	}
	lines := make([]string, 0, len(c.Reasons)+1)
	for _, why := range c.Reasons {
		lines = append(lines, "• "+foreign(why, 400))
	}
	if c.Due != "" {
		lines = append(lines, fmt.Sprintf("What waits is due *%s* (%s).", prose.Day(c.Due), prose.Away(c.Due, now, time.UTC)))
	}
	blocks := append([]slack.Block{header(head)}, sections(lines)...)
	return fallback(head), append(blocks, footnote("`cutover inbox show "+foreign(c.ID, 60)+"`, then approve or reject it"))
}
