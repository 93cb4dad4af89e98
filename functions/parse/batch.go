package parse

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"

	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/store"
)

// What is worked on in one transaction, and how often one is tried when somebody
// else changed the same facts meanwhile.
const (
	batchItems = 200
	batchBytes = 32 << 20
	retries    = 5
)

// item is one delivery on its way through the room.
type item struct {
	delivery cutover.Delivery
	readings []cutover.Reading
}

// load takes deliveries from the front of ids, as many as fit in memory together.
func (r Room) load(ctx context.Context, ids []string, set func(string, error)) (items []*item, rest []string) {
	size, taken := 0, 0
	err := r.Store.View(ctx, func(rd store.Reader) error {
		for _, id := range ids {
			if taken > 0 && (taken == batchItems || size >= batchBytes) {
				return nil
			}
			taken++
			d, err := rd.Delivery(id)
			switch {
			case errors.Is(err, store.ErrNotFound):
				set(id, bus.Poison{Reason: "unknown delivery", Err: fmt.Errorf("loading delivery %s: %w", id, err)})
			case err != nil:
				set(id, fmt.Errorf("loading delivery %s: %w", id, err))
			default:
				size += len(d.Raw)
				items = append(items, &item{delivery: d})
			}
		}
		return nil
	})
	if err != nil {
		for _, id := range ids {
			set(id, fmt.Errorf("loading deliveries: %w", err))
		}
		return nil, nil
	}
	return items, ids[taken:]
}

// read reads outside of any transaction, on all processors: it is the larger part
// of the work.
func (r Room) read(items []*item) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(items)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(items); i = next.Add(1) - 1 {
				it := items[i]
				it.readings = r.readOne(it.delivery)
				for n := range it.readings {
					it.readings[n].Delivery = readingID(it.delivery.ID, n)
				}
			}
		})
	}
	wg.Wait()
}

// readOne never fails: what the reader cannot stand is a reading that failed.
func (r Room) readOne(d cutover.Delivery) (out []cutover.Reading) {
	failed := func(reason string) []cutover.Reading {
		return []cutover.Reading{{Stamp: d.Received, Notice: cutover.Notice{Verdict: cutover.VerdictFailed, Reasons: []string{reason}}}}
	}
	defer func() {
		if p := recover(); p != nil {
			r.log().Error("reading a delivery panicked", "delivery", d.ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			out = failed("the reader broke on it; its bytes are kept, please report it")
		}
	}()
	if out = r.Reader.ReadAll(d); len(out) == 0 {
		out = failed("the reader found nothing to say about it")
	}
	return out
}

// readingID names the readings of one delivery: most have one, under its own id.
func readingID(delivery string, n int) string {
	if n == 0 {
		return delivery
	}
	return delivery + "#" + strconv.Itoa(n+1)
}

// settle writes a batch; when that fails, each delivery by itself, so that the
// error lands on the one that causes it.
func (r Room) settle(ctx context.Context, items []*item, set func(string, error)) {
	if len(items) == 0 {
		return
	}
	err := r.write(ctx, items)
	if err == nil {
		return
	}
	if len(items) == 1 || ctx.Err() != nil {
		for _, it := range items {
			set(it.delivery.ID, fmt.Errorf("folding delivery %s (%s): %w", it.delivery.ID, it.delivery.Name, err))
		}
		return
	}
	r.log().Warn("a batch of deliveries failed, trying them one by one", "deliveries", len(items), "error", err.Error())
	for _, it := range items {
		r.settle(ctx, []*item{it}, set)
	}
}

func (r Room) write(ctx context.Context, items []*item) error {
	for try := 1; ; try++ {
		var p *pass
		err := r.Store.Update(ctx, func(tx store.Tx) error {
			p = newPass(tx, r.Trust, r.Now().UTC())
			for _, it := range items {
				if err := p.take(it); err != nil {
					return err
				}
			}
			return p.finish()
		})
		if errors.Is(err, store.ErrStale) && try < retries {
			continue
		}
		if err == nil {
			p.report(r.log())
		}
		return err
	}
}
