package ticket_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cutover/functions/ticket"
	"cutover/shared/cutover"
	"cutover/shared/prose"
)

// What hostile text tries: each line alone would do something in a tracker.
var attacks = []string{
	"@octocat", "@contoso/payments-devs", "mail me: a.b@evil.example", "#1", "fixes #12", "closes GH-7", "contoso/payments-api#3",
	"https://evil.example/a?b=c#d", "HTTP://EVIL.example", "www.evil.example/x", "ftp://evil.example", "mailto:a@evil.example", "javascript:alert(1)",
	"[click](https://evil.example)", "![x](https://evil.example/p.png)", "<https://evil.example>", "[r]: https://evil.example", "[^1]",
	"<img src=x onerror=alert(1)>", "<a href='https://evil.example'>x</a>", "<!-- hidden -->", "<!-- cutover:end -->", "<!-- cutover:begin action=\"a1\" -->",
	"&commat;octocat &#64;octocat &lt;b&gt;", "\\@octocat \\#1 \\<b\\>", "# heading", "---", "```\n@octocat\n```", "`@octocat", "user_www.evil.example",
}

// Where hostile text stands.
var wraps = []string{
	"%s", "text %s text", "%s\n%s", "\n\n%s", "> %s", "- %s", "1. %s", "`%s`", "``%s", "%s`", "**%s**", "[%s](x)", "(%s)", "<b>%s</b>", "\\%s", "%s\u202e", "\u200b%s\u2066",
	"~~%s~~", "| %s |\n|---|\n| %s |", "    %s",
}

// dress puts a text into everything that comes from outside.
func dress(s string) ticket.Page {
	p := page()
	n, a := &p.Notice, &p.Action
	n.Title, n.Link, n.RequiredActions, n.NoActionFor = s, s, []string{s}, []string{s}
	n.Verdict, n.Reasons, n.TrackingIDs = cutover.VerdictPartial, []string{s}, []string{s}
	n.Milestones = []cutover.Milestone{{Kind: "other", Start: "2023-01-01", Services: []string{s}, Regions: []string{s}, Reason: s, Evidence: cutover.Evidence{Quote: s}}}
	n.Certificates = []cutover.Certificate{{CN: s, Thumbprint: s, State: s}}
	a.DueFrom, a.Proof, a.Notes, a.Milestones = s, s, []string{s}, nil
	items := slices.Clone(a.Items)
	for i := range items {
		items[i].ID, items[i].Where, items[i].Why, items[i].Proof, items[i].Unknown = s+fmt.Sprint(i), s, s, s, s
		items[i].Repository, items[i].Subscription, items[i].Link = s, s, "https://git.contoso.example/x/"+s
		items[i].Trace = cutover.Trace{{Rule: s, Where: s, Value: s, Result: s}, {Rule: "resource-tag", Where: s, Value: s, Result: s, Won: true}}
	}
	items[1].Cleared = "2023-01-01"
	a.Items = slices.Repeat(items, 3)
	return p
}

func TestInjection(t *testing.T) {
	tried, judged := 0, map[string]bool{}
	for _, attack := range attacks {
		for _, wrap := range wraps {
			tried++
			s := strings.ReplaceAll(wrap, "%s", attack)
			p := dress(s)
			for what, text := range map[string]string{
				"title": ticket.Title(p.Action, p.Notice), "block": ticket.Block(p, 60000),
				"comment": ticket.CommentText(p, prose.Shown{State: cutover.ActionAcknowledged}),
				"closing": func() string {
					p := p
					p.Action.State, p.Moved = cutover.ActionMoved, s
					return ticket.CommentText(p, prose.Shown{State: cutover.ActionOpen})
				}(),
			} {
				for _, l := range live(text, what == "title", judged) {
					t.Errorf("%s of %q: alive: %s", what, s, l)
				}
			}
			if t.Failed() {
				return
			}
		}
	}
	if tried < 500 {
		t.Fatalf("only %d texts were tried", tried)
	}
}

// TestLiveBites: a reader that sees nothing would pass everything.
func TestLiveBites(t *testing.T) {
	for _, attack := range attacks {
		if attack == "`@octocat" {
			attack = "` @octocat"
		}
		if len(live("text\n\n"+attack, false, map[string]bool{})) == 0 && !slices.Contains([]string{"---", "# heading", "[^1]", "```\n@octocat\n```"}, attack) {
			t.Errorf("%q passes for dead", attack)
		}
	}
}

var (
	approved  = regexp.MustCompile(`^https://(app\.azure\.com|git\.contoso\.example)/`)
	realLink  = regexp.MustCompile(`\[[^][]*\]\(<([^>]*)>\)`)
	mentions  = regexp.MustCompile(`@[\pL\pN]`)
	issues    = regexp.MustCompile(`(?i)#[0-9]|gh-[0-9]`)
	autolinks = regexp.MustCompile(`(?i)[a-z]:/|www\.[^\s]|mailto:[^\s]|javascript:[^\s]`)
	markup    = regexp.MustCompile(`\]\(|!\[|\]\[|\]:|<[A-Za-z/!?]|&(#|[A-Za-z])[A-Za-z0-9]*;`)
	turning   = regexp.MustCompile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
)

// live reads Markdown as a strict tracker does and lists what would act: it knows
// code spans, backslashes and links, and looks for names, numbers and addresses
// both before and after backslashes are taken away. judged holds the lines that
// were found dead before: most lines are our own and always the same.
func live(text string, plain bool, judged map[string]bool) (found []string) {
	look := func(re *regexp.Regexp, in, what string) {
		if m := re.FindString(in); m != "" {
			found = append(found, what+" "+m)
		}
	}
	look(turning, text, "turned writing")
	lines := strings.Split(text, "\n")
	if !plain && strings.HasPrefix(text, "<!-- cutover:begin") {
		lines = lines[1 : len(lines)-1] // our own fence
	}
	for _, line := range lines {
		if !plain && judged[line] {
			continue
		}
		if !plain && len(found) == 0 {
			judged[line] = true
		}
		if plain {
			look(mentions, line, "mention")
			look(issues, line, "issue")
			look(autolinks, line, "link")
			continue
		}
		raw, rendered := reduce(line)
		raw = realLink.ReplaceAllStringFunc(raw, func(l string) string {
			if approved.MatchString(realLink.FindStringSubmatch(l)[1]) {
				return "L"
			}
			return l
		})
		rendered = realLink.ReplaceAllString(rendered, "L") // judged above
		look(markup, raw, "markup")
		look(mentions, rendered, "mention")
		look(issues, rendered, "issue")
		look(autolinks, rendered, "link")
	}
	return found
}

// reduce takes code spans out of a line; raw keeps no escaped character, rendered
// has them without their backslashes.
func reduce(line string) (raw, rendered string) {
	var r, s strings.Builder
	for i := 0; i < len(line); {
		switch {
		case line[i] == '\\' && i+1 < len(line) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", line[i+1]) >= 0:
			s.WriteByte(line[i+1])
			r.WriteByte('.')
			i += 2
		case line[i] == '`':
			n := 0
			for i+n < len(line) && line[i+n] == '`' {
				n++
			}
			if end := closing(line[i+n:], n); end >= 0 {
				i += n + end + n
				r.WriteString("C")
				s.WriteString("C")
			} else {
				r.WriteString(line[i : i+n])
				s.WriteString(line[i : i+n])
				i += n
			}
		default:
			r.WriteByte(line[i])
			s.WriteByte(line[i])
			i++
		}
	}
	return r.String(), s.String()
}

// closing finds a run of exactly n backticks.
func closing(s string, n int) int {
	for i := 0; i < len(s); {
		if s[i] != '`' {
			i++
			continue
		}
		run := 0
		for i+run < len(s) && s[i+run] == '`' {
			run++
		}
		if run == n {
			return i
		}
		i += run
	}
	return -1
}
