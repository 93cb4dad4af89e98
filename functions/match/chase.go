package match

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/plan"
	"cutover/shared/store"
)

// alertAfter is how long an alert waits for its ticket before it goes without.
const alertAfter = 5 * time.Minute

// due is the data of a reminder.due message.
type due struct {
	Kind     string       `json:"kind"` // reminder, escalation, case, digest, opening
	Rung     string       `json:"rung"`
	Due      cutover.Date `json:"due,omitempty"`
	Late     bool         `json:"late,omitempty"`
	Revision int          `json:"revision,omitempty"`
	Notices  []string     `json:"notices,omitempty"`
	Text     []string     `json:"text,omitempty"`
}

// chase emits what is due and unsent: reminders and escalations of actions, alerts
// that have waited long enough for their ticket, cases for the fallback owner, and
// again whatever the ledger shows as not carried out.
func (r *Room) chase(tx store.Tx, notices []cutover.Notice, actions []cutover.Action, cases []cutover.Case, now time.Time, events *[]cutover.Event) error {
	teams := make(map[string]cutover.Team, len(r.Ownership.Teams))
	for _, t := range r.Ownership.Teams {
		teams[t.ID] = t
	}
	severities := make(map[string]string, len(notices))
	for _, n := range notices {
		severities[n.Key] = severity(n)
	}
	for _, a := range actions {
		effects, err := collect(tx.Effects(a.ID))
		if err != nil {
			return err
		}
		*events = append(*events, carried(a, effects, now)...)
		if a.State.Ended() {
			continue
		}
		team := teams[a.Owner]
		rung, _ := plan.Next(a, team, r.Reminders(severities[a.Notice], team), lastTold(a, effects), now)
		*events = append(*events, remind(a, rung, now)...)
	}
	told := map[string]bool{}
	for _, c := range cases {
		if c.Kind == cutover.CaseWaiting && c.Notice != "" {
			if told[c.Notice] {
				continue
			}
			told[c.Notice] = true
		}
		if err := r.chaseCase(tx, c, teams[r.Ownership.Fallback], now, events); err != nil {
			return err
		}
	}
	return nil
}

// severity is the word under which a configuration's policy: knows a notice.
func severity(n cutover.Notice) string {
	switch {
	case n.EventType == cutover.EventSecurityAdvisory:
		return "security"
	case n.ActionRequired:
		return "action-required"
	}
	return "informational"
}

// lastTold is when the owner was last told about the present due date.
func lastTold(a cutover.Action, effects []cutover.Effect) time.Time {
	last := a.Armed
	reminded, escalated := a.ID+"/reminder/"+string(a.Due)+"/", a.ID+"/escalation/"+string(a.Due)+"/"
	for _, e := range effects {
		if (strings.HasPrefix(e.Key, reminded) || strings.HasPrefix(e.Key, escalated)) && e.Intent.After(last) {
			last = e.Intent
		}
	}
	return last
}

// carried says again what the ledger does not show as done: a ticket or an alert
// behind its action. What changed in this very pass is on its way; and an alert
// waits for its ticket, but not for ever.
func carried(a cutover.Action, effects []cutover.Effect, now time.Time) []cutover.Event {
	ticket, alert := 0, 0
	for _, e := range effects {
		switch {
		case e.State != cutover.EffectDone:
		case e.Key == a.ID+"/ticket":
			ticket = e.Version
		case e.Key == a.ID+"/alert":
			alert = e.Version
		}
	}
	if a.Changed.Equal(now) {
		return nil
	}
	slot := now.Truncate(alertAfter).Format(time.RFC3339)
	if ticket < a.Version {
		out := []cutover.Event{changed(a, 0, 0, now, "again", slot)}
		if ticket == 0 && alert == 0 && now.Sub(a.Opened) >= alertAfter && !a.State.Ended() {
			out = append(out, opening(a, now, slot))
		}
		return out
	}
	if alert < a.Version {
		return []cutover.Event{opening(a, now, slot)}
	}
	return nil
}

func opening(a cutover.Action, now time.Time, slot string) cutover.Event {
	d := due{Kind: "opening", Due: a.Due, Revision: a.Revision}
	return cutover.NewEvent(cutover.TypeReminderDue, "match", a.ID, now, d, a.ID, "opening", fmt.Sprint(a.Version), slot)
}

func remind(a cutover.Action, rung *plan.Rung, now time.Time) []cutover.Event {
	if rung == nil {
		return nil
	}
	d := due{Kind: "reminder", Rung: rung.Name, Due: a.Due, Late: rung.Late, Revision: a.Revision}
	var out []cutover.Event
	if !rung.Quiet {
		out = append(out, cutover.NewEvent(cutover.TypeReminderDue, "match", a.ID, now, d, a.ID, d.Kind, string(a.Due), rung.Name))
	}
	if rung.Escalate {
		d.Kind = "escalation"
		out = append(out, cutover.NewEvent(cutover.TypeReminderDue, "match", a.ID, now, d, a.ID, d.Kind, string(a.Due), rung.Name))
	}
	return out
}

// silent are the kinds of cases that only stand in the inbox: nothing waits on
// them, so nobody is disturbed. Of the copies of one notice that wait, the first
// speaks for all.
var silent = []string{cutover.CaseUnlinked}

// chaseCase puts a waiting case before the fallback owner once, and then on the
// same ladder as an action that is due when the case is.
func (r *Room) chaseCase(tx store.Tx, c cutover.Case, team cutover.Team, now time.Time, events *[]cutover.Event) error {
	if slices.Contains(silent, c.Kind) {
		return nil
	}
	d := due{Kind: "case", Rung: "opened", Due: c.Due}
	last := c.Opened
	if _, err := tx.Effect(c.ID + "/case/opened"); err == nil {
		effects, err := collect(tx.Effects(c.ID))
		if err != nil {
			return err
		}
		for _, e := range effects {
			if e.Intent.After(last) {
				last = e.Intent
			}
		}
		as := cutover.Action{ID: c.ID, State: cutover.ActionAcknowledged, Due: c.Due, Opened: c.Opened}
		rung, _ := plan.Next(as, team, r.Reminders("", team), last, now)
		if rung == nil {
			return nil
		}
		d.Rung, d.Late = rung.Name, rung.Late
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	*events = append(*events, cutover.NewEvent(cutover.TypeReminderDue, "match", c.ID, now, d, c.ID, d.Kind, string(c.Due), d.Rung))
	return nil
}

// digest tells the fallback owner, once for each notice and all in one message, of
// those whose dates were over when they were first seen.
func (r *Room) digest(tx store.Tx, past []plan.PastNotice, now time.Time, events *[]cutover.Event) error {
	d := due{Kind: "digest"}
	for _, p := range past {
		key := "digest/" + p.Notice
		if _, err := tx.Effect(key); err == nil {
			continue
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		d.Notices = append(d.Notices, p.Notice)
		d.Text = append(d.Text, p.Reason)
		told := cutover.Effect{Key: key, Subject: p.Notice, Kind: "digest", State: cutover.EffectDone, Intent: now, Done: now}
		if err := tx.PutEffect(told); err != nil {
			return err
		}
	}
	if len(d.Notices) > 0 {
		*events = append(*events, cutover.NewEvent(cutover.TypeReminderDue, "match", "digest", now, d, append([]string{"digest"}, d.Notices...)...))
	}
	return nil
}
