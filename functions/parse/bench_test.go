package parse_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"cutover/functions/parse"
	"cutover/shared/catalog"
	"cutover/shared/cutover"
	"cutover/shared/store"
	"cutover/shared/store/sqlite"
)

const copies = 200

// subscriptionCopies are the deliveries of one notice to many subscriptions.
func subscriptionCopies(n int) []cutover.Delivery {
	ds := make([]cutover.Delivery, n)
	for i := range ds {
		ds[i] = hook(secretAuth, says{IDs: []string{"AAAA-111"}, Title: "Roots move", ActBy: "2027-02-01", Stamp: i % 3, Subs: []string{subscription(i)}})
	}
	return ds
}

func subscription(i int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", i) }

// alertCopies are the same as Azure Monitor posts them, read by the real reader.
func alertCopies(b *testing.B, n int) []cutover.Delivery {
	b.Helper()
	alert, err := os.ReadFile(filepath.FromSlash("../../fixtures/company/webhooks/20-redis-retirement.json"))
	if err != nil {
		b.Fatal(err)
	}
	guid := regexp.MustCompile(`(subscriptions/|subscriptionId": ?")[0-9a-f-]{36}`)
	ds := make([]cutover.Delivery, n)
	for i := range ds {
		ds[i] = delivery(cutover.ChannelWebhook, secretAuth, guid.ReplaceAll(alert, []byte("${1}"+subscription(i))))
		ds[i].Name = "copy.json"
	}
	return ds
}

// BenchmarkFold200 measures what 200 copies of one notice cost, from the message
// on (load, read, rule, fold, write), against three times what one copy costs plus
// 200 inserts: the ratio must stay below 1. Inserts are what the copies cost
// before: each is kept by itself, durably, as it arrives. The second ratio counts
// them as one transaction with what was read, the cheapest way to store the same
// rows, which no network delivers. The scripted reader leaves out reading, which is
// the larger part, and shows the bare fold.
func BenchmarkFold200(b *testing.B) {
	services, err := catalog.Services()
	if err != nil {
		b.Fatal(err)
	}
	cas, err := catalog.CAs()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("alerts", func(b *testing.B) {
		fold200(b, func() parse.AllReader { return parse.NewReader(services, cas) }, alertCopies(b, copies))
	})
	b.Run("scripted", func(b *testing.B) {
		fold200(b, func() parse.AllReader { return scripted{} }, subscriptionCopies(copies))
	})
}

func fold200(b *testing.B, reader func() parse.AllReader, ds []cutover.Delivery) {
	var one, many, arriving, batched []time.Duration
	for b.Loop() {
		one = append(one, timed(b, fold, reader(), ds[:1]))
		many = append(many, timed(b, fold, reader(), ds))
		arriving = append(arriving, timed(b, arrive, reader(), ds))
		batched = append(batched, timed(b, insert, reader(), ds))
	}
	o, m, a, i := median(one), median(many), median(arriving), median(batched)
	b.ReportMetric(o, "ms/one")
	b.ReportMetric(m, "ms/many")
	b.ReportMetric(a, "ms/inserts")
	b.ReportMetric(i, "ms/batched")
	b.ReportMetric(m/(3*o+a), "ratio")
	b.ReportMetric(m/(3*o+i), "ratio-batched")
}

// What can be timed.
const (
	fold   = "fold what is kept"
	arrive = "keep one by one"
	insert = "insert with readings, all at once"
)

// timed does it on a store with the settings of a real one. A new reader remembers
// nothing.
func timed(b *testing.B, what string, reader parse.AllReader, ds []cutover.Delivery) time.Duration {
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "store.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	h := &house{TB: b, store: s, now: at, room: parse.Room{Store: s, Reader: reader, Trust: accepting, Now: func() time.Time { return at }}}
	var evs []cutover.Event
	var said []cutover.Reading
	switch what {
	case fold:
		evs = h.keep(ds...)
	case insert:
		for _, d := range ds {
			r := reader.ReadAll(d)[0]
			r.Delivery = d.ID
			said = append(said, r)
		}
	}
	begin := time.Now()
	switch what {
	case fold:
		h.handle(evs)
	case arrive:
		for _, d := range ds {
			h.keep(d)
		}
	case insert:
		h.insert(ds, said)
	}
	return time.Since(begin)
}

func (h *house) insert(ds []cutover.Delivery, said []cutover.Reading) {
	h.Helper()
	err := h.store.Update(h.Context(), func(tx store.Tx) error {
		for i, d := range ds {
			if _, err := tx.PutDelivery(d); err != nil {
				return err
			}
			if err := tx.PutReading(said[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.Fatal(err)
	}
}

// median in milliseconds: disks have moods.
func median(ds []time.Duration) float64 {
	slices.Sort(ds)
	return float64(ds[len(ds)/2]) / float64(time.Millisecond)
}

// 200 copies in one batch are one notice, announced once.
func TestFold200(t *testing.T) {
	h := open(t, accepting)
	h.handle(h.keep(subscriptionCopies(copies)...))
	if got := h.drain(); len(got) != 1 {
		t.Errorf("%d announcements, want 1", len(got))
	}
	if n := h.notice("azure:AAAA-111"); len(n.Subscriptions) != copies {
		t.Errorf("%d subscriptions, want %d", len(n.Subscriptions), copies)
	}
}
