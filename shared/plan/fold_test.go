package plan

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"cutover/shared/cutover"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func reading(delivery, stamp string, n cutover.Notice, structured ...string) cutover.Reading {
	if n.Provider == "" {
		n.Provider, n.TrackingIDs = "azure", append([]string{"AAAA-111"}, n.TrackingIDs...)
	}
	if n.Verdict == "" {
		n.Verdict = cutover.VerdictRead
	}
	if n.Language == "" {
		n.Language = "en"
	}
	return cutover.Reading{Delivery: delivery, Stamp: at(stamp), Notice: n, Structured: structured}
}

func fold(rs ...cutover.Reading) (n cutover.Notice, changed [][]string) {
	for _, r := range rs {
		var c []string
		n, c = Fold(n, r, r.Stamp)
		changed = append(changed, c)
	}
	return n, changed
}

func actBy(d cutover.Date, services ...string) cutover.Milestone {
	return cutover.Milestone{Kind: cutover.KindActBy, Start: d, Precision: cutover.PrecisionDay, Services: services, Evidence: cutover.Evidence{Quote: "by " + string(d)}}
}

func TestFold(t *testing.T) {
	type notice = cutover.Notice
	tests := []struct {
		says    string
		rs      []cutover.Reading
		changed []string // by the last reading
		got     func(notice) any
		want    any
	}{
		{"an extension replaces the old date", []cutover.Reading{
			reading("a", "2023-01-01", notice{Milestones: []cutover.Milestone{actBy("2023-03-31")}}),
			reading("b", "2023-02-01", notice{Milestones: []cutover.Milestone{actBy("2023-06-30")}}),
		}, []string{"milestones"}, func(n notice) any { return starts(n) }, []cutover.Date{"2023-06-30"}},
		{"an older delivery that comes late changes nothing", []cutover.Reading{
			reading("b", "2023-02-01", notice{Title: "New", Milestones: []cutover.Milestone{actBy("2023-06-30")}}),
			reading("a", "2023-01-01", notice{Title: "Old", Milestones: []cutover.Milestone{actBy("2023-03-31"), actBy("2023-03-01", "DPS")}}),
		}, nil, func(n notice) any { return fmt.Sprint(n.Title, starts(n), n.Revision) }, "New[2023-06-30] 1"},
		{"a date for the whole notice takes the place of older ones for parts of it", []cutover.Reading{
			reading("a", "2023-01-01", notice{Milestones: []cutover.Milestone{actBy("2023-03-31", "DPS"), actBy("2023-04-30", "IoT Hub")}}),
			reading("b", "2023-02-01", notice{Milestones: []cutover.Milestone{actBy("2023-06-30")}}),
		}, []string{"milestones"}, func(n notice) any { return starts(n) }, []cutover.Date{"2023-06-30"}},
		{"absence deletes nothing", []cutover.Reading{
			reading("a", "2023-01-01", notice{Title: "T", Services: []string{"IoT Hub"}, ActionRequired: true, PinningCondition: true, Milestones: []cutover.Milestone{actBy("2023-03-31")}, RequiredActions: []string{"do"}}),
			reading("b", "2023-02-01", notice{Title: "T"}),
		}, nil, func(n notice) any {
			return fmt.Sprint(n.Services, n.ActionRequired, n.PinningCondition, starts(n), n.RequiredActions)
		}, "[IoT Hub] true true [2023-03-31] [do]"},
		{"a reminder that names one of three services takes back none", []cutover.Reading{
			reading("a", "2023-01-01", notice{Services: []string{"IoT Hub", "DPS", "IoT Central"}}),
			reading("b", "2023-02-01", notice{Services: []string{"DPS"}}),
		}, nil, func(n notice) any { return n.Services }, []string{"DPS", "IoT Central", "IoT Hub"}},
		{"a newer structured list stands as a whole", []cutover.Reading{
			reading("a", "2023-01-01", notice{Regions: []string{"West Europe", "North Europe"}}, "regions"),
			reading("b", "2023-02-01", notice{Regions: []string{"westeurope"}}, "regions"),
		}, []string{"regions"}, func(n notice) any { return n.Regions }, []string{"westeurope"}},
		{"prose does not touch what a structured field says", []cutover.Reading{
			reading("a", "2023-01-01", notice{Title: "Structured", Services: []string{"IoT Hub"}, Milestones: []cutover.Milestone{actBy("2023-03-31")}}, "title", "services", "milestones"),
			reading("b", "2023-02-01", notice{Title: "Prose", Services: []string{"Storage"}, Milestones: []cutover.Milestone{actBy("2023-06-30")}}),
		}, nil, func(n notice) any { return fmt.Sprint(n.Title, n.Services, starts(n)) }, "Structured[IoT Hub] [2023-03-31]"},
		{"only a stated cancellation cancels, and only a statement takes it back", []cutover.Reading{
			reading("a", "2023-01-01", notice{Cancelled: true}),
			reading("b", "2023-02-01", notice{}),
			reading("c", "2023-03-01", notice{Evidence: map[string]cutover.Evidence{"cancelled": {Quote: "will go ahead after all"}}}),
		}, []string{"cancelled"}, func(n notice) any { return n.Cancelled }, false},
		{"a translation is no change, and English goes first", []cutover.Reading{
			reading("a", "2023-01-01", notice{Title: "Root change", RequiredActions: []string{"do"}}),
			reading("b", "2023-02-01", notice{Language: "ja", Title: "ルートの変更", RequiredActions: []string{"する"}}),
		}, nil, func(n notice) any { return fmt.Sprint(n.Title, n.Language, n.RequiredActions) }, "Root changeen[do]"},
		{"English replaces another language, also when it is older, and that is no change either", []cutover.Reading{
			reading("b", "2023-02-01", notice{Language: "ja", Title: "ルートの変更"}),
			reading("a", "2023-01-01", notice{Title: "Root change"}),
		}, nil, func(n notice) any { return n.Title + n.Language }, "Root changeen"},
		{"subscriptions and tracking IDs add up, the key's own first", []cutover.Reading{
			reading("a", "2023-02-01", notice{Subscriptions: []string{"b"}}),
			reading("b", "2023-01-01", notice{TrackingIDs: []string{"0000-000"}, Subscriptions: []string{"a", "b"}}),
		}, []string{"subscriptions", "tracking_ids"}, func(n notice) any { return fmt.Sprint(n.Subscriptions, n.TrackingIDs) }, "[a b] [AAAA-111 0000-000]"},
		{"certificates fold by thumbprint, each fact by itself", []cutover.Reading{
			reading("a", "2023-01-01", notice{Certificates: []cutover.Certificate{{CN: "X", Thumbprint: "AA", State: "retiring", Expires: "2025-05-12"}}}),
			reading("b", "2023-02-01", notice{Certificates: []cutover.Certificate{{CN: "X", Thumbprint: "aa", Role: "root", State: "retiring"}}}),
		}, []string{"certificates"}, func(n notice) any { return n.Certificates }, []cutover.Certificate{{CN: "X", Thumbprint: "AA", Role: "root", State: "retiring", Expires: "2025-05-12"}}},
		{"issue date and link differ from copy to copy and are no change", []cutover.Reading{
			reading("a", "2023-01-01", notice{Issued: "2023-01-01", Link: "x"}),
			reading("b", "2023-02-01", notice{Issued: "2023-02-01", Link: "y"}),
		}, nil, func(n notice) any { return string(n.Issued) + n.Link }, "2023-02-01y"},
		{"two readings that each lack what the other has make one whole", []cutover.Reading{
			reading("a", "2023-01-01", notice{Verdict: cutover.VerdictPartial, Reasons: []string{"no date"}, Services: []string{"DPS"}}),
			reading("b", "2023-02-01", notice{Verdict: cutover.VerdictPartial, Reasons: []string{"no service"}, Milestones: []cutover.Milestone{actBy("2023-03-31")}}),
		}, []string{"milestones", "verdict"}, func(n notice) any { return n.Verdict }, cutover.VerdictRead},
		{"one that is partial for another reason stays partial", []cutover.Reading{
			reading("a", "2023-01-01", notice{Verdict: cutover.VerdictPartial, Reasons: []string{"two dates contradict each other"}, Services: []string{"DPS"}, Milestones: []cutover.Milestone{actBy("2023-03-31")}}),
			reading("b", "2023-02-01", notice{Verdict: cutover.VerdictPartial, Reasons: []string{"no service"}, Milestones: []cutover.Milestone{actBy("2023-03-31")}}),
		}, nil, func(n notice) any { return fmt.Sprint(n.Verdict, n.Reasons) }, "partial[two dates contradict each other]"},
		{"the best reading counts", []cutover.Reading{
			reading("b", "2023-02-01", notice{Services: []string{"DPS"}}),
			reading("c", "2023-03-01", notice{Verdict: cutover.VerdictPartial, Reasons: []string{"no service"}}),
		}, nil, func(n notice) any { return n.Verdict }, cutover.VerdictRead},
		{"evidence travels with its fact", []cutover.Reading{
			reading("b", "2023-02-01", notice{Title: "New", Evidence: map[string]cutover.Evidence{"title": {Quote: "New"}}}),
			reading("a", "2023-01-01", notice{Title: "Old", Stage: "Active", Evidence: map[string]cutover.Evidence{"title": {Quote: "Old"}, "stage": {Quote: "Active"}}}),
		}, []string{"stage"}, func(n notice) any { return n.Evidence["title"].Quote + n.Evidence["stage"].Quote }, "NewActive"},
	}
	for _, tt := range tests {
		t.Run(tt.says, func(t *testing.T) {
			n, changed := fold(tt.rs...)
			if d := cmp.Diff(tt.changed, changed[len(changed)-1], cmpopts.EquateEmpty()); d != "" {
				t.Errorf("changed (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.want, tt.got(n)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func starts(n cutover.Notice) []cutover.Date {
	var out []cutover.Date
	for _, m := range n.Milestones {
		out = append(out, m.Start)
	}
	return out
}

func drawReading(t *rapid.T, i int) cutover.Reading {
	word := func(fact string) string { return one(t, []string{"", "x", "y"}, fact) }
	n := cutover.Notice{
		Provider: "azure", TrackingIDs: append([]string{"AAAA-111"}, some(t, []string{"B", "C"}, "aliases")...), Key: "azure:AAAA-111",
		Title: word("title"), Language: one(t, []string{"", "en", "ja", "de"}, "language"), Stage: word("stage"), Link: word("link"), Issued: cutover.Date(word("issued")),
		EventType: one(t, []string{cutover.EventUnknown, cutover.EventBilling, cutover.EventHealthAdvisory}, "event"), Topic: one(t, []string{cutover.TopicOther, cutover.TopicRetirement}, "topic"),
		Services: some(t, []string{"IoT Hub", "iot hub", "DPS", "Storage"}, "services"), Regions: some(t, []string{"West Europe", "westeurope", "North Europe"}, "regions"),
		Subscriptions: some(t, []string{"s1", "s2", "s3"}, "subscriptions"), RequiredActions: some(t, []string{"do", "add"}, "actions"),
		ActionRequired: maybe(t, "action"), PinningCondition: maybe(t, "pinning"), Cancelled: maybe(t, "cancelled"), Evidence: map[string]cutover.Evidence{},
		Verdict: one(t, []cutover.Verdict{cutover.VerdictRead, cutover.VerdictPartial, cutover.VerdictPartial}, "verdict"),
	}
	if n.Verdict == cutover.VerdictPartial {
		n.Reasons = []string{"reason " + fmt.Sprint(i)}
	}
	for range rapid.IntRange(0, 3).Draw(t, "milestones") {
		n.Milestones = append(n.Milestones, cutover.Milestone{
			Kind: one(t, []string{cutover.KindActBy, cutover.KindCutover}, "kind"), Start: one(t, drawDays, "start"), Precision: cutover.PrecisionDay,
			Services: some(t, []string{"DPS", "IoT Hub"}, "of"), Evidence: cutover.Evidence{Quote: fmt.Sprint(i), Offset: len(n.Milestones)},
		})
	}
	for _, thumb := range some(t, []string{"", "aa", "bb"}, "certificates") {
		n.Certificates = append(n.Certificates, cutover.Certificate{CN: "X", Thumbprint: thumb, State: one(t, []string{"", cutover.StateRetiring, cutover.StateIntroduced}, "state"), Expires: cutover.Date(word("expires")), Evidence: cutover.Evidence{Quote: fmt.Sprint(i)}})
	}
	facts := []string{"title", "services", "regions", "cancelled", "milestones", "certificates", "stage", "language"}
	for _, f := range some(t, append(facts, "services/DPS", "subscriptions/s1"), "evidence") {
		n.Evidence[f] = cutover.Evidence{Part: "body", Quote: fmt.Sprint(f, i)}
	}
	return cutover.Reading{Delivery: fmt.Sprintf("d%d", i), Stamp: at("2023-01-01").Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "stamp")) * time.Hour), Notice: n, Structured: some(t, facts, "structured")}
}

// TestFoldOrder folds readings in two orders, some of them twice. The notices are
// the same, up to the revision, which counts what happened.
func TestFoldOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rs []cutover.Reading
		for i := range rapid.IntRange(1, 5).Draw(t, "readings") {
			rs = append(rs, drawReading(t, i))
		}
		before := fmt.Sprint(rs)
		a, _ := fold(rs...)
		b, changes := fold(shuffle(t, append(slices.Clone(rs), some(t, rs, "twice")...))...)
		opts := cmp.Options{cmpopts.IgnoreFields(cutover.Notice{}, "Revision"), cmpopts.EquateEmpty()}
		if d := cmp.Diff(a, b, opts); d != "" {
			t.Fatalf("another order gives another notice:\n%s", d)
		}
		for _, r := range rs {
			c, changed := Fold(b, r, r.Stamp)
			if len(changed) > 0 || c.Revision != b.Revision {
				t.Fatalf("a delivery that was folded changes %v", changed)
			}
		}
		revisions := 0
		for _, c := range changes {
			if len(c) > 0 {
				revisions++
			}
		}
		if b.Revision != revisions {
			t.Fatalf("revision %d after %d changes", b.Revision, revisions)
		}
		if fmt.Sprint(rs) != before {
			t.Fatal("folding changed its input")
		}
	})
}
