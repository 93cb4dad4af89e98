package main

import (
	"fmt"
	"strings"

	"cutover/shared/bus"
	"cutover/shared/prose"
)

// dlqCmd is `cutover dlq`.
type dlqCmd struct {
	List  dlqListCmd  `cmd:"" default:"withargs" help:"Messages that were set aside, oldest first."`
	Show  dlqShowCmd  `cmd:"" help:"One message, whole."`
	Retry dlqRetryCmd `cmd:"" help:"Put it back into its queue; the next run handles it."`
	Drop  dlqDropCmd  `cmd:"" help:"Remove it for good."`
}

type dlqListCmd struct {
	configured
	format
}

// Run lists the dead letters.
func (c *dlqListCmd) Run(e *env) error {
	return e.withApp(c.Config, func(a *app) error {
		dead, err := a.bus.DeadLettered(e.ctx)
		if err != nil {
			return err
		}
		if c.json() {
			if dead == nil {
				dead = []bus.Dead{}
			}
			return printJSON(e.out, dead)
		}
		p := newPage(e.out)
		if len(dead) == 0 {
			p.line("No message was set aside.")
		}
		for _, d := range dead {
			p.line("%s  %s", p.paint(bold, d.ID), strings.Join(nonEmpty(d.Event.Type, d.Event.Subject), "  "))
			p.wrap("  ", "  ", fmt.Sprintf("%s: %s", d.Reason, prose.Line(d.Description, maxLine)))
			p.line("  %s", p.paint(dim, fmt.Sprintf("tried %s, set aside %s UTC", prose.Plural(d.Attempts, "time", "times"), d.At.UTC().Format("2 Jan 2006 15:04"))))
		}
		return nil
	})
}

type dlqShowCmd struct {
	configured
	ID string `arg:"" help:"The message's id, as dlq list shows it."`
}

// Run shows one.
func (c *dlqShowCmd) Run(e *env) error {
	return e.withApp(c.Config, func(a *app) error {
		dead, err := a.bus.DeadLettered(e.ctx)
		if err != nil {
			return err
		}
		for _, d := range dead {
			if d.ID == c.ID {
				return printJSON(e.out, d)
			}
		}
		return usage(fmt.Errorf("there is no message %s; `cutover dlq list` shows what was set aside", c.ID))
	})
}

type dlqRetryCmd struct {
	configured
	ID string `arg:"" help:"The message's id."`
}

// Run puts one back.
func (c *dlqRetryCmd) Run(e *env) error {
	return e.withApp(c.Config, func(a *app) error {
		if err := a.bus.Retry(e.ctx, c.ID); err != nil {
			return usage(fmt.Errorf("putting message %s back: %w", c.ID, err))
		}
		fmt.Fprintln(e.out, "back in its queue: the next run handles it")
		return nil
	})
}

type dlqDropCmd struct {
	configured
	ID string `arg:"" help:"The message's id."`
}

// Run removes one.
func (c *dlqDropCmd) Run(e *env) error {
	return e.withApp(c.Config, func(a *app) error {
		if err := a.bus.Drop(e.ctx, c.ID); err != nil {
			return usage(fmt.Errorf("dropping message %s: %w", c.ID, err))
		}
		fmt.Fprintln(e.out, "dropped")
		return nil
	})
}
