// Package embedded keeps the bus's contract in a few tables of a SQLite file, by
// preference the store's own: then one file holds the truth and the messages
// about it.
//
// Every change is durable when its call returns, if the database is set so (WAL
// with synchronous=FULL). A commit costs a sync of the disk, a millisecond or two,
// whatever is in it; so calls that wait at the same time are committed together:
// the one whose turn it is takes along all that wait behind it. Each stands in a
// savepoint of its own and fails alone.
//
// Times are epoch milliseconds by the clock of the options.
package embedded
