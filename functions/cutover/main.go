// Command cutover reads cloud providers' notices, finds who in the company must
// act on what before which date, and opens one ticket and one Slack alert per
// owner.
//
// It is every function of the house in one process, and the command-line tool;
// see package cutover/shared/layout for the tour.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // teams name time zones; the machine may have no database of them
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}, time.Now)
	stop()
	os.Exit(code)
}

// streams are where a command reads and writes: results on out, words about the
// way there on err.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}
