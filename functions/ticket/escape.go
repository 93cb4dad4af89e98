package ticket

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"cutover/shared/prose"
)

// Foreign text (a notice, a tag, a path) is shown in three ways, all of them dead:
// md within a line of ours, quote as a block quote, code as a code span. None can
// mention a person, refer to an issue, start a link, an image or HTML, close our
// fence, or turn the direction of writing.

// zwsp is a space without width. Trackers look for @name, #12 and GH-12 in what
// they have rendered, where a backslash is gone already: only a character in
// between stops them.
const zwsp = "\u200b"

var (
	// What a renderer would make a link of; shown as code, so that it can still be copied.
	linkLike = regexp.MustCompile("(?i)(?:[a-z][a-z0-9+.-]{1,20}:/+|www\\.|(?:mailto|xmpp|javascript|data|vbscript):)[^\\s`]+")
	issueRef = regexp.MustCompile(`(?i)(gh-)([0-9])`)
	// What has a meaning at the beginning of a line: lists, headings, quotes, underlines.
	lineHead = regexp.MustCompile(`^([-+=#>:]|[0-9]{1,9}[.)])`)
)

// md escapes foreign text for a line of ours.
func md(s string) string { return mdLine(strings.Join(strings.Fields(prose.Clean(s)), " ")) }

func mdLine(s string) string {
	var b strings.Builder
	at := 0
	for _, m := range links(s) {
		b.WriteString(mdWords(s[at:m[0]]))
		b.WriteString(code(s[m[0]:m[1]]))
		at = m[1]
	}
	b.WriteString(mdWords(s[at:]))
	return lineHead.ReplaceAllStringFunc(b.String(), func(head string) string {
		return head[:len(head)-1] + `\` + head[len(head)-1:]
	})
}

// links finds what looks like an address. Most text has none, and the expression
// is slow: two bytes tell.
func links(s string) [][]int {
	if !strings.Contains(s, ":") && !strings.Contains(s, "w.") && !strings.Contains(s, "W.") {
		return nil
	}
	return linkLike.FindAllStringIndex(s, -1)
}

// breakIssues puts a space without width into GH-12.
func breakIssues(s string) string {
	if !strings.Contains(s, "h-") && !strings.Contains(s, "H-") {
		return s
	}
	return issueRef.ReplaceAllString(s, "${1}"+zwsp+"${2}")
}

// mdWords escapes what has a meaning within a line of Markdown, GitHub's flavour
// and its mathematics included; an underscore inside a word has none.
func mdWords(s string) string {
	var b strings.Builder
	rs := []rune(s)
	at := func(i int) rune {
		if i < 0 || i >= len(rs) {
			return ' '
		}
		return rs[i]
	}
	for i, r := range rs {
		switch {
		case r == '_' && wordRune(at(i-1)) && wordRune(at(i+1)):
			b.WriteRune(r)
		case strings.ContainsRune("\\`*_[]<|~$", r), r == '&' && (at(i+1) == '#' || wordRune(at(i+1))):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '@', r == '#' && wordRune(at(i+1)), r == ':' && at(i+1) == '/':
			b.WriteRune(r)
			b.WriteString(zwsp)
		default:
			b.WriteRune(r)
		}
	}
	return breakIssues(b.String())
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// quote shows foreign text as a block quote, line by line, cut to max characters.
func quote(s string, max int) string {
	text := strings.TrimSpace(prose.Clean(s))
	if utf8.RuneCountInString(text) > max {
		text = prose.Cut(text, max) + " [cut]"
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if l = mdLine(strings.Join(strings.Fields(l), " ")); l == "" {
			lines[i] = ">"
		} else {
			lines[i] = "> " + l
		}
	}
	return strings.Join(lines, "\n")
}

// code shows foreign text as a code span: nothing in it has a meaning. The fence
// is one backtick longer than any run inside.
func code(s string) string {
	s = strings.Join(strings.Fields(prose.Clean(s)), " ")
	if s == "" {
		return ""
	}
	longest, run := 0, 0
	for _, r := range s {
		if r != '`' {
			run = 0
			continue
		}
		if run++; run > longest {
			longest = run
		}
	}
	if longest == 0 {
		return "`" + s + "`"
	}
	fence := strings.Repeat("`", longest+1)
	return fence + " " + s + " " + fence
}

// deaden makes foreign text harmless where there is no Markdown but a tracker looks
// for names, numbers and addresses all the same: in a title.
func deaden(s string) string {
	s = linkLike.ReplaceAllStringFunc(s, func(l string) string {
		return strings.NewReplacer(":", zwsp+":", ".", zwsp+".").Replace(l)
	})
	s = strings.NewReplacer("@", "@"+zwsp, "#", "#"+zwsp, "<", "‹", ">", "›").Replace(s)
	return breakIssues(s)
}

// link makes a link that works, of a text that is escaped already and an address
// that is ours or on the provider's list; anything but plain http is shown without.
func link(shown, address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || strings.ContainsAny(address, " \t\r\n<>`\\") {
		return shown
	}
	return "[" + shown + "](<" + u.String() + ">)"
}

// providerHosts are the hosts under which each provider's own pages stand; a
// notice's link is alive only if it leads there.
var providerHosts = map[string][]string{
	"azure": {"azure.com", "azure.us", "azure.cn", "microsoft.com", "aka.ms"},
	"m365":  {"microsoft.com", "office.com", "aka.ms"},
	"aws":   {"amazon.com"},
}

// providerLink reports whether the address leads to the provider's own pages.
func providerLink(provider, address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Port() != "" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	for _, h := range providerHosts[provider] {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}
