package folder

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"cutover/shared/slack"
)

// record is a message's file: its keys, in the order in which they are written.
type record struct {
	Channel  string         `json:"channel"`
	TS       string         `json:"ts"`
	Thread   string         `json:"thread_ts"` // empty: a message of its own
	Kind     string         `json:"kind"`
	Text     string         `json:"text"`
	Blocks   []slack.Block  `json:"blocks"`
	Updated  string         `json:"updated"` // RFC 3339, UTC; empty: never
	Metadata slack.Metadata `json:"metadata"`
}

func recordOf(m slack.Message, at stamp) record {
	return record{
		Channel: m.Channel, TS: at.String(), Thread: m.Thread, Kind: m.Kind, Text: m.Text,
		Blocks: blocks(m.Blocks), Metadata: slack.MetadataOf(m),
	}
}

// blocks makes a list of none a list too: null is no list in the file.
func blocks(bs []slack.Block) []slack.Block {
	if bs == nil {
		return []slack.Block{}
	}
	return bs
}

func (r record) name() string { return r.TS + "-" + r.Kind + ".json" }

func (r record) ref() slack.Ref { return slack.Ref{Channel: r.Channel, TS: r.TS} }

// bytes is the file. It is for reading: <, > and & stand as they are.
func (r record) bytes() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// broken is a file that somebody's edit broke; the message begins with file:line.
func broken(path string, raw []byte, at int64, format string, args ...any) error {
	line := 1 + bytes.Count(raw[:max(0, min(at, int64(len(raw))))], []byte("\n"))
	return fmt.Errorf("%s:%d: %s; mend the file or move it out of the folder, nothing in it was changed", path, line, fmt.Sprintf(format, args...))
}

// parse reads a message's file. It is strict: what it does not know, a later write
// would lose.
func parse(path string, n name, raw []byte) (record, error) {
	if !utf8.Valid(raw) {
		return record{}, broken(path, raw, firstInvalid(raw), "this is not UTF-8")
	}
	var r record
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		return record{}, broken(path, raw, offset(err, raw, dec.InputOffset()), "this is no message: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	end := dec.InputOffset()
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return record{}, broken(path, raw, end+int64(len(raw[end:])-len(bytes.TrimLeft(raw[end:], " \t\r\n"))), "something stands after the message")
	}
	if key, complaint := r.check(n); complaint != "" {
		return record{}, broken(path, raw, int64(bytes.Index(raw, []byte(`"`+key+`"`))), "%s", complaint)
	}
	return r, nil
}

// check says which key is wrong, and why.
func (r record) check(n name) (key, complaint string) {
	switch {
	case r.Channel == "":
		return "channel", "the message lacks its channel"
	case r.TS != n.ts:
		return "ts", fmt.Sprintf("ts %q stands in the file of message %s", r.TS, n.ts)
	case r.Kind != n.kind:
		return "kind", fmt.Sprintf("kind %q stands in a file named %s", r.Kind, n.kind)
	case r.Thread != "" && !timeStamp.MatchString(r.Thread):
		return "thread_ts", fmt.Sprintf("thread_ts %q is no message's time", r.Thread)
	case r.Blocks == nil:
		return "blocks", "the message lacks its list of blocks"
	}
	if _, err := time.Parse(time.RFC3339, r.Updated); r.Updated != "" && err != nil {
		return "updated", fmt.Sprintf("updated %q is no time like 2023-01-31T09:00:00Z", r.Updated)
	}
	return "", ""
}

// offset is where in the file an error of the decoder lies.
func offset(err error, raw []byte, read int64) int64 {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return syntax.Offset - 1 // it counts the byte in error
	case errors.As(err, &kind):
		return kind.Offset
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return int64(len(bytes.TrimRight(raw, "\n")))
	}
	if m := unknownField.FindStringSubmatch(err.Error()); m != nil {
		if at := bytes.Index(raw, []byte(m[1])); at >= 0 {
			return int64(at)
		}
	}
	return read
}

var unknownField = regexp.MustCompile(`unknown field ("(?:[^"\\]|\\.)*")`)

func firstInvalid(raw []byte) int64 {
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			return int64(i)
		}
		i += n
	}
	return int64(len(raw))
}

var effectKey = regexp.MustCompile(`"effect"\s*:\s*("(?:[^"\\]|\\.)*")`)

// showsOther reports whether a broken file still shows that it belongs to other effects.
func showsOther(raw []byte, effect string) bool {
	shown := effectKey.FindAllSubmatch(raw, -1)
	for _, m := range shown {
		var got string
		if json.Unmarshal(m[1], &got) != nil || got == effect {
			return false
		}
	}
	return len(shown) > 0
}
