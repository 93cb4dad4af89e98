package alert_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cutover/functions/alert"
	"cutover/shared/cutover"
	"cutover/shared/slack"
	"cutover/shared/store"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", path, diff)
	}
}

// show writes a message as a reader of the golden file wants it.
func show(s seen) string {
	var b strings.Builder
	place := "of its own"
	if s.Thread != "" {
		place = "in the thread"
	}
	fmt.Fprintf(&b, "%s in %s, %s\nnotification: %s\n", s.Kind, s.Channel, place, s.Text)
	for _, block := range s.Blocks {
		if block.Text != nil {
			fmt.Fprintf(&b, "\n[%s]\n%s\n", block.Type, block.Text.Text)
		}
		for _, e := range block.Elements {
			fmt.Fprintf(&b, "\n[%s]\n%s\n", block.Type, e.Text)
		}
	}
	return b.String()
}

// all is everything that was posted and counted.
func all(h *house) string {
	h.t.Helper()
	out := fmt.Sprint(h.counts)
	for _, s := range h.look() {
		out += "\n" + s.TS + " " + s.Updated + " " + show(s)
	}
	return out
}

// TestLife shows every message of an action's life, and that a message that comes
// twice changes nothing.
func TestLife(t *testing.T) {
	h := newHouse(t)
	a := action()
	step := func(name string, ev cutover.Event, pick func() seen) {
		t.Helper()
		h.handle(ev)
		before := all(h)
		h.handle(ev)
		if after := all(h); after != before {
			t.Errorf("%s: the message came twice, and\n%s became\n%s", name, before, after)
		}
		golden(t, name+".txt", show(pick()))
	}
	first := func() seen { return h.look()[0] }
	step("alert", h.recorded(a), h.last)
	ack := next(a, acknowledged)
	step("acknowledged", h.recorded(ack), first)
	big := next(ack, grown)
	step("change", h.recorded(big), h.last)
	golden(t, "changed.txt", show(first()))
	remind := func(rung string, late bool) cutover.Event {
		return due("a1", alert.Due{Kind: slack.KindReminder, Rung: rung, Due: big.Due, Late: late})
	}
	h.clock.move(26 * 24 * time.Hour) // 18 January
	step("reminder", remind("T-14", false), h.last)
	h.clock.move(9 * 24 * time.Hour)
	step("reminder-late", remind("T-7", true), h.last)
	step("escalation", due("a1", alert.Due{Kind: slack.KindEscalation, Rung: "T-7", Due: big.Due}), h.last)
	h.clock.move(6 * 24 * time.Hour) // 2 February
	step("overdue", remind("overdue", false), h.last)
	proved := next(big, resolved)
	step("resolved-reply", h.recorded(proved), h.last)
	golden(t, "resolved.txt", show(first()))
	step("reopened-reply", h.recorded(next(proved, reopened)), h.last)
	want := map[string]int{"alerts_sent": 1, "alerts_updated": 4, "changes_sent": 3, "reminders_sent": 3, "escalations_sent": 1}
	if diff := cmp.Diff(want, h.counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// TestOtherMessages shows what does not belong to one certificate's usual life.
func TestOtherMessages(t *testing.T) {
	h := newHouse(t)
	n := notice()
	n.Key, n.RequiredActions, n.Milestones, n.TrackingIDs = "azure:~1a2b3c4d", []string{"Move to the new SDK.", "Test it."}, nil, nil
	a := action()
	a.ID, a.Key, a.Notice, a.Due, a.Milestones = "a2", "azure:~1a2b3c4d/payments", n.Key, "", nil
	a.Missing, a.Items = []string{"the regions"}, a.Items[:1]
	h.put(a, n)
	h.handle(h.ticket(a, "out/tickets/7.md"))
	golden(t, "no-date.txt", show(h.last()))
	h.handle(due("a2", alert.Due{Kind: slack.KindReminder, Rung: "week+7"}))
	golden(t, "reminder-no-date.txt", show(h.last()))
	late := action()
	late.ID, late.Key, late.Due = "a3", "azure:KT4N-9D0/late", "2022-12-20"
	h.handle(h.recorded(late))
	golden(t, "overdue-alert.txt", show(h.last()))
	to := action()
	to.Key, to.ID = "azure:KT4N-9D0/platform", "b1"
	h.put(to, notice())
	moved := next(a, func(a *cutover.Action) {
		a.State, a.MovedTo, a.Items = cutover.ActionMoved, "b1", nil
	})
	h.put(moved, n)
	h.handle(h.ticket(moved, "out/tickets/7.md"))
	golden(t, "moved.txt", show(h.look()[0])+"\n"+show(h.last()))
}

func TestCases(t *testing.T) {
	h := newHouse(t)
	c := cutover.Case{
		ID: "partial-236ca798", Kind: cutover.CasePartial, Title: "Read in part: Device services move to a new certificate root", Notice: "azure:KT4N-9D0",
		Reasons: []string{"action is asked for, but no date for it could be read", "a table could not be read"}, Due: "2023-02-15", Opened: h.clock.now(), State: "open",
	}
	h.update(func(tx store.Tx) error { return tx.PutCase(c) })
	h.handle(due(c.ID, alert.Due{Kind: slack.KindCase, Rung: "opened"}))
	golden(t, "case.txt", show(h.last()))
	h.clock.move(40 * 24 * time.Hour)
	h.Owners.Teams[1].Slack = "#renamed" // the thread stays where it is
	h.handle(due(c.ID, alert.Due{Kind: slack.KindCase, Rung: "T-14"}), due(c.ID, alert.Due{Kind: slack.KindCase, Rung: "T-14"}))
	golden(t, "case-chased.txt", show(h.last()))
	c.State = "approved"
	h.update(func(tx store.Tx) error { return tx.PutCase(c) })
	h.handle(due(c.ID, alert.Due{Kind: slack.KindCase, Rung: "T-7"}))
	if h.counts["cases_sent"] != 2 || len(h.look()) != 2 {
		t.Errorf("%d messages, counts %v", len(h.look()), h.counts)
	}
}

func TestDigest(t *testing.T) {
	h := newHouse(t)
	h.put(action(), notice())
	d := alert.Due{Kind: slack.KindDigest, Notices: []string{"azure:KT4N-9D0", "azure:GONE-000"}, Text: []string{"its last date, 15 October 2021, had passed"}}
	h.handle(due("digest", d), due("digest", d))
	golden(t, "digest.txt", show(h.last()))
	d = alert.Due{Kind: slack.KindDigest}
	for i := range 200 {
		d.Notices = append(d.Notices, fmt.Sprintf("azure:AAAA-%03d", i))
		d.Text = append(d.Text, "its last date, 15 October 2021, had passed when it was first seen; nothing in the code still trusts what it retires")
	}
	h.handle(due("digest", d), due("digest", alert.Due{Kind: slack.KindDigest}))
	var listed int
	for _, b := range h.last().Blocks {
		if b.Text != nil {
			listed += strings.Count(b.Text.Text, "• ")
		}
	}
	if text := show(h.last()); listed == 0 || !strings.Contains(text, fmt.Sprintf("\n… and %d more\n", 200-listed)) {
		t.Errorf("%d of 200 are listed, and the rest is not told:\n%s", listed, text)
	}
	if h.counts["digests_sent"] != 2 {
		t.Errorf("counted %v", h.counts)
	}
}
