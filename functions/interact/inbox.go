package interact

import (
	"context"
	"errors"
	"fmt"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// States of a case.
const (
	caseOpen     = "open"
	caseApproved = "approved"
	caseRejected = "rejected"
)

// Approve says yes to a case: a waiting delivery acts, a stopped run may go on, a
// cancellation holds, and what was only for a person to know is known.
func (r Room) Approve(ctx context.Context, caseID, who string) error {
	return r.decideCase(ctx, caseID, cutover.DecideApprove, caseApproved, "", who)
}

// Reject says no: a waiting delivery never acts, and other cases are closed.
func (r Room) Reject(ctx context.Context, caseID, who, reason string) error {
	return r.decideCase(ctx, caseID, cutover.DecideReject, caseRejected, reason, who)
}

func (r Room) decideCase(ctx context.Context, caseID, kind, state, reason, who string) error {
	who, err := person(who)
	if err != nil {
		return err
	}
	now := r.Now().UTC()
	err = r.Store.Update(ctx, func(tx store.Tx) error {
		c, err := tx.Case(caseID)
		if errors.Is(err, store.ErrNotFound) {
			return refuse("there is no case %s; `cutover inbox list` shows those there are", caseID)
		}
		if err != nil {
			return fmt.Errorf("loading case %s: %w", caseID, err)
		}
		if c.State == state {
			return nil // said before
		}
		if err := mayDecide(tx, c, kind); err != nil {
			return err
		}
		d := cutover.Decision{Kind: kind, Target: c.ID, Who: who, At: now, Reason: line(reason)}
		c.State, c.Decided = state, fmt.Sprintf("%s by %s on %s", state, who, now.Format("2006-01-02 15:04 UTC"))
		if d.Reason != "" {
			c.Decided += ": " + d.Reason
		}
		if err := tx.PutCase(c); err != nil {
			return fmt.Errorf("closing case %s: %w", c.ID, err)
		}
		if err := r.say(tx, d); err != nil {
			return err
		}
		if c.Kind != cutover.CaseWaiting || c.Delivery == "" {
			return nil
		}
		return again(tx, c.Delivery, d)
	})
	if err != nil {
		return fmt.Errorf("deciding case %s: %w", caseID, err)
	}
	return nil
}

// mayDecide refuses what would do nothing, or undo what has happened.
func mayDecide(tx store.Tx, c cutover.Case, kind string) error {
	if c.Kind == cutover.CaseFailed && kind == cutover.DecideApprove {
		return refuse("what case %s is about cannot be read, so there is nothing to approve; reject it to put it away", c.ID)
	}
	if c.Kind != cutover.CaseWaiting {
		if c.State == caseOpen {
			return nil
		}
		return refuse("case %s is not open any more (%s)", c.ID, c.Decided)
	}
	d, err := tx.Delivery(c.Delivery)
	if err != nil {
		return fmt.Errorf("loading delivery %s: %w", c.Delivery, err)
	}
	switch d.State {
	case cutover.DeliveryRead:
		return refuse("the delivery of case %s has acted already, in notice %s; what it changed is not taken back", c.ID, d.Notice)
	case cutover.DeliveryIrrelevant, cutover.DeliveryFailed:
		return refuse("the delivery of case %s does not wait any more, it is %s", c.ID, d.State)
	}
	return nil
}

// lastSaid is the last decision about a target; none is the zero Decision.
func lastSaid(tx store.Tx, target string) (cutover.Decision, error) {
	var last cutover.Decision
	for d, err := range tx.Decisions(target) {
		if err != nil {
			return last, fmt.Errorf("loading decisions about %s: %w", target, err)
		}
		last = d
	}
	return last, nil
}
