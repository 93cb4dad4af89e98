package interact

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// Said is what a person says about an action.
type Said struct {
	Action string // its key (azure:3SYG-JCG/payments) or its id
	Kind   string // acknowledge, snooze, waive, reassign, done
	Until  cutover.Date
	Reason string
	To     string // reassign: a team, by id or name
	Who    string
	At     time.Time // when it was said; zero: now. A button knows better
}

// Decide writes down what a person says about an action. It does not change the
// action: match does, with all it knows.
func (r Room) Decide(ctx context.Context, said Said) error {
	who, err := person(said.Who)
	if err != nil {
		return err
	}
	said.Who, said.Reason = who, line(said.Reason)
	if said.At.IsZero() {
		said.At = r.Now()
	}
	said.At = said.At.UTC()
	err = r.Store.Update(ctx, func(tx store.Tx) error {
		a, err := find(tx, said.Action)
		if err != nil {
			return err
		}
		if a.State == cutover.ActionMoved && said.Kind != cutover.DecideReassign {
			return refuse("action %s was moved to %s; decide on that one", said.Action, a.MovedTo)
		}
		d, err := r.decision(said, a)
		if err != nil {
			return err
		}
		last, err := lastSaid(tx, a.ID)
		if err != nil {
			return err
		}
		if repeats(d, last, a) {
			return nil
		}
		if a.State.Ended() {
			return refuse("action %s was moved to %s; decide on that one", said.Action, a.MovedTo)
		}
		return r.say(tx, d)
	})
	if err != nil {
		return fmt.Errorf("deciding on action %s: %w", said.Action, err)
	}
	return nil
}

// find gives the action under a key or an id: the open one, else the one that was
// moved away last.
func find(tx store.Tx, name string) (cutover.Action, error) {
	var ended *cutover.Action
	for a, err := range tx.Actions(true) {
		if err != nil {
			return a, fmt.Errorf("listing actions: %w", err)
		}
		if a.ID != name && !strings.EqualFold(a.Key, name) {
			continue
		}
		if !a.State.Ended() {
			return a, nil
		}
		if ended == nil || a.Ended.After(ended.Ended) {
			ended = &a
		}
	}
	switch {
	case ended == nil:
		return cutover.Action{}, refuse("there is no action %s; `cutover plan` lists them", name)
	case ended.State == cutover.ActionMoved && ended.MovedTo != "":
		return *ended, nil
	}
	return cutover.Action{}, refuse("action %s has ended (%s); there is nothing left to decide", name, ended.State)
}

// decision checks what each kind needs.
func (r Room) decision(s Said, a cutover.Action) (cutover.Decision, error) {
	d := cutover.Decision{Kind: s.Kind, Target: a.ID, Who: s.Who, At: s.At, Reason: s.Reason, Revision: a.Revision}
	switch s.Kind {
	case cutover.DecideAcknowledge, cutover.DecideDone:
	case cutover.DecideSnooze, cutover.DecideWaive:
		if s.Kind == cutover.DecideWaive && s.Reason == "" {
			return d, refuse("a waiver needs a reason; say why nothing has to be done")
		}
		if !s.Until.Valid() {
			return d, refuse("a %s needs the day on which it ends, like 2027-01-31, not %q", s.Kind, string(s.Until))
		}
		if s.Until < cutover.DateOf(s.At) {
			return d, refuse("a %s until %s is over already", s.Kind, s.Until)
		}
		d.Until = s.Until
	case cutover.DecideReassign:
		team, ok := r.team(s.To)
		if !ok {
			return d, refuse("there is no team %q; the teams are %s", line(s.To), r.teams())
		}
		d.To = team
	default:
		return d, refuse("%q is nothing that can be decided; it is one of acknowledge, snooze, waive, reassign, done", line(s.Kind))
	}
	return d, nil
}

// repeats reports that the last decision said the same and still holds. One that
// has run out (a done whose items still stand, an acknowledgement of an older
// revision) may be said anew.
func repeats(d, last cutover.Decision, a cutover.Action) bool {
	if d.Kind == cutover.DecideReassign && holds(d.To, last, a) {
		return true
	}
	if d.Kind != last.Kind || d.Until != last.Until || d.To != last.To || d.Revision != last.Revision {
		return false
	}
	if d.Kind == cutover.DecideWaive && d.Reason != last.Reason {
		return false
	}
	if !a.Changed.After(last.At) {
		return true // nobody has drawn a conclusion yet
	}
	return a.State == map[string]cutover.ActionState{
		cutover.DecideAcknowledge: cutover.ActionAcknowledged,
		cutover.DecideSnooze:      cutover.ActionSnoozed,
		cutover.DecideWaive:       cutover.ActionWaived,
		cutover.DecideDone:        cutover.ActionDone,
	}[d.Kind]
}

// holds reports that an action is with the team it is given to, and that nobody has
// given it elsewhere since.
func holds(team string, last cutover.Decision, a cutover.Action) bool {
	if last.Kind == cutover.DecideReassign && !a.Changed.After(last.At) {
		return last.To == team
	}
	if a.State == cutover.ActionMoved {
		return last.Kind == cutover.DecideReassign && last.To == team
	}
	return a.Owner == team
}

// team finds a team by id or name, without case.
func (r Room) team(name string) (string, bool) {
	name = strings.TrimSpace(name)
	for _, t := range r.Teams {
		if strings.EqualFold(t.ID, name) || strings.EqualFold(t.Name, name) {
			return t.ID, name != ""
		}
	}
	return "", false
}

func (r Room) teams() string {
	ids := make([]string, len(r.Teams))
	for i, t := range r.Teams {
		ids[i] = t.ID
	}
	return strings.Join(ids, ", ")
}

// IsRefused reports an error that is the person's to mend, not the machine's.
func IsRefused(err error) bool { return errors.Is(err, ErrRefused) }
