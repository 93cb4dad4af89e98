package bustest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"cutover/shared/bus"
)

// childDir tells the test binary, started again, that it is the process to be
// killed, and where to write.
const childDir = "CUTOVER_BUSTEST_DIR"

// OpenIn opens the bus that stands in dir, and makes it the first time. The
// second result closes it.
type OpenIn func(t *testing.T, dir string, timing Timing) (bus.Bus, func())

// RunDurable checks what outlives a process. The test that calls it starts its own
// binary again and must reach this call without doing anything before that it
// would mind to do twice.
func RunDurable(t *testing.T, timing Timing, open OpenIn) {
	if dir := os.Getenv(childDir); dir != "" {
		b, _ := open(t, dir, timing)
		workUntilKilled(&harness{T: t, Timing: timing, bus: b})
		return
	}
	t.Run("reopen", func(t *testing.T) { testReopen(t, timing, open) })
	name := t.Name()
	t.Run("kill", func(t *testing.T) {
		dir := t.TempDir()
		for round := range 4 {
			last := killedWorker(t, name, dir, time.Duration(20+round*35)*time.Millisecond)
			b, end := open(t, dir, timing)
			checkWork(&harness{T: t, Timing: timing, bus: b}, last)
			end()
		}
	})
}

// testReopen checks that every state of a message is there after reopening.
func testReopen(t *testing.T, timing Timing, open OpenIn) {
	dir := t.TempDir()
	b, end := open(t, dir, timing)
	h := &harness{T: t, Timing: timing, bus: b, dead: b.(bus.DeadLetters)}
	h.publish(events(typeOne, 3)...)
	ms := h.receive(one, 2)
	h.did("dead-lettering", h.bus.DeadLetter(h.Context(), ms[0], "reason", "description"))
	h.schedule(event(typeTwo, "later"), h.Now().Add(h.Delay))
	want := h.letters()
	end()

	b, end = open(t, dir, timing)
	defer end()
	h.bus, h.dead = b, b.(bus.DeadLetters)
	same(h, "dead letters", h.letters(), want)
	same(h, "what waited", subjects(h.receive(one, 10)), []string{typeOne + "-0002"})
	h.did("completing under the lock from before", h.bus.Complete(h.Context(), ms[1]))
	h.publish(events(typeOne, 3)...)
	h.empty("ids from before count once", one)
	h.Pass(h.Delay + time.Second)
	same(h, "what was scheduled", subjects(h.receive(two, 10)), []string{"later"})
}

// work is what a worker has reported: so many events published, so many
// completed.
type work struct{ published, completed int }

// workUntilKilled publishes and completes events in their order and reports each
// when the call has returned.
func workUntilKilled(h *harness) {
	ms := h.receive(one, 1_000_000) // what the one before left
	var w work
	for _, m := range ms {
		fmt.Sscanf(m.Event.Subject, "%d", &w.published)
	}
	if len(ms) > 0 {
		fmt.Sscanf(ms[0].Event.Subject, "%d", &w.completed)
		w.completed--
	}
	for {
		w.published++
		h.publish(event(typeOne, fmt.Sprintf("%06d", w.published)))
		fmt.Printf("published %d\n", w.published)
		ms = append(ms, h.receive(one, 1)...)
		if len(ms) < 20 { // some always wait
			continue
		}
		h.did("completing", h.bus.Complete(h.Context(), ms[0]))
		ms = ms[1:]
		w.completed++
		fmt.Printf("completed %d\n", w.completed)
	}
}

// killedWorker starts a worker, kills it in the middle and gives what it reported
// last.
func killedWorker(t *testing.T, name, dir string, after time.Duration) (last work) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+name+"$")
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait() // killed: an error is what we want
	killing := false
	for sc := bufio.NewScanner(out); sc.Scan(); {
		_, errP := fmt.Sscanf(sc.Text(), "published %d", &last.published)
		_, errC := fmt.Sscanf(sc.Text(), "completed %d", &last.completed)
		if errP != nil && errC != nil {
			t.Errorf("the worker says %q", sc.Text())
		}
		if last.completed > 0 && !killing {
			killing = true
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
	}
	if !killing {
		t.Fatalf("the worker did not come far: %+v", last)
	}
	return last
}

// checkWork checks that nothing that was reported as published is missing, nothing
// that was reported as completed comes again, and the rest is there without gaps.
// At the most one call of each kind was cut off before its report. Everything is
// given back for the next worker.
func checkWork(h *harness, last work) {
	h.Helper()
	h.Pass(h.Lock + time.Second) // the locks of the dead run out
	ms := h.receive(one, 1_000_000)
	if len(ms) == 0 {
		h.Fatalf("nothing is left, and %+v was reported", last)
	}
	first := 0
	for i, m := range ms {
		var n int
		fmt.Sscanf(m.Event.Subject, "%d", &n)
		if i == 0 {
			first = n
		}
		if n != first+i {
			h.Fatalf("event %d follows on %d", n, first+i-1)
		}
		h.did("giving back", h.bus.Abandon(h.Context(), m, 0, "for the next"))
	}
	if first != last.completed+1 && first != last.completed+2 {
		h.Errorf("the first that is left is %d; %d was reported as completed", first, last.completed)
	}
	if end := first + len(ms) - 1; end != last.published && end != last.published+1 {
		h.Errorf("the last that is left is %d; %d was reported as published", end, last.published)
	}
}
