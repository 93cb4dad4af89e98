// Package bustest is the suite that every bus must pass. Its tests use the
// contract alone. How time passes is the caller's: a bus with a clock as an
// argument gets one that the suite moves, a service in the cloud has real time and
// says how long its shortest lock is.
//
//	func TestBus(t *testing.T) { bustest.Run(t, bustest.Pretended(), open) }
package bustest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cutover/shared/bus"
	"cutover/shared/cutover"
)

// Timing says how time passes for the bus, and how long things are.
type Timing struct {
	Now  func() time.Time
	Pass func(time.Duration) // lets time pass

	Lock     time.Duration // of the messages that the tests receive
	Delay    time.Duration // of what comes later, shorter than the lock
	Window   time.Duration // in which an id counts once
	Patience time.Duration // until what was published can be received
}

// Pretended is a clock that stands still until the suite moves it, with the
// contract's durations.
func Pretended() Timing {
	var mu sync.Mutex
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return Timing{
		Now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return now
		},
		Pass: func(d time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			now = now.Add(d)
		},
		Lock: bus.DefaultLock, Delay: bus.DefaultLock / 2, Window: bus.DuplicateWindow,
	}
}

// The topology of the tests.
const (
	typeOne, typeTwo, typeBoth = "cutover.test.one.v1", "cutover.test.two.v1", "cutover.test.both.v1"
	one, two                   = "one", "two"
)

// Routes is the topology that the bus under test must have.
func Routes() map[string][]string {
	return map[string][]string{typeOne: {one}, typeTwo: {two}, typeBoth: {one, two}}
}

// Open makes an empty bus with the clock and the window of the timing, and Routes.
type Open func(t *testing.T, timing Timing) bus.Bus

// Run runs the suite on a bus of its own for each test. The bus must keep
// bus.DeadLetters too.
func Run(t *testing.T, timing Timing, open Open) {
	tests := []struct {
		name string
		run  func(*harness)
	}{
		{"publish and receive", testReceive},
		{"order and maximum", testOrder},
		{"routes", testRoutes},
		{"unroutable", testUnroutable},
		{"locks", testLocks},
		{"renewal", testRenew},
		{"lost locks", testLostLocks},
		{"completing several", testCompleteSeveral},
		{"abandoning", testAbandon},
		{"abandoned too often", testAbandonedTooOften},
		{"expired too often", testExpiredTooOften},
		{"dead letters", testDeadLetters},
		{"retry and drop", testRetryDrop},
		{"dying again", testDyingAgain},
		{"schedule", testSchedule},
		{"cancelled schedule", testCancel},
		{"duplicates", testDuplicates},
		{"scheduled duplicates", testScheduledDuplicates},
		{"concurrent duplicates", testConcurrentDuplicates},
		{"concurrent receivers", testConcurrent},
		{"ended context", testEndedContext},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, timing)
			dead, ok := b.(bus.DeadLetters)
			if !ok {
				t.Fatal("the bus does not keep bus.DeadLetters")
			}
			tt.run(&harness{T: t, Timing: timing, bus: b, dead: dead})
		})
	}
}

// harness is a test with its bus.
type harness struct {
	*testing.T
	Timing
	bus  bus.Bus
	dead bus.DeadLetters
}

// event makes an event; the same type and cause make the same one.
func event(typ, cause string) cutover.Event {
	at := time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)
	return cutover.NewEvent(typ, "match", cause, at, map[string]string{"state": "open <&>", "cause": cause}, cause)
}

func events(typ string, n int) []cutover.Event {
	var es []cutover.Event
	for i := range n {
		es = append(es, event(typ, fmt.Sprintf("%s-%04d", typ, i)))
	}
	return es
}

func (h *harness) publish(es ...cutover.Event) {
	h.Helper()
	if err := h.bus.Publish(h.Context(), es...); err != nil {
		h.Fatalf("publishing: %v", err)
	}
}

// receive takes up to n messages, as many as come.
func (h *harness) receive(queue string, n int) []bus.Message {
	h.Helper()
	var all []bus.Message
	for waited := time.Duration(0); ; waited += 50 * time.Millisecond {
		ms, err := h.bus.Receive(h.Context(), queue, n-len(all), h.Lock)
		if err != nil {
			h.Fatalf("receiving: %v", err)
		}
		if all = append(all, ms...); len(all) >= n || waited >= h.Patience {
			return all
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// take receives exactly one message.
func (h *harness) take(queue string) bus.Message {
	h.Helper()
	ms := h.receive(queue, 1)
	if len(ms) != 1 {
		h.Fatalf("received %d messages from %s, want 1", len(ms), queue)
	}
	return ms[0]
}

// empty checks that nothing can be received.
func (h *harness) empty(when, queue string) {
	h.Helper()
	if ms := h.receive(queue, 10); len(ms) != 0 {
		h.Errorf("%s: %d messages in %s, the first is %q on attempt %d", when, len(ms), queue, ms[0].Event.Subject, ms[0].Attempt)
	}
}

// did checks an error that must not be.
func (h *harness) did(what string, err error) {
	h.Helper()
	if err != nil {
		h.Fatalf("%s: %v", what, err)
	}
}

func (h *harness) lost(what string, err error) {
	h.Helper()
	if !errors.Is(err, bus.ErrLockLost) {
		h.Errorf("%s: %v, want bus.ErrLockLost", what, err)
	}
}

func (h *harness) missing(what string, err error) {
	h.Helper()
	if !errors.Is(err, bus.ErrNotFound) {
		h.Errorf("%s: %v, want bus.ErrNotFound", what, err)
	}
}

func (h *harness) letters() []bus.Dead {
	h.Helper()
	ds, err := h.dead.DeadLettered(h.Context())
	h.did("listing dead letters", err)
	return ds
}

func same[T any](h *harness, what string, got, want T) {
	h.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		h.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// subjects are what the messages are about, in their order.
func subjects(ms []bus.Message) []string {
	var all []string
	for _, m := range ms {
		all = append(all, m.Event.Subject)
	}
	return all
}
