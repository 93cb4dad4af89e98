package doc

import (
	"strings"
	"unicode/utf8"
)

// split cuts the range [start,end) of the view into sentences.
func (v *View) split(start, end, block, cell int) {
	from := start
	for i := start; i < end; {
		r, w := utf8.DecodeRuneInString(v.S[i:end])
		if v.stop(r, i, i+w, end) {
			v.add(from, i+w, block, cell)
			from = i + w
		}
		i += w
	}
	v.add(from, end, block, cell)
}

func (v *View) add(start, end, block, cell int) {
	for start < end && v.S[start] == ' ' {
		start++
	}
	for end > start && (v.S[end-1] == ' ' || v.S[end-1] == '\n') {
		end--
	}
	if start < end {
		v.Sentences = append(v.Sentences, Sentence{start, end, block, cell})
	}
}

// stop reports whether the character r at i closes a sentence.
func (v *View) stop(r rune, i, next, end int) bool {
	switch r {
	case '。', '！', '？', '．':
		return true
	case '!', '?':
		return next >= end || v.S[next] == ' '
	case '.':
	default:
		return false
	}
	if next >= end {
		return true
	}
	if v.S[next] != ' ' || next+1 >= end {
		return false
	}
	after := v.S[next+1]
	if after >= 'a' && after <= 'z' && !v.Upper(next+1) {
		return false
	}
	return !abbreviation(v.S[:i]) && !ordinal(v.S[:i], v.S[next+1:])
}

// abbreviation reports whether the words before a full stop end in one that does
// not close a sentence.
func abbreviation(s string) bool {
	j := strings.LastIndexAny(s[max(0, len(s)-12):], " (\n")
	word := s[max(0, len(s)-12):][j+1:]
	switch word {
	case "e.g", "i.e", "vs", "approx", "inc", "corp", "ltd", "no", "sr", "st", "mr", "ms", "dr",
		"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "z.b", "bzw", "ca":
		return true
	}
	return false
}

// ordinal reports whether a full stop belongs to a German day ("31. März").
func ordinal(before, after string) bool {
	n := 0
	for n < len(before) && before[len(before)-1-n] >= '0' && before[len(before)-1-n] <= '9' {
		n++
	}
	if n == 0 || n > 2 {
		return false
	}
	for _, m := range []string{"jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"} {
		if strings.HasPrefix(after, m) {
			return true
		}
	}
	return false
}
