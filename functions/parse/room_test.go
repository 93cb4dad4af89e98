package parse_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cutover/functions/parse"
	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/store"
	"cutover/shared/store/sqlite"
)

var at = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)

const azure = "azure-noreply@microsoft.com"

// says is what the scripted reader finds in a delivery: its bytes are this, as JSON.
type says struct {
	IDs     []string `json:",omitempty"`
	Title   string   `json:",omitempty"`
	Sender  string   `json:",omitempty"`
	Stamp   int      `json:",omitempty"` // days after at
	Verdict string   `json:",omitempty"` // read where empty
	ActBy   string   `json:",omitempty"`
	Subs    []string `json:",omitempty"`
	Salt    int      `json:",omitempty"` // makes bytes differ
}

// scripted is a reader whose mails say plainly what they say.
type scripted struct{}

func (scripted) ReadAll(d cutover.Delivery) []cutover.Reading {
	var all []says
	if err := json.Unmarshal(d.Raw, &all); err != nil {
		if string(d.Raw) == "panic" {
			panic("a bug in the reader")
		}
		if string(d.Raw) == "nothing" {
			return nil
		}
		return []cutover.Reading{{Notice: cutover.Notice{Verdict: cutover.VerdictFailed, Reasons: []string{"it is not a mail"}}}}
	}
	var out []cutover.Reading
	for _, s := range all {
		n := cutover.Notice{Provider: "azure", TrackingIDs: s.IDs, Title: s.Title, Verdict: cutover.Verdict(s.Verdict), Subscriptions: s.Subs,
			EventType: cutover.EventHealthAdvisory, Topic: cutover.TopicRetirement, Language: "en", Services: []string{"Azure IoT Hub"}}
		if s.Verdict == "" {
			n.Verdict = cutover.VerdictRead
		}
		if n.Verdict == cutover.VerdictPartial {
			n.Reasons = []string{"no date could be read"}
		}
		if s.ActBy != "" {
			n.Milestones = []cutover.Milestone{{Kind: cutover.KindActBy, Start: cutover.Date(s.ActBy), Precision: cutover.PrecisionDay,
				Evidence: cutover.Evidence{Part: "body", Quote: s.ActBy, Length: len(s.ActBy)}}}
		}
		out = append(out, cutover.Reading{Sender: s.Sender, Stamp: at.AddDate(0, 0, s.Stamp), Notice: n})
	}
	return out
}

type house struct {
	testing.TB
	store *sqlite.Store
	room  parse.Room
	now   time.Time
}

// emptyStore is the file of a store with nothing in it. Making the tables takes
// longer than most tests here, and some open hundreds.
var emptyStore = sync.OnceValue(func() []byte {
	dir, err := os.MkdirTemp("", "cutover-parse-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "store.db")
	s, err := sqlite.Open(context.Background(), file, sqlite.Volatile())
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		panic(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	return raw
})

func open(t testing.TB, trust parse.Trust) *house {
	t.Helper()
	file := filepath.Join(t.TempDir(), "store.db")
	if err := os.WriteFile(file, emptyStore(), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), file, sqlite.Volatile())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() }) // closed early where there are many
	h := &house{TB: t, store: s, now: at}
	h.room = parse.Room{Store: s, Reader: scripted{}, Trust: trust, Now: func() time.Time { return h.now }}
	return h
}

func (h *house) close() {
	h.Helper()
	if err := h.store.Close(); err != nil {
		h.Fatal(err)
	}
}

var (
	folderAuth = cutover.Authentication{Method: cutover.AuthFolder}
	secretAuth = cutover.Authentication{Method: cutover.AuthSharedSecret, Passed: true}
	dkimAuth   = cutover.Authentication{Method: cutover.AuthDKIM, Passed: true, Domain: "microsoft.com"}
	accepting  = parse.Trust{Mail: []string{azure}, Unauthenticated: parse.UnauthAccept}
)

// surrogate is the key of a notice without a tracking ID, by its title in lower case.
func surrogate(title string) string { return "azure:~" + cutover.Digest(title)[:8] }

func script(what ...says) []byte {
	raw, err := json.Marshal(what)
	if err != nil {
		panic(err)
	}
	return raw
}

func letter(auth cutover.Authentication, what ...says) cutover.Delivery {
	for i := range what {
		if what[i].Sender == "" {
			what[i].Sender = azure
		}
	}
	return delivery(cutover.ChannelMail, auth, script(what...))
}

func hook(auth cutover.Authentication, what ...says) cutover.Delivery {
	return delivery(cutover.ChannelWebhook, auth, script(what...))
}

func delivery(channel string, auth cutover.Authentication, raw []byte) cutover.Delivery {
	return cutover.Delivery{ID: cutover.DeliveryID(channel, "", raw), Channel: channel, Name: "test.eml", Received: at, Auth: auth,
		State: cutover.DeliveryKept, Raw: raw, Size: len(raw)}
}

func kept(d cutover.Delivery) cutover.Event {
	return cutover.NewEvent(cutover.TypeDeliveryKept, "ingest", d.ID, at, nil, d.ID)
}

func (h *house) keep(ds ...cutover.Delivery) []cutover.Event {
	h.Helper()
	var evs []cutover.Event
	err := h.store.Update(h.Context(), func(tx store.Tx) error {
		for _, d := range ds {
			if _, err := tx.PutDelivery(d); err != nil {
				return err
			}
			evs = append(evs, kept(d))
		}
		return nil
	})
	if err != nil {
		h.Fatal(err)
	}
	return evs
}

// arrive keeps deliveries, handles them in one batch, and then what that woke.
func (h *house) arrive(ds ...cutover.Delivery) {
	h.Helper()
	h.handle(h.keep(ds...))
	h.drain()
}

func (h *house) handle(evs []cutover.Event) {
	h.Helper()
	for i, err := range h.room.HandleAll(h.Context(), evs) {
		if err != nil {
			h.Errorf("event %d: %v", i, err)
		}
	}
}

// drain relays the outbox until it is empty and returns the notices announced.
func (h *house) drain() []string {
	h.Helper()
	var revised []string
	for {
		var evs, mine []cutover.Event
		err := h.store.Update(h.Context(), func(tx store.Tx) error {
			var err error
			if evs, err = tx.Pending(1000); err != nil {
				return err
			}
			ids := make([]string, len(evs))
			for i, ev := range evs {
				ids[i] = ev.ID
			}
			return tx.Relayed(ids...)
		})
		if err != nil {
			h.Fatal(err)
		}
		if len(evs) == 0 {
			return revised
		}
		for _, ev := range evs {
			if ev.Type == cutover.TypeDeliveryKept {
				mine = append(mine, ev)
			} else {
				revised = append(revised, ev.Subject)
			}
		}
		h.handle(mine)
	}
}

func (h *house) decide(target, kind, to string) {
	h.Helper()
	d := cutover.Decision{ID: cutover.Digest(target, kind, to, h.now.String()), Kind: kind, Target: target, Who: "ada", At: h.now, To: to}
	if err := h.store.Update(h.Context(), func(tx store.Tx) error { _, err := tx.PutDecision(d); return err }); err != nil {
		h.Fatal(err)
	}
}

// state is all that the room leaves behind, but for what counts time.
type state struct {
	Notices    []cutover.Notice
	Deliveries []string
	Cases      []string
}

func (h *house) state() state {
	h.Helper()
	var s state
	err := h.store.View(h.Context(), func(rd store.Reader) error {
		for n, err := range rd.Notices() {
			if err != nil {
				return err
			}
			n.Revision, n.FirstSeen = 0, time.Time{}
			s.Notices = append(s.Notices, n)
		}
		for d, err := range rd.Deliveries() {
			if err != nil {
				return err
			}
			s.Deliveries = append(s.Deliveries, fmt.Sprint(d.ID[:6], " ", d.State, " ", d.Notice))
		}
		for c, err := range rd.Cases(false) {
			if err != nil {
				return err
			}
			s.Cases = append(s.Cases, fmt.Sprint(c.ID, " ", c.Title, " ", c.Notice, " ", c.Reasons, " ", c.Due))
		}
		return nil
	})
	if err != nil {
		h.Fatal(err)
	}
	slices.Sort(s.Cases)
	return s
}

func (h *house) notice(key string) cutover.Notice {
	h.Helper()
	var n cutover.Notice
	if err := h.store.View(h.Context(), func(rd store.Reader) (err error) { n, err = rd.Notice(key); return err }); err != nil {
		h.Fatal(err)
	}
	return n
}

func (h *house) stateOf(d cutover.Delivery) string {
	h.Helper()
	if err := h.store.View(h.Context(), func(rd store.Reader) (err error) { d, err = rd.Delivery(d.ID); return err }); err != nil {
		h.Fatal(err)
	}
	return strings.TrimSpace(string(d.State) + " " + d.Notice)
}

func (h *house) kase(kind, about string) (cutover.Case, bool) {
	h.Helper()
	var c cutover.Case
	err := h.store.View(h.Context(), func(rd store.Reader) (err error) { c, err = rd.Case(cutover.CaseID(kind, about)); return err })
	if errors.Is(err, store.ErrNotFound) {
		return c, false
	}
	if err != nil {
		h.Fatal(err)
	}
	return c, c.State == "open"
}

func TestFoldOne(t *testing.T) {
	h := open(t, accepting)
	d := letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "Roots move", ActBy: "2027-02-01"})
	h.handle(h.keep(d))
	if got := h.drain(); !slices.Equal(got, []string{"azure:AAAA-111"}) {
		t.Errorf("announced %v", got)
	}
	n := h.notice("azure:AAAA-111")
	if n.Revision != 1 || n.Title != "Roots move" || !n.FirstSeen.Equal(at) {
		t.Errorf("notice is %+v", n)
	}
	if got := h.stateOf(d); got != "read azure:AAAA-111" {
		t.Errorf("delivery is %s", got)
	}
	// The same message again, later: nothing.
	h.now = h.now.Add(48 * time.Hour)
	before := h.state()
	h.handle([]cutover.Event{kept(d), kept(d)})
	if got := h.drain(); len(got) != 0 {
		t.Errorf("announced %v again", got)
	}
	if diff := cmp.Diff(before, h.state()); diff != "" {
		t.Errorf("a repeated message changed something:\n%s", diff)
	}
	if n := h.notice("azure:AAAA-111"); n.Revision != 1 || !n.FirstSeen.Equal(at) {
		t.Errorf("revision %d, first seen %s", n.Revision, n.FirstSeen)
	}
	// A later copy that changes a fact makes a revision; an older one does not.
	h.arrive(letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "Roots move", ActBy: "2027-01-15", Stamp: 5}))
	h.arrive(letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "Roots will move", ActBy: "2027-03-01", Stamp: -5}))
	n = h.notice("azure:AAAA-111")
	if n.Revision != 2 || n.Milestones[0].Start != "2027-01-15" || n.Title != "Roots move" {
		t.Errorf("revision %d, %s, %q", n.Revision, n.Milestones[0].Start, n.Title)
	}
}

func TestEventID(t *testing.T) {
	h := open(t, accepting)
	h.handle(h.keep(letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "x", Verdict: "partial"})))
	var evs []cutover.Event
	if err := h.store.View(t.Context(), func(rd store.Reader) (err error) { evs, err = rd.Pending(9); return err }); err != nil {
		t.Fatal(err)
	}
	want := cutover.NewEvent(cutover.TypeNoticeRevised, "parse", "azure:AAAA-111", at, nil, "azure:AAAA-111", "1")
	if len(evs) != 1 || evs[0].ID != want.ID || evs[0].Source != "parse" || !strings.Contains(string(evs[0].Data), `"verdict":"partial"`) {
		t.Errorf("events are %+v, want id %s", evs, want.ID)
	}
}

func TestVerdictsWithoutNotice(t *testing.T) {
	h := open(t, accepting)
	newsletter := letter(folderAuth, says{Title: "News", Sender: "news@contoso.example", Verdict: "irrelevant"})
	garbage := delivery(cutover.ChannelMail, folderAuth, []byte("garbage"))
	broken := delivery(cutover.ChannelMail, folderAuth, []byte("panic"))
	empty := delivery(cutover.ChannelMail, folderAuth, []byte("nothing"))
	h.arrive(newsletter, garbage, broken, empty)
	for d, want := range map[*cutover.Delivery]string{&newsletter: "irrelevant", &garbage: "failed", &broken: "failed", &empty: "failed"} {
		if got := h.stateOf(*d); got != want {
			t.Errorf("%s is %s, want %s", d.Raw, got, want)
		}
		c, isOpen := h.kase(cutover.CaseFailed, d.ID)
		if isOpen != (want == "failed") || isOpen && len(c.Reasons) == 0 {
			t.Errorf("%s has the case %+v", d.Raw, c)
		}
	}
	if s := h.state(); len(s.Notices) != 0 {
		t.Errorf("notices %+v", s.Notices)
	}
}

func TestPoison(t *testing.T) {
	h := open(t, accepting)
	good := letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "x"})
	evs := append(h.keep(good),
		cutover.Event{Type: cutover.TypeTick}, cutover.Event{Type: cutover.TypeDeliveryKept},
		cutover.Event{Type: cutover.TypeDeliveryKept, Subject: "unknown"})
	errs := h.room.HandleAll(t.Context(), evs)
	if errs[0] != nil {
		t.Errorf("the good one failed: %v", errs[0])
	}
	for i, reason := range map[int]string{1: "unreadable event", 2: "unreadable event", 3: "unknown delivery"} {
		var p bus.Poison
		if !errors.As(errs[i], &p) || p.Reason != reason {
			t.Errorf("event %d: %v, want poison %q", i, errs[i], reason)
		}
	}
	if got := h.stateOf(good); got != "read azure:AAAA-111" {
		t.Errorf("the good one is %s", got)
	}
	if err := h.room.Handle(t.Context(), evs[3]); err == nil {
		t.Error("a single bad message gives no error")
	}
}

func TestWaitAndApprove(t *testing.T) {
	for _, said := range []string{cutover.DecideApprove, cutover.DecideReject} {
		t.Run(said, func(t *testing.T) {
			h := open(t, accepting)
			h.arrive(letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "Roots move", ActBy: "2027-02-01"}))
			before := h.state().Notices
			d := letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "PAY NOW", ActBy: "2026-11-05", Stamp: 3, Sender: "azure-noreply@micros0ft.example"})
			h.arrive(d)
			if diff := cmp.Diff(before, h.state().Notices); diff != "" {
				t.Fatalf("a waiting delivery changed a notice:\n%s", diff)
			}
			c, isOpen := h.kase(cutover.CaseWaiting, d.ID)
			if !isOpen || c.Delivery != d.ID || c.Notice != "azure:AAAA-111" || c.Due != "2026-11-05" || c.Title != "PAY NOW" || !strings.Contains(c.Reasons[0], "micros0ft") {
				t.Errorf("case is %+v", c)
			}
			if got := h.stateOf(d); got != "waiting azure:AAAA-111" {
				t.Errorf("delivery is %s", got)
			}
			h.decide(c.ID, said, "")
			h.handle([]cutover.Event{kept(d)})
			if _, isOpen := h.kase(cutover.CaseWaiting, d.ID); isOpen {
				t.Error("the case is still open")
			}
			n := h.notice("azure:AAAA-111")
			if said == cutover.DecideReject {
				if got := h.stateOf(d); got != "rejected" || n.Title != "Roots move" {
					t.Errorf("delivery is %s, notice %q", got, n.Title)
				}
				return
			}
			if got := h.stateOf(d); got != "read azure:AAAA-111" || n.Title != "PAY NOW" || n.Revision != 2 {
				t.Errorf("delivery is %s, notice %q, revision %d", got, n.Title, n.Revision)
			}
		})
	}
}

// A case that a person put away comes back only with other reasons.
func TestCaseStaysDecided(t *testing.T) {
	h := open(t, accepting)
	d := delivery(cutover.ChannelMail, folderAuth, []byte("garbage"))
	h.arrive(d)
	c, _ := h.kase(cutover.CaseFailed, d.ID)
	c.State, c.Decided = "rejected", "rejected by ada"
	put := func() {
		if err := h.store.Update(t.Context(), func(tx store.Tx) error { return tx.PutCase(c) }); err != nil {
			t.Fatal(err)
		}
	}
	put()
	h.handle([]cutover.Event{kept(d)})
	if _, isOpen := h.kase(cutover.CaseFailed, d.ID); isOpen {
		t.Error("it was opened again for the same reasons")
	}
	c.Reasons = []string{"the MIME structure is broken"}
	put()
	h.handle([]cutover.Event{kept(d)})
	if _, isOpen := h.kase(cutover.CaseFailed, d.ID); !isOpen {
		t.Error("other reasons did not open it")
	}
}

func TestConfirmationReleases(t *testing.T) {
	proven := letter(dkimAuth, says{IDs: []string{"AAAA-111"}, Title: "Roots move", ActBy: "2027-02-01"})
	other := letter(dkimAuth, says{IDs: []string{"BBBB-222"}, Title: "Another"})
	unproven := letter(cutover.Authentication{Method: cutover.AuthDKIM, Detail: "no key"}, says{IDs: []string{"AAAA-111"}, Title: "Fake", Stamp: 9})
	confirming := hook(secretAuth, says{IDs: []string{"AAAA-111"}, Title: "Roots move", Stamp: 1})
	saved := hook(folderAuth, says{IDs: []string{"BBBB-222"}, Title: "Another", Stamp: 1})

	h := open(t, accepting)
	h.arrive(proven, other, unproven)
	if s := h.state(); len(s.Notices) != 0 || len(s.Cases) != 3 {
		t.Fatalf("before the confirmation: %+v", s)
	}
	h.arrive(saved) // what lies in a folder acts, but confirms nothing
	if got := h.stateOf(other); got != "waiting azure:BBBB-222" {
		t.Errorf("a saved webhook confirmed a mail: it is %s", got)
	}
	h.arrive(confirming)
	for d, want := range map[*cutover.Delivery]string{&proven: "read azure:AAAA-111", &other: "waiting azure:BBBB-222", &unproven: "waiting azure:AAAA-111"} {
		if got := h.stateOf(*d); got != want {
			t.Errorf("%s is %s, want %s", d.Raw, got, want)
		}
	}
	if _, isOpen := h.kase(cutover.CaseWaiting, proven.ID); isOpen {
		t.Error("the released mail still has an open case")
	}
	if n := h.notice("azure:AAAA-111"); len(n.Milestones) != 1 {
		t.Errorf("the mail's facts are not in the notice: %+v", n)
	}
	// From now on a copy acts at once.
	late := letter(dkimAuth, says{IDs: []string{"AAAA-111"}, Title: "Roots move", Stamp: 2})
	h.arrive(late)
	if got := h.stateOf(late); got != "read azure:AAAA-111" {
		t.Errorf("a copy after the confirmation is %s", got)
	}
}

func TestPolicyChangeReleases(t *testing.T) {
	h := open(t, parse.Trust{})
	d := letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "Roots move"})
	lost := letter(folderAuth, says{IDs: []string{"BBBB-222"}, Title: "Another"})
	h.arrive(d)
	h.keep(lost) // its message never comes
	h.room.Trust = accepting
	if err := h.room.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a, b := h.stateOf(d), h.stateOf(lost); a != "read azure:AAAA-111" || b != "read azure:BBBB-222" {
		t.Errorf("after the sweep they are %s and %s", a, b)
	}
}

func TestPartialAndUnlinkedStandBeside(t *testing.T) {
	h := open(t, accepting)
	h.arrive(letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "Partly", Verdict: "partial"}), letter(folderAuth, says{Title: "Without an ID"}))
	c, isOpen := h.kase(cutover.CasePartial, "azure:AAAA-111")
	if !isOpen || c.Notice != "azure:AAAA-111" || !slices.Equal(c.Reasons, []string{"no date could be read"}) {
		t.Errorf("case is %+v", c)
	}
	key := surrogate("without an id")
	if c, isOpen = h.kase(cutover.CaseUnlinked, key); !isOpen || c.Notice != key {
		t.Errorf("case is %+v", c)
	}
	if n := h.notice(key); n.Revision != 1 || len(n.TrackingIDs) != 0 {
		t.Errorf("notice is %+v", n)
	}
	// Copies without an ID fold by their title.
	h.arrive(letter(folderAuth, says{Title: "without  an id", Subs: []string{"s1"}, Stamp: 1}))
	if n := h.notice(key); n.Revision < 2 || len(h.state().Notices) != 2 {
		t.Errorf("notice is %+v", n)
	}
}

func TestLink(t *testing.T) {
	without := letter(folderAuth, says{Title: "Without an ID", ActBy: "2027-02-01", Subs: []string{"s1"}})
	copy2 := letter(folderAuth, says{Title: "Without an ID", Subs: []string{"s2"}, Stamp: 1})
	with := letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "With one", Subs: []string{"s3"}, Stamp: 2})
	key := surrogate("without an id")
	orders := map[string]func(h *house){
		"link before the other notice": func(h *house) {
			h.arrive(without)
			h.decide(key, cutover.DecideLink, "AAAA-111")
			h.arrive(without)
			h.arrive(with, copy2)
		},
		"link after it": func(h *house) {
			h.arrive(with, copy2, without)
			h.decide(key, cutover.DecideLink, "AAAA-111")
			h.arrive(copy2, without)
		},
		"link before anything": func(h *house) {
			h.decide(key, cutover.DecideLink, "AAAA-111")
			h.arrive(copy2, without, with)
		},
	}
	var want *state
	for _, name := range slices.Sorted(maps.Keys(orders)) {
		h := open(t, accepting)
		orders[name](h)
		got := h.state()
		if len(got.Notices) != 1 || got.Notices[0].Key != "azure:AAAA-111" || len(got.Notices[0].Subscriptions) != 3 {
			t.Fatalf("%s: notices are %+v", name, got.Notices)
		}
		for _, d := range got.Deliveries {
			if !strings.HasSuffix(d, " read azure:AAAA-111") {
				t.Errorf("%s: delivery %s", name, d)
			}
		}
		got.Cases = nil // the order decides whether there was one to close
		if want == nil {
			want = &got
		} else if diff := cmp.Diff(*want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// Several notices in one delivery each go their way.
func TestSeveralNoticesInOneDelivery(t *testing.T) {
	h := open(t, accepting)
	d := letter(folderAuth, says{IDs: []string{"AAAA-111"}, Title: "One"}, says{IDs: []string{"BBBB-222"}, Title: "Two"}, says{Verdict: "irrelevant"})
	h.arrive(d)
	if got := h.stateOf(d); got != "read azure:AAAA-111" {
		t.Errorf("delivery is %s", got)
	}
	if h.notice("azure:BBBB-222").Title != "Two" {
		t.Error("the second notice is missing")
	}
	// A merge of the second finds its text in that delivery.
	h.arrive(letter(folderAuth, says{IDs: []string{"CCCC-333"}, Title: "Three", Stamp: -1}))
	h.arrive(letter(folderAuth, says{IDs: []string{"BBBB-222", "CCCC-333"}, Title: "Both", Stamp: -2}))
	if n := h.notice("azure:CCCC-333"); n.Key != "azure:BBBB-222" || n.Title != "Two" {
		t.Errorf("merged notice is %s %q", n.Key, n.Title)
	}
	if got := h.stateOf(d); got != "read azure:AAAA-111" {
		t.Errorf("delivery is %s after the merge", got)
	}
}
