package alert

import (
	"context"
	"fmt"
	"sync"
	"time"

	"cutover/shared/slack"
)

// dryPrefix marks the time stamps of messages that a dry run would have posted.
const dryPrefix = "plan-"

// DrySlack posts nothing: what `cutover plan` runs on. What it would have posted
// is known by time stamps that exist nowhere.
type DrySlack struct {
	mu     sync.Mutex
	posted int
}

// Post invents a time stamp.
func (d *DrySlack) Post(_ context.Context, m slack.Message) (slack.Ref, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.posted++
	return slack.Ref{Channel: m.Channel, TS: fmt.Sprintf("%s%d", dryPrefix, d.posted)}, nil
}

// Update does nothing.
func (d *DrySlack) Update(context.Context, slack.Ref, slack.Message) error { return nil }

// Find finds nothing: a message in doubt would be looked for in the real Slack.
func (d *DrySlack) Find(context.Context, string, string, string, time.Time) (slack.Ref, bool, error) {
	return slack.Ref{}, false, nil
}
