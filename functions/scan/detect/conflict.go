package detect

import (
	"slices"

	"cutover/shared/cutover"
)

// labels are the names that stand in comments, by line, for telling whether one
// names another CA than the hash beside it.
type labels struct {
	d      *Detector
	hits   []Hit
	byLine map[int][]int  // line → indexes of names in comments
	owner  map[int]string // line → identity of the digest that stands there
	used   map[int]bool
}

// conflicts finds labels that name another CA than the hash beside them: in a
// comment on the same line, or on the lines right before it that are nothing but a
// comment. The hash is right; the label is told and becomes a place.
func (f *file) conflicts(certs, hits []Hit) []Hit {
	if f.role == cutover.FileDocs { // in prose a line may speak of two CAs
		return hits
	}
	l := labels{f.d, hits, map[int][]int{}, map[int]string{}, map[int]bool{}}
	for i, h := range hits {
		if isName(h.Kind) && h.mention {
			l.byLine[h.Line] = append(l.byLine[h.Line], i)
		}
		if isDigest(h.Kind) {
			l.owner[h.Line] = h.Identity
		}
	}
	for i := range certs {
		if certs[i].Kind != cutover.FindBundle {
			l.check(&certs[i])
		}
	}
	var rest []Hit
	for i := range hits {
		if isDigest(hits[i].Kind) {
			l.check(&hits[i])
		}
	}
	for i, h := range hits {
		if !l.used[i] {
			rest = append(rest, h)
		}
	}
	return rest
}

// check looks at the label of one thing: the nearest line with names, at most two
// above it.
func (l *labels) check(t *Hit) {
	for n := t.Line; n > 0 && t.Line-n <= 2; n-- {
		if n < t.Line && l.owner[n] != "" {
			return // that line's label is its own
		}
		if len(l.byLine[n]) > 0 {
			l.compare(t, n)
			return
		}
	}
}

func (l *labels) compare(t *Hit, line int) {
	at := l.byLine[line]
	for _, i := range at {
		if t.is(l.hits[i].Identity) || slices.Contains(l.d.issuers[t.Identity], l.hits[i].Identity) {
			return
		}
	}
	t.Conflict = "the comment in line " + itoa(line) + " names " + l.hits[at[0]].Identity + ", the hash is that of " + t.Identity
	for _, i := range at {
		l.used[i] = true
		t.addPlace(l.hits[i])
	}
}
