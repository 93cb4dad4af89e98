package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"cutover/shared/prose"
)

// page writes text for people: colour only on a terminal that wants it, lines cut
// to a readable width, foreign text stripped of control characters.
type page struct {
	w        io.Writer
	terminal bool
	colour   bool
	width    int
}

const (
	pageWidth = 110
	maxLine   = 4000 // characters of foreign text that one paragraph may show
)

func newPage(w io.Writer) *page {
	p := &page{w: w, width: pageWidth}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return p
	}
	p.terminal = true
	p.colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	if cols, _, err := term.GetSize(int(f.Fd())); err == nil && cols >= 60 {
		p.width = min(cols, 140)
	}
	return p
}

// Styles, as ANSI SGR codes.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

func (p *page) paint(style, s string) string {
	if !p.colour || s == "" {
		return s
	}
	return "\x1b[" + style + "m" + s + "\x1b[0m"
}

func (p *page) line(format string, args ...any) { fmt.Fprintf(p.w, format+"\n", args...) }

func (p *page) head(s string) { p.line("\n%s", p.paint(bold, s)) }

// wrap writes s from the indent on, as many lines as it takes, the following ones
// indented by hang.
func (p *page) wrap(indent, hang, s string) {
	first := true
	for _, l := range fold(prose.Line(s, maxLine), max(20, p.width-utf8.RuneCountInString(hang))) {
		if first {
			p.line("%s%s", indent, l)
		} else {
			p.line("%s%s", hang, l)
		}
		first = false
	}
}

// fold breaks s into lines of at most n runes at blanks; a longer word stands
// alone on its line.
func fold(s string, n int) []string {
	var lines []string
	var b strings.Builder
	width := 0
	for _, w := range strings.Fields(s) {
		l := utf8.RuneCountInString(w)
		if width > 0 && width+1+l > n {
			lines = append(lines, b.String())
			b.Reset()
			width = 0
		}
		if width > 0 {
			b.WriteByte(' ')
			width++
		}
		b.WriteString(w)
		width += l
	}
	return append(lines, b.String())
}

// thousands writes a count with separators.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func nonEmpty(ss ...string) []string {
	return slices.DeleteFunc(ss, func(s string) bool { return s == "" })
}
