package detect

import "slices"

// pattern is one literal that some form of an identity must contain.
type pattern struct {
	text []byte // folded with fold
	use  int32  // index into Detector.uses
}

// matcher finds many literals in one pass, without case (ASCII), after Wu and
// Manber: the last three bytes of a window tell how far it may jump. Five bits of
// each byte make the block, which folds letters for nothing and keeps the table
// at 32 KiB, inside the first-level cache.
type matcher struct {
	min      int // length of the window: that of the shortest pattern
	shift    [1 << 15]uint8
	first    [1 << 15]int32 // 1 + index into chain, 0: none
	chain    []link
	patterns []pattern
}

type link struct {
	pattern int32
	next    int32 // 1 + index into chain
}

// minPattern is the shortest literal worth a place: each window is as long as the
// shortest pattern, so one short name would slow the whole pass.
const minPattern = 8

func block(a, b, c byte) uint32 {
	return uint32(a&31)<<10 | uint32(b&31)<<5 | uint32(c&31)
}

func fold(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

func newMatcher(patterns []pattern) *matcher {
	m := &matcher{min: 64}
	for _, p := range patterns {
		if len(p.text) >= minPattern {
			m.patterns = append(m.patterns, p)
			m.min = min(m.min, len(p.text))
		}
	}
	slices.SortStableFunc(m.patterns, func(a, b pattern) int { return slices.Compare(a.text, b.text) })
	for i := range m.shift {
		m.shift[i] = uint8(m.min - 2)
	}
	for i, p := range m.patterns {
		for j := 0; j+3 <= m.min; j++ {
			h := block(p.text[j], p.text[j+1], p.text[j+2])
			m.shift[h] = min(m.shift[h], uint8(m.min-3-j))
		}
		h := block(p.text[m.min-3], p.text[m.min-2], p.text[m.min-1])
		m.chain = append(m.chain, link{int32(i), m.first[h]})
		m.first[h] = int32(len(m.chain))
	}
	return m
}

// find calls fn for each occurrence with the pattern's use and the offsets.
func (m *matcher) find(data []byte, fn func(use int32, off, end int)) {
	if len(m.patterns) == 0 {
		return
	}
	for i := m.min - 1; i < len(data); {
		h := block(data[i-2], data[i-1], data[i])
		if s := m.shift[h]; s > 0 {
			i += int(s)
			continue
		}
		off := i - m.min + 1
		for l := m.first[h]; l > 0; l = m.chain[l-1].next {
			p := m.patterns[m.chain[l-1].pattern]
			if hasFold(data[off:], p.text) {
				fn(p.use, off, off+len(p.text))
			}
		}
		i++
	}
}

// hasFold reports whether data begins with the folded text, without case.
func hasFold(data, text []byte) bool {
	if len(data) < len(text) {
		return false
	}
	for i, c := range text {
		if fold(data[i]) != c {
			return false
		}
	}
	return true
}
