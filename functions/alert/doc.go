// Package alert is the room that carries actions to Slack: one message per action,
// edited in place as the action changes, with thread replies for what a person
// must be told in so many words.
//
// It wakes on cutover.ticket.recorded.v1 (so that the alert can link to the
// ticket) and on cutover.reminder.due.v1 (reminders, escalations, waiting cases,
// the digest, and alerts that waited too long for their ticket). What the message
// says is a wake-up; what is posted is read from the store.
//
// Each post is an effect with a key of its own: its intent is committed, the
// message posted, its place recorded. When an intent has no result, the message is
// looked for by its metadata before it is posted again.
package alert
