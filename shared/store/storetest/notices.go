package storetest

import (
	"errors"
	"strings"
	"testing"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// notice makes one whose tracking ID is the one of its key.
func notice(key string, revision int) cutover.Notice {
	ev := cutover.Evidence{Part: "body", Quote: "by 15 June 2026", Offset: 17, Length: 15}
	return cutover.Notice{
		Key: key, Provider: "azure", TrackingIDs: []string{strings.TrimPrefix(key, "azure:")}, Title: "A root moves",
		EventType: cutover.EventHealthAdvisory, Topic: cutover.TopicCertificate, Language: "en", Issued: "2026-01-15",
		Services: []string{"Azure IoT Hub"}, Regions: []string{"westeurope"}, Clouds: []string{cutover.CloudPublic},
		ExcludedClouds: []string{}, Subscriptions: []string{}, ActionRequired: true, RequiredActions: []string{"Update the trust store"},
		NoActionFor: []string{}, Reasons: []string{}, Verdict: cutover.VerdictRead,
		Milestones: []cutover.Milestone{{
			Kind: cutover.KindCutover, Start: "2026-06-15", End: "2026-09-30", Precision: cutover.PrecisionDay,
			Services: []string{}, Regions: []string{}, Evidence: ev,
		}},
		Certificates: []cutover.Certificate{{CN: "Baltimore CyberTrust Root", Role: cutover.RoleRoot, State: cutover.StateRetiring, Evidence: ev}},
		Evidence:     map[string]cutover.Evidence{"title": ev},
		Revision:     revision, FirstSeen: noon, Updated: noon,
		Provenance: map[string]cutover.Origin{"title": {Delivery: "d1", Stamp: noon, Structured: true}},
	}
}

func loadNotice(t *testing.T, st store.Store, key string) (cutover.Notice, error) {
	t.Helper()
	return get(t, st, func(r store.Reader) (cutover.Notice, error) { return r.Notice(key) })
}

// leads checks which notice a key leads to; empty for none.
func leads(t *testing.T, st store.Store, key, want string) {
	t.Helper()
	n, err := loadNotice(t, st, key)
	if want == "" {
		missing(t, "Notice("+key+")", err)
		return
	}
	if err != nil || n.Key != want {
		t.Errorf("Notice(%s) is %q, %v; want %s", key, n.Key, err, want)
	}
}

func testNotices(t *testing.T, st store.Store) {
	leads(t, st, "azure:3SYG-JCG", "")
	n := notice("azure:3SYG-JCG", 1)
	n.TrackingIDs = append(n.TrackingIDs, "VT7Q-9C0")
	other := notice("azure:1ABC-DEF", 1)
	update(t, st, func(tx store.Tx) error {
		if err := tx.PutNotice(n, 0); err != nil {
			return err
		}
		return tx.PutNotice(other, 0)
	})
	got, err := loadNotice(t, st, "azure:3SYG-JCG")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "notice", got, n)
	leads(t, st, "azure:VT7Q-9C0", "azure:3SYG-JCG")
	same(t, "notices by key", from(t, st, store.Reader.Notices), []cutover.Notice{other, n})

	n.Revision, n.Title = 2, "A root moves later"
	update(t, st, func(tx store.Tx) error { return tx.PutNotice(n, 1) })
	same(t, "after a revision", from(t, st, store.Reader.Notices), []cutover.Notice{other, n})
}

func testStaleNotices(t *testing.T, st store.Store) {
	put := func(n cutover.Notice, known int) error {
		return st.Update(t.Context(), func(tx store.Tx) error { return tx.PutNotice(n, known) })
	}
	n := notice("azure:A", 3)
	if err := put(n, 2); !errors.Is(err, store.ErrStale) {
		t.Errorf("a revision of a notice that is not there: %v, want ErrStale", err)
	}
	if err := put(n, 0); err != nil {
		t.Fatal(err)
	}
	next := notice("azure:A", 4)
	for _, known := range []int{0, 2, 4} {
		if err := put(next, known); !errors.Is(err, store.ErrStale) {
			t.Errorf("revision 3 is stored, %d was known: %v, want ErrStale", known, err)
		}
	}
	same(t, "after refusals", from(t, st, store.Reader.Notices), []cutover.Notice{n})
	if err := put(next, 3); err != nil {
		t.Errorf("revision 3 is stored and known: %v", err)
	}
	// A function that goes on after ErrStale may commit what else it wrote.
	update(t, st, func(tx store.Tx) error {
		if err := tx.PutNotice(notice("azure:A", 9), 1); !errors.Is(err, store.ErrStale) {
			t.Errorf("%v, want ErrStale", err)
		}
		return tx.PutNotice(notice("azure:B", 1), 0)
	})
	leads(t, st, "azure:B", "azure:B")
}

func testMergedNotices(t *testing.T, st store.Store) {
	b := notice("azure:B", 1)
	b.TrackingIDs = []string{"B", "B2"}
	update(t, st, func(tx store.Tx) error {
		return errors.Join(tx.PutNotice(notice("azure:A", 1), 0), tx.PutNotice(b, 0), tx.PutNotice(notice("azure:C", 1), 0))
	})
	merge := func(from, into string) error {
		return st.Update(t.Context(), func(tx store.Tx) error { return tx.MergeNotice(from, into) })
	}
	missing(t, "merging a notice that is not there", merge("azure:X", "azure:A"))
	missing(t, "merging into a notice that is not there", merge("azure:B", "azure:X"))
	leads(t, st, "azure:B", "azure:B")
	for range 2 { // the second time nothing is left to do
		if err := merge("azure:B", "azure:A"); err != nil {
			t.Fatal(err)
		}
		leads(t, st, "azure:B", "azure:A")
		leads(t, st, "azure:B2", "azure:A")
	}
	err := st.Update(t.Context(), func(tx store.Tx) error { return tx.PutNotice(notice("azure:B", 1), 0) })
	if !errors.Is(err, store.ErrStale) {
		t.Errorf("writing a notice that was merged: %v, want ErrStale", err)
	}
	if err := merge("azure:A", "azure:C"); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"azure:A", "azure:B", "azure:B2", "azure:C"} {
		leads(t, st, key, "azure:C")
	}
	same(t, "what is left", from(t, st, store.Reader.Notices), []cutover.Notice{notice("azure:C", 1)})
}
