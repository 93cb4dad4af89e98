package catalog

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// caIndex holds the CAs in the order of the file, and lists of places in it.
type caIndex struct {
	all      []cutover.CA
	byHash   map[string]int // SHA-1 and SHA-256, lower-case hex
	byCN     map[string][]int
	bySPKI   map[string][]int
	byKeyID  map[string][]int
	names    map[string]string // folded spelling in prose → CN
	spelled  []string
	children map[string][]int // SHA-1 of the issuer
	platform map[string]bool  // by group
}

func newCAIndex(f caFile) caIndex {
	x := caIndex{
		byHash: map[string]int{}, byCN: map[string][]int{}, bySPKI: map[string][]int{}, byKeyID: map[string][]int{},
		names: map[string]string{}, children: map[string][]int{}, platform: map[string]bool{},
	}
	for i, c := range f.CAs {
		x.all = append(x.all, c.CA)
		x.byHash[c.SHA1] = i
		if c.SHA256 != "" {
			x.byHash[c.SHA256] = i
		}
		add := func(m map[string][]int, key string) {
			if key != "" {
				m[key] = append(m[key], i)
			}
		}
		add(x.byCN, fold(c.CN))
		add(x.bySPKI, c.SPKI)
		add(x.byKeyID, c.SubjectKeyID)
		x.names[fold(c.CN)] = c.CN
		x.spelled = append(x.spelled, c.CN)
	}
	for name, cn := range f.Names {
		x.names[fold(name)] = cn
		x.spelled = append(x.spelled, name)
	}
	for _, g := range f.Groups {
		x.platform[g.Group] = g.Platform
	}
	slices.SortFunc(x.spelled, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	x.spelled = slices.Compact(x.spelled)
	x.link()
	return x
}

func (x caIndex) list(at []int) []cutover.CA {
	var out []cutover.CA
	for _, i := range at {
		out = append(out, x.all[i])
	}
	return out
}

// CAs is the whole list, by CN.
func (x *Index) CAs() []cutover.CA { return slices.Clone(x.cas.all) }

// ByThumbprint finds the certificate with this SHA-1 or SHA-256, written with or
// without separators and in any case.
func (x *Index) ByThumbprint(hash string) (cutover.CA, bool) {
	i, ok := x.cas.byHash[hexDigits(hash)]
	if !ok {
		return cutover.CA{}, false
	}
	return x.cas.all[i], true
}

// ByCN lists the certificates with this CN, without case, the self-signed one
// first. There are often several: a root and its cross-signed twin, or an issuing CA
// under two roots.
func (x *Index) ByCN(cn string) []cutover.CA { return x.cas.list(x.cas.byCN[fold(cn)]) }

// Named is ByCN for prose: it also knows how notices call a CA without giving its
// CN ("DigiCert Global G2 root").
func (x *Index) Named(name string) []cutover.CA {
	return x.ByCN(x.cas.names[fold(name)])
}

// CANames lists the CNs and the spellings that Named knows, the longest first.
func (x *Index) CANames() []string { return slices.Clone(x.cas.spelled) }

// BySPKI lists the certificates with this key: the SHA-256 of the SPKI in base64 or
// hex, with or without "sha256/". A pin of a cross-signed key matches each of them.
func (x *Index) BySPKI(pin string) []cutover.CA {
	pin = strings.TrimSpace(pin)
	if rest, ok := strings.CutPrefix(strings.ToLower(pin), "sha256/"); ok {
		pin = strings.TrimSpace(pin[len(pin)-len(rest):])
	}
	if raw, err := hex.DecodeString(hexDigits(pin)); err == nil && len(raw) == 32 && len(pin) >= 64 {
		pin = base64.StdEncoding.EncodeToString(raw)
	}
	return x.cas.list(x.cas.bySPKI[pin])
}

// BySubjectKeyID lists the certificates with this subject key identifier, in hex: the
// authority key identifier of a certificate names its issuer by it.
func (x *Index) BySubjectKeyID(id string) []cutover.CA {
	return x.cas.list(x.cas.byKeyID[hexDigits(id)])
}

// hexDigits is a hash as it compares: lower case, without the separators that
// people and tools put between the bytes.
func hexDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ':' || r == ' ' || r == '-' || r == '\t' || r == '\u00a0' || r == '\u200e':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + ('a' - 'A')
		}
		return r
	}, s)
}
