package extract

import (
	"strings"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

// votes for the state of a certificate, by how strong the evidence is.
type votes struct {
	column, pair, soon string // table column, "from … to …", recommended
	plain              string
	leaves, joins      int
}

func (v votes) state() string {
	switch {
	case v.column != "":
		return v.column
	case v.pair != "":
		return v.pair
	case v.soon != "":
		return v.soon
	}
	return v.plain
}

// certFact is one certificate of the notice: a thumbprint, or a name without one.
type certFact struct {
	cutover.Certificate
	votes
}

// mention is a place where a common name stands.
type mention struct {
	start, end int // in the view
	ca         *caName
}

// maxMentions caps the names of one page; a notice has some dozens.
const maxMentions = 400

// mentions finds the common names of a page. The words that notices add to or
// drop from a root's name (CA, Root, Certificate) may stand anywhere in it.
func (p *page) mentions(x *Index) []mention {
	var out []mention
	for i := 0; i < len(p.toks) && len(out) < maxMentions; i++ {
		if p.toks[i].kind != tokWord {
			continue
		}
		list := x.cas[p.word(i)]
		for k := range list {
			if end, ok := p.caSequence(i, &list[k]); ok {
				out = append(out, mention{p.toks[i].start, p.toks[end-1].end, &list[k]})
				i = end - 1
				break
			}
		}
	}
	return out
}

func (p *page) caSequence(i int, ca *caName) (int, bool) {
	j, fillers := i, 0
	for k, w := range ca.words {
		for k > 0 && j < len(p.toks) && (caFillers[p.word(j)] || p.is(j, "-")) {
			if caFillers[p.word(j)] {
				fillers++
			}
			j++
		}
		if j >= len(p.toks) || p.word(j) != w {
			return 0, false
		}
		j++
	}
	for j < len(p.toks) && caFillers[p.word(j)] && p.word(j) != "the" {
		fillers++
		j++
	}
	if len(ca.words) == 2 && fillers == 0 && ca.words[0] != "baltimore" {
		return 0, false
	}
	return j, true
}

// thumbShapes finds what has the shape of a SHA-1 digest: 40 hexadecimal digits,
// or 20 pairs parted by colons or spaces.
func thumbShapes(t string) [][2]int {
	var out [][2]int
	for i := 0; i < len(t) && len(out) < 500; i++ {
		if !hexDigit(t[i]) || i > 0 && letterOrDigit(t[i-1]) {
			continue
		}
		if end := digestAt(t, i); end > 0 {
			out = append(out, [2]int{i, end})
			i = end
			continue
		}
		for i+1 < len(t) && letterOrDigit(t[i+1]) { // no digest begins within a word
			i++
		}
	}
	return out
}

// digestAt gives the end of the digest that begins at i, or 0. Pairs are parted
// throughout or not at all: in "CA 01 b9ed88…" the 01 belongs to the name.
func digestAt(t string, i int) int {
	digits := 0
	sep := byte(0)
	for end := i; end < len(t); end++ {
		pair := digits > 0 && digits%2 == 0
		switch c := t[end]; {
		case pair && digits == 2 && (c == ':' || c == ' ') && sep == 0:
			sep = c
		case pair && sep != 0 && t[end-1] != sep:
			if c != sep {
				return 0
			}
		case hexDigit(c):
			if digits++; digits == 40 {
				if end+1 < len(t) && letterOrDigit(t[end+1]) {
					return 0
				}
				return end + 1
			}
		default:
			return 0
		}
	}
	return 0
}

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func letterOrDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// certificates finds all certificates of the notice.
func (r *reading) certificates() []cutover.Certificate {
	c := &certReader{x: r.x}
	for _, p := range r.pages {
		c.thumbprints(p)
		c.names(p)
	}
	c.settle()
	var out []cutover.Certificate
	for _, f := range c.facts {
		f.State = f.votes.state()
		out = append(out, f.Certificate)
	}
	return out
}

type certReader struct {
	x     *Index
	facts []*certFact
	named map[string]*votes // by CN, from prose
}

// thumbprints reads the certificates that are given with their thumbprint.
func (c *certReader) thumbprints(p *page) {
	t := p.doc.Text
	for _, m := range thumbShapes(t) {
		hex := strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(t[m[0]:m[1]]))
		b, cell, at := p.blockAt(m[0])
		f := c.byThumb(hex)
		if f == nil {
			f = &certFact{}
			f.Thumbprint = hex
			f.Evidence = cutover.Evidence{Part: p.doc.Part, Quote: t[m[0]:m[1]], Offset: m[0], Length: m[1] - m[0]}
			if ca, ok := c.x.bySHA1[hex]; ok {
				f.CN, f.Role = ca.CN, caRole(ca)
			} else if q := p.mentionBefore(at); q != nil {
				f.CN, f.Role = q.ca.cn, q.ca.role
			} else {
				continue // a digest of something else
			}
			c.facts = append(c.facts, f)
		}
		if b >= 0 && p.doc.Blocks[b].Kind == doc.Row {
			p.columnVote(&f.votes, b, cell)
		} else if at >= 0 {
			s := p.sentenceAt(at)
			from, to := at, min(s.End, at+m[1]-m[0])
			if q := p.lastMention(s, at); q != nil && q.ca.cn == f.CN {
				from = q.start // "X (thumbprint: …)": the words before X govern it
			}
			p.proseVote(&f.votes, s, from, to, f.CN)
		}
		if f.Expires == "" && at >= 0 {
			f.Expires = p.expiryAfter(b, cell, at)
		}
	}
}

func (c *certReader) byThumb(hex string) *certFact {
	for _, f := range c.facts {
		if f.Thumbprint == hex {
			return f
		}
	}
	return nil
}

// names reads the common names: a certificate of its own when no thumbprint has
// that name, and votes for the state in any case.
func (c *certReader) names(p *page) {
	if c.named == nil {
		c.named = map[string]*votes{}
	}
	for i := range p.cas {
		m := &p.cas[i]
		s := p.sentenceAt(m.start)
		if p.skip[s.Block] || issuerField(p.view.S[s.Start:m.start]) {
			continue
		}
		v := c.named[m.ca.cn]
		if v == nil {
			v = &votes{}
			c.named[m.ca.cn] = v
		}
		if p.doc.Blocks[s.Block].Kind == doc.Row {
			p.columnVote(v, s.Block, s.Cell)
		}
		p.proseVote(v, s, m.start, m.end, m.ca.cn)
		if i > 0 && v.plain == "" && v.pair == "" && listed(p.view.S[min(p.cas[i-1].end, m.start):m.start]) {
			v.plain = c.named[p.cas[i-1].ca.cn].stateOf() // "add A and B"
		}
		f := c.byName(m.ca.cn)
		if f == nil {
			f = &certFact{}
			f.CN, f.Role = m.ca.cn, m.ca.role
			f.Evidence = p.evidence(m.start, m.end)
			c.facts = append(c.facts, f)
		}
		if f.Expires == "" && f.Thumbprint == "" {
			f.Expires = p.expiryNear(m, s)
		}
	}
}

// listed reports whether two names stand in one list.
func listed(mid string) bool {
	switch strings.Trim(mid, " ,()") {
	case "and", "or", "and the", "or the", "", "および", "及び", "と", "または", "und", "et", "y", "和", "、":
		return len(mid) < 16
	}
	return false
}

// stateOf is the state that the votes give; nothing for no votes.
func (v *votes) stateOf() string {
	if v == nil {
		return ""
	}
	return v.state()
}

func issuerField(pre string) bool {
	pre = strings.TrimRight(pre, " =:")
	return strings.HasSuffix(pre, "issuer") || strings.HasSuffix(pre, "issuer cn")
}

func (c *certReader) byName(cn string) *certFact {
	for _, f := range c.facts {
		if f.CN == cn {
			return f
		}
	}
	return nil
}

// settle gives the votes of prose to the certificates of that name; what a
// table says about a thumbprint stays. A name whose thumbprints stand in the
// text needs no entry of its own.
func (c *certReader) settle() {
	for _, f := range c.facts {
		v := c.named[f.CN]
		if v == nil {
			continue
		}
		if f.column == "" && f.Thumbprint == "" {
			f.column = v.column
		}
		if f.pair == "" {
			f.pair = v.pair
		}
		if f.soon == "" {
			f.soon = v.soon
		}
		if f.plain == "" {
			f.plain = v.plain
		}
	}
	kept := c.facts[:0]
	for _, f := range c.facts {
		if f.Thumbprint == "" && c.hasThumb(f.CN) {
			continue
		}
		kept = append(kept, f)
	}
	c.facts = kept
}

func (c *certReader) hasThumb(cn string) bool {
	for _, f := range c.facts {
		if f.CN == cn && f.Thumbprint != "" {
			return true
		}
	}
	return false
}

// blockAt finds the block and cell of a byte of the text, and its place in the view.
func (p *page) blockAt(off int) (block, cell, at int) {
	at = p.view.Find(off)
	if at < 0 {
		return -1, -1, -1
	}
	s := p.sentenceAt(at)
	return s.Block, s.Cell, at
}

func (p *page) mentionBefore(at int) *mention {
	var best *mention
	for i := range p.cas {
		if p.cas[i].end <= at && at-p.cas[i].end < 200 {
			best = &p.cas[i]
		}
	}
	return best
}
