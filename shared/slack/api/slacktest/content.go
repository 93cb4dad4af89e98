package slacktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"unicode/utf16"

	"cutover/shared/slack"
)

// maxTogether is how much text all blocks may hold here. The service's figure is
// not documented; refusals are reported from 11,341 characters on.
const maxTogether = 12_000

// content reads and checks a message's text and blocks.
func (s *Server) content(r request, m *Message, maxText int) bool {
	m.Text = r.form.Get("text")
	if rs := []rune(m.Text); len(rs) > maxText {
		if maxText < slack.MaxFallback {
			s.refuse(r.w, r.n, "msg_too_long")
			return false
		}
		m.Text = string(rs[:maxText])
	}
	if r.form.Has("blocks") {
		var bs []slack.Block
		if err := strict(r.form.Get("blocks"), &bs); err != nil || bs == nil {
			s.refuse(r.w, r.n, "invalid_blocks_format", fmt.Sprint(err))
			return false
		}
		if why := checkBlocks(bs); why != "" {
			s.refuse(r.w, r.n, "invalid_blocks", "[ERROR] "+why)
			return false
		}
		if together(bs) > maxTogether {
			s.refuse(r.w, r.n, "msg_blocks_too_long")
			return false
		}
		m.Blocks = bs
	} else if r.form.Has("text") {
		m.Blocks = nil
	}
	if m.Text == "" && len(m.Blocks) == 0 {
		s.refuse(r.w, r.n, "no_text")
		return false
	}
	return true
}

func strict(raw string, into any) error {
	dec := json.NewDecoder(bytes.NewReader([]byte(raw)))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

// checkBlocks says what is wrong, with the place as the service writes it.
func checkBlocks(bs []slack.Block) string {
	if len(bs) > slack.MaxBlocks {
		return fmt.Sprintf("no more than %d items allowed [json-pointer:/blocks]", slack.MaxBlocks)
	}
	for i, b := range bs {
		at := fmt.Sprintf("[json-pointer:/blocks/%d]", i)
		why := ""
		switch b.Type {
		case "header":
			why = checkText(b.Text, slack.MaxHeader, "plain_text")
		case "section":
			why = checkText(b.Text, slack.MaxText, "plain_text", "mrkdwn")
		case "context":
			if b.Text != nil || len(b.Elements) == 0 || len(b.Elements) > slack.MaxElements {
				why = fmt.Sprintf("%d elements", len(b.Elements))
			}
			for _, e := range b.Elements {
				if why == "" {
					why = checkText(&e, slack.MaxText, "plain_text", "mrkdwn")
				}
			}
		case "divider":
		default:
			why = "unsupported type: " + b.Type
		}
		if why == "" && (b.Type != "context" && b.Elements != nil || b.Type == "divider" && b.Text != nil) {
			why = "a field that this block has not"
		}
		if why != "" {
			return why + " " + at
		}
	}
	return ""
}

func checkText(t *slack.Text, most int, types ...string) string {
	if t == nil {
		return "missing required field: text"
	}
	right := false
	for _, typ := range types {
		right = right || t.Type == typ
	}
	switch n := len(utf16.Encode([]rune(t.Text))); {
	case !right:
		return "unsupported type: " + t.Type
	case n == 0:
		return "must be more than 0 characters"
	case n > most:
		return fmt.Sprintf("must be less than %d characters", most+1)
	case t.Verbatim && t.Type != "mrkdwn":
		return "verbatim is of mrkdwn only"
	}
	return ""
}

func together(bs []slack.Block) int {
	n := 0
	for _, b := range bs {
		if b.Text != nil {
			n += len(utf16.Encode([]rune(b.Text.Text)))
		}
		for _, e := range b.Elements {
			n += len(utf16.Encode([]rune(e.Text)))
		}
	}
	return n
}

var eventType = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// metadata reads and checks what names the effect; Cutover posts nothing without it.
func (s *Server) metadata(r request, m *Message) bool {
	var meta slack.Metadata
	if err := strict(r.form.Get("metadata"), &meta); err != nil {
		s.complain(r.w, r.n, "invalid_metadata_format", "metadata %q: %v", r.form.Get("metadata"), err)
		return false
	}
	_, action := meta.Payload["action"]
	if !eventType.MatchString(meta.EventType) || !action || meta.Payload["effect"] == "" || len(meta.Payload) != 2 {
		s.complain(r.w, r.n, "invalid_metadata_schema", "metadata %+v names no effect", meta)
		return false
	}
	m.Metadata = meta
	return true
}

// wire is a message as the service writes it.
func wire(m *Message, metadata bool) map[string]any {
	out := map[string]any{"type": "message", "text": m.Text, "ts": m.TS}
	if m.Foreign {
		out["user"] = "U0000000002"
		// A block of a kind that clients may not know.
		out["blocks"] = []any{map[string]any{"type": "rich_text", "elements": []any{map[string]any{"type": "novelty", "elements": 7}}}}
		out["metadata"] = map[string]any{"event_type": "other_app", "event_payload": map[string]any{"deep": []any{1, nil}}}
	} else {
		out["bot_id"], out["app_id"], out["blocks"] = "B0000000001", "A0000000001", m.Blocks
	}
	if m.Thread != "" {
		out["thread_ts"] = m.Thread
	}
	if m.Edited {
		out["edited"] = map[string]any{"user": "B0000000001", "ts": m.TS}
	}
	if metadata && !m.Foreign {
		out["metadata"] = m.Metadata
	}
	if !metadata {
		delete(out, "metadata")
	}
	return out
}
