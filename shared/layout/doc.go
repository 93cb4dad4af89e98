// Package layout is the guided tour of the house, and the test that holds its walls.
//
// # From the ground up
//
// shared/cutover is the ground floor: Delivery, Notice, Resource, Finding, Action
// and the other words, as types. It knows nothing but the standard library.
//
// shared/plan is the law. Desired says from facts alone who must act on what by
// when; Diff subtracts what is on the ledger; Next is the reminder ladder; Fold
// makes one notice of many deliveries. All of it is pure: the clock is an
// argument, and every answer carries its reason.
//
// shared/store and shared/bus are contracts. The store is the truth, with an
// outbox for the messages about it; the bus carries wake-ups that may come twice,
// late or out of order. Each contract has one suite (storetest, bustest) that all
// its implementations pass: shared/store/sqlite and shared/bus/embedded are the
// ones for one machine. shared/store/outbox carries what was committed over to the
// bus.
//
// shared/catalog is what the trade knows, as data with sources: the service map
// (how notices name a service, and which resource types it means) and the
// certificate authorities. shared/config reads the configuration file.
// shared/prose puts facts into words, so that a ticket, a message and the terminal
// say the same thing.
//
// Adapters stand beside: one package per outside system, which knows that system
// and no other adapter. shared/tracker and shared/slack say what a ticket and a
// message are; shared/tracker/folder, shared/tracker/github, shared/slack/folder
// and shared/slack/api keep that; shared/mailbox/smtp receives mail. Two small
// packages hold what adapters would otherwise write twice: shared/outside says what
// an error of an outside system proves, and shared/files places a file whole and
// locks a folder.
//
// # The rooms
//
// Each room under functions does one thing, wakes on a message, reads the truth
// from the store, and writes facts and outgoing messages in one transaction:
//
//	ingest     keeps a delivery's bytes before anything else
//	parse      reads them, decides whether they may act, folds them into a notice
//	inventory  reads Resource Graph answers
//	scan       finds trust in repositories
//	match      loads facts, asks the plan, writes the difference
//	ticket     carries actions to the tracker
//	alert      carries actions to Slack
//	remind     is the clock
//	interact   takes what people decide
//
// Rooms never import each other, and never a vendor's SDK: what they need from
// outside they declare as an interface of one or two methods. functions/cutover is
// the main: every room in one process, and the command-line tool. It alone may
// import everything.
//
// # How a notice becomes a ticket
//
// Follow the azure IoT notice of the demo: fixtures/company/inbox → ingest.Keep →
// parse (functions/parse/extract has the rules of reading) → plan.Fold → match →
// plan.Desired → functions/ticket/render.go → shared/tracker/folder.
//
// The test in this package holds the table of who may import whom. It asks the go
// command, whose answers the test cache cannot see: run it with -count=1.
package layout
