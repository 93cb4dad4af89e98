package storetest

import (
	"testing"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// Facts count the generation up; what is written again unchanged, deliveries,
// readings and the ledger do not.
func testGeneration(t *testing.T, st store.Store) {
	if n := generation(t, st); n != 0 {
		t.Errorf("an empty store is of generation %d", n)
	}
	late, later := look("inventory", 2, true), look("inventory", 2, true)
	later.Silent = noon
	second, third := notice("azure:A", 2), notice("azure:A", 2)
	third.TrackingIDs = append(third.TrackingIDs, "A2")
	case1, case2 := cutover.Case{ID: "c", State: "open", Opened: noon}, cutover.Case{ID: "c", State: "closed", Opened: noon}
	inventory := func(src cutover.Source, rs ...cutover.Resource) func(store.Tx) error {
		return func(tx store.Tx) error { return tx.ReplaceInventory(src, store.Rows{Resources: values(rs...)}) }
	}
	scanned := func(src cutover.Source, fs ...cutover.Finding) func(store.Tx) error {
		return func(tx store.Tx) error { return tx.ReplaceFindings(src, fs) }
	}
	decide := func(tx store.Tx) error {
		_, err := tx.PutDecision(cutover.Decision{ID: "x", At: noon})
		return err
	}
	keep := func(tx store.Tx) error {
		_, err := tx.PutDelivery(delivery("d", 0, "x"))
		return err
	}
	steps := []struct {
		name  string
		fn    func(store.Tx) error
		moves bool
	}{
		{"nothing", func(store.Tx) error { return nil }, false},
		{"a delivery", keep, false},
		{"a delivery's state", func(tx store.Tx) error { return tx.SetDelivery("d", cutover.DeliveryRead, "azure:A") }, false},
		{"a reading", func(tx store.Tx) error { return tx.PutReading(cutover.Reading{Delivery: "d"}) }, false},
		{"a notice", func(tx store.Tx) error { return tx.PutNotice(notice("azure:A", 1), 0) }, true},
		{"its revision", func(tx store.Tx) error { return tx.PutNotice(second, 1) }, true},
		{"the same again", func(tx store.Tx) error { return tx.PutNotice(second, 2) }, false},
		{"another tracking ID", func(tx store.Tx) error { return tx.PutNotice(third, 2) }, true},
		{"another notice", func(tx store.Tx) error { return tx.PutNotice(notice("azure:B", 1), 0) }, true},
		{"a merger", func(tx store.Tx) error { return tx.MergeNotice("azure:B", "azure:A") }, true},
		{"the merger again", func(tx store.Tx) error { return tx.MergeNotice("azure:B", "azure:A") }, false},
		{"an inventory", inventory(look("inventory", 1, true), resource("/a", "t", "west")), true},
		{"the same again", inventory(look("inventory", 1, true), resource("/a", "t", "west")), false},
		{"a newer look at the same rows", inventory(late, resource("/a", "t", "west")), true},
		{"a row more", inventory(late, resource("/a", "t", "west"), resource("/b", "t", "west")), true},
		{"a row less", inventory(late, resource("/b", "t", "west")), true},
		{"another region", inventory(late, resource("/b", "t", "east")), true},
		{"silence", func(tx store.Tx) error { return tx.PutSource(later) }, false},
		{"a look that failed", func(tx store.Tx) error { return tx.PutSource(look("inventory", 3, false)) }, true},
		{"a scan", scanned(scan("r", 1, true), finding("r", "a", 1, "f", "Root")), true},
		{"the same again", scanned(scan("r", 1, true), finding("r", "a", 1, "f", "Root")), false},
		{"a finding that moved", scanned(scan("r", 1, true), finding("r", "a", 2, "f", "Root")), true},
		{"a finding less", scanned(scan("r", 1, true)), true},
		{"a decision", decide, true},
		{"the same again", decide, false},
		{"a case", func(tx store.Tx) error { return tx.PutCase(case1) }, true},
		{"the same again", func(tx store.Tx) error { return tx.PutCase(case1) }, false},
		{"its end", func(tx store.Tx) error { return tx.PutCase(case2) }, true},
		{"an action", func(tx store.Tx) error { return tx.PutAction(action("1", "x", cutover.ActionOpen)) }, false},
		{"an effect", func(tx store.Tx) error { return tx.PutEffect(cutover.Effect{Key: "k"}) }, false},
		{"outcomes", func(tx store.Tx) error { return tx.PutOutcomes([]cutover.Outcome{{Notice: "azure:A"}}) }, false},
		{"events", func(tx store.Tx) error { return tx.Emit(event("x")) }, false},
		{"relaying", func(tx store.Tx) error { return tx.Relayed(event("x").ID) }, false},
	}
	for _, s := range steps {
		before := generation(t, st)
		update(t, st, s.fn)
		if after := generation(t, st); (after > before) != s.moves || after < before {
			t.Errorf("%s: generation %d → %d, want a change: %v", s.name, before, after, s.moves)
		}
	}
}
