package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"cutover/shared/config"
	"cutover/shared/store/sqlite"
)

// runCmd is `cutover run`.
type runCmd struct {
	configured
	At  moment `placeholder:"TIME" help:"Run as if it were this date (its beginning, UTC) or RFC 3339 time."`
	Yes bool   `help:"Open as many tickets as it takes, also beyond limits.new_tickets."`
	format
}

// Help is what --help adds.
func (runCmd) Help() string {
	return `Example:

    cutover run --config cutover.yaml

Running it again changes nothing: what was filed is on the ledger. After a crash, run it again.`
}

// Run runs it.
func (c *runCmd) Run(e *env) error {
	cfg, err := load(e, c.Config)
	if err != nil {
		return err
	}
	now := c.At.clock(e.now)
	return e.once(cfg, wiring{now: now, wall: e.now, log: e.log, yes: c.Yes}, c.json(), "DONE")
}

// once opens the installation, makes one pass and prints its report.
func (e *env) once(cfg *config.Config, w wiring, asJSON bool, verb string) (err error) {
	a, err := open(e.ctx, cfg, w)
	if err != nil {
		return exit{exitFailed, err}
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.alone(e.ctx); err != nil {
		return exit{exitFailed, err}
	}
	return e.pass(a, asJSON, verb)
}

// pass makes one pass and prints its report.
func (e *env) pass(a *app, asJSON bool, verb string) error {
	tell, finish := newProgress(e.err, e.now)
	p, err := a.pass(e.ctx, tell)
	finish()
	if err != nil {
		return exit{exitFailed, err}
	}
	r, err := a.report(e.ctx, p)
	if err != nil {
		return exit{exitFailed, err}
	}
	return e.show(r, a.cfg, asJSON, verb)
}

// show prints the report; errors in it are said on stderr too when stdout is for a
// program, and make the exit code 1.
func (e *env) show(r report, cfg *config.Config, asJSON bool, verb string) error {
	if asJSON {
		if err := printJSON(e.out, r); err != nil {
			return err
		}
		for _, msg := range r.Errors {
			complain(e.err, msg)
		}
	} else {
		newPage(e.out).printReport(r, cfg.Owners.Teams, verb)
	}
	if len(r.Errors) > 0 {
		return exit{exitFailed, errSaid}
	}
	return nil
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(v)
}

// load reads the configuration; whatever is wrong with it is wrong usage.
func load(e *env, file string) (*config.Config, error) {
	cfg, err := config.Load(file)
	if err != nil {
		return nil, usage(err)
	}
	for _, w := range cfg.Warnings {
		fmt.Fprintln(e.err, "cutover: warning:", w)
	}
	return cfg, nil
}

// planCmd is `cutover plan`.
type planCmd struct {
	configured
	At moment `placeholder:"TIME" help:"Plan as if it were this date (its beginning, UTC) or RFC 3339 time."`
	format
}

// Help is what --help adds.
func (planCmd) Help() string {
	return `Example:

    cutover plan --config cutover.yaml --at 2027-01-01

Works on a private copy of the store and files nothing: no ticket, no message, not even the store.`
}

// Run runs it: the same pass on a copy, with trackers and Slack that only count.
func (c *planCmd) Run(e *env) (err error) {
	cfg, err := load(e, c.Config)
	if err != nil {
		return err
	}
	return e.onCopy(cfg, c.At.clock(e.now), func(a *app) error {
		return e.pass(a, c.json(), "WOULD BE")
	})
}

// onCopy opens the installation on a private copy of its store, with no effects
// outside, so that looking leaves no trace.
func (e *env) onCopy(cfg *config.Config, now func() time.Time, do func(*app) error) (err error) {
	dir, err := os.MkdirTemp("", "cutover-copy-")
	if err != nil {
		return exit{exitFailed, fmt.Errorf("making a temporary folder: %w", err)}
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	store, err := copyStore(cfg, dir)
	if err != nil {
		return exit{exitFailed, err}
	}
	a, err := open(e.ctx, cfg, wiring{now: now, wall: e.now, log: e.log, store: store, dry: true, yes: true})
	if err != nil {
		return exit{exitFailed, err}
	}
	defer func() { err = errors.Join(err, a.close()) }()
	return do(a)
}

// copyStore copies the store, if there is one, and says where the copy is.
func copyStore(cfg *config.Config, dir string) (string, error) {
	to := filepath.Join(dir, "cutover.db")
	from := cfg.Store.Path.Full
	if _, err := os.Stat(from); errors.Is(err, os.ErrNotExist) {
		return to, nil
	}
	if err := sqlite.Copy(from, to); err != nil {
		return "", fmt.Errorf("copying the store: %w", err)
	}
	return to, nil
}
