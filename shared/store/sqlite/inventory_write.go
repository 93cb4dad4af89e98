package sqlite

import (
	"database/sql"
	"fmt"
	"strings"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// ReplaceInventory brings the rows of one inventory source up to date. Rows that
// are as they were cost a comparison and no write.
func (t *tx) ReplaceInventory(src cutover.Source, rows store.Rows) error {
	changed, err := t.putSubscriptions(src, rows.Subscriptions)
	if err != nil {
		return err
	}
	n, err := t.putGroups(src, rows.Groups)
	if err != nil {
		return err
	}
	changed += n
	if n, err = t.putResources(src, rows); err != nil {
		return err
	}
	if err := t.facts(changed + n); err != nil {
		return err
	}
	return t.PutSource(src)
}

func (t *tx) putSubscriptions(src cutover.Source, subs []cutover.Subscription) (int64, error) {
	var changed int64
	brought := seen{}
	for _, s := range subs {
		doc, err := t.encode("subscription "+s.ID, s)
		if err != nil {
			return 0, err
		}
		n, err := t.exec("subscription "+s.ID, `INSERT INTO subscriptions (id, source, doc) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET source = excluded.source, doc = excluded.doc
			WHERE subscriptions.doc <> excluded.doc OR subscriptions.source <> excluded.source`, s.ID, src.Name, doc)
		if err != nil {
			return 0, err
		}
		changed += n
		brought.add(s.ID)
	}
	n, err := t.drop(src, "subscriptions", brought, "id")
	return changed + n, err
}

func (t *tx) putGroups(src cutover.Source, groups []cutover.Group) (int64, error) {
	var changed int64
	brought := seen{}
	for _, g := range groups {
		what := "resource group " + g.Subscription + "/" + g.Name
		doc, err := t.encode(what, g)
		if err != nil {
			return 0, err
		}
		n, err := t.exec(what, `INSERT INTO resource_groups (subscription, name, source, doc) VALUES ($1, $2, $3, $4)
			ON CONFLICT (subscription, name) DO UPDATE SET source = excluded.source, doc = excluded.doc
			WHERE resource_groups.doc <> excluded.doc OR resource_groups.source <> excluded.source`, g.Subscription, g.Name, src.Name, doc)
		if err != nil {
			return 0, err
		}
		changed += n
		brought.add(g.Subscription, g.Name)
	}
	n, err := t.drop(src, "resource_groups", brought, "subscription", "name")
	return changed + n, err
}

// drop deletes the rows of a table that a complete source did not bring.
func (t *tx) drop(src cutover.Source, table string, brought seen, columns ...string) (int64, error) {
	if !src.Complete {
		return 0, nil
	}
	scan := func(rows *sql.Rows) ([]string, error) {
		key := make([]string, len(columns))
		dest := make([]any, len(columns))
		for i := range key {
			dest[i] = &key[i]
		}
		return key, rows.Scan(dest...)
	}
	var gone [][]string
	stored := `SELECT ` + strings.Join(columns, ", ") + ` FROM ` + table + ` WHERE source = $1`
	for key, err := range stream(t.reader, table, scan, stored, src.Name) {
		if err != nil {
			return 0, err
		}
		if !brought.has(key...) {
			gone = append(gone, key)
		}
	}
	var where []string
	for i, c := range columns {
		where = append(where, fmt.Sprintf("%s = $%d", c, i+1))
	}
	del := `DELETE FROM ` + table + ` WHERE ` + strings.Join(where, " AND ")
	for _, key := range gone {
		if _, err := t.exec(table, del, anys(key)...); err != nil {
			return 0, err
		}
	}
	return int64(len(gone)), nil
}
