package storetest

import (
	"fmt"
	"iter"
	"slices"
	"testing"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

func finding(repo, path string, line int, fingerprint string, identities ...string) cutover.Finding {
	f := cutover.Finding{
		Repository: repo, Commit: "c0ffee", Path: path, Line: line, EndLine: line + 2, Kind: cutover.FindSHA1,
		Match: "d4de20d0…", Role: cutover.FileCode, Direction: cutover.DirectionTrusts, Fingerprint: fingerprint,
		Confidence: "high", Reason: "a thumbprint of the catalogue", OwnerHints: []string{"@contoso/payments-devs"},
		Places: []cutover.Place{{Path: path, Line: line + 9}},
	}
	if len(identities) > 0 {
		f.Identity = identities[0]
	}
	if len(identities) > 1 {
		f.Identities = identities
	}
	return f
}

func scan(repo string, hour int, complete bool) cutover.Source {
	s := look(repo, hour, complete)
	s.Kind = cutover.SourceRepository
	return s
}

func putFindings(t testing.TB, st store.Store, src cutover.Source, fs ...cutover.Finding) {
	t.Helper()
	update(t, st, func(tx store.Tx) error { return tx.ReplaceFindings(src, fs) })
}

func findings(t testing.TB, st store.Store, identities ...string) []cutover.Finding {
	t.Helper()
	return from(t, st, func(r store.Reader) iter.Seq2[cutover.Finding, error] { return r.Findings(identities) })
}

func testFindings(t *testing.T, st store.Store) {
	root := finding("r/a", "x.go", 7, "f1", "Root")
	both := finding("r/a", "ca.pem", 1, "f2", "Other", "Root", "Third")
	sdk := finding("r/a", "go.mod", 3, "f3")
	only := finding("r/b", "b.go", 1, "f4")
	only.Identities = []string{"Listed"} // a bundle: no identity of its own
	other := finding("r/b", "a.go", 20, "f5", "Other")
	putFindings(t, st, scan("r/b", 0, true), only, other)
	putFindings(t, st, scan("r/a", 0, true), root, sdk, both)
	tests := []struct {
		name string
		ask  []string
		want []cutover.Finding
	}{
		{"all", nil, []cutover.Finding{both, sdk, root, other, only}},
		{"one identity, and those without", []string{"Root"}, []cutover.Finding{both, sdk, root}},
		{"two that one finding names", []string{"Third", "Other"}, []cutover.Finding{both, sdk, other}},
		{"a bundle's", []string{"Listed"}, []cutover.Finding{sdk, only}},
		{"an unknown one", []string{"Nobody"}, []cutover.Finding{sdk}},
	}
	for _, tt := range tests {
		same(t, tt.name, findings(t, st, tt.ask...), tt.want)
	}
}

func testFindingsReplaced(t *testing.T, st store.Store) {
	a, b, c := finding("r", "a", 1, "fa", "Root"), finding("r", "b", 1, "fb", "Root"), finding("r", "c", 1, "fc", "Root")
	putFindings(t, st, scan("other", 0, true), finding("other", "z", 1, "fz", "Root"))
	putFindings(t, st, scan("r", 0, true), a, b)
	moved := finding("r", "b", 40, "fb", "New") // the same finding at another line, read anew
	putFindings(t, st, scan("r", 1, false), moved, c)
	z := finding("other", "z", 1, "fz", "Root")
	same(t, "after an incomplete scan", findings(t, st), []cutover.Finding{z, a, moved, c})
	same(t, "by the new identity", findings(t, st, "New"), []cutover.Finding{moved})
	same(t, "by the old identity", findings(t, st, "Root"), []cutover.Finding{z, a, c})
	putFindings(t, st, scan("r", 2, true), c)
	same(t, "after a complete scan", findings(t, st), []cutover.Finding{z, c})
	putFindings(t, st, scan("r", 3, true))
	same(t, "after an empty complete scan", findings(t, st), []cutover.Finding{z})
}

// The same content twice in one file is two findings, in whatever order they come.
func testFindingsRepeat(t *testing.T, st store.Store) {
	var fs []cutover.Finding
	for i := range 4 {
		fs = append(fs, finding("r", "a", 10*i, "same", fmt.Sprint("Root ", i)))
	}
	putFindings(t, st, scan("r", 0, true), fs...)
	same(t, "all", findings(t, st), fs)
	before := generation(t, st)
	slices.Reverse(fs)
	putFindings(t, st, scan("r", 0, true), fs...)
	slices.Reverse(fs)
	same(t, "all, brought the other way round", findings(t, st), fs)
	if after := generation(t, st); after != before {
		t.Errorf("the order of the findings is no fact, but the generation went from %d to %d", before, after)
	}
}
