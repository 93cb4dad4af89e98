package alert

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/slack"
	"cutover/shared/store"
)

// work is all that the room knows about one action while it handles it.
type work struct {
	now     time.Time
	zone    *time.Location
	action  cutover.Action
	notice  cutover.Notice
	team    cutover.Team
	alert   cutover.Effect   // the opening message; the zero value if there is none
	replies []cutover.Effect // changes told after the alert was edited last, oldest first
	moved   string           // key of the action it moved to
	ticket  string           // link or path; empty while there is no ticket
	number  string
	project string
}

func alertKey(action string) string { return action + "/alert" }

func (r *Room) load(ctx context.Context, id string) (*work, error) {
	w := &work{now: r.Now().UTC()}
	err := r.Store.View(ctx, func(rd store.Reader) error { return w.read(rd, id) })
	if errors.Is(err, store.ErrNotFound) {
		return nil, bus.Poison{Reason: "unknown action", Err: err}
	}
	if err != nil {
		return nil, err
	}
	w.team = r.team(w.action.Owner)
	if w.zone, err = prose.Zone(w.team); err != nil {
		r.log().WarnContext(ctx, "team without a usable time zone", "team", w.team.ID, "error", err)
	}
	return w, nil
}

func (w *work) read(rd store.Reader, id string) error {
	var err error
	if w.action, err = rd.Action(id); err != nil {
		return fmt.Errorf("loading action %s: %w", id, err)
	}
	if w.notice, err = rd.Notice(w.action.Notice); err != nil {
		return fmt.Errorf("loading notice %s of action %s: %w", w.action.Notice, w.action.Key, err)
	}
	for e, err := range rd.Effects(id) {
		if err != nil {
			return fmt.Errorf("loading the effects of action %s: %w", w.action.Key, err)
		}
		switch {
		case e.Key == alertKey(id):
			w.alert = e
		case e.Key == id+"/ticket":
			w.ticket, w.number, w.project = e.Result["link"], e.Result["number"], e.Result["project"]
		case e.Kind == slack.KindChange:
			w.replies = append(w.replies, e)
		}
	}
	w.replies = slices.DeleteFunc(w.replies, func(e cutover.Effect) bool { return e.Version <= w.alert.Version })
	slices.SortStableFunc(w.replies, func(a, b cutover.Effect) int { return a.Version - b.Version })
	if w.action.State != cutover.ActionMoved || w.action.MovedTo == "" {
		return nil
	}
	to, err := rd.Action(w.action.MovedTo)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("loading action %s, to which %s moved: %w", w.action.MovedTo, w.action.Key, err)
	}
	w.moved = orElse(to.Key, w.action.MovedTo)
	return nil
}
