package alert

import (
	"fmt"
	"strings"

	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/slack"
)

// words are what a reply says: a line for notifications, and lines to read.
type words struct {
	plain string
	lines []string
}

// reply is a message in the thread of the alert. Where the alert is gone it stands
// by itself, and says what it is about.
func (w *work) reply(kind, effect string, says words) slack.Message {
	m := slack.Message{
		Channel: w.team.Slack, Kind: kind, Action: w.action.ID, Effect: effect,
		Text: says.plain + " — " + foreign(w.title(), 600) + " (" + w.plainKey() + ")",
	}
	if w.gone() || w.alert.State != cutover.EffectDone {
		m.Blocks = append(m.Blocks, section("*"+foreign(w.title(), 600)+"* "+code(w.action.Key, 150)))
	} else {
		m.Channel, m.Thread = w.alert.Result[resChannel], w.alert.Result[resTS]
	}
	m.Blocks = append(m.Blocks, sections(says.lines)...)
	return m
}

func (w *work) gone() bool { return w.alert.Result[resGone] != "" }

// reminder is what a reminder says.
func (w *work) reminder(d Due) words {
	a := w.action
	away := prose.Away(a.Due, w.now, w.zone)
	var first, plain string
	switch {
	case a.Due == "":
		first, plain = "*Reminder:* no date is known for this.", "Reminder, no date is known"
	case w.overdue():
		first = fmt.Sprintf("*Overdue:* it was due *%s* (%s).", day(a.Due), away)
		plain = fmt.Sprintf("Overdue since %s (%s)", day(a.Due), away)
	default:
		first = fmt.Sprintf("*Reminder:* due *%s* (%s).", day(a.Due), away)
		plain = fmt.Sprintf("Reminder, due %s (%s)", day(a.Due), away)
	}
	still := "*" + foreign(prose.Count(a), 200) + "* still "
	switch a.Open() {
	case 0:
		still = "Nothing in the list stands any more, but it is not closed yet."
	case 1:
		still += "stands."
	default:
		still += "stand."
	}
	if a.State == cutover.ActionOpen {
		still += " Nobody has acknowledged it."
	}
	lines := []string{first + " " + still, w.ticketLine()}
	if d.Late {
		lines = append(lines, "This reminder comes late: Cutover did not run on its day.")
	}
	return words{plain: plain, lines: lines}
}

// changed says what is new. The first line is also what notifications show.
func (w *work) changed(c prose.Change) words {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	state := foreign(prose.StateWords(w.action), 200)
	switch {
	case c.Ended && c.To == cutover.ActionMoved:
		add("Closed: the work moved to %s.", code(orElse(w.moved, "another action"), 150))
	case c.Ended:
		add("Closed: it is %s.", state)
	case c.Reopened:
		add("Reopened: it was %s, and something still stands.", c.From)
	case c.From != c.To && c.To == cutover.ActionWaived:
		add("It is %s.", state)
	}
	if (c.Ended || c.To == cutover.ActionWaived) && w.action.Proof != "" {
		add("Why: %s", foreign(w.action.Proof, 500))
	}
	if due := c.DueWords(); due != "" && !c.Ended {
		add("%s", foreign(due, 300))
		if w.action.DueFrom != "" {
			add("From the notice: %s.", foreign(w.action.DueFrom, 300))
		}
	}
	if n := len(c.Added); n > 0 {
		add("%s came in addition:", prose.Plural(n, "place", "places"))
		lines = append(lines, placeLines(c.Added, "in the ticket")...)
	}
	if n := len(c.Returned); n > 0 {
		add("%s again:", prose.Plural(n, "place that was struck out stands", "places that were struck out stand"))
		lines = append(lines, placeLines(c.Returned, "in the ticket")...)
	}
	if c.Reopened && len(c.Added)+len(c.Returned) == 0 {
		lines = append(lines, placeLines(standing(w.action.Items), "in the ticket")...)
	}
	if c.Unacknowledged {
		add("The acknowledgement no longer holds, since more is asked for, or sooner. Please acknowledge it again.")
	}
	if len(lines) == 0 {
		add("It is %s.", state)
	}
	plain := strings.TrimRight(lines[0], ".:")
	lines[0] = "*" + lines[0] + "*"
	return words{plain: strings.ReplaceAll(plain, "`", ""), lines: append(lines, w.ticketLine())}
}
