package api_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cutover/functions/alert"
	"cutover/shared/slack"
	"cutover/shared/slack/api"
	"cutover/shared/slack/api/slacktest"
	"cutover/shared/slack/slacksuite"
)

var _ alert.Slack = (*api.API)(nil)

// clock is a wall clock that only sleeping moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) sleep(_ context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	return nil
}

func open(t *testing.T) (*api.API, *slacktest.Server, *clock) {
	t.Helper()
	c := &clock{at: time.Date(2023, 1, 5, 10, 0, 0, 0, time.UTC)}
	s := slacktest.New(t, c.now, slacksuite.One, slacksuite.Two)
	return client(t, s, c), s, c
}

func client(t *testing.T, s *slacktest.Server, c *clock) *api.API {
	t.Helper()
	a, err := api.New(api.Config{Token: s.Token(), URL: s.URL(), Now: c.now, Sleep: c.sleep, HTTP: &http.Client{Timeout: 30 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAPI(t *testing.T) {
	slacksuite.Run(t, func(t *testing.T) slacksuite.Rig {
		a, s, c := open(t)
		s.Page = 50
		t.Cleanup(func() {
			for _, call := range s.Calls() {
				if call.Status == http.StatusTooManyRequests {
					t.Errorf("%s came too fast", call.Method)
				}
			}
		})
		return slacksuite.Rig{
			Slack: a, Now: c.now,
			Look: func(*testing.T) []slacksuite.Seen {
				var out []slacksuite.Seen
				for _, m := range s.Messages() {
					out = append(out, slacksuite.Seen{Ref: m.Ref(), Thread: m.Thread, Text: m.Text, Blocks: m.Blocks, Metadata: m.Metadata, Edited: m.Edited})
				}
				return out
			},
			Delete: func(_ *testing.T, at slack.Ref) {
				s.ChangeMessage(at, func(m *slacktest.Message) { m.Deleted = true })
			},
		}
	})
}

// under gives a context for a call with a fault: where it hangs, the caller gives up
// once the call has arrived.
func under(t *testing.T, s *slacktest.Server, fault slacktest.Fault) context.Context {
	if fault != slacktest.Hang {
		return t.Context()
	}
	ctx, cancel := context.WithCancel(t.Context())
	before := len(s.Calls())
	go func() {
		defer cancel()
		for ctx.Err() == nil {
			if calls := s.Calls(); slices.ContainsFunc(calls[before:], func(c slacktest.Call) bool { return c.Fault == slacktest.Hang }) {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
	return ctx
}

func draft(effect string) slack.Message { return slacksuite.Draft(slacksuite.One, effect) }

// TestPostFaults makes a post fail in every way: what the error says of it is true.
func TestPostFaults(t *testing.T) {
	for _, c := range []struct {
		fault  slacktest.Fault
		undone bool // what the error must say
		done   bool // what is so
	}{
		{slacktest.TooMany, true, false}, {slacktest.ServerError, false, false}, {slacktest.Hang, false, false}, {slacktest.Garbled, false, false},
		{slacktest.Dropped, false, true}, {slacktest.Unreadable, false, true}, {slacktest.DoneButSays, false, true},
		{"fatal_error", false, false}, {"internal_error", false, false}, {"rate_limited", true, false}, {"Odd Code", true, false},
	} {
		t.Run(string(c.fault), func(t *testing.T) {
			a, s, clock := open(t)
			s.Fail("chat.postMessage", c.fault)
			_, err := a.Post(under(t, s, c.fault), draft("e1"))
			if err == nil || slack.Undone(err) != c.undone {
				t.Fatalf("Post: %v, surely undone: %v, want %v", err, slack.Undone(err), c.undone)
			}
			if done := len(s.Messages()) == 1; done != c.done {
				t.Fatalf("done: %v, want %v: the fault is none", done, c.done)
			}
			wait(t, err, clock)
			if _, found, err := a.Find(t.Context(), slacksuite.One, "", "e1", clock.now()); err != nil || found != c.done {
				t.Errorf("Find afterwards: %v, %v", found, err)
			}
		})
	}
}

// wait lets the time pass that an error asks for.
func wait(t *testing.T, err error, c *clock) {
	t.Helper()
	var later slack.Later
	if errors.As(err, &later) {
		_ = c.sleep(t.Context(), later.After)
	}
}

// TestQuiet makes calls in a Retry-After: none goes out before its end (slacktest
// would complain), and all say how long is left.
func TestQuiet(t *testing.T) {
	a, s, c := open(t)
	ref, err := a.Post(t.Context(), draft("e1"))
	if err != nil {
		t.Fatal(err)
	}
	s.Fail("", slacktest.TooMany)
	_, err = a.Post(t.Context(), draft("e2"))
	var later slack.Later
	if !errors.As(err, &later) || later.After != slacktest.RetryAfter {
		t.Fatalf("Post: %v", err)
	}
	_ = c.sleep(t.Context(), 10*time.Second)
	calls := len(s.Calls())
	_, posting := a.Post(t.Context(), slacksuite.Draft(slacksuite.Two, "e3"))
	_, _, finding := a.Find(t.Context(), slacksuite.One, "", "e2", c.now())
	for what, err := range map[string]error{"Post": posting, "Find": finding, "Update": a.Update(t.Context(), ref, draft("e1"))} {
		if !errors.As(err, &later) || later.After > 20*time.Second || later.After < 18*time.Second || !strings.Contains(err.Error(), "quiet is asked for") {
			t.Errorf("%s in the quiet: %v", what, err)
		}
	}
	if got := len(s.Calls()); got != calls {
		t.Errorf("%d calls went out", got-calls)
	}
	_ = c.sleep(t.Context(), 20*time.Second)
	if _, err := a.Post(t.Context(), draft("e2")); err != nil {
		t.Errorf("Post after the quiet: %v", err)
	}
}

// TestPace posts to two channels, by name and by id: a channel sees one post a
// second, and channels do not wait for each other.
func TestPace(t *testing.T) {
	a, s, c := open(t)
	start := c.now()
	ref, err := a.Post(t.Context(), draft("e0"))
	if err != nil {
		t.Fatal(err)
	}
	for _, channel := range []string{slacksuite.Two, ref.Channel, slacksuite.One, ref.Channel} {
		if _, err := a.Post(t.Context(), slacksuite.Draft(channel, "e")); err != nil {
			t.Fatal(err)
		}
	}
	for _, call := range s.Calls() {
		if call.Status != http.StatusOK {
			t.Errorf("a call came too fast: %+v", call)
		}
	}
	if took := c.now().Sub(start); took != 3*time.Second {
		t.Errorf("4 posts to one channel and 1 to another took %v, want 3s", took)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*slacktest.Channel)
		want   string
	}{
		{"not_in_channel", func(c *slacktest.Channel) { c.Absent = true }, "invite the app"},
		{"channel_not_found", func(c *slacktest.Channel) { c.Absent, c.Private = true, true }, "mend the team's slack channel"},
		{"is_archived", func(c *slacktest.Channel) { c.Archived = true }, "unarchive"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, s, _ := open(t)
			s.ChangeChannel(slacksuite.One, c.change)
			_, err := a.Post(t.Context(), draft("e1"))
			var refused slack.Refused
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.name) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), slacksuite.One) {
				t.Errorf("Post: %v", err)
			}
		})
	}
	for code, want := range map[slacktest.Fault]string{
		"invalid_auth": "renew it", "missing_scope": "add the scope", "msg_too_long": "fault of Cutover", "restricted_action": "administrators", "novel_code": "novel_code; look the code up",
	} {
		a, s, _ := open(t)
		s.Fail("chat.postMessage", code)
		var refused slack.Refused
		if _, err := a.Post(t.Context(), draft("e1")); !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("Post that is answered with %s: %v", code, err)
		}
	}
	a, _, c := open(t)
	if _, err := a.Post(t.Context(), slack.Message{Text: "x"}); !slack.Undone(err) {
		t.Errorf("Post to no channel: %v", err)
	}
	if _, _, err := a.Find(t.Context(), "#nowhere", "", "e1", c.now()); err == nil || !strings.Contains(err.Error(), "#nowhere") {
		t.Errorf("Find in no channel: %v", err)
	}
}

func TestUpdateFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*slacktest.Message)
	}{
		{"message_not_found", func(m *slacktest.Message) { m.Deleted = true }},
		{"cant_update_message", func(m *slacktest.Message) { m.Foreign = true }},
		{"edit_window_closed", func(m *slacktest.Message) { m.Closed = true }},
	} {
		a, s, _ := open(t)
		ref, err := a.Post(t.Context(), draft("e1"))
		if err != nil {
			t.Fatal(err)
		}
		s.ChangeMessage(ref, c.change)
		if err := a.Update(t.Context(), ref, draft("e1")); !errors.Is(err, slack.ErrGone) || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, fault := range []slacktest.Fault{slacktest.ServerError, slacktest.Hang, slacktest.Dropped, slacktest.Unreadable} {
		a, s, _ := open(t)
		ref, err := a.Post(t.Context(), draft("e1"))
		if err != nil {
			t.Fatal(err)
		}
		s.Fail("chat.update", fault)
		if err := a.Update(under(t, s, fault), ref, draft("e1")); err == nil || slack.Undone(err) {
			t.Errorf("Update with fault %s: %v, want one in doubt", fault, err)
		}
		if err := a.Update(t.Context(), ref, draft("e1")); err != nil {
			t.Errorf("Update afterwards: %v", err)
		}
	}
}

// TestFindInAFreshProcess has no post to learn the channel's id from.
func TestFindInAFreshProcess(t *testing.T) {
	a, s, c := open(t)
	for range 3 {
		s.AddChannel(slacktest.Channel{Name: "other"})
	}
	since := c.now()
	ref, err := a.Post(t.Context(), draft("e1"))
	if err != nil {
		t.Fatal(err)
	}
	s.Page = 1 // #one is the first of five
	b := client(t, s, c)
	for range 2 {
		if got, found, err := b.Find(t.Context(), slacksuite.One, "", "e1", since); err != nil || !found || got != ref {
			t.Fatalf("Find: %+v, %v, %v", got, found, err)
		}
		if _, _, err := b.Find(t.Context(), "#typo", "", "e1", since); !slack.Undone(err) {
			t.Fatalf("Find in a channel that is none: %v", err)
		}
	}
	lists := 0
	for _, call := range s.Calls() {
		if call.Method == "conversations.list" {
			lists++
		}
	}
	if lists != 5 {
		t.Errorf("%d pages of channels were read, want 5: the list is kept", lists)
	}
	s.Fail("conversations.list", "missing_scope")
	if _, _, err := client(t, s, c).Find(t.Context(), slacksuite.One, "", "e1", since); err == nil || !strings.Contains(err.Error(), "add the scope") {
		t.Errorf("Find without the right to list: %v", err)
	}
}

// TestFindLooksAroundTheIntent finds among the messages of others, with blocks that
// slack-go does not know, from a minute before the intent on.
func TestFindLooksAroundTheIntent(t *testing.T) {
	a, s, c := open(t)
	ref, err := a.Post(t.Context(), draft("e1"))
	if err != nil {
		t.Fatal(err)
	}
	for range 30 {
		s.Say(slacksuite.One, "", "we talk")
		s.Say(slacksuite.One, ref.TS, "and answer")
	}
	reply := draft("e2")
	reply.Thread = ref.TS
	answer, err := a.Post(t.Context(), reply)
	if err != nil {
		t.Fatal(err)
	}
	s.Page = 7
	posted := time.Date(2023, 1, 5, 10, 0, 0, 0, time.UTC)
	for _, since := range []time.Time{posted, posted.Add(time.Minute), posted.Add(-time.Hour), posted.AddDate(30, 0, 0)} {
		if got, found, err := a.Find(t.Context(), slacksuite.One, "", "e1", since); err != nil || !found || got != ref {
			t.Errorf("Find since %v: %+v, %v, %v", since, got, found, err)
		}
		if got, found, err := a.Find(t.Context(), slacksuite.One, ref.TS, "e2", since); err != nil || !found || got != answer {
			t.Errorf("Find in the thread since %v: %+v, %v, %v", since, got, found, err)
		}
	}
	_ = c.sleep(t.Context(), time.Hour)
	if _, found, err := a.Find(t.Context(), slacksuite.One, "", "e1", posted.Add(2*time.Minute)); found || err != nil {
		t.Errorf("Find looks further back than it is told to: %v, %v", found, err)
	}
	s.Lag = 2 * time.Hour
	if _, found, err := a.Find(t.Context(), slacksuite.One, "", "e1", posted); found || err != nil {
		t.Errorf("Find in a history that lags: %v, %v", found, err)
	}
}

// TestFindBeyondItsBound cannot say that there is nothing.
func TestFindBeyondItsBound(t *testing.T) {
	a, s, c := open(t)
	since := c.now()
	for range 50 {
		s.Say(slacksuite.One, "", "we talk")
	}
	s.Page = 1
	if _, found, err := a.Find(t.Context(), slacksuite.One, "", "e1", since); found || err == nil || !strings.Contains(err.Error(), "by hand") {
		t.Errorf("Find: %v, %v", found, err)
	}
	if n := len(s.Calls()); n > 50 {
		t.Errorf("%d calls", n)
	}
	for _, fault := range []slacktest.Fault{slacktest.ServerError, slacktest.Hang, slacktest.Garbled, slacktest.Unreadable} {
		s.Fail("conversations.history", fault)
		if _, found, err := a.Find(under(t, s, fault), slacksuite.One, "", "e1", since); found || err == nil {
			t.Errorf("Find with fault %s: %v, %v", fault, found, err)
		}
	}
}

// TestReplyToAThreadThatIsGone stands in the channel itself.
func TestReplyToAThreadThatIsGone(t *testing.T) {
	a, s, c := open(t)
	parent, err := a.Post(t.Context(), draft("e1"))
	if err != nil {
		t.Fatal(err)
	}
	s.ChangeMessage(parent, func(m *slacktest.Message) { m.Deleted = true })
	reply := draft("e2")
	reply.Thread = parent.TS
	ref, err := a.Post(t.Context(), reply)
	if err != nil {
		t.Fatal(err)
	}
	if got, found, err := a.Find(t.Context(), slacksuite.One, parent.TS, "e2", c.now()); err != nil || !found || got != ref {
		t.Errorf("Find: %+v, %v, %v", got, found, err)
	}
}

// TestNoConnection says that nothing was done.
func TestNoConnection(t *testing.T) {
	c := &clock{at: time.Date(2023, 1, 5, 10, 0, 0, 0, time.UTC)}
	a, err := api.New(api.Config{Token: "xoxb-x", URL: "http://127.0.0.1:1/api", Now: c.now, Sleep: c.sleep})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Post(t.Context(), draft("e1")); err == nil || !slack.Undone(err) {
		t.Errorf("Post: %v", err)
	}
}

func TestCheck(t *testing.T) {
	a, s, c := open(t)
	if team, user, err := a.Check(t.Context()); err != nil || team != "Contoso" || user != "cutover" {
		t.Errorf("Check: %s, %s, %v", team, user, err)
	}
	b, err := api.New(api.Config{Token: "xoxb-wrong", URL: s.URL(), Now: c.now, Sleep: c.sleep})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "invalid_auth") {
		t.Errorf("Check of a wrong token: %v", err)
	}
	for _, bad := range []api.Config{{}, {Token: "xoxb-1", Now: nil}, {Token: "xoxb-1\n", Now: c.now}} {
		if _, err := api.New(bad); err == nil || strings.Contains(err.Error(), "xoxb-1") {
			t.Errorf("New: %v", err)
		}
	}
}

// TestLimits posts and edits what is too much in every way: Slack takes it.
func TestLimits(t *testing.T) {
	long := strings.Repeat("&lt;証明書 😀 <https://example.test/x|link> ", 2000)
	section := slack.Block{Type: "section", Text: &slack.Text{Type: "mrkdwn", Text: long, Verbatim: true}}
	words := slack.Block{Type: "section", Text: &slack.Text{Type: "mrkdwn", Text: "one of many"}}
	wide := slack.Block{Type: "context", Elements: slices.Repeat([]slack.Text{{Type: "mrkdwn", Text: "x"}, {Type: "mrkdwn"}}, 20)}
	for name, blocks := range map[string][]slack.Block{
		"long section": {section}, "long header": {{Type: "header", Text: &slack.Text{Type: "mrkdwn", Text: long, Verbatim: true}}},
		"many blocks": slices.Repeat([]slack.Block{words}, 80), "too much": slices.Repeat([]slack.Block{section}, 20), "fifty": slices.Repeat([]slack.Block{words}, 50),
		"wide context": {wide}, "empty": {{Type: "section"}, {Type: "section", Text: &slack.Text{Type: "mrkdwn"}}, {Type: "context"}, {Type: "divider"}}, "none": nil,
	} {
		t.Run(name, func(t *testing.T) {
			a, s, _ := open(t)
			m := slack.Message{Channel: slacksuite.One, Kind: slack.KindAlert, Text: long, Blocks: blocks, Action: "a", Effect: "e"}
			ref, err := a.Post(t.Context(), m)
			if err != nil {
				t.Fatalf("Post: %v", err)
			}
			if err := a.Update(t.Context(), ref, m); err != nil {
				t.Fatalf("Update: %v", err)
			}
			got := s.Messages()[0]
			cut := slices.ContainsFunc(got.Blocks, func(b slack.Block) bool {
				return len(b.Elements) == 1 && strings.HasPrefix(b.Elements[0].Text, "Cut here")
			})
			if cut != (name == "many blocks" || name == "too much") {
				t.Errorf("cut: %v, with %d blocks", cut, len(got.Blocks))
			}
			for _, b := range got.Blocks {
				if b.Text != nil && (strings.Count(b.Text.Text, "<") != strings.Count(b.Text.Text, ">") || strings.Count(b.Text.Text, "&") != strings.Count(b.Text.Text, ";")) {
					t.Errorf("cut in the middle of a link or a character: …%s", b.Text.Text[len(b.Text.Text)-40:])
				}
			}
		})
	}
	t.Run("undocumented limit", func(t *testing.T) {
		a, s, _ := open(t)
		s.Fail("chat.postMessage", "msg_blocks_too_long", "msg_blocks_too_long")
		m := draft("e")
		m.Blocks = slices.Repeat([]slack.Block{words}, 20)
		if _, err := a.Post(t.Context(), m); err != nil {
			t.Fatalf("Post: %v", err)
		}
		if got := s.Messages()[0].Blocks; len(got) != 6 {
			t.Errorf("%d blocks arrived, want 5 and the note", len(got))
		}
		s.Fail("chat.postMessage", slices.Repeat([]slacktest.Fault{"msg_blocks_too_long"}, 20)...)
		if _, err := a.Post(t.Context(), m); err == nil || !slack.Undone(err) || len(s.Calls()) > 20 {
			t.Errorf("Post that is never short enough: %v after %d calls", err, len(s.Calls()))
		}
	})
}
