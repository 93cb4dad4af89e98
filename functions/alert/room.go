package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"cutover/shared/bus"
	"cutover/shared/cutover"
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
	Log    *slog.Logger      // may be nil
	Count  func(what string) // alerts_sent, alerts_updated, changes_sent, reminders_sent, …; may be nil

	// busy lets one event at a time through: posts to Slack are paced anyway. Two
	// processes are kept apart by the intents in the store.
	busy sync.Mutex
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
	r.busy.Lock()
	defer r.busy.Unlock()
	switch ev.Type {
	case cutover.TypeTicketRecorded, cutover.TypeActionChanged:
		return r.action(ctx, ev.Subject)
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
		return r.action(ctx, ev.Subject)
	case slack.KindReminder, slack.KindEscalation:
		return r.remind(ctx, ev.Subject, d)
	case slack.KindCase:
		return r.waiting(ctx, ev.Subject, d)
	case slack.KindDigest:
		return r.digest(ctx, d)
	}
	return bus.Poison{Reason: "unreadable event", Err: fmt.Errorf("handling event %s: there is no kind %q of reminder", ev.ID, d.Kind)}
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

func (r *Room) log() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}
