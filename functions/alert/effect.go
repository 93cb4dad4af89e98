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

// Keys of an effect's result.
const (
	resChannel = "channel"
	resTS      = "ts"
	resThread  = "thread"
	resShown   = "shown"  // what people were last told, prose.Shown
	resLink    = "link"   // of the ticket that the message shows
	resUndone  = "undone" // the last try is known to have done nothing
	resGone    = "gone"   // somebody deleted the message
)

// settle is how long an intent in doubt waits with a Slack whose history may lag.
const settle = 2 * time.Minute

// lagging is what a Slack adds whose Find may miss what was just posted.
type lagging interface{ Lags() bool }

// say posts a message once, whatever happens in between: its effect's key is the
// message's name. It reports whether this call posted it.
func (r *Room) say(ctx context.Context, m slack.Message, version int, extra map[string]string) (cutover.Effect, bool, error) {
	if m.Channel == "" {
		r.Log.Warn("nobody is told: neither the team nor the fallback has a Slack channel", "effect", m.Effect)
		return cutover.Effect{}, false, nil
	}
	now := r.Now().UTC()
	e, err := r.effect(ctx, m.Effect)
	if err != nil || e.State == cutover.EffectDone {
		return e, false, err
	}
	if e.State == cutover.EffectIntent && e.Result[resUndone] == "" {
		ref, found, err := r.Slack.Find(ctx, m.Channel, m.Thread, m.Effect, e.Intent)
		if err != nil {
			return e, false, fmt.Errorf("looking for message %s: %w", m.Effect, err)
		}
		if found {
			return r.record(ctx, e, m, ref, extra)
		}
		if l, ok := r.Slack.(lagging); ok && l.Lags() && now.Sub(e.Intent) < settle {
			return e, false, slack.Later{After: settle - now.Sub(e.Intent), Err: fmt.Errorf("message %s is in doubt and may show late", m.Effect)}
		}
	}
	e = cutover.Effect{Key: m.Effect, Subject: m.Action, Kind: m.Kind, State: cutover.EffectIntent, Version: version, Intent: now}
	if err := r.put(ctx, e); err != nil {
		return e, false, fmt.Errorf("writing down the intent of message %s: %w", m.Effect, err)
	}
	ref, err := r.Slack.Post(ctx, m)
	if err != nil {
		return e, false, r.failed(ctx, e, err)
	}
	return r.record(ctx, e, m, ref, extra)
}

func (r *Room) record(ctx context.Context, e cutover.Effect, m slack.Message, ref slack.Ref, extra map[string]string) (cutover.Effect, bool, error) {
	e.State, e.Done, e.Error = cutover.EffectDone, r.Now().UTC(), ""
	e.Result = map[string]string{resChannel: ref.Channel, resTS: ref.TS}
	if m.Thread != "" {
		e.Result[resThread] = m.Thread
	}
	maps.Copy(e.Result, extra)
	if err := r.put(ctx, e); err != nil {
		return e, false, fmt.Errorf("recording message %s: %w", e.Key, err)
	}
	return e, true, nil
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
		r.Log.Warn("keeping that a message was refused", "effect", e.Key, "error", kept)
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
