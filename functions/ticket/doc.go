// Package ticket is the room that carries actions to a tracker: one ticket per
// action, written so that somebody who never heard of Cutover knows what to do.
//
// It wakes on cutover.action.changed.v1, reads the action from the store, and
// brings the ticket to the action's version. Each deed outside is an effect with a
// key of its own ("ACTION/ticket", "ACTION/comment/VERSION"): its intent is
// committed, the deed done, its result committed. When an intent has no result,
// the ticket is looked for by its hidden marker before another one is made.
//
// Of a ticket only these are ours: one fenced block of the body (fence.go), the
// labels under "cutover", the title while it is still the one we wrote, the fields
// that a tracker keeps for us, and the state when an action ends or comes back.
package ticket
