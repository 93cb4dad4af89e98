package bustest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"cutover/shared/cutover"
)

func (h *harness) schedule(e cutover.Event, at time.Time) string {
	h.Helper()
	token, err := h.bus.Schedule(h.Context(), e, at)
	h.did("scheduling", err)
	return token
}

func testSchedule(h *harness) {
	h.schedule(event(typeBoth, "second"), h.Now().Add(2*h.Delay))
	h.schedule(event(typeOne, "first"), h.Now().Add(h.Delay))
	h.publish(event(typeOne, "at once"))
	same(h, "before the time", subjects(h.receive(one, 10)), []string{"at once"})
	h.Pass(h.Delay + time.Second)
	same(h, "at the first time", subjects(h.receive(one, 10)), []string{"first"})
	h.empty("at the first time", two)
	h.Pass(h.Delay)
	same(h, "at the second time, first queue", subjects(h.receive(two, 10)), []string{"second"})
	if got := subjects(h.receive(one, 10)); len(got) == 0 || got[len(got)-1] != "second" {
		h.Errorf("at the second time, second queue: %v", got)
	}
	h.schedule(event(typeTwo, "in the past"), h.Now().Add(-time.Hour))
	same(h, "scheduled in the past", subjects(h.receive(two, 10)), []string{"in the past"})
}

func testCancel(h *harness) {
	token := h.schedule(event(typeOne, "a"), h.Now().Add(h.Delay))
	other := h.schedule(event(typeOne, "b"), h.Now().Add(h.Delay))
	if token == other {
		h.Error("two schedules have one token")
	}
	h.did("cancelling", h.bus.Cancel(h.Context(), token))
	h.missing("cancelling twice", h.bus.Cancel(h.Context(), token))
	h.missing("cancelling nothing", h.bus.Cancel(h.Context(), "1"))
	h.Pass(h.Delay + time.Second)
	h.missing("cancelling what is out", h.bus.Cancel(h.Context(), other))
	same(h, "what was not cancelled", subjects(h.receive(one, 10)), []string{"b"})
	h.schedule(event(typeOne, "a"), h.Now()) // what was cancelled may come again
	same(h, "scheduled again", subjects(h.receive(one, 10)), []string{"a"})
}

func testDuplicates(h *harness) {
	a, b := event(typeBoth, "a"), event(typeOne, "b")
	h.publish(a, a)
	h.publish(a)
	h.publish(b, a)
	ms := h.receive(one, 10)
	same(h, "first queue", subjects(ms), []string{"a", "b"})
	same(h, "second queue", subjects(h.receive(two, 10)), []string{"a"})
	h.did("completing", h.bus.Complete(h.Context(), ms...))
	h.publish(a, b)
	h.empty("published again after completing", one)
	h.Pass(h.Window + time.Second)
	h.publish(b)
	same(h, "after the window", subjects(h.receive(one, 10)), []string{"b"})
	h.publish(b)
	h.empty("a new window has begun", one)
}

func testScheduledDuplicates(h *harness) {
	e := event(typeOne, "a")
	h.schedule(e, h.Now().Add(h.Delay))
	h.schedule(e, h.Now().Add(h.Delay))
	h.Pass(h.Delay + time.Second)
	same(h, "scheduled twice", subjects(h.receive(one, 10)), []string{"a"})
	h.publish(e)
	h.empty("and published", one)
}

// Many that publish the same at once publish it once.
func testConcurrentDuplicates(h *harness) {
	var wg sync.WaitGroup
	es := events(typeOne, 20)
	for range 8 {
		wg.Go(func() {
			for _, e := range es {
				if err := h.bus.Publish(h.Context(), e); err != nil {
					h.Errorf("publishing: %v", err)
				}
			}
		})
	}
	wg.Wait()
	count := map[string]int{}
	for _, m := range h.receive(one, 10*len(es)) {
		count[m.Event.ID]++
	}
	for _, e := range es {
		if count[e.ID] != 1 {
			h.Errorf("%s came %d times", e.Subject, count[e.ID])
		}
	}
}

// While locks hold, each message is handled once, however many receive, publish
// and settle at once.
func testConcurrent(h *harness) {
	const receivers, publishers, batches, size = 8, 4, 10, 50 // 2,000 messages
	var mu sync.Mutex
	handled := map[string]int{}
	count := func(id string) int {
		mu.Lock()
		defer mu.Unlock()
		handled[id]++
		return len(handled)
	}
	ctx, cancel := context.WithTimeout(h.Context(), 2*time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	for p := range publishers {
		wg.Go(func() {
			for n := range batches {
				var es []cutover.Event
				for i := range size {
					es = append(es, event(typeOne, fmt.Sprint(p, "/", n, "/", i)))
				}
				if err := h.bus.Publish(ctx, es...); err != nil {
					h.Errorf("publishing: %v", err)
				}
			}
		})
	}
	for range receivers {
		wg.Go(func() {
			for done := false; !done && ctx.Err() == nil; {
				ms, err := h.bus.Receive(ctx, one, 16, h.Lock)
				if err != nil {
					if ctx.Err() == nil {
						h.Errorf("receiving: %v", err)
					}
					return
				}
				for _, m := range ms {
					if m.Attempt != 1 {
						h.Errorf("%s on attempt %d", m.Event.Subject, m.Attempt)
					}
					done = count(m.Event.ID) == publishers*batches*size
				}
				if err := h.bus.Complete(h.Context(), ms...); err != nil {
					h.Errorf("completing: %v", err)
				}
				if done {
					cancel() // the others wait for nothing more
				}
			}
		})
	}
	wg.Wait()
	for id, n := range handled {
		if n != 1 {
			h.Errorf("%s was handled %d times", id, n)
		}
	}
	if want := publishers * batches * size; len(handled) != want {
		h.Errorf("%d of %d messages were handled", len(handled), want)
	}
	h.empty("at the end", one)
}

func testEndedContext(h *harness) {
	ctx, cancel := context.WithCancel(h.Context())
	cancel()
	if err := h.bus.Publish(ctx, event(typeOne, "a")); !errors.Is(err, context.Canceled) {
		h.Errorf("publishing with an ended context: %v", err)
	}
	if _, err := h.bus.Schedule(ctx, event(typeOne, "a"), h.Now()); !errors.Is(err, context.Canceled) {
		h.Errorf("scheduling with an ended context: %v", err)
	}
	h.empty("nothing was published", one)
	h.publish(event(typeOne, "a"))
	if _, err := h.bus.Receive(ctx, one, 1, h.Lock); !errors.Is(err, context.Canceled) {
		h.Errorf("receiving with an ended context: %v", err)
	}
	h.take(one)
}
