package doc

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentence is a range of bytes in View.S and the block that it belongs to.
type Sentence struct {
	Start, End int
	Block      int
	Cell       int // of a row, -1 elsewhere
}

// View is the folded text. Blocks are parted by line feeds, so that no rule
// matches across two of them.
type View struct {
	Doc       *Doc
	S         string
	Sentences []Sentence
	off       []int32
}

// Fold derives the view of a document.
func Fold(d *Doc) *View {
	f := &folder{d: d, out: make([]byte, 0, len(d.Text)), off: make([]int32, 0, len(d.Text))}
	v := &View{Doc: d}
	type piece struct{ start, end, block, cell int }
	var pieces []piece
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if b.Kind == Code {
			continue
		}
		if b.Kind == Row {
			for c, lines := range b.Cells {
				for _, l := range lines {
					start := len(f.out)
					f.line(l)
					pieces = append(pieces, piece{start, len(f.out), i, c})
					f.feed(l.End)
				}
			}
			continue
		}
		start := len(f.out)
		for _, l := range b.Lines {
			f.line(l)
			f.space(l.End)
		}
		pieces = append(pieces, piece{start, len(f.out), i, -1})
		f.feed(b.End)
	}
	v.S, v.off = string(f.out), f.off
	for _, p := range pieces {
		v.split(p.start, p.end, p.block, p.cell)
	}
	return v
}

// Span maps a range of the view to the text.
func (v *View) Span(start, end int) Span {
	for start < end && v.S[start] == ' ' {
		start++
	}
	for end > start && v.S[end-1] == ' ' {
		end--
	}
	if start >= end {
		return Span{}
	}
	last := int(v.off[end-1])
	_, w := utf8.DecodeRuneInString(v.Doc.Text[last:])
	return Span{int(v.off[start]), last + w}
}

// Text is the folded text of a sentence.
func (v *View) Text(s Sentence) string { return v.S[s.Start:s.End] }

// Upper reports whether the byte at i of the view stands for an upper-case letter.
func (v *View) Upper(i int) bool {
	r, _ := utf8.DecodeRuneInString(v.Doc.Text[v.off[i]:])
	return unicode.IsUpper(r)
}

type folder struct {
	d      *Doc
	out    []byte
	off    []int32
	struck int // index of the next struck span
}

func (f *folder) put(r rune, at int) {
	n := len(f.out)
	f.out = utf8.AppendRune(f.out, r)
	for range len(f.out) - n {
		f.off = append(f.off, int32(at))
	}
}

func (f *folder) space(at int) {
	if n := len(f.out); n > 0 && f.out[n-1] != ' ' && f.out[n-1] != '\n' {
		f.put(' ', clampAt(at, len(f.d.Text)))
	}
}

func (f *folder) feed(at int) { f.put('\n', clampAt(at, len(f.d.Text))) }

func clampAt(at, n int) int {
	if at >= n {
		return max(n-1, 0)
	}
	return at
}

// line folds one line into the view.
func (f *folder) line(l Span) {
	t := f.d.Text
	for i := l.Start; i < l.End; {
		if n := f.skip(i, l.End); n > 0 {
			i += n
			f.space(i - 1)
			continue
		}
		c := t[i]
		if c < utf8.RuneSelf {
			switch {
			case c >= 'A' && c <= 'Z':
				f.put(rune(c+32), i)
			case c <= ' ' || c == 0x7f:
				f.space(i)
			case f.d.Markdown && (c == '*' || c == '`'):
			default:
				f.put(rune(c), i)
			}
			i++
			continue
		}
		r, w := utf8.DecodeRuneInString(t[i:])
		f.rune(r, i)
		i += w
	}
}

// rune folds a character beyond ASCII: full-width forms, spaces, quotes, dashes.
func (f *folder) rune(r rune, at int) {
	switch {
	case r >= '！' && r <= '～' && r != '！' && r != '？' && r != '．' && r != '、':
		f.put(unicode.ToLower(r-0xfee0), at)
	case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff' || r == '\u00ad' || r == '\u2060':
	case r == '‘' || r == '’' || r == 'ʼ' || r == '′':
		f.put('\'', at)
	case r == '“' || r == '”' || r == '„':
		f.put('"', at)
	case r == '‐' || r == '‑' || r == '–' || r == '−' || r == '—' || r == '―':
		f.put('-', at)
	case unicode.IsSpace(r) || r == '\u3000' || r == '\u00a0':
		f.space(at)
	default:
		f.put(unicode.ToLower(r), at)
	}
}

// skip returns how many bytes at i are markup, a URL or struck out.
func (f *folder) skip(i, end int) int {
	for f.struck < len(f.d.Struck) && f.d.Struck[f.struck].End <= i {
		f.struck++
	}
	if f.struck < len(f.d.Struck) && f.d.Struck[f.struck].Contains(i) {
		return min(f.d.Struck[f.struck].End, end) - i
	}
	t := f.d.Text
	switch t[i] {
	case 'h', 'H':
		if isURL(t[i:end]) {
			return urlLen(t[i:end], f.d.Markdown)
		}
	case ']':
		if f.d.Markdown && i+1 < end && t[i+1] == '(' {
			if n := paren(t[i+1 : end]); n > 0 {
				return 1 + n
			}
		}
	case '[':
		if f.d.Markdown {
			return 1
		}
	case '!':
		if f.d.Markdown && strings.HasPrefix(t[i:end], "![") {
			if j := strings.IndexByte(t[i:end], ')'); j > 0 {
				return j + 1
			}
		}
	case '<':
		if f.d.Markdown {
			return tagLen(t[i:end])
		}
	}
	return 0
}

func isURL(s string) bool {
	return len(s) > 8 && (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://"))
}

func urlLen(s string, markdown bool) int {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c == '"' || c == '<' || c == '>' || c >= 0x80 || (markdown && (c == ')' || c == ']')) {
			return i
		}
	}
	return len(s)
}

// paren is the length of a balanced "(…)" at the start of s, 0 if there is none.
func paren(s string) int {
	depth := 0
	for i := 0; i < len(s) && i < 2048; i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// tagLen is the length of an HTML tag at the start of s, 0 if there is none.
func tagLen(s string) int {
	if len(s) < 3 {
		return 0
	}
	c := s[1]
	if c == '!' || c == '/' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') {
		if j := strings.IndexByte(s[:min(len(s), 600)], '>'); j > 0 {
			return j + 1
		}
	}
	return 0
}

// Find is the place in the view of the byte at off in the text, -1 when the view
// leaves it out.
func (v *View) Find(off int) int {
	lo, hi := 0, len(v.off)
	for lo < hi {
		mid := (lo + hi) / 2
		if int(v.off[mid]) < off {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(v.off) && int(v.off[lo]) == off {
		return lo
	}
	return -1
}
