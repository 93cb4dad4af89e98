package alert

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/slack"
	"cutover/shared/store"
)

// Keys of an effect's result. An intent carries all but the time stamp, so that
// what a crash left in doubt is looked for where it was posted, and is known by
// what it told.
const (
	resChannel = "channel"
	resThread  = "thread"
	resTS      = "ts"
	resShown   = "shown"  // what people were told, prose.Shown
	resLink    = "link"   // of the ticket that the message shows
	resUndone  = "undone" // the last try is known to have done nothing
	resGone    = "gone"   // somebody deleted the message
)

// settle is how long an intent in doubt waits with a Slack whose history may lag.
const settle = 2 * time.Minute

// lagging is what a Slack adds whose Find may miss what was just posted.
type lagging interface{ Lags() bool }

// errTaken says that somebody else works on the same effect; a retry sees what came of it.
var errTaken = errors.New("somebody else is writing this message just now; try again")

// say posts a message once, whatever happens in between: its effect's key is the
// message's name. It reports whether it stands there by this call.
func (r *Room) say(ctx context.Context, m slack.Message, version int, keep map[string]string) (bool, error) {
	if m.Channel == "" {
		r.log().WarnContext(ctx, "nobody is told: neither the team nor the fallback has a Slack channel", "effect", m.Effect)
		return false, nil
	}
	was, err := r.effect(ctx, m.Effect)
	if err != nil || was.State == cutover.EffectDone {
		return false, err
	}
	if found, err := r.settled(ctx, was); found || err != nil {
		return found, err
	}
	e := cutover.Effect{
		Key: m.Effect, Subject: m.Action, Kind: m.Kind, State: cutover.EffectIntent, Version: version, Intent: r.Now().UTC(),
		Result: map[string]string{resChannel: m.Channel},
	}
	if m.Thread != "" {
		e.Result[resThread] = m.Thread
	}
	maps.Copy(e.Result, keep)
	if err := r.intend(ctx, was, e); err != nil {
		return false, fmt.Errorf("writing down the intent of message %s: %w", m.Effect, err)
	}
	ref, err := r.Slack.Post(ctx, m)
	if err != nil {
		return false, r.failed(ctx, e, err)
	}
	return true, r.record(ctx, e, ref)
}

// settled looks, if an effect is in doubt, whether its message stands in Slack,
// and records it as it was intended.
func (r *Room) settled(ctx context.Context, e cutover.Effect) (bool, error) {
	if e.State != cutover.EffectIntent || e.Result[resUndone] != "" {
		return false, nil
	}
	ref, found, err := r.Slack.Find(ctx, e.Result[resChannel], e.Result[resThread], e.Key, e.Intent)
	if err != nil {
		return false, fmt.Errorf("looking for message %s: %w", e.Key, err)
	}
	if found {
		return true, r.record(ctx, e, ref)
	}
	l, ok := r.Slack.(lagging)
	if left := settle - r.Now().Sub(e.Intent); ok && l.Lags() && left > 0 {
		return false, slack.Later{After: left, Err: fmt.Errorf("message %s is in doubt and may show late", e.Key)}
	}
	return false, nil
}

// intend commits what is about to be done, unless somebody else did meanwhile.
func (r *Room) intend(ctx context.Context, was, e cutover.Effect) error {
	return r.Store.Update(ctx, func(tx store.Tx) error {
		stands, err := tx.Effect(e.Key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if stands.State != was.State || !stands.Intent.Equal(was.Intent) {
			return errTaken
		}
		return tx.PutEffect(e)
	})
}

func (r *Room) record(ctx context.Context, e cutover.Effect, ref slack.Ref) error {
	e.State, e.Done, e.Error = cutover.EffectDone, r.Now().UTC(), ""
	e.Result = maps.Clone(e.Result)
	e.Result[resChannel], e.Result[resTS] = ref.Channel, ref.TS
	if err := r.put(ctx, e); err != nil {
		return fmt.Errorf("recording message %s: %w", e.Key, err)
	}
	r.count(counted[e.Kind])
	return nil
}

// counted is the name under which each kind of message is counted, once recorded.
var counted = map[string]string{
	slack.KindAlert: "alerts_sent", slack.KindChange: "changes_sent", slack.KindReminder: "reminders_sent",
	slack.KindEscalation: "escalations_sent", slack.KindCase: "cases_sent", slack.KindDigest: "digests_sent",
}

// failed keeps, if it is sure, that nothing was done: then the next try needs no
// look. That note is a help only; without it the doubt remains.
func (r *Room) failed(ctx context.Context, e cutover.Effect, cause error) error {
	err := fmt.Errorf("posting message %s: %w", e.Key, cause)
	if !slack.Undone(cause) {
		return err
	}
	e.Error = prose.Line(cause.Error(), 300)
	e.Result = map[string]string{resUndone: "yes"}
	if kept := r.put(ctx, e); kept != nil {
		r.log().WarnContext(ctx, "keeping that a message was refused", "effect", e.Key, "error", kept)
	}
	return err
}

func (r *Room) effect(ctx context.Context, key string) (cutover.Effect, error) {
	var e cutover.Effect
	err := r.Store.View(ctx, func(rd store.Reader) error {
		var err error
		e, err = rd.Effect(key)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return cutover.Effect{}, nil
	}
	if err != nil {
		return e, fmt.Errorf("loading effect %s: %w", key, err)
	}
	return e, nil
}

func (r *Room) put(ctx context.Context, e cutover.Effect) error {
	return r.Store.Update(ctx, func(tx store.Tx) error { return tx.PutEffect(e) })
}
