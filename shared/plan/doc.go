// Package plan is the law of the house: pure functions over the words of package
// cutover. Nothing here reads a clock, writes a log or depends on the order of a
// map; the same facts give the same answer, and every answer carries its reason.
//
// Desired says from facts alone who must act on what by when. Diff subtracts what
// stands on the ledger and gives the changes, each with its words for people. Next
// is the reminder ladder. Fold makes one notice of many deliveries. Explain says
// why a thing is an item, or why it is not.
//
// Two properties hold and are tested: shuffled input gives the same output, and
// planning after applying gives nothing.
//
// What cannot be told is never taken as good news. A source that is missing, stale
// or incomplete may add items and may not strike one out; an item that was there
// and is not seen any more stays until a newer complete look proves it gone.
package plan
