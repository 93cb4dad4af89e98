// Package store is the contract of the store: the truth that messages only point
// at. Two implementations keep it (sqlite, the embedded default; postgres), both
// held to the suite in storetest.
//
// Everything happens in a transaction. A View sees one state of the store and
// never blocks writers; an Update is atomic and durable once it returns nil. What
// an Update emits goes to the outbox in the same transaction and is relayed to
// the bus afterwards, so that a fact and the message about it stand or fall
// together.
package store

import (
	"context"
	"errors"
	"iter"

	"cutover/shared/cutover"
)

// ErrNotFound says that the asked-for thing is not in the store.
var ErrNotFound = errors.New("not found")

// ErrStale says that a fact changed since it was read; read again and retry.
var ErrStale = errors.New("facts changed meanwhile")

// Store is a durable place for facts and the ledger.
type Store interface {
	// View runs fn on one consistent state, read-only.
	View(ctx context.Context, fn func(Reader) error) error
	// Update runs fn in a transaction and commits it if fn returns nil.
	Update(ctx context.Context, fn func(Tx) error) error
	Close() error
}

// Reader is what can be read.
type Reader interface {
	// Generation counts the changes of facts (notices, inventory, findings,
	// sources, decisions, cases). Same number, same facts.
	Generation() (int64, error)

	// Delivery loads one with its bytes; ErrNotFound if there is none.
	Delivery(id string) (cutover.Delivery, error)
	// Deliveries lists those in one of the states (all without), without bytes,
	// ordered by arrival and id.
	Deliveries(states ...cutover.DeliveryState) iter.Seq2[cutover.Delivery, error]
	// Reading is what was read from a delivery; ErrNotFound before it was read.
	Reading(delivery string) (cutover.Reading, error)

	// Notice loads by key or by the key of an alias; ErrNotFound if there is none.
	Notice(key string) (cutover.Notice, error)
	// Notices lists all by key.
	Notices() iter.Seq2[cutover.Notice, error]

	Subscriptions() iter.Seq2[cutover.Subscription, error]
	Groups() iter.Seq2[cutover.Group, error]
	// Candidates lists the resources of the given types (lower case; none means
	// none) in one of the regions (none means all), ordered by id.
	Candidates(types, regions []string) iter.Seq2[cutover.Resource, error]
	// Resource loads one by id, without case; ErrNotFound if there is none.
	Resource(id string) (cutover.Resource, error)

	// Findings lists the findings of the given identities (CNs; none means all),
	// ordered by repository, path, line and fingerprint. Findings that name several
	// identities count for each; findings without an identity (SDKs) come always.
	Findings(identities []string) iter.Seq2[cutover.Finding, error]
	// Sources lists all by name.
	Sources() ([]cutover.Source, error)

	// Action loads by id; ErrNotFound if there is none.
	Action(id string) (cutover.Action, error)
	// Actions lists those that have not ended, or all, by key and then id.
	Actions(all bool) iter.Seq2[cutover.Action, error]

	// Effect loads by key; ErrNotFound if there is none.
	Effect(key string) (cutover.Effect, error)
	// Effects lists those of one subject (all without), by key.
	Effects(subject string) iter.Seq2[cutover.Effect, error]

	// Decisions lists those about one target (all without), in the order they were said.
	Decisions(target string) iter.Seq2[cutover.Decision, error]

	// Case loads by id; ErrNotFound if there is none.
	Case(id string) (cutover.Case, error)
	// Cases lists the open ones, or all, by opening time and id.
	Cases(all bool) iter.Seq2[cutover.Case, error]

	// Outcomes of the last pass, of one notice or (empty key) of all.
	Outcomes(notice string) iter.Seq2[cutover.Outcome, error]

	// Pending lists at most max events of the outbox, oldest first.
	Pending(max int) ([]cutover.Event, error)
}

// Tx can also write. Every Put replaces what stood under the same key.
type Tx interface {
	Reader

	// PutDelivery keeps a delivery; false if it was kept before (nothing changes).
	PutDelivery(d cutover.Delivery) (bool, error)
	// SetDelivery records what became of a delivery.
	SetDelivery(id string, state cutover.DeliveryState, notice string) error
	PutReading(r cutover.Reading) error

	// PutNotice writes the notice if the stored revision is known (0: none yet);
	// ErrStale otherwise. The tracking IDs become aliases of its key.
	PutNotice(n cutover.Notice, known int) error
	// MergeNotice removes the notice from and makes its key and aliases lead to into.
	MergeNotice(from, into string) error

	// ReplaceInventory replaces all rows of the inventory source with the given
	// ones and records the source. An incomplete source keeps the rows it did not
	// bring: it adds and updates only.
	ReplaceInventory(src cutover.Source, rows Rows) error
	// ReplaceFindings does the same for one repository. An incomplete scan keeps
	// what it did not bring.
	ReplaceFindings(src cutover.Source, findings []cutover.Finding) error
	// PutSource records how a look went without touching rows: a source that
	// could not be read at all.
	PutSource(src cutover.Source) error

	PutAction(a cutover.Action) error
	PutEffect(e cutover.Effect) error
	// PutDecision appends; false if it was there before.
	PutDecision(d cutover.Decision) (bool, error)
	PutCase(c cutover.Case) error
	// PutOutcomes replaces the outcomes of the last pass.
	PutOutcomes(os []cutover.Outcome) error

	// Emit puts events into the outbox.
	Emit(events ...cutover.Event) error
	// Relayed takes events out of the outbox.
	Relayed(ids ...string) error
}

// Rows are the rows of one look at the inventory.
type Rows struct {
	Subscriptions []cutover.Subscription
	Groups        []cutover.Group
	Resources     iter.Seq2[cutover.Resource, error]
}
