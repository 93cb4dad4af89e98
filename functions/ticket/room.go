package ticket

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/store"
	"cutover/shared/tracker"
)

// settle is how long an intent in doubt waits before its ticket may be made
// again, with a tracker whose lists lag behind.
const settle = 2 * time.Minute

// Store is what the room needs of the store.
type Store interface {
	View(ctx context.Context, fn func(store.Reader) error) error
	Update(ctx context.Context, fn func(store.Tx) error) error
}

// Tracker keeps tickets. An error leaves it open whether the deed was done,
// unless tracker.Undone says otherwise.
type Tracker interface {
	// Find looks for the ticket whose body holds the marker, by a strong read; nil
	// if there is none. Of several it is the oldest.
	Find(ctx context.Context, project, marker string) (*tracker.Ticket, error)
	// Create files a ticket.
	Create(ctx context.Context, project string, t tracker.Ticket) (tracker.Ref, error)
	// Edit hands the ticket as it stands to fn and writes what fn changed of it
	// (all but the assignees); it reports whether there was anything to write.
	// When fn fails nothing is written, and its error comes back. tracker.ErrGone
	// when there is no such ticket.
	Edit(ctx context.Context, at tracker.Ref, fn func(*tracker.Ticket) error) (bool, error)
	Commenter
}

// Commenter adds comments to tickets.
type Commenter interface {
	// Commented reports whether a comment with the marker stands there.
	Commented(ctx context.Context, at tracker.Ref, marker string) (bool, error)
	Comment(ctx context.Context, at tracker.Ref, marker, text string) error
}

// lagging is what a tracker adds whose Find and Commented may miss what was just
// written.
type lagging interface{ Lags() bool }

// Room carries actions to trackers.
type Room struct {
	Store    Store
	Trackers map[string]Tracker // by name; the plain one is ""
	Owners   cutover.Ownership
	Now      func() time.Time
	Log      *slog.Logger
	Count    func(what string) // tickets_opened, tickets_updated, tickets_closed, comments_written; may be nil

	busy busy
}

// Handle brings the ticket of the event's action to the action's version.
func (r *Room) Handle(ctx context.Context, ev cutover.Event) error {
	if ev.Type != cutover.TypeActionChanged || ev.Subject == "" {
		return bus.Poison{Reason: "not for the ticket room", Err: fmt.Errorf("handling event %s of type %q about %q", ev.ID, ev.Type, ev.Subject)}
	}
	defer r.busy.take(ev.Subject)()
	w, err := r.load(ctx, ev)
	if errors.Is(err, store.ErrNotFound) {
		return bus.Poison{Reason: "unknown action", Err: err}
	}
	if err != nil {
		return err
	}
	next, why := decide(w)
	r.log().DebugContext(ctx, "ticket", "action", w.action.Key, "version", w.action.Version, "step", next, "why", why)
	switch next {
	case stepOpen:
		return r.open(ctx, w)
	case stepLook:
		return r.look(ctx, w)
	case stepEdit:
		return r.edit(ctx, w, "tickets_updated")
	case stepComment:
		return r.comment(ctx, w)
	}
	return nil
}

// work is all that the room knows about one action while it handles it.
type work struct {
	event    cutover.Event
	now      time.Time
	zone     *time.Location
	action   cutover.Action
	notice   cutover.Notice
	team     cutover.Team
	effect   cutover.Effect   // of the ticket; the zero value if there is none
	stored   cutover.Effect   // the same, as the store has it
	gone     bool             // the ticket was found missing once already
	comments []cutover.Effect // that are intended and not done, oldest first
	fresh    map[string]bool  // keys of comments whose intent was written just now
	moved    string           // the action it moved to, in words
	name     string           // of the tracker
	project  string
}

func (w *work) ref() tracker.Ref {
	res := w.effect.Result
	return tracker.Ref{Project: res["project"], Number: res["number"], Link: res["link"]}
}

func ticketKey(action string) string { return action + "/ticket" }

func (r *Room) load(ctx context.Context, ev cutover.Event) (*work, error) {
	w := &work{event: ev, now: r.Now().UTC(), fresh: map[string]bool{}}
	err := r.Store.View(ctx, func(tx store.Reader) error {
		var err error
		if w.action, err = tx.Action(ev.Subject); err != nil {
			return fmt.Errorf("loading action %s: %w", ev.Subject, err)
		}
		if w.notice, err = tx.Notice(w.action.Notice); err != nil {
			return fmt.Errorf("loading notice %s of action %s: %w", w.action.Notice, w.action.Key, err)
		}
		if w.moved, err = movedTo(tx, w.action); err != nil {
			return err
		}
		for e, err := range tx.Effects(w.action.ID) {
			if err != nil {
				return fmt.Errorf("loading the effects of action %s: %w", w.action.Key, err)
			}
			switch {
			case e.Key == ticketKey(w.action.ID):
				w.effect = e
			case e.Kind == kindComment && e.State == cutover.EffectIntent:
				w.comments = append(w.comments, e)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	w.stored = w.effect
	sortByVersion(w.comments)
	r.findTeam(w)
	return w, nil
}

func movedTo(tx store.Reader, a cutover.Action) (string, error) {
	if a.State != cutover.ActionMoved || a.MovedTo == "" {
		return "", nil
	}
	to, err := tx.Action(a.MovedTo)
	if errors.Is(err, store.ErrNotFound) {
		return a.MovedTo, nil
	}
	if err != nil {
		return "", fmt.Errorf("loading action %s, to which %s moved: %w", a.MovedTo, a.Key, err)
	}
	e, err := tx.Effect(ticketKey(to.ID))
	if errors.Is(err, store.ErrNotFound) || (err == nil && e.Result["number"] == "") {
		return to.Key, nil
	}
	if err != nil {
		return "", fmt.Errorf("loading the ticket of action %s: %w", to.Key, err)
	}
	return to.Key + ", ticket " + e.Result["number"] + " in " + e.Result["project"], nil
}

func (r *Room) log() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}

func (r *Room) count(what string) {
	if r.Count != nil && what != "" {
		r.Count(what)
	}
}
