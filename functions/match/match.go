// Package match is the join: it loads the facts, asks the plan who must act,
// subtracts what stands on the ledger, and writes the difference with its outgoing
// messages in one transaction. Nothing else decides who must act.
//
// Wake-ups are coalesced: whatever a batch of messages says, one pass over the
// facts answers all of them.
package match

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/plan"
	"cutover/shared/store"
)

// retries bounds how often a pass starts anew because facts changed meanwhile.
const retries = 5

// Room is the room of the join.
type Room struct {
	Store        store.Store
	Services     []cutover.Service
	CAs          []cutover.CA
	Ownership    cutover.Ownership
	Repositories []cutover.Repository
	Policy       plan.Policy
	// Reminders is the ladder for a severity (security, action-required,
	// informational; empty for cases) and a team.
	Reminders func(severity string, team cutover.Team) plan.Reminders
	// NewTickets is how many tickets one pass may open before a person must say
	// yes; 0 means no limit.
	NewTickets int
	Yes        bool // the person said yes on the command line
	Now        func() time.Time
	Log        *slog.Logger
}

// Result is what one pass came to.
type Result struct {
	Changes  []plan.Change
	Outcomes []cutover.Outcome
	Past     []plan.PastNotice
	Idle     []plan.IdleNotice
	// Stopped says why nothing was written: too many tickets at once. Withheld is
	// what would have been.
	Stopped  string
	Withheld []plan.Change
	Case     string // the case in the inbox that a yes would approve
}

// Pass plans on the present facts and writes the difference.
func (r *Room) Pass(ctx context.Context) (Result, error) {
	for try := 1; ; try++ {
		res, err := r.pass(ctx)
		if !errors.Is(err, store.ErrStale) || try == retries {
			return res, err
		}
		r.Log.Info("facts changed during the pass, planning again", "try", try)
	}
}

func (r *Room) pass(ctx context.Context) (Result, error) {
	now := r.Now().UTC()
	f, p, err := r.plan(ctx, now)
	if err != nil {
		return Result{}, err
	}
	res := Result{Changes: plan.Diff(p, f.in.Known, f.in.Decisions, now), Outcomes: p.Outcomes, Past: p.Past, Idle: p.Idle}
	var events []cutover.Event
	limit := r.tooMany(res.Changes, f, now)
	if limit != nil {
		res.Stopped, res.Case = limit.Reasons[0], limit.ID
		res.Withheld, res.Changes, p.Past = res.Changes, nil, nil
		p.Cases = append(p.Cases, *limit)
	}
	cases := reconcile(f.cases, p.Cases, now)
	err = r.Store.Update(ctx, func(tx store.Tx) error {
		if g, err := tx.Generation(); err != nil || g != f.generation {
			return errors.Join(err, staleIf(g != f.generation))
		}
		events = events[:0]
		actions, err := r.writeActions(tx, f.in.Known, res.Changes, now, &events)
		if err != nil {
			return err
		}
		if err := writeCases(tx, cases); err != nil {
			return err
		}
		if err := tx.PutOutcomes(p.Outcomes); err != nil {
			return err
		}
		if err := r.chase(tx, f.in.Notices, actions, mergeCases(f.cases, cases), now, &events); err != nil {
			return err
		}
		if err := r.digest(tx, p.Past, now, &events); err != nil {
			return err
		}
		return tx.Emit(events...)
	})
	if err != nil {
		return res, fmt.Errorf("writing the difference: %w", err)
	}
	return res, nil
}

// Plan says what ought to be on the present facts, and writes nothing.
func (r *Room) Plan(ctx context.Context) (plan.Plan, error) {
	_, p, err := r.plan(ctx, r.Now().UTC())
	return p, err
}

func (r *Room) plan(ctx context.Context, now time.Time) (f facts, p plan.Plan, err error) {
	err = r.Store.View(ctx, func(rd store.Reader) error {
		if f, err = r.load(rd); err != nil {
			return err
		}
		p, err = plan.Desired(f.in, now)
		return err
	})
	if err != nil {
		err = fmt.Errorf("planning: %w", err)
	}
	return f, p, err
}

func staleIf(changed bool) error {
	if changed {
		return store.ErrStale
	}
	return nil
}

// writeActions puts the changed actions and says what changed; it returns all
// actions that have not ended, as they are now.
func (r *Room) writeActions(tx store.Tx, known []cutover.Action, changes []plan.Change, now time.Time, events *[]cutover.Event) ([]cutover.Action, error) {
	byID := make(map[string]int, len(known))
	actions := make([]cutover.Action, 0, len(known)+len(changes))
	for _, a := range known {
		byID[a.ID] = len(actions)
		actions = append(actions, a)
	}
	for _, c := range changes {
		if c.Kind == plan.None {
			continue
		}
		a := c.Action
		if c.Kind == plan.Create || c.DueBefore != a.Due {
			a.Armed = now
		}
		if err := tx.PutAction(a); err != nil {
			return nil, err
		}
		*events = append(*events, changed(a, len(c.Added), len(c.Removed)+len(c.Cleared), now))
		if i, ok := byID[a.ID]; ok {
			actions[i] = a
		} else {
			actions = append(actions, a)
		}
		r.Log.Info("action "+string(c.Kind), "action", a.Key, "notice", a.Notice, "state", a.State, "due", a.Due, "items", a.Open())
	}
	return actions, nil
}

func changed(a cutover.Action, added, removed int, now time.Time, cause ...string) cutover.Event {
	data := map[string]any{"state": a.State, "due": a.Due, "version": a.Version, "added": added, "removed": removed}
	return cutover.NewEvent(cutover.TypeActionChanged, "match", a.ID, now, data,
		append([]string{a.ID, fmt.Sprint(a.Version)}, cause...)...)
}

// tooMany is the case that stops a pass which would open more tickets than one
// pass may; nil when it may go on. The case is about the set of actions, so an
// approval holds for these and not for the next flood.
func (r *Room) tooMany(changes []plan.Change, f facts, now time.Time) *cutover.Case {
	var keys []string
	for _, c := range changes {
		if c.Kind == plan.Create {
			keys = append(keys, c.Action.Key)
		}
	}
	if r.Yes || r.NewTickets == 0 || len(keys) <= r.NewTickets {
		return nil
	}
	id := cutover.CaseID(cutover.CaseTooMany, cutover.Digest(keys...))
	for _, c := range f.cases {
		if c.ID == id && c.State == "approved" {
			return nil
		}
	}
	return &cutover.Case{
		ID: id, Kind: cutover.CaseTooMany, Opened: now, State: "open",
		Title: fmt.Sprintf("%d new tickets wait for a yes", len(keys)),
		Reasons: []string{fmt.Sprintf("this pass would open %d tickets, more than limits.new_tickets (%d); look at `cutover plan`, then approve this case or run with --yes",
			len(keys), r.NewTickets)},
	}
}
