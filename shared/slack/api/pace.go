package api

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"cutover/shared/slack"
)

const (
	// apart is how far apart the posts to one channel are, measured from the answer
	// to the first, so that slow networks cannot bring them closer together.
	apart = time.Second
	// unsaid is the wait after a refusal that does not say how long.
	unsaid = time.Minute
)

// pace spaces the posts and keeps quiet while Slack asked for quiet.
type pace struct {
	now   func() time.Time
	sleep func(context.Context, time.Duration) error

	mu    sync.Mutex
	quiet time.Time // until
	lanes map[string]*lane
}

// lane lets one post at a time into a channel.
type lane struct {
	turn chan struct{}
	free time.Time // from when on the next one may go; belongs to who has the turn
}

func newPace(now func() time.Time, sleep func(context.Context, time.Duration) error) *pace {
	if sleep == nil {
		sleep = reallySleep
	}
	return &pace{now: now, sleep: sleep, lanes: map[string]*lane{}}
}

func reallySleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (p *pace) lane(channel string) *lane {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.lanes[channel]
	if l == nil {
		l = &lane{turn: make(chan struct{}, 1)}
		p.lanes[channel] = l
	}
	return l
}

// join makes two names of a channel one lane.
func (p *pace) join(name, id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.lanes[name]; l != nil && p.lanes[id] == nil {
		p.lanes[id] = l
	}
}

// enter waits for the channel's turn; leave ends it.
func (p *pace) enter(ctx context.Context, channel string) (leave func(), err error) {
	l := p.lane(channel)
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case l.turn <- struct{}{}:
	}
	if wait := l.free.Sub(p.now()); wait > 0 {
		if err := p.sleep(ctx, wait); err != nil {
			<-l.turn
			return nil, err
		}
	}
	return func() {
		l.free = p.now().Add(apart)
		<-l.turn
	}, nil
}

// asked is how long Slack still wants to be left alone.
func (p *pace) asked() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.quiet.Sub(p.now())
}

func (p *pace) hush(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := p.now().Add(d); until.After(p.quiet) {
		p.quiet = until
	}
}

// call makes one request in its turn (a post in that of its channel) and says what
// its failure means.
func (a *API) call(ctx context.Context, doing, channel string, fn func() error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", doing, slack.Refused{Err: err})
	}
	if channel != "" {
		leave, err := a.pace.enter(ctx, channel)
		if err != nil {
			return fmt.Errorf("%s: %w", doing, slack.Refused{Err: err})
		}
		defer leave()
	}
	if left := a.pace.asked(); left > 0 {
		return fmt.Errorf("%s: %w", doing, slack.Later{After: left, Err: errors.New("quiet is asked for by Slack")})
	}
	err := fn()
	if err == nil {
		return nil
	}
	if wait, ok := askedToWait(err); ok {
		a.pace.hush(wait)
		return fmt.Errorf("%s: %w", doing, slack.Later{After: wait, Err: errors.New("the rate limit of Slack is reached")})
	}
	return fmt.Errorf("%s: %w", doing, a.meaning(err))
}
