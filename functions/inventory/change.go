package inventory

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// sums holds a digest of all rows of each type that does not depend on their order.
type sums map[string]uint64

func (s sums) add(r cutover.Resource) {
	b, err := json.Marshal(r)
	if err != nil { // strings and maps of strings always marshal
		return
	}
	h := sha256.Sum256(b)
	s[r.Type] += binary.BigEndian.Uint64(h[:8])
}

// stored sums up what the store holds of the types that the last look or this one
// brought.
func stored(rd store.Reader, l *look, prev cutover.Source) (sums, error) {
	types := map[string]bool{}
	for _, w := range l.winners {
		types[w.typ] = true
	}
	for t := range prev.Counts {
		if strings.Contains(t, "/") { // the other counts are not of types
			types[t] = true
		}
	}
	out := sums{}
	for r, err := range rd.Candidates(slices.Sorted(maps.Keys(types)), nil) {
		if err != nil {
			return nil, fmt.Errorf("reading the stored resources: %w", err)
		}
		out.add(r)
	}
	return out, nil
}

// changed lists the types of which a row came, went or changed, sorted. An
// incomplete look takes nothing away, so a type that it did not bring has not changed.
func changed(before, after sums, complete bool) []string {
	var out []string
	for t, sum := range after {
		if before[t] != sum {
			out = append(out, t)
		}
	}
	for t := range before {
		if _, ok := after[t]; !ok && complete {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return out
}
