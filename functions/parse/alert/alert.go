// Package alert reads the JSON that Azure sends about service health: activity
// log alerts in the classic and the common schema, and Resource Health events as
// REST, Resource Graph and the SDKs give them. Keys are found without regard to
// case, numbers are taken where strings are expected, unknown values are kept.
package alert

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"
)

// MaxSize caps the JSON, in bytes. Azure cuts webhooks at 256 KB.
const MaxSize = 25 << 20

// maxEvents caps the events of one file.
const maxEvents = 2000

// Value is one scalar of the JSON: the part that it stands in, that part's text,
// and where in it the value is.
type Value struct {
	Part   string
	Text   string // of the whole part
	Quote  string
	Offset int
}

// Set reports whether there is a value.
func (v Value) Set() bool { return v.Quote != "" }

// Prose is a field that holds sentences.
type Prose struct {
	Part string
	Text string
	HTML bool
}

// Event is one service health event, in one language and for one scope.
type Event struct {
	TrackingID    Value
	Title         Value
	EventType     Value // the provider's word
	SubType       Value
	Stage         Value
	Services      []Value
	Regions       []Value
	Subscriptions []Value
	ImpactStart   Value
	ImpactEnd     Value
	Issued        Value
	Updated       Value
	Test          bool
	Prose         []Prose
	Reasons       []string
}

// ErrNoEvent says that the JSON is well formed and holds no service health event.
var ErrNoEvent = errors.New("no service health event in the JSON")

// Looks reports whether bytes begin like JSON.
func Looks(raw []byte) bool {
	t := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), " \t\r\n")
	return len(t) > 1 && (t[0] == '{' || t[0] == '[')
}

// Parse reads all events of a file. Events of one tracking ID, which differ in
// what is impacted, become one.
func Parse(raw []byte) ([]Event, error) {
	if len(raw) > MaxSize {
		return nil, fmt.Errorf("reading JSON: %d bytes are more than %d", len(raw), MaxSize)
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var root any
	if err := dec.Decode(&root); err != nil {
		at := int(dec.InputOffset())
		if se := (*json.SyntaxError)(nil); errors.As(err, &se) {
			at = int(se.Offset)
		}
		line := 1 + bytes.Count(raw[:min(len(raw), max(at, 0))], []byte("\n"))
		return nil, fmt.Errorf("reading JSON: near line %d: %w", line, err)
	}
	trailing := len(bytes.TrimSpace(raw[dec.InputOffset():])) > 0
	var events []Event
	for _, n := range nodes(root, 0) {
		if e, ok := event(n); ok {
			events = append(events, e)
		}
	}
	if len(events) == 0 {
		return nil, ErrNoEvent
	}
	events = merge(events)
	if trailing {
		events[0].Reasons = append(events[0].Reasons, "text after the end of the JSON was left out")
	}
	return events, nil
}

// node is a JSON object that may be an event.
type node map[string]any

// nodes unwraps lists and envelopes.
func nodes(v any, depth int) []node {
	if depth > 6 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		var out []node
		for _, x := range v {
			if out = append(out, nodes(x, depth+1)...); len(out) > maxEvents {
				return out[:maxEvents]
			}
		}
		return out
	case map[string]any:
		n := node(v)
		if n.isEvent() {
			return []node{n}
		}
		for _, k := range []string{"value", "data", "records", "events", "items", "body", "alertContext", "activityLog"} {
			if c, ok := n.get(k); ok {
				if t, ok := table(c); ok {
					c = t
				}
				if out := nodes(c, depth+1); len(out) > 0 {
					return out
				}
			}
		}
	}
	return nil
}

// isEvent reports whether the object is an alert envelope or an event.
func (n node) isEvent() bool {
	if d, ok := n.object("data"); ok {
		if _, ok := d.object("alertContext"); ok {
			return true
		}
		if c, ok := d.object("context"); ok {
			_, ok = c.object("activityLog")
			return ok
		}
	}
	p := n
	if q, ok := n.object("properties"); ok {
		p = q
	}
	_, tracked := p.get("trackingId")
	_, typed := p.get("eventType")
	_, kind := p.get("incidentType")
	_, impact := p.get("impact")
	return strings.Contains(strings.ToLower(n.str("type")), "microsoft.resourcehealth/events") || (tracked && (typed || kind)) || (typed && impact)
}

// get finds a key without regard to case; an exact match wins.
func (n node) get(key string) (any, bool) {
	if v, ok := n[key]; ok {
		return v, true
	}
	var found []string
	for k := range n {
		if strings.EqualFold(k, key) {
			found = append(found, k)
		}
	}
	if len(found) == 0 {
		return nil, false
	}
	sort.Strings(found)
	return n[found[0]], true
}

func (n node) object(key string) (node, bool) {
	v, _ := n.get(key)
	m, ok := v.(map[string]any)
	return m, ok
}

func (n node) list(key string) []any {
	v, _ := n.get(key)
	l, _ := v.([]any)
	return l
}

// str is a scalar as text; integers stand where strings are expected.
func (n node) str(key string) string {
	v, _ := n.get(key)
	return scalar(v)
}

func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}

// table turns Resource Graph's answer in table form into objects.
func table(v any) (any, bool) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	cols, rows := node(m).list("columns"), node(m).list("rows")
	if cols == nil || rows == nil {
		return nil, false
	}
	var out []any
	for _, r := range rows {
		cells, _ := r.([]any)
		row := map[string]any{}
		for i, c := range cells {
			if i < len(cols) {
				if cm, ok := cols[i].(map[string]any); ok {
					row[node(cm).str("name")] = c
				}
			}
		}
		out = append(out, row)
	}
	return out, true
}

// Time reads a time as the documents write it: ISO 8601 with or without a zone,
// or .NET ticks in a string. The zero time means none (0001-01-01 too).
func Time(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "1/2/2006 3:04:05 PM", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			if t.Year() < 1990 {
				return time.Time{}
			}
			return t.UTC()
		}
	}
	if len(s) == 18 && strings.Trim(s, "0123456789") == "" {
		var ticks int64
		for _, c := range s {
			ticks = ticks*10 + int64(c-'0')
		}
		const epoch = 621355968000000000 // ticks of 100 ns from year 1 to 1970
		return time.Unix((ticks-epoch)/1e7, (ticks-epoch)%1e7*100).UTC()
	}
	return time.Time{}
}
