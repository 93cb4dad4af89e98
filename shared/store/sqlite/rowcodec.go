package sqlite

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"cutover/shared/cutover"
)

// A resource is kept as one line of fields with tabs between them: id, name,
// type, subscription, group, region, cloud, the number of tags, then key and value
// of each tag and of each property, sorted by key. Tab, line feed and backslash
// within a field are written \t, \n and \\. One pass reads every row of the
// inventory, so that this is the hot path: decoding a line costs one allocation
// for the fields and one or two for the maps.

const fixedFields = 8

var escape = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`)

func encodeResource(b []byte, r cutover.Resource) []byte {
	for _, f := range [...]string{r.ID, r.Name, r.Type, r.Subscription, r.Group, r.Region, r.Cloud} {
		b = append(appendField(b, f), '\t')
	}
	b = strconv.AppendInt(b, int64(len(r.Tags)), 10)
	b = appendMap(b, r.Tags)
	return appendMap(b, r.Properties)
}

func appendField(b []byte, f string) []byte {
	for i := range len(f) {
		if c := f[i]; c == '\\' || c == '\t' || c == '\n' {
			return append(b, escape.Replace(f)...)
		}
	}
	return append(b, f...)
}

func appendMap(b []byte, m map[string]string) []byte {
	var space [16]string
	keys := space[:0]
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		b = appendField(append(b, '\t'), k)
		b = appendField(append(b, '\t'), m[k])
	}
	return b
}

var errRow = errors.New("a resource's row is damaged")

// decodeResource takes a line apart. The fields share the line's memory.
func decodeResource(line string) (cutover.Resource, error) {
	var fixed [fixedFields]string
	escaped := strings.IndexByte(line, '\\') >= 0
	rest, more := line, true
	for i := range fixed {
		if !more {
			return cutover.Resource{}, errRow
		}
		fixed[i], rest, more = next(rest, escaped)
	}
	tags, err := strconv.Atoi(fixed[7])
	if err != nil || tags < 0 {
		return cutover.Resource{}, errRow
	}
	pairs := 0
	if more {
		fields := strings.Count(rest, "\t") + 1
		if pairs = fields / 2; fields%2 != 0 {
			return cutover.Resource{}, errRow
		}
	}
	if tags > pairs {
		return cutover.Resource{}, errRow
	}
	r := cutover.Resource{
		ID: fixed[0], Name: fixed[1], Type: fixed[2], Subscription: fixed[3],
		Group: fixed[4], Region: fixed[5], Cloud: fixed[6],
	}
	r.Tags, rest = takeMap(rest, tags, escaped)
	r.Properties, _ = takeMap(rest, pairs-tags, escaped)
	return r, nil
}

// takeMap takes n pairs off the line; nil for none.
func takeMap(rest string, n int, escaped bool) (map[string]string, string) {
	if n == 0 {
		return nil, rest
	}
	m := make(map[string]string, n)
	for range n {
		var k, v string
		k, rest, _ = next(rest, escaped)
		v, rest, _ = next(rest, escaped)
		m[k] = v
	}
	return m, rest
}

// next takes one field off the line; more is false when it was the last.
func next(line string, escaped bool) (field, rest string, more bool) {
	if i := strings.IndexByte(line, '\t'); i >= 0 {
		field, rest, more = line[:i], line[i+1:], true
	} else {
		field = line
	}
	if escaped && strings.IndexByte(field, '\\') >= 0 {
		field = unescape(field)
	}
	return field, rest, more
}

func unescape(f string) string {
	var b strings.Builder
	b.Grow(len(f))
	for i := 0; i < len(f); i++ {
		c := f[i]
		if c == '\\' && i+1 < len(f) {
			i++
			switch c = f[i]; c {
			case 't':
				c = '\t'
			case 'n':
				c = '\n'
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}
