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
func (r *Room) action(ctx context.Context, id string) error {
	w, err := r.load(ctx, id)
	if err != nil {
		return err
	}
	if w.alert.State != cutover.EffectDone {
		if err := r.open(ctx, w); err != nil {
			return err
		}
		// What a crash left behind may be found as an older version showed it.
		if w, err = r.load(ctx, id); err != nil {
			return err
		}
	}
	if w.alert.State != cutover.EffectDone || w.alert.Version >= w.action.Version && w.alert.Result[resLink] == w.ticket {
		return nil
	}
	return r.edit(ctx, w)
}

// open posts the one message of an action. What ended before anybody was told of
// it is not worth a message. Without a ticket it waits for a while.
func (r *Room) open(ctx context.Context, w *work) error {
	if w.action.State.Ended() {
		_, err := r.settled(ctx, w.alert)
		return err
	}
	if w.number == "" && w.now.Sub(w.action.Opened) < patience {
		return nil
	}
	_, err := r.say(ctx, w.message(slack.KindAlert, alertKey(w.action.ID)), w.action.Version, w.told())
	return err
}

// told is what the effect of a telling message remembers.
func (w *work) told() map[string]string {
	return map[string]string{resShown: prose.ShownOf(w.action).String(), resLink: w.ticket}
}

// edit first tells in the thread what matters, then edits the message, then
// records: each step can be done again without harm.
func (r *Room) edit(ctx context.Context, w *work) error {
	if err := r.tell(ctx, w); err != nil {
		return err
	}
	e := w.alert
	e.Version, e.Done = w.action.Version, w.now
	e.Result = maps.Clone(e.Result)
	maps.Copy(e.Result, w.told())
	counts := ""
	if !w.gone() {
		ref := slack.Ref{Channel: w.alert.Result[resChannel], TS: w.alert.Result[resTS]}
		err := r.Slack.Update(ctx, ref, w.message(slack.KindAlert, alertKey(w.action.ID)))
		switch {
		case errors.Is(err, slack.ErrGone):
			e.Result[resGone] = "yes" // a person wanted it so: it is not posted again
		case err != nil:
			return fmt.Errorf("editing the alert of action %s: %w", w.action.Key, err)
		default:
			counts = "alerts_updated"
		}
	}
	if err := r.put(ctx, e); err != nil {
		return fmt.Errorf("recording the alert of action %s: %w", w.action.Key, err)
	}
	r.count(counts)
	return nil
}

// tell replies in the thread with what is new since people were told last: by the
// alert, or by a reply after which the alert was not edited any more.
func (r *Room) tell(ctx context.Context, w *work) error {
	last := w.alert.Result[resShown]
	for _, e := range w.replies {
		stands := e.State == cutover.EffectDone
		if !stands {
			var err error
			if stands, err = r.settled(ctx, e); err != nil {
				return err
			}
		}
		if stands {
			last = e.Result[resShown]
		}
	}
	shown, ok := prose.ParseShown(last)
	if !ok {
		return nil
	}
	change := prose.Since(shown, w.action)
	if !change.Matters() {
		return nil
	}
	key := w.action.ID + "/change/" + strconv.Itoa(w.action.Version)
	_, err := r.say(ctx, w.reply(slack.KindChange, key, w.changed(change)), w.action.Version, w.told())
	return err
}

// remind posts a reminder in the thread, or an escalation to the team's second
// channel, if what the event says still holds.
func (r *Room) remind(ctx context.Context, id string, d Due) error {
	w, err := r.load(ctx, id)
	if err != nil {
		return err
	}
	if w.action.Due != d.Due || !chased(w.action.State) {
		return nil
	}
	if d.Kind == slack.KindEscalation && (w.action.State != cutover.ActionOpen || w.team.Escalation == "") {
		return nil
	}
	if w.alert.State != cutover.EffectDone && w.team.Slack != "" {
		return slack.Later{After: patience, Err: fmt.Errorf("reminding of action %s: its alert is not out yet", w.action.Key)}
	}
	key := fmt.Sprintf("%s/%s/%s/%s", w.action.ID, d.Kind, d.Due, d.Rung)
	m := w.reply(slack.KindReminder, key, w.reminder(d))
	if d.Kind == slack.KindEscalation {
		m = w.message(slack.KindEscalation, key)
		m.Channel = w.team.Escalation
	}
	_, err = r.say(ctx, m, w.action.Version, nil)
	return err
}

// chased reports whether an action in this state is reminded of.
func chased(s cutover.ActionState) bool {
	return s == cutover.ActionOpen || s == cutover.ActionAcknowledged
}
