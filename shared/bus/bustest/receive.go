package bustest

import (
	"encoding/json"
	"strings"
	"time"

	"cutover/shared/bus"
	"cutover/shared/cutover"
)

func testReceive(h *harness) {
	h.empty("before anything", one)
	e := event(typeOne, "a")
	e.TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	before := h.Now()
	h.publish(e)
	m := h.take(one)
	same(h, "event", m.Event, e)
	if m.Queue != one || m.Attempt != 1 || m.Token == "" {
		h.Errorf("queue %q, attempt %d, token %q", m.Queue, m.Attempt, m.Token)
	}
	if m.Enqueued.Before(before.Add(-time.Minute)) || m.Enqueued.After(h.Now().Add(time.Minute)) { // a minute for another machine's clock
		h.Errorf("enqueued at %v, published at %v", m.Enqueued, before)
	}
	if left := m.Locked.Sub(h.Now()); left <= h.Lock/2 || left > h.Lock+time.Minute {
		h.Errorf("locked for another %v, want about %v", left, h.Lock)
	}
	h.did("completing", h.bus.Complete(h.Context(), m))
	h.empty("after completing", one)
	h.did("publishing nothing", h.bus.Publish(h.Context()))
	h.did("completing nothing", h.bus.Complete(h.Context()))

	bare := cutover.Event{SpecVersion: "1.0", ID: "bare", Source: "match", Type: typeOne, Time: e.Time}
	h.publish(bare)
	same(h, "event without data", h.take(one).Event, bare)
}

func testOrder(h *harness) {
	es := events(typeOne, 7)
	h.publish(es[:3]...)
	h.publish(es[3])
	h.publish(es[4:]...)
	var want []string
	for _, e := range es {
		want = append(want, e.Subject)
	}
	first, rest := h.receive(one, 4), h.receive(one, 10)
	same(h, "the first four", subjects(first), want[:4])
	same(h, "the rest", subjects(rest), want[4:])
	ms, err := h.bus.Receive(h.Context(), one, 0, h.Lock)
	if len(ms) != 0 || err != nil {
		h.Errorf("receiving at most none: %d, %v", len(ms), err)
	}
	if _, err := h.bus.Receive(h.Context(), "three", 1, h.Lock); err == nil {
		h.Error("receiving from a queue that does not exist is no error")
	}
}

func testRoutes(h *harness) {
	h.publish(event(typeOne, "a"), event(typeBoth, "b"), event(typeTwo, "c"))
	ones, twos := h.receive(one, 10), h.receive(two, 10)
	same(h, "first queue", subjects(ones), []string{"a", "b"})
	same(h, "second queue", subjects(twos), []string{"b", "c"})
	// Each queue has a message of its own.
	h.did("completing", h.bus.Complete(h.Context(), ones...))
	h.did("abandoning", h.bus.Abandon(h.Context(), twos[0], 0, "again"))
	h.empty("first queue", one)
	same(h, "second queue again", subjects(h.receive(two, 10)), []string{"b"})
}

func testUnroutable(h *harness) {
	refused := map[string]cutover.Event{
		"a type without queue":      event("cutover.test.nobody.v1", "x"),
		"an event without id":       {SpecVersion: "1.0", Type: typeOne},
		"data that are not JSON":    {SpecVersion: "1.0", ID: "x", Type: typeOne, Data: json.RawMessage("{")},
		"an event without anything": {},
	}
	for name, e := range refused {
		if err := h.bus.Publish(h.Context(), event(typeOne, "good"), e, event(typeTwo, "good")); err == nil {
			h.Errorf("%s was published", name)
		}
		if _, err := h.bus.Schedule(h.Context(), e, h.Now().Add(h.Delay)); err == nil {
			h.Errorf("%s was scheduled", name)
		}
	}
	h.Pass(h.Delay)
	h.empty("after refusals", one)
	h.empty("after refusals", two)
	h.publish(event(typeOne, "good")) // was not counted as published
	h.take(one)
}

func testLocks(h *harness) {
	h.publish(event(typeOne, "a"))
	first := h.take(one)
	h.empty("while it is locked", one)
	h.Pass(h.Lock + time.Second)
	second := h.take(one)
	if second.Attempt != 2 || second.Token == first.Token || second.Event.ID != first.Event.ID {
		h.Errorf("after the lock ran out: attempt %d, same token %v", second.Attempt, second.Token == first.Token)
	}
	h.did("completing", h.bus.Complete(h.Context(), second))
	h.Pass(h.Lock + time.Second)
	h.empty("after completing", one)
}

func testRenew(h *harness) {
	h.publish(event(typeOne, "a"))
	m := h.take(one)
	h.Pass(h.Lock * 2 / 3)
	until, err := h.bus.Renew(h.Context(), m, h.Lock)
	h.did("renewing", err)
	if left := until.Sub(h.Now()); left <= h.Lock/2 || left > h.Lock+time.Minute {
		h.Errorf("renewed for %v, want about %v", left, h.Lock)
	}
	h.Pass(h.Lock * 2 / 3) // past the first lock
	h.empty("while the renewed lock lasts", one)
	h.did("completing under the renewed lock", h.bus.Complete(h.Context(), m))
	h.empty("after completing", one)
}

func testLostLocks(h *harness) {
	settle := map[string]func(bus.Message) error{
		"completing":     func(m bus.Message) error { return h.bus.Complete(h.Context(), m) },
		"abandoning":     func(m bus.Message) error { return h.bus.Abandon(h.Context(), m, 0, "x") },
		"dead-lettering": func(m bus.Message) error { return h.bus.DeadLetter(h.Context(), m, "x", "y") },
		"renewing": func(m bus.Message) error {
			_, err := h.bus.Renew(h.Context(), m, h.Lock)
			return err
		},
	}
	h.publish(event(typeOne, "a"))
	old := h.take(one)
	h.Pass(h.Lock + time.Second)
	for what, do := range settle {
		h.lost(what+" after the lock ran out", do(old))
	}
	now := h.take(one)
	for what, do := range settle {
		h.lost(what+" under the old lock", do(old))
	}
	h.did("completing under the new lock", h.bus.Complete(h.Context(), now))
	forged := now
	forged.Token = strings.Repeat("0", len(now.Token))
	for what, do := range settle {
		h.lost(what+" a second time", do(now))
		h.lost(what+" with a forged token", do(forged))
	}
	h.empty("at the end", one)
	if ds := h.letters(); len(ds) != 0 {
		h.Errorf("%d dead letters by lost locks", len(ds))
	}
}

// Of several, those whose lock is lost are named by the error and the others are
// completed.
func testCompleteSeveral(h *harness) {
	h.publish(events(typeOne, 4)...)
	ms := h.receive(one, 4)
	h.did("completing the second", h.bus.Complete(h.Context(), ms[1]))
	h.lost("completing all", h.bus.Complete(h.Context(), ms...))
	h.Pass(h.Lock + time.Second)
	h.empty("after completing all", one)
}
