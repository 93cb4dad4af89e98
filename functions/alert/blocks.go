package alert

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"cutover/shared/prose"
	"cutover/shared/slack"
)

func header(s string) slack.Block {
	return slack.Block{Type: "header", Text: &slack.Text{Type: "plain_text", Text: dead(s, slack.MaxHeader, inHeader)}}
}

func section(s string) slack.Block {
	return slack.Block{Type: "section", Text: &slack.Text{Type: "mrkdwn", Text: cut(s, slack.MaxText), Verbatim: true}}
}

func footnote(parts ...string) slack.Block {
	return slack.Block{Type: "context", Elements: []slack.Text{{Type: "mrkdwn", Text: cut(strings.Join(parts, " · "), slack.MaxText), Verbatim: true}}}
}

// mostSections keeps a list's text within what Slack takes of all blocks together:
// it gives no figure, and refuses from about 11,000 characters on.
const mostSections = 3

// sections packs lines into as few sections as Slack's limits allow, and says how
// many were left out.
func sections(lines []string) []slack.Block {
	var out []slack.Block
	var held []string
	size := 0
	flush := func() {
		if len(held) > 0 {
			out = append(out, section(strings.Join(held, "\n")))
		}
		held, size = nil, 0
	}
	for i, l := range lines {
		n := units(l) + 1
		if size+n > slack.MaxText {
			if flush(); len(out) == mostSections {
				return append(out, section(fmt.Sprintf("… and %d more", len(lines)-i)))
			}
		}
		held, size = append(held, l), size+n
	}
	flush()
	return out
}

// orElse is s, or else something that is there.
func orElse(s, instead string) string {
	if prose.Line(s, 10) == "" {
		return instead
	}
	return s
}

func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
