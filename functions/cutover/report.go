package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// report is what run, plan and demo print with --format json. The keys are a
// contract: keys may be added, these keep their names and meaning.
type report struct {
	At       string            `json:"at"` // RFC 3339, UTC
	Notices  noticeCounts      `json:"notices"`
	Actions  []actionReport    `json:"actions"`
	Outcomes []cutover.Outcome `json:"outcomes"`
	Effects  effectCounts      `json:"effects"`
	Errors   []string          `json:"errors"`

	Inbox   []cutover.Case `json:"inbox"`             // what waits for a person
	Left    []leftOut      `json:"left_out"`          // notices that open nothing, and why
	Stopped string         `json:"stopped,omitempty"` // why nothing was opened
	Planned []actionReport `json:"planned,omitempty"` // what a stopped run would have opened or changed

	now  time.Time
	size sizes
}

type noticeCounts struct {
	Read       int `json:"read"`
	Partial    int `json:"partial"`
	Irrelevant int `json:"irrelevant"`
	Failed     int `json:"failed"`
	Waiting    int `json:"waiting"` // deliveries
}

type effectCounts struct {
	TicketsOpened   int `json:"tickets_opened"`
	TicketsUpdated  int `json:"tickets_updated"`
	TicketsClosed   int `json:"tickets_closed"`
	AlertsSent      int `json:"alerts_sent"`
	AlertsUpdated   int `json:"alerts_updated"`
	RemindersSent   int `json:"reminders_sent"`
	EscalationsSent int `json:"escalations_sent"`
	ChangesSent     int `json:"changes_sent"`
	CasesSent       int `json:"cases_sent"`
	DigestsSent     int `json:"digests_sent"`
}

// actionReport is an action in a report; due is null when there is none.
type actionReport struct {
	Key        string              `json:"key"`
	Notice     string              `json:"notice"`
	Owner      string              `json:"owner"`
	State      cutover.ActionState `json:"state"`
	Due        *cutover.Date       `json:"due"`
	Reason     string              `json:"reason"`
	Items      []cutover.Item      `json:"items"`
	ID         string              `json:"id"`
	Title      string              `json:"title"`
	DueFrom    string              `json:"due_from,omitempty"`
	Missing    []string            `json:"missing,omitempty"`
	Milestones []cutover.Milestone `json:"milestones,omitempty"`
	Ticket     string              `json:"ticket,omitempty"`
	Proof      string              `json:"proof,omitempty"`
	Until      cutover.Date        `json:"until,omitempty"`  // of a snooze or a waiver
	Change     string              `json:"change,omitempty"` // what this run did to it
}

// leftOut is a notice that opens nothing.
type leftOut struct {
	Notice string   `json:"notice"`
	Title  string   `json:"title"`
	Why    []string `json:"why"`
}

// sizes are the counts of the headline.
type sizes struct {
	deliveries, notices, subscriptions, resources, repositories, teams int
}

// report gathers what stands in the store after a pass.
func (a *app) report(ctx context.Context, p passed) (report, error) {
	now := a.now().UTC()
	r := report{
		At: now.Format(time.RFC3339), now: now, Stopped: p.Stopped,
		Actions: []actionReport{}, Outcomes: []cutover.Outcome{}, Errors: []string{},
		Inbox: []cutover.Case{}, Left: []leftOut{}, Effects: a.tally.effects(),
	}
	for _, err := range p.errs {
		if msg := err.Error(); !slices.Contains(r.Errors, msg) {
			r.Errors = append(r.Errors, msg)
		}
	}
	if p.Stopped != "" {
		r.Errors = append(r.Errors, p.Stopped)
	}
	r.Outcomes = append(r.Outcomes, p.Outcomes...)
	err := a.store.View(ctx, func(rd store.Reader) error {
		if err := r.gatherNotices(rd, p); err != nil {
			return err
		}
		if err := r.gatherActions(rd, p); err != nil {
			return err
		}
		if err := r.gatherLeft(rd, p); err != nil {
			return err
		}
		return r.gatherSizes(rd, a)
	})
	return r, err
}

func (t *tally) effects() effectCounts {
	return effectCounts{
		TicketsOpened: t.get("tickets_opened"), TicketsUpdated: t.get("tickets_updated"), TicketsClosed: t.get("tickets_closed"),
		AlertsSent: t.get("alerts_sent"), AlertsUpdated: t.get("alerts_updated"), RemindersSent: t.get("reminders_sent"),
		EscalationsSent: t.get("escalations_sent"), ChangesSent: t.get("changes_sent"),
		CasesSent: t.get("cases_sent"), DigestsSent: t.get("digests_sent"),
	}
}

// gatherNotices counts each notice once under its present verdict; deliveries that
// wait are counted as such, and those that are no notice at all by their title.
func (r *report) gatherNotices(rd store.Reader, p passed) error {
	for n, err := range rd.Notices() {
		if err != nil {
			return err
		}
		if n.Verdict == cutover.VerdictPartial {
			r.Notices.Partial++
		} else {
			r.Notices.Read++
		}
	}
	seen := map[string]bool{}
	for d, err := range rd.Deliveries() {
		if err != nil {
			return err
		}
		r.size.deliveries++
		once := !seen[string(d.State)+d.Notice]
		if d.Notice == "" {
			once = true
		}
		seen[string(d.State)+d.Notice] = true
		switch {
		case d.State == cutover.DeliveryWaiting:
			r.Notices.Waiting++
		case d.State == cutover.DeliveryIrrelevant && once:
			r.Notices.Irrelevant++
		case d.State == cutover.DeliveryFailed && once:
			r.Notices.Failed++
		}
	}
	for c, err := range rd.Cases(false) {
		if err != nil {
			return err
		}
		r.Inbox = append(r.Inbox, c)
	}
	return nil
}

func (r *report) gatherActions(rd store.Reader, p passed) error {
	change := map[string]string{}
	for _, c := range p.Changes {
		change[c.Action.ID] = string(c.Kind)
	}
	for a, err := range rd.Actions(true) {
		if err != nil {
			return err
		}
		if a.State.Ended() && change[a.ID] == "" {
			continue
		}
		ar, err := actionReportOf(rd, a, change[a.ID])
		if err != nil {
			return err
		}
		r.Actions = append(r.Actions, ar)
	}
	for _, c := range p.Withheld {
		ar, err := actionReportOf(rd, c.Action, string(c.Kind))
		if err != nil {
			return err
		}
		r.Planned = append(r.Planned, ar)
	}
	byKey := func(x, y actionReport) int { return strings.Compare(x.Key, y.Key) }
	slices.SortFunc(r.Actions, byKey)
	slices.SortFunc(r.Planned, byKey)
	return nil
}

func actionReportOf(rd store.Reader, a cutover.Action, change string) (actionReport, error) {
	n, err := rd.Notice(a.Notice)
	if err != nil {
		return actionReport{}, err
	}
	ar := actionReport{
		Key: a.Key, Notice: a.Notice, Owner: a.Owner, State: a.State, Reason: a.Reason,
		ID: a.ID, Title: n.Title, DueFrom: a.DueFrom, Missing: a.Missing, Milestones: a.Milestones,
		Proof: a.Proof, Until: a.Until, Change: change, Items: make([]cutover.Item, len(a.Items)),
	}
	if a.Due != "" {
		ar.Due = &a.Due
	}
	for i, it := range a.Items {
		it.Trace = nil // explain shows it
		ar.Items[i] = it
	}
	if e, err := rd.Effect(a.ID + "/ticket"); err == nil {
		ar.Ticket = e.Result["link"]
	}
	return ar, nil
}

// gatherLeft says of each notice that stands without an action why that is so, and
// of the others what they leave aside on purpose.
func (r *report) gatherLeft(rd store.Reader, p passed) error {
	acts := map[string]bool{}
	for _, a := range r.Actions {
		acts[a.Notice] = true
	}
	why := map[string][]string{}
	for _, o := range p.Outcomes {
		switch {
		case acts[o.Notice]:
			why[o.Notice] = append(why[o.Notice], leftAside(o)...)
		case o.Outcome != cutover.OutcomeAffected:
			why[o.Notice] = append(why[o.Notice], o.Scope+": "+o.Outcome+", "+o.Why)
		}
	}
	for _, past := range p.Past {
		why[past.Notice] = append([]string{past.Reason}, why[past.Notice]...)
	}
	for _, idle := range p.Idle {
		why[idle.Notice] = []string{idle.Why}
	}
	for n, err := range rd.Notices() {
		if err != nil {
			return err
		}
		if w := why[n.Key]; len(w) > 0 {
			r.Left = append(r.Left, leftOut{Notice: n.Key, Title: n.Title, Why: w})
		}
	}
	return r.gatherIrrelevant(rd)
}

// leftAside is the part of an outcome's reason that says what was seen and left out.
func leftAside(o cutover.Outcome) []string {
	_, scope, _ := strings.Cut(o.Scope, ":")
	head, tail, found := strings.Cut(o.Why, "; ")
	switch {
	case found:
		return []string{scope + ": " + tail}
	case strings.Contains(head, "only clients that pin"):
		return []string{scope + ": " + head}
	}
	return nil
}

// gatherIrrelevant adds the deliveries that are no notice.
func (r *report) gatherIrrelevant(rd store.Reader) error {
	for d, err := range rd.Deliveries(cutover.DeliveryIrrelevant, cutover.DeliveryRejected) {
		if err != nil {
			return err
		}
		got, err := rd.Reading(d.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		why := "no notice: " + strings.Join(got.Notice.Reasons, "; ")
		if d.State == cutover.DeliveryRejected {
			why = "refused by policy or by a person"
		}
		r.Left = append(r.Left, leftOut{Notice: d.Name, Title: got.Notice.Title, Why: []string{why}})
	}
	return nil
}

func (r *report) gatherSizes(rd store.Reader, a *app) error {
	r.size.notices = r.Notices.Read + r.Notices.Partial
	r.size.repositories, r.size.teams = len(a.cfg.Sources.Repositories), len(a.cfg.Owners.Teams)
	sources, err := rd.Sources()
	for _, s := range sources {
		if s.Kind == cutover.SourceInventory {
			r.size.subscriptions += s.Counts["subscriptions"]
			r.size.resources += s.Counts["resources"]
		}
	}
	return err
}
