package inventory

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The functions here walk the bytes of values that the stream has read, and that so
// are valid JSON. They cost one pass and hardly any memory, which json.Unmarshal into
// maps does not: a row has some dozen members, and the room needs seven.

// members calls fn with each member of an object; false ends the walk. A value that is
// no object has none.
func members(raw []byte, fn func(key, value []byte) bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' {
		return
	}
	for i := next(raw, 1); i < len(raw) && raw[i] != '}'; {
		keyEnd := skip(raw, i)
		key := raw[i:keyEnd]
		i = next(raw, keyEnd)
		valueEnd := skip(raw, i)
		if !fn(key, raw[i:valueEnd]) {
			return
		}
		i = next(raw, valueEnd)
	}
}

// elements calls fn with each element of an array.
func elements(raw []byte, fn func(i int, value []byte)) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '[' {
		return
	}
	n := 0
	for i := next(raw, 1); i < len(raw) && raw[i] != ']'; n++ {
		end := skip(raw, i)
		fn(n, raw[i:end])
		i = next(raw, end)
	}
}

// next is the place of the next value or closing bracket at or after i.
func next(raw []byte, i int) int {
	for i < len(raw) && strings.IndexByte(" \t\r\n,:", raw[i]) >= 0 {
		i++
	}
	return i
}

// skip is the place after the value that begins at i.
func skip(raw []byte, i int) int {
	depth := 0
	for i < len(raw) {
		switch raw[i] {
		case '"':
			i = skipString(raw, i)
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		default:
			i++
			if depth == 0 {
				for i < len(raw) && strings.IndexByte(" \t\r\n,:]}", raw[i]) < 0 {
					i++
				}
			}
		}
		if depth == 0 {
			return i
		}
	}
	return i
}

func skipString(raw []byte, i int) int {
	for i++; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return i
}

func isNull(raw []byte) bool { return len(raw) == 0 || string(raw) == "null" }

// text reads a JSON string; null is the empty one.
func text(raw []byte) (string, error) {
	if isNull(raw) {
		return "", nil
	}
	if raw[0] != '"' {
		return "", fmt.Errorf("is %s, not text", kind(raw))
	}
	if inner := raw[1 : len(raw)-1]; bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner), nil
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", errors.New("is no readable text")
	}
	return s, nil
}

// scalar reads a string, number or boolean as text; false for anything else.
func scalar(raw []byte) (string, bool) {
	if isNull(raw) || raw[0] == '{' || raw[0] == '[' {
		return "", false
	}
	if raw[0] == '"' {
		s, err := text(raw)
		return s, err == nil
	}
	return string(raw), true
}

func kind(raw []byte) string {
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "text"
	case 't', 'f':
		return "true or false"
	}
	return "a number"
}

// unwrap takes an object out of the string that a table may hold it in.
func unwrap(raw []byte) ([]byte, error) {
	if isNull(raw) || raw[0] != '"' {
		return raw, nil
	}
	s, err := text(raw)
	if err != nil {
		return nil, errors.New("no readable text")
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil, nil
	}
	if !json.Valid([]byte(s)) {
		return nil, errors.New("text that holds no JSON")
	}
	return []byte(s), nil
}
