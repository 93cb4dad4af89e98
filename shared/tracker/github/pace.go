package github

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/go-github/v92/github"
	"golang.org/x/time/rate"

	"cutover/shared/tracker"
)

// What a call does to GitHub.
const (
	reading = false
	writing = true
)

const (
	// A bucket lets a burst through and then its rate: the sum is the most that any
	// minute (hour) can see, and stays at GitHub's 80 a minute and 500 an hour.
	minuteBurst, minuteRate = 10, 70
	hourBurst, hourRate     = 100, 400
	// maxWait is how long a call waits for its turn; longer, and the message waits.
	maxWait = 20 * time.Second
	// unsaid is the wait after a refusal that does not say how long (GitHub asks
	// for at least a minute).
	unsaid = time.Minute
)

// pace spaces the calls and keeps quiet while GitHub asked for quiet.
type pace struct {
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
	minute *rate.Limiter
	hour   *rate.Limiter

	mu    sync.Mutex
	quiet time.Time // until
}

func newPace(now func() time.Time, sleep func(context.Context, time.Duration) error) *pace {
	if sleep == nil {
		sleep = reallySleep
	}
	return &pace{
		now: now, sleep: sleep,
		minute: rate.NewLimiter(rate.Every(time.Minute/minuteRate), minuteBurst),
		hour:   rate.NewLimiter(rate.Every(time.Hour/hourRate), hourBurst),
	}
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

// turn waits until the next call may go out.
func (p *pace) turn(ctx context.Context, writes bool) error {
	now := p.now()
	p.mu.Lock()
	left := p.quiet.Sub(now)
	p.mu.Unlock()
	if left > 0 {
		return tracker.Later{After: left, Err: errors.New("GitHub asked for quiet")}
	}
	if !writes {
		return nil
	}
	m, h := p.minute.ReserveN(now, 1), p.hour.ReserveN(now, 1)
	wait := max(m.DelayFrom(now), h.DelayFrom(now))
	if wait > maxWait {
		m.CancelAt(now)
		h.CancelAt(now)
		return tracker.Later{After: wait, Err: errors.New("GitHub takes 80 writes a minute and 500 an hour; they are spent")}
	}
	if wait <= 0 {
		return nil
	}
	if err := p.sleep(ctx, wait); err != nil {
		return tracker.Refused{Err: err}
	}
	return nil
}

func (p *pace) hush(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := p.now().Add(d); until.After(p.quiet) {
		p.quiet = until
	}
}

// call makes one request in its turn and says what its failure means.
func (g *GitHub) call(ctx context.Context, doing string, writes bool, fn func() (*github.Response, error)) error {
	if err := g.pace.turn(ctx, writes); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	resp, err := fn()
	if err == nil {
		if resp != nil && resp.Rate.Limit > 0 && resp.Rate.Remaining == 0 {
			g.pace.hush(untilReset(resp.Response, resp.Rate))
		}
		return nil
	}
	if wait, ok := askedToWait(err); ok {
		g.pace.hush(wait)
		return fmt.Errorf("%s: %w", doing, tracker.Later{After: wait, Err: errors.New("GitHub's rate limit is reached")})
	}
	return fmt.Errorf("%s: %w", doing, meaning(err))
}
