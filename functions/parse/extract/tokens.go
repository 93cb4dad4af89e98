package extract

import (
	"unicode"
	"unicode/utf8"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

// kinds of tokens
const (
	tokWord   = 'w' // letters of an alphabet
	tokNumber = 'n' // ASCII digits
	tokSign   = 'c' // one character of a script without spaces
	tokPunct  = 'p'
	tokBreak  = 'b' // end of a block
)

// token is one unit of the folded text.
type token struct {
	kind       byte
	gap        bool // a space stands before it
	start, end int  // in View.S
	num        int  // of a number; -1 when it is too long
}

// tokenize cuts the view into tokens.
func tokenize(s string) []token {
	out := make([]token, 0, len(s)/4)
	gap := false
	for i := 0; i < len(s); {
		c := s[i]
		start := i
		switch {
		case c == ' ':
			gap = true
			i++
			continue
		case c == '\n':
			out = append(out, token{kind: tokBreak, start: i, end: i + 1})
			i++
			gap = false
			continue
		case c >= '0' && c <= '9':
			n := 0
			for i < len(s) && s[i] >= '0' && s[i] <= '9' {
				if n = n*10 + int(s[i]-'0'); i-start > 6 {
					n = -1
				}
				i++
			}
			if i-start > 6 {
				n = -1
			}
			out = append(out, token{tokNumber, gap, start, i, n})
		case c < utf8.RuneSelf && !(c >= 'a' && c <= 'z'):
			i++
			out = append(out, token{tokPunct, gap, start, i, 0})
		default:
			var kind byte
			kind, i = letters(s, i)
			out = append(out, token{kind, gap, start, i, 0})
		}
		gap = false
	}
	return out
}

// letters reads a word, or one character of a script without spaces.
func letters(s string, i int) (byte, int) {
	start := i
	for i < len(s) {
		r, w := utf8.DecodeRuneInString(s[i:])
		switch {
		case r < utf8.RuneSelf && r >= 'a' && r <= 'z', r >= utf8.RuneSelf && unicode.IsLetter(r) && !signScript(r), unicode.Is(unicode.Mn, r):
			i += w
			continue
		}
		if i > start {
			return tokWord, i
		}
		if signScript(r) {
			return tokSign, i + w
		}
		return tokPunct, i + w
	}
	return tokWord, i
}

// signScript reports whether r belongs to Chinese, Japanese or Korean writing.
func signScript(r rune) bool {
	return r >= 0x3040 && r <= 0x30ff || r >= 0x3400 && r <= 0x9fff || r >= 0xac00 && r <= 0xd7a3 || r == '々' || r == 'ー'
}

// page is one document with all that the rules share.
type page struct {
	doc    *doc.Doc
	cues   *cues
	words  *scanner
	view   *doc.View
	toks   []token
	skip   []bool    // by block: history, navigation, help
	heads  []bool    // by block: the heading of a section
	role   []section // by block
	gates  []gate    // by sentence
	first  []int     // by block: its first sentence; one more at the end
	table  []int     // by block: the first row of its table
	dates  []date
	given  []cutover.Date // plans that were given up
	hits   []hit          // services
	places []hit          // regions
	cas    []mention
	noneOf map[int]bool // by sentence: nobody has to act
	title  bool
}

// index notes where the sentences of each block begin, so that rules about one
// row or paragraph do not walk over the whole text.
func (p *page) index() {
	blocks := p.doc.Blocks
	p.first = make([]int, len(blocks)+1)
	p.table = make([]int, len(blocks))
	k := 0
	for b := range blocks {
		p.first[b] = k
		for k < len(p.view.Sentences) && p.view.Sentences[k].Block <= b {
			k++
		}
		p.table[b] = b
		if b > 0 && blocks[b].Kind == doc.Row && blocks[b-1].Kind == doc.Row && blocks[b-1].Table == blocks[b].Table {
			p.table[b] = p.table[b-1]
		}
	}
	p.first[len(blocks)] = k
}

// sentences are those of a block.
func (p *page) sentences(block int) []doc.Sentence {
	return p.view.Sentences[p.first[block]:p.first[block+1]]
}

func (p *page) word(i int) string { return p.view.S[p.toks[i].start:p.toks[i].end] }

// is reports whether token i is the given text.
func (p *page) is(i int, s string) bool {
	return i >= 0 && i < len(p.toks) && p.word(i) == s
}

func (p *page) number(i int) (int, bool) {
	if i < 0 || i >= len(p.toks) || p.toks[i].kind != tokNumber || p.toks[i].num < 0 {
		return 0, false
	}
	return p.toks[i].num, true
}
