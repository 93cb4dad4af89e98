// Package tracker is the contract between the ticket room and the trackers: what
// a ticket is, and which errors mean something. The interface that the room needs
// stands in functions/ticket; one sub-package per tracker keeps it (folder,
// github), all held to the suite in functions/ticket/trackertest.
//
// No tracker offers a key that makes a create happen once. So every ticket carries
// a hidden marker in its body, and an error says, where it can, that nothing was
// done (see Undone); every other error leaves the room in doubt.
package tracker

import (
	"errors"

	"cutover/shared/outside"
)

// Label is the label of all our tickets; the other labels of ours begin with
// Label and a slash. All other labels belong to people.
const Label = "cutover"

// Ref is where a ticket stands.
type Ref struct {
	Project string // as the team's configuration names it: contoso/payments-api
	Number  string // as the tracker numbers it
	Link    string // for people: a URL, or a file's path
}

// Ticket is a ticket as a tracker holds it.
type Ticket struct {
	Ref
	Title     string
	Body      string // Markdown
	Closed    bool
	Unplanned bool // when closed: it ended without being done
	Labels    []string
	Assignees []string // written at creation only

	// For trackers with fields of their own; others do not keep them.
	Key, Owner, Notice, Due string
}

// ErrGone says that there is no such ticket any more: somebody deleted it.
var ErrGone = errors.New("the ticket is gone")

// Later says that the tracker wants to be asked again after a while. Nothing was done.
type Later = outside.Later

// Refused wraps an error that proves that nothing was done: the tracker answered with a
// refusal, or was never reached.
type Refused = outside.Refused

// Undone reports whether err proves that nothing was done.
func Undone(err error) bool { return outside.Undone(err) || errors.Is(err, ErrGone) }
