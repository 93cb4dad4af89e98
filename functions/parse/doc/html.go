package doc

import (
	"errors"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// escapedTag is a tag of prose that somebody escaped.
var escapedTag = regexp.MustCompile(`(?i)&lt;/?(?:p|br|div|h[1-6]|ul|li|table|span|b|strong)(?: [^&]{0,200})?/?&gt;`)

// FromHTML reads an HTML document or fragment by walking its tree: hidden nodes
// are left out, leaf tables become rows, structure becomes blocks.
func FromHTML(part, raw string) *Doc {
	if len(raw) > 4*MaxText {
		raw = raw[:4*MaxText]
	}
	raw = strings.ToValidUTF8(strings.ReplaceAll(raw, "\x00", ""), "\uFFFD")
	if !strings.Contains(raw, "<") && escapedTag.MatchString(raw) {
		raw = html.UnescapeString(raw) // markup that was escaped once too often on its way
	}
	d := &Doc{Part: part}
	w := &walker{d: d}
	root, err := html.Parse(strings.NewReader(raw))
	if err != nil {
		// x/net/html refuses more than 512 open elements. The text is still
		// there: read it without structure, and say so.
		d.Reasons = append(d.Reasons, "the HTML of "+part+" nests too deeply; it was read without its structure")
		w.flat(raw)
	} else {
		w.walk(root, 0)
	}
	w.flush()
	d.Text = w.b.String()
	return d
}

// hiddenStyle reports whether a style attribute keeps its element from sight.
func hiddenStyle(style string) bool {
	for style != "" {
		var decl string
		decl, style, _ = strings.Cut(style, ";")
		key, value, _ := strings.Cut(decl, ":")
		value = strings.TrimSpace(strings.TrimSuffix(strings.ToLower(strings.TrimSpace(value)), "!important"))
		zero := value == "0" || value == "0px" || value == "0pt" || value == "0em" || value == "0%"
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "display":
			if value == "none" {
				return true
			}
		case "visibility":
			if value == "hidden" {
				return true
			}
		case "mso-hide":
			if value == "all" {
				return true
			}
		case "font-size", "max-height":
			if zero {
				return true
			}
		}
	}
	return false
}

// strikeStyle reports whether a style attribute strikes its element out.
func strikeStyle(style string) bool {
	style = strings.ToLower(style)
	return strings.Contains(style, "line-through") && strings.Contains(style, "text-decoration")
}

// walker writes the derived text. A pending line is closed into a block.
type walker struct {
	d        *Doc
	b        strings.Builder
	lines    []Span
	start    int // of the current line, -1 when it is empty
	space    bool
	kind     Kind
	level    int
	table    int
	row      *Block
	open     int
	truncate bool
}

func (w *walker) text(s string) {
	if w.b.Len() > MaxText {
		if !w.truncate {
			w.d.Reasons = append(w.d.Reasons, "the text of "+w.d.Part+" was cut at 2 MB")
		}
		w.truncate = true
		return
	}
	for _, r := range s {
		switch {
		case r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' || r == '\u00a0':
			w.space = true
		case r < ' ' || r == '\u200b' || r == '\ufeff' || r == '\u00ad' || r == 0x7f:
		default:
			if w.open == 0 {
				w.start, w.open = w.b.Len(), 1
			} else if w.space {
				w.b.WriteByte(' ')
			}
			w.space = false
			w.b.WriteRune(r)
		}
	}
}

// newline ends the current line of the block, as <br> does.
func (w *walker) newline() {
	if w.open == 1 {
		w.lines = append(w.lines, Span{w.start, w.b.Len()})
		w.b.WriteByte('\n')
	}
	w.open, w.space = 0, false
}

// flush ends the block. Lines of a paragraph parted by <br> stand on their own
// unless the sentence runs on.
func (w *walker) flush() {
	w.newline()
	if len(w.lines) == 0 {
		return
	}
	lines := w.lines
	w.lines = nil
	if w.row != nil {
		n := len(w.row.Cells)
		w.row.Cells[n-1] = append(w.row.Cells[n-1], lines...)
		return
	}
	t := w.b.String()
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && continues(t[lines[n-1].Start:lines[n-1].End], t[lines[n].Start:lines[n].End]) {
			n++
		}
		b := Block{Kind: w.kind, Level: w.level, Span: Span{lines[0].Start, lines[n-1].End}, Lines: lines[:n:n]}
		if b.Kind == Para && n == 1 && softHeading(t[b.Start:b.End]) {
			b.Kind, b.Level = Heading, SoftHeading
		}
		w.d.Blocks = append(w.d.Blocks, b)
		lines = lines[n:]
	}
}

// continues reports whether a sentence runs on over a line break.
func continues(prev, next string) bool {
	c := next[0]
	last := prev[len(prev)-1]
	return (c >= 'a' && c <= 'z') || last == ','
}

func (w *walker) walk(n *html.Node, depth int) {
	if depth > 600 {
		return
	}
	switch n.Type {
	case html.TextNode:
		w.text(n.Data)
		return
	case html.ElementNode:
		if hidden(n) {
			if n.DataAtom == atom.Head {
				w.head(n)
			}
			return
		}
		w.element(n, depth)
		return
	}
	w.children(n, depth)
}

func (w *walker) children(n *html.Node, depth int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.walk(c, depth+1)
	}
}

func (w *walker) element(n *html.Node, depth int) {
	switch n.DataAtom {
	case atom.Br:
		w.newline()
		return
	case atom.Hr:
		w.flush()
		return
	case atom.Wbr, atom.Img, atom.Input:
		return
	case atom.A:
		w.anchor(n, depth)
		return
	case atom.S, atom.Del, atom.Strike:
		w.struck(n, depth)
		return
	case atom.Table:
		if dataTable(n) {
			w.dataTable(n, depth)
			return
		}
	}
	if strikeStyle(attr(n, "style")) {
		w.struck(n, depth)
		return
	}
	if !block(n.DataAtom) {
		w.children(n, depth)
		return
	}
	w.flush()
	kind, level := w.kind, w.level
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.kind, w.level = Heading, int(n.Data[1]-'0')
	case atom.Li, atom.Dd:
		w.kind, w.level = Item, 0
	case atom.P, atom.Td, atom.Th:
		if w.kind != Item {
			w.kind, w.level = Para, 0
		}
	}
	w.children(n, depth)
	w.flush()
	w.kind, w.level = kind, level
}

func (w *walker) anchor(n *html.Node, depth int) {
	before := w.b.Len()
	w.children(n, depth)
	if href := attr(n, "href"); strings.HasPrefix(href, "http") && len(href) < 2000 && w.b.Len() > before && len(w.d.Links) < 500 {
		w.d.Links = append(w.d.Links, Link{Span: Span{before, w.b.Len()}, URL: href})
	}
}

func (w *walker) struck(n *html.Node, depth int) {
	// The marks keep a quote honest: what is struck out shows as such.
	before := w.b.Len()
	w.text("~~")
	w.children(n, depth)
	w.text("~~")
	w.d.Struck = append(w.d.Struck, Span{before, w.b.Len()})
}

// dataTable writes the rows of a leaf table.
func (w *walker) dataTable(n *html.Node, depth int) {
	w.flush()
	w.table++
	kind, level := w.kind, w.level
	w.kind, w.level = Para, 0
	for _, tr := range find(n, atom.Tr) {
		row := Block{Kind: Row, Table: w.table, Span: Span{w.b.Len(), 0}}
		w.row = &row
		for c := tr.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
				row.Cells = append(row.Cells, nil)
				if !hidden(c) {
					w.children(c, depth+3)
				}
				w.flush()
			}
		}
		w.row = nil
		row.End = w.b.Len()
		if len(row.Cells) > 0 {
			w.d.Blocks = append(w.d.Blocks, row)
		}
	}
	w.kind, w.level = kind, level
}

// dataTable reports whether a table holds data: no table inside, and a row with
// two cells or more. Others are layout.
func dataTable(n *html.Node) bool {
	if len(find(n, atom.Table)) > 0 {
		return false
	}
	for _, tr := range find(n, atom.Tr) {
		cells := 0
		for c := tr.FirstChild; c != nil; c = c.NextSibling {
			if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
				cells++
				if len(find(c, atom.H1))+len(find(c, atom.H2))+len(find(c, atom.H3)) > 0 {
					return false
				}
			}
		}
		if cells > 1 {
			return true
		}
	}
	return false
}

// find lists the descendants of n with that tag, without those inside of them.
func find(n *html.Node, a atom.Atom) []*html.Node {
	var out []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if c.DataAtom == a {
			out = append(out, c)
			continue
		}
		out = append(out, find(c, a)...)
	}
	return out
}

// head keeps the title; nothing else of the head is shown.
func (w *walker) head(n *html.Node) {
	for _, t := range find(n, atom.Title) {
		if t.FirstChild != nil && w.d.Title == "" {
			w.d.Title = strings.Join(strings.Fields(t.FirstChild.Data), " ")
		}
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hidden(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Head, atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Svg, atom.Iframe, atom.Object, atom.Select, atom.Textarea, atom.Nav:
		return true
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			return hiddenStyle(a.Val)
		}
	}
	return false
}

func block(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Li, atom.Table, atom.Tbody, atom.Thead,
		atom.Tr, atom.Td, atom.Th, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Blockquote, atom.Pre, atom.Dl, atom.Dt,
		atom.Dd, atom.Body, atom.Html, atom.Form, atom.Center, atom.Aside, atom.Address, atom.Figure, atom.Figcaption, atom.Details, atom.Summary:
		return true
	}
	return false
}

// flat reads HTML by its tokens alone, which has no limit of depth.
func (w *walker) flat(raw string) {
	z := html.NewTokenizer(strings.NewReader(raw))
	skip := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); err != nil && !errors.Is(err, html.ErrBufferExceeded) {
				return
			}
			return
		case html.TextToken:
			if skip == "" {
				w.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if a == atom.Script || a == atom.Style || a == atom.Head {
				skip = string(name)
			}
			if a == atom.Br {
				w.newline()
			} else if block(a) {
				w.flush()
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if string(name) == skip {
				skip = ""
			}
			if block(atom.Lookup(name)) {
				w.flush()
			}
		}
	}
}
