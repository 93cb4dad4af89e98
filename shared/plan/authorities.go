package plan

import (
	"cmp"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// authorities is the catalogue of CAs, indexed.
type authorities struct {
	all      []cutover.CA
	byHash   map[string]int
	byName   map[string][]int // the self-signed one first
	children map[int][]int
}

func newAuthorities(cas []cutover.CA) authorities {
	x := authorities{all: slices.Clone(cas), byHash: map[string]int{}, byName: map[string][]int{}, children: map[int][]int{}}
	slices.SortFunc(x.all, func(a, b cutover.CA) int {
		return cmp.Or(cmp.Compare(a.CN, b.CN), -cmp.Compare(b2i(a.SelfSigned), b2i(b.SelfSigned)), cmp.Compare(a.SHA1, b.SHA1), cmp.Compare(a.Serial, b.Serial))
	})
	for i, c := range x.all {
		put(x.byHash, strings.ToLower(c.SHA1), i)
		x.byName[foldName(c.CN)] = append(x.byName[foldName(c.CN)], i)
	}
	// A certificate says its issuer by CN only. Where that CN belongs to a
	// self-signed root, the chain ends there: a cross-signed twin has no children.
	for i, c := range x.all {
		if c.SelfSigned || c.IssuerCN == "" {
			continue
		}
		issuers := x.byName[foldName(c.IssuerCN)]
		if len(issuers) > 0 && x.all[issuers[0]].SelfSigned {
			issuers = issuers[:1]
		}
		for _, p := range issuers {
			x.children[p] = append(x.children[p], i)
		}
	}
	return x
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// spell is the CN as the catalogue writes it, by thumbprint or by name.
func (x authorities) spell(cn, thumbprint string) string {
	if i, ok := x.byHash[strings.ToLower(thumbprint)]; ok && thumbprint != "" {
		return x.all[i].CN
	}
	for _, name := range []string{foldName(cn), strings.TrimSuffix(foldName(cn), " ca")} {
		if is := x.byName[name]; len(is) > 0 {
			return x.all[is[0]].CN
		}
	}
	return cn
}

// find lists the catalogue's certificates that an entry of a notice means.
func (x authorities) find(c cutover.Certificate) []int {
	if c.Thumbprint == "" {
		return x.byName[foldName(c.CN)]
	}
	if i, ok := x.byHash[strings.ToLower(c.Thumbprint)]; ok {
		return []int{i}
	}
	return nil
}

// below walks down from what goes: the CNs and thumbprints of the chain, each with
// the name of what goes above it. A CN that also names a self-signed root stands for
// that root, which is no part of the chain; only the thumbprint of its cross-signed
// twin is. stays leaves out what the notice itself brings.
func (x authorities) below(retiring []cutover.Certificate, stays func(cutover.CA) bool) (names, thumbs map[string]string) {
	names, thumbs = map[string]string{}, map[string]string{}
	seen := map[int]string{}
	var queue []int
	for _, c := range retiring {
		for _, i := range x.find(c) {
			if _, ok := seen[i]; !ok {
				seen[i] = c.CN
				queue = append(queue, i)
			}
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		from := queue[0]
		for _, i := range x.children[from] {
			ca := x.all[i]
			if _, ok := seen[i]; ok || stays(ca) {
				continue
			}
			seen[i] = seen[from]
			queue = append(queue, i)
			put(thumbs, strings.ToLower(ca.SHA1), seen[from])
			if !x.all[x.byName[foldName(ca.CN)][0]].SelfSigned {
				put(names, foldName(ca.CN), seen[from])
			}
		}
	}
	return names, thumbs
}

// twins are the CNs of certificates that hold a key that goes: a pin of the key
// matches each of them.
func (x authorities) twins(retiring []cutover.Certificate) map[string]string {
	keys := map[string]string{}
	for _, c := range retiring {
		for _, i := range x.find(c) {
			put(keys, x.all[i].SPKI, c.CN)
		}
	}
	out := map[string]string{}
	for _, ca := range x.all {
		if cn, ok := keys[ca.SPKI]; ok && ca.SPKI != "" {
			put(out, foldName(ca.CN), cn)
		}
	}
	return out
}
