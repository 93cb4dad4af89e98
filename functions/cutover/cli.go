package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/alecthomas/kong"

	"cutover/shared/prose"
)

// Exit codes; the README and --help say the same.
const (
	exitDone   = 0
	exitFailed = 1 // it ran, and a source or an effect failed
	exitUsage  = 2 // wrong usage or configuration; nothing was done
	exitNone   = 3 // parse: no notice
	exitPart   = 4 // parse: a person is needed
	exitStrike = 5 // scan --fail-on struck
)

// exit is an error that carries its exit code. An empty message was said already.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string { return e.err.Error() }
func (e exit) Unwrap() error { return e.err }

func usage(err error) error { return exit{exitUsage, err} }

var errSaid = errors.New("")

// grammar is the command line.
type grammar struct {
	Demo    demoCmd    `cmd:"" help:"The whole pipeline on a built-in company: no account, no network, nothing left behind."`
	Run     runCmd     `cmd:"" help:"One pass: take in what the sources hold, match, file tickets, alert, remind, exit."`
	Plan    planCmd    `cmd:"" help:"The dry run: what run would open, change, close and send, and why. Touches nothing."`
	Serve   serveCmd   `cmd:"" help:"The same for good: mail and webhooks over the network, and the clock."`
	Parse   parseCmd   `cmd:"" help:"Read notices and show what they say, with the words behind each fact."`
	Scan    scanCmd    `cmd:"" help:"Find what in directories and git repositories depends on certificate authorities."`
	Explain explainCmd `cmd:"" help:"Why something is there, or is not: the rule that won, those that did not, the evidence."`
	Inbox   inboxCmd   `cmd:"" help:"What waits for a person."`
	Decide  decideCmd  `cmd:"" help:"Say what a person decided about an action: acknowledge, snooze, waive, reassign, done."`
	DLQ     dlqCmd     `cmd:"" name:"dlq" help:"Messages that could not be handled."`
	Config  configCmd  `cmd:"" help:"The configuration."`
	Version versionCmd `cmd:"" help:"Print the version."`

	Verbose bool `short:"v" help:"Log what happens, on stderr."`
}

const description = `Cutover reads the notices of cloud providers, works out who must act on what before which date,
and opens one ticket and one Slack alert per owner.

    cutover demo                               try it: a made-up company, the whole way
    cutover parse notice.eml                   your own mail
    cutover plan --config cutover.yaml         your company; touches nothing
    cutover run  --config cutover.yaml         files tickets, alerts, reminds

Exit codes: 0 done; 1 it ran and a source or an effect failed; 2 wrong usage or configuration, nothing done.
parse: 0 read, 4 partial, 3 no notice, 1 failed. scan --fail-on that strikes: 5.

Results go to stdout (--format json for programs), words about the way there to stderr.`

// env is what every command gets.
type env struct {
	streams
	ctx context.Context
	now func() time.Time
	log *slog.Logger
}

// run parses the command line, runs the command and says how it went.
func run(ctx context.Context, args []string, s streams, now func() time.Time) int {
	var g grammar
	code := -1
	parser, err := kong.New(&g,
		kong.Name("cutover"), kong.Description(description),
		kong.Writers(s.out, s.err), kong.Exit(func(c int) { code = c }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.UsageOnError(),
	)
	if err != nil {
		fmt.Fprintln(s.err, "cutover:", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if code >= 0 { // --help
		return code
	}
	if err != nil {
		complain(s.err, err.Error()+"\nTry: cutover --help")
		return exitUsage
	}
	e := &env{streams: s, ctx: ctx, now: now, log: logger(s.err, g.Verbose)}
	err = k.Run(e)
	var ex exit
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &ex):
		if !errors.Is(ex.err, errSaid) {
			complain(s.err, ex.err.Error())
		}
		return ex.code
	default:
		complain(s.err, err.Error())
		return exitFailed
	}
}

// complain says on stderr what went wrong. Names and texts in it may be foreign.
func complain(w io.Writer, what string) { fmt.Fprintln(w, "cutover:", prose.Clean(what)) }

// moment is the value of --at: a date (the moment it begins, UTC) or an RFC 3339
// time.
type moment struct{ time.Time }

// UnmarshalText reads it for the command line.
func (m *moment) UnmarshalText(b []byte) error {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, string(b)); err == nil {
			m.Time = t.UTC()
			return nil
		}
	}
	return fmt.Errorf("%q is neither a date (2006-01-02) nor an RFC 3339 time (2006-01-02T15:04:05Z)", b)
}

// clock is the pass's clock: the given moment, standing still, or else now.
func (m moment) clock(now func() time.Time) func() time.Time {
	if m.IsZero() {
		t := now().UTC()
		return func() time.Time { return t }
	}
	return func() time.Time { return m.Time }
}

// format is the --format of commands that print results.
type format struct {
	Format string `enum:"text,json" default:"text" help:"text for people, json for programs."`
}

func (f format) json() bool { return f.Format == "json" }

// configured is the --config of commands that work on an installation.
type configured struct {
	Config string `short:"c" default:"cutover.yaml" type:"path" placeholder:"FILE" help:"The configuration (default: cutover.yaml)."`
}
