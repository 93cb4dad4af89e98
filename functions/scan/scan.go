// Package scan is the room that looks through repositories: which place in which
// file ties them to which certificate authority.
//
// It stands in four parts. walk lists and reads the files of a directory or work
// tree, detect finds things in one file, codeowners says who owns a path, and this
// package folds the parts into findings and writes them down. report shows them to
// people and other programs.
//
// A scan either was complete or says why not; an incomplete one adds and updates,
// and proves nothing gone.
package scan

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"cutover/functions/scan/detect"
	"cutover/shared/cutover"
	"cutover/shared/store"
)

// Store is what the room writes to.
type Store interface {
	Update(ctx context.Context, fn func(store.Tx) error) error
}

// Room scans repositories into the store. Its fields are set once.
type Room struct {
	Store  Store
	Now    func() time.Time
	Log    *slog.Logger
	CAs    []cutover.CA  // what is looked for
	MaxAge time.Duration // how long a look counts as fresh
	Jobs   int           // files read at once; 0: as many as processors
}

// Completed is the data of cutover.scan.completed.v1.
type Completed struct {
	Complete bool   `json:"complete"`
	Reason   string `json:"reason,omitempty"`
	Version  string `json:"version"`
	Findings int    `json:"findings"`
	Changed  int    `json:"changed"`
	Skipped  int    `json:"skipped"`
}

// Scan looks at one repository and writes down what it found. The listed errors are
// for people (an unreadable repository, a bad line in CODEOWNERS) and have been
// dealt with; the last error means that nothing was written and the look should be
// repeated.
func (r *Room) Scan(ctx context.Context, repo cutover.Repository) ([]error, error) {
	now := r.Now().UTC()
	src := cutover.Source{Name: repo.Name, Kind: cutover.SourceRepository, AsOf: now, MaxAge: r.MaxAge}
	l, err := lookAt(ctx, detect.New(r.CAs), repo, Options{Jobs: r.Jobs})
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("scanning repository %s: %w", repo.Name, ctx.Err())
		}
		src.Reason = err.Error()
		listed := fmt.Errorf("scanning repository %s: %w; its findings stay as they were, and what rests on them is unknown", repo.Name, err)
		return []error{listed}, r.unreadable(ctx, src)
	}
	src.Version, src.Counts = l.version, l.counts
	src.Complete, src.Reason = l.complete()
	var errs []error
	for _, e := range l.errs {
		errs = append(errs, fmt.Errorf("repository %s: %w", repo.Name, e))
	}
	if !src.Complete {
		errs = append(errs, fmt.Errorf("scanning repository %s: not everything was read: %s", repo.Name, src.Reason))
	}
	if err := r.write(ctx, src, l.findings); err != nil {
		return errs, fmt.Errorf("writing findings of repository %s: %w", repo.Name, err)
	}
	if r.Log != nil {
		r.Log.Info("repository scanned", "repository", repo.Name, "version", src.Version, "complete", src.Complete, "files", l.counts["files"], "findings", len(l.findings))
	}
	return errs, nil
}

// unreadable records that there was nothing to look at. The version stays that of
// the findings that are kept.
func (r *Room) unreadable(ctx context.Context, src cutover.Source) error {
	err := r.Store.Update(ctx, func(tx store.Tx) error {
		old, err := sourceOf(tx, src.Name)
		if err != nil {
			return err
		}
		src.Version, src.Counts = old.Version, old.Counts
		if err := tx.PutSource(src); err != nil {
			return err
		}
		if !old.AsOf.IsZero() && !old.Complete && old.Reason == src.Reason {
			return nil
		}
		return tx.Emit(completed(src, 0, 0, "unreadable", src.Reason))
	})
	if err != nil {
		return fmt.Errorf("recording repository %s as unreadable: %w", src.Name, err)
	}
	return nil
}

// write replaces the findings and tells the others, if there is anything to tell.
func (r *Room) write(ctx context.Context, src cutover.Source, findings []cutover.Finding) error {
	return r.Store.Update(ctx, func(tx store.Tx) error {
		old, err := sourceOf(tx, src.Name)
		if err != nil {
			return err
		}
		changed, err := changes(tx, src, findings)
		if err != nil {
			return err
		}
		same := !old.AsOf.IsZero() && old.Version == src.Version && old.Complete == src.Complete && old.Reason == src.Reason
		if same && changed == 0 {
			return tx.PutSource(src)
		}
		if err := tx.ReplaceFindings(src, findings); err != nil {
			return err
		}
		var more []string
		if old.Version == src.Version { // seen before: the version alone does not name this cause
			body, err := json.Marshal(findings)
			if err != nil {
				return fmt.Errorf("encoding findings: %w", err)
			}
			more = []string{fmt.Sprint(src.Complete), src.Reason, cutover.Digest(string(body))}
		}
		return tx.Emit(completed(src, len(findings), changed, more...))
	})
}

func completed(src cutover.Source, findings, changed int, more ...string) cutover.Event {
	data := Completed{Complete: src.Complete, Reason: src.Reason, Version: src.Version, Findings: findings, Changed: changed, Skipped: src.Counts["skipped"]}
	return cutover.NewEvent(cutover.TypeScanCompleted, "scan", src.Name, src.AsOf, data, append([]string{src.Name, src.Version}, more...)...)
}

func sourceOf(tx store.Reader, name string) (cutover.Source, error) {
	all, err := tx.Sources()
	if err != nil {
		return cutover.Source{}, err
	}
	i := slices.IndexFunc(all, func(s cutover.Source) bool { return s.Name == name && s.Kind == cutover.SourceRepository })
	if i < 0 {
		return cutover.Source{}, nil
	}
	return all[i], nil
}

// changes counts the findings that are new, different or gone, the commit aside. An
// incomplete look takes nothing away.
func changes(tx store.Reader, src cutover.Source, findings []cutover.Finding) (int, error) {
	stored := map[string]string{}
	for f, err := range tx.Findings(nil) {
		if err != nil {
			return 0, err
		}
		if f.Repository == src.Name {
			stored[f.Fingerprint] = essence(f)
		}
	}
	n := 0
	for _, f := range findings {
		if stored[f.Fingerprint] != essence(f) {
			n++
		}
		delete(stored, f.Fingerprint)
	}
	if src.Complete {
		n += len(stored)
	}
	return n, nil
}

// essence is a finding as it compares: all but the commit.
func essence(f cutover.Finding) string {
	f.Commit = ""
	body, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	return string(body)
}
