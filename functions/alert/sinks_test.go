package alert_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cutover/functions/alert"
	"cutover/shared/slack"
	"cutover/shared/store"
)

// recorder keeps what is posted or edited.
type recorder struct{ posted []slack.Message }

func (r *recorder) Post(_ context.Context, m slack.Message) (slack.Ref, error) {
	r.posted = append(r.posted, m)
	return slack.Ref{Channel: "C1", TS: fmt.Sprint(len(r.posted))}, nil
}

func (r *recorder) Update(_ context.Context, _ slack.Ref, m slack.Message) error {
	r.posted = append(r.posted, m)
	return nil
}

func (r *recorder) Find(context.Context, string, string, string, time.Time) (slack.Ref, bool, error) {
	return slack.Ref{}, false, nil
}

func (r *recorder) kinds() (out []string) {
	for _, m := range r.posted {
		if !slices.Contains(out, m.Kind) {
			out = append(out, m.Kind)
		}
	}
	return out
}

var errFault = errors.New("planted fault")

// faults makes the n-th call (from 1) fail, before or after its work.
type faults struct {
	at    int // 0: none
	after bool
	calls int
}

func (f *faults) do(work func() error) error {
	f.calls++
	hit := f.calls == f.at
	if hit && !f.after {
		return errFault
	}
	if err := work(); err != nil {
		return err
	}
	if hit {
		return errFault
	}
	return nil
}

// flakyStore and flakySlack plant faults in the calls of the room.
type flakyStore struct {
	alert.Store
	*faults
}

func (s flakyStore) View(ctx context.Context, fn func(store.Reader) error) error {
	return s.do(func() error { return s.Store.View(ctx, fn) })
}

func (s flakyStore) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.do(func() error { return s.Store.Update(ctx, fn) })
}

type flakySlack struct {
	alert.Slack
	*faults
}

func (s flakySlack) Post(ctx context.Context, m slack.Message) (ref slack.Ref, err error) {
	err = s.do(func() (err error) { ref, err = s.Slack.Post(ctx, m); return err })
	return ref, err
}

func (s flakySlack) Update(ctx context.Context, at slack.Ref, m slack.Message) error {
	return s.do(func() error { return s.Slack.Update(ctx, at, m) })
}

func (s flakySlack) Find(ctx context.Context, channel, thread, effect string, since time.Time) (ref slack.Ref, found bool, err error) {
	err = s.do(func() (err error) { ref, found, err = s.Slack.Find(ctx, channel, thread, effect, since); return err })
	return ref, found, err
}

// lagging is a Slack whose history shows a message a minute late.
type lagging struct {
	alert.Slack
	clock  *clock
	posted map[string]time.Time // by effect
}

func (l lagging) Lags() bool { return true }

func (l lagging) Post(ctx context.Context, m slack.Message) (slack.Ref, error) {
	l.posted[m.Effect] = l.clock.now()
	return l.Slack.Post(ctx, m)
}

func (l lagging) Find(ctx context.Context, channel, thread, effect string, since time.Time) (slack.Ref, bool, error) {
	ref, found, err := l.Slack.Find(ctx, channel, thread, effect, since)
	return ref, found && l.clock.now().Sub(l.posted[effect]) >= time.Minute, err
}

// Lags is as the Slack says.
func (s flakySlack) Lags() bool {
	l, ok := s.Slack.(interface{ Lags() bool })
	return ok && l.Lags()
}
