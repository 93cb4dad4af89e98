package embedded

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"cutover/shared/bus"
)

// DeadLettered lists what needs a person, oldest first. Messages whose last lock
// ran out while nobody received are put aside first.
func (b *Bus) DeadLettered(ctx context.Context) ([]bus.Dead, error) {
	if err := b.do(ctx, b.sweep); err != nil {
		return nil, fmt.Errorf("listing dead letters: %w", err)
	}
	rows, err := b.db.QueryContext(ctx, `SELECT queue, id, event, attempts, reason, description, died
		FROM bus_messages WHERE dead = 1 ORDER BY died, seq`)
	if err != nil {
		return nil, fmt.Errorf("listing dead letters: %w", err)
	}
	defer rows.Close()
	var all []bus.Dead
	for rows.Next() {
		var d bus.Dead
		var doc []byte
		var died int64
		if err := rows.Scan(&d.Queue, &d.ID, &doc, &d.Attempts, &d.Reason, &d.Description, &died); err != nil {
			return nil, fmt.Errorf("listing dead letters: %w", err)
		}
		if err := json.Unmarshal(doc, &d.Event); err != nil {
			return nil, fmt.Errorf("decoding dead event %s: %w", d.ID, err)
		}
		d.ID, d.At = d.Queue+":"+d.ID, instant(died)
		all = append(all, d)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("listing dead letters: %w", err)
	}
	return all, nil
}

// sweep buries what was tried often enough and is locked no more.
func (b *Bus) sweep(w *writer) error {
	now := b.millis()
	for _, queue := range b.queues {
		st, err := w.stmt(`SELECT seq, attempts, enqueued, event, id, said FROM bus_messages
			WHERE queue = $1 AND dead = 0 AND ready <= $2 AND attempts >= $3 ORDER BY seq`)
		if err != nil {
			return err
		}
		rows, err := collect(scanWaiting)(st.Query(queue, now, b.max))
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := bury(w, r.seq, queue, r.id, exhausted, lastWords(r), now); err != nil {
				return err
			}
		}
	}
	return nil
}

// Retry puts a message at the end of its queue with a fresh count.
func (b *Bus) Retry(ctx context.Context, id string) error {
	queue, event, _ := strings.Cut(id, ":")
	err := b.do(ctx, func(w *writer) error {
		n, err := w.exec(`INSERT INTO bus_messages (queue, id, event, enqueued, ready)
			SELECT queue, id, event, $1, 0 FROM bus_messages WHERE queue = $2 AND id = $3 AND dead = 1`, b.millis(), queue, event)
		if err == nil && n == 0 {
			err = bus.ErrNotFound
		}
		if err != nil {
			return err
		}
		_, err = w.exec(`DELETE FROM bus_messages WHERE queue = $1 AND id = $2 AND dead = 1`, queue, event)
		return err
	})
	if err != nil {
		return fmt.Errorf("retrying dead letter %s: %w", id, err)
	}
	return nil
}

// Drop removes a message for good.
func (b *Bus) Drop(ctx context.Context, id string) error {
	queue, event, _ := strings.Cut(id, ":")
	err := b.do(ctx, func(w *writer) error {
		n, err := w.exec(`DELETE FROM bus_messages WHERE queue = $1 AND id = $2 AND dead = 1`, queue, event)
		if err == nil && n == 0 {
			err = bus.ErrNotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("dropping dead letter %s: %w", id, err)
	}
	return nil
}
