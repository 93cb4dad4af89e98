package api

import (
	"encoding/json"
	"strings"
	"testing"

	"cutover/shared/slack"
)

// FuzzLook reads whatever an answer holds: what passes says ok or why not, and of a
// history only our own metadata is left.
func FuzzLook(f *testing.F) {
	f.Add("conversations.history", []byte(`{"ok":true,"messages":[{"ts":"1.2","blocks":7,"metadata":{"event_type":"cutover","event_payload":{"effect":"e"}}}],"has_more":true}`))
	f.Add("conversations.replies", []byte(`{"ok":true,"messages":[{"ts":"1.2","metadata":{"event_type":"other","event_payload":[1]}},{}]}`))
	f.Add("conversations.history", []byte(`{"ok":true,"messages":null}`))
	f.Add("chat.postMessage", []byte(`{"ok":false}`))
	f.Add("chat.postMessage", []byte(`{"ok":false,"error":"x"}`))
	f.Add("chat.update", []byte(`{}`))
	f.Add("chat.update", []byte(`<!DOCTYPE html>`))
	f.Fuzz(func(t *testing.T, method string, raw []byte) {
		out, err := look(method, raw)
		if err != nil {
			return
		}
		var got struct {
			OK       bool
			Error    string
			Messages []struct {
				Metadata *slack.Metadata
			}
		}
		if method != "conversations.history" {
			got.Messages = nil
			if !json.Valid(out) {
				t.Errorf("%q passes", out)
			}
			return
		}
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatalf("%q passes: %v", out, err)
		}
		if !got.OK && got.Error == "" {
			t.Errorf("%q passes", out)
		}
		for _, m := range got.Messages {
			if got.OK && m.Metadata != nil && m.Metadata.EventType != slack.EventType {
				t.Errorf("foreign metadata passes: %q", out)
			}
		}
	})
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		in    string
		limit int
		want  string
	}{
		{"abcdef", 6, "abcdef"}, {"abcdefg", 6, "abcde…"}, {"証明書😀😀", 7, "証明書😀😀"}, {"証明書😀😀", 6, "証明書😀…"}, {"abc😀ef", 5, "abc…"},
		{"ab&amp;cd", 8, "ab&amp;…"}, {"ab&amp;cd", 7, "ab…"}, {"ab&amp;cd", 4, "ab…"}, {"a & b and more", 9, "a & b an…"},
		{"ab <x|y> cd", 9, "ab <x|y>…"}, {"ab <x|y> cd", 8, "ab …"}, {"ab <x|y> cd", 5, "ab …"},
	} {
		if got := shorten(c.in, c.limit); got != c.want {
			t.Errorf("shorten(%q, %d) = %q, want %q", c.in, c.limit, got, c.want)
		}
	}
}

// FuzzCut makes a message of any text: it keeps Slack's limits, and a text that is
// short enough stays as it is.
func FuzzCut(f *testing.F) {
	for _, s := range []string{"", " ", "x", strings.Repeat("証明書😀", 900), strings.Repeat("a", 2998) + "<https://x|y>", strings.Repeat("a", 2997) + "&amp;"} {
		f.Add(s, uint8(3))
	}
	f.Fuzz(func(t *testing.T, s string, n uint8) {
		m := slack.Message{Text: s}
		for range n {
			m.Blocks = append(m.Blocks,
				slack.Block{Type: "header", Text: &slack.Text{Type: "plain_text", Text: s}},
				slack.Block{Type: "section", Text: &slack.Text{Type: "mrkdwn", Text: s}},
				slack.Block{Type: "context", Elements: []slack.Text{{Type: "mrkdwn", Text: s}, {Type: "mrkdwn", Text: s}}})
		}
		got := cut(m, maxEdit)
		if got.Text == "" || units(got.Text) > maxEdit || s != "" && units(s) <= maxEdit && got.Text != s {
			t.Errorf("the text is %q", got.Text)
		}
		if len(got.Blocks) > slack.MaxBlocks {
			t.Errorf("%d blocks", len(got.Blocks))
		}
		sum := 0
		for _, b := range got.Blocks {
			sum += textOf(b)
			limit := map[string]int{"header": slack.MaxHeader, "section": slack.MaxText}[b.Type]
			if b.Text != nil && (b.Text.Text == "" || units(b.Text.Text) > limit) || b.Type == "context" && len(b.Elements) == 0 {
				t.Errorf("block %+v", b)
			}
		}
		if sum > maxTogether+textOf(cutNote) {
			t.Errorf("%d characters in all blocks", sum)
		}
	})
}
