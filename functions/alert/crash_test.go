package alert_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cutover/functions/alert"
	"cutover/shared/cutover"
	"cutover/shared/slack"
	"cutover/shared/slack/api"
	"cutover/shared/slack/api/slacktest"
	"cutover/shared/store"
)

// drive hands an event to the room until it is content, as the bus does.
func (h *house) drive(ev cutover.Event) {
	h.t.Helper()
	var err error
	for range 12 {
		if err = h.Handle(h.t.Context(), ev); err == nil {
			return
		}
		wait := 5 * time.Second
		var later slack.Later
		if errors.As(err, &later) {
			wait = later.After
		}
		h.clock.move(wait)
	}
	h.t.Fatalf("the room is not content after 12 tries: %v", err)
}

// steps is the life of an action and of a case, each step a change of the facts and
// the message about it.
func steps(h *house) []func() cutover.Event {
	a := action()
	ack := next(a, acknowledged)
	big := next(ack, grown)
	open := cutover.Case{ID: "c1", Kind: cutover.CaseWaiting, Title: "A mail waits", Opened: h.clock.now(), State: "open"}
	is := func(ev cutover.Event) func() cutover.Event { return func() cutover.Event { return ev } }
	return []func() cutover.Event{
		func() cutover.Event { return h.recorded(a) },
		func() cutover.Event { return h.recorded(ack) },
		func() cutover.Event { return h.recorded(big) },
		is(due("a1", alert.Due{Kind: slack.KindReminder, Rung: "T-7", Due: big.Due})),
		is(due("a1", alert.Due{Kind: slack.KindEscalation, Rung: "T-7", Due: big.Due})),
		func() cutover.Event { return h.recorded(next(big, resolved)) },
		func() cutover.Event {
			h.update(func(tx store.Tx) error { return tx.PutCase(open) })
			return due("c1", alert.Due{Kind: slack.KindCase, Rung: "opened"})
		},
		is(due("c1", alert.Due{Kind: slack.KindCase, Rung: "week+7"})),
		is(due("digest", alert.Due{Kind: slack.KindDigest, Notices: []string{"azure:KT4N-9D0"}})),
	}
}

// once is what stands in Slack after that life, whatever failed: every effect once.
var once = []string{
	"a1/alert", "a1/change/3", "a1/change/4", "a1/escalation/2023-02-01/T-7", "a1/reminder/2023-02-01/T-7",
	"c1/case/opened", "c1/case/week+7", "digest/" + cutover.Digest("azure:KT4N-9D0")[:16],
}

// live plays the life and checks how it ends.
func (h *house) live(look func() []seen) {
	h.t.Helper()
	for _, step := range steps(h) {
		h.drive(step())
		h.clock.move(time.Hour)
	}
	h.check(look(), once)
}

// check holds what stands in Slack and in the ledger against what is wanted.
func (h *house) check(all []seen, want []string) {
	h.t.Helper()
	var keys []string
	for _, s := range all {
		keys = append(keys, s.Metadata.Payload["effect"])
		if s.Kind == slack.KindAlert && !strings.HasPrefix(s.Text, "Resolved: ") {
			h.t.Errorf("the alert was left as %q", s.Text)
		}
		if strings.Contains(s.Metadata.Payload["effect"], "/change/") && s.Thread == "" {
			h.t.Errorf("a reply stands by itself: %q", s.Text)
		}
	}
	slices.Sort(keys)
	if diff := cmp.Diff(want, keys); diff != "" {
		h.t.Errorf("messages (-want +got):\n%s", diff)
	}
	for _, e := range h.effects() {
		if e.State != cutover.EffectDone {
			h.t.Errorf("effect %s is left as %s", e.Key, e.State)
		}
	}
}

// plant makes the room's calls fail as the faults say.
func (h *house) plant(f *faults) {
	h.Store, h.Slack = flakyStore{h.store, f}, flakySlack{h.Slack, f}
}

// TestCrash fails once at every call of a life, before and after its work: on the
// embedded store with a folder, and with Slack's own API.
func TestCrash(t *testing.T) {
	for _, kind := range []string{"folder", "lagging", "api"} {
		t.Run(kind, func(t *testing.T) {
			open := func(t *testing.T) (*house, func() []seen) {
				if kind == "folder" {
					h := newHouse(t)
					return h, h.look
				}
				h := newFastHouse(t)
				if kind == "api" {
					a, s := newAPI(h)
					h.Slack = a
					return h, func() []seen { return lookInto(s) }
				}
				h.Slack = lagging{h.Slack, h.clock, map[string]time.Time{}}
				return h, h.look
			}
			h, look := open(t)
			clean := &faults{}
			h.plant(clean)
			h.live(look)
			want := map[string]int{"alerts_sent": 1, "alerts_updated": 3, "changes_sent": 2, "reminders_sent": 1, "escalations_sent": 1, "cases_sent": 2, "digests_sent": 1}
			if diff := cmp.Diff(want, h.counts); diff != "" {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
			if clean.calls < 30 {
				t.Fatalf("a life takes %d calls: the test looks at nothing", clean.calls)
			}
			for n := 1; n <= clean.calls; n++ {
				for _, after := range []bool{false, true} {
					t.Run(fmt.Sprintf("call %d, after %v", n, after), func(t *testing.T) {
						t.Parallel()
						h, look := open(t)
						h.plant(&faults{at: n, after: after})
						h.live(look)
						if !after && !maps.Equal(want, h.counts) { // a commit whose reply is lost goes uncounted
							t.Errorf("counted %v", h.counts)
						}
					})
				}
			}
		})
	}
}

// TestCrashThenChange fails at every call, is not tried again, and then sees the
// action's next version: nothing is told twice, and nothing is lost.
func TestCrashThenChange(t *testing.T) {
	ack := next(action(), acknowledged)
	big := next(ack, grown)
	for _, versions := range [][]cutover.Action{{action(), ack, big, next(big, resolved)}, {action(), next(action(), resolved)}} {
		for n := 1; n <= 30; n++ {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d versions, call %d, after %v", len(versions), n, after), func(t *testing.T) {
					h := newFastHouse(t)
					h.plant(&faults{at: n, after: after})
					for i, a := range versions {
						ev := h.recorded(a)
						if i == len(versions)-1 {
							h.drive(ev)
						} else if err := h.Handle(t.Context(), ev); err != nil && !errors.Is(err, errFault) {
							t.Fatal(err)
						}
						h.clock.move(time.Hour)
					}
					if len(h.look()) > 0 || len(versions) > 2 {
						h.checkTold()
					} // else it ended before anybody was told
				})
			}
		}
	}
}

// checkTold: people were told of an action once, once of each change, and of its end.
func (h *house) checkTold() {
	h.t.Helper()
	said := map[string]int{}
	for _, s := range h.look() {
		said[s.Kind]++
		for _, words := range []string{"came in addition", "Closed: it is resolved"} {
			if s.Kind == slack.KindChange && strings.Contains(show(s), words) {
				said[words]++
			}
		}
	}
	if said["alert"] != 1 || said["Closed: it is resolved"] != 1 || said["came in addition"] > 1 || said["change"] > 2 {
		h.t.Fatalf("said %v", said)
	}
	if s := h.look()[0]; s.Kind != slack.KindAlert || !strings.HasPrefix(s.Text, "Resolved: ") {
		h.t.Errorf("the alert is left as %q", s.Text)
	}
}

func newAPI(h *house) (*api.API, *slacktest.Server) {
	h.t.Helper()
	s := slacktest.New(h.t, h.clock.now, "#payments", "#payments-leads", "#platform")
	a, err := api.New(api.Config{Token: s.Token(), URL: s.URL(), Now: h.clock.now, Sleep: h.clock.sleep, HTTP: &http.Client{Timeout: 200 * time.Millisecond}})
	if err != nil {
		h.t.Fatal(err)
	}
	return a, s
}

func lookInto(s *slacktest.Server) (out []seen) {
	for _, m := range s.Messages() {
		kind := strings.Split(m.Metadata.Payload["effect"], "/")
		out = append(out, seen{Channel: m.Channel, TS: m.TS, Thread: m.Thread, Kind: kind[min(1, len(kind)-1)], Text: m.Text, Blocks: m.Blocks, Metadata: m.Metadata})
	}
	return out
}

// TestCrashAPI lets the network or Slack fail at every request.
func TestCrashAPI(t *testing.T) {
	h := newFastHouse(t)
	a, s := newAPI(h)
	h.Slack = a
	h.live(func() []seen { return lookInto(s) })
	requests := len(s.Calls())
	if requests < 10 {
		t.Fatalf("a life takes %d requests: the test looks at nothing", requests)
	}
	for _, fault := range []slacktest.Fault{slacktest.TooMany, slacktest.ServerError, slacktest.Garbled, slacktest.Dropped, slacktest.Unreadable, slacktest.DoneButSays, "fatal_error", "not_in_channel"} {
		for n := 1; n <= requests; n++ {
			t.Run(fmt.Sprintf("%s at %d", fault, n), func(t *testing.T) {
				h := newFastHouse(t)
				a, s := newAPI(h)
				h.Slack = a
				s.Decide = func(i int, _ string) slacktest.Fault {
					if i == n {
						return fault
					}
					return slacktest.None
				}
				h.live(func() []seen { return lookInto(s) })
			})
		}
	}
}
