package catalog

import (
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// link notes who issued whom. A certificate says its issuer by CN only, and a CN
// may belong to several certificates: where one of them is self-signed, the chain
// ends there, and the cross-signed twin has no children of its own. Otherwise each
// of them may stand above it.
func (x caIndex) link() {
	for i, c := range x.all {
		if c.SelfSigned || c.IssuerCN == "" {
			continue
		}
		issuers := x.byCN[fold(c.IssuerCN)]
		if len(issuers) > 0 && x.all[issuers[0]].SelfSigned {
			issuers = issuers[:1]
		}
		for _, p := range issuers {
			sha := x.all[p].SHA1
			x.children[sha] = append(x.children[sha], i)
		}
	}
}

// Descendants lists the certificates whose chain leads to ca, without ca itself, by
// CN. A CA without a thumbprint stands for all with its CN. They are certificates:
// a cross-signed root is among them although its CN also names a root that stands by
// itself. To compare by CN, use ChainNames.
func (x *Index) Descendants(ca cutover.CA) []cutover.CA {
	queue := []string{ca.SHA1}
	if ca.SHA1 == "" {
		queue = queue[:0]
		for _, c := range x.ByCN(ca.CN) {
			queue = append(queue, c.SHA1)
		}
	}
	above := slices.Clone(queue)
	seen := map[int]bool{}
	for len(queue) > 0 {
		for _, i := range x.cas.children[queue[0]] {
			if !seen[i] && !slices.Contains(above, x.cas.all[i].SHA1) {
				seen[i] = true
				queue = append(queue, x.cas.all[i].SHA1)
			}
		}
		queue = queue[1:]
	}
	var at []int
	for i := range seen {
		at = append(at, i)
	}
	slices.Sort(at)
	return x.cas.list(at)
}

// ChainNames lists the CNs that stand for a certificate under ca when nothing but
// the CN is known, sorted. A CN that also names a self-signed root is left out: who
// writes "DigiCert Global Root CA" means the root, not its twin under Baltimore. An
// issuing CA that exists under two roots is in the chain of both.
func (x *Index) ChainNames(ca cutover.CA) []string {
	var out []string
	for _, c := range x.Descendants(ca) {
		if !x.ByCN(c.CN)[0].SelfSigned {
			out = append(out, c.CN)
		}
	}
	return slices.Compact(out)
}

// Expiring lists the CAs that the platform's endpoints used and that expire on the
// day (or, by precision, in its month or year): what a pinning notice means that gives
// an expiry and names no certificate.
func (x *Index) Expiring(day cutover.Date, precision string) []cutover.CA {
	prefix := string(day)
	if !day.Valid() {
		return nil
	}
	switch precision {
	case cutover.PrecisionMonth:
		prefix = prefix[:7]
	case cutover.PrecisionYear:
		prefix = prefix[:4]
	}
	var out []cutover.CA
	for _, c := range x.cas.all {
		if x.cas.platform[c.Group] && strings.HasPrefix(string(c.NotAfter), prefix) {
			out = append(out, c)
		}
	}
	return out
}
