package main

import (
	"errors"
	"fmt"
	"os"

	"cutover/functions/scan"
	findings "cutover/functions/scan/report"
	"cutover/shared/catalog"
	"cutover/shared/cutover"
)

// scanCmd is `cutover scan`.
type scanCmd struct {
	Format string   `enum:"text,json,sarif" default:"text" help:"text for people, json for programs, sarif for code hosts."`
	FailOn string   `enum:"action,any,never" default:"never" help:"Exit with 5 when something must change (action) or anything was found (any)."`
	Jobs   int      `help:"Files read at once (default: one per processor)."`
	Paths  []string `arg:"" name:"path" help:"Directories and git work trees."`
}

// Help is what --help adds.
func (scanCmd) Help() string {
	return `Example:

    cutover scan --fail-on action .

What could not be read is said on stderr, and makes the exit code 1.`
}

// Run scans.
func (c *scanCmd) Run(e *env) error {
	cat, err := catalog.Load()
	if err != nil {
		return exit{exitFailed, err}
	}
	tell, finish := newProgress(e.err, e.now)
	tell("scanning")
	res, err := scan.Paths(e.ctx, scan.Options{CAs: cat.CAs(), Jobs: c.Jobs}, c.Paths)
	finish()
	if err != nil {
		return exit{exitFailed, err}
	}
	if err := c.write(e, res.Findings); err != nil {
		return err
	}
	for _, err := range res.Errors {
		complain(e.err, err.Error())
	}
	switch {
	case c.FailOn == "any" && len(res.Findings) > 0, c.FailOn == "action" && anyAction(res.Findings):
		return exit{exitStrike, errSaid}
	case len(res.Errors) > 0:
		return exit{exitFailed, errSaid}
	}
	return nil
}

func (c *scanCmd) write(e *env, found []cutover.Finding) error {
	switch c.Format {
	case "json":
		return findings.WriteJSON(e.out, found)
	case "sarif":
		return findings.WriteSARIF(e.out, found)
	}
	return findings.WriteText(e.out, found, findings.Text{Colour: newPage(e.out).colour})
}

// anyAction reports whether a finding is one that somebody would have to change
// were its CA to go: it is trusted, outside of docs and tests.
func anyAction(found []cutover.Finding) bool {
	for _, f := range found {
		if f.Direction == cutover.DirectionTrusts && f.Role != cutover.FileDocs && f.Role != cutover.FileTest {
			return true
		}
	}
	return false
}

// configCmd is `cutover config`.
type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Validate the file and try what can be tried."`
}

type configCheckCmd struct{ configured }

// Run checks.
func (c *configCheckCmd) Run(e *env) error {
	cfg, err := load(e, c.Config)
	if err != nil {
		return err
	}
	problems := cfg.Check(os.LookupEnv)
	for _, p := range problems {
		fmt.Fprintln(e.err, "cutover:", p)
	}
	if len(problems) > 0 {
		return usage(errors.New("the configuration is well formed, but not everything that it names can be used"))
	}
	fmt.Fprintf(e.out, "%s is fine: %s, fallback %s\n", c.Config, plural(len(cfg.Owners.Teams), "team", "teams"), cfg.Owners.Fallback)
	return nil
}
