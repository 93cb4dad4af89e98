package plan

import (
	"fmt"
	"strings"
	"time"

	"cutover/shared/cutover"
)

// Explanation says why a thing is an item of a notice, or why it is not: every rule
// that was asked, in order, the one that settled it marked.
type Explanation struct {
	Notice string
	Thing  string
	Item   bool
	Answer string
	Rules  []Ruling
	Owner  string        // who has it, or would have it
	Trace  cutover.Trace // why this owner
	Known  []string      // what the ledger holds about it
}

// Ruling is one rule and what it said.
type Ruling struct {
	Rule string
	Says string
	Won  bool
}

// Explain answers for a notice (by its key or that of one of its actions) and a
// thing: a resource id, a subscription, or repository:path. Without a thing it
// explains the notice: whether it acts, and its dates. The iterators of in need to
// hold only the rows about the thing.
func Explain(in Input, key, thing string, now time.Time) (Explanation, error) {
	b := newBuilder(in, now.UTC())
	n := b.byKey[key]
	if n == nil {
		notice, _ := cutover.SplitActionKey(key)
		n = b.byKey[notice]
	}
	if n == nil {
		return Explanation{}, fmt.Errorf("explaining %s: no such notice; `cutover plan` lists those that are known", key)
	}
	if err := b.readFindings(); err != nil {
		return Explanation{}, fmt.Errorf("reading findings: %w", err)
	}
	b.settlePast()
	e := Explanation{Notice: n.n.Key, Thing: thing}
	e.notice(n)
	var err error
	switch sub, isSub := b.owners.subs[cutover.Fold(thing)]; {
	case thing == "":
		e.dates(n)
	case isSub:
		e.subscription(b, n, sub)
	case strings.HasPrefix(thing, "/"):
		err = e.resource(b, n)
	default:
		e.place(b, n)
	}
	if err != nil {
		return Explanation{}, fmt.Errorf("reading resources: %w", err)
	}
	e.ledger(b, n)
	e.settle()
	return e, nil
}

func (e *Explanation) say(rule, says string, won bool) {
	e.Rules = append(e.Rules, Ruling{rule, sentence(says), won})
}

// notice says whether the notice opens anything at all.
func (e *Explanation) notice(n *notice) {
	switch {
	case n.idle != "":
		e.say("acts", "the notice opens nothing: "+n.idle, true)
	case n.past != "":
		e.say("acts", "the notice's last date, "+day(n.past)+", was over when it was first seen: only places in code that still trust what it retired count", !e.code())
	default:
		e.say("acts", "the notice asks for action or carries a dated change", false)
	}
}

// code reports whether the thing is a place in code.
func (e *Explanation) code() bool {
	return strings.Contains(e.Thing, ":") && !strings.HasPrefix(e.Thing, "/")
}

func (e *Explanation) dates(n *notice) {
	d := n.due(map[scope]struct{}{{service: -1}: {}})
	if d.due == "" {
		e.say("due", "the notice gives no date that counts", false)
	} else {
		e.say("due", "for all of it: "+day(d.due)+", "+d.from, false)
	}
	for _, i := range n.order {
		s := n.services[i]
		if own := n.due(map[scope]struct{}{{service: i}: {}}); own.due != d.due {
			says := "for " + s.name + " there is none"
			if own.due != "" {
				says = "for " + s.name + ": " + day(own.due) + ", " + own.from
			}
			e.say("due", says, false)
		}
	}
	if n.certs != nil {
		for _, c := range n.certs.retiring {
			e.say("certificates", cmpOr(c.CN, c.Thumbprint)+" goes"+n.certs.guessed, false)
		}
		if n.certs.unknown != "" {
			e.say("certificates", n.certs.unknown, false)
		}
		if len(n.certs.needed) > 0 {
			e.say("certificates", "a place that trusts "+needs(n.certs)+" is clear", false)
		}
	}
}
