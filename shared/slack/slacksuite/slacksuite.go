// Package slacksuite holds everything that keeps the contract of shared/slack to
// the same promises: a message is posted once and says where it stands, is found
// again by the effect in its metadata, and is edited in place.
package slacksuite

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"cutover/shared/slack"
)

// Slack is what the alert room needs; functions/alert declares the same.
type Slack interface {
	Post(ctx context.Context, m slack.Message) (slack.Ref, error)
	Update(ctx context.Context, at slack.Ref, m slack.Message) error
	Find(ctx context.Context, channel, thread, effect string, since time.Time) (slack.Ref, bool, error)
}

// Seen is a message as somebody sees it who looks at Slack.
type Seen struct {
	Ref      slack.Ref
	Thread   string
	Text     string
	Blocks   []slack.Block
	Metadata slack.Metadata
	Edited   bool
}

// Rig is a fresh Slack with two channels, #one and #two, and a look into it.
type Rig struct {
	Slack  Slack
	Now    func() time.Time
	Look   func(t *testing.T) []Seen // in the order of posting
	Delete func(t *testing.T, at slack.Ref)
}

// The channels of a rig.
const (
	One = "#one"
	Two = "#two"
)

// Run holds a Slack to the contract; open makes a fresh one.
func Run(t *testing.T, open func(t *testing.T) Rig) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, rig Rig)
	}{
		{"Post", post}, {"Threads", threads}, {"FindByEffect", findByEffect}, {"FindAmongMany", findAmongMany},
		{"Update", update}, {"UpdateKeepsTheEffect", updateKeeps}, {"Gone", gone}, {"AtOnce", atOnce}, {"Cancelled", cancelled},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

// Draft is a message with every kind of block and with text that must arrive as it is.
func Draft(channel, effect string) slack.Message {
	return slack.Message{
		Channel: channel, Kind: slack.KindAlert, Action: "azure:ABC-123/payments", Effect: effect,
		Text: "Roots change: &lt;!channel&gt; \"quoted\", 証明書, <https://example.test/1|#1>",
		Blocks: []slack.Block{
			{Type: "header", Text: &slack.Text{Type: "plain_text", Text: "Roots change by 15 February 2023"}},
			{Type: "section", Text: &slack.Text{Type: "mrkdwn", Text: "*Where*: `a/b.go:12` &amp; 証明書\nsecond line", Verbatim: true}},
			{Type: "divider"},
			{Type: "context", Elements: []slack.Text{{Type: "mrkdwn", Text: "ticket <https://example.test/1|#1>", Verbatim: true}, {Type: "plain_text", Text: "plain"}}},
		},
	}
}

// must posts a message that has to succeed.
func must(t *testing.T, rig Rig, m slack.Message) slack.Ref {
	t.Helper()
	ref, err := rig.Slack.Post(t.Context(), m)
	if err != nil {
		t.Fatalf("Post: %v", err)
	}
	if ref.Channel == "" || ref.TS == "" {
		t.Fatalf("Post does not say where the message stands: %+v", ref)
	}
	return ref
}

// finds reports an error where Find does not give want (nil: nothing).
func finds(t *testing.T, rig Rig, channel, thread, effect string, want *slack.Ref) {
	t.Helper()
	got, ok, err := rig.Slack.Find(t.Context(), channel, thread, effect, rig.Now().Add(-time.Hour))
	switch {
	case err != nil:
		t.Errorf("Find %s in %s, thread %q: %v", effect, channel, thread, err)
	case ok != (want != nil):
		t.Errorf("Find %s in %s, thread %q: %+v, %v", effect, channel, thread, got, ok)
	case ok && got != *want:
		t.Errorf("Find %s in %s, thread %q: %+v, want %+v", effect, channel, thread, got, *want)
	}
}

// the gives the one message of a ref.
func the(t *testing.T, rig Rig, at slack.Ref) Seen {
	t.Helper()
	for _, s := range rig.Look(t) {
		if s.Ref == at {
			return s
		}
	}
	t.Fatalf("no message stands at %+v", at)
	return Seen{}
}

func isGone(t *testing.T, doing string, err error) {
	t.Helper()
	if !errors.Is(err, slack.ErrGone) || !slack.Undone(err) {
		t.Errorf("%s: %v, want one that is slack.ErrGone", doing, err)
	}
}

func effect(i int) string { return fmt.Sprintf("azure:ABC-123/payments alert %d", i) }
