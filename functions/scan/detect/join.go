package detect

import (
	"cmp"
	"slices"

	"cutover/shared/cutover"
)

// join makes things out of occurrences: certificates with the names and digests
// that stand at them, stores out of several certificates, one hit for what stands
// in the file several times.
func (f *file) join() []Hit {
	f.commentary()
	certs, stores := f.stores()
	things := append(certs, stores...)
	rest := f.conflicts(things, f.hits)
	reach := near
	if hasSuffix(f.path, certFiles...) {
		reach = len(f.data) // all text of such a file is about its certificates
	}
	things, rest = attach(things, rest, reach)
	digests, rest := split(rest, func(h Hit) bool { return isDigest(h.Kind) })
	digests, rest = attach(digests, rest, near)
	serials, rest := split(rest, func(h Hit) bool { return h.Kind == kindSerial })
	serials, rest = attach(serials, rest, near)
	all := slices.Concat(things, digests, serials, rest)
	sortHits(all)
	return repeat(all)
}

// commentary: in a file of certificates the text around them explains them
// (openssl's text form, bag attributes); it decides nothing.
func (f *file) commentary() {
	if len(f.certs) == 0 || !hasSuffix(f.path, certFiles...) {
		return
	}
	for i := range f.hits {
		f.hits[i].mention = true
		f.hits[i].Direction = cutover.DirectionMentions
	}
}

func isDigest(kind string) bool {
	return kind == cutover.FindSHA1 || kind == cutover.FindSHA256 || kind == cutover.FindSPKI
}

func sortHits(hs []Hit) {
	slices.SortStableFunc(hs, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Identity, b.Identity))
	})
}

func split(hs []Hit, is func(Hit) bool) (yes, no []Hit) {
	for _, h := range hs {
		if is(h) {
			yes = append(yes, h)
		} else {
			no = append(no, h)
		}
	}
	return yes, no
}

// near is how many lines a comment may stand away from what it is about.
const near = 4

// attach gives each thing the names and digests of the same CA that stand at it,
// as places. What stands at no thing stays.
func attach(things, others []Hit, reach int) (joined, rest []Hit) {
	rest = others
	for n := -1; n != len(rest); { // a comment of several lines joins line by line
		n = len(rest)
		rest = attachOnce(things, rest, reach)
	}
	return things, rest
}

func attachOnce(things, others []Hit, reach int) (rest []Hit) {
	for _, o := range others {
		best, dist := -1, reach+1
		for i, t := range things {
			if !t.is(o.Identity) || o.Direction == cutover.DirectionRefuses != (t.Direction == cutover.DirectionRefuses) {
				continue
			}
			if d := distance(t, o); d < dist && (o.mention || d == 0 || t.material) {
				best, dist = i, d
			}
		}
		if best < 0 {
			rest = append(rest, o)
			continue
		}
		things[best].addPlace(o)
	}
	return rest
}

// is reports whether the thing is or holds the CA of that name.
func (h Hit) is(cn string) bool { return h.Identity == cn || slices.Contains(h.Identities, cn) }

// addPlace notes where else the same thing stands.
func (h *Hit) addPlace(o Hit) {
	for _, p := range append([]cutover.Place{{Line: o.Line, EndLine: o.EndLine}}, o.Places...) {
		if (p.Line < h.Line || p.EndLine > h.EndLine) && !slices.Contains(h.Places, p) {
			h.Places = append(h.Places, p)
		}
	}
}

// distance counts the lines from a thing or its nearest place to a hit; 0 when they
// touch.
func distance(a, b Hit) int {
	d := lines(a.Line, a.EndLine, b)
	for _, p := range a.Places {
		d = min(d, max(1, lines(p.Line, p.EndLine, b)))
	}
	return d
}

func lines(from, to int, b Hit) int {
	switch {
	case b.Line > to:
		return b.Line - to
	case b.EndLine < from:
		return from - b.EndLine
	}
	return 0
}

// repeat joins what stands in the file several times: one hit with its places. A
// place that trusts outweighs one that mentions; one that refuses is another thing.
func repeat(hs []Hit) []Hit {
	type key struct {
		kind, identity, content string
		refuses                 bool
	}
	index := map[key]int{}
	var out []Hit
	for _, h := range hs {
		k := key{h.Kind, h.Identity, h.Content, h.Direction == cutover.DirectionRefuses}
		i, seen := index[k]
		if !seen {
			index[k] = len(out)
			out = append(out, h)
			continue
		}
		if h.Direction == cutover.DirectionTrusts && out[i].Direction == cutover.DirectionMentions {
			h, out[i] = out[i], h
		}
		out[i].addPlace(h)
		out[i].Conflict = cmp.Or(out[i].Conflict, h.Conflict)
	}
	for i := range out {
		slices.SortFunc(out[i].Places, func(a, b cutover.Place) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.EndLine, b.EndLine))
		})
	}
	return out
}

func isName(kind string) bool {
	return kind == cutover.FindCommonName || kind == kindDN || kind == kindFileName || kind == kindURL
}
