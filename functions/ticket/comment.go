package ticket

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

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
