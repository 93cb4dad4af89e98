package embedded_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cutover/shared/bus"
	"cutover/shared/bus/bustest"
	"cutover/shared/bus/embedded"
	"cutover/shared/cutover"
)

const perBatch = 100

// newBatch makes events of about 1 KB, whose ids come once.
func newBatch(n int) []cutover.Event {
	at := time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)
	text := strings.Repeat("an item that was added; ", 25)
	es := make([]cutover.Event, perBatch)
	for i := range es {
		cause := fmt.Sprint(n, "/", i)
		es[i] = cutover.NewEvent("cutover.test.one.v1", "match", cause, at, map[string]string{"state": "open", "items": text}, cause)
	}
	return es
}

// raw inserts the rows that publishing a batch inserts, in one transaction, with
// prepared statements, and nothing else.
func raw(tb testing.TB, db *sql.DB, es []cutover.Event) {
	tb.Helper()
	check := func(err error) {
		if err != nil {
			tb.Fatal(err)
		}
	}
	tx, err := db.Begin()
	check(err)
	seen, err := tx.Prepare(`INSERT INTO bus_seen (id, seen) VALUES ($1, $2)`)
	check(err)
	messages, err := tx.Prepare(`INSERT INTO bus_messages (queue, id, event, enqueued, ready) VALUES ($1, $2, $3, $4, 0)`)
	check(err)
	for _, e := range es {
		doc, err := json.Marshal(e)
		check(err)
		_, err = seen.Exec(e.ID, 1)
		check(err)
		_, err = messages.Exec("one", e.ID, string(doc), 1)
		check(err)
	}
	check(tx.Commit())
}

// pair is a bus, and a second database of the same make for raw inserts.
func pair(tb testing.TB) (*embedded.Bus, *sql.DB) {
	tb.Helper()
	var bs [2]*embedded.Bus
	var dbs [2]*sql.DB
	for i := range dbs {
		dbs[i] = database(tb, filepath.Join(tb.TempDir(), "bus.db"), 1)
		bs[i] = open(tb, dbs[i], bustest.Pretended()) // also makes the tables
		tb.Cleanup(func() { dbs[i].Close() })
	}
	return bs[0], dbs[1]
}

// BenchmarkPublish publishes batches of 100 and, by turns, inserts the same rows
// by hand; x-raw is the ratio of the medians, to be at most 2.
func BenchmarkPublish(b *testing.B) {
	bus, db := pair(b)
	var ours, theirs []time.Duration
	for n := 0; b.Loop(); n++ {
		o, r := race(b, bus, db, n)
		ours, theirs = append(ours, o), append(theirs, r)
	}
	b.ReportMetric(float64(median(ours))/float64(median(theirs)), "x-raw")
	b.ReportMetric(perBatch/median(ours).Seconds(), "events/s")
	b.ReportMetric(perBatch/median(theirs).Seconds(), "raw-events/s")
}

// race times one batch each way.
func race(tb testing.TB, b *embedded.Bus, db *sql.DB, n int) (ours, theirs time.Duration) {
	tb.Helper()
	es := newBatch(n)
	begin := time.Now()
	if err := b.Publish(tb.Context(), es...); err != nil {
		tb.Fatal(err)
	}
	ours = time.Since(begin)
	begin = time.Now()
	raw(tb, db, es)
	return ours, time.Since(begin)
}

func median(ds []time.Duration) time.Duration {
	slices.Sort(ds)
	return ds[len(ds)/2]
}

// TestPublishCost guards the bound that BenchmarkPublish measures. A busy machine
// gets three tries.
func TestPublishCost(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	b, db := pair(t)
	var ratio float64
	for try := range 3 {
		var ours, theirs []time.Duration
		for n := range 30 {
			o, r := race(t, b, db, 100*try+n)
			ours, theirs = append(ours, o), append(theirs, r)
		}
		if ratio = float64(median(ours)) / float64(median(theirs)); ratio <= 2 {
			t.Logf("publishing takes %.2f times as long as inserting the same rows", ratio)
			return
		}
	}
	t.Errorf("publishing takes %.2f times as long as inserting the same rows, want at most 2", ratio)
}

// BenchmarkPublishSingly has 32 callers publish one event each at a time: they
// share commits.
func BenchmarkPublishSingly(b *testing.B) {
	bus, _ := pair(b)
	var n atomic.Int64
	b.SetParallelism(16) // times the processors
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := bus.Publish(b.Context(), event("cutover.test.one.v1", fmt.Sprint(n.Add(1)))); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkReceiveComplete receives 100 at a time and completes them together.
func BenchmarkReceiveComplete(b *testing.B) {
	bus, _ := pair(b)
	var took time.Duration
	for n := 0; b.Loop(); n++ {
		if err := bus.Publish(b.Context(), newBatch(n)...); err != nil {
			b.Fatal(err)
		}
		begin := time.Now()
		ms := receive(b, bus)
		if err := bus.Complete(b.Context(), ms...); err != nil {
			b.Fatal(err)
		}
		took += time.Since(begin)
	}
	b.ReportMetric(float64(b.N*perBatch)/took.Seconds(), "events/s")
}

func receive(b *testing.B, from *embedded.Bus) []bus.Message {
	b.Helper()
	ms, err := from.Receive(b.Context(), "one", perBatch, time.Minute)
	if err != nil || len(ms) != perBatch {
		b.Fatal(len(ms), err)
	}
	return ms
}
