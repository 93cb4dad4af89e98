package embedded

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"cutover/shared/bus"
)

// ErrClosed says that the bus was closed.
var ErrClosed = errors.New("bus is closed")

// ErrUnroutable says that no queue is fed by an event's type.
var ErrUnroutable = errors.New("no queue takes this type of event")

// Options say how the bus behaves. Now is required; the rest has the contract's
// values when zero.
type Options struct {
	Now           func() time.Time
	Routes        map[string][]string // type of event → queues
	MaxDeliveries int
	Window        time.Duration // in which an event id counts once
}

// Bus keeps bus.Bus and bus.DeadLetters.
type Bus struct {
	db     *sql.DB
	now    func() time.Time
	routes map[string][]string
	queues []string // sorted
	max    int
	window time.Duration

	turn chan struct{} // held by the one who commits

	mu      sync.Mutex
	waiting []*op
	closed  bool
	pruned  int64 // when ids outside the duplicate window were last removed
}

var (
	_ bus.Bus         = (*Bus)(nil)
	_ bus.DeadLetters = (*Bus)(nil)
)

// New puts a bus on the database, which stays the caller's to close, after the
// bus. A database with one connection is best (sqlite.Store.DB is one): writers
// then wait in Go and not in SQLite's lock.
func New(db *sql.DB, o Options) (*Bus, error) {
	if db == nil || o.Now == nil {
		return nil, errors.New("making a bus: a database and a clock are needed")
	}
	if o.Routes == nil {
		o.Routes = bus.Routes()
	}
	b := &Bus{db: db, now: o.Now, routes: maps.Clone(o.Routes), max: o.MaxDeliveries, window: o.Window, turn: make(chan struct{}, 1)}
	if b.max <= 0 {
		b.max = bus.MaxDeliveries
	}
	if b.window <= 0 {
		b.window = bus.DuplicateWindow
	}
	for _, qs := range b.routes {
		b.queues = append(b.queues, qs...)
	}
	slices.Sort(b.queues)
	b.queues = slices.Compact(b.queues)
	for _, q := range b.queues {
		if q == "" || strings.Contains(q, ":") {
			return nil, fmt.Errorf("making a bus: queue name %q is empty or has a colon", q)
		}
	}
	for _, stmt := range schema {
		if _, err := db.ExecContext(context.Background(), stmt); err != nil {
			return nil, fmt.Errorf("creating the tables of the bus: %w", err)
		}
	}
	return b, nil
}

// Close refuses new calls and finishes those that wait. The database stays open.
func (b *Bus) Close() error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.turn <- struct{}{}
	defer func() { <-b.turn }()
	for ops := b.take(); len(ops) > 0; ops = b.take() {
		conn, err := b.db.Conn(context.Background())
		if err != nil {
			give(ops, err)
			return fmt.Errorf("closing the bus: %w", err)
		}
		b.commit(context.Background(), conn, ops)
		conn.Close()
	}
	return nil
}

// millis is the clock's time, in epoch milliseconds.
func (b *Bus) millis() int64 { return b.now().UnixMilli() }

func instant(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// token makes the token of a lock on a row; it cannot be guessed.
func token(seq int64) string { return fmt.Sprintf("%d.%s", seq, rand.Text()) }

// clip keeps foreign text in the tables short.
func clip(s string) string {
	const most = 2048 // bytes
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
