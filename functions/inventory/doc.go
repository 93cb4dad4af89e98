// Package inventory is the room that knows what a company runs: it reads the answers
// of Azure Resource Graph from a folder and keeps subscriptions, resource groups and
// resources in the store.
//
// Four shapes are read: the REST answer with its rows as objects or as a table, and
// what `az graph query` prints, whole or only its data. Rows are streamed, twice: a
// first pass learns whether the answers are complete and which of several copies of a
// row counts, a second one hands the rows to the store. So a folder of some hundred
// thousand rows never stands in memory.
//
// Whether the look was complete matters more than what it found. "Not affected" rests
// on completeness, so any doubt (a page too many or too few, a broken row, a file that
// cannot be read) makes the source incomplete, with a reason that names the file; an
// incomplete look adds and updates, and never takes a row away.
package inventory
