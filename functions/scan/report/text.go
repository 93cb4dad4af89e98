package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"cutover/shared/cutover"
)

// Text says how the text is written.
type Text struct {
	Colour bool // only on a terminal
}

// group is what is to be done about some findings.
type group struct {
	title string
	help  string
	take  func(cutover.Finding) bool
}

// groups in the order of urgency; each finding goes to the first that takes it.
var groups = []group{
	{"Trusts a CA", "Certificates, thumbprints, pins and libraries that decide whom the program trusts. When the CA retires, add its successor here first.", acts},
	{"Check by hand", "A name, file name or address in code or configuration: it may decide about trust.", func(f cutover.Finding) bool {
		return f.Direction == cutover.DirectionTrusts && f.Role != cutover.FileTest && f.Role != cutover.FileDocs
	}},
	{"Refuses a CA", "Lists of what is not trusted. Nothing to do when the CA retires.", func(f cutover.Finding) bool { return f.Direction == cutover.DirectionRefuses }},
	{"Tests", "Not shipped; they may fail after the change.", func(f cutover.Finding) bool { return f.Role == cutover.FileTest }},
	{"Mentions", "Documentation and comments. Correct them when the code is changed.", func(cutover.Finding) bool { return true }},
}

// acts reports whether a finding decides about trust in what is shipped.
func acts(f cutover.Finding) bool {
	if f.Direction != cutover.DirectionTrusts || f.Role == cutover.FileTest || f.Role == cutover.FileDocs {
		return false
	}
	switch f.Kind {
	case cutover.FindCommonName, "subject-dn", "file-name", "url", "alias", "serial":
		return false
	}
	return true
}

// WriteText writes the findings for a person, grouped by what to do, then by CA.
func WriteText(w io.Writer, findings []cutover.Finding, opt Text) error {
	b := bufio.NewWriter(w)
	if len(findings) == 0 {
		fmt.Fprintln(b, "No reference to a CA of the catalogue was found.")
	}
	left := slices.Clone(findings)
	for _, g := range groups {
		var mine, others []cutover.Finding
		for _, f := range left {
			if g.take(f) {
				mine = append(mine, f)
			} else {
				others = append(others, f)
			}
		}
		left = others
		if len(mine) > 0 {
			writeGroup(b, g, mine, opt)
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing findings as text: %w", err)
	}
	return nil
}

func writeGroup(b *bufio.Writer, g group, fs []cutover.Finding, opt Text) {
	fmt.Fprintf(b, "%s (%d)\n", opt.bold(g.title), len(fs))
	fmt.Fprintf(b, "%s\n", g.help)
	byCA := map[string][]cutover.Finding{}
	var names []string
	for _, f := range fs {
		name := f.Identity
		if len(f.Identities) > 1 {
			name = strings.Join(f.Identities, ", ")
		}
		if len(byCA[name]) == 0 {
			names = append(names, name)
		}
		byCA[name] = append(byCA[name], f)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(b, "\n  %s\n", opt.bold(printable(name)))
		for _, f := range byCA[name] {
			writeFinding(b, f, opt)
		}
	}
	fmt.Fprintln(b)
}

func writeFinding(b *bufio.Writer, f cutover.Finding, opt Text) {
	where := printable(f.Repository + ": " + f.Path)
	if f.Line > 0 {
		where += fmt.Sprintf(":%d", f.Line)
	}
	fmt.Fprintf(b, "    %s\n", opt.accent(where))
	fmt.Fprintf(b, "      %s, %s, confidence %s: %s\n", kindTitle(f.Kind), f.Role, f.Confidence, printable(f.Reason))
	if f.Conflict != "" {
		fmt.Fprintf(b, "      %s %s\n", opt.bold("conflict:"), printable(f.Conflict))
	}
	if n := len(f.Places); n > 0 {
		fmt.Fprintf(b, "      also at %s\n", printable(places(f)))
	}
	if len(f.Endpoints) > 0 {
		fmt.Fprintf(b, "      talks to %s\n", printable(strings.Join(f.Endpoints, ", ")))
	}
	if len(f.OwnerHints) > 0 {
		fmt.Fprintf(b, "      owners %s (%s)\n", printable(strings.Join(f.OwnerHints, " ")), printable(f.OwnerRule))
	}
}

// maxPlaces is how many further places a person is shown.
const maxPlaces = 6

func places(f cutover.Finding) string {
	var out []string
	for i, p := range f.Places {
		if i == maxPlaces {
			out = append(out, fmt.Sprintf("and %d more", len(f.Places)-i))
			break
		}
		s := p.Path
		if s == f.Path {
			s = "line"
			if p.Line > 0 {
				s = fmt.Sprintf("line %d", p.Line)
			}
		} else if p.Line > 0 {
			s = fmt.Sprintf("%s:%d", s, p.Line)
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

// printable keeps foreign text from steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}

func (t Text) bold(s string) string   { return t.esc("1", s) }
func (t Text) accent(s string) string { return t.esc("36", s) }

func (t Text) esc(code, s string) string {
	if !t.Colour {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
