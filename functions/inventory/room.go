package inventory

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// Store is what the room needs of the store.
type Store interface {
	View(ctx context.Context, fn func(store.Reader) error) error
	Update(ctx context.Context, fn func(store.Tx) error) error
}

// Room reads one folder of Resource Graph answers.
type Room struct {
	Store  Store
	Now    func() time.Time
	Log    *slog.Logger
	Path   string        // the folder, on this machine
	Label  string        // how it is called in front of people; empty: Path
	FS     fs.FS         // stands in for Path where it is set
	Name   string        // of the source; empty: inventory
	MaxAge time.Duration // after which the source is stale; 0: never
	Paths  []string      // of the properties to keep: what the service map asks for
	// Cap is the largest file that is read, in bytes; 0 means DefaultCap.
	Cap int64
}

// DefaultCap is far above what a company's inventory comes to: 200,000 rows with all
// their properties are about 300 MB.
const DefaultCap = 512 << 20

// attempts are made when files change while they are read.
const attempts = 3

var errChanged = errors.New("the file changed while it was read")

// Refresh looks at the folder and brings the store up to date. It returns what was
// wrong with the input (the rest of it was read); an error means that nothing was
// written and that it is worth trying again. When nothing has changed, nothing is
// written but the age of the source.
func (r *Room) Refresh(ctx context.Context) ([]error, error) {
	for attempt := 1; ; attempt++ {
		problems, err := r.refresh(ctx)
		if !errors.Is(err, errChanged) {
			return problems, err
		}
		if attempt == attempts {
			return []error{err}, r.restless(ctx, err)
		}
	}
}

// restless records that the files would not stand still.
func (r *Room) restless(ctx context.Context, cause error) error {
	prev, err := r.previous(ctx)
	if err != nil {
		return fmt.Errorf("reading the state of the inventory: %w", err)
	}
	return r.note(ctx, prev, r.source(prev, prev.AsOf, "", cause.Error(), prev.Counts))
}

func (r *Room) refresh(ctx context.Context) ([]error, error) {
	prev, err := r.previous(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the state of the inventory: %w", err)
	}
	dir := r.list()
	if dir.missing != "" {
		src := r.source(prev, prev.AsOf, "", "missing: "+dir.missing, nil)
		return dir.problems, r.note(ctx, prev, src)
	}
	if err := r.digest(ctx, &dir); err != nil {
		return nil, err
	}
	if dir.version == prev.Version && prev.Complete {
		return nil, r.note(ctx, prev, r.source(prev, dir.asOf, dir.version, "", prev.Counts))
	}
	l, err := r.look(ctx, dir)
	if err != nil {
		return nil, err
	}
	counts := l.counts()
	reason := l.incomplete()
	if reason == "" {
		reason, err = r.shrunk(ctx, prev, counts[countAnswers])
		if err != nil {
			return nil, err
		}
	}
	if reason != "" && prev.Counts[countAnswers] > counts[countAnswers] {
		counts[countAnswers] = prev.Counts[countAnswers] // until a look is complete again
	}
	src := r.source(prev, dir.asOf, dir.version, reason, counts)
	if dir.version == prev.Version && src.Complete == prev.Complete || len(l.winners)+len(l.subs)+len(l.groups) == 0 {
		return l.problems, r.note(ctx, prev, src)
	}
	return l.problems, r.write(ctx, prev, src, l)
}

// shrunk distrusts a look that has fewer files than the last complete one: a file
// that was not saved is no proof that what stood in it is gone. A person who approves
// the source's case says that it is meant.
func (r *Room) shrunk(ctx context.Context, prev cutover.Source, answers int) (string, error) {
	was := prev.Counts[countAnswers]
	if answers >= was {
		return "", nil
	}
	approved := false
	err := r.Store.View(ctx, func(rd store.Reader) error {
		for d, err := range rd.Decisions(cutover.CaseID(cutover.CaseSource, r.name())) {
			if err != nil {
				return err
			}
			approved = approved || d.Kind == cutover.DecideApprove && d.At.After(prev.AsOf)
		}
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("reading decisions about the inventory: %w", err)
	}
	if approved {
		return "", nil
	}
	return fmt.Sprintf("%[2]s holds %[1]d files, and held %[3]d when it was last complete; approve this case if that is meant", answers, r.label(), was), nil
}

func (r *Room) name() string {
	if r.Name != "" {
		return r.Name
	}
	return cutover.SourceInventory
}

func (r *Room) label() string {
	if r.Label != "" {
		return r.Label
	}
	return r.Path
}

func (r *Room) fs() fs.FS {
	if r.FS != nil {
		return r.FS
	}
	return os.DirFS(r.Path)
}

// source is the state of this look; an empty reason means that it is complete.
func (r *Room) source(prev cutover.Source, asOf time.Time, version, reason string, counts map[string]int) cutover.Source {
	src := cutover.Source{
		Name: r.name(), Kind: cutover.SourceInventory, AsOf: asOf.UTC(), Version: version,
		Complete: reason == "", Reason: reason, MaxAge: r.MaxAge, Counts: counts,
	}
	// Since when the source has been silent is noted by the clock, and over with a fresh look.
	if ok, _ := src.Fresh(r.Now()); !ok {
		src.Silent = prev.Silent
	}
	return src
}

// previous is the source as the last look left it; empty before the first.
func (r *Room) previous(ctx context.Context) (cutover.Source, error) {
	var prev cutover.Source
	err := r.Store.View(ctx, func(rd store.Reader) error {
		all, err := rd.Sources()
		for _, s := range all {
			if s.Name == r.name() {
				prev = s
			}
		}
		return err
	})
	return prev, err
}

// note records a look that brought no new rows. Others are woken only when it can
// be trusted more or less than before.
func (r *Room) note(ctx context.Context, prev, src cutover.Source) error {
	if same(prev, src) {
		return nil
	}
	err := r.Store.Update(ctx, func(tx store.Tx) error {
		if err := tx.PutSource(src); err != nil {
			return err
		}
		if prev.Complete == src.Complete && prev.Version == src.Version && prev.Name != "" {
			return nil
		}
		return tx.Emit(r.event(src, nil))
	})
	if err != nil {
		return fmt.Errorf("recording the inventory: %w", err)
	}
	return nil
}

func same(a, b cutover.Source) bool {
	counts := maps.Equal(a.Counts, b.Counts)
	silent := a.Silent.Equal(b.Silent)
	return counts && silent && a.AsOf.Equal(b.AsOf) && a.Name == b.Name && a.Kind == b.Kind && a.Version == b.Version &&
		a.Complete == b.Complete && a.Reason == b.Reason && a.MaxAge == b.MaxAge
}

// write brings the rows over, in one transaction with the message about them.
func (r *Room) write(ctx context.Context, prev, src cutover.Source, l *look) error {
	err := r.Store.Update(ctx, func(tx store.Tx) error {
		before, err := stored(tx, l, prev)
		if err != nil {
			return err
		}
		after := sums{}
		rows := store.Rows{Subscriptions: l.subscriptions(src.Complete), Groups: l.groupList(), Resources: l.resources(ctx, after)}
		if err := tx.ReplaceInventory(src, rows); err != nil {
			return err
		}
		return tx.Emit(r.event(src, changed(before, after, src.Complete)))
	})
	if err != nil {
		return fmt.Errorf("writing the inventory: %w", err)
	}
	r.Log.Info("inventory refreshed", "source", src.Name, "complete", src.Complete, "resources", src.Counts[countResources])
	return nil
}

// refreshed is the data of the message: a few facts for people who look at it.
type refreshed struct {
	AsOf         time.Time      `json:"as_of"`
	Complete     bool           `json:"complete"`
	Reason       string         `json:"reason,omitempty"`
	Counts       map[string]int `json:"counts"`
	ChangedTypes []string       `json:"changed_types"`
}

func (r *Room) event(src cutover.Source, types []string) cutover.Event {
	counts := map[string]int{}
	for _, k := range []string{countSubscriptions, countGroups, countResources} {
		counts[k] = src.Counts[k]
	}
	if types == nil {
		types = []string{}
	}
	data := refreshed{AsOf: src.AsOf, Complete: src.Complete, Reason: src.Reason, Counts: counts, ChangedTypes: types}
	return cutover.NewEvent(cutover.TypeInventoryRefreshed, "inventory", src.Name, r.Now(), data,
		src.Name, src.AsOf.Format(time.RFC3339Nano), src.Version)
}
