package slacktest

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cutover/shared/slack"
)

// request is one call on its way.
type request struct {
	w    http.ResponseWriter
	n    int // in the log
	form url.Values
}

// method is one of the API's: its parameters, those that it requires, its work.
type method struct {
	params   string
	required []string
	work     func(*Server, request)
}

func methods() map[string]method {
	return map[string]method{
		"auth.test":             {"", nil, (*Server).authTest},
		"chat.postMessage":      {"channel text blocks metadata thread_ts unfurl_links unfurl_media parse mrkdwn", []string{"channel"}, (*Server).post},
		"chat.update":           {"channel ts text blocks metadata parse", []string{"channel", "ts"}, (*Server).update},
		"conversations.history": {"channel cursor inclusive latest limit oldest include_all_metadata", []string{"channel"}, (*Server).history},
		"conversations.replies": {"channel ts cursor inclusive latest limit oldest include_all_metadata", []string{"channel", "ts"}, (*Server).replies},
		"conversations.list":    {"cursor exclude_archived limit types", nil, (*Server).list},
	}
}

// route checks what all methods have in common.
func (s *Server) route(w http.ResponseWriter, r *http.Request, n int, name string) {
	m, ok := methods()[name]
	if !ok {
		s.complain(w, n, "unknown_method", "there is no such method here")
		return
	}
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.URL.RawQuery != "" {
		s.complain(w, n, "invalid_post_type", "%s with Content-Type %q and query %q", r.Method, r.Header.Get("Content-Type"), r.URL.RawQuery)
		return
	}
	switch got := r.Header.Get("Authorization"); got {
	case "":
		s.refuse(w, n, "not_authed")
		return
	case "Bearer " + s.Token():
	default:
		s.refuse(w, n, "invalid_auth")
		return
	}
	raw, err := io.ReadAll(r.Body)
	form, bad := url.ParseQuery(string(raw))
	if err != nil || bad != nil {
		s.complain(w, n, "invalid_form_data", "the body is no form: %v, %v", err, bad)
		return
	}
	if form.Has("token") || strings.Contains(string(raw), s.Token()) {
		s.complain(w, n, "invalid_arguments", "the token stands in the body")
		return
	}
	for k, vs := range form {
		if !slices.Contains(strings.Fields(m.params), k) || len(vs) != 1 || !utf8.ValidString(vs[0]) {
			s.complain(w, n, "invalid_arguments", "parameter %s: %q", k, vs)
			return
		}
	}
	for _, k := range m.required {
		if form.Get(k) == "" {
			s.complain(w, n, "invalid_arguments", "parameter %s is missing", k)
			return
		}
	}
	m.work(s, request{w, n, form})
}

func (s *Server) authTest(r request) {
	s.answer(r.w, r.n, map[string]any{"ok": true, "url": "https://contoso.slack.com/", "team": "Contoso", "user": "cutover", "team_id": "T0000000001", "user_id": "U0000000001", "bot_id": "B0000000001"})
}

// open gives a channel that can be posted to or read, or refuses.
func (s *Server) open(r request, byName, writes bool) *Channel {
	c := s.channel(r.form.Get("channel"))
	switch {
	case c == nil, c.Private && c.Absent, !byName && c.ID != r.form.Get("channel"):
		s.refuse(r.w, r.n, "channel_not_found")
	case c.Absent:
		s.refuse(r.w, r.n, "not_in_channel")
	case c.Archived && writes:
		s.refuse(r.w, r.n, "is_archived")
	default:
		return c
	}
	return nil
}

var timeStamp = regexp.MustCompile(`^\d{10}\.\d{6}$`)

func (s *Server) post(r request) {
	c := s.open(r, true, true)
	if c == nil {
		return
	}
	m := &Message{Channel: c.ID, Thread: r.form.Get("thread_ts"), posted: s.now()}
	if !s.content(r, m, slack.MaxFallback) || !s.metadata(r, m) {
		return
	}
	for _, k := range []string{"unfurl_links", "unfurl_media"} {
		if r.form.Get(k) != "false" {
			s.complain(r.w, r.n, "invalid_arguments", "%s is %q: links would be fetched", k, r.form.Get(k))
			return
		}
	}
	if m.Thread != "" && !timeStamp.MatchString(m.Thread) {
		s.refuse(r.w, r.n, "invalid_thread_ts")
		return
	}
	if last, ok := s.last[c.ID]; ok && s.now().Sub(last) < time.Second {
		s.limited(r.w, r.n, time.Second)
		return
	}
	s.last[c.ID] = s.now()
	if parent := s.message(c.ID, m.Thread); parent == nil || parent.Thread != "" {
		m.Thread = "" // as the service does where the first message is gone
	}
	m.TS = s.stamp()
	s.messages = append(s.messages, m)
	s.answer(r.w, r.n, map[string]any{"ok": true, "channel": c.ID, "ts": m.TS, "message": wire(m, true)})
}

func (s *Server) update(r request) {
	c := s.open(r, false, true)
	if c == nil {
		return
	}
	m := s.message(c.ID, r.form.Get("ts"))
	switch {
	case m == nil:
		s.refuse(r.w, r.n, "message_not_found")
		return
	case m.Foreign:
		s.refuse(r.w, r.n, "cant_update_message")
		return
	case m.Closed:
		s.refuse(r.w, r.n, "edit_window_closed")
		return
	}
	next := *m
	if !s.content(r, &next, 4000) || r.form.Has("metadata") && !s.metadata(r, &next) {
		return
	}
	if r.form.Get("parse") != "none" {
		s.complain(r.w, r.n, "invalid_arguments", "parse is %q: plain words would become links and mentions", r.form.Get("parse"))
		return
	}
	next.Edited = true
	*m = next
	s.answer(r.w, r.n, map[string]any{"ok": true, "channel": c.ID, "ts": m.TS, "text": m.Text, "message": wire(m, true)})
}

// message finds one that is not deleted.
func (s *Server) message(channel, ts string) *Message {
	for _, m := range s.messages {
		if m.Channel == channel && m.TS == ts && !m.Deleted {
			return m
		}
	}
	return nil
}

func (s *Server) history(r request) {
	c := s.open(r, false, false)
	if c == nil {
		return
	}
	var out []*Message
	for _, m := range slices.Backward(s.messages) { // the newest first
		if m.Channel == c.ID && m.Thread == "" {
			out = append(out, m)
		}
	}
	s.read(r, out, "")
}

func (s *Server) replies(r request) {
	c := s.open(r, false, false)
	if c == nil {
		return
	}
	first := s.message(c.ID, r.form.Get("ts"))
	if first == nil {
		s.refuse(r.w, r.n, "thread_not_found")
		return
	}
	out := []*Message{first}
	for _, m := range s.messages {
		if m.Channel == c.ID && m.Thread == first.TS {
			out = append(out, m)
		}
	}
	s.read(r, out, first.TS)
}

// read answers with a page of messages within the times that are asked for; the
// first of a thread always comes along.
func (s *Server) read(r request, all []*Message, always string) {
	oldest, latest := r.form.Get("oldest"), r.form.Get("latest")
	for _, ts := range []string{oldest, latest} {
		if ts != "" && !timeStamp.MatchString(ts) {
			s.complain(r.w, r.n, "invalid_ts_oldest", "%q is no time stamp", ts)
			return
		}
	}
	var fit []any
	for _, m := range all {
		inclusive := slices.Contains([]string{"1", "true"}, r.form.Get("inclusive"))
		within := (oldest == "" || m.TS > oldest || inclusive && m.TS == oldest) && (latest == "" || m.TS < latest || inclusive && m.TS == latest)
		if !m.Deleted && s.now().Sub(m.posted) >= s.Lag && within || m.TS == always {
			fit = append(fit, wire(m, slices.Contains([]string{"1", "true"}, r.form.Get("include_all_metadata"))))
		}
	}
	s.paged(r, "messages", fit, 999)
}

func (s *Server) list(r request) {
	var fit []any
	types := strings.Split(r.form.Get("types"), ",")
	for _, t := range types {
		if t != "public_channel" && t != "private_channel" && t != "" {
			s.refuse(r.w, r.n, "invalid_types")
			return
		}
	}
	for _, c := range s.channels {
		kind := "public_channel"
		if c.Private {
			kind = "private_channel"
		}
		wanted := slices.Contains(types, kind) || r.form.Get("types") == "" && !c.Private
		if wanted && (!c.Private || !c.Absent) && (!c.Archived || r.form.Get("exclude_archived") != "true") {
			fit = append(fit, map[string]any{"id": c.ID, "name": c.Name, "is_channel": !c.Private, "is_private": c.Private, "is_archived": c.Archived, "is_member": !c.Absent})
		}
	}
	s.paged(r, "channels", fit, 1000)
}

// paged answers with a page of a list.
func (s *Server) paged(r request, key string, all []any, most int) {
	size, from := 100, 0
	if v := r.form.Get("limit"); v != "" {
		var err error
		if size, err = strconv.Atoi(v); err != nil || size < 1 || size > most {
			s.complain(r.w, r.n, "invalid_limit", "limit is %q", v)
			return
		}
	}
	if s.Page > 0 {
		size = min(size, s.Page)
	}
	if v := r.form.Get("cursor"); v != "" {
		at, ok := strings.CutPrefix(v, "next=:")
		n, err := strconv.Atoi(at)
		if !ok || err != nil || n < 0 || n > len(all) {
			s.refuse(r.w, r.n, "invalid_cursor")
			return
		}
		from = n
	}
	to, next := min(from+size, len(all)), ""
	if to < len(all) {
		next = "next=:" + strconv.Itoa(to)
	}
	page := append([]any{}, all[from:to]...)
	body := map[string]any{"ok": true, key: page, "response_metadata": map[string]any{"next_cursor": next}}
	if key == "messages" {
		body["has_more"] = next != ""
	}
	s.answer(r.w, r.n, body)
}
