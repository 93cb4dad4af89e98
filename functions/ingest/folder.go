package ingest

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"cutover/shared/cutover"
)

// What is committed together: enough to make the cost of a commit small, not so
// much that a folder of large mails fills the memory.
const (
	batchFiles = 200
	batchBytes = 32 << 20
)

// Folder is a place where deliveries lie as files: saved mails, or the bodies of
// webhooks. Sub-folders belong to it; names that begin with a dot do not.
type Folder struct {
	Path    string   // on this machine
	Label   string   // how it is called in front of people; empty: Path
	Channel string   // cutover.ChannelMail or cutover.ChannelWebhook
	Exts    []string // with the dot, compared without case; none: those of the channel
	// MaxAge is how long the folder may go without a new file before its source
	// counts as silent; zero: for ever, since months without a notice are normal.
	MaxAge time.Duration
	// FS stands in for Path where it is set.
	FS fs.FS
}

// MailFolder and WebhookFolder are the two folders that a configuration knows.
func MailFolder(dir, label string) Folder {
	return Folder{Path: dir, Label: label, Channel: cutover.ChannelMail}
}

// WebhookFolder holds request bodies, .json.
func WebhookFolder(dir, label string) Folder {
	return Folder{Path: dir, Label: label, Channel: cutover.ChannelWebhook}
}

func (f Folder) label() string {
	if f.Label != "" {
		return f.Label
	}
	return f.Path
}

func (f Folder) takes(name string) bool {
	exts := f.Exts
	if len(exts) == 0 {
		exts = []string{".json"}
		if f.Channel == cutover.ChannelMail {
			exts = []string{".eml", ".html", ".htm", ".txt"}
		}
	}
	return slices.ContainsFunc(exts, func(e string) bool { return strings.EqualFold(e, path.Ext(name)) })
}

// Folder takes in a folder, in the order of the file names. Each file that could
// not be read gives one error that names it, and the rest goes on; the second
// error is the store's, and ends the pass. How the look went is recorded as a
// source: its age is its newest file's time, and it is complete if every file
// could be read.
func (r Room) Folder(ctx context.Context, f Folder) ([]error, error) {
	now := r.Now().UTC()
	look, errs, err := r.walk(ctx, f, now)
	if err != nil {
		return errs, err
	}
	if err := r.record(ctx, f, look, errs); err != nil {
		return errs, err
	}
	return errs, nil
}

// look is what one pass over a folder saw.
type look struct {
	newest time.Time
	files  int
	ids    []string
	batch  []cutover.Delivery
	bytes  int
}

func (r Room) walk(ctx context.Context, f Folder, now time.Time) (*look, []error, error) {
	l := &look{}
	fsys := f.FS
	if fsys == nil {
		// An os.Root keeps symbolic links from leading out of the folder.
		root, err := os.OpenRoot(f.Path)
		if err != nil {
			return l, []error{fmt.Errorf("opening the %s folder %s: %w; create it, or correct its path in the configuration", f.Channel, f.label(), cause(err))}, nil
		}
		defer func() { _ = root.Close() }() // it was only read from
		fsys = root.FS()
	}
	var errs []error
	var fatal error
	walkErr := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err := ctx.Err(); err != nil {
			fatal = fmt.Errorf("reading the %s folder %s: %w", f.Channel, f.label(), err)
			return fs.SkipAll
		}
		at := path.Join(f.label(), name)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("reading %s: %w", at, cause(err)))
			return nil
		case name != "." && strings.HasPrefix(path.Base(name), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir():
			l.age(e, name)
			return nil
		case !f.takes(name):
			return nil
		}
		d, err := readFile(fsys, name, e)
		if err != nil {
			errs = append(errs, fmt.Errorf("reading %s: %w", at, err))
			return nil
		}
		d.Channel, d.Name, d.Auth.Method = f.Channel, at, cutover.AuthFolder
		if fatal = r.add(ctx, l, d, now); fatal != nil {
			return fs.SkipAll
		}
		return nil
	})
	if fatal == nil && walkErr != nil {
		errs = append(errs, fmt.Errorf("reading the %s folder %s: %w", f.Channel, f.label(), cause(walkErr)))
	}
	if fatal == nil {
		fatal = r.flush(ctx, l)
	}
	return l, errs, fatal
}

// age lets a folder without files be as old as its own last change.
func (l *look) age(e fs.DirEntry, name string) {
	if info, err := e.Info(); err == nil && name == "." && l.files == 0 {
		l.newest = info.ModTime()
	}
}

func (r Room) add(ctx context.Context, l *look, d cutover.Delivery, now time.Time) error {
	if d.Received.After(now) {
		d.Received = now // a clock elsewhere runs ahead
	}
	if l.files == 0 || d.Received.After(l.newest) {
		l.newest = d.Received
	}
	l.files++
	l.batch = append(l.batch, d)
	l.bytes += len(d.Raw)
	if len(l.batch) < batchFiles && l.bytes < batchBytes {
		return nil
	}
	return r.flush(ctx, l)
}

func (r Room) flush(ctx context.Context, l *look) error {
	if len(l.batch) == 0 {
		return nil
	}
	kept, err := r.KeepAll(ctx, l.batch)
	if err != nil {
		return err
	}
	for _, k := range kept {
		l.ids = append(l.ids, k.ID)
	}
	l.batch, l.bytes = nil, 0
	return nil
}
