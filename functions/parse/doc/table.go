package doc

import (
	"regexp"
	"strings"
)

var (
	htmlRow  = regexp.MustCompile(`(?is)<tr[\s>].*?(?:</tr>|$)`)
	htmlCell = regexp.MustCompile(`(?is)<t[dh](?:\s[^>]{0,300})?>(.*?)(?:</t[dh]>|<t[dh][\s>]|$)`)
)

// htmlTable reads a table in HTML inside of Markdown; the view leaves the tags out.
func (p *textParser) htmlTable(c Span) {
	p.flush()
	end := len(p.d.Text)
	if i := strings.Index(strings.ToLower(p.d.Text[c.Start:]), "</table>"); i >= 0 {
		end = c.Start + i
	}
	p.table++
	for _, r := range htmlRow.FindAllStringIndex(p.d.Text[c.Start:end], 2000) {
		row := Span{c.Start + r[0], c.Start + r[1]}
		b := Block{Kind: Row, Span: row, Table: p.table}
		for _, m := range htmlCell.FindAllStringSubmatchIndex(p.d.Quote(row), 60) {
			b.Cells = append(b.Cells, []Span{p.trim(Span{row.Start + m[2], row.Start + m[3]})})
		}
		if len(b.Cells) > 0 {
			p.d.Blocks = append(p.d.Blocks, b)
		}
	}
	for p.i < len(p.lines) && p.lines[p.i].Start < end {
		p.i++
	}
}

// row reads one line of a Markdown table.
func (p *textParser) row(c Span) {
	p.flush()
	s := p.d.Quote(c)
	if strings.Trim(s, "|-: ") == "" {
		return // the line under the header
	}
	if n := len(p.d.Blocks); n == 0 || p.d.Blocks[n-1].Kind != Row {
		p.table++
	}
	b := Block{Kind: Row, Span: c, Table: p.table}
	from := c.Start
	for i := 0; i <= len(s); i++ {
		if i == len(s) || (s[i] == '|' && (i == 0 || s[i-1] != '\\')) {
			if cell := p.trim(Span{from, c.Start + i}); i > 0 && (i < len(s) || cell.Len() > 0) {
				b.Cells = append(b.Cells, []Span{cell})
			}
			from = c.Start + i + 1
		}
	}
	p.d.Blocks = append(p.d.Blocks, b)
}

// flatTable reads a table that a scraper flattened: every cell ends in "|", on
// its own line or after several. It returns how many lines it took.
func (p *textParser) flatTable() int {
	t := p.d.Text
	ends := func(i int) bool {
		s := strings.TrimSpace(p.d.Quote(p.lines[i]))
		return strings.HasSuffix(s, "|") && !strings.HasPrefix(s, "|--") && (s == "|" || !strings.HasPrefix(s, "|"))
	}
	if !ends(p.i) {
		return 0
	}
	var cells [][]Span
	var cur []Span
	used, gap := 0, 0
	for j := p.i; j < len(p.lines) && gap < 40; j++ {
		c := p.trim(p.lines[j])
		gap++
		if ends(j) {
			c.End = c.Start + strings.LastIndexByte(t[c.Start:c.End], '|')
			c = p.trim(c)
			if c.Len() > 0 {
				cur = append(cur, c)
			}
			cells, cur, gap, used = append(cells, cur), nil, 0, j-p.i+1
			continue
		}
		if c.Len() > 0 {
			cur = append(cur, c)
		}
	}
	n := columns(cells)
	if n == 0 {
		return 0
	}
	p.flush()
	p.table++
	for i := 0; i+n <= len(cells); i += n {
		b := Block{Kind: Row, Table: p.table, Cells: cells[i : i+n]}
		b.Span = hull(b.Cells, p.lines[p.i])
		p.d.Blocks = append(p.d.Blocks, b)
	}
	return used
}

// columns guesses how wide a flattened table is: the first column of every row
// is a short label.
func columns(cells [][]Span) int {
	if len(cells) < 4 {
		return 0
	}
	for n := 2; n <= 8 && n*2 <= len(cells); n++ {
		ok := len(cells)%n == 0
		for i := 0; ok && i < len(cells); i += n {
			ok = len(cells[i]) == 1 && cells[i][0].Len() <= 40
		}
		if ok {
			return n
		}
	}
	return 0
}

func hull(cells [][]Span, fallback Span) Span {
	out := Span{-1, -1}
	for _, c := range cells {
		for _, l := range c {
			if out.Start < 0 || l.Start < out.Start {
				out.Start = l.Start
			}
			out.End = max(out.End, l.End)
		}
	}
	if out.Start < 0 {
		return Span{fallback.Start, fallback.Start}
	}
	return out
}
