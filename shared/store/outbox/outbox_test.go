package outbox_test

import (
	"path/filepath"
	"testing"
	"time"

	"cutover/shared/bus"
	"cutover/shared/bus/embedded"
	"cutover/shared/cutover"
	"cutover/shared/store"
	"cutover/shared/store/outbox"
	"cutover/shared/store/sqlite"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func event(typ, cause string) cutover.Event {
	return cutover.NewEvent(typ, "match", cause, noon, map[string]string{"state": "open"}, cause)
}

func open(t *testing.T) (*sqlite.Store, *embedded.Bus) {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := embedded.New(st.DB(), embedded.Options{Now: func() time.Time { return noon }, Routes: bus.Routes()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		b.Close()
		st.Close()
	})
	return st, b
}

func emit(t *testing.T, st store.Store, es ...cutover.Event) {
	t.Helper()
	if err := st.Update(t.Context(), func(tx store.Tx) error { return tx.Emit(es...) }); err != nil {
		t.Fatal(err)
	}
}

func subjects(t *testing.T, b bus.Bus, queue string) []string {
	t.Helper()
	ms, err := b.Receive(t.Context(), queue, 1000, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range ms {
		got = append(got, m.Event.Subject)
	}
	return got
}

// An event of an unknown type stays and is named; all others go out, in order,
// however many such events stand at the head.
func TestRelay(t *testing.T) {
	st, b := open(t)
	emit(t, st, event("cutover.nobody.v1", "x"), event(cutover.TypeActionChanged, "a1"), event("cutover.nobody.v1", "y"),
		event("cutover.nobody.v1", "z"), event(cutover.TypeActionChanged, "a2"), event(cutover.TypeActionChanged, "a3"))
	n, err := outbox.Relay(t.Context(), st, b, 2)
	if n != 3 || err == nil {
		t.Errorf("relayed %d, %v; want 3 and an error", n, err)
	}
	if got := subjects(t, b, bus.QueueTicket); len(got) != 3 || got[0] != "a1" || got[2] != "a3" {
		t.Errorf("received %v", got)
	}
	err = st.View(t.Context(), func(r store.Reader) error {
		es, err := r.Pending(10)
		if len(es) != 3 {
			t.Errorf("%d events stayed, want the 3 that nobody takes", len(es))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A crash between publishing and taking out publishes again; nobody sees it.
func TestRelayAgain(t *testing.T) {
	st, b := open(t)
	emit(t, st, event(cutover.TypeActionChanged, "a1"))
	if err := b.Publish(t.Context(), event(cutover.TypeActionChanged, "a1")); err != nil { // then the crash
		t.Fatal(err)
	}
	if n, err := outbox.Relay(t.Context(), st, b, 100); n != 1 || err != nil {
		t.Errorf("relayed %d, %v", n, err)
	}
	if got := subjects(t, b, bus.QueueTicket); len(got) != 1 {
		t.Errorf("received %v, want one", got)
	}
	if n, err := outbox.Relay(t.Context(), st, b, 100); n != 0 || err != nil {
		t.Errorf("the second relay moved %d, %v", n, err)
	}
}
