package folder

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// broken is a file that a person's edit broke; the message begins with file:line.
func broken(path string, line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s; mend the file, nothing in it was changed", path, line, fmt.Sprintf(format, args...))
}

// parse takes a ticket's file apart.
func parse(path string, raw []byte) (*document, error) {
	if !utf8.Valid(raw) {
		return nil, broken(path, 1+bytes.Count(raw[:firstInvalid(raw)], []byte("\n")), "this is not UTF-8")
	}
	size, err := headSize(path, raw)
	if err != nil {
		return nil, err
	}
	d := &document{head: raw[:size]}
	rest := string(raw[size:])
	if at := commentHead.FindStringIndex(rest); at != nil {
		d.body, d.comments = rest[:at[0]], rest[at[0]:]
	} else {
		d.body = rest
	}
	if err := d.parseFront(path); err != nil {
		return nil, err
	}
	d.ticket.Body = d.body
	if want := strings.TrimSuffix(filepath.Base(path), ".md"); d.ticket.Number != want {
		return nil, broken(path, 1, "number %s stands in the file of ticket %s", d.ticket.Number, want)
	}
	return d, nil
}

func firstInvalid(raw []byte) int {
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(raw)
}

// headSize is how many bytes the front matter takes, with its lines of dashes.
func headSize(path string, raw []byte) (int, error) {
	at, line := 0, 0
	for at < len(raw) {
		end := len(raw)
		if i := bytes.IndexByte(raw[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line++
		dashes := string(bytes.TrimRight(bytes.TrimPrefix(raw[at:end], []byte("\uFEFF")), " \r\n")) == "---"
		if line == 1 && !dashes {
			return 0, broken(path, 1, "a ticket begins with a line ---, then its front matter")
		}
		if line > 1 && dashes {
			return end, nil
		}
		at = end
	}
	return 0, broken(path, max(line, 1), "the front matter has no end: a line --- is missing")
}

// inner is the front matter without its lines of dashes.
func inner(head []byte) []byte {
	_, rest, _ := bytes.Cut(head, []byte("\n"))
	rest = bytes.TrimRight(rest, " \r\n")
	return bytes.TrimSuffix(rest, []byte("---"))
}

var yamlLine = regexp.MustCompile(`line (\d+): ?`)

// parseFront reads the fields that are ours; further keys are people's.
func (d *document) parseFront(path string) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(inner(d.head), &doc); err != nil {
		line := 1
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			line, _ = strconv.Atoi(m[1]) // digits, by the expression
		}
		return broken(path, line+1, "the front matter is no YAML: %s", strings.TrimPrefix(yamlLine.ReplaceAllString(err.Error(), ""), "yaml: "))
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return broken(path, 2, "the front matter is no list of keys and values")
	}
	seen := map[string]bool{}
	pairs := doc.Content[0].Content
	for i := 0; i+1 < len(pairs); i += 2 {
		if seen[pairs[i].Value] {
			return broken(path, pairs[i].Line+1, "key %s stands here a second time", pairs[i].Value)
		}
		seen[pairs[i].Value] = true
		if err := d.field(pairs[i].Value, pairs[i+1]); err != nil {
			return broken(path, pairs[i+1].Line+1, "%v", err)
		}
	}
	for _, key := range []string{"number", "state"} {
		if !seen[key] {
			return broken(path, 2, "the front matter lacks %s", key)
		}
	}
	return nil
}

func (d *document) field(key string, v *yaml.Node) error {
	t := &d.ticket
	texts := map[string]*string{"key": &t.Key, "title": &t.Title, "owner": &t.Owner, "notice": &t.Notice, "due": &t.Due, "project": &t.Project}
	switch key {
	case "number":
		n, err := strconv.Atoi(v.Value)
		if v.Kind != yaml.ScalarNode || err != nil || n < 1 {
			return fmt.Errorf("number %q is no whole number above zero", v.Value)
		}
		t.Number = strconv.Itoa(n)
	case "state":
		if v.Value != open && v.Value != closed {
			return fmt.Errorf("state is %q: it can be %s or %s", v.Value, open, closed)
		}
		t.Closed = v.Value == closed
	case "labels":
		return words(v, key, &t.Labels)
	case "assignees":
		return words(v, key, &t.Assignees)
	}
	if into := texts[key]; into != nil {
		if v.Kind != yaml.ScalarNode {
			return errors.New(key + " is no single value")
		}
		if v.Tag != "!!null" {
			*into = v.Value
		}
	}
	return nil
}

func words(v *yaml.Node, key string, into *[]string) error {
	if v.Tag == "!!null" {
		return nil
	}
	if v.Kind == yaml.AliasNode || v.Decode(into) != nil {
		return errors.New(key + " is no list of words")
	}
	return nil
}
