package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cutover/shared/bus"
)

// row finds the row that a token locks.
func row(token string) (int64, error) {
	before, _, _ := strings.Cut(token, ".")
	seq, err := strconv.ParseInt(before, 10, 64)
	if err != nil {
		return 0, bus.ErrLockLost // no token of ours
	}
	return seq, nil
}

// Complete removes messages. If some locks are lost, the others are completed
// all the same and the error names the lost ones.
func (b *Bus) Complete(ctx context.Context, ms ...bus.Message) error {
	if len(ms) == 0 {
		return nil
	}
	var lost []string
	err := b.do(ctx, func(w *writer) error {
		now := b.millis()
		for _, m := range ms {
			seq, err := row(m.Token)
			var n int64
			if err == nil {
				n, err = w.exec(`DELETE FROM bus_messages WHERE seq = $1 AND token = $2 AND ready > $3 AND dead = 0`, seq, m.Token, now)
			}
			if err != nil && !errors.Is(err, bus.ErrLockLost) {
				return err
			}
			if n == 0 {
				lost = append(lost, m.Event.ID)
			}
		}
		return nil
	})
	if err == nil && len(lost) > 0 {
		err = fmt.Errorf("event %s: %w", strings.Join(lost, ", "), bus.ErrLockLost)
	}
	if err != nil {
		return fmt.Errorf("completing %d messages: %w", len(ms), err)
	}
	return nil
}

// Abandon gives the message back, or buries it if this was the last try.
func (b *Bus) Abandon(ctx context.Context, m bus.Message, delay time.Duration, reason string) error {
	reason = clip(reason)
	err := b.do(ctx, func(w *writer) error {
		now := b.millis()
		seq, attempts, err := held(w, m, now)
		if err != nil {
			return err
		}
		if attempts >= b.max {
			return bury(w, seq, m.Queue, m.Event.ID, exhausted, reason, now)
		}
		var ready int64 // at once, whatever the clock
		if delay > 0 {
			ready = now + delay.Milliseconds()
		}
		_, err = w.exec(`UPDATE bus_messages SET token = '', ready = $1, said = $2 WHERE seq = $3`, ready, reason, seq)
		return err
	})
	if err != nil {
		return fmt.Errorf("abandoning event %s: %w", m.Event.ID, err)
	}
	return nil
}

// Unlock gives back every message, whoever holds it and however long it was to
// wait. It is for a process that starts and knows itself to be the only one: what
// is locked then was locked by one that died.
func (b *Bus) Unlock(ctx context.Context) error {
	err := b.do(ctx, func(w *writer) error {
		_, err := w.exec(`UPDATE bus_messages SET token = '', ready = 0 WHERE dead = 0 AND ready > 0`)
		return err
	})
	if err != nil {
		return fmt.Errorf("giving back what a dead process held: %w", err)
	}
	return nil
}

// DeadLetter puts the message aside for a person.
func (b *Bus) DeadLetter(ctx context.Context, m bus.Message, reason, description string) error {
	err := b.do(ctx, func(w *writer) error {
		now := b.millis()
		seq, _, err := held(w, m, now)
		if err != nil {
			return err
		}
		return bury(w, seq, m.Queue, m.Event.ID, clip(reason), clip(description), now)
	})
	if err != nil {
		return fmt.Errorf("dead-lettering event %s: %w", m.Event.ID, err)
	}
	return nil
}

// Renew makes the lock last from now on.
func (b *Bus) Renew(ctx context.Context, m bus.Message, lock time.Duration) (time.Time, error) {
	if lock <= 0 {
		lock = bus.DefaultLock
	}
	var until int64
	err := b.do(ctx, func(w *writer) error {
		now := b.millis()
		seq, _, err := held(w, m, now)
		if err != nil {
			return err
		}
		until = now + lock.Milliseconds()
		_, err = w.exec(`UPDATE bus_messages SET ready = $1 WHERE seq = $2`, until, seq)
		return err
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("renewing the lock of event %s: %w", m.Event.ID, err)
	}
	return instant(until), nil
}

// held finds the row of a message and says how often it was tried, if the lock
// still stands.
func held(w *writer, m bus.Message, now int64) (seq int64, attempts int, err error) {
	if seq, err = row(m.Token); err != nil {
		return 0, 0, err
	}
	st, err := w.stmt(`SELECT attempts FROM bus_messages WHERE seq = $1 AND token = $2 AND ready > $3 AND dead = 0`)
	if err != nil {
		return 0, 0, err
	}
	err = st.QueryRow(seq, m.Token, now).Scan(&attempts)
	if errors.Is(err, sql.ErrNoRows) {
		err = bus.ErrLockLost
	}
	return seq, attempts, err
}

// bury moves a row to the dead-letter queue. An older dead one of the same event
// makes room: a person handles an event once.
func bury(w *writer, seq int64, queue, id, reason, description string, now int64) error {
	if _, err := w.exec(`DELETE FROM bus_messages WHERE queue = $1 AND id = $2 AND dead = 1`, queue, id); err != nil {
		return err
	}
	_, err := w.exec(`UPDATE bus_messages SET dead = 1, token = '', reason = $1, description = $2, died = $3 WHERE seq = $4`,
		reason, description, now, seq)
	return err
}
