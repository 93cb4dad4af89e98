package main

import (
	"fmt"
	"strings"

	"cutover/shared/plan"
	"cutover/shared/prose"
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
		if c.json() {
			return printJSON(e.out, explanationOf(x))
		}
		newPage(e.out).printExplanation(x)
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
