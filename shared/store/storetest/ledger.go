package storetest

import (
	"iter"
	"testing"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

func testSources(t *testing.T, st store.Store) {
	b := look("b", 0, false)
	a := look("a", 1, true)
	a.MaxAge, a.Silent = 48*time.Hour, noon
	update(t, st, func(tx store.Tx) error {
		if err := tx.PutSource(b); err != nil {
			return err
		}
		return tx.PutSource(a)
	})
	got, err := get(t, st, store.Reader.Sources)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "sources by name", got, []cutover.Source{a, b})
	replace(t, st, look("b", 2, true), resource("/x", "t", "west"))
	update(t, st, func(tx store.Tx) error { return tx.PutSource(b) })
	same(t, "PutSource leaves the rows", ids(candidates(t, st, []string{"t"}, nil)), []string{"/x"})
}

func action(id, owner string, state cutover.ActionState) cutover.Action {
	return cutover.Action{
		ID: id, Key: cutover.ActionKey("azure:A", owner), Notice: "azure:A", Owner: owner, State: state, Due: "2026-06-15",
		Reason: "two hubs", Revision: 1, Version: 1, Opened: noon, Changed: noon,
		Items: []cutover.Item{{
			Kind: cutover.ItemResource, ID: "/a", Where: "hub a", Why: "IoT Hub", Named: true,
			Trace: cutover.Trace{{Rule: "resource-tag", Where: "tag owner", Value: owner, Result: owner, Won: true}},
		}},
	}
}

func testActions(t *testing.T, st store.Store) {
	open2, open1 := action("2", "payments", cutover.ActionOpen), action("1", "payments", cutover.ActionOpen)
	ended, first := action("0", "zeta", cutover.ActionResolved), action("9", "alpha", cutover.ActionDone)
	update(t, st, func(tx store.Tx) error {
		for _, a := range []cutover.Action{open2, ended, open1, first} {
			if err := tx.PutAction(a); err != nil {
				return err
			}
		}
		return nil
	})
	actions := func(all bool) []cutover.Action {
		return from(t, st, func(r store.Reader) iter.Seq2[cutover.Action, error] { return r.Actions(all) })
	}
	same(t, "not ended, by key and id", actions(false), []cutover.Action{first, open1, open2})
	same(t, "all", actions(true), []cutover.Action{first, open1, open2, ended})
	open1.State, open1.Version, open1.Ended = cutover.ActionMoved, 2, noon
	update(t, st, func(tx store.Tx) error { return tx.PutAction(open1) })
	same(t, "after one ended", actions(false), []cutover.Action{first, open2})
	ended.State = cutover.ActionOpen // reopened
	update(t, st, func(tx store.Tx) error { return tx.PutAction(ended) })
	same(t, "after one was reopened", actions(false), []cutover.Action{first, open2, ended})
	got, err := get(t, st, func(r store.Reader) (cutover.Action, error) { return r.Action("1") })
	if err != nil {
		t.Fatal(err)
	}
	same(t, "action", got, open1)
	_, err = get(t, st, func(r store.Reader) (cutover.Action, error) { return r.Action("nope") })
	missing(t, "Action(nope)", err)
}

func testEffects(t *testing.T, st store.Store) {
	b := cutover.Effect{Key: "alert/1", Subject: "1", Kind: "alert", State: cutover.EffectIntent, Version: 1, Intent: noon}
	a := cutover.Effect{Key: "ticket/1", Subject: "1", Kind: "ticket", State: cutover.EffectDone, Intent: noon, Done: noon, Result: map[string]string{"number": "7"}}
	c := cutover.Effect{Key: "ticket/2", Subject: "2", Kind: "ticket", State: cutover.EffectIntent, Intent: noon}
	put := func(e cutover.Effect) { update(t, st, func(tx store.Tx) error { return tx.PutEffect(e) }) }
	put(c)
	put(a)
	put(b)
	effects := func(subject string) []cutover.Effect {
		return from(t, st, func(r store.Reader) iter.Seq2[cutover.Effect, error] { return r.Effects(subject) })
	}
	same(t, "all by key", effects(""), []cutover.Effect{b, a, c})
	same(t, "of one subject", effects("1"), []cutover.Effect{b, a})
	same(t, "of nobody", effects("3"), nil)
	b.State, b.Error = cutover.EffectDone, "told twice"
	put(b)
	got, err := get(t, st, func(r store.Reader) (cutover.Effect, error) { return r.Effect("alert/1") })
	if err != nil {
		t.Fatal(err)
	}
	same(t, "effect that was put again", got, b)
	_, err = get(t, st, func(r store.Reader) (cutover.Effect, error) { return r.Effect("nope") })
	missing(t, "Effect(nope)", err)
}

func testDecisions(t *testing.T, st store.Store) {
	said := func(id, target string, after time.Duration) cutover.Decision {
		return cutover.Decision{ID: id, Kind: cutover.DecideSnooze, Target: target, Who: "U123", At: noon.Add(after), Until: "2026-05-01", Reason: "freeze"}
	}
	z, y, x, other := said("z", "1", 0), said("y", "1", 0), said("x", "1", -time.Minute), said("o", "2", -time.Hour)
	put := func(d cutover.Decision, want bool) {
		t.Helper()
		update(t, st, func(tx store.Tx) error {
			isNew, err := tx.PutDecision(d)
			if isNew != want {
				t.Errorf("PutDecision(%s) = %v, want %v", d.ID, isNew, want)
			}
			return err
		})
	}
	put(z, true)
	put(y, true)
	put(x, true) // said before, heard after
	put(other, true)
	changed := z
	changed.Reason = "something else"
	put(changed, false)
	decisions := func(target string) []cutover.Decision {
		return from(t, st, func(r store.Reader) iter.Seq2[cutover.Decision, error] { return r.Decisions(target) })
	}
	same(t, "of one target", decisions("1"), []cutover.Decision{x, z, y})
	same(t, "all", decisions(""), []cutover.Decision{other, x, z, y})
	same(t, "of nothing", decisions("3"), nil)
}

func testCases(t *testing.T, st store.Store) {
	open := func(id string, after time.Duration) cutover.Case {
		return cutover.Case{ID: id, Kind: cutover.CaseWaiting, Title: "a delivery waits", Delivery: "d1", Reasons: []string{"sender not proven"}, Opened: noon.Add(after), State: "open"}
	}
	c, b, a := open("c", 0), open("b", time.Hour), open("a", time.Hour)
	put := func(c cutover.Case) { update(t, st, func(tx store.Tx) error { return tx.PutCase(c) }) }
	put(a)
	put(b)
	put(c)
	cases := func(all bool) []cutover.Case {
		return from(t, st, func(r store.Reader) iter.Seq2[cutover.Case, error] { return r.Cases(all) })
	}
	same(t, "open by time and id", cases(false), []cutover.Case{c, a, b})
	a.State, a.Decided = "approved", "dec1"
	put(a)
	same(t, "open after one was approved", cases(false), []cutover.Case{c, b})
	same(t, "all", cases(true), []cutover.Case{c, a, b})
	got, err := get(t, st, func(r store.Reader) (cutover.Case, error) { return r.Case("a") })
	if err != nil {
		t.Fatal(err)
	}
	same(t, "case", got, a)
	_, err = get(t, st, func(r store.Reader) (cutover.Case, error) { return r.Case("nope") })
	missing(t, "Case(nope)", err)
}

func testOutcomes(t *testing.T, st store.Store) {
	o := func(notice, scope, outcome string) cutover.Outcome {
		return cutover.Outcome{Notice: notice, Scope: scope, Outcome: outcome, Why: "because"}
	}
	put := func(os ...cutover.Outcome) { update(t, st, func(tx store.Tx) error { return tx.PutOutcomes(os) }) }
	outcomes := func(notice string) []cutover.Outcome {
		return from(t, st, func(r store.Reader) iter.Seq2[cutover.Outcome, error] { return r.Outcomes(notice) })
	}
	ab, aa, b := o("a", "y", cutover.OutcomeClear), o("a", "x", cutover.OutcomeAffected), o("b", "x", cutover.OutcomeUnknown)
	put(b, ab, aa)
	same(t, "all by notice and scope", outcomes(""), []cutover.Outcome{aa, ab, b})
	same(t, "of one", outcomes("a"), []cutover.Outcome{aa, ab})
	ab.Outcome = cutover.OutcomeUnknown
	put(ab)
	same(t, "after the next pass", outcomes(""), []cutover.Outcome{ab})
	twice := o("a", "y", cutover.OutcomeAffected)
	put(ab, twice)
	same(t, "a scope twice, as it came", outcomes("a"), []cutover.Outcome{ab, twice})
	put()
	same(t, "after a pass without any", outcomes(""), nil)
}
