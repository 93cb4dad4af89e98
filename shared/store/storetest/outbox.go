package storetest

import (
	"encoding/json"
	"testing"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

func event(cause string) cutover.Event {
	return cutover.NewEvent(cutover.TypeActionChanged, "match", "action "+cause, noon, map[string]string{"state": "open <&>"}, cause)
}

func pending(t testing.TB, st store.Store, max int) []cutover.Event {
	t.Helper()
	es, err := get(t, st, func(r store.Reader) ([]cutover.Event, error) { return r.Pending(max) })
	if err != nil {
		t.Fatal(err)
	}
	return es
}

func testOutbox(t *testing.T, st store.Store) {
	same(t, "an empty outbox", pending(t, st, 10), nil)
	e1, e2, e3, e4 := event("z"), event("a"), event("m"), event("b")
	emit := func(es ...cutover.Event) { update(t, st, func(tx store.Tx) error { return tx.Emit(es...) }) }
	relayed := func(ids ...string) { update(t, st, func(tx store.Tx) error { return tx.Relayed(ids...) }) }
	emit(e1, e2)
	emit(e3)
	emit(e1) // waits already
	emit()
	same(t, "oldest first", pending(t, st, 10), []cutover.Event{e1, e2, e3})
	same(t, "at most two", pending(t, st, 2), []cutover.Event{e1, e2})
	relayed(e3.ID)
	emit(e4)
	relayed(e1.ID, "nope")
	relayed(e1.ID)
	same(t, "after some went", pending(t, st, 10), []cutover.Event{e2, e4})
	emit(e1) // it went, and comes again
	same(t, "after one came again", pending(t, st, 10), []cutover.Event{e2, e4, e1})

	err := st.Update(t.Context(), func(tx store.Tx) error {
		return tx.Emit(event("good"), cutover.Event{ID: "bad", Data: json.RawMessage("{")})
	})
	if err == nil {
		t.Error("an event whose data is no JSON was taken")
	}
	same(t, "after a refusal", pending(t, st, 10), []cutover.Event{e2, e4, e1})
}
