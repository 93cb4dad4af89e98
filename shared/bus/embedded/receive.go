package embedded

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"cutover/shared/bus"
)

// exhausted is the reason of messages that were tried too often. Azure Service
// Bus has the same word for it.
const exhausted = "MaxDeliveryCountExceeded"

// Receive locks the oldest messages that may be received. An empty queue costs a
// read and no commit.
func (b *Bus) Receive(ctx context.Context, queue string, max int, lock time.Duration) ([]bus.Message, error) {
	if !slices.Contains(b.queues, queue) {
		return nil, fmt.Errorf("receiving from queue %q: there are only %s", queue, strings.Join(b.queues, ", "))
	}
	if max <= 0 {
		return nil, nil
	}
	if lock <= 0 {
		lock = bus.DefaultLock
	}
	some, err := b.anything(ctx, queue)
	if err != nil || !some {
		return nil, err
	}
	var ms []bus.Message
	err = b.do(ctx, func(w *writer) error {
		now := b.millis()
		if err := b.release(w, now); err != nil {
			return err
		}
		var err error
		ms, err = b.lock(w, queue, max, now, now+lock.Milliseconds())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("receiving from queue %s: %w", queue, err)
	}
	return ms, nil
}

// anything reports whether a queue has, or a schedule may bring, a message.
func (b *Bus) anything(ctx context.Context, queue string) (bool, error) {
	b.mu.Lock()
	closed := b.closed
	b.mu.Unlock()
	if closed {
		return false, ErrClosed
	}
	var some bool
	now := b.millis()
	err := b.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM bus_messages WHERE queue = $1 AND dead = 0 AND ready <= $2)
		OR EXISTS (SELECT 1 FROM bus_scheduled WHERE due <= $2)`, queue, now).Scan(&some)
	if err != nil {
		return false, fmt.Errorf("looking into queue %s: %w", queue, err)
	}
	return some, nil
}

// waiting is a row that may be received.
type waiting struct {
	seq, attempts, enqueued int64
	doc, id, said           string
}

// lock takes up to max messages. Those that were tried often enough go to the
// dead-letter queue instead, so that it may have to look again.
func (b *Bus) lock(w *writer, queue string, max int, now, until int64) ([]bus.Message, error) {
	var ms []bus.Message
	for len(ms) < max {
		rows, err := b.next(w, queue, max-len(ms), now)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			if r.attempts >= int64(b.max) {
				err := bury(w, r.seq, queue, r.id, exhausted, lastWords(r), now)
				if err != nil {
					return nil, err
				}
				continue
			}
			m, err := hand(w, queue, r, until)
			if err != nil {
				return nil, err
			}
			ms = append(ms, m)
		}
	}
	return ms, nil
}

// lastWords describes a message whose last lock ran out.
func lastWords(r waiting) string {
	words := fmt.Sprintf("the lock of delivery %d ran out", r.attempts)
	if r.said != "" {
		words += "; before that: " + r.said
	}
	return words
}

func (b *Bus) next(w *writer, queue string, max int, now int64) ([]waiting, error) {
	st, err := w.stmt(`SELECT seq, attempts, enqueued, event, id, said FROM bus_messages
		WHERE queue = $1 AND dead = 0 AND ready <= $2 ORDER BY seq LIMIT $3`)
	if err != nil {
		return nil, err
	}
	return collect(scanWaiting)(st.Query(queue, now, max))
}

func scanWaiting(rows *sql.Rows) (r waiting, err error) {
	return r, rows.Scan(&r.seq, &r.attempts, &r.enqueued, &r.doc, &r.id, &r.said)
}

// hand locks one row and makes the message of it.
func hand(w *writer, queue string, r waiting, until int64) (bus.Message, error) {
	m := bus.Message{
		Queue: queue, Token: token(r.seq), Attempt: int(r.attempts) + 1,
		Enqueued: instant(r.enqueued), Locked: instant(until),
	}
	if err := json.Unmarshal([]byte(r.doc), &m.Event); err != nil {
		return m, fmt.Errorf("decoding event %s: %w", r.id, err)
	}
	_, err := w.exec(`UPDATE bus_messages SET token = $1, ready = $2, attempts = attempts + 1 WHERE seq = $3`, m.Token, until, r.seq)
	return m, err
}
