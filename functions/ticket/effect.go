package ticket

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
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

// open files the ticket. Its intent is committed first, so that whatever happens
// afterwards somebody will look for it.
func (r *Room) open(ctx context.Context, w *work) error {
	t, err := r.tracker(w)
	if err != nil {
		return err
	}
	title := Title(w.action, w.notice)
	w.set(map[string]string{resTracker: w.name, resProject: w.project, resTitle: title, resShown: prose.ShownOf(w.action).String(), resSet: ""})
	w.effect.Version = w.action.Version
	if err := r.intend(ctx, w, nil); err != nil {
		return err
	}
	draft := tracker.Ticket{
		Title: title, Body: Block(w.page(), maxBlock), Labels: ownLabels(nil, w.action), Assignees: w.team.Members,
		Key: w.action.Key, Owner: w.action.Owner, Notice: w.action.Notice, Due: string(w.action.Due),
	}
	ref, err := t.Create(ctx, w.project, draft)
	if err != nil {
		return r.failed(ctx, w, err)
	}
	w.set(map[string]string{resNumber: ref.Number, resLink: ref.Link})
	return r.record(ctx, w, "tickets_opened")
}

// look settles a doubt: the ticket was intended, and nobody knows whether it was
// made. It is looked for before it is made again.
func (r *Room) look(ctx context.Context, w *work) error {
	t, err := r.tracker(w)
	if err != nil {
		return err
	}
	var found *tracker.Ticket
	if w.effect.Result[resUndone] == "" {
		if found, err = t.Find(ctx, w.project, Marker(w.action.ID)); err != nil {
			return fmt.Errorf("looking for the ticket of action %s in %s: %w", w.action.Key, w.project, err)
		}
		if left := settle - w.now.Sub(w.effect.Intent); found == nil && lags(t) && left > 0 {
			return tracker.Later{After: left, Err: fmt.Errorf("the ticket of action %s is in doubt and %s may show it late", w.action.Key, w.project)}
		}
	}
	switch {
	case found != nil:
		w.set(map[string]string{resNumber: found.Number, resLink: found.Link})
		return r.edit(ctx, w, "tickets_opened")
	case w.action.State.Ended():
		return r.record(ctx, w, "")
	}
	return r.open(ctx, w)
}

// edit brings an existing ticket up to date. Doing it twice changes nothing, so
// it needs no look; the comments it calls for are intended with it.
func (r *Room) edit(ctx context.Context, w *work, counts string) error {
	t, err := r.tracker(w)
	if err != nil {
		return err
	}
	var note *cutover.Effect
	set, ends, kept := w.effect.Result[resSet], false, ""
	if old, ok := prose.ParseShown(w.effect.Result[resShown]); ok {
		change := prose.Since(old, w.action)
		if text := commentText(w, change); text != "" {
			note = w.newComment(text)
		}
		set = stateAfter(set, change)
	}
	title, before := Title(w.action, w.notice), w.effect.Result[resTitle]
	w.set(map[string]string{resShown: prose.ShownOf(w.action).String(), resSet: set, resTitle: before + "\n" + title})
	if err := r.intend(ctx, w, note); err != nil {
		return err
	}
	changed, err := t.Edit(ctx, w.ref(), func(tk *tracker.Ticket) error {
		ends = set == setClosed && !tk.Closed
		if slices.Contains(strings.Split(before, "\n"), tk.Title) || tk.Title == title {
			tk.Title, kept = title, title
		}
		return w.rewrite(tk, set)
	})
	if errors.Is(err, tracker.ErrGone) {
		return r.gone(ctx, w, t)
	}
	if err != nil {
		return r.failed(ctx, w, err)
	}
	w.set(map[string]string{resTitle: orElse(kept, before)})
	switch {
	case counts == "tickets_opened":
	case !changed:
		counts = ""
	case ends:
		counts = "tickets_closed"
	}
	if err := r.record(ctx, w, counts); err != nil {
		return err
	}
	return r.comment(ctx, w)
}

// gone handles a ticket that somebody deleted, or that lies elsewhere by now. What
// has ended needs no new one.
func (r *Room) gone(ctx context.Context, w *work, t Tracker) error {
	if w.gone {
		return fmt.Errorf("writing the ticket of action %s: ticket %s of %s is found and yet gone: look at it by hand", w.action.Key, w.effect.Result[resNumber], w.project)
	}
	w.gone = true
	r.log().WarnContext(ctx, "ticket is gone", "action", w.action.Key, "project", w.project, "number", w.effect.Result[resNumber])
	if w.action.State.Ended() {
		return r.record(ctx, w, "")
	}
	found, err := t.Find(ctx, w.project, Marker(w.action.ID))
	if err != nil {
		return fmt.Errorf("looking for the ticket of action %s in %s: %w", w.action.Key, w.project, err)
	}
	if found != nil {
		w.set(map[string]string{resNumber: found.Number, resLink: found.Link})
		return r.edit(ctx, w, "tickets_updated")
	}
	w.set(map[string]string{resNumber: "", resLink: ""})
	return r.open(ctx, w)
}

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
