package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/slack"
	"cutover/shared/store"
)

// patience is how long an alert waits for its ticket before it goes without; the
// link is put in later.
const patience = 5 * time.Minute

// Store is what the room needs of the store.
type Store interface {
	View(ctx context.Context, fn func(store.Reader) error) error
	Update(ctx context.Context, fn func(store.Tx) error) error
}

// Slack posts messages. An error leaves it open whether the deed was done, unless
// slack.Undone says otherwise.
type Slack interface {
	// Post posts a message; the ref says where it stands.
	Post(ctx context.Context, m slack.Message) (slack.Ref, error)
	Editor
}

// Editor finds and edits what was posted.
type Editor interface {
	// Update edits the message in place; slack.ErrGone when it cannot be edited any
	// more.
	Update(ctx context.Context, at slack.Ref, m slack.Message) error
	// Find looks, by a strong read, for the message whose metadata carries the
	// effect's key, in the channel or in a thread of it, not older than since.
	Find(ctx context.Context, channel, thread, effect string, since time.Time) (slack.Ref, bool, error)
}

// Room carries actions to Slack.
type Room struct {
	Store  Store
	Slack  Slack
	Owners cutover.Ownership
	Now    func() time.Time
	Log    *slog.Logger
	Count  func(what string) // alerts_sent, alerts_updated, changes_sent, reminders_sent, …; may be nil
}

// Due is the data of a reminder.due message.
type Due struct {
	Kind    string       `json:"kind"` // reminder, escalation, case, digest, opening
	Rung    string       `json:"rung"`
	Due     cutover.Date `json:"due"`
	Late    bool         `json:"late"`
	Notices []string     `json:"notices"`
	Text    []string     `json:"text"`
}

// Handle posts or edits what the event calls for.
func (r *Room) Handle(ctx context.Context, ev cutover.Event) error {
	switch ev.Type {
	case cutover.TypeTicketRecorded, cutover.TypeActionChanged:
		return r.action(ctx, ev)
	case cutover.TypeReminderDue:
		var d Due
		if err := json.Unmarshal(ev.Data, &d); err != nil {
			return bus.Poison{Reason: "unreadable event", Err: fmt.Errorf("reading the data of event %s: %w", ev.ID, err)}
		}
		return r.due(ctx, ev, d)
	}
	return bus.Poison{Reason: "not for the alert room", Err: fmt.Errorf("handling event %s of type %q", ev.ID, ev.Type)}
}

func (r *Room) due(ctx context.Context, ev cutover.Event, d Due) error {
	switch d.Kind {
	case "opening":
		return r.action(ctx, ev)
	case slack.KindReminder, slack.KindEscalation:
		return r.remind(ctx, ev.Subject, d)
	case slack.KindCase:
		return r.waiting(ctx, ev.Subject, d)
	case slack.KindDigest:
		return r.digest(ctx, d)
	}
	return bus.Poison{Reason: "unreadable event", Err: fmt.Errorf("handling event %s: there is no kind %q of reminder", ev.ID, d.Kind)}
}

// work is all that the room knows about one action while it handles it.
type work struct {
	now    time.Time
	zone   *time.Location
	action cutover.Action
	notice cutover.Notice
	team   cutover.Team
	alert  cutover.Effect // the opening message; the zero value if there is none
	ticket string         // link or path; empty while there is no ticket
	number string
}

func alertKey(action string) string { return action + "/alert" }

func (r *Room) load(ctx context.Context, id string) (*work, error) {
	w := &work{now: r.Now().UTC()}
	err := r.Store.View(ctx, func(rd store.Reader) error {
		var err error
		if w.action, err = rd.Action(id); err != nil {
			return fmt.Errorf("loading action %s: %w", id, err)
		}
		if w.notice, err = rd.Notice(w.action.Notice); err != nil {
			return fmt.Errorf("loading notice %s of action %s: %w", w.action.Notice, w.action.Key, err)
		}
		if w.alert, err = rd.Effect(alertKey(id)); err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("loading the alert of action %s: %w", w.action.Key, err)
		}
		ticket, err := rd.Effect(id + "/ticket")
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("loading the ticket of action %s: %w", w.action.Key, err)
		}
		w.ticket, w.number = ticket.Result["link"], ticket.Result["number"]
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, bus.Poison{Reason: "unknown action", Err: err}
	}
	if err != nil {
		return nil, err
	}
	w.team = r.team(w.action.Owner)
	if w.zone, err = prose.Zone(w.team); err != nil {
		r.Log.Warn("team without a usable time zone", "team", w.team.ID, "error", err)
	}
	return w, nil
}

// team finds an owner's team. What it lacks of channels the fallback's serve, and
// so does an owner that the configuration no longer knows.
func (r *Room) team(id string) cutover.Team {
	team := cutover.Team{ID: id, Name: id}
	var fallback cutover.Team
	for _, t := range r.Owners.Teams {
		if t.ID == id {
			team = t
		}
		if t.ID == r.Owners.Fallback {
			fallback = t
		}
	}
	if team.Slack == "" {
		team.Slack = fallback.Slack
	}
	if team.Name == "" {
		team.Name = team.ID
	}
	return team
}

func (r *Room) count(what string) {
	if r.Count != nil && what != "" {
		r.Count(what)
	}
}
