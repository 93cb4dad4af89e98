// Package prose puts facts into words for people: days, windows, counts, and what
// changed since somebody was last told.
//
// A ticket, a Slack message and the terminal say the same thing about the same
// action because they ask here. The clock is an argument; the days are counted in
// the reader's time zone. Nothing here escapes anything: each place that shows
// text knows its own dangers. Clean only takes out what is dangerous everywhere.
package prose
