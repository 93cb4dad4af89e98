package config

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// reader walks the YAML nodes of one file and gathers what is wrong.
type reader struct {
	file     string
	errors   []Problem
	warnings []Problem
}

func (r *reader) fail(line int, format string, args ...any) {
	r.errors = append(r.errors, Problem{r.file, line, fmt.Sprintf(format, args...)})
}

func (r *reader) warn(line int, format string, args ...any) {
	r.warnings = append(r.warnings, Problem{r.file, line, fmt.Sprintf(format, args...)})
}

// section is a mapping of the file. Its getters note which keys they asked for, so
// that done can name the keys that nobody knows.
type section struct {
	r     *reader
	path  string // sources.mail, for messages
	line  int
	keys  map[string]*yaml.Node
	names map[string]int // lines of the keys
	known []string
}

// section reads n as a mapping; nil and null give an empty one.
func (r *reader) section(path string, n *yaml.Node) *section {
	s := &section{r: r, path: path, keys: map[string]*yaml.Node{}, names: map[string]int{}}
	n = follow(n)
	if isNull(n) {
		return s
	}
	s.line = n.Line
	if n.Kind != yaml.MappingNode {
		r.fail(n.Line, "%s must be a mapping of keys, not %s", orFile(path), kindOf(n))
		return s
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch first, twice := s.names[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			r.fail(key.Line, "a key of %s must be a word", orFile(path))
		case twice:
			r.fail(key.Line, "key %q stands twice in %s (first in line %d)", clip(key.Value), orFile(path), first)
		default:
			s.keys[key.Value], s.names[key.Value] = follow(n.Content[i+1]), key.Line
		}
	}
	return s
}

// node takes a key; nil when it is absent or null.
func (s *section) node(key string) *yaml.Node {
	s.known = append(s.known, key)
	if n := s.keys[key]; !isNull(n) {
		return n
	}
	return nil
}

// at is the line of a key's value, or of the section for an absent key.
func (s *section) at(key string) int {
	if l, ok := s.names[key]; ok {
		return l
	}
	return s.line
}

func (s *section) name(key string) string {
	if s.path == "" {
		return key
	}
	return s.path + "." + key
}

func (s *section) sub(key string) *section { return s.r.section(s.name(key), s.node(key)) }

// list gives the elements of a sequence.
func (s *section) list(key string) []*yaml.Node {
	n := s.node(key)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		s.r.fail(n.Line, "%s must be a list, not %s", s.name(key), kindOf(n))
		return nil
	}
	out := make([]*yaml.Node, len(n.Content))
	for i, c := range n.Content {
		out[i] = follow(c)
	}
	return out
}

// done reports the keys that no getter asked for.
func (s *section) done() {
	for k, line := range s.names {
		if slices.Contains(s.known, k) {
			continue
		}
		if namesSecret(k) {
			s.r.fail(line, "%s would hold a secret, and secrets do not belong in this file%s", s.name(clip(k)), s.secretAdvice())
			continue
		}
		where := ""
		if s.path != "" {
			where = " in " + s.path
		}
		s.r.fail(line, "unknown key %q%s%s", clip(k), where, didYouMean(k, s.known))
	}
}

func didYouMean(word string, known []string) string {
	if k := nearest(word, known); k != "" {
		return fmt.Sprintf(" (did you mean %q?)", k)
	}
	return ""
}

// follow resolves an alias to what it stands for.
func follow(n *yaml.Node) *yaml.Node {
	for i := 0; n != nil && n.Kind == yaml.AliasNode && i < 10; i++ {
		n = n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool {
	return n == nil || n.Kind == 0 || n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

func lineOf(n *yaml.Node) int {
	if n == nil {
		return 0
	}
	return n.Line
}

func kindOf(n *yaml.Node) string {
	switch {
	case isNull(n):
		return "nothing"
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.ShortTag() == "!!bool":
		return "true or false"
	}
	return "a single value"
}

func orFile(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

// clip shortens what is repeated from the file.
func clip(s string) string {
	const most = 60 // runes
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
