// Package bus is the contract of the bus: peek-lock queues of CloudEvents. Two
// drivers keep it (embedded, on SQLite; servicebus, on Azure), both held to the
// suite in bustest.
//
// Delivery is at least once. A message that is received is locked for a while; it
// is completed, abandoned (and comes again), or dead-lettered with a reason. A
// lock that runs out makes the message come again. Publishing an event whose id
// was published within the duplicate window changes nothing.
package bus

import (
	"context"
	"errors"
	"time"

	"cutover/shared/cutover"
)

// ErrLockLost says that the message was settled, or its lock ran out and somebody
// else may have it by now.
var ErrLockLost = errors.New("message lock lost")

// ErrNotFound says that there is no such message.
var ErrNotFound = errors.New("no such message")

// Queues, one per consuming room.
const (
	QueueParse  = "parse"
	QueueMatch  = "match"
	QueueTicket = "ticket"
	QueueAlert  = "alert"
)

// Routes is the topology: which room is woken by which type of message.
func Routes() map[string][]string {
	return map[string][]string{
		cutover.TypeDeliveryKept:       {QueueParse},
		cutover.TypeNoticeRevised:      {QueueMatch},
		cutover.TypeInventoryRefreshed: {QueueMatch},
		cutover.TypeScanCompleted:      {QueueMatch},
		cutover.TypeDecisionMade:       {QueueMatch},
		cutover.TypeTick:               {QueueMatch},
		cutover.TypeActionChanged:      {QueueTicket},
		cutover.TypeTicketRecorded:     {QueueAlert},
		cutover.TypeReminderDue:        {QueueAlert},
	}
}

// Limits that both drivers keep.
const (
	MaxDeliveries   = 10               // then a message goes to the dead-letter queue
	DuplicateWindow = 10 * time.Minute // in which an id counts once
	DefaultLock     = 60 * time.Second
)

// Bus carries messages.
type Bus interface {
	// Publish sends the events to the queues of their types, all or none.
	Publish(ctx context.Context, events ...cutover.Event) error
	// Schedule sends the event at a time (UTC); the token cancels it.
	Schedule(ctx context.Context, event cutover.Event, at time.Time) (token string, err error)
	// Cancel takes a scheduled event back; ErrNotFound when it is out already.
	Cancel(ctx context.Context, token string) error
	// Receive locks up to max messages of a queue, oldest first; none is not an
	// error. It does not wait.
	Receive(ctx context.Context, queue string, max int, lock time.Duration) ([]Message, error)
	Complete(ctx context.Context, ms ...Message) error
	// Abandon gives the message back, visible again after the delay. The reason is
	// kept and becomes the dead-letter description if this was the last try.
	Abandon(ctx context.Context, m Message, delay time.Duration, reason string) error
	DeadLetter(ctx context.Context, m Message, reason, description string) error
	// Renew makes the lock last from now on and says until when.
	Renew(ctx context.Context, m Message, lock time.Duration) (time.Time, error)
}

// Message is an event that was received under a lock.
type Message struct {
	Event    cutover.Event
	Queue    string
	Token    string    // of the lock
	Attempt  int       // 1 for the first delivery
	Enqueued time.Time // UTC
	Locked   time.Time // until, UTC
}

// DeadLetters is the list of poison messages, for people.
type DeadLetters interface {
	DeadLettered(ctx context.Context) ([]Dead, error)
	// Retry puts a message back into its queue with a fresh count.
	Retry(ctx context.Context, id string) error
	// Drop removes it for good.
	Drop(ctx context.Context, id string) error
}

// Dead is a message that will not be tried again by itself.
type Dead struct {
	ID          string        `json:"id"` // queue:event id
	Queue       string        `json:"queue"`
	Event       cutover.Event `json:"event"`
	Attempts    int           `json:"attempts"`
	Reason      string        `json:"reason"`
	Description string        `json:"description"`
	At          time.Time     `json:"at"` // UTC
}

// Poison marks an error that no retry can mend: the message goes to the
// dead-letter queue at once, under the reason.
type Poison struct {
	Reason string // a few words, stable: "unreadable event"
	Err    error
}

func (p Poison) Error() string { return p.Reason + ": " + p.Err.Error() }

// Unwrap gives the cause.
func (p Poison) Unwrap() error { return p.Err }
