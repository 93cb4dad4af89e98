package alert

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cutover/shared/prose"
	"cutover/shared/slack"
)

// Foreign text is shown dead: the three characters that Slack gives a meaning are
// escaped, the text objects are verbatim (so that no name, number or address in
// them becomes a mention or a link), and what formats is broken.

// escape is Slack's own escaping (docs.slack.dev, messaging/formatting-message-text).
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// zwsp is a space without width.
const zwsp = "\u200b"

// foreign makes somebody else's words fit for mrkdwn, at most max characters of them.
func foreign(s string, max int) string {
	s = prose.Line(s, max)
	s = strings.NewReplacer("@", "@"+zwsp, "*", "*"+zwsp, "~", "~"+zwsp, "`", "'").Replace(s)
	return escape(s)
}

// fallback is the text that notifications show: no mrkdwn lives in it.
func fallback(s string) string {
	return escape(strings.ReplaceAll(prose.Line(s, maxWords), "@", "@"+zwsp))
}

func header(s string) slack.Block {
	return slack.Block{Type: "header", Text: &slack.Text{Type: "plain_text", Text: prose.Line(s, slack.MaxHeader)}}
}

func section(s string) slack.Block {
	return slack.Block{Type: "section", Text: &slack.Text{Type: "mrkdwn", Text: cutRunes(s, slack.MaxText), Verbatim: true}}
}

func footnote(s string) slack.Block {
	return slack.Block{Type: "context", Elements: []slack.Text{{Type: "mrkdwn", Text: cutRunes(s, slack.MaxText), Verbatim: true}}}
}

func cutRunes(s string, max int) string {
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	return string([]rune(s)[:max-1]) + "…"
}

func orKey(s, key string) string {
	if strings.TrimSpace(s) == "" {
		return key
	}
	return s
}

func upper(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+utf8.RuneLen(r):]
	}
	return s
}
