package ticket

import "cutover/shared/cutover"

// step is what to do next for an action's ticket.
type step string

const (
	stepNone    step = "none"
	stepOpen    step = "open"    // there is no ticket, and no try at one
	stepLook    step = "look"    // a ticket was intended; whether it exists is in doubt
	stepEdit    step = "edit"    // it exists and shows an older version
	stepComment step = "comment" // it is up to date; a comment is missing
)

// decide says what to do next, and why.
func decide(w *work) (step, string) {
	e, a := w.effect, w.action
	has := e.Result["number"] != ""
	switch {
	case !has && e.State == cutover.EffectIntent:
		return stepLook, "a ticket was intended and has no result"
	case !has && a.State.Ended():
		return stepNone, "the action ended before it had a ticket"
	case !has:
		return stepOpen, "the action has no ticket"
	case e.State == cutover.EffectIntent:
		return stepEdit, "an update was intended and has no result"
	case e.Version < a.Version:
		return stepEdit, "the ticket shows an older version"
	case len(w.comments) > 0:
		return stepComment, "a comment was intended and has no result"
	}
	return stepNone, "the ticket shows this version"
}
