// Package folder keeps tickets as Markdown files in one flat folder: the embedded
// tracker, which needs no account. A ticket is NUMBER.md: front matter in YAML,
// the body, and the comments below it.
//
// People may edit these files. Text outside of what is written here stays byte for
// byte, front matter keeps its further keys and its remarks, and a file that an
// edit broke is an error with its line, never overwritten. A write is a whole
// file that takes the old one's place (temporary file, fsync, rename, fsync of the
// folder); two processes take turns by a lock on the folder.
package folder

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"cutover/shared/files"
	"cutover/shared/tracker"
)

// maxFile is the largest ticket that is read, in bytes.
const maxFile = 8 << 20

// Folder keeps tickets in Dir, which is made by the first ticket.
type Folder struct {
	Dir string
	Now func() time.Time

	// step, in tests, fails at a named step as a crash or a full disk would.
	step func(name string) error
}

// New keeps tickets in dir.
func New(dir string, now func() time.Time) *Folder { return &Folder{Dir: dir, Now: now} }

// Find reads all files and gives the ticket of the lowest number whose body holds
// the marker; nil if there is none. A broken file is an error only if it may be
// the one.
func (f *Folder) Find(_ context.Context, _, marker string) (*tracker.Ticket, error) {
	numbers, err := f.numbers()
	if err != nil {
		return nil, err
	}
	for _, n := range numbers {
		raw, err := f.read(n)
		if errors.Is(err, tracker.ErrGone) || err == nil && !bytes.Contains(raw, []byte(marker)) {
			continue
		}
		if err != nil {
			return nil, err
		}
		doc, err := parse(f.path(n), raw)
		if err != nil {
			return nil, err
		}
		if strings.Contains(doc.body, marker) {
			t := f.ticket(doc)
			return &t, nil
		}
	}
	return nil, nil
}

// Create writes a new file under the next free number.
func (f *Folder) Create(_ context.Context, project string, t tracker.Ticket) (tracker.Ref, error) {
	if err := os.MkdirAll(f.Dir, 0o755); err != nil {
		return tracker.Ref{}, tracker.Refused{Err: fmt.Errorf("making the ticket folder: %w", err)}
	}
	unlock, err := files.Lock(f.Dir)
	if err != nil {
		return tracker.Ref{}, tracker.Refused{Err: fmt.Errorf("locking the ticket folder %s: %w", f.Dir, err)}
	}
	defer unlock()
	f.files().Sweep()
	numbers, err := f.numbers()
	if err != nil {
		return tracker.Ref{}, tracker.Refused{Err: err}
	}
	n := 1
	if len(numbers) > 0 {
		n = numbers[len(numbers)-1] + 1
	}
	t.Project = project
	// Somebody without our lock may take a number meanwhile: a link never replaces.
	for {
		t.Number = strconv.Itoa(n)
		raw, err := render(t)
		if err != nil {
			return tracker.Ref{}, tracker.Refused{Err: fmt.Errorf("writing ticket %d: %w", n, err)}
		}
		err = f.place(n, raw, true)
		if errors.Is(err, fs.ErrExist) {
			n++
			continue
		}
		if err != nil {
			return tracker.Ref{}, fmt.Errorf("writing ticket %s: %w", f.path(n), err)
		}
		return tracker.Ref{Project: project, Number: t.Number, Link: f.link(n)}, nil
	}
}

// Edit changes one file, if fn changes the ticket.
func (f *Folder) Edit(_ context.Context, at tracker.Ref, fn func(*tracker.Ticket) error) (bool, error) {
	return f.rewrite(at, func(doc *document) error {
		t := f.ticket(doc)
		if err := fn(&t); err != nil {
			return err
		}
		return doc.apply(t)
	})
}

// Commented reports whether the ticket's file holds a comment with the marker.
func (f *Folder) Commented(_ context.Context, at tracker.Ref, marker string) (bool, error) {
	n, err := number(at)
	if err != nil {
		return false, err
	}
	raw, err := f.read(n)
	if err != nil {
		return false, err
	}
	doc, err := parse(f.path(n), raw)
	if err != nil {
		return false, err
	}
	return strings.Contains(doc.comments, marker), nil
}

// Comment adds a comment below those that stand there.
func (f *Folder) Comment(_ context.Context, at tracker.Ref, marker, text string) error {
	_, err := f.rewrite(at, func(doc *document) error {
		doc.comment(f.Now().UTC(), marker, text)
		return nil
	})
	return err
}

// rewrite reads a ticket, lets fn change it, and puts the new file in the old
// one's place, unless a person saved the file in between: then it starts over.
func (f *Folder) rewrite(at tracker.Ref, fn func(*document) error) (bool, error) {
	n, err := number(at)
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(f.Dir); errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("ticket folder %s: %w", f.Dir, tracker.ErrGone)
	}
	unlock, err := files.Lock(f.Dir)
	if err != nil {
		return false, tracker.Refused{Err: fmt.Errorf("locking the ticket folder %s: %w", f.Dir, err)}
	}
	defer unlock()
	for try := 0; try < 5; try++ {
		raw, err := f.read(n)
		if err != nil {
			return false, err
		}
		doc, err := parse(f.path(n), raw)
		if err != nil {
			return false, err
		}
		if err := fn(doc); err != nil {
			return false, err
		}
		next, err := doc.bytes()
		if err != nil {
			return false, err
		}
		if bytes.Equal(raw, next) {
			return false, nil
		}
		if now, err := f.read(n); err != nil || !bytes.Equal(now, raw) {
			continue
		}
		if err := f.place(n, next, false); err != nil {
			return false, fmt.Errorf("writing ticket %s: %w", f.path(n), err)
		}
		return true, nil
	}
	return false, tracker.Later{After: time.Minute, Err: fmt.Errorf("ticket %s is being edited", f.path(n))}
}

func (f *Folder) ticket(doc *document) tracker.Ticket {
	t := doc.ticket
	n, _ := strconv.Atoi(t.Number) // parse has checked it
	t.Link = f.link(n)
	t.Labels, t.Assignees = slices.Clone(t.Labels), slices.Clone(t.Assignees)
	return t
}

func number(at tracker.Ref) (int, error) {
	n, err := strconv.Atoi(at.Number)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("ticket number %q is none of a folder's: %w", at.Number, tracker.ErrGone)
	}
	return n, nil
}

func (f *Folder) path(n int) string { return filepath.Join(f.Dir, strconv.Itoa(n)+".md") }

func (f *Folder) link(n int) string { return filepath.ToSlash(f.path(n)) }
