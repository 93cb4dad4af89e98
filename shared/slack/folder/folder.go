// Package folder keeps Slack messages as JSON files in one flat folder: the
// embedded Slack, which needs no account. A message is TS-KIND.json, so that the
// folder lists in the order of posting.
//
// A write is a whole file that takes its place at once (temporary file, fsync,
// rename, fsync of the folder); two processes take turns by a lock on the folder.
// A file that somebody broke is an error with its line, never overwritten.
package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"time"

	"cutover/shared/files"
	"cutover/shared/slack"
)

// Folder keeps messages in Dir, which is made by the first message.
type Folder struct {
	Dir string
	Now func() time.Time

	// step, in tests, fails at a named step as a crash or a full disk would.
	step func(name string) error
}

// New keeps messages in dir; now dates them.
func New(dir string, now func() time.Time) *Folder { return &Folder{Dir: dir, Now: now} }

var kinds = regexp.MustCompile(`^[a-z]+$`)

// Post writes a new file. Its channel stands in the ref as it was named.
func (f *Folder) Post(ctx context.Context, m slack.Message) (slack.Ref, error) {
	if err := ctx.Err(); err != nil {
		return slack.Ref{}, slack.Refused{Err: err}
	}
	if m.Channel == "" || !kinds.MatchString(m.Kind) {
		return slack.Ref{}, slack.Refused{Err: fmt.Errorf("posting to the Slack folder: a message needs a channel and a kind in small letters, not %q and %q; give the team a slack channel", m.Channel, m.Kind)}
	}
	if err := os.MkdirAll(f.Dir, 0o755); err != nil {
		return slack.Ref{}, slack.Refused{Err: fmt.Errorf("making the Slack folder: %w", err)}
	}
	unlock, err := files.Lock(f.Dir)
	if err != nil {
		return slack.Ref{}, slack.Refused{Err: fmt.Errorf("locking the Slack folder %s: %w", f.Dir, err)}
	}
	defer unlock()
	f.files().Sweep()
	names, err := f.names()
	if err != nil {
		return slack.Ref{}, slack.Refused{Err: err}
	}
	at := nextStamp(names, f.Now())
	// Somebody without our lock may take a name meanwhile: a link never replaces.
	for ; ; at = at.next() {
		r := recordOf(m, at)
		raw, err := r.bytes()
		if err != nil {
			return slack.Ref{}, slack.Refused{Err: fmt.Errorf("writing message %s: %w", r.TS, err)}
		}
		err = f.place(r.name(), raw, true)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return slack.Ref{}, fmt.Errorf("writing message %s: %w", f.path(r.name()), err)
		}
		return r.ref(), nil
	}
}

// Update edits a message in its file. Its time, thread, kind and metadata stay, as
// Slack keeps them: the metadata names the effect that posted it.
func (f *Folder) Update(ctx context.Context, at slack.Ref, m slack.Message) error {
	if err := ctx.Err(); err != nil {
		return slack.Refused{Err: err}
	}
	if _, err := os.Stat(f.Dir); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("looking for the Slack folder %s: %w", f.Dir, slack.ErrGone)
	}
	unlock, err := files.Lock(f.Dir)
	if err != nil {
		return slack.Refused{Err: fmt.Errorf("locking the Slack folder %s: %w", f.Dir, err)}
	}
	defer unlock()
	r, err := f.at(at)
	if err != nil {
		return err
	}
	next := r
	next.Text, next.Blocks = m.Text, blocks(m.Blocks)
	if next.Text == r.Text && reflect.DeepEqual(next.Blocks, r.Blocks) {
		return nil // an edit that changes nothing is none
	}
	next.Updated = f.Now().UTC().Format(time.RFC3339)
	raw, err := next.bytes()
	if err != nil {
		return slack.Refused{Err: fmt.Errorf("writing message %s: %w", r.TS, err)}
	}
	if err := f.place(r.name(), raw, false); err != nil {
		return fmt.Errorf("writing message %s: %w", f.path(r.name()), err)
	}
	return nil
}

// at reads the message that a ref names.
func (f *Folder) at(at slack.Ref) (record, error) {
	names, err := f.names()
	if err != nil {
		return record{}, slack.Refused{Err: err}
	}
	for _, n := range names {
		if n.ts != at.TS {
			continue
		}
		r, _, err := f.read(n)
		if err != nil && !errors.Is(err, slack.ErrGone) {
			return record{}, slack.Refused{Err: err}
		}
		if err == nil && r.Channel == at.Channel {
			return r, nil
		}
	}
	return record{}, fmt.Errorf("message %s of %s in %s: %w", at.TS, at.Channel, f.Dir, slack.ErrGone)
}

// Find reads all files and gives the first message whose metadata carries the
// effect. It does not trust the files' times: a run may be dated before the intent
// that it repeats. A broken file is an error if it may be the one: it is younger
// than since, and does not show another effect.
func (f *Folder) Find(ctx context.Context, channel, thread, effect string, since time.Time) (slack.Ref, bool, error) {
	names, err := f.names()
	if err != nil {
		return slack.Ref{}, false, err
	}
	for _, n := range names {
		if err := ctx.Err(); err != nil {
			return slack.Ref{}, false, err
		}
		r, raw, err := f.read(n)
		switch {
		case errors.Is(err, slack.ErrGone):
			continue
		case err != nil && (n.seconds() < since.Add(-time.Minute).Unix() || showsOther(raw, effect)):
			continue
		case err != nil:
			return slack.Ref{}, false, fmt.Errorf("looking for a message: %w", err)
		}
		if r.Channel == channel && r.Thread == thread && r.Metadata.EventType == slack.EventType && r.Metadata.Payload["effect"] == effect {
			return r.ref(), true, nil
		}
	}
	return slack.Ref{}, false, nil
}

func (f *Folder) path(name string) string { return filepath.Join(f.Dir, name) }
