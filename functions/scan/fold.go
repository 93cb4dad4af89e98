package scan

import (
	"cmp"
	"slices"
	"strings"

	"cutover/functions/scan/codeowners"
	"cutover/functions/scan/detect"
	"cutover/shared/cutover"
)

// fold makes the findings of a repository out of what stands in its files. Copies
// of the same certificate material in files of the same owners are one finding with
// places; under different owners they are different findings, since different
// people must act.
func fold(repo cutover.Repository, version string, files []seen, owners *codeowners.File) []cutover.Finding {
	var props []detect.Property
	for _, f := range files {
		props = append(props, f.build.Properties...)
	}
	copies := map[string]int{}
	out := []cutover.Finding{}
	for _, f := range files {
		hits := f.result.Hits
		if len(f.build.Packages) > 0 {
			hits = slices.Concat(hits, detect.Resolve(f.entry.Path, f.build, props))
		}
		if len(hits) == 0 {
			continue
		}
		hints, rule := owners.Owners(f.entry.Path)
		for _, h := range hits {
			n := finding(h, f)
			n.Repository, n.Commit = repo.Name, version
			n.OwnerHints, n.OwnerRule = append([]string{}, hints...), rule
			key := copyKey(h, n)
			if i, seen := copies[key]; seen && key != "" {
				addCopy(&out[i], n)
				continue
			}
			copies[key] = len(out)
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, compare)
	return out
}

// copyKey is what copies have in common; empty for what is no certificate material:
// a thumbprint or name in two files is two places to change.
func copyKey(h detect.Hit, f cutover.Finding) string {
	if !h.Material() {
		return ""
	}
	return strings.Join(append([]string{f.Kind, f.Identity, h.Content, f.Role, f.Direction}, f.OwnerHints...), "\x00")
}

func addCopy(to *cutover.Finding, n cutover.Finding) {
	to.Places = append(to.Places, cutover.Place{Path: n.Path, Line: n.Line, EndLine: n.EndLine})
	to.Places = append(to.Places, n.Places...)
	if to.Conflict == "" && n.Conflict != "" {
		to.Conflict = "in " + n.Path + ": " + n.Conflict
	}
	for _, e := range n.Endpoints {
		if !slices.Contains(to.Endpoints, e) && len(to.Endpoints) < 5 {
			to.Endpoints = append(to.Endpoints, e)
		}
	}
	slices.Sort(to.Endpoints)
}

// finding writes a hit in the words of the contract. The fingerprint is made of
// what stands there and where, never of the line, so that it survives moved lines
// and re-indentation.
func finding(h detect.Hit, f seen) cutover.Finding {
	out := cutover.Finding{
		Path: f.entry.Path, Line: h.Line, EndLine: h.EndLine, Kind: h.Kind, Identity: h.Identity, Identities: h.Identities,
		Thumbprint: h.Thumbprint, Match: h.Match, Role: f.result.Role, Direction: h.Direction, Confidence: h.Confidence,
		Reason: h.Reason, Conflict: h.Conflict, Endpoints: f.result.Endpoints,
	}
	parts := []string{h.Kind, h.Identity, h.Content, f.entry.Path}
	if h.Direction == cutover.DirectionRefuses {
		parts = append(parts, h.Direction) // the same CA may be trusted in the same file
	}
	out.Fingerprint = cutover.Digest(parts...)
	for _, p := range h.Places {
		p.Path = cmp.Or(p.Path, f.entry.Path)
		out.Places = append(out.Places, p)
	}
	if h.Direction == cutover.DirectionRefuses {
		out.Reason += "; it stands in a list of what is refused"
	}
	if f.entry.Ignored {
		out.Reason += "; git ignores this file, it is read for its name"
	}
	return out
}

// compare is the order in which findings are listed.
func compare(a, b cutover.Finding) int {
	return cmp.Or(
		strings.Compare(a.Repository, b.Repository), strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line),
		strings.Compare(a.Kind, b.Kind), strings.Compare(a.Identity, b.Identity), strings.Compare(a.Fingerprint, b.Fingerprint),
	)
}
