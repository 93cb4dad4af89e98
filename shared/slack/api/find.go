package api

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"cutover/shared/slack"
)

const (
	pageSize = 200 // Slack's advice for one page
	// maxPages bounds a search: 8,000 messages since the intent.
	maxPages = 40
	// listSize and maxLists bound a list of channels: 20,000 of them.
	listSize, maxLists = 1000, 20
	// relist is how long a list of channels is believed, also where it lacks one.
	relist = 10 * time.Minute
	// slack's clock and ours may differ.
	skew = time.Minute
)

// Find reads the channel's history from shortly before since (or the thread) for the
// message whose metadata carries the effect. Since is a time by the wall clock. A
// search that meets its bound is an error: what it did not see may be the one.
func (a *API) Find(ctx context.Context, channel, thread, effect string, since time.Time) (slack.Ref, bool, error) {
	id, err := a.resolve(ctx, channel)
	if err != nil {
		return slack.Ref{}, false, err
	}
	// A run that is dated ahead of the wall clock says nothing about when it posted.
	if now := a.now(); since.After(now.Add(skew)) {
		since = now.Add(-24 * time.Hour)
	}
	s := search{channel: id, thread: thread, effect: effect, oldest: strconv.FormatInt(max(0, since.Add(-skew).Unix()), 10) + ".000000"}
	ref, found, err := a.look(ctx, s)
	var answer slackgo.SlackErrorResponse
	if thread != "" && errors.As(err, &answer) && answer.Err == "thread_not_found" {
		// Its first message is gone; what answers such a thread is posted outside of it.
		s.thread = ""
		ref, found, err = a.look(ctx, s)
	}
	if errors.As(err, &answer) && answer.Err == "channel_not_found" {
		a.forget(channel)
	}
	return ref, found, err
}

type search struct{ channel, thread, effect, oldest string }

// look reads page by page.
func (a *API) look(ctx context.Context, s search) (slack.Ref, bool, error) {
	cursor := ""
	for range maxPages {
		var messages []slackgo.Message
		var next string
		err := a.call(ctx, "looking for a message in "+s.channel, "", func() (err error) {
			messages, next, err = a.page(ctx, s, cursor)
			return err
		})
		if err != nil {
			return slack.Ref{}, false, err
		}
		for _, m := range messages {
			if s.thread != "" && m.Timestamp == s.thread {
				continue // the first of a thread comes along
			}
			if m.Metadata.EventType == slack.EventType && m.Metadata.EventPayload["effect"] == s.effect {
				return slack.Ref{Channel: s.channel, TS: m.Timestamp}, true, nil
			}
		}
		if next == "" {
			return slack.Ref{}, false, nil
		}
		cursor = next
	}
	return slack.Ref{}, false, fmt.Errorf("looking for a message in %s: more than %d stand there since then; look for effect %q by hand", s.channel, maxPages*pageSize, s.effect)
}

func (a *API) page(ctx context.Context, s search, cursor string) (messages []slackgo.Message, next string, err error) {
	more := false
	if s.thread != "" {
		messages, more, next, err = a.client.GetConversationRepliesContext(ctx, &slackgo.GetConversationRepliesParameters{
			ChannelID: s.channel, Timestamp: s.thread, Cursor: cursor, Limit: pageSize, Oldest: s.oldest, Inclusive: true, IncludeAllMetadata: true,
		})
	} else {
		var h *slackgo.GetConversationHistoryResponse
		h, err = a.client.GetConversationHistoryContext(ctx, &slackgo.GetConversationHistoryParameters{
			ChannelID: s.channel, Cursor: cursor, Limit: pageSize, Oldest: s.oldest, Inclusive: true, IncludeAllMetadata: true,
		})
		if err == nil {
			messages, more, next = h.Messages, h.HasMore, h.ResponseMetaData.NextCursor
		}
	}
	if err == nil && more && next == "" {
		err = errors.New("the answer says that there is more, but not where")
	}
	return messages, next, err
}

var channelID = regexp.MustCompile(`^[CDG][A-Z0-9]{8,}$`)

// id is what is known of a channel: its id, or else its name.
func (a *API) id(channel string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if id, ok := a.ids[strings.TrimPrefix(channel, "#")]; ok {
		return id
	}
	return channel
}

// learn keeps a channel's id, as a post has answered it.
func (a *API) learn(channel, id string) {
	if channelID.MatchString(channel) {
		return
	}
	a.pace.join(channel, id)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ids[strings.TrimPrefix(channel, "#")] = id
}

func (a *API) forget(channel string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.ids, strings.TrimPrefix(channel, "#"))
	a.listed = time.Time{}
}

// resolve gives a channel's id, which a history wants.
func (a *API) resolve(ctx context.Context, channel string) (string, error) {
	if channelID.MatchString(channel) {
		return channel, nil
	}
	if id := a.id(channel); id != channel {
		return id, nil
	}
	a.mu.Lock()
	fresh := !a.listed.IsZero() && a.now().Sub(a.listed) < relist
	a.mu.Unlock()
	if !fresh {
		if err := a.list(ctx); err != nil {
			return "", err
		}
	}
	if id := a.id(channel); id != channel {
		return id, nil
	}
	return "", slack.Refused{Err: fmt.Errorf("no channel %s is among those that Slack lists for the app: mend the team's slack channel, write its id, or invite the app there", channel)}
}

// list learns the ids of all channels.
func (a *API) list(ctx context.Context) error {
	cursor := ""
	for range maxLists {
		var channels []slackgo.Channel
		var next string
		err := a.call(ctx, "listing Slack's channels", "", func() (err error) {
			channels, next, err = a.client.GetConversationsContext(ctx, &slackgo.GetConversationsParameters{
				Cursor: cursor, Limit: listSize, ExcludeArchived: true, Types: []string{"public_channel", "private_channel"},
			})
			return err
		})
		if err != nil {
			return err
		}
		a.mu.Lock()
		for _, c := range channels {
			if c.Name != "" && c.ID != "" {
				a.ids[c.Name] = c.ID
			}
		}
		if next == "" {
			a.listed = a.now()
		}
		a.mu.Unlock()
		if next == "" {
			return nil
		}
		cursor = next
	}
	return slack.Refused{Err: fmt.Errorf("listing Slack's channels: there are more than %d; write the team's slack channel as its id", listSize*maxLists)}
}
