package sqlite

import (
	"cmp"
	"iter"
	"slices"
	"strconv"

	"cutover/shared/cutover"
)

// Findings lists the findings of some identities, or all.
func (r *reader) Findings(identities []string) iter.Seq2[cutover.Finding, error] {
	query := `SELECT doc FROM findings`
	if len(identities) > 0 {
		query += ` WHERE id IN (SELECT finding FROM finding_identities WHERE identity IN ('',` + places(1, len(identities)) + `))`
	}
	return documents[cutover.Finding](r, "findings", query+` ORDER BY repository, path, line, fingerprint, id`, anys(identities)...)
}

// ReplaceFindings brings the findings of one repository up to date.
func (t *tx) ReplaceFindings(src cutover.Source, findings []cutover.Finding) error {
	var changed int64
	brought := seen{}
	count := map[string]int{}
	for _, f := range inOrder(findings) {
		first := findingID(f, 0)
		id := findingID(f, count[first])
		count[first]++
		n, err := t.putFinding(src, id, f)
		if err != nil {
			return err
		}
		changed += n
		brought.add(id)
	}
	n, err := t.drop(src, "findings", brought, "id")
	if err != nil {
		return err
	}
	if err := t.facts(changed + n); err != nil {
		return err
	}
	return t.PutSource(src)
}

// inOrder sorts a copy by line, so that repeated fingerprints are counted alike
// whatever order they come in.
func inOrder(findings []cutover.Finding) []cutover.Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b cutover.Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Identity, b.Identity))
	})
	return sorted
}

// findingID is the finding's key here. The line is no part of it, since a finding
// moves; where one fingerprint comes several times in a file, they are counted.
func findingID(f cutover.Finding, nth int) string {
	return cutover.Digest(f.Repository, f.Path, f.Fingerprint, strconv.Itoa(nth))[:32]
}

func (t *tx) putFinding(src cutover.Source, id string, f cutover.Finding) (int64, error) {
	what := "finding " + f.ID()
	doc, err := t.encode(what, f)
	if err != nil {
		return 0, err
	}
	n, err := t.exec(what, `INSERT INTO findings (id, source, repository, path, line, fingerprint, doc)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET source = excluded.source, line = excluded.line, doc = excluded.doc
		WHERE findings.doc <> excluded.doc OR findings.source <> excluded.source`,
		id, src.Name, f.Repository, f.Path, f.Line, f.Fingerprint, doc)
	if err != nil || n == 0 {
		return 0, err
	}
	if _, err := t.exec(what, `DELETE FROM finding_identities WHERE finding = $1`, id); err != nil {
		return 0, err
	}
	for _, identity := range identitiesOf(f) {
		_, err := t.exec(what, `INSERT INTO finding_identities (identity, finding) VALUES ($1, $2)`, identity, id)
		if err != nil {
			return 0, err
		}
	}
	return n, nil
}

// identitiesOf are the names a finding is asked for by; the empty one for none.
func identitiesOf(f cutover.Finding) []string {
	all := append([]string{f.Identity}, f.Identities...)
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) > 1 && all[0] == "" {
		return all[1:]
	}
	return all
}
