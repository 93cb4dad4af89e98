package sqlite

import (
	"cutover/shared/cutover"
)

// Pending lists the oldest events of the outbox.
func (r *reader) Pending(max int) ([]cutover.Event, error) {
	var es []cutover.Event
	for e, err := range documents[cutover.Event](r, "the outbox", `SELECT doc FROM outbox ORDER BY seq LIMIT $1`, max) {
		if err != nil {
			return nil, err
		}
		es = append(es, e)
	}
	return es, nil
}

// Emit puts events into the outbox. One that waits there already stands for both:
// the same id is the same cause.
func (t *tx) Emit(events ...cutover.Event) error {
	for _, e := range events {
		doc, err := t.encode("event "+e.ID, e)
		if err != nil {
			return err
		}
		_, err = t.exec("event "+e.ID, `INSERT INTO outbox (id, seq, doc)
			VALUES ($1, (SELECT COALESCE(MAX(seq), 0) + 1 FROM outbox), $2) ON CONFLICT (id) DO NOTHING`, e.ID, doc)
		if err != nil {
			return err
		}
	}
	return nil
}

// Relayed takes events out of the outbox; one that is not there any more is fine.
func (t *tx) Relayed(ids ...string) error {
	for _, id := range ids {
		if _, err := t.exec("event "+id, `DELETE FROM outbox WHERE id = $1`, id); err != nil {
			return err
		}
	}
	return nil
}
