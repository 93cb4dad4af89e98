package ticket

import (
	"fmt"
	"strings"

	"cutover/shared/cutover"
	"cutover/shared/prose"
)

// findTeam finds the owner's team and tracker. An owner that the configuration no
// longer knows is served by the fallback's tracker, under its own name. A ticket
// that exists stays in the tracker in which it was made.
func (r *Room) findTeam(w *work) {
	w.team = cutover.Team{ID: w.action.Owner, Name: w.action.Owner}
	var fallback cutover.Team
	for _, t := range r.Owners.Teams {
		if t.ID == w.action.Owner {
			w.team = t
		}
		if t.ID == r.Owners.Fallback {
			fallback = t
		}
	}
	if w.team.Name == "" {
		w.team.Name = w.team.ID
	}
	where := w.team.Tracker
	if where == "" {
		where = fallback.Tracker
	}
	w.name, w.project = r.splitTracker(where)
	if name, ok := w.effect.Result["tracker"]; ok {
		w.name, w.project = name, w.effect.Result["project"]
	}
	var err error
	if w.zone, err = prose.Zone(w.team); err != nil {
		r.log().Warn("team without a usable time zone", "err", err)
	}
}

// splitTracker reads NAME:project; without the name of a tracker that exists it is
// all project, in the plain one.
func (r *Room) splitTracker(where string) (name, project string) {
	if head, tail, ok := strings.Cut(where, ":"); ok {
		if _, known := r.Trackers[head]; known {
			return head, tail
		}
	}
	return "", where
}

func (r *Room) tracker(w *work) (Tracker, error) {
	if t, ok := r.Trackers[w.name]; ok {
		return t, nil
	}
	return nil, fmt.Errorf("finding the tracker %q of action %s: no such tracker is configured; name it under trackers, or the plain one under tracker", w.name, w.action.Key)
}
