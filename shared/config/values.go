package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

func (s *section) text(key string) string {
	n := s.node(key)
	if n == nil {
		return ""
	}
	return s.r.text(s.name(key), n)
}

// text reads a scalar as text. Numbers and dates are taken as they are written; true
// and false are most likely a slip.
func (r *reader) text(name string, n *yaml.Node) string {
	n = follow(n)
	if n == nil || n.Kind != yaml.ScalarNode || n.ShortTag() == "!!bool" || n.ShortTag() == "!!binary" || isNull(n) {
		r.fail(lineOf(n), "%s must be text, not %s", name, kindOf(n))
		return ""
	}
	v := strings.TrimSpace(n.Value)
	if strings.ContainsAny(v, "\x00\n\r") {
		r.fail(n.Line, "%s must stand on one line", name)
		return ""
	}
	return v
}

func (s *section) texts(key string) []string {
	var out []string
	for i, n := range s.list(key) {
		if v := s.r.text(fmt.Sprintf("%s[%d]", s.name(key), i), n); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// entry is one pair of a free map, with its line.
type entry struct {
	key, value string
	line       int
}

// entries reads a map with free keys, in the order of the file.
func (s *section) entries(key string) []entry {
	n := s.node(key)
	if n == nil {
		return nil
	}
	free := s.r.section(s.name(key), n)
	var out []entry
	for k, v := range free.keys {
		if k = strings.TrimSpace(k); k == "" {
			s.r.fail(v.Line, "an entry of %s has no key", s.name(key))
			continue
		}
		out = append(out, entry{k, s.r.text(s.name(key)+"."+clip(k), v), free.names[k]})
	}
	slices.SortFunc(out, func(a, b entry) int {
		if a.line != b.line {
			return a.line - b.line
		}
		return strings.Compare(a.key, b.key)
	})
	return out
}

func (s *section) flag(key string, otherwise bool) bool {
	n := s.node(key)
	if n == nil {
		return otherwise
	}
	if v, err := strconv.ParseBool(strings.ToLower(n.Value)); err == nil && n.ShortTag() == "!!bool" {
		return v
	}
	s.r.fail(n.Line, "%s must be true or false", s.name(key))
	return otherwise
}

func (s *section) number(key string, otherwise, least, most int) int {
	n := s.node(key)
	if n == nil {
		return otherwise
	}
	return s.r.number(s.name(key), n, otherwise, least, most)
}

func (r *reader) number(name string, n *yaml.Node, otherwise, least, most int) int {
	n = follow(n)
	v, err := 0, strconv.ErrSyntax
	if n != nil && n.Kind == yaml.ScalarNode && n.ShortTag() == "!!int" {
		v, err = strconv.Atoi(n.Value)
	}
	if err != nil || v < least || v > most {
		r.fail(lineOf(n), "%s must be a whole number from %d to %d", name, least, most)
		return otherwise
	}
	return v
}

func (s *section) duration(key string, otherwise time.Duration) time.Duration {
	n := s.node(key)
	if n == nil {
		return otherwise
	}
	d, err := parseDuration(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		s.r.fail(n.Line, "%s must be a time span such as 48h, 90m or 7d", s.name(key))
		return otherwise
	}
	return d
}

var days = regexp.MustCompile(`^([0-9]{1,5})d(.*)$`)

// parseDuration reads Go's spelling, with whole days before it: 7d, 1d12h. A day
// is 24 hours. The span must be longer than nothing.
func parseDuration(s string) (time.Duration, error) {
	var total time.Duration
	if m := days.FindStringSubmatch(s); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return 0, err
		}
		total, s = time.Duration(n)*24*time.Hour, m[2]
	}
	if s != "" {
		d, err := time.ParseDuration(s)
		if err != nil {
			return 0, err
		}
		if d < 0 {
			return 0, fmt.Errorf("time span %s is negative", d)
		}
		total += d
	}
	if total <= 0 {
		return 0, fmt.Errorf("no time span")
	}
	return total, nil
}

// oneOf reads a word out of a closed set.
func (s *section) oneOf(key, otherwise string, allowed ...string) string {
	v := s.text(key)
	if v == "" {
		return otherwise
	}
	if slices.Contains(allowed, v) {
		return v
	}
	s.r.fail(s.at(key), "%s is %q; it must be one of %s%s", s.name(key), clip(v), strings.Join(allowed, ", "), didYouMean(v, allowed))
	return otherwise
}
