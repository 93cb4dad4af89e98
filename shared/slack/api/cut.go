package api

import (
	"reflect"
	"slices"
	"strings"

	"cutover/shared/slack"
)

const (
	// maxEdit is the longest text of an edited message (docs.slack.dev,
	// methods/chat.update: msg_too_long), a tenth of what a post may have.
	maxEdit = 4000
	// maxTogether is how much text all blocks of a message may hold. Slack refuses
	// more with msg_blocks_too_long and documents no figure; refusals are reported
	// from 11,341 characters on (slackapi/bolt-js, issues 2509 and 2867).
	maxTogether = 10_000
	// leastRest is how much room is worth a cut text.
	leastRest = 200
)

// cutNote stands where blocks are missing.
var cutNote = slack.Block{Type: "context", Elements: []slack.Text{{Type: "plain_text", Text: "Cut here: Slack takes no more in one message."}}}

// cut makes a message that Slack takes: no text is empty or longer than its place
// allows, and there are not too many blocks.
func cut(m slack.Message, maxText int) slack.Message {
	m.Text = shorten(m.Text, maxText)
	if m.Text == "" {
		m.Text = "(no text)"
	}
	var out []slack.Block
	left := maxTogether
	for _, b := range m.Blocks {
		b, ok := fit(b, left)
		if !ok {
			continue
		}
		size := textOf(b)
		if size > left || len(out) == slack.MaxBlocks {
			out = append(out[:min(len(out), slack.MaxBlocks-1)], cutNote)
			break
		}
		left -= size
		out = append(out, b)
	}
	m.Blocks = out
	return m
}

// fit makes one block that Slack takes, if that is possible; a section is cut to
// what is left of the whole, where that is worth it.
func fit(b slack.Block, left int) (slack.Block, bool) {
	switch b.Type {
	case "divider":
		return slack.Block{Type: b.Type}, true
	case "header", "section":
		if b.Text == nil || strings.TrimSpace(b.Text.Text) == "" {
			return b, false
		}
		t := *b.Text
		limit := slack.MaxHeader
		if b.Type == "section" {
			limit = slack.MaxText
			if left >= leastRest {
				limit = min(limit, left)
			}
		} else {
			t.Type, t.Verbatim = "plain_text", false
		}
		t.Text = shorten(t.Text, limit)
		return slack.Block{Type: b.Type, Text: &t}, true
	case "context":
		var es []slack.Text
		for _, e := range b.Elements {
			if strings.TrimSpace(e.Text) != "" && len(es) < slack.MaxElements {
				e.Text = shorten(e.Text, slack.MaxText)
				es = append(es, e)
			}
		}
		return slack.Block{Type: b.Type, Elements: es}, len(es) > 0
	}
	return b, true // not one that the room makes: Slack says what is wrong with it
}

func textOf(b slack.Block) int {
	n := 0
	if b.Text != nil {
		n += units(b.Text.Text)
	}
	for _, e := range b.Elements {
		n += units(e.Text)
	}
	return n
}

// units counts characters as UTF-16 does, which is never less than any other way
// of counting characters.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// shorten cuts a text at the limit, but neither in a <link|text> nor in an &amp;.
func shorten(s string, limit int) string {
	if len(s) <= limit || units(s) <= limit {
		return s
	}
	n, end := 0, 0
	for i, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
		if n > limit-1 {
			end = i
			break
		}
	}
	s = s[:end]
	if open := strings.LastIndexByte(s, '<'); open > strings.LastIndexByte(s, '>') {
		s = s[:open]
	}
	if amp := strings.LastIndexByte(s, '&'); amp > strings.LastIndexByte(s, ';') && len(s)-amp < len("&quot;") {
		s = s[:amp]
	}
	return s + "…"
}

// halve keeps the first half of the blocks and says so; of one it keeps nothing,
// and the message's text has to do.
func halve(bs []slack.Block) []slack.Block {
	if reflect.DeepEqual(bs[len(bs)-1], cutNote) {
		bs = bs[:len(bs)-1]
	}
	if len(bs) < 2 {
		return nil
	}
	return append(slices.Clone(bs[:len(bs)/2]), cutNote)
}
