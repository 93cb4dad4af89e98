package sqlite

import (
	"database/sql"
	"fmt"
	"iter"

	"cutover/shared/cutover"
)

// Subscriptions lists all by id.
func (r *reader) Subscriptions() iter.Seq2[cutover.Subscription, error] {
	return documents[cutover.Subscription](r, "subscriptions", `SELECT doc FROM subscriptions ORDER BY id`)
}

// Groups lists all by subscription and name.
func (r *reader) Groups() iter.Seq2[cutover.Group, error] {
	return documents[cutover.Group](r, "resource groups", `SELECT doc FROM resource_groups ORDER BY subscription, name`)
}

// few is up to how many resources are fetched through the index and sorted; more
// come faster by reading the whole table in its own order.
const few = 10_000

// Candidates lists the resources of some types in some regions.
func (r *reader) Candidates(types, regions []string) iter.Seq2[cutover.Resource, error] {
	return func(yield func(cutover.Resource, error) bool) {
		if len(types) == 0 {
			return
		}
		where := `type IN (` + places(1, len(types)) + `)`
		if len(regions) > 0 {
			where += ` AND region IN (` + places(1+len(types), len(regions)) + `)`
		}
		args := append(anys(types), anys(regions)...)
		var n int
		err := r.tx.QueryRow(`SELECT count(*) FROM (SELECT 1 FROM resources WHERE `+where+fmt.Sprintf(` LIMIT %d)`, few), args...).Scan(&n)
		if err != nil {
			yield(cutover.Resource{}, r.s.fail("reading resources from store", err))
			return
		}
		if n == few {
			where = "+" + where // SQLite: not by the index of this column
		}
		stream(r, "resources", scanResource, `SELECT doc FROM resources WHERE `+where+` ORDER BY id`, args...)(yield)
	}
}

func scanResource(rows *sql.Rows) (cutover.Resource, error) {
	var line string
	if err := rows.Scan(&line); err != nil {
		return cutover.Resource{}, err
	}
	return decodeResource(line)
}

// Resource loads one by id, without case.
func (r *reader) Resource(id string) (cutover.Resource, error) {
	var line string
	if err := r.row("resource "+id, `SELECT doc FROM resources WHERE id = $1`, []any{cutover.Fold(id)}, &line); err != nil {
		return cutover.Resource{}, err
	}
	res, err := decodeResource(line)
	if err != nil {
		return res, r.s.fail("reading resource "+id+" from store", err)
	}
	return res, nil
}
