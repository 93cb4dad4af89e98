package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"golang.org/x/term"
)

// logger writes structured logs to w: only what went wrong, unless more is asked.
// Errors of a run are part of its result, so that a person is not told twice.
func logger(w io.Writer, verbose bool) *slog.Logger {
	level := slog.LevelError + 1
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// jsonLogger is the log of serve: one JSON object a line.
func jsonLogger(w io.Writer, verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}

// patience is how long a person waits before being told what takes so long.
const patience = 2 * time.Second

// newProgress shows on a terminal, on one line, what is being done once it has
// taken longer than a person waits without asking. finish wipes the line.
func newProgress(w io.Writer, now func() time.Time) (tell progress, finish func()) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func(string) {}, func() {}
	}
	began, shown := now(), false
	tell = func(what string) {
		if now().Sub(began) < patience {
			return
		}
		shown = true
		fmt.Fprintf(f, "\r\x1b[K%s …", what)
	}
	return tell, func() {
		if shown {
			fmt.Fprint(f, "\r\x1b[K")
		}
	}
}
