// Package api keeps messages in Slack itself (Web API, by slack-go/slack).
//
// Slack has no key that makes a post happen once. So a post carries metadata that
// names its effect, and Find reads the channel's history (or the thread) from
// around the time of the intent. Slack takes about one post per second and channel
// (docs.slack.dev, apis/web-api/rate-limits): posts to a channel go one after the
// other, a second apart. When Slack says how long to wait, nothing is asked until
// then.
//
// The app needs the scopes chat:write, channels:read, channels:history and, for
// private channels, groups:read and groups:history, and an invitation to each
// channel.
package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"cutover/shared/slack"
)

// Config is what an API needs. Now is the wall clock also where the rest runs at a
// pinned time: it measures waiting, and Slack's own times are compared with it.
type Config struct {
	Token string // of the bot: xoxb-…
	URL   string // of the API; empty means https://slack.com/api/
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error // nil: really
	HTTP  *http.Client                                     // nil: one that gives up after 30 s
}

// API keeps messages in Slack.
type API struct {
	client *slackgo.Client
	wire   *wire
	pace   *pace
	now    func() time.Time

	mu     sync.Mutex
	ids    map[string]string // channels by name, without #
	listed time.Time         // when all channels were listed last
}

// New makes an API.
func New(c Config) (*API, error) {
	if c.Token == "" {
		return nil, errors.New("opening Slack: no token; give a bot's token (xoxb-…) in the environment")
	}
	if strings.ContainsFunc(c.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("opening Slack: the token holds blanks or characters that no token has; copy it again")
	}
	if c.Now == nil {
		return nil, errors.New("opening Slack: no clock")
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 30 * time.Second}
	}
	if c.URL == "" {
		c.URL = slackgo.APIURL
	}
	w := newWire(c.HTTP, c.Token)
	return &API{
		// The token goes out in a header, which wire sets: slack-go would put it in the body.
		client: slackgo.New("", slackgo.OptionAPIURL(strings.TrimSuffix(c.URL, "/")+"/"), slackgo.OptionHTTPClient(w)),
		wire:   w, pace: newPace(c.Now, c.Sleep), now: c.Now, ids: map[string]string{},
	}, nil
}

// Lags is true: a new message may be missing from a history for a while, and a post
// that we gave up on may still be done.
func (a *API) Lags() bool { return true }

// Check asks Slack whether it accepts the token, and says whose it is.
func (a *API) Check(ctx context.Context) (team, user string, err error) {
	err = a.call(ctx, "checking the Slack token", "", func() error {
		who, err := a.client.AuthTestContext(ctx)
		if err == nil {
			team, user = who.Team, who.User
		}
		return err
	})
	return team, user, err
}

// Post posts a message. What Slack would not take of it is cut.
func (a *API) Post(ctx context.Context, m slack.Message) (slack.Ref, error) {
	if m.Channel == "" {
		return slack.Ref{}, slack.Refused{Err: errors.New("posting to Slack: the message names no channel; give the team a slack channel")}
	}
	meta := slackgo.SlackMetadata{EventType: slack.EventType, EventPayload: map[string]any{}}
	for k, v := range slack.MetadataOf(m).Payload {
		meta.EventPayload[k] = v
	}
	opts := []slackgo.MsgOption{slackgo.MsgOptionMetadata(meta), slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl()}
	if m.Thread != "" {
		opts = append(opts, slackgo.MsgOptionTS(m.Thread))
	}
	var ref slack.Ref
	err := a.send(ctx, "posting to "+m.Channel, a.id(m.Channel), cut(m, slack.MaxFallback), func(content ...slackgo.MsgOption) error {
		channel, ts, err := a.client.PostMessageContext(ctx, m.Channel, append(content, opts...)...)
		if err == nil && (channel == "" || ts == "") {
			err = errors.New("the answer does not say where the message stands")
		}
		ref = slack.Ref{Channel: channel, TS: ts}
		return err
	})
	if err != nil {
		return slack.Ref{}, err
	}
	a.learn(m.Channel, ref.Channel)
	return ref, nil
}

// Update edits a message in place. Its metadata stays: it is not sent, and what is
// not sent Slack keeps.
func (a *API) Update(ctx context.Context, at slack.Ref, m slack.Message) error {
	return a.send(ctx, fmt.Sprintf("editing message %s in %s", at.TS, at.Channel), "", cut(m, maxEdit), func(content ...slackgo.MsgOption) error {
		_, ts, _, err := a.client.UpdateMessageContext(ctx, at.Channel, at.TS, content...)
		if err == nil && ts == "" {
			err = errors.New("the answer does not say what was edited")
		}
		return err
	})
}

// send sends a message's text and blocks, and half of the blocks where all
// together are too long: how long that is Slack does not say.
func (a *API) send(ctx context.Context, doing, pacedBy string, m slack.Message, fn func(...slackgo.MsgOption) error) error {
	for {
		blocks := []slackgo.Block{}
		for _, b := range m.Blocks {
			blocks = append(blocks, block{b})
		}
		err := a.call(ctx, doing, pacedBy, func() error {
			// No list at all would keep the old blocks of an edited message. Without
			// parse, an edit would make links and mentions of plain words.
			return fn(slackgo.MsgOptionText(m.Text, false), slackgo.MsgOptionBlocks(blocks...), slackgo.MsgOptionParse(false))
		})
		var answer slackgo.SlackErrorResponse
		if len(m.Blocks) == 0 || !errors.As(err, &answer) || answer.Err != "msg_blocks_too_long" {
			return err
		}
		m.Blocks = halve(m.Blocks)
	}
}

// block is one of ours as slack-go sends it: our JSON is Block Kit's already.
type block struct{ slack.Block }

// BlockType is the block's type.
func (b block) BlockType() slackgo.MessageBlockType { return slackgo.MessageBlockType(b.Type) }

// ID is empty: Slack makes one.
func (b block) ID() string { return "" }
