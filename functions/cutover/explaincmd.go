package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/plan"
	"cutover/shared/prose"
	"cutover/shared/store"
)

// explainCmd is `cutover explain`.
type explainCmd struct {
	configured
	Key   string `arg:"" help:"A notice (azure:3SYG-JCG) or an action (azure:3SYG-JCG/payments)."`
	Thing string `arg:"" optional:"" help:"A resource id, a subscription, or repository:path."`
	At    moment `placeholder:"TIME" help:"As of this date or RFC 3339 time."`
	format
}

// Help is what --help adds.
func (explainCmd) Help() string {
	return `Examples:

    cutover explain azure:3SYG-JCG
    cutover explain azure:3SYG-JCG/payments contoso/payments-api:src/tls.c

It answers from what the last run took in, also for things that are not there.`
}

// Run explains.
func (c *explainCmd) Run(e *env) error {
	cfg, err := load(e, c.Config)
	if err != nil {
		return err
	}
	return e.onCopy(cfg, c.At.clock(e.now), func(a *app) error {
		x, err := a.match.Explain(e.ctx, c.Key, c.Thing)
		if err != nil {
			return usage(err)
		}
		out := explanationOf(x)
		if err := out.ground(e.ctx, a, c.Key); err != nil {
			return usage(err)
		}
		if c.json() {
			return printJSON(e.out, out)
		}
		p := newPage(e.out)
		p.printExplanation(x)
		p.printGround(out, c.Thing != "", c.At.clock(e.now)())
		return nil
	})
}

// explained is what explain prints with --format json.
type explained struct {
	Notice string   `json:"notice"`
	Thing  string   `json:"thing,omitempty"`
	Item   bool     `json:"item"`
	Answer string   `json:"answer"`
	Rules  []ruled  `json:"rules"`
	Owner  string   `json:"owner,omitempty"`
	Trace  any      `json:"trace,omitempty"`
	Known  []string `json:"known,omitempty"`

	Action   *cutover.Action `json:"action,omitempty"` // where the key is an action's; its items with why, and why this owner
	Evidence []evidenced     `json:"evidence"`         // the notice's own words
}

// evidenced is one fact of the notice with the words behind it.
type evidenced struct {
	Fact  string           `json:"fact"`
	Words cutover.Evidence `json:"evidence"`
}

type ruled struct {
	Rule string `json:"rule"`
	Says string `json:"says"`
	Won  bool   `json:"won"`
}

func explanationOf(x plan.Explanation) explained {
	out := explained{Notice: x.Notice, Thing: x.Thing, Item: x.Item, Answer: x.Answer, Rules: []ruled{}, Owner: x.Owner, Trace: x.Trace, Known: x.Known}
	for _, r := range x.Rules {
		out.Rules = append(out.Rules, ruled(r))
	}
	return out
}

// ground adds what the explanation rests on: the notice's words and, for the key of
// an action, the action itself.
func (x *explained) ground(ctx context.Context, a *app, key string) error {
	x.Evidence = []evidenced{}
	return a.store.View(ctx, func(rd store.Reader) error {
		n, err := rd.Notice(x.Notice)
		if err != nil {
			return err
		}
		for _, m := range n.Milestones {
			x.Evidence = append(x.Evidence, evidenced{"milestone " + m.Kind + " " + string(m.Start), m.Evidence})
		}
		for _, c := range n.Certificates {
			x.Evidence = append(x.Evidence, evidenced{"certificate " + c.CN, c.Evidence})
		}
		for _, fact := range slices.Sorted(maps.Keys(n.Evidence)) {
			x.Evidence = append(x.Evidence, evidenced{fact, n.Evidence[fact]})
		}
		if _, owner := cutover.SplitActionKey(key); owner == "" {
			return nil
		}
		var keys []string
		for act, err := range rd.Actions(true) {
			if err != nil {
				return err
			}
			if act.Key == key {
				x.Action = &act
			}
			if act.Notice == x.Notice {
				keys = append(keys, act.Key)
			}
		}
		if x.Action == nil {
			return fmt.Errorf("there is no action %s; the notice has %s", key, cmp.Or(strings.Join(keys, ", "), "none"))
		}
		return nil
	})
}

// printGround writes the action with its items, and the words behind the facts.
func (p *page) printGround(x explained, aboutThing bool, now time.Time) {
	if a := x.Action; a != nil && !aboutThing {
		p.head("  The action: " + prose.StateWords(*a))
		p.wrap("    ", "    ", a.Reason)
		if a.Due != "" {
			p.wrap("    due ", "    ", prose.Day(a.Due)+" ("+prose.Away(a.Due, now, time.UTC)+"): "+a.DueFrom)
		}
		for i, it := range a.Items {
			if i == 20 {
				p.line("    … and %s more; --format json has them all", thousands(len(a.Items)-i))
				break
			}
			p.wrap("    - ", "      ", it.Where+": "+it.Why)
			for _, s := range it.Trace {
				if s.Won {
					p.wrap("      owner by ", "        ", strings.Join(nonEmpty(s.Rule, s.Where, s.Value), ", "))
				}
			}
		}
	}
	p.head("  The notice's words")
	for i, e := range x.Evidence {
		if i == 12 {
			p.line("    … and %d more facts; --format json has them all", len(x.Evidence)-i)
			break
		}
		p.wrap("    ", "      ", e.Fact+": “"+prose.Line(e.Words.Quote, maxQuote)+"”")
	}
}

func (p *page) printExplanation(x plan.Explanation) {
	p.line("%s", p.paint(bold, strings.Join(nonEmpty(x.Notice, prose.Line(x.Thing, 200)), "  ")))
	p.wrap("  ", "  ", x.Answer)
	p.head("  Rules, in the order they were asked")
	for _, r := range x.Rules {
		mark := " "
		if r.Won {
			mark = p.paint(green, "→")
		}
		p.wrap(fmt.Sprintf("  %s %-14s ", mark, r.Rule), "                   ", r.Says)
	}
	if x.Owner != "" {
		p.head("  Why this owner: " + x.Owner)
		for _, s := range x.Trace {
			mark := " "
			if s.Won {
				mark = p.paint(green, "→")
			}
			p.wrap(fmt.Sprintf("  %s %-16s ", mark, s.Rule), "                     ",
				strings.Join(nonEmpty(s.Where, s.Value, s.Result), " · "))
		}
	}
	for i, k := range x.Known {
		if i == 0 {
			p.head("  On the ledger")
		}
		p.wrap("    - ", "      ", k)
	}
}
