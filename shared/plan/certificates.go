package plan

import (
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// certs is what a notice says about certificates, as a place in code is held
// against it.
type certs struct {
	retiring []cutover.Certificate
	chain    map[string]string // folded CN → what goes above it
	thumbs   map[string]string // SHA-1 of certificates in the chain → the same
	under    map[string]bool   // folded CNs of all these
	twins    map[string]string // folded CN with a key that goes → the CN that goes
	needed   []cutover.Certificate
	coming   map[string]bool // folded CNs introduced
	guessed  string          // how the retiring ones were found in the catalogue
	unknown  string          // why it is not known what goes
}

// certs reads off a notice what goes and what must be there instead. A pinning
// notice that names nothing that goes takes what expires on its date.
func (x authorities) certs(n *cutover.Notice) *certs {
	out := &certs{coming: map[string]bool{}}
	var roots, introduced []cutover.Certificate
	stays := func(ca cutover.CA) bool {
		return slices.ContainsFunc(n.Certificates, func(c cutover.Certificate) bool {
			return c.State != "" && c.State != cutover.StateRetiring && sameCert(c, ca.CN, ca.SHA1)
		})
	}
	for _, c := range n.Certificates {
		c.CN = x.spell(c.CN, c.Thumbprint)
		switch c.State {
		case cutover.StateRetiring:
			out.retiring = append(out.retiring, c)
		case cutover.StateIntroduced:
			introduced = append(introduced, c)
			if c.Role == cutover.RoleRoot {
				roots = append(roots, c)
			}
			out.coming[foldName(c.CN)] = true
		}
	}
	out.needed = roots
	if len(roots) == 0 {
		out.needed = introduced
	}
	if len(out.retiring) == 0 && n.PinningCondition {
		out.retiring, out.guessed = x.expiring(n)
		if len(out.retiring) == 0 {
			out.unknown = "the notice names no certificate that goes, and the catalogue knows none" + out.guessed
		}
	}
	out.chain, out.thumbs = x.below(out.retiring, stays)
	out.under = map[string]bool{}
	for thumb := range out.thumbs {
		out.under[foldName(x.all[x.byHash[thumb]].CN)] = true
	}
	out.twins = x.twins(out.retiring)
	return out
}

// names reports what of a place's identity goes: the CN, and how it is concerned
// ("" when the notice itself retires it, else the CA above it).
func (c *certs) names(cn, thumbprint, kind string) (above string, ok bool) {
	name := foldName(cn)
	key := kind == cutover.FindSPKI || kind == findPublicKey
	for _, r := range c.retiring {
		switch {
		case thumbprint != "" && r.Thumbprint != "" && !key:
			if strings.EqualFold(thumbprint, r.Thumbprint) {
				return "", true
			}
		case foldName(r.CN) == name && name != "":
			return "", true
		}
	}
	if key {
		if twin, ok := c.twins[name]; ok {
			return twin, true
		}
	}
	if thumbprint != "" && !key {
		above, ok = c.thumbs[strings.ToLower(thumbprint)]
		return above, ok
	}
	above, ok = c.chain[name]
	return above, ok
}

// lacking reports whether a CN is one that a place must come to trust, and none
// that goes: the identity of a gap.
func (c *certs) lacking(cn string) bool {
	if _, goes := c.names(cn, "", cutover.FindSPKI); goes {
		return false
	}
	return c.coming[foldName(cn)]
}

// sameCert compares by thumbprint when both have one, else by CN.
func sameCert(c cutover.Certificate, cn, thumbprint string) bool {
	if c.Thumbprint != "" && thumbprint != "" {
		return strings.EqualFold(c.Thumbprint, thumbprint)
	}
	return sameName(c.CN, cn)
}

func sameName(a, b string) bool {
	if tidy(a) && tidy(b) {
		return a != "" && strings.EqualFold(a, b)
	}
	return a != "" && foldName(a) == foldName(b)
}

// collapse drops entries by CN alone beside an entry of the same CN and state that
// has a thumbprint: one delivery spelled it out, another did not.
func collapse(all []cutover.Certificate) []cutover.Certificate {
	var out []cutover.Certificate
	for _, c := range all {
		twin := slices.ContainsFunc(all, func(o cutover.Certificate) bool {
			return c.Thumbprint == "" && o.Thumbprint != "" && o.State == c.State && sameName(o.CN, c.CN)
		})
		if !twin {
			out = append(out, c)
		}
	}
	return out
}
