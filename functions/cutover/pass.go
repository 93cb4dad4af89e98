package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cutover/functions/ingest"
	"cutover/functions/match"
	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/store"
)

// workers are the rooms as consumers of their queues.
func (a *app) workers(matched func(match.Result)) []worker {
	pass := func(ctx context.Context, _ []cutover.Event) error {
		res, err := a.match.Pass(ctx)
		if err == nil {
			matched(res)
		}
		return err
	}
	return []worker{a.parser(), a.matcher(pass), a.ticketer(), a.alerter()}
}

func (a *app) parser() worker {
	return worker{queue: bus.QueueParse, batch: 100, lock: 5 * time.Minute, handle: a.parse.HandleAll}
}

func (a *app) matcher(answer func(context.Context, []cutover.Event) error) worker {
	return worker{queue: bus.QueueMatch, batch: 1000, lock: 5 * time.Minute, handle: together(answer)}
}

// Trackers and Slack are paced and may be slow: few at a time, under a long lock.

func (a *app) ticketer() worker {
	return worker{queue: bus.QueueTicket, batch: 5, lock: 5 * time.Minute, handle: each(a.ticket.Handle)}
}

func (a *app) alerter() worker {
	return worker{queue: bus.QueueAlert, batch: 5, lock: 5 * time.Minute, handle: each(a.alert.Handle)}
}

// pass does everything once: what the sources hold comes in, is read, matched and
// carried out. Errors of sources and effects are collected, not returned; the
// returned error means that the store itself failed.
func (a *app) pass(ctx context.Context, tell progress) (passed, error) {
	var p passed
	if err := a.readIn(ctx, &p, tell); err != nil {
		return p, err
	}
	// The facts that match stands on are refreshed first, so that one pass sees them
	// all. A run always matches, whether or not a message asks for it: the clock, the
	// configuration and the age of the sources count too.
	if err := a.refresh(ctx, &p, tell); err != nil {
		return p, err
	}
	tell("at work: " + bus.QueueMatch)
	var err error
	if p.Result, err = a.match.Pass(ctx); err != nil {
		return p, err
	}
	answered := func(context.Context, []cutover.Event) error { return nil }
	for _, w := range []worker{a.matcher(answered), a.ticketer(), a.alerter()} {
		if err := a.work(ctx, w, &p, tell); err != nil {
			return p, err
		}
	}
	return p, a.relay(ctx)
}

// readIn takes in what the folders hold and reads it.
func (a *app) readIn(ctx context.Context, p *passed, tell progress) error {
	tell("taking in deliveries")
	known, err := a.failed(ctx)
	if err != nil {
		return err
	}
	if err := a.takeIn(ctx, p); err != nil {
		return err
	}
	// What waits is judged anew: trust may have been configured since, or a message lost.
	if err := a.parse.Sweep(ctx); err != nil {
		return err
	}
	if err := a.work(ctx, a.parser(), p, tell); err != nil {
		return err
	}
	return a.newlyFailed(ctx, known, p)
}

// work carries what was committed to the bus and lets one room empty its queue.
func (a *app) work(ctx context.Context, w worker, p *passed, tell progress) error {
	if err := a.relay(ctx); err != nil {
		return err
	}
	tell("at work: " + w.queue)
	failed, err := a.host.drain(ctx, w)
	if err != nil {
		return err
	}
	for _, f := range failed {
		p.fail(fmt.Errorf("%s: %w", w.queue, f.err))
	}
	return nil
}

// failed lists the deliveries that cannot be read, with what is wrong with them.
func (a *app) failed(ctx context.Context) (map[string]error, error) {
	out := map[string]error{}
	err := a.store.View(ctx, func(rd store.Reader) error {
		for d, err := range rd.Deliveries(cutover.DeliveryFailed) {
			if err != nil {
				return err
			}
			r, err := rd.Reading(d.ID)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			out[d.ID] = fmt.Errorf("reading %s (delivery %s): %s; it is kept, see `cutover inbox list`", d.Name, d.ID, strings.Join(r.Notice.Reasons, "; "))
		}
		return nil
	})
	return out, err
}

// newlyFailed makes a mail that cannot be read an error of the run that first sees
// it; later runs show it as a count.
func (a *app) newlyFailed(ctx context.Context, known map[string]error, p *passed) error {
	now, err := a.failed(ctx)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(now)) {
		if known[id] == nil {
			p.fail(now[id])
		}
	}
	return nil
}

// takeIn keeps what lies in the folders of mail and webhooks.
func (a *app) takeIn(ctx context.Context, p *passed) error {
	var folders []ingest.Folder
	if s := a.cfg.Sources.Mail; s != nil && s.Folder.Full != "" {
		f := ingest.MailFolder(s.Folder.Full, s.Folder.Given)
		f.MaxAge = s.MaxAge
		folders = append(folders, f)
	}
	if s := a.cfg.Sources.Webhooks; s != nil && s.Folder.Full != "" {
		f := ingest.WebhookFolder(s.Folder.Full, s.Folder.Given)
		f.MaxAge = s.MaxAge
		folders = append(folders, f)
	}
	for _, f := range folders {
		errs, err := a.ingest.Folder(ctx, f)
		p.fail(errs...)
		if err != nil {
			return err
		}
	}
	return nil
}

// refresh looks at the inventory and scans the repositories.
func (a *app) refresh(ctx context.Context, p *passed, tell progress) error {
	if a.inventory != nil {
		tell("reading the inventory")
		errs, err := a.inventory.Refresh(ctx)
		p.fail(errs...)
		if err != nil {
			return err
		}
	}
	for i, repo := range a.cfg.Sources.Repositories {
		tell(fmt.Sprintf("scanning %s (%d of %d)", repo.Name, i+1, len(a.cfg.Sources.Repositories)))
		r := cutover.Repository{Name: repo.Name, Path: repo.Path.Full, URL: repo.URL, Branch: repo.Branch}
		room := *a.scan
		room.MaxAge = repo.MaxAge
		errs, err := room.Scan(ctx, r)
		p.fail(errs...)
		if err != nil {
			return err
		}
	}
	return a.relay(ctx)
}

// passed is what one pass came to.
type passed struct {
	match.Result
	errs []error
}

func (p *passed) fail(errs ...error) {
	for _, err := range errs {
		if err != nil && !errors.Is(err, context.Canceled) {
			p.errs = append(p.errs, err)
		}
	}
}

// progress tells a person at a terminal what takes long.
type progress func(what string)
