package interact

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
	"cutover/shared/store/sqlite"
)

var at = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)

// house is a store with some things to decide on, and a room beside it.
type house struct {
	*testing.T
	store *sqlite.Store
	room  Room
	now   time.Time
}

func open(t *testing.T) *house {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Memory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &house{T: t, store: s, now: at}
	h.room = Room{Store: s, Now: func() time.Time { return h.now }, Teams: []cutover.Team{{ID: "payments", Name: "Payments"}, {ID: "platform", Name: "The Platform"}}}
	return h
}

func (h *house) put(fn func(store.Tx) error) {
	h.Helper()
	if err := h.store.Update(h.Context(), fn); err != nil {
		h.Fatal(err)
	}
}

func (h *house) view(fn func(store.Reader) error) {
	h.Helper()
	if err := h.store.View(h.Context(), fn); err != nil {
		h.Fatal(err)
	}
}

func (h *house) delivery(raw string, state cutover.DeliveryState, notice string) cutover.Delivery {
	h.Helper()
	d := cutover.Delivery{ID: cutover.DeliveryID("mail", "", []byte(raw)), Channel: "mail", Raw: []byte(raw), State: state, Notice: notice, Received: at}
	h.put(func(tx store.Tx) error { _, err := tx.PutDelivery(d); return err })
	return d
}

func (h *house) waiting(raw string) (cutover.Delivery, cutover.Case) {
	h.Helper()
	d := h.delivery(raw, cutover.DeliveryWaiting, "azure:AAAA-111")
	c := cutover.Case{ID: cutover.CaseID(cutover.CaseWaiting, d.ID), Kind: cutover.CaseWaiting, Delivery: d.ID, State: caseOpen, Reasons: []string{"x"}, Opened: at}
	h.put(func(tx store.Tx) error { return tx.PutCase(c) })
	return d, c
}

func (h *house) action(a cutover.Action) cutover.Action {
	h.Helper()
	a.Notice, a.Key = "azure:AAAA-111", cutover.ActionKey("azure:AAAA-111", a.Owner)
	h.put(func(tx store.Tx) error { return tx.PutAction(a) })
	return a
}

// pending are the events in the outbox, as type and subject.
func (h *house) pending() []string {
	h.Helper()
	var out []string
	h.view(func(rd store.Reader) error {
		evs, err := rd.Pending(100)
		for _, ev := range evs {
			out = append(out, ev.Type+" "+ev.Subject)
		}
		return err
	})
	return out
}

func (h *house) said(target string) []cutover.Decision {
	h.Helper()
	var out []cutover.Decision
	h.view(func(rd store.Reader) error {
		for d, err := range rd.Decisions(target) {
			if err != nil {
				return err
			}
			out = append(out, d)
		}
		return nil
	})
	return out
}

func (h *house) kase(id string) cutover.Case {
	h.Helper()
	var c cutover.Case
	h.view(func(rd store.Reader) (err error) { c, err = rd.Case(id); return err })
	return c
}

func refused(t *testing.T, err error, says string) {
	t.Helper()
	if !IsRefused(err) || !strings.Contains(err.Error(), says) {
		t.Errorf("got %v, want a refusal that says %q", err, says)
	}
}

func TestApproveWaiting(t *testing.T) {
	h := open(t)
	d, c := h.waiting("mail one")
	for range 2 { // twice is once
		if err := h.room.Approve(t.Context(), c.ID, " Ada\nLovelace "); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(time.Minute)
	}
	want := "cutover.decision.made.v1 " + c.ID + "; cutover.delivery.kept.v1 " + d.ID
	if got := strings.Join(h.pending(), "; "); got != want {
		t.Errorf("outbox holds %s, want %s", got, want)
	}
	if got := h.kase(c.ID); got.State != caseApproved || got.Decided != "approved by Ada Lovelace on 2026-11-01 09:00 UTC" {
		t.Errorf("case is %+v", got)
	}
	if ds := h.said(c.ID); len(ds) != 1 || ds[0].Kind != cutover.DecideApprove || ds[0].Who != "Ada Lovelace" || !ds[0].At.Equal(at) {
		t.Errorf("decisions are %+v", ds)
	}
}

func TestRejectAndChangeOfMind(t *testing.T) {
	h := open(t)
	d, c := h.waiting("mail two")
	if err := h.room.Reject(t.Context(), c.ID, "ada", "scam"); err != nil {
		t.Fatal(err)
	}
	if got := h.kase(c.ID); got.State != caseRejected || !strings.HasSuffix(got.Decided, ": scam") {
		t.Errorf("case is %+v", got)
	}
	h.put(func(tx store.Tx) error { return tx.SetDelivery(d.ID, cutover.DeliveryRejected, "") })
	h.now = h.now.Add(time.Hour)
	if err := h.room.Approve(t.Context(), c.ID, "bob"); err != nil {
		t.Fatalf("a rejected delivery can still be approved: %v", err)
	}
	if ds := h.said(c.ID); len(ds) != 2 || ds[1].Kind != cutover.DecideApprove {
		t.Errorf("decisions are %+v", ds)
	}
	if n := len(h.pending()); n != 4 {
		t.Errorf("%d events, want two of each kind", n)
	}
	// Once it has acted, there is no way back.
	h.put(func(tx store.Tx) error { return tx.SetDelivery(d.ID, cutover.DeliveryRead, "azure:AAAA-111") })
	refused(t, h.room.Reject(t.Context(), c.ID, "ada", ""), "acted already, in notice azure:AAAA-111")
}

func TestCaseRefusals(t *testing.T) {
	h := open(t)
	_, c := h.waiting("mail three")
	failed := cutover.Case{ID: "failed-1", Kind: cutover.CaseFailed, State: caseOpen}
	closed := cutover.Case{ID: "partial-1", Kind: cutover.CasePartial, State: "closed", Decided: "no longer so"}
	h.put(func(tx store.Tx) error { return errors.Join(tx.PutCase(failed), tx.PutCase(closed)) })
	refused(t, h.room.Approve(t.Context(), "waiting-nope", "ada"), "inbox list")
	refused(t, h.room.Approve(t.Context(), c.ID, " \n"), "nobody is named")
	refused(t, h.room.Approve(t.Context(), failed.ID, "ada"), "cannot be read")
	refused(t, h.room.Approve(t.Context(), closed.ID, "ada"), "not open any more")
	if err := h.room.Reject(t.Context(), failed.ID, "ada", ""); err != nil {
		t.Errorf("putting a failed delivery away: %v", err)
	}
	if got := h.pending(); len(got) != 1 || !strings.HasSuffix(got[0], failed.ID) {
		t.Errorf("outbox holds %v, want only the decision about %s", got, failed.ID)
	}
}

func TestLink(t *testing.T) {
	h := open(t)
	const key = "azure:~0a1b2c3d"
	one, two := h.delivery("copy one", cutover.DeliveryRead, key), h.delivery("copy two", cutover.DeliveryRead, key)
	h.delivery("another", cutover.DeliveryRead, "azure:ZZZZ-999")
	c := cutover.Case{ID: cutover.CaseID(cutover.CaseUnlinked, key), Kind: cutover.CaseUnlinked, Notice: key, State: caseOpen}
	h.put(func(tx store.Tx) error {
		return errors.Join(tx.PutCase(c), tx.PutNotice(cutover.Notice{Key: key, Provider: "azure", Revision: 1}, 0),
			tx.PutNotice(cutover.Notice{Key: "azure:ZZZZ-999", Provider: "azure", TrackingIDs: []string{"ZZZZ-999"}, Revision: 1}, 0))
	})
	refused(t, h.room.Link(t.Context(), "azure:~ffffffff", "AAAA-111", "ada"), "no notice azure:~ffffffff")
	refused(t, h.room.Link(t.Context(), "azure:ZZZZ-999", "AAAA-111", "ada"), "has a tracking ID")
	for _, bad := range []string{"", "AAAA 111", "the one from March", "AAAA", strings.Repeat("A-", 30)} {
		refused(t, h.room.Link(t.Context(), key, bad, "ada"), "tracking ID")
	}
	for range 2 {
		if err := h.room.Link(t.Context(), key, " aaaa-111 ", "ada"); err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(time.Minute)
	}
	if ds := h.said(key); len(ds) != 1 || ds[0].Kind != cutover.DecideLink || ds[0].To != "AAAA-111" {
		t.Errorf("decisions are %+v", ds)
	}
	got := strings.Join(h.pending(), "; ")
	for _, d := range []cutover.Delivery{one, two} {
		if !strings.Contains(got, "cutover.delivery.kept.v1 "+d.ID) {
			t.Errorf("delivery %s is not looked at again: %s", d.Raw, got)
		}
	}
	if n := len(h.pending()); n != 3 {
		t.Errorf("%d events, want the decision and two deliveries: %s", n, got)
	}
	if got := h.kase(c.ID); got.State != caseApproved || !strings.Contains(got.Decided, "linked to AAAA-111 by ada") {
		t.Errorf("case is %+v", got)
	}
	// Parse has merged them: said again it is fine, another ID is not.
	h.put(func(tx store.Tx) error {
		return errors.Join(tx.PutNotice(cutover.Notice{Key: "azure:AAAA-111", Provider: "azure", TrackingIDs: []string{"AAAA-111"}, Revision: 1}, 0),
			tx.MergeNotice(key, "azure:AAAA-111"))
	})
	if err := h.room.Link(t.Context(), key, "AAAA-111", "bob"); err != nil {
		t.Error(err)
	}
	refused(t, h.room.Link(t.Context(), key, "BBBB-222", "bob"), "linked to azure:AAAA-111 already")
}

func TestDecide(t *testing.T) {
	tests := []struct {
		name string
		said Said
		want string // in the refusal; empty: written down
	}{
		{"acknowledge", Said{Kind: "acknowledge"}, ""},
		{"by id", Said{Action: "act1", Kind: "done"}, ""},
		{"without case", Said{Action: "azure:aaaa-111/PAYMENTS", Kind: "done"}, ""},
		{"snooze", Said{Kind: "snooze", Until: "2026-12-01"}, ""},
		{"snooze until today", Said{Kind: "snooze", Until: "2026-11-01"}, ""},
		{"waive", Said{Kind: "waive", Until: "2027-01-01", Reason: "moved by hand"}, ""},
		{"reassign by name", Said{Kind: "reassign", To: "the platform"}, ""},
		{"snooze without an end", Said{Kind: "snooze"}, "needs the day"},
		{"snooze until no day", Said{Kind: "snooze", Until: "2026-02-30"}, "needs the day"},
		{"snooze until yesterday", Said{Kind: "snooze", Until: "2026-10-31"}, "over already"},
		{"waive without a reason", Said{Kind: "waive", Until: "2027-01-01", Reason: "\n"}, "needs a reason"},
		{"waive without an end", Said{Kind: "waive", Reason: "moved"}, "needs the day"},
		{"reassign to nobody", Said{Kind: "reassign"}, "payments, platform"},
		{"reassign to strangers", Said{Kind: "reassign", To: "sales"}, `no team "sales"`},
		{"approve an action", Said{Kind: "approve"}, "acknowledge, snooze"},
		{"unknown action", Said{Action: "azure:AAAA-111/sales", Kind: "done"}, "no action"},
		{"ended action", Said{Action: "azure:AAAA-111/gone", Kind: "done"}, "has ended (resolved)"},
		{"moved action", Said{Action: "azure:AAAA-111/moved", Kind: "done"}, "moved to azure:AAAA-111/payments"},
		{"nobody", Said{Kind: "done", Who: " "}, "nobody is named"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			h.action(cutover.Action{ID: "act1", Owner: "payments", State: cutover.ActionOpen, Revision: 3, Changed: at.Add(-time.Hour)})
			h.action(cutover.Action{ID: "act2", Owner: "gone", State: cutover.ActionResolved})
			h.action(cutover.Action{ID: "act3", Owner: "moved", State: cutover.ActionMoved, MovedTo: "azure:AAAA-111/payments"})
			if tt.said.Action == "" {
				tt.said.Action = "azure:AAAA-111/payments"
			}
			if tt.said.Who == "" {
				tt.said.Who = "ada"
			}
			err := h.room.Decide(t.Context(), tt.said)
			if tt.want != "" {
				refused(t, err, tt.want)
				if len(h.said("")) != 0 || len(h.pending()) != 0 {
					t.Error("something was written down all the same")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			ds := h.said("act1")
			if len(ds) != 1 || ds[0].Kind != tt.said.Kind || ds[0].Revision != 3 || ds[0].Until != tt.said.Until {
				t.Errorf("decisions are %+v", ds)
			}
			if got := h.pending(); len(got) != 1 || got[0] != "cutover.decision.made.v1 act1" {
				t.Errorf("outbox holds %v", got)
			}
			h.now = h.now.Add(time.Minute)
			if err := h.room.Decide(t.Context(), tt.said); err != nil {
				t.Errorf("saying it twice: %v", err)
			}
			if n := len(h.said("")); n != 1 {
				t.Errorf("%d decisions after saying it twice", n)
			}
		})
	}
}

// What has run out may be said anew; what was concluded from it may not.
func TestDecideAgain(t *testing.T) {
	h := open(t)
	a := cutover.Action{ID: "act1", Owner: "payments", State: cutover.ActionOpen, Revision: 1, Changed: at.Add(-time.Hour)}
	decide := func(want int) {
		t.Helper()
		h.now = h.now.Add(time.Hour)
		if err := h.room.Decide(t.Context(), Said{Action: "act1", Kind: "done", Who: "ada"}); err != nil {
			t.Fatal(err)
		}
		if n := len(h.said("act1")); n != want {
			t.Errorf("%d decisions, want %d", n, want)
		}
	}
	h.action(a)
	decide(1)
	a.State, a.Changed = cutover.ActionDone, h.now.Add(time.Minute)
	h.action(a)
	decide(1)
	a.State, a.Changed = cutover.ActionOpen, h.now.Add(time.Minute) // an item still stood
	h.action(a)
	decide(2)
	decide(2)
}

func TestReassignTwiceAndBack(t *testing.T) {
	h := open(t)
	a := h.action(cutover.Action{ID: "act1", Owner: "payments", State: cutover.ActionOpen, Changed: at.Add(-time.Hour)})
	give := func(to string, want int) {
		t.Helper()
		h.now = h.now.Add(time.Hour)
		if err := h.room.Decide(t.Context(), Said{Action: "act1", Kind: "reassign", To: to, Who: "ada"}); err != nil {
			t.Fatal(err)
		}
		if n := len(h.said("act1")); n != want {
			t.Errorf("%d decisions after giving it to %s, want %d", n, to, want)
		}
	}
	give("payments", 0) // they have it
	give("platform", 1)
	give("platform", 1)
	give("payments", 2) // back, before anybody noticed
	give("platform", 3)
	a.Owner, a.Changed = "platform", h.now.Add(time.Minute)
	h.action(a)
	give("platform", 3)
}

func TestButtonPressedTwice(t *testing.T) {
	h := open(t)
	h.action(cutover.Action{ID: "act1", Owner: "payments", State: cutover.ActionOpen})
	press := Said{Action: "act1", Kind: "acknowledge", Who: "U123", At: at.Add(123 * time.Millisecond)}
	for range 3 {
		if err := h.room.Decide(t.Context(), press); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(h.said("")); n != 1 {
		t.Errorf("%d decisions", n)
	}
}

func TestStoreFailureIsNoRefusal(t *testing.T) {
	broken := Room{Store: brokenStore{}, Now: func() time.Time { return at }}
	for _, err := range []error{
		broken.Approve(t.Context(), "c", "ada"), broken.Link(t.Context(), "azure:~1", "AAAA-111", "ada"),
		broken.Decide(t.Context(), Said{Action: "a", Kind: "done", Who: "ada"}),
	} {
		if err == nil || IsRefused(err) || !errors.Is(err, errBroken) {
			t.Errorf("got %v, want the store's error", err)
		}
	}
}

var errBroken = errors.New("disk full")

type brokenStore struct{}

func (brokenStore) Update(context.Context, func(store.Tx) error) error { return errBroken }
