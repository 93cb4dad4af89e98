package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// Delivery loads one with its bytes.
func (r *reader) Delivery(id string) (cutover.Delivery, error) {
	var d cutover.Delivery
	var doc, raw []byte
	var state, notice string
	what := "delivery " + id
	err := r.row(what, `SELECT d.doc, d.state, d.notice, b.raw FROM deliveries d
		JOIN delivery_bytes b ON b.delivery = d.id WHERE d.id = $1`, []any{id}, &doc, &state, &notice, &raw)
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(doc, &d); err != nil {
		return d, fmt.Errorf("decoding %s of store %s: %w", what, r.s.path, err)
	}
	d.State, d.Notice, d.Raw = cutover.DeliveryState(state), notice, raw
	return d, nil
}

// Deliveries lists without bytes.
func (r *reader) Deliveries(states ...cutover.DeliveryState) iter.Seq2[cutover.Delivery, error] {
	query := `SELECT doc, state, notice FROM deliveries ORDER BY received, id`
	if len(states) > 0 {
		query = `SELECT doc, state, notice FROM deliveries WHERE state IN (` + places(1, len(states)) + `) ORDER BY received, id`
	}
	return stream(r, "deliveries", func(rows *sql.Rows) (cutover.Delivery, error) {
		var d cutover.Delivery
		var doc sql.RawBytes
		var state, notice string
		if err := rows.Scan(&doc, &state, &notice); err != nil {
			return d, err
		}
		err := json.Unmarshal(doc, &d)
		d.State, d.Notice = cutover.DeliveryState(state), notice
		return d, err
	}, query, anys(states)...)
}

// Reading is what was read from a delivery.
func (r *reader) Reading(delivery string) (cutover.Reading, error) {
	return document[cutover.Reading](r, "reading of delivery "+delivery, `SELECT doc FROM readings WHERE delivery = $1`, delivery)
}

// PutDelivery keeps a delivery once.
func (t *tx) PutDelivery(d cutover.Delivery) (bool, error) {
	doc, err := t.encode("delivery "+d.ID, d)
	if err != nil {
		return false, err
	}
	n, err := t.exec("delivery "+d.ID, `INSERT INTO deliveries (id, state, notice, received, doc)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`, d.ID, string(d.State), d.Notice, d.Received.UnixMilli(), doc)
	if err != nil || n == 0 {
		return false, err
	}
	raw := d.Raw
	if raw == nil {
		raw = []byte{} // the driver makes NULL of nil
	}
	_, err = t.exec("the bytes of delivery "+d.ID, `INSERT INTO delivery_bytes (delivery, raw) VALUES ($1, $2)`, d.ID, raw)
	return err == nil, err
}

// SetDelivery records what became of a delivery.
func (t *tx) SetDelivery(id string, state cutover.DeliveryState, notice string) error {
	n, err := t.exec("delivery "+id, `UPDATE deliveries SET state = $1, notice = $2 WHERE id = $3`, string(state), notice, id)
	if err == nil && n == 0 {
		err = fmt.Errorf("setting the state of delivery %s: %w", id, store.ErrNotFound)
	}
	return err
}

// PutReading writes what a delivery says.
func (t *tx) PutReading(rd cutover.Reading) error {
	doc, err := t.encode("reading of delivery "+rd.Delivery, rd)
	if err != nil {
		return err
	}
	_, err = t.exec("reading of delivery "+rd.Delivery, `INSERT INTO readings (delivery, doc) VALUES ($1, $2)
		ON CONFLICT (delivery) DO UPDATE SET doc = excluded.doc`, rd.Delivery, doc)
	return err
}
