package alert_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cutover/functions/alert"
	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/slack"
)

// TestTicketNotThereYet: five minutes of patience, then without a link, which
// follows when there is a ticket.
func TestTicketNotThereYet(t *testing.T) {
	h := newHouse(t)
	a := action()
	h.put(a, notice())
	opening := due(a.ID, alert.Due{Kind: "opening", Due: a.Due})
	h.handle(opening)
	h.clock.move(5*time.Minute - time.Second)
	h.handle(opening)
	if n := len(h.look()); n != 0 || len(h.effects()) != 0 {
		t.Fatalf("%d messages before its patience was over", n)
	}
	h.clock.move(time.Second)
	h.handle(opening, opening)
	if text := show(h.last()); len(h.look()) != 1 || !strings.Contains(text, "There is no ticket yet; the link follows.") {
		t.Errorf("after five minutes:\n%s", text)
	}
	h.handle(h.ticket(a, ticketLink), opening)
	if text := show(h.last()); len(h.look()) != 1 || !strings.Contains(text, "Ticket: <"+ticketLink+"|contoso/payments-api #7>") || h.last().Updated == "" {
		t.Errorf("after the ticket:\n%s", text)
	}
	if got := fmt.Sprint(h.counts); got != "map[alerts_sent:1 alerts_updated:1]" {
		t.Errorf("counted %s", got)
	}
}

func TestEndedBeforeAnybodyWasTold(t *testing.T) {
	h := newHouse(t)
	h.handle(h.recorded(next(action(), resolved)))
	if len(h.look()) != 0 {
		t.Error("what ended untold got a message")
	}
}

// TestStale: what no longer holds posts nothing.
func TestStale(t *testing.T) {
	for _, c := range []struct {
		name     string
		change   func(a *cutover.Action)
		kind     string
		messages int
	}{
		{"holds", func(*cutover.Action) {}, slack.KindReminder, 1},
		{"acknowledged", acknowledged, slack.KindReminder, 1},
		{"due moved", func(a *cutover.Action) { a.Due = "2023-03-01" }, slack.KindReminder, 0},
		{"due gone", func(a *cutover.Action) { a.Due = "" }, slack.KindReminder, 0},
		{"snoozed", func(a *cutover.Action) { a.State, a.Until = cutover.ActionSnoozed, "2023-02-01" }, slack.KindReminder, 0},
		{"waived", func(a *cutover.Action) { a.State, a.Until = cutover.ActionWaived, "2023-02-01" }, slack.KindReminder, 0},
		{"done", func(a *cutover.Action) { a.State = cutover.ActionDone }, slack.KindReminder, 0},
		{"resolved", resolved, slack.KindReminder, 0},
		{"moved", func(a *cutover.Action) { a.State = cutover.ActionMoved }, slack.KindReminder, 0},
		{"withdrawn", func(a *cutover.Action) { a.State = cutover.ActionWithdrawn }, slack.KindReminder, 0},
		{"open escalates", func(*cutover.Action) {}, slack.KindEscalation, 1},
		{"acknowledged does not", acknowledged, slack.KindEscalation, 0},
		{"moved due does not", func(a *cutover.Action) { a.Due = "2023-03-01" }, slack.KindEscalation, 0},
		{"no channel for it", func(a *cutover.Action) { a.Owner = "quiet" }, slack.KindEscalation, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			a := action()
			h.handle(h.recorded(a))
			h.put(next(a, c.change), notice())
			ev := due(a.ID, alert.Due{Kind: c.kind, Rung: "T-7", Due: a.Due})
			h.handle(ev, ev)
			if n := h.counts[c.kind+"s_sent"]; n != c.messages || len(h.look()) != 1+n {
				t.Errorf("%d messages, counted %v", len(h.look()), h.counts)
			}
		})
	}
}

// TestOutOfOrder: the message of an old version shows the present one, and the
// present one's message then changes nothing.
func TestOutOfOrder(t *testing.T) {
	h := newHouse(t)
	a := action()
	big := next(next(a, acknowledged), grown)
	old := h.recorded(a)
	h.handle(old)
	now := h.recorded(big)
	h.handle(old)
	before := all(h)
	h.handle(now, old, now)
	if all(h) != before || h.counts["changes_sent"] != 1 || h.counts["alerts_updated"] != 1 || !strings.HasPrefix(h.look()[0].Text, "Due 1 Feb") {
		t.Errorf("was\n%s\nis\n%s", before, all(h))
	}
}

func TestChannels(t *testing.T) {
	h := newHouse(t)
	for i, c := range []struct{ owner, channel, says string }{
		{"payments", "#payments", "*Payments* must act"},
		{"quiet", "#platform", "*Quiet* must act"},
		{"dissolved", "#platform", "*dissolved* must act"},
	} {
		a := action()
		a.ID, a.Owner, a.Key = fmt.Sprint("o", i), c.owner, "azure:KT4N-9D0/"+c.owner
		h.handle(h.recorded(a))
		if s := h.last(); s.Channel != c.channel || !strings.Contains(show(s), c.says) {
			t.Errorf("%s: %s", c.owner, show(s))
		}
	}
	h.Owners.Teams[1].Slack = "" // now nobody can be told of what is quiet's
	a := action()
	a.ID, a.Owner = "o9", "quiet"
	ev := h.recorded(a)
	h.handle(ev, due(a.ID, alert.Due{Kind: slack.KindReminder, Rung: "T-7", Due: a.Due}), due("digest", alert.Due{Kind: slack.KindDigest, Notices: []string{"x"}}))
	if len(h.look()) != 3 {
		t.Errorf("%d messages", len(h.look()))
	}
	h.Owners.Teams[1].Slack = "#found"
	h.handle(ev)
	if s := h.last(); s.Channel != "#found" {
		t.Errorf("the alert was not made up for: %s", show(s))
	}
}

// TestDeletedByAPerson: the alert is not posted again; what a person must know
// comes by itself and says what it is about.
func TestDeletedByAPerson(t *testing.T) {
	h := newHouse(t)
	a := action()
	h.handle(h.recorded(a))
	h.delete(h.last())
	ack := next(a, acknowledged)
	ev := h.recorded(ack)
	h.handle(ev, ev)
	if len(h.look()) != 0 {
		t.Fatalf("it came back: %s", show(h.last()))
	}
	big := next(ack, grown)
	ev = h.recorded(big)
	reminder := due(a.ID, alert.Due{Kind: slack.KindReminder, Rung: "T-7", Due: big.Due})
	h.handle(ev, ev, reminder, reminder)
	if n := len(h.look()); n != 2 {
		t.Fatalf("%d messages", n)
	}
	for _, s := range h.look() {
		if s.Thread != "" || s.Channel != "#payments" || !strings.Contains(s.Blocks[0].Text.Text, "*Device services move") || len(tooLong(slack.Message{Text: s.Text, Blocks: s.Blocks})) > 0 {
			t.Errorf("%s", show(s))
		}
	}
	golden(t, "change-alone.txt", show(h.look()[0]))
	if h.counts["alerts_updated"] != 0 || h.counts["alerts_sent"] != 1 {
		t.Errorf("counted %v", h.counts)
	}
}

func TestReminderBeforeItsAlert(t *testing.T) {
	h := newHouse(t)
	a := action()
	h.put(a, notice())
	ev := due(a.ID, alert.Due{Kind: slack.KindReminder, Rung: "T-7", Due: a.Due})
	err := h.Handle(t.Context(), ev)
	var later slack.Later
	if !errors.As(err, &later) || !strings.Contains(err.Error(), "its alert is not out yet") || len(h.look()) != 0 {
		t.Fatalf("%v", err)
	}
	h.handle(h.ticket(a, ticketLink), ev)
	if s := h.last(); s.Kind != slack.KindReminder || s.Thread != h.look()[0].TS {
		t.Errorf("%s", show(s))
	}
}

func TestPoison(t *testing.T) {
	h := newHouse(t)
	broken := due("a1", alert.Due{Kind: slack.KindReminder})
	broken.Data = []byte(`{"kind": 7`)
	for _, ev := range []cutover.Event{
		{Type: cutover.TypeTicketRecorded, Subject: "unknown"}, {Type: cutover.TypeTicketRecorded}, {Type: cutover.TypeTick, Subject: "a1"},
		due("unknown", alert.Due{Kind: slack.KindReminder}), due("unknown", alert.Due{Kind: slack.KindEscalation}), due("unknown", alert.Due{Kind: "opening"}),
		due("unknown", alert.Due{Kind: slack.KindCase, Rung: "opened"}), due("a1", alert.Due{Kind: "surprise"}), broken,
	} {
		var poison bus.Poison
		if err := h.Handle(t.Context(), ev); !errors.As(err, &poison) {
			t.Errorf("%+v: %v", ev, err)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	h := newHouse(t)
	ev := h.recorded(action())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := h.Handle(context.Background(), ev); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(h.look()) != 1 || h.counts["alerts_sent"] != 1 {
		t.Errorf("%d messages, counted %v", len(h.look()), h.counts)
	}
}

// refusing refuses the first post, surely, and counts the looks.
type refusing struct {
	alert.Slack
	posts, looks int
}

func (r *refusing) Post(ctx context.Context, m slack.Message) (slack.Ref, error) {
	if r.posts++; r.posts == 1 {
		return slack.Ref{}, slack.Later{After: 30 * time.Second, Err: errors.New("not now")}
	}
	return r.Slack.Post(ctx, m)
}

func (r *refusing) Find(ctx context.Context, channel, thread, effect string, since time.Time) (slack.Ref, bool, error) {
	r.looks++
	return r.Slack.Find(ctx, channel, thread, effect, since)
}

// TestRefusalLeavesNoDoubt: what was surely not done is done at the next try, with
// no look, also where the channel was mended meanwhile.
func TestRefusalLeavesNoDoubt(t *testing.T) {
	h := newHouse(t)
	r := &refusing{Slack: h.Slack}
	h.Slack = r
	ev := h.recorded(action())
	var later interface{ RetryAfter() time.Duration }
	if err := h.Handle(t.Context(), ev); !errors.As(err, &later) || later.RetryAfter() != 30*time.Second {
		t.Fatalf("%v", err)
	}
	h.Owners.Teams[0].Slack = "#mended"
	h.handle(ev)
	if s := h.last(); r.looks != 0 || len(h.look()) != 1 || s.Channel != "#mended" {
		t.Errorf("%d looks, %s", r.looks, show(s))
	}
}

func TestDrySlack(t *testing.T) {
	h := newHouse(t)
	a := action()
	h.Slack = &alert.DrySlack{}
	h.handle(h.recorded(a))
	h.handle(h.recorded(next(next(a, acknowledged), grown)))
	if got := fmt.Sprint(h.counts); got != "map[alerts_sent:1 alerts_updated:1 changes_sent:1]" || len(h.look()) != 0 {
		t.Errorf("counted %s, %d messages", got, len(h.look()))
	}
}
