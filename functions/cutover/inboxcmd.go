package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"cutover/functions/interact"
	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/store"
)

// inboxCmd is `cutover inbox`.
type inboxCmd struct {
	List    inboxListCmd    `cmd:"" default:"withargs" help:"What waits, oldest first."`
	Show    inboxShowCmd    `cmd:"" help:"One case: what was read, and why it waits."`
	Approve inboxApproveCmd `cmd:"" help:"Let it act. The next run carries it out."`
	Reject  inboxRejectCmd  `cmd:"" help:"It shall not act."`
	Link    inboxLinkCmd    `cmd:"" help:"Give a notice without a tracking ID the one it belongs to."`
}

type inboxListCmd struct {
	configured
	All bool `help:"Also what was decided."`
	format
}

// Run lists the cases.
func (c *inboxListCmd) Run(e *env) error {
	return e.withApp(c.Config, func(a *app) error {
		cases := []cutover.Case{}
		err := a.store.View(e.ctx, func(rd store.Reader) error {
			for k, err := range rd.Cases(c.All) {
				if err != nil {
					return err
				}
				cases = append(cases, k)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if c.json() {
			return printJSON(e.out, cases)
		}
		p := newPage(e.out)
		if len(cases) == 0 {
			p.line("Nothing waits for a person.")
		}
		for _, k := range cases {
			p.printCase(k)
		}
		return nil
	})
}

func (p *page) printCase(k cutover.Case) {
	state := ""
	if k.State != "open" {
		state = " [" + k.State + "]"
	}
	p.line("%s%s  %s", p.paint(bold, k.ID), state, prose.Line(k.Title, p.width-len(k.ID)-4))
	about := nonEmpty(k.Notice, k.Delivery, "since "+k.Opened.UTC().Format("2 Jan 2006 15:04")+" UTC")
	if k.Due != "" {
		about = append(about, "due "+prose.ShortDay(k.Due))
	}
	p.line("  %s", p.paint(dim, strings.Join(about, " · ")))
	for _, r := range k.Reasons {
		p.wrap("  - ", "    ", r)
	}
}

type inboxShowCmd struct {
	configured
	ID string `arg:"" help:"The case's id, as inbox list shows it."`
	format
}

// shownCase is what inbox show prints: the case with what was read.
type shownCase struct {
	cutover.Case
	From    string          `json:"from,omitempty"`
	Reading *cutover.Notice `json:"reading,omitempty"`
}

// Run shows one case.
func (c *inboxShowCmd) Run(e *env) error {
	return e.withApp(c.Config, func(a *app) error {
		var s shownCase
		err := a.store.View(e.ctx, func(rd store.Reader) error {
			var err error
			if s.Case, err = rd.Case(c.ID); err != nil {
				return fmt.Errorf("looking up case %s: %w; `cutover inbox list` shows what waits", c.ID, err)
			}
			return s.load(rd)
		})
		if err != nil {
			return usage(err)
		}
		if c.json() {
			return printJSON(e.out, s)
		}
		p := newPage(e.out)
		p.printCase(s.Case)
		if s.Reading != nil {
			p.line("")
			p.printNotice(s.From, *s.Reading, e.now())
		}
		return nil
	})
}

func (s *shownCase) load(rd store.Reader) error {
	if s.Delivery != "" {
		d, err := rd.Delivery(s.Delivery)
		if err != nil {
			return err
		}
		s.From = d.Name
		r, err := rd.Reading(s.Delivery)
		if err == nil {
			s.From += "  " + r.Sender
			s.Reading = &r.Notice
		}
		return ignoreMissing(err)
	}
	n, err := rd.Notice(s.Notice)
	if err == nil {
		s.Reading = &n
	}
	return ignoreMissing(err)
}

func ignoreMissing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

type decision struct {
	configured
	Who    string `help:"Who decides (default: you, by your login name)."`
	Reason string `help:"Why, for those who come after."`
	At     moment `placeholder:"TIME" help:"Said at this date or RFC 3339 time (default: now)."`
}

func (d decision) who() string {
	if d.Who != "" {
		return d.Who
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return os.Getenv("USER")
}

type inboxApproveCmd struct {
	decision
	ID string `arg:"" help:"The case's id."`
}

// Run approves a case.
func (c *inboxApproveCmd) Run(e *env) error {
	return e.decide(c.decision, "approved: the next run carries it out", func(ctx context.Context, r interact.Room) error {
		return r.Approve(ctx, c.ID, c.who())
	})
}

type inboxRejectCmd struct {
	decision
	ID string `arg:"" help:"The case's id."`
}

// Run rejects a case.
func (c *inboxRejectCmd) Run(e *env) error {
	return e.decide(c.decision, "rejected", func(ctx context.Context, r interact.Room) error {
		return r.Reject(ctx, c.ID, c.who(), c.Reason)
	})
}

type inboxLinkCmd struct {
	decision
	Key      string `arg:"" help:"The notice's key, azure:~xxxxxxxx."`
	Tracking string `arg:"" name:"tracking-id" help:"The tracking ID it belongs to."`
}

// Run links a notice.
func (c *inboxLinkCmd) Run(e *env) error {
	return e.decide(c.decision, "linked: the next run carries it out", func(ctx context.Context, r interact.Room) error {
		return r.Link(ctx, c.Key, c.Tracking, c.who())
	})
}

// decideCmd is `cutover decide`.
type decideCmd struct {
	decision
	Key   string `arg:"" help:"The action: azure:TRACKING-ID/team."`
	What  string `arg:"" enum:"acknowledge,snooze,waive,reassign,done" help:"acknowledge, snooze, waive, reassign or done."`
	Until string `placeholder:"DATE" help:"Until when, for snooze and waive."`
	To    string `placeholder:"TEAM" help:"The new owner, for reassign."`
}

// Help is what --help adds.
func (decideCmd) Help() string {
	return `Examples:

    cutover decide azure:3SYG-JCG/payments acknowledge
    cutover decide azure:3SYG-JCG/payments waive --until 2027-03-01 --reason "the hub is switched off by then"`
}

// Run records the decision.
func (c *decideCmd) Run(e *env) error {
	until := cutover.Date(c.Until)
	if until != "" && !until.Valid() {
		return usage(fmt.Errorf("--until %q is no date (2006-01-02)", c.Until))
	}
	return e.decide(c.decision, c.What+": recorded, the next run carries it out", func(ctx context.Context, r interact.Room) error {
		return r.Decide(ctx, interact.Said{Action: c.Key, Kind: c.What, Until: until, Reason: c.Reason, To: c.To, Who: c.who()})
	})
}

// decide records a decision by way of the interact room. A decision about
// something that is not there is wrong usage.
func (e *env) decide(d decision, said string, do func(context.Context, interact.Room) error) error {
	return e.withApp(d.Config, func(a *app) error {
		room := interact.Room{Store: a.store, Teams: a.cfg.Owners.Teams, Now: d.At.clock(e.now)}
		if err := do(e.ctx, room); interact.IsRefused(err) {
			return usage(err)
		} else if err != nil {
			return err
		}
		fmt.Fprintln(e.out, said)
		return nil
	})
}

// withApp opens the installation for a command that looks at it or decides.
func (e *env) withApp(file string, do func(*app) error) (err error) {
	cfg, err := load(e, file)
	if err != nil {
		return err
	}
	a, err := open(e.ctx, cfg, wiring{now: func() time.Time { return e.now().UTC() }, log: e.log, dry: true})
	if err != nil {
		return exit{exitFailed, err}
	}
	defer func() { err = errors.Join(err, a.close()) }()
	return do(a)
}
