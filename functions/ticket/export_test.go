package ticket

import "cutover/shared/prose"

// CommentText is what a change since old would be commented with.
func CommentText(p Page, old prose.Shown) string {
	w := &work{action: p.Action, notice: p.Notice, team: p.Team, now: p.Now, moved: p.Moved}
	return commentText(w, prose.Since(old, p.Action))
}
