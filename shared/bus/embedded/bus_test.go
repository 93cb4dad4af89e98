package embedded_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"cutover/shared/bus"
	"cutover/shared/bus/bustest"
	"cutover/shared/bus/embedded"
	"cutover/shared/cutover"
)

// database opens a file with the settings of the store.
func database(tb testing.TB, path string, conns int) *sql.DB {
	tb.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_txlock=immediate")
	if err != nil {
		tb.Fatal(err)
	}
	db.SetMaxOpenConns(conns)
	return db
}

func open(tb testing.TB, db *sql.DB, timing bustest.Timing) *embedded.Bus {
	tb.Helper()
	b, err := embedded.New(db, embedded.Options{Now: timing.Now, Routes: bustest.Routes(), Window: timing.Window})
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// opener makes a bus on a new file, to which so many connections may be open.
func opener(conns int) bustest.Open {
	return func(t *testing.T, timing bustest.Timing) bus.Bus {
		db := database(t, filepath.Join(t.TempDir(), "bus.db"), conns)
		b := open(t, db, timing)
		t.Cleanup(func() {
			if err := errors.Join(b.Close(), db.Close()); err != nil {
				t.Error(err)
			}
		})
		return b
	}
}

func TestBus(t *testing.T)       { bustest.Run(t, bustest.Pretended(), opener(1)) }
func TestBusOnPool(t *testing.T) { bustest.Run(t, bustest.Pretended(), opener(0)) }

func TestDurable(t *testing.T) {
	bustest.RunDurable(t, bustest.Pretended(), func(t *testing.T, dir string, timing bustest.Timing) (bus.Bus, func()) {
		db := database(t, filepath.Join(dir, "bus.db"), 1)
		b := open(t, db, timing)
		return b, func() {
			if err := errors.Join(b.Close(), db.Close()); err != nil {
				t.Error(err)
			}
		}
	})
}

func event(typ, cause string) cutover.Event {
	at := time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)
	return cutover.NewEvent(typ, "match", cause, at, map[string]string{"state": "open"}, cause)
}

func TestNewRefuses(t *testing.T) {
	db := database(t, filepath.Join(t.TempDir(), "bus.db"), 1)
	defer db.Close()
	now := bustest.Pretended().Now
	for name, o := range map[string]embedded.Options{
		"no clock":         {},
		"a colon":          {Now: now, Routes: map[string][]string{"t": {"a:b"}}},
		"an unnamed queue": {Now: now, Routes: map[string][]string{"t": {""}}},
	} {
		if _, err := embedded.New(db, o); err == nil {
			t.Errorf("a bus was made with %s", name)
		}
	}
	b, err := embedded.New(db, embedded.Options{Now: now}) // the contract's routes
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(t.Context(), event(cutover.TypeActionChanged, "a")); err != nil {
		t.Error(err)
	}
	if ms, err := b.Receive(t.Context(), bus.QueueTicket, 1, time.Minute); len(ms) != 1 || err != nil {
		t.Errorf("%d messages, %v", len(ms), err)
	}
}

func TestUnroutableIsPoison(t *testing.T) {
	db := database(t, filepath.Join(t.TempDir(), "bus.db"), 1)
	defer db.Close()
	b := open(t, db, bustest.Pretended())
	err := b.Publish(t.Context(), event("cutover.nobody.v1", "a"))
	var p bus.Poison
	if !errors.As(err, &p) || !errors.Is(err, embedded.ErrUnroutable) || !strings.Contains(err.Error(), "cutover.nobody.v1") {
		t.Errorf("%v", err)
	}
}

// While somebody else has the only connection, calls wait, and can stop waiting;
// what waits at Close is finished, and nothing is begun any more.
func TestWaitAndClose(t *testing.T) {
	db := database(t, filepath.Join(t.TempDir(), "bus.db"), 1)
	defer db.Close()
	b := open(t, db, bustest.Pretended())
	conn, err := db.Conn(t.Context()) // as an Update of the store has it
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	var wg sync.WaitGroup
	for _, cause := range []string{"a", "b", "c"} {
		wg.Go(func() {
			if err := b.Publish(ctx, event("cutover.test.one.v1", cause)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("publishing while the database is taken: %v", err)
			}
		})
	}
	wg.Wait()
	for _, cause := range []string{"d", "e", "f"} {
		wg.Go(func() {
			if err := b.Publish(t.Context(), event("cutover.test.one.v1", cause)); err != nil && !errors.Is(err, embedded.ErrClosed) {
				t.Errorf("publishing: %v", err)
			}
		})
	}
	time.AfterFunc(20*time.Millisecond, func() { conn.Close() })
	time.Sleep(10 * time.Millisecond) // most of them wait by now; the others are refused
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if err := b.Publish(t.Context(), event("cutover.test.one.v1", "g")); !errors.Is(err, embedded.ErrClosed) {
		t.Errorf("publishing after Close: %v", err)
	}
	if _, err := b.Receive(t.Context(), "one", 1, time.Minute); !errors.Is(err, embedded.ErrClosed) {
		t.Errorf("receiving after Close: %v", err)
	}
	again := open(t, db, bustest.Pretended())
	ms, err := again.Receive(t.Context(), "one", 10, time.Minute)
	for _, m := range ms {
		if s := m.Event.Subject; s < "d" || s > "f" {
			t.Errorf("%s was published although its call had ended", s)
		}
	}
	if err != nil || len(ms) > 3 {
		t.Errorf("%d messages, %v", len(ms), err)
	}
}

// A call that fails in a common commit leaves nothing of what it wrote, and fails
// alone.
func TestFailsAlone(t *testing.T) {
	db := database(t, filepath.Join(t.TempDir(), "bus.db"), 1)
	defer db.Close()
	b := open(t, db, bustest.Pretended())
	_, err := db.Exec(`CREATE TRIGGER fail BEFORE INSERT ON bus_messages WHEN NEW.event LIKE '%broken%'
		BEGIN SELECT RAISE(ABORT, 'deliberate'); END`)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context()) // so that all wait and are committed together
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for _, cause := range []string{"a", "b", "c"} {
		wg.Go(func() {
			if err := b.Publish(t.Context(), event("cutover.test.one.v1", cause)); err != nil {
				t.Errorf("publishing: %v", err)
			}
		})
		wg.Go(func() {
			err := b.Publish(t.Context(), event("cutover.test.one.v1", "beside "+cause), event("cutover.test.one.v1", "broken "+cause))
			if err == nil || !strings.Contains(err.Error(), "deliberate") {
				t.Errorf("a call that fails: %v", err)
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	conn.Close()
	wg.Wait()
	ms, err := b.Receive(t.Context(), "one", 10, time.Minute)
	if len(ms) != 3 || err != nil {
		t.Errorf("%d messages, %v; want 3", len(ms), err)
	}
	for _, m := range ms {
		if len(m.Event.Subject) != 1 {
			t.Errorf("%q was published although its call failed", m.Event.Subject)
		}
	}
}

// A reason may be foreign text of any length; what is kept of it is short.
func TestLongReason(t *testing.T) {
	db := database(t, filepath.Join(t.TempDir(), "bus.db"), 1)
	defer db.Close()
	b := open(t, db, bustest.Pretended())
	if err := b.Publish(t.Context(), event("cutover.test.one.v1", "a")); err != nil {
		t.Fatal(err)
	}
	ms, err := b.Receive(t.Context(), "one", 1, time.Minute)
	if err != nil || len(ms) != 1 {
		t.Fatal(len(ms), err)
	}
	if err := b.DeadLetter(t.Context(), ms[0], "unreadable event", strings.Repeat("語", 1<<20)); err != nil {
		t.Fatal(err)
	}
	ds, err := b.DeadLettered(t.Context())
	if err != nil || len(ds) != 1 {
		t.Fatal(len(ds), err)
	}
	if d := ds[0].Description; len(d) > 3000 || !strings.HasSuffix(d, "語…") {
		t.Errorf("%d bytes were kept, the end is %q", len(d), d[len(d)-9:])
	}
}

// TestUnlock: what a dead process held, or had put off, comes at once; its own lock
// is worth nothing then.
func TestUnlock(t *testing.T) {
	db := database(t, filepath.Join(t.TempDir(), "bus.db"), 1)
	defer db.Close()
	b := open(t, db, bustest.Pretended())
	if err := b.Publish(t.Context(), event("cutover.test.one.v1", "held"), event("cutover.test.one.v1", "late")); err != nil {
		t.Fatal(err)
	}
	ms, err := b.Receive(t.Context(), "one", 2, time.Hour)
	if err != nil || len(ms) != 2 {
		t.Fatal(len(ms), err)
	}
	if err := b.Abandon(t.Context(), ms[1], time.Hour, "later"); err != nil {
		t.Fatal(err)
	}
	if ms, err := b.Receive(t.Context(), "one", 2, time.Hour); err != nil || len(ms) != 0 {
		t.Fatalf("%d messages came before the unlocking, %v", len(ms), err)
	}
	if err := b.Unlock(t.Context()); err != nil {
		t.Fatal(err)
	}
	again, err := b.Receive(t.Context(), "one", 2, time.Hour)
	if err != nil || len(again) != 2 || again[0].Attempt != 2 {
		t.Fatalf("%d messages came, %v", len(again), err)
	}
	if err := b.Complete(t.Context(), ms[0]); !errors.Is(err, bus.ErrLockLost) {
		t.Errorf("completing under the old lock: %v", err)
	}
}
