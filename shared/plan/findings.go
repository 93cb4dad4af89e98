package plan

import (
	"cmp"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// Kinds of findings that the ground floor has no constant for.
const (
	findPublicKey = "public-key"
	findSubject   = "subject-dn"
	findAlias     = "alias"
	findFileName  = "file-name"
	findURL       = "url"
)

// findings are the findings of a pass that name something which a notice names.
type findings struct {
	all    []cutover.Finding // by repository, path, line, fingerprint
	byName map[string][]int  // folded CN
	byHash map[string][]int
	byFile map[fileKey][]int // what stands there as material or pin, and is trusted
	byID   map[string]int
}

type fileKey struct{ repository, path string }

// placement says what a finding is to a notice.
type placement uint8

const (
	placeOther    placement = iota // not about what goes
	placeMentions                  // does not trust it
	placeAside                     // docs, tests
	placeHolds                     // trusts what comes as well: clear
	placeItem
)

// placed is a finding that is about what a notice retires.
type placed struct {
	at       int
	as       placement
	identity string
	above    string // the CA above it that goes; empty if the notice names identity itself
}

func (b *builder) readFindings() error {
	names, hashes := map[string]bool{}, map[string]bool{}
	for _, n := range b.notices {
		if n.certs == nil || !b.acts(n) {
			continue
		}
		all := map[string]bool{}
		n.identities(b.cat, all)
		for cn := range all {
			names[foldName(cn)] = true
		}
		for _, c := range n.certs.retiring {
			hashes[strings.ToLower(c.Thumbprint)] = true
		}
	}
	wanted := func(x *cutover.Finding) bool {
		return names[foldName(x.Identity)] || x.Thumbprint != "" && hashes[strings.ToLower(x.Thumbprint)] || b.known.findings[x.ID()] ||
			slices.ContainsFunc(x.Identities, func(cn string) bool { return names[foldName(cn)] })
	}
	if b.in.Findings != nil {
		for x, err := range b.in.Findings {
			if err != nil {
				return err
			}
			if wanted(&x) {
				b.found.all = append(b.found.all, x)
			}
		}
	}
	b.found.index()
	return nil
}

// index sorts the findings and notes what they name and where they stand.
func (f *findings) index() {
	f.byName, f.byHash, f.byFile, f.byID = map[string][]int{}, map[string][]int{}, map[fileKey][]int{}, map[string]int{}
	slices.SortFunc(f.all, compareFindings)
	for i, x := range f.all {
		seen := map[string]bool{}
		for _, cn := range append([]string{x.Identity}, x.Identities...) {
			if name := foldName(cn); name != "" && !seen[name] {
				seen[name] = true
				f.byName[name] = append(f.byName[name], i)
			}
		}
		if x.Thumbprint != "" {
			f.byHash[strings.ToLower(x.Thumbprint)] = append(f.byHash[strings.ToLower(x.Thumbprint)], i)
		}
		if x.Direction == cutover.DirectionTrusts && material(x.Kind) {
			k := fileKey{x.Repository, x.Path}
			f.byFile[k] = append(f.byFile[k], i)
		}
		put(f.byID, x.ID(), i)
	}
}

func compareFindings(a, b cutover.Finding) int {
	return cmp.Or(
		cmp.Compare(a.Repository, b.Repository), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Fingerprint, b.Fingerprint), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Identity, b.Identity),
		cmp.Compare(a.Thumbprint, b.Thumbprint), cmp.Compare(a.Direction, b.Direction), cmp.Compare(a.Role, b.Role), cmp.Compare(a.EndLine, b.EndLine),
	)
}

// material reports whether a kind is the certificate, its key or a pin of it, and
// not only its name.
func material(kind string) bool {
	switch kind {
	case cutover.FindCommonName, findSubject, findAlias, findFileName, findURL, cutover.FindSDK, cutover.FindGap:
		return false
	}
	return true
}

// about lists the findings that name something a notice names.
func (b *builder) about(n *notice) []int {
	var out []int
	names := map[string]bool{}
	n.identities(b.cat, names)
	for cn := range names {
		out = append(out, b.found.byName[foldName(cn)]...)
	}
	for _, c := range n.certs.retiring {
		out = append(out, b.found.byHash[strings.ToLower(c.Thumbprint)]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
