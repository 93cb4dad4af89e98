package sqlite

import (
	"iter"

	"cutover/shared/cutover"
)

// caseOpen is the state of a case that still waits.
const caseOpen = "open"

// Decisions lists those about one target, or all, in the order they were said.
func (r *reader) Decisions(target string) iter.Seq2[cutover.Decision, error] {
	if target == "" {
		return documents[cutover.Decision](r, "decisions", `SELECT doc FROM decisions ORDER BY said, seq`)
	}
	return documents[cutover.Decision](r, "decisions", `SELECT doc FROM decisions WHERE target = $1 ORDER BY said, seq`, target)
}

// Case loads by id.
func (r *reader) Case(id string) (cutover.Case, error) {
	return document[cutover.Case](r, "case "+id, `SELECT doc FROM cases WHERE id = $1`, id)
}

// Cases lists the open ones, or all.
func (r *reader) Cases(all bool) iter.Seq2[cutover.Case, error] {
	if all {
		return documents[cutover.Case](r, "cases", `SELECT doc FROM cases ORDER BY opened, id`)
	}
	return documents[cutover.Case](r, "cases", `SELECT doc FROM cases WHERE state = $1 ORDER BY opened, id`, caseOpen)
}

// PutDecision appends; what was said stays as it was said.
func (t *tx) PutDecision(d cutover.Decision) (bool, error) {
	doc, err := t.encode("decision "+d.ID, d)
	if err != nil {
		return false, err
	}
	n, err := t.exec("decision "+d.ID, `INSERT INTO decisions (id, seq, target, said, doc)
		VALUES ($1, (SELECT COALESCE(MAX(seq), 0) + 1 FROM decisions), $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
		d.ID, d.Target, d.At.UnixMilli(), doc)
	if err != nil {
		return false, err
	}
	return n > 0, t.facts(n)
}

// PutCase writes a case.
func (t *tx) PutCase(c cutover.Case) error {
	doc, err := t.encode("case "+c.ID, c)
	if err != nil {
		return err
	}
	n, err := t.exec("case "+c.ID, `INSERT INTO cases (id, state, opened, doc) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET state = excluded.state, opened = excluded.opened, doc = excluded.doc
		WHERE cases.doc <> excluded.doc`, c.ID, c.State, c.Opened.UnixMilli(), doc)
	if err != nil {
		return err
	}
	return t.facts(n)
}
