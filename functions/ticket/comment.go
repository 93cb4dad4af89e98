package ticket

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/store"
	"cutover/shared/tracker"
)

// kindComment is the kind of a comment's effect.
const kindComment = "comment"

func commentKey(action string, version int) string {
	return action + "/comment/" + strconv.Itoa(version)
}

// commentMarker is what a comment hides, so that it is known again.
func commentMarker(key string) string { return "cutover:comment " + quoteID(key) }

func (w *work) newComment(text string) *cutover.Effect {
	return &cutover.Effect{
		Key: commentKey(w.action.ID, w.action.Version), Subject: w.action.ID, Kind: kindComment,
		State: cutover.EffectIntent, Version: w.action.Version, Intent: w.now,
		Result: map[string]string{resText: text},
	}
}

func sortByVersion(es []cutover.Effect) {
	slices.SortStableFunc(es, func(a, b cutover.Effect) int { return a.Version - b.Version })
}

// comment writes the comments that are intended. One whose intent is not from
// just now is in doubt and looked for first.
func (r *Room) comment(ctx context.Context, w *work) error {
	t, err := r.tracker(w)
	if err != nil {
		return err
	}
	for _, e := range w.comments {
		there := false
		if !w.fresh[e.Key] && e.Result[resUndone] == "" {
			if there, err = r.commented(ctx, w, t, e); err != nil {
				return err
			}
		}
		if there {
			err = r.commentDone(ctx, e, w, "")
		} else {
			err = r.writeComment(ctx, w, t, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) commented(ctx context.Context, w *work, t Tracker, e cutover.Effect) (bool, error) {
	there, err := t.Commented(ctx, w.ref(), commentMarker(e.Key))
	if errors.Is(err, tracker.ErrGone) {
		return true, nil // nothing to comment on any more
	}
	if err != nil {
		return false, fmt.Errorf("looking for comment %s on ticket %s in %s: %w", e.Key, w.effect.Result[resNumber], w.project, err)
	}
	if left := settle - w.age(e); !there && lags(t) && left > 0 {
		return false, tracker.Later{After: left, Err: fmt.Errorf("comment %s is in doubt and %s may show it late", e.Key, w.project)}
	}
	return there, nil
}

func (r *Room) writeComment(ctx context.Context, w *work, t Tracker, e cutover.Effect) error {
	if !w.fresh[e.Key] { // a new try: the doubt counts from here
		e.Intent, e.Error = w.now, ""
		e.Result = maps.Clone(e.Result)
		delete(e.Result, resUndone)
		if err := r.Store.Update(ctx, func(tx store.Tx) error { return tx.PutEffect(e) }); err != nil {
			return fmt.Errorf("writing down the intent for comment %s: %w", e.Key, err)
		}
	}
	err := t.Comment(ctx, w.ref(), commentMarker(e.Key), e.Result[resText])
	switch {
	case errors.Is(err, tracker.ErrGone):
		return r.commentDone(ctx, e, w, "")
	case err != nil && tracker.Undone(err):
		e.Error, e.Result = prose.Line(err.Error(), 300), maps.Clone(e.Result)
		e.Result[resUndone] = "yes"
		if kept := r.Store.Update(ctx, func(tx store.Tx) error { return tx.PutEffect(e) }); kept != nil {
			r.log().WarnContext(ctx, "keeping that a comment was refused", "comment", e.Key, "err", kept)
		}
	}
	if err != nil {
		return fmt.Errorf("commenting on ticket %s in %s: %w", w.effect.Result[resNumber], w.project, err)
	}
	return r.commentDone(ctx, e, w, "comments_written")
}

func (r *Room) commentDone(ctx context.Context, e cutover.Effect, w *work, counts string) error {
	e.State, e.Done, e.Error = cutover.EffectDone, w.now, ""
	e.Result = map[string]string{resNumber: w.effect.Result[resNumber]}
	if err := r.Store.Update(ctx, func(tx store.Tx) error { return tx.PutEffect(e) }); err != nil {
		return fmt.Errorf("recording comment %s: %w", e.Key, err)
	}
	r.count(counts)
	return nil
}

// commentText is what a change of the action is worth saying in a comment; empty
// when the edited text says it well enough.
func commentText(w *work, c prose.Change) string {
	var b strings.Builder
	if c.Ended {
		b.WriteString(closingText(w))
	} else if c.Matters() {
		if c.Reopened {
			b.WriteString("**Reopened.** It was " + string(c.From) + "; what follows still stands.\n\n")
		}
		if c.Unacknowledged {
			b.WriteString("**The acknowledgement no longer holds**: the notice asks for more, or sooner, than what was acknowledged.\n\n")
		}
		if c.From != c.To && c.To == cutover.ActionWaived {
			b.WriteString("**" + upperFirst(prose.StateWords(w.action)) + ".** " + md(w.action.Proof) + "\n\n")
		}
		if due := c.DueWords(); due != "" {
			b.WriteString("**" + due + "**")
			if w.action.DueFrom != "" {
				b.WriteString(" From the notice: " + md(prose.Cut(w.action.DueFrom, 300)) + ".")
			}
			b.WriteString("\n\n")
		}
		listItems(&b, "New in the list", c.Added)
		listItems(&b, "Struck out before, but standing again", c.Returned)
		if c.Reopened && len(c.Added)+len(c.Returned) == 0 {
			listItems(&b, "Still standing", standing(w.action.Items))
		}
		if c.Left > 0 || !c.DueMoved && len(c.Added)+len(c.Returned) == 0 { // else it is said above
			for _, note := range w.action.Notes[:min(len(w.action.Notes), most)] {
				b.WriteString("- " + md(prose.Cut(note, 500)) + "\n")
			}
		}
	}
	return strings.TrimSpace(b.String())
}

func standing(items []cutover.Item) (open []cutover.Item) {
	for _, it := range items {
		if it.Cleared == "" {
			open = append(open, it)
		}
	}
	return open
}

// most is how many items a comment lists; the ticket has them all.
const most = 20

func listItems(b *strings.Builder, head string, items []cutover.Item) {
	if len(items) == 0 {
		return
	}
	b.WriteString(head + ":\n")
	for i, it := range items {
		if i == most {
			fmt.Fprintf(b, "- … and %d more, in the list above\n", len(items)-most)
			break
		}
		b.WriteString("- " + place(it) + ": " + md(prose.Cut(it.Why, 500)) + "\n")
	}
	b.WriteString("\n")
}

// closingText is the proof: what ended the action, and for each item by what.
func closingText(w *work) string {
	a := w.action
	var b strings.Builder
	switch a.State {
	case cutover.ActionMoved:
		b.WriteString("**Closed: the work moved** to " + md(orElse(w.moved, "another action")) + ". Nothing remains to be done here.\n\n")
	case cutover.ActionWithdrawn:
		b.WriteString("**Closed: withdrawn.** The provider cancelled or narrowed this change, and a person confirmed it.\n\n")
	default:
		b.WriteString("**Closed: proved.** Every item was looked at again, by a complete look that is newer than the one that listed it.\n\n")
	}
	if a.Proof != "" {
		b.WriteString(quote(a.Proof, 2000) + "\n\n")
	}
	shown := 0
	for _, it := range a.Items {
		if it.Cleared == "" {
			continue
		}
		if shown++; shown > most {
			continue
		}
		b.WriteString("- " + place(it) + ": " + md(orElse(it.Proof, "clear")) + " (" + prose.Day(it.Cleared) + ")\n")
	}
	if shown > most {
		fmt.Fprintf(&b, "- … and %d more, in the list above\n", shown-most)
	}
	return b.String()
}

func orElse(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
