package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"cutover/functions/alert"
	"cutover/functions/ingest"
	"cutover/functions/inventory"
	"cutover/functions/match"
	"cutover/functions/parse"
	"cutover/functions/remind"
	"cutover/functions/scan"
	"cutover/functions/ticket"
	"cutover/shared/bus/embedded"
	"cutover/shared/catalog"
	"cutover/shared/config"
	"cutover/shared/cutover"
	"cutover/shared/plan"
	"cutover/shared/store/outbox"
	"cutover/shared/store/sqlite"
)

// app is one installation, opened: the store, the bus and the rooms.
type app struct {
	cfg   *config.Config
	cat   *catalog.Index
	now   func() time.Time
	wall  func() time.Time
	log   *slog.Logger
	store *sqlite.Store
	bus   *embedded.Bus
	host  host

	ingest    ingest.Room
	parse     parse.Room
	inventory *inventory.Room
	scan      *scan.Room
	match     *match.Room
	ticket    *ticket.Room
	alert     *alert.Room
	remind    remind.Room

	tally  tally
	unlock func() // of the lock of alone, once it is held
}

// wiring says how an app differs from the plain one.
type wiring struct {
	now   func() time.Time // the clock of the rooms
	wall  func() time.Time // the clock of locks and retries; nil means now
	log   *slog.Logger
	dry   bool   // no effect leaves the process
	store string // instead of the configured path
	yes   bool   // open as many tickets as it takes
}

// open opens the store, creates it where there is none, and wires the rooms.
func open(ctx context.Context, cfg *config.Config, w wiring) (*app, error) {
	cat, err := catalog.Load()
	if err != nil {
		return nil, fmt.Errorf("loading the catalogue: %w", err)
	}
	path := w.store
	if path == "" {
		path = cfg.Store.Path.Full
	}
	st, err := sqlite.Open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	wall := w.wall
	if wall == nil {
		wall = w.now
	}
	b, err := embedded.New(st.DB(), embedded.Options{Now: wall})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the bus: %w", err), st.Close())
	}
	a := &app{cfg: cfg, cat: cat, now: w.now, wall: wall, log: w.log, store: st, bus: b, host: host{b, w.log}}
	if err := a.wire(w); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

func (a *app) close() error {
	err := errors.Join(a.bus.Close(), a.store.Close())
	if a.unlock != nil {
		a.unlock()
	}
	return err
}

// alone makes this process the only one that works on the store: a second `run`
// would do the same things at the same time. What a process that died held is
// given back at once, so that a run after a crash goes on where that one stopped.
func (a *app) alone(ctx context.Context) error {
	path, err := filepath.EvalSymlinks(a.store.Path())
	if err != nil {
		return fmt.Errorf("looking at the store: %w", err)
	}
	unlock, err := lockFile(path + ".lock")
	if errors.Is(err, errLocked) {
		return fmt.Errorf("another cutover is at work on %s: wait for it, or stop it", a.cfg.Store.Path.Given)
	}
	if err != nil {
		return fmt.Errorf("locking the store: %w", err)
	}
	a.unlock = unlock
	if err := a.bus.Unlock(ctx); err != nil {
		return fmt.Errorf("reading the store %s (if it is damaged, put a backup in its place): %w", a.cfg.Store.Path.Given, err)
	}
	return nil
}

var errLocked = errors.New("locked by another process")

// wire builds the rooms. It is the one place that knows all of them.
func (a *app) wire(w wiring) error {
	owners := a.cfg.Ownership()
	a.ingest = ingest.Room{Store: a.store, Now: a.now, Log: a.log}
	a.parse = parse.Room{
		Store: a.store, Reader: parse.NewReader(a.cat.Services(), a.cat.CAs()), Now: a.now, Log: a.log,
		Trust: parse.Trust{Mail: a.cfg.Trust.Mail, Unauthenticated: a.cfg.Trust.Unauthenticated},
	}
	if src := a.cfg.Sources.Inventory; src != nil {
		a.inventory = &inventory.Room{
			Store: a.store, Now: a.now, Log: a.log, Path: src.Folder.Full, Label: src.Folder.Given,
			MaxAge: src.MaxAge, Paths: a.cat.PropertyPaths(),
		}
	}
	a.scan = &scan.Room{Store: a.store, Now: a.now, Log: a.log, CAs: a.cat.CAs()}
	a.remind = remind.Room{Store: a.store, Now: a.now}
	a.match = &match.Room{
		Store: a.store, Services: a.cat.Services(), CAs: a.cat.CAs(), Ownership: owners,
		Repositories: a.cfg.Repositories(),
		Policy:       plan.Policy{NamedSubscriptionsOnly: a.cfg.Match.NamedSubscriptionsOnly},
		Reminders:    a.ladder, NewTickets: a.cfg.Limits.NewTickets, Yes: w.yes, Now: a.now, Log: a.log,
	}
	trackers, err := a.trackers(w.dry)
	if err != nil {
		return err
	}
	messages, err := a.slack(w.dry)
	if err != nil {
		return err
	}
	a.ticket = &ticket.Room{Store: a.store, Trackers: trackers, Owners: owners, Now: a.now, Log: a.log, Count: a.tally.add}
	a.alert = &alert.Room{Store: a.store, Slack: messages, Owners: owners, Now: a.now, Log: a.log, Count: a.tally.add}
	return nil
}

// ladder is the reminder ladder of a severity for a team.
func (a *app) ladder(severity string, team cutover.Team) plan.Reminders {
	r := a.cfg.RemindersFor(severity, team.Policy)
	return plan.Reminders{Days: r.Days, EscalateAt: r.EscalateAt}
}

// relay carries what was committed over to the bus.
func (a *app) relay(ctx context.Context) error {
	if _, err := outbox.Relay(ctx, a.store, a.bus, 500); err != nil {
		return fmt.Errorf("relaying messages: %w", err)
	}
	return nil
}

// tally counts the effects of a run.
type tally struct {
	mu sync.Mutex
	n  map[string]int
}

func (t *tally) add(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == nil {
		t.n = map[string]int{}
	}
	t.n[what]++
}

func (t *tally) get(what string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n[what]
}
