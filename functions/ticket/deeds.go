package ticket

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/tracker"
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
