// Package sqlite keeps the store's contract in one SQLite file: the embedded
// default, for one machine.
//
// The file is in WAL mode with synchronous=FULL: an Update that returned nil
// survives a power cut, and a View reads its own snapshot while an Update is at
// work. One connection writes, and every Update of the process waits its turn for
// it; a pool of others reads. A second process may open the same file: writers
// then take turns through SQLite's own lock, for as long as the busy timeout.
//
// After a write failed, a transaction is spent: whatever the function returns,
// nothing of it is committed. (Postgres behaves so by itself.)
//
// An Update inside an Update waits for itself; a View inside an Update is fine and
// sees the state before it. A Reader or Tx is for one goroutine and ends with its
// function.
package sqlite
