package doc

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	fieldLine  = regexp.MustCompile(`(?i)^(from|date|sent|to|cc|subject|reply-to|差出人|送信日時|日時|宛先|件名|von|gesendet|an|betreff|de|envoyé|objet)\s*[:：]\s*(.*)$`)
	gluedDate  = regexp.MustCompile(`^(?:Date|Sent)((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,.*)$`)
	bullet     = regexp.MustCompile(`^(?:[-*+•·▪◦‣○●]|\d{1,2}[.)]|[a-z][.)]|[（(]\d{1,2}[)）])[\s\x{3000}]+|^[・※]`)
	numberLine = regexp.MustCompile(`^\d{1,3}$`)
	labelLine  = regexp.MustCompile(`^[\p{L}][\p{L} ()\-]{2,30}[:：]`)
	frontKey   = regexp.MustCompile(`^([A-Za-z_][\w.\-]*)\s*:\s*(.*)$`)
)

// FromText reads plain text or Markdown, with or without a front matter.
func FromText(part, raw string) *Doc {
	t := CleanText(raw)
	d := &Doc{Part: part, Text: t, Markdown: true}
	if len(t) == MaxText {
		d.Reasons = append(d.Reasons, "the text of "+part+" was cut at 2 MB")
	}
	p := &textParser{d: d}
	p.lines = splitLines(t)
	p.frontMatter()
	for p.i < len(p.lines) {
		p.step()
	}
	p.flush()
	d.Struck = struckOut(t)
	d.Links = markdownLinks(t)
	return d
}

// CleanText brings foreign text into the form that evidence counts in: valid
// UTF-8, line feeds, no byte order mark, no control characters, entities decoded.
func CleanText(raw string) string {
	if len(raw) > MaxText {
		raw = raw[:MaxText]
	}
	t := strings.ToValidUTF8(raw, "\uFFFD")
	t = strings.TrimPrefix(t, "\ufeff")
	t = strings.ReplaceAll(strings.ReplaceAll(t, "\r\n", "\n"), "\r", "\n")
	if strings.Contains(t, "&#") || strings.Contains(t, "&nbsp;") || strings.Contains(t, "&amp;") || strings.Contains(t, "&quot;") {
		t = html.UnescapeString(t)
	}
	t = strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\n' && r != '\t') || r == 0x7f {
			return -1
		}
		return r
	}, t)
	if len(t) > MaxText {
		t = strings.ToValidUTF8(t[:MaxText], "")
	}
	return t
}

func splitLines(t string) []Span {
	var out []Span
	for i := 0; i <= len(t); {
		j := strings.IndexByte(t[i:], '\n')
		if j < 0 {
			out = append(out, Span{i, len(t)})
			break
		}
		out = append(out, Span{i, i + j})
		i += j + 1
	}
	return out
}

type textParser struct {
	d     *Doc
	lines []Span
	i     int
	open  *Block // paragraph or item that the next line may continue
	table int
}

// trim takes the spaces off a span, and the "> " of quoted text.
func (p *textParser) trim(s Span) Span {
	t := p.d.Text
	for s.Start < s.End {
		r, w := utf8.DecodeRuneInString(t[s.Start:s.End])
		if !unicode.IsSpace(r) && r != '>' && r != '\u200b' {
			break
		}
		s.Start += w
	}
	for s.Start < s.End {
		r, w := utf8.DecodeLastRuneInString(t[s.Start:s.End])
		if !unicode.IsSpace(r) {
			break
		}
		s.End -= w
	}
	return s
}

func (p *textParser) flush() {
	if p.open != nil {
		p.close(*p.open)
		p.open = nil
	}
}

func (p *textParser) close(b Block) {
	if b.Kind == Para && len(b.Lines) == 1 && softHeading(p.d.Quote(b.Lines[0])) {
		b.Kind, b.Level = Heading, SoftHeading
	}
	p.d.Blocks = append(p.d.Blocks, b)
}

func (p *textParser) frontMatter() {
	if len(p.lines) < 3 || strings.TrimSpace(p.d.Quote(p.lines[0])) != "---" {
		return
	}
	for j := 1; j < len(p.lines) && j < 80; j++ {
		if strings.TrimSpace(p.d.Quote(p.lines[j])) != "---" {
			continue
		}
		for _, l := range p.lines[1:j] {
			p.metaLine(l)
		}
		p.i = j + 1
		return
	}
}

func (p *textParser) metaLine(l Span) {
	s := p.d.Quote(l)
	m := frontKey.FindStringSubmatchIndex(s)
	if m == nil {
		return
	}
	v := p.trim(Span{l.Start + m[4], l.Start + m[5]})
	if q := p.d.Quote(v); len(q) >= 2 && (q[0] == '"' || q[0] == '\'') && q[len(q)-1] == q[0] {
		v = Span{v.Start + 1, v.End - 1}
	}
	p.d.Blocks = append(p.d.Blocks, Block{Kind: Meta, Span: l, Lines: []Span{v}, Key: strings.ToLower(s[m[2]:m[3]])})
}

// step reads one line.
func (p *textParser) step() {
	l := p.lines[p.i]
	raw := p.d.Quote(l)
	c := p.trim(l)
	s := p.d.Quote(c)
	if strings.HasPrefix(s, "```") {
		p.fence()
		return
	}
	if n := p.flatTable(); n > 0 {
		p.i += n
		return
	}
	p.i++
	switch {
	case s == "" || strings.Trim(s, "-=_*~ ") == "" || strings.HasPrefix(s, "<!--") || numberLine.MatchString(s):
		p.flush()
	case strings.HasPrefix(s, "#"):
		p.heading(c, s)
	case strings.HasPrefix(s, "|") && strings.Count(s, "|") >= 2:
		p.row(c)
	case strings.HasPrefix(strings.ToLower(s), "<table"):
		p.htmlTable(c)
	case p.field(c, s):
	case bullet.MatchString(s):
		p.flush()
		c.Start += bullet.FindStringIndex(s)[1]
		p.open = &Block{Kind: Item, Span: c, Lines: []Span{c}}
	case p.open != nil && p.joins(raw, s):
		p.open.Lines = append(p.open.Lines, c)
		p.open.End = c.End
	default:
		p.flush()
		p.open = &Block{Kind: Para, Span: c, Lines: []Span{c}}
	}
}

func (p *textParser) heading(c Span, s string) {
	p.flush()
	level := len(s) - len(strings.TrimLeft(s, "#"))
	c.Start += level
	c = p.trim(c)
	p.d.Blocks = append(p.d.Blocks, Block{Kind: Heading, Level: min(level, 6), Span: c, Lines: []Span{c}})
}

// field reads a quoted mail header ("Subject: …").
func (p *textParser) field(c Span, s string) bool {
	if m := gluedDate.FindStringSubmatchIndex(s); m != nil {
		p.flush()
		p.d.Blocks = append(p.d.Blocks, Block{Kind: Meta, Span: c, Lines: []Span{{c.Start + m[2], c.Start + m[3]}}, Key: "date"})
		return true
	}
	m := fieldLine.FindStringSubmatchIndex(s)
	if m == nil {
		return false
	}
	p.flush()
	v := Span{c.Start + m[4], c.Start + m[5]}
	p.d.Blocks = append(p.d.Blocks, Block{Kind: Meta, Span: c, Lines: []Span{v}, Key: mailKey(strings.ToLower(s[m[2]:m[3]]))})
	return true
}

func mailKey(k string) string {
	switch k {
	case "差出人", "von", "de":
		return "from"
	case "送信日時", "日時", "sent", "gesendet", "envoyé":
		return "date"
	case "件名", "betreff", "objet":
		return "subject"
	}
	return k
}

// joins reports whether a line continues the open block: mails are hard-wrapped,
// scraped pages put every paragraph on a line of its own.
func (p *textParser) joins(raw, s string) bool {
	prev := p.d.Quote(p.open.Lines[len(p.open.Lines)-1])
	last, _ := utf8.DecodeLastRuneInString(prev)
	first, _ := utf8.DecodeRuneInString(s)
	if last == ',' || last == '、' || last == '-' || unicode.IsLower(first) {
		return true
	}
	if dangling.MatchString(prev) {
		return true
	}
	if strings.ContainsRune(".!?:;。！？：|」）", last) {
		return p.open.Kind == Para && len(prev) > 55 && len(prev) < 100 && last == '.' && asciiWords(prev) > 6 && asciiWords(s) > 3
	}
	if p.open.Kind == Item && len(raw) > 0 && raw[0] != ' ' && raw[0] != '\t' {
		return false
	}
	// A line that begins with a capital goes on only in hard-wrapped text, where
	// it is long too; short ones are headings.
	return utf8.RuneCountInString(prev) > 55 && last < 0x2E80 && len(s) > 30 && !labelLine.MatchString(s)
}

// dangling lines end in a word that no sentence and no heading ends in: the next
// line goes on, whatever it begins with.
var dangling = regexp.MustCompile(`(?i)\s(?:before|after|until|till|by|on|in|of|from|to|the|a|an|and|or|between|with|for|than|that|will|be|is|are|your|our|its|bis|zum|am|vor|ab|und|der|die|das|le|la|les|du|de|des|et|el|los|del|y)$`)

func asciiWords(s string) int { return len(strings.Fields(s)) }

// softHeading reports whether a line is short and does not end like a sentence.
func softHeading(s string) bool {
	n := utf8.RuneCountInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return n > 0 && n <= 80 && !strings.ContainsRune(".。!！;；,、", last) && len(strings.Fields(s)) <= 12
}

// fence reads a ``` block: program text is kept out, a fenced notice is read.
func (p *textParser) fence() {
	p.flush()
	start := p.i + 1
	j := start
	for j < len(p.lines) && !strings.HasPrefix(strings.TrimSpace(p.d.Quote(p.lines[j])), "```") {
		j++
	}
	body := Span{}
	if j > start {
		body = Span{p.lines[start].Start, p.lines[j-1].End}
	}
	if body.Len() > 0 && !prose(p.d.Quote(body)) {
		p.d.Blocks = append(p.d.Blocks, Block{Kind: Code, Span: body})
		p.i = min(j+1, len(p.lines))
		return
	}
	// Prose: read the lines as usual and drop the closing fence.
	if j < len(p.lines) {
		p.lines[j].End = p.lines[j].Start
	}
	p.i = start
}

// prose reports whether fenced text reads like sentences rather than a program.
func prose(s string) bool {
	marks, words := 0, 0
	for _, r := range s {
		switch {
		case strings.ContainsRune("{}=|;$<>\\", r):
			marks++
		case r == ' ' || r >= 0x3040:
			words++
		}
	}
	return words >= 12 && marks*25 < words
}

var strikeOut = regexp.MustCompile(`~~[^~\n]{1,1000}~~`)

func struckOut(t string) []Span {
	var out []Span
	for _, m := range strikeOut.FindAllStringIndex(t, -1) {
		out = append(out, Span{m[0], m[1]})
	}
	return out
}

var mdLink = regexp.MustCompile(`\[([^\]\n]{1,300})\]\((https?://[^)\s]{1,900})`)

func markdownLinks(t string) []Link {
	var out []Link
	for _, m := range mdLink.FindAllStringSubmatchIndex(t, 500) {
		out = append(out, Link{Span: Span{m[2], m[3]}, URL: t[m[4]:m[5]]})
	}
	return out
}
