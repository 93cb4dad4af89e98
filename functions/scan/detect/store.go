package detect

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"cutover/shared/cutover"
)

func itoa(n int) string { return strconv.Itoa(n) }

// certFiles are the endings of files that are nothing but certificates and text
// about them.
var certFiles = []string{".pem", ".crt", ".cer", ".p7b", ".ca-bundle", ".txt"}

// storeGap is how much text may stand between two certificates of one literal:
// comments with the subject and the thumbprint.
const storeGap = 1 << 10

// stores splits the certificates of the file into single ones and stores. A store
// is one file of certificates (keystore, .pem, .crt) or one literal in which they
// follow each other; what holds none of the catalogue's is not reported.
func (f *file) stores() (single, bundles []Hit) {
	for _, group := range f.groups() {
		known := slices.DeleteFunc(slices.Clone(group), func(c cert) bool { return c.ca.CN == "" })
		switch {
		case len(known) == 0:
		case distinct(group) == 1:
			for _, c := range known {
				single = append(single, f.hit(c))
			}
		default:
			bundles = append(bundles, f.bundle(group, known))
		}
	}
	return single, bundles
}

// groups splits the certificates where one store ends and the next begins.
func (f *file) groups() [][]cert {
	whole := f.binary || hasSuffix(f.path, certFiles...) || len(f.certs) >= 20
	var out [][]cert
	for i, c := range f.certs {
		if i > 0 && (whole || f.continues(f.certs[i-1], c)) {
			out[len(out)-1] = append(out[len(out)-1], c)
			continue
		}
		out = append(out, []cert{c})
	}
	return out
}

// continues reports whether two certificates stand in one literal: nothing between
// them ends a statement or begins a declaration.
func (f *file) continues(a, b cert) bool {
	if a.end > b.off || b.off-a.end > storeGap {
		return a.off == b.off // base64 of a file with several
	}
	gap := f.data[a.end:b.off]
	for _, line := range bytes.Split(gap, []byte("\n")) {
		line = bytes.TrimSpace(line)
		comment := bytes.HasPrefix(line, []byte("//")) || bytes.HasPrefix(line, []byte("*")) || bytes.HasPrefix(line, []byte("/*")) || bytes.HasPrefix(line, []byte("#"))
		if comment {
			continue
		}
		if bytes.ContainsAny(line, ";={}") || bytes.HasSuffix(line, []byte(":")) || bytes.HasSuffix(line, []byte("|")) {
			return false
		}
	}
	return true
}

func distinct(cs []cert) int {
	seen := map[string]bool{}
	for _, c := range cs {
		seen[c.sum] = true
	}
	return len(seen)
}

// bundle is the one finding of a store. Its identities are all CAs of the
// catalogue in it; its content is the set of their certificates.
func (f *file) bundle(group, known []cert) Hit {
	first, last := group[0], group[len(group)-1]
	h := Hit{
		Kind: cutover.FindBundle, Offset: first.off, End: last.end, Confidence: "high", material: true,
		Identity: known[0].ca.CN, Thumbprint: known[0].sum,
	}
	if first.kind == kindJKS || first.kind == kindPKCS12 {
		h.Kind = first.kind
	}
	var sums []string
	for _, c := range known {
		if !slices.Contains(h.Identities, c.ca.CN) {
			h.Identities = append(h.Identities, c.ca.CN)
		}
		sums = append(sums, c.sum)
	}
	slices.Sort(h.Identities)
	slices.Sort(sums)
	h.Content = strings.Join(slices.Compact(sums), " ")
	h.Line, h.EndLine = f.span(first.off, last.end)
	h.Match = clean("store of " + itoa(distinct(group)) + " certificates: " + strings.Join(h.Identities, ", "))
	h.Reason = "store of " + itoa(distinct(group)) + " certificates, decoded; of the catalogue it holds " + strings.Join(h.Identities, ", ")
	f.place(&h)
	return h
}

// dropNested sorts certificates by place and drops those that were decoded twice.
func dropNested(cs []cert) []cert {
	slices.SortStableFunc(cs, func(a, b cert) int {
		return cmp.Or(cmp.Compare(a.off, b.off), cmp.Compare(b.end, a.end))
	})
	var out []cert
	for _, c := range cs {
		if n := len(out); n > 0 && c.off < out[n-1].end && c.off > out[n-1].off && c.sum == out[n-1].sum {
			continue
		}
		out = append(out, c)
	}
	return out
}
