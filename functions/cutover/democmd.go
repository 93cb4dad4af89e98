package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cutover/fixtures"
	"cutover/shared/config"
)

// demoCmd is `cutover demo`.
type demoCmd struct {
	At   moment `placeholder:"DATE" help:"Also run a second pass at this date or time: reminders, escalations, what is overdue."`
	Into string `placeholder:"DIR" type:"path" help:"Keep the company, its tickets and messages in this new folder, to try the other commands on."`
	format
}

// Help is what --help adds.
func (demoCmd) Help() string {
	return "Example:\n\n    cutover demo --at 2026-12-15"
}

// Run plays the built-in company through the whole pipeline.
func (c *demoCmd) Run(e *env) (err error) {
	clock, err := time.Parse(time.RFC3339, fixtures.Clock)
	if err != nil {
		return err
	}
	dir, err := c.folder()
	if err != nil {
		return err
	}
	if c.Into == "" {
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	began := e.now()
	r, cfg, err := e.play(dir, clock, c.At.Time)
	if err != nil {
		return exit{exitFailed, fmt.Errorf("playing the demo: %w", err)}
	}
	if c.json() {
		return e.show(r, cfg, true, "")
	}
	if c.Into == "" {
		for i := range r.Actions {
			r.Actions[i].Ticket = "" // it goes with the folder
		}
	}
	p := newPage(e.out)
	p.line("%s  %s", p.paint(bold, "Cutover demo: the company Havnefrost on "+r.now.Format("Monday, 2 January 2006, 15:04")+" UTC"), p.paint(dim, "(everything is made up; the clock stands still)"))
	done := "DONE, IN A TEMPORARY FOLDER"
	if c.Into != "" {
		done = "DONE"
	}
	if err := e.show(r, cfg, false, done); err != nil {
		return err
	}
	c.next(p, r, e.now().Sub(began))
	return nil
}

func (c *demoCmd) folder() (string, error) {
	if c.Into == "" {
		dir, err := os.MkdirTemp("", "cutover-demo-")
		if err != nil {
			return "", fmt.Errorf("making a temporary folder: %w", err)
		}
		return dir, nil
	}
	if entries, err := os.ReadDir(c.Into); err == nil && len(entries) > 0 {
		return "", usage(fmt.Errorf("%s is not empty; --into wants a new folder", c.Into))
	}
	return c.Into, os.MkdirAll(c.Into, 0o755)
}

// play runs one pass at the company's clock and, where a later moment is asked for,
// a second one then, over sources that were looked at again in between.
func (e *env) play(dir string, clock, at time.Time) (report, *config.Config, error) {
	moments := []time.Time{clock}
	switch {
	case at.IsZero():
	case at.After(clock):
		moments = append(moments, at)
	default:
		moments[0] = at
	}
	var r report
	var cfg *config.Config
	var total effectCounts
	tell, finish := newProgress(e.err, e.now)
	defer finish()
	for _, m := range moments {
		if err := fixtures.Unpack(dir, m); err != nil {
			return r, nil, err
		}
		var err error
		if cfg, err = config.Load(filepath.Join(dir, "cutover.yaml")); err != nil {
			return r, nil, err
		}
		a, err := open(e.ctx, cfg, wiring{now: func() time.Time { return m }, wall: e.now, log: e.log})
		if err != nil {
			return r, nil, err
		}
		p, err := a.pass(e.ctx, tell)
		if err == nil {
			r, err = a.report(e.ctx, p)
		}
		if err = errors.Join(err, a.close()); err != nil {
			return r, nil, err
		}
		total = total.plus(r.Effects)
	}
	r.Effects = total
	return r, cfg, nil
}

func (e effectCounts) plus(o effectCounts) effectCounts {
	return effectCounts{
		TicketsOpened: e.TicketsOpened + o.TicketsOpened, TicketsUpdated: e.TicketsUpdated + o.TicketsUpdated,
		TicketsClosed: e.TicketsClosed + o.TicketsClosed, AlertsSent: e.AlertsSent + o.AlertsSent,
		AlertsUpdated: e.AlertsUpdated + o.AlertsUpdated, RemindersSent: e.RemindersSent + o.RemindersSent,
		EscalationsSent: e.EscalationsSent + o.EscalationsSent, ChangesSent: e.ChangesSent + o.ChangesSent,
		CasesSent: e.CasesSent + o.CasesSent, DigestsSent: e.DigestsSent + o.DigestsSent,
	}
}

// next says what to try next.
func (c *demoCmd) next(p *page, r report, took time.Duration) {
	left := "nothing left it, and nothing is left on it"
	if c.Into != "" {
		left = "tickets in out/tickets, messages in out/slack, below " + c.Into
	}
	p.line("  %s", p.paint(dim, fmt.Sprintf("in %.1f s on this machine; %s", took.Seconds(), left)))
	p.head("TRY NEXT")
	self := calledAs()
	try := func(what, args string) { p.line("  %s\n    %s", p.paint(dim, what), p.paint(cyan, self+" "+args)) }
	if c.Into != "" {
		config := " --config " + filepath.Join(c.Into, "cutover.yaml") + " --at " + r.At
		try("the same once more: nothing new", "run"+config)
		try("what a run a month later would do", "plan --config "+filepath.Join(c.Into, "cutover.yaml")+" --at "+r.now.AddDate(0, 1, 0).Format(time.DateOnly))
		if len(r.Actions) > 0 {
			try("why an action is there", "explain"+config+" "+r.Actions[0].Key)
		}
		return
	}
	try("a month later: reminders, escalations, what is overdue", "demo --at "+r.now.AddDate(0, 1, 0).Format(time.DateOnly))
	try("keep the company, read its tickets, and ask plan and explain about it", "demo --into company")
	try("your own mail", "parse notice.eml")
	try("your own code", "scan path/to/repository")
}

// calledAs is how this program is called: by its name, or by the go command that
// built it for this once.
func calledAs() string {
	if exe, err := os.Executable(); err == nil && strings.Contains(exe, "go-build") {
		return "go run ./functions/cutover"
	}
	return "cutover"
}
