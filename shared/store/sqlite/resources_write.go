package sqlite

import (
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"iter"
	"strings"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// Resources are many, and from one look to the next most of them are the same. So
// the stored rows are read once, as digests, and only what differs is written. It
// goes through a temporary table and from there in the order of the ids, so that
// each page of the file is written once and not once per row on it.
const (
	makeIncoming = `CREATE TEMP TABLE IF NOT EXISTS incoming (
		seq INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, region TEXT NOT NULL, doc TEXT NOT NULL)`
	// Of two rows with the same id the later one wins.
	moveIncoming = `INSERT INTO resources (id, type, region, source, doc)
		SELECT id, type, region, $1, doc FROM incoming WHERE true ORDER BY id, seq
		ON CONFLICT (id) DO UPDATE SET type = excluded.type, region = excluded.region, source = excluded.source, doc = excluded.doc`
	clearIncoming = `DELETE FROM incoming`

	batch = 20 // rows of one statement
)

// known is what is stored of one resource, in few bytes.
type known struct {
	content uint64 // digest of source and row
	mine    bool   // it came from this source
	brought bool   // and this look brought it again
}

func (t *tx) putResources(src cutover.Source, rows store.Rows) (int64, error) {
	stored, err := t.knownResources(src.Name)
	if err != nil {
		return 0, err
	}
	if rows.Resources == nil { // none
		return t.dropResources(src, stored)
	}
	if _, err := t.exec("resources", makeIncoming); err != nil {
		return 0, err
	}
	changed, err := t.takeIn(src, rows.Resources, stored)
	if err != nil {
		return 0, err
	}
	if _, err := t.exec("resources", moveIncoming, src.Name); err != nil {
		return 0, err
	}
	if _, err := t.exec("resources", clearIncoming); err != nil {
		return 0, err
	}
	gone, err := t.dropResources(src, stored)
	return changed + gone, err
}

// takeIn puts the rows that differ from what is stored into the temporary table.
func (t *tx) takeIn(src cutover.Source, rows iter.Seq2[cutover.Resource, error], stored map[[16]byte]known) (int64, error) {
	var changed int64
	var line []byte
	args := make([]any, 0, batch*4)
	for r, err := range rows {
		if err != nil {
			return 0, t.spend(fmt.Errorf("taking in the inventory %s: %w", src.Name, err))
		}
		id := cutover.Fold(r.ID)
		line = encodeResource(line[:0], r)
		key, now := digest([]string{id}), known{content: content(src.Name, line), mine: true, brought: true}
		before, ok := stored[key]
		stored[key] = now
		if ok && before.content == now.content {
			continue
		}
		changed++
		args = append(args, id, r.Type, r.Region, string(line))
		if len(args) < cap(args) {
			continue
		}
		if err := t.bring(args); err != nil {
			return 0, err
		}
		args = args[:0]
	}
	return changed, t.bring(args)
}

// bring writes some rows to the temporary table. The parameters have no names,
// since SQLite looks each name up in the list of all.
func (t *tx) bring(args []any) error {
	if len(args) == 0 {
		return nil
	}
	row := strings.Repeat(",(?,?,?,?)", len(args)/4)
	_, err := t.exec("resources", `INSERT INTO incoming (id, type, region, doc) VALUES `+row[1:], args...)
	return err
}

func content(source string, line []byte) uint64 {
	h := sha256.New()
	h.Write([]byte(source))
	h.Write([]byte{0})
	h.Write(line)
	return binary.BigEndian.Uint64(h.Sum(nil))
}

func (t *tx) knownResources(source string) (map[[16]byte]known, error) {
	type row struct{ id, source, doc string }
	scan := func(rows *sql.Rows) (r row, err error) {
		return r, rows.Scan(&r.id, &r.source, &r.doc)
	}
	stored := map[[16]byte]known{}
	for r, err := range stream(t.reader, "resources", scan, `SELECT id, source, doc FROM resources`) {
		if err != nil {
			return nil, err
		}
		stored[digest([]string{r.id})] = known{content: content(r.source, []byte(r.doc)), mine: r.source == source}
	}
	return stored, nil
}

// dropResources deletes what a complete source did not bring again. Mostly that
// is nothing, and then the rows are not read again.
func (t *tx) dropResources(src cutover.Source, stored map[[16]byte]known) (int64, error) {
	gone := false
	brought := seen{}
	for key, k := range stored {
		if k.brought {
			brought[key] = struct{}{}
		}
		gone = gone || (k.mine && !k.brought)
	}
	if !gone {
		return 0, nil
	}
	return t.drop(src, "resources", brought, "id")
}
