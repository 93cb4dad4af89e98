package alert

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf16"

	"cutover/shared/prose"
)

// Foreign text is shown dead. The three characters that Slack gives a meaning are
// escaped (docs.slack.dev, messaging/formatting-message-text); all text objects are
// verbatim, so that Slack makes no links or mentions of its own; and what formats,
// or would be a name, an address or an emoji, is broken or replaced by a twin.

// zwsp is a space without width.
const zwsp = "\u200b"

// dress is where a text stands, which decides what is alive in it.
type dress int

const (
	inProse  dress = iota // mrkdwn
	inCode                // mrkdwn, between two backticks: nothing formats, and it can be copied
	inHeader              // plain_text
)

var entities = map[rune]string{'&': "&amp;", '<': "&lt;", '>': "&gt;"}

// twins look alike and mean nothing to Slack.
var twins = map[dress]map[rune]string{
	inProse:  {'*': "∗", '~': "∼", '`': "ˋ"},
	inCode:   {'`': "ˋ"},
	inHeader: {'<': "‹", '>': "›"},
}

// foreign makes somebody else's words fit for mrkdwn and for a message's text. The
// result, escapes included, has at most max characters.
func foreign(s string, max int) string { return dead(s, max, inProse) }

// code shows a name between backticks.
func code(s string, max int) string {
	if s = dead(s, max-2, inCode); s == "" {
		s = "-"
	}
	return "`" + s + "`"
}

func dead(s string, max int, as dress) string {
	rs := []rune(prose.Line(s, max))
	var b strings.Builder
	n, end := 0, 0 // characters so far; bytes that leave room for an ellipsis
	for i := range rs {
		piece := deadRune(rs, i, as)
		if n += units(piece); n > max {
			return strings.TrimRight(b.String()[:end], " ") + "…"
		}
		b.WriteString(piece)
		if n < max {
			end = b.Len()
		}
	}
	return b.String()
}

// deadRune is what stands for a character, given those beside it.
func deadRune(rs []rune, i int, as dress) string {
	r, before, after := rs[i], ' ', ' '
	www := r == '.' && i > 2 && strings.EqualFold(string(rs[i-3:i]), "www")
	if i > 0 {
		before = rs[i-1]
	}
	if i+1 < len(rs) {
		after = rs[i+1]
	}
	if twin, ok := twins[as][r]; ok {
		return twin
	}
	if entity, ok := entities[r]; ok && as != inHeader {
		return entity
	}
	switch {
	case r == '@', r == ':' && after == '/', www:
		return string(r) + zwsp
	case as != inCode && r == ':' && (unicode.IsLetter(after) || strings.ContainsRune("+-_", after)):
		return string(r) + zwsp // an emoji's name
	case as == inProse && r == '_' && (!word(before) || !word(after)):
		return "＿" // inside a word it formats nothing
	}
	return string(r)
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// link shows words that lead to an address of our own configuration; without an
// address that is safe within a link, the words alone.
func link(words, address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(address) > 1000 {
		return words, false
	}
	address = strings.ReplaceAll(u.String(), "@", "%40")
	if strings.ContainsAny(address, " |<>\"`\\") || strings.ContainsFunc(address, func(r rune) bool { return r < ' ' || r > '~' }) {
		return words, false
	}
	return "<" + strings.ReplaceAll(address, "&", "&amp;") + "|" + words + ">", true
}

// units counts characters as UTF-16 does: never less than any other way to count.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// cut shortens a text of ours, but neither in a <link|text> nor in an &amp;.
func cut(s string, max int) string {
	if units(s) <= max {
		return s
	}
	n, end := 0, 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > max-1 {
			end = i
			break
		}
	}
	s = s[:end]
	if open := strings.LastIndexByte(s, '<'); open > strings.LastIndexByte(s, '>') {
		s = s[:open]
	}
	if amp := strings.LastIndexByte(s, '&'); amp > strings.LastIndexByte(s, ';') {
		s = s[:amp]
	}
	return s + "…"
}
