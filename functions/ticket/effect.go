package ticket

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/store"
	"cutover/shared/tracker"
)

// errTaken says that somebody else works on the same effect; a retry sees what came of it.
var errTaken = errors.New("somebody else is writing this ticket just now; try again")

// Keys of the ticket effect's result. number, link, tracker and project are for
// everybody, the others for this room.
const (
	resTracker = "tracker"
	resProject = "project"
	resNumber  = "number"
	resLink    = "link"
	resTitle   = "title"  // as we wrote it last; several lines while an update is unfinished
	resShown   = "shown"  // what the ticket and its comments tell, prose.Shown
	resSet     = "set"    // the state that an unfinished update is to bring
	resUndone  = "undone" // the last try is known to have done nothing
	resText    = "text"   // of a comment that is to be written
)

// intend commits what is about to be done, unless somebody else did meanwhile.
func (r *Room) intend(ctx context.Context, w *work, note *cutover.Effect) error {
	e := w.effect
	e.Key, e.Subject, e.Kind = ticketKey(w.action.ID), w.action.ID, "ticket"
	e.State, e.Intent, e.Error = cutover.EffectIntent, w.now, ""
	e.Result = maps.Clone(e.Result)
	delete(e.Result, resUndone)
	known := false
	err := r.Store.Update(ctx, func(tx store.Tx) error {
		stands, err := tx.Effect(e.Key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if stands.State != w.stored.State || stands.Version != w.stored.Version || !stands.Intent.Equal(w.stored.Intent) {
			return errTaken
		}
		if note != nil {
			if _, err := tx.Effect(note.Key); err == nil {
				known = true
			} else if !errors.Is(err, store.ErrNotFound) {
				return err
			} else if err := tx.PutEffect(*note); err != nil {
				return err
			}
		}
		return tx.PutEffect(e)
	})
	if err != nil {
		return fmt.Errorf("writing down the intent for the ticket of action %s: %w", w.action.Key, err)
	}
	w.effect, w.stored = e, e
	if note != nil && !known {
		w.comments, w.fresh[note.Key] = append(w.comments, *note), true
	}
	return nil
}

// record commits the result, together with the message about it.
func (r *Room) record(ctx context.Context, w *work, counts string) error {
	e := w.effect
	e.State, e.Done, e.Version, e.Error = cutover.EffectDone, w.now, w.action.Version, ""
	e.Result = maps.Clone(e.Result)
	delete(e.Result, resSet)
	delete(e.Result, resUndone)
	err := r.Store.Update(ctx, func(tx store.Tx) error {
		if err := tx.PutEffect(e); err != nil || e.Result[resNumber] == "" {
			return err
		}
		return tx.Emit(recorded(w, e))
	})
	if err != nil {
		return fmt.Errorf("recording ticket %s of action %s: %w", e.Result[resNumber], w.action.Key, err)
	}
	w.effect, w.stored = e, e
	r.count(counts)
	return nil
}

// recorded is the message that the ticket shows a version.
func recorded(w *work, e cutover.Effect) cutover.Event {
	ev := cutover.NewEvent(cutover.TypeTicketRecorded, "ticket", w.action.ID, w.now, map[string]any{
		"tracker": e.Result[resTracker], "project": e.Result[resProject], "number": e.Result[resNumber],
		"link": e.Result[resLink], "version": e.Version,
	}, w.action.ID, strconv.Itoa(e.Version))
	ev.TraceParent = w.event.TraceParent
	return ev
}

// failed keeps, if it is sure, that nothing was done: then the next try needs no
// look and no waiting. That note is a help only; without it the doubt remains.
func (r *Room) failed(ctx context.Context, w *work, cause error) error {
	err := fmt.Errorf("writing the ticket of action %s to %s: %w", w.action.Key, w.project, cause)
	if !tracker.Undone(cause) || w.effect.Result[resNumber] != "" {
		return err
	}
	e := w.effect
	e.Error = prose.Line(cause.Error(), 300)
	e.Result = maps.Clone(e.Result)
	e.Result[resUndone] = "yes"
	kept := r.Store.Update(ctx, func(tx store.Tx) error { return tx.PutEffect(e) })
	if kept != nil {
		r.log().WarnContext(ctx, "keeping that a ticket was refused", "action", w.action.Key, "err", kept)
	}
	return err
}

// set changes the result in memory; an empty value takes the key out.
func (w *work) set(values map[string]string) {
	res := maps.Clone(w.effect.Result)
	if res == nil {
		res = map[string]string{}
	}
	for k, v := range values {
		if v == "" && k != resTracker && k != resProject {
			delete(res, k)
			continue
		}
		res[k] = v
	}
	w.effect.Result = res
}

func lags(t any) bool {
	l, ok := t.(lagging)
	return ok && l.Lags()
}

func (w *work) age(e cutover.Effect) time.Duration { return w.now.Sub(e.Intent) }
