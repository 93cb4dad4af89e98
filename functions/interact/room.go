// Package interact is where people are heard: a button in Slack, a command at the
// inbox, a ticket's webhook become decisions.
//
// A decision is written down with who said it, what and when; the rooms that it
// concerns draw their conclusions (match for actions, parse for deliveries). The
// same thing said twice is said once.
package interact

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// source names this room in its messages.
const source = "interact"

// maxReason cuts what a person wrote, in runes.
const maxReason = 1000

// Store is what the room needs of the store.
type Store interface {
	Update(ctx context.Context, fn func(store.Tx) error) error
}

// Room writes decisions down.
type Room struct {
	Store Store
	Teams []cutover.Team // for reassignments
	Now   func() time.Time
	Log   *slog.Logger // nil: silent
}

// ErrRefused marks what cannot be decided: an unknown id, a reason that is
// missing, a thing that is over. The message says which, and what to do.
var ErrRefused = errors.New("not decided")

// refuse makes an error for the person who decided.
func refuse(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRefused, fmt.Sprintf(format, args...))
}

// say writes one decision and its message; nothing when it was said before.
func (r Room) say(tx store.Tx, d cutover.Decision) error {
	d.ID = cutover.Digest(d.Who, d.Kind, d.Target, string(d.Until), d.Reason, d.To, d.At.Format(time.RFC3339Nano))[:32]
	fresh, err := tx.PutDecision(d)
	if err != nil {
		return fmt.Errorf("writing down that %s said %s about %s: %w", d.Who, d.Kind, d.Target, err)
	}
	if !fresh {
		return nil
	}
	data := map[string]any{"kind": d.Kind, "revision": d.Revision}
	if err := tx.Emit(cutover.NewEvent(cutover.TypeDecisionMade, source, d.Target, d.At, data, d.ID)); err != nil {
		return fmt.Errorf("announcing what %s said about %s: %w", d.Who, d.Target, err)
	}
	r.log().Info("decision made", "kind", d.Kind, "target", d.Target, "who", d.Who, "until", d.Until, "to", d.To)
	return nil
}

// again has parse look at a delivery anew. The cause is the decision and not the
// delivery, so that the bus does not take it for a duplicate.
func again(tx store.Tx, delivery string, d cutover.Decision) error {
	ev := cutover.NewEvent(cutover.TypeDeliveryKept, source, delivery, d.At,
		map[string]string{"decision": d.Kind, "about": d.Target}, delivery, d.Kind, d.Target, d.Who, d.At.Format(time.RFC3339Nano))
	if err := tx.Emit(ev); err != nil {
		return fmt.Errorf("having delivery %s looked at again: %w", delivery, err)
	}
	return nil
}

// person checks who is deciding: a decision without a name proves nothing later.
func person(who string) (string, error) {
	if who = line(who); who == "" {
		return "", refuse("nobody is named as the one who decides")
	}
	return who, nil
}

// line makes what a person wrote fit on one line.
func line(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "?"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if rs := []rune(s); len(rs) > maxReason {
		s = string(rs[:maxReason]) + "…"
	}
	return s
}

func (r Room) log() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}
