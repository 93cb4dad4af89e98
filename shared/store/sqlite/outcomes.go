package sqlite

import (
	"database/sql"
	"iter"

	"cutover/shared/cutover"
)

// Outcomes of the last pass, by notice and scope.
func (r *reader) Outcomes(notice string) iter.Seq2[cutover.Outcome, error] {
	if notice == "" {
		return documents[cutover.Outcome](r, "outcomes", `SELECT doc FROM outcomes ORDER BY notice, scope, nth`)
	}
	return documents[cutover.Outcome](r, "outcomes", `SELECT doc FROM outcomes WHERE notice = $1 ORDER BY scope, nth`, notice)
}

type outcomeKey struct {
	notice, scope string
	nth           int
}

type outcomeRow struct {
	key outcomeKey
	doc string
}

// PutOutcomes replaces the outcomes of the last pass. Most of them are the same
// every time, so that only the difference is written.
func (t *tx) PutOutcomes(os []cutover.Outcome) error {
	stored, err := t.storedOutcomes()
	if err != nil {
		return err
	}
	count := map[[2]string]int{}
	for _, o := range os {
		doc, err := t.encode("outcome of "+o.Notice, o)
		if err != nil {
			return err
		}
		k := outcomeKey{o.Notice, o.Scope, count[[2]string{o.Notice, o.Scope}]}
		count[[2]string{o.Notice, o.Scope}]++
		same := stored[k] == doc
		delete(stored, k)
		if same {
			continue
		}
		_, err = t.exec("outcome of "+o.Notice, `INSERT INTO outcomes (notice, scope, nth, doc) VALUES ($1, $2, $3, $4)
			ON CONFLICT (notice, scope, nth) DO UPDATE SET doc = excluded.doc`, k.notice, k.scope, k.nth, doc)
		if err != nil {
			return err
		}
	}
	for k := range stored { // what the pass did not bring; the order does not matter
		_, err := t.exec("outcome of "+k.notice, `DELETE FROM outcomes WHERE notice = $1 AND scope = $2 AND nth = $3`, k.notice, k.scope, k.nth)
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) storedOutcomes() (map[outcomeKey]string, error) {
	stored := map[outcomeKey]string{}
	scan := func(rows *sql.Rows) (outcomeRow, error) {
		var o outcomeRow
		return o, rows.Scan(&o.key.notice, &o.key.scope, &o.key.nth, &o.doc)
	}
	for o, err := range stream(t.reader, "outcomes", scan, `SELECT notice, scope, nth, doc FROM outcomes`) {
		if err != nil {
			return nil, err
		}
		stored[o.key] = o.doc
	}
	return stored, nil
}
