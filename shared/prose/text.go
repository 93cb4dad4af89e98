package prose

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean takes out of foreign text what is dangerous wherever it is shown. Control
// characters and characters that turn the direction of writing become the
// replacement character, so that a reader sees that something stood there;
// characters without width (soft hyphens, joiners, marks of byte order: mail is
// full of them) vanish. Line ends survive as \n, other white space becomes a plain
// space.
func Clean(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r':
			return '\n'
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), unicode.Is(unicode.Co, r):
			return utf8.RuneError
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// Line is Clean on one line: white space collapses, and more than max characters
// are cut with an ellipsis.
func Line(s string, max int) string {
	return Cut(strings.Join(strings.Fields(Clean(s)), " "), max)
}

// Cut shortens s to max characters, the ellipsis included.
func Cut(s string, max int) string {
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	if max < 1 {
		return ""
	}
	return strings.TrimRight(string([]rune(s)[:max-1]), " ") + "…"
}

// Plural writes a count with its noun: 1 place, 3 places.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + many
}

// List joins words as people do: a, b and c.
func List(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
