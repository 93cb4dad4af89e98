package inventory

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"cutover/shared/cutover"
)

// values reads columns and keeps the first error.
type values struct {
	rd  *reading
	err error
}

func (v *values) text(column string, most int) string {
	s, err := text(v.rd.cols[column])
	switch {
	case err != nil:
		v.fail(fmt.Errorf("its %s %w", column, err))
	case len(s) > most:
		v.fail(fmt.Errorf("its %s is longer than %d bytes", column, most))
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }):
		v.fail(fmt.Errorf("its %s holds control characters", column))
	}
	return strings.TrimSpace(s)
}

func (v *values) fail(err error) {
	if v.err == nil {
		v.err = err
	}
}

// tags reads an object, or one in a string; null and nothing mean none.
func (v *values) tags() map[string]string {
	raw, err := unwrap(v.rd.cols["tags"])
	if err != nil {
		v.fail(fmt.Errorf("its tags are %w", err))
		return nil
	}
	if isNull(raw) {
		return nil
	}
	if raw[0] != '{' {
		v.fail(fmt.Errorf("its tags are %s, not an object", kind(raw)))
		return nil
	}
	var out map[string]string
	members(raw, func(key, value []byte) bool {
		k, err := text(key)
		t, ok := scalar(value)
		switch {
		case err != nil || !ok && !isNull(value):
			v.fail(fmt.Errorf("its tag %.60q is no text", k))
		case len(k) > maxTag || len(t) > maxTag || len(out) == maxTags:
			v.fail(errors.New("its tags are longer or more than Azure allows"))
		default:
			if out == nil {
				out = map[string]string{}
			}
			out[k] = t
		}
		return v.err == nil
	})
	return out
}

// parts are what a resource id says.
type parts struct{ subscription, group, typ, name string }

// split reads /subscriptions/S/resourceGroups/G/providers/NS/type/name[/type/name…];
// the last providers counts, as an extension's id goes on from its parent's.
func split(id string) parts {
	var p parts
	words := strings.Split(strings.Trim(id, "/"), "/")
	for i := 0; i+1 < len(words); i++ {
		switch w := cutover.Fold(words[i]); {
		case w == "subscriptions" && i == 0:
			p.subscription = cutover.Fold(words[1])
			if len(words) == 2 {
				p.typ = typeSubscription
			}
		case w == "resourcegroups" && i == 2:
			p.group = cutover.Fold(words[3])
			if len(words) == 4 {
				p.typ, p.name = typeGroup, words[3]
			}
		case w == "providers" && i+3 < len(words):
			p.typ = cutover.Fold(words[i+1])
			for j := i + 2; j < len(words); j += 2 {
				p.typ += "/" + cutover.Fold(words[j])
				if j+1 < len(words) {
					p.name = words[j+1]
				}
				if j+2 < len(words) && strings.EqualFold(words[j+2], "providers") {
					break
				}
			}
		}
	}
	return p
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func kindOrNull(raw json.RawMessage) string {
	if isNull(raw) {
		return "null"
	}
	return kind(raw)
}
