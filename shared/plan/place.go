package plan

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cutover/shared/cutover"
)

// place says what a finding is to a notice.
func (b *builder) place(n *notice, i int) placed {
	f := &b.found.all[i]
	p := placed{at: i}
	ok := false
	p.identity = f.Identity
	if p.above, ok = n.certs.names(f.Identity, f.Thumbprint, f.Kind); !ok {
		for _, cn := range f.Identities {
			if p.above, ok = n.certs.names(cn, "", f.Kind); ok {
				p.identity = cn
				break
			}
		}
	}
	gap := f.Kind == cutover.FindGap && n.certs.coming[foldName(f.Identity)]
	switch {
	case !ok && !gap:
		p.as = placeOther
	case f.Direction != cutover.DirectionTrusts:
		p.as = placeMentions
	case !slices.Contains([]string{cutover.FileCode, cutover.FileConfig, cutover.FileVendored, cutover.FileGenerated}, f.Role):
		p.as = placeAside
	case !gap && b.holdsNew(n, f):
		p.as = placeHolds
	default:
		p.as = placeItem
	}
	return p
}

// holdsNew reports whether the place, or its file, trusts all that the notice
// brings: then what goes may go.
func (b *builder) holdsNew(n *notice, f *cutover.Finding) bool {
	if len(n.certs.needed) == 0 {
		return false
	}
	for _, c := range n.certs.needed {
		in := func(g *cutover.Finding) bool {
			return g.Identity != "" && sameCert(c, g.Identity, g.Thumbprint) || slices.ContainsFunc(g.Identities, func(cn string) bool { return sameName(cn, c.CN) })
		}
		if material(f.Kind) && in(f) {
			continue
		}
		if !slices.ContainsFunc(b.found.byFile[fileKey{f.Repository, f.Path}], func(i int) bool { return in(&b.found.all[i]) }) {
			return false
		}
	}
	return true
}

// findingWhy says why a place in code is an item.
func findingWhy(n *notice, f *cutover.Finding, p placed) string {
	goes := "which the notice retires"
	switch {
	case f.Kind == cutover.FindGap && n.certs.coming[foldName(f.Identity)]:
		return "lacks " + f.Identity + ", which the notice introduces: " + f.Reason
	case p.above != "" && p.above != p.identity:
		goes = "which stands under " + p.above + ", which the notice retires"
	case n.certs.guessed != "":
		goes = "which the catalogue lists as one" + n.certs.guessed
	}
	out := "trusts " + p.identity + " (" + strings.TrimSpace(f.Kind+" in "+f.Role) + "), " + goes
	if f.Confidence != "" && f.Confidence != "high" {
		out += "; " + f.Confidence + " confidence: " + f.Reason
	}
	if f.Conflict != "" {
		out += "; a label beside it says otherwise: " + f.Conflict
	}
	return out
}

// findingItem is a place in code as an item.
func (b *builder) findingItem(n *notice, p placed) cutover.Item {
	f := &b.found.all[p.at]
	where := f.Repository + ": " + f.Path
	if f.Line > 0 {
		where += ":" + strconv.Itoa(f.Line)
	}
	return cutover.Item{
		Kind: cutover.ItemFinding, ID: f.ID(), Where: where, Why: findingWhy(n, f, p), Named: true,
		Repository: f.Repository, Path: f.Path, Line: f.Line, Commit: f.Commit, Link: b.link(f), Identity: p.identity,
	}
}

// link is the place on the repository's own pages; empty where it has none. A
// digest of a folder is no commit there, the branch is.
func (b *builder) link(f *cutover.Finding) string {
	r := b.repos[f.Repository]
	if r.URL == "" {
		return ""
	}
	at := cmpOr(r.Branch, "HEAD")
	if len(f.Commit) == 40 {
		at = f.Commit
	}
	parts := strings.Split(f.Path, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	link := strings.TrimSuffix(strings.TrimSuffix(r.URL, "/"), ".git") + "/blob/" + at + "/" + strings.Join(parts, "/")
	if f.Line > 0 {
		link += "#L" + strconv.Itoa(f.Line)
	}
	return link
}
