package alert

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"

	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/slack"
)

// action brings the message of an action to what the store says: posts it, or edits
// it and tells in its thread what a person must know.
func (r *Room) action(ctx context.Context, ev cutover.Event) error {
	w, err := r.load(ctx, ev.Subject)
	if err != nil {
		return err
	}
	if w.alert.State != cutover.EffectDone {
		return r.open(ctx, w)
	}
	if w.alert.Version >= w.action.Version && w.alert.Result[resLink] == w.ticket {
		return nil
	}
	return r.edit(ctx, w)
}

// open posts the one message of an action. What ended before anybody was told of
// it is not worth a message. Without a ticket it waits for a while.
func (r *Room) open(ctx context.Context, w *work) error {
	if w.action.State.Ended() && w.alert.State == "" {
		return nil
	}
	if w.number == "" && w.now.Sub(w.action.Opened) < patience {
		return nil
	}
	m := w.message(slack.KindAlert, alertKey(w.action.ID))
	_, posted, err := r.say(ctx, m, w.action.Version, w.told())
	if posted {
		r.count("alerts_sent")
	}
	return err
}

// told is what the opening message's effect remembers.
func (w *work) told() map[string]string {
	return map[string]string{resShown: prose.ShownOf(w.action).String(), resLink: w.ticket}
}

// edit first tells in the thread what matters, then edits the message, then
// records: each step can be done again without harm.
func (r *Room) edit(ctx context.Context, w *work) error {
	ref := slack.Ref{Channel: w.alert.Result[resChannel], TS: w.alert.Result[resTS]}
	gone := w.alert.Result[resGone] != ""
	if shown, ok := prose.ParseShown(w.alert.Result[resShown]); ok {
		if change := prose.Since(shown, w.action); change.Matters() {
			if err := r.tell(ctx, w, change); err != nil {
				return err
			}
		}
	}
	updated := false
	if !gone {
		err := r.Slack.Update(ctx, ref, w.message(slack.KindAlert, alertKey(w.action.ID)))
		switch {
		case errors.Is(err, slack.ErrGone):
			gone = true
		case err != nil:
			return fmt.Errorf("editing the alert of action %s: %w", w.action.Key, err)
		default:
			updated = true
		}
	}
	e := w.alert
	e.Version, e.Done = w.action.Version, w.now
	e.Result = maps.Clone(e.Result)
	maps.Copy(e.Result, w.told())
	if gone {
		e.Result[resGone] = "yes"
	}
	if err := r.put(ctx, e); err != nil {
		return fmt.Errorf("recording the alert of action %s: %w", w.action.Key, err)
	}
	if updated {
		r.count("alerts_updated")
	}
	return nil
}

// tell replies in the thread with what changed.
func (r *Room) tell(ctx context.Context, w *work, change prose.Change) error {
	key := w.action.ID + "/change/" + strconv.Itoa(w.action.Version)
	m := w.reply(slack.KindChange, key, changeText(w, change))
	_, posted, err := r.say(ctx, m, w.action.Version, nil)
	if posted {
		r.count("changes_sent")
	}
	return err
}

// remind posts a reminder in the thread, or an escalation to the team's second
// channel, if what the message says still holds.
func (r *Room) remind(ctx context.Context, id string, d Due) error {
	w, err := r.load(ctx, id)
	if err != nil {
		return err
	}
	if w.action.Due != d.Due || !chased(w.action.State) {
		return nil
	}
	if w.alert.State != cutover.EffectDone {
		return fmt.Errorf("reminding of action %s: its alert is not out yet", w.action.Key)
	}
	key := fmt.Sprintf("%s/%s/%s/%s", w.action.ID, d.Kind, d.Due, d.Rung)
	m, counts := w.reply(slack.KindReminder, key, w.reminder(d)), "reminders_sent"
	if d.Kind == slack.KindEscalation {
		if w.action.State != cutover.ActionOpen || w.team.Escalation == "" {
			return nil
		}
		m, counts = w.message(slack.KindEscalation, key), "escalations_sent"
		m.Channel = w.team.Escalation
	}
	_, posted, err := r.say(ctx, m, w.action.Version, nil)
	if posted {
		r.count(counts)
	}
	return err
}

// chased reports whether an action in this state is reminded of.
func chased(s cutover.ActionState) bool {
	return s == cutover.ActionOpen || s == cutover.ActionAcknowledged
}
