package slacktest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cutover/shared/slack"
)

// Fault is what goes wrong with one call: one of those below, or the code of an
// error that Slack answers with ("fatal_error").
type Fault string

// The faults. Those before Dropped leave nothing done.
const (
	None        Fault = ""
	TooMany     Fault = "429"          // with Retry-After: 30
	ServerError Fault = "500"          // with a page of HTML
	Hang        Fault = "hang"         // no answer until the client gives up
	Garbled     Fault = "garbled"      // status 200 with a page of HTML
	Dropped     Fault = "dropped"      // the work is done, the connection breaks before the reply
	Unreadable  Fault = "unreadable"   // the work is done, the reply is {}
	DoneButSays Fault = "done but 500" // the work is done, the reply is a 500
)

// RetryAfter is how long TooMany asks to wait.
const RetryAfter = 30 * time.Second

// Channel is a channel as it stands.
type Channel struct {
	ID       string
	Name     string // without #
	Absent   bool   // the app is no member
	Private  bool
	Archived bool
}

// Message is a message as it stands.
type Message struct {
	Channel  string // id
	TS       string
	Thread   string // ts of the first of its thread; empty for one of its own
	Text     string
	Blocks   []slack.Block
	Metadata slack.Metadata
	Edited   bool
	Deleted  bool
	Foreign  bool // somebody else's: it cannot be edited
	Closed   bool // its window for edits is over
	posted   time.Time
}

// Ref is where the message stands.
func (m Message) Ref() slack.Ref { return slack.Ref{Channel: m.Channel, TS: m.TS} }

// Call is one request.
type Call struct {
	Method string
	At     time.Time
	Fault  Fault  // what was made to go wrong
	Status int    // of the answer; 0 when there was none
	Error  string // the code that was answered
}

// Server is the stand-in.
type Server struct {
	// Lag is how long a new message is missing from histories.
	Lag time.Duration
	// Page caps the page size, to make paging happen; 0: as asked for.
	Page int
	// Decide, if set, says what goes wrong with the n-th call (from 1).
	Decide func(n int, method string) Fault

	t        testing.TB
	now      func() time.Time
	url      string
	mu       sync.Mutex
	channels []*Channel
	messages []*Message
	faults   map[string][]Fault
	calls    []Call
	quiet    time.Time            // until which no call may come
	last     map[string]time.Time // the last post to a channel
	second   int64                // of the last time stamp
	count    int64
}

// New starts a stand-in that ends with the test; the app is a member of the
// channels, which may be written with # or without.
func New(t testing.TB, now func() time.Time, channels ...string) *Server {
	t.Helper()
	s := &Server{t: t, now: now, faults: map[string][]Fault{}, last: map[string]time.Time{}}
	for _, c := range channels {
		s.AddChannel(Channel{Name: c})
	}
	srv := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(srv.Close)
	s.url = srv.URL + "/api/"
	return s
}

// URL is the address of the API.
func (s *Server) URL() string { return s.url }

// Token is the one that is accepted.
func (s *Server) Token() string { return "xoxb-secret-of-the-test" }

// AddChannel makes a channel and gives its id.
func (s *Server) AddChannel(c Channel) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Name = strings.TrimPrefix(c.Name, "#")
	if c.ID == "" {
		c.ID = fmt.Sprintf("C%010d", len(s.channels)+1)
	}
	s.channels = append(s.channels, &c)
	return c.ID
}

// ChangeChannel changes a channel, by name or id.
func (s *Server) ChangeChannel(channel string, fn func(*Channel)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channel(channel)
	if c == nil {
		s.t.Errorf("slacktest: there is no channel %s", channel)
		return
	}
	fn(c)
}

// Messages is a copy of all messages that are not deleted, in the order of posting.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.messages {
		if !m.Deleted {
			c := *m
			c.Blocks = slices.Clone(m.Blocks)
			out = append(out, c)
		}
	}
	return out
}

// Calls is the log of all calls so far.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Fail makes the next calls of a method ("": of any) go wrong, one fault each.
func (s *Server) Fail(method string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], faults...)
}

// ChangeMessage lets something happen to a message: deletion, a closed window.
func (s *Server) ChangeMessage(at slack.Ref, fn func(*Message)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.messages {
		if m.Ref() == at {
			fn(m)
			return
		}
	}
	s.t.Errorf("slacktest: no message stands at %+v", at)
}

// Say posts as somebody else, in a thread or in the channel.
func (s *Server) Say(channel, thread, text string) slack.Ref {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channel(channel)
	if c == nil {
		s.t.Errorf("slacktest: there is no channel %s", channel)
		return slack.Ref{}
	}
	m := &Message{Channel: c.ID, TS: s.stamp(), Thread: thread, Text: text, Foreign: true, posted: s.now()}
	s.messages = append(s.messages, m)
	return m.Ref()
}

// channel finds one by id or name.
func (s *Server) channel(name string) *Channel {
	for _, c := range s.channels {
		if c.ID == name || c.Name == strings.TrimPrefix(name, "#") {
			return c
		}
	}
	return nil
}

// stamp is the next time stamp: unique, and rising also where the clock stands.
func (s *Server) stamp() string {
	if now := s.now().Unix(); now > s.second {
		s.second, s.count = now, 99
	}
	s.count++
	return fmt.Sprintf("%010d.%06d", s.second, s.count)
}

func (s *Server) fault(method string) Fault {
	if s.Decide != nil {
		if f := s.Decide(len(s.calls), method); f != None {
			return f
		}
	}
	for _, key := range []string{method, ""} {
		if q := s.faults[key]; len(q) > 0 {
			s.faults[key] = q[1:]
			return q[0]
		}
	}
	return None
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	s.calls = append(s.calls, Call{Method: method, At: s.now()})
	n := len(s.calls) - 1
	if left := s.quiet.Sub(s.now()); left > 0 {
		s.t.Errorf("slacktest: %s came %v before the end of the wait that was asked for", method, left)
	}
	fault := s.fault(method)
	s.calls[n].Fault = fault
	switch fault {
	case TooMany:
		s.limited(w, n, RetryAfter)
	case ServerError:
		s.page(w, n, http.StatusInternalServerError)
	case Garbled:
		s.page(w, n, http.StatusOK)
	case Hang:
		s.mu.Unlock()
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server see the client leave
		<-r.Context().Done()
		s.mu.Lock()
	case Dropped:
		s.route(httptest.NewRecorder(), r, n, method)
		s.calls[n].Status = 0
		panic(http.ErrAbortHandler)
	case Unreadable:
		s.route(httptest.NewRecorder(), r, n, method)
		s.answer(w, n, map[string]any{})
	case DoneButSays:
		s.route(httptest.NewRecorder(), r, n, method)
		s.page(w, n, http.StatusInternalServerError)
	case None:
		s.route(w, r, n, method)
	default:
		s.refuse(w, n, string(fault))
	}
}

func (s *Server) limited(w http.ResponseWriter, n int, wait time.Duration) {
	s.quiet = s.now().Add(wait)
	s.calls[n].Status, s.calls[n].Error = http.StatusTooManyRequests, "ratelimited"
	w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)))
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = io.WriteString(w, `{"ok":false,"error":"ratelimited"}`)
}

func (s *Server) page(w http.ResponseWriter, n, status int) {
	s.calls[n].Status = status
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!DOCTYPE html><title>Server Error</title>")
}

// answer writes a JSON answer; errors are answers with status 200 too.
func (s *Server) answer(w http.ResponseWriter, n int, body map[string]any) {
	s.calls[n].Status = http.StatusOK
	s.calls[n].Error, _ = body["error"].(string)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.t.Errorf("slacktest: writing an answer: %v", err)
	}
}

func (s *Server) refuse(w http.ResponseWriter, n int, code string, why ...string) {
	body := map[string]any{"ok": false, "error": code}
	if len(why) > 0 {
		body["response_metadata"] = map[string]any{"messages": why}
	}
	s.answer(w, n, body)
}

// complain says what the service would swallow; here the call is refused too.
func (s *Server) complain(w http.ResponseWriter, n int, code, format string, args ...any) {
	s.t.Errorf("slacktest: %s: %s", s.calls[n].Method, fmt.Sprintf(format, args...))
	s.refuse(w, n, code)
}
