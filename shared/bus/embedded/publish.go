package embedded

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"cutover/shared/bus"
	"cutover/shared/cutover"
)

// letter is an event ready to be written.
type letter struct {
	id     string
	doc    string
	queues []string
}

// letter makes an event ready. One that nobody would receive, or that cannot be
// written, is refused as bus.Poison: trying again does not help.
func (b *Bus) letter(e cutover.Event) (letter, error) {
	queues := b.routes[e.Type]
	switch {
	case e.ID == "":
		return letter{}, bus.Poison{Reason: "event without id", Err: fmt.Errorf("type %q, subject %q", e.Type, e.Subject)}
	case len(queues) == 0:
		return letter{}, bus.Poison{Reason: "unroutable event", Err: fmt.Errorf("event %s of type %q: %w", e.ID, e.Type, ErrUnroutable)}
	}
	doc, err := json.Marshal(e)
	if err != nil {
		return letter{}, bus.Poison{Reason: "unreadable event", Err: fmt.Errorf("encoding event %s: %w", e.ID, err)}
	}
	return letter{id: e.ID, doc: string(doc), queues: queues}, nil
}

// Publish sends the events to the queues of their types, all or none.
func (b *Bus) Publish(ctx context.Context, events ...cutover.Event) error {
	if len(events) == 0 {
		return nil
	}
	letters := make([]letter, len(events))
	for i, e := range events {
		var err error
		if letters[i], err = b.letter(e); err != nil {
			return fmt.Errorf("publishing: %w", err)
		}
	}
	err := b.do(ctx, func(w *writer) error {
		now := b.millis()
		for _, l := range letters {
			if err := b.post(w, l, now, now); err != nil {
				return err
			}
		}
		return b.prune(w, now)
	})
	if err != nil {
		return fmt.Errorf("publishing %d events: %w", len(events), err)
	}
	return nil
}

// post writes one event to its queues, unless its id was seen within the window.
func (b *Bus) post(w *writer, l letter, now, enqueued int64) error {
	fresh, err := w.exec(`INSERT INTO bus_seen (id, seen) VALUES ($1, $2)
		ON CONFLICT (id) DO UPDATE SET seen = excluded.seen WHERE bus_seen.seen <= $3`, l.id, now, now-b.window.Milliseconds())
	if err != nil || fresh == 0 {
		return err
	}
	for _, q := range l.queues {
		_, err := w.exec(`INSERT INTO bus_messages (queue, id, event, enqueued, ready) VALUES ($1, $2, $3, $4, 0)`, q, l.id, l.doc, enqueued)
		if err != nil {
			return err
		}
	}
	return nil
}

// prune forgets ids outside the duplicate window, now and then.
func (b *Bus) prune(w *writer, now int64) error {
	b.mu.Lock()
	due := now-b.pruned >= time.Minute.Milliseconds() || now < b.pruned
	if due {
		b.pruned = now
	}
	b.mu.Unlock()
	if !due {
		return nil
	}
	_, err := w.exec(`DELETE FROM bus_seen WHERE seen <= $1`, now-b.window.Milliseconds())
	return err
}

// Schedule sends the event at a time. Whether its id is a duplicate is decided
// then.
func (b *Bus) Schedule(ctx context.Context, event cutover.Event, at time.Time) (string, error) {
	l, err := b.letter(event)
	if err != nil {
		return "", fmt.Errorf("scheduling: %w", err)
	}
	t := token(at.UnixMilli())
	err = b.do(ctx, func(w *writer) error {
		_, err := w.exec(`INSERT INTO bus_scheduled (token, due, event) VALUES ($1, $2, $3)`, t, at.UnixMilli(), l.doc)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("scheduling event %s: %w", event.ID, err)
	}
	return t, nil
}

// Cancel takes a scheduled event back. One whose time has come is out, whether or
// not somebody looked into the queue since.
func (b *Bus) Cancel(ctx context.Context, token string) error {
	err := b.do(ctx, func(w *writer) error {
		n, err := w.exec(`DELETE FROM bus_scheduled WHERE token = $1 AND due > $2`, token, b.millis())
		if err == nil && n == 0 {
			err = bus.ErrNotFound
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("cancelling a scheduled event: %w", err)
	}
	return nil
}

// release sends the scheduled events whose time has come, in the order of their
// times.
func (b *Bus) release(w *writer, now int64) error {
	st, err := w.stmt(`SELECT token, due, event FROM bus_scheduled WHERE due <= $1 ORDER BY due, rowid`)
	if err != nil {
		return err
	}
	all, err := collect(func(rows *sql.Rows) (s scheduled, err error) {
		return s, rows.Scan(&s.token, &s.due, &s.doc)
	})(st.Query(now))
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := b.postScheduled(w, s, now); err != nil {
			return err
		}
	}
	return nil
}

// scheduled is a row of the schedule.
type scheduled struct {
	token, doc string
	due        int64
}

func (b *Bus) postScheduled(w *writer, s scheduled, now int64) error {
	var e cutover.Event
	if err := json.Unmarshal([]byte(s.doc), &e); err != nil {
		return fmt.Errorf("decoding a scheduled event: %w", err)
	}
	queues := b.routes[e.Type]
	if len(queues) == 0 { // the topology changed since it was scheduled
		queues = b.queues[:1]
	}
	if err := b.post(w, letter{id: e.ID, doc: s.doc, queues: queues}, now, s.due); err != nil {
		return err
	}
	_, err := w.exec(`DELETE FROM bus_scheduled WHERE token = $1`, s.token)
	return err
}
