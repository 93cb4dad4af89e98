package bustest

import (
	"time"

	"cutover/shared/bus"
)

func testAbandon(h *harness) {
	h.publish(event(typeOne, "a"), event(typeOne, "b"))
	m := h.take(one)
	h.did("abandoning", h.bus.Abandon(h.Context(), m, 0, "the tracker is down"))
	h.lost("completing what was abandoned", h.bus.Complete(h.Context(), m))
	ms := h.receive(one, 2)
	same(h, "it keeps its place", subjects(ms), []string{"a", "b"})
	if ms[0].Attempt != 2 || ms[1].Attempt != 1 {
		h.Errorf("attempts %d and %d, want 2 and 1", ms[0].Attempt, ms[1].Attempt)
	}
	h.did("completing", h.bus.Complete(h.Context(), ms[1]))
	h.did("abandoning for later", h.bus.Abandon(h.Context(), ms[0], h.Delay, "the tracker is down"))
	h.empty("before the delay has passed", one)
	h.Pass(h.Delay + time.Second)
	if m := h.take(one); m.Attempt != 3 {
		h.Errorf("attempt %d, want 3", m.Attempt)
	}
}

func testAbandonedTooOften(h *harness) {
	e := event(typeOne, "a")
	h.publish(e)
	for n := 1; n <= bus.MaxDeliveries; n++ {
		m := h.take(one)
		if m.Attempt != n {
			h.Fatalf("attempt %d, want %d", m.Attempt, n)
		}
		reason := "not yet"
		if n == bus.MaxDeliveries {
			reason = "the tracker is down"
		}
		h.did("abandoning", h.bus.Abandon(h.Context(), m, 0, reason))
	}
	h.empty("after the last try", one)
	ds := h.letters()
	if len(ds) != 1 {
		h.Fatalf("%d dead letters, want 1", len(ds))
	}
	want := bus.Dead{
		ID: one + ":" + e.ID, Queue: one, Event: e, Attempts: bus.MaxDeliveries,
		Reason: "MaxDeliveryCountExceeded", Description: "the tracker is down", At: ds[0].At,
	}
	same(h, "dead letter", ds[0], want)
	if d := h.Now().Sub(ds[0].At); d < -time.Minute || d > h.Patience+time.Minute {
		h.Errorf("died at %v, it is %v", ds[0].At, h.Now())
	}
}

func testExpiredTooOften(h *harness) {
	h.publish(event(typeOne, "a"))
	for range bus.MaxDeliveries {
		h.take(one)
		h.Pass(h.Lock + time.Second)
	}
	h.empty("after the last lock", one)
	if ds := h.letters(); len(ds) != 1 || ds[0].Reason != "MaxDeliveryCountExceeded" || ds[0].Attempts != bus.MaxDeliveries {
		h.Errorf("dead letters: %+v", ds)
	}
}

func testDeadLetters(h *harness) {
	a, b := event(typeOne, "a"), event(typeBoth, "b")
	h.publish(a, b)
	ms := h.receive(one, 2)
	h.did("dead-lettering", h.bus.DeadLetter(h.Context(), ms[1], "unreadable event", "line 3: a brace is missing"))
	h.Pass(time.Second)
	h.did("dead-lettering", h.bus.DeadLetter(h.Context(), ms[0], "unreadable event", ""))
	h.lost("completing a dead letter", h.bus.Complete(h.Context(), ms[0]))
	h.Pass(h.Lock + time.Second)
	h.empty("all are dead", one)
	same(h, "the other queue", subjects(h.receive(two, 10)), []string{"b"})
	ds := h.letters()
	if len(ds) != 2 {
		h.Fatalf("%d dead letters, want 2", len(ds))
	}
	want := []bus.Dead{
		{ID: one + ":" + b.ID, Queue: one, Event: b, Attempts: 1, Reason: "unreadable event", Description: "line 3: a brace is missing", At: ds[0].At},
		{ID: one + ":" + a.ID, Queue: one, Event: a, Attempts: 1, Reason: "unreadable event", At: ds[1].At},
	}
	same(h, "dead letters, oldest first", ds, want)
}

func testRetryDrop(h *harness) {
	a, b := event(typeOne, "a"), event(typeOne, "b")
	h.publish(a, b)
	for _, m := range h.receive(one, 2) {
		h.did("dead-lettering", h.bus.DeadLetter(h.Context(), m, "reason", ""))
	}
	h.missing("retrying nothing", h.dead.Retry(h.Context(), one+":nope"))
	h.missing("dropping nothing", h.dead.Drop(h.Context(), "nope"))
	h.missing("retrying in another queue", h.dead.Retry(h.Context(), two+":"+a.ID))
	h.did("retrying", h.dead.Retry(h.Context(), one+":"+a.ID))
	h.missing("retrying twice", h.dead.Retry(h.Context(), one+":"+a.ID))
	m := h.take(one)
	if m.Attempt != 1 || m.Event.ID != a.ID {
		h.Errorf("after a retry: %s on attempt %d, want %s on 1", m.Event.ID, m.Attempt, a.ID)
	}
	h.did("completing", h.bus.Complete(h.Context(), m))
	h.did("dropping", h.dead.Drop(h.Context(), one+":"+b.ID))
	h.missing("dropping twice", h.dead.Drop(h.Context(), one+":"+b.ID))
	h.missing("retrying what was dropped", h.dead.Retry(h.Context(), one+":"+b.ID))
	h.empty("at the end", one)
	if ds := h.letters(); len(ds) != 0 {
		h.Errorf("%d dead letters at the end", len(ds))
	}
}

// An event that dies twice is one dead letter: a person handles it once.
func testDyingAgain(h *harness) {
	e := event(typeOne, "a")
	for _, reason := range []string{"first", "second"} {
		h.publish(e)
		h.did("dead-lettering", h.bus.DeadLetter(h.Context(), h.take(one), reason, ""))
		h.Pass(h.Window + time.Second)
	}
	if ds := h.letters(); len(ds) != 1 || ds[0].Reason != "second" {
		h.Errorf("dead letters: %+v", ds)
	}
	h.did("retrying", h.dead.Retry(h.Context(), one+":"+e.ID))
	h.take(one)
	h.empty("it came once", one)
}
