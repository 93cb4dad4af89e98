package scan

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"cutover/functions/scan/detect"
	"cutover/functions/scan/walk"
	"cutover/shared/cutover"
)

// Options of a scan without a store.
type Options struct {
	CAs    []cutover.CA // what is looked for
	Jobs   int          // files read at once; 0: as many as processors
	Limits walk.Limits  // zero: walk.DefaultLimits

	only string // the one file of the directory that is read
}

func (o Options) limits() walk.Limits {
	if o.Limits == (walk.Limits{}) {
		return walk.DefaultLimits
	}
	return o.Limits
}

func (o Options) jobs() int {
	if o.Jobs > 0 {
		return o.Jobs
	}
	return defaultJobs()
}

// Result is what scanning some paths came to. Sources says of each path how far it
// was read; its AsOf is not set, since there is no clock here.
type Result struct {
	Findings []cutover.Finding
	Sources  []cutover.Source
	Errors   []error
}

// Paths scans directories, work trees and single files. A path that cannot be read is an error in
// the result, the others are scanned all the same; the second value is for a
// cancelled context only.
func Paths(ctx context.Context, opts Options, paths []string) (Result, error) {
	res := Result{Findings: []cutover.Finding{}}
	d := detect.New(opts.CAs)
	for _, p := range paths {
		l, name, err := one(ctx, d, p, opts)
		if ctx.Err() != nil {
			return res, fmt.Errorf("scanning %s: %w", p, ctx.Err())
		}
		src := cutover.Source{Name: name, Kind: cutover.SourceRepository}
		if err != nil {
			src.Reason = err.Error()
			res.Sources = append(res.Sources, src)
			res.Errors = append(res.Errors, fmt.Errorf("scanning %s: %w", p, err))
			continue
		}
		src.Version, src.Counts = l.version, l.counts
		src.Complete, src.Reason = l.complete()
		for _, e := range l.errs {
			res.Errors = append(res.Errors, fmt.Errorf("%s: %w", p, e))
		}
		for _, q := range l.problems {
			res.Errors = append(res.Errors, fmt.Errorf("scanning %s: not read: %s", p, q))
		}
		res.Sources = append(res.Sources, src)
		res.Findings = append(res.Findings, l.findings...)
	}
	slices.SortStableFunc(res.Findings, compare)
	return res, nil
}

// one scans one path under the name that its remote or its folder has.
func one(ctx context.Context, d *detect.Detector, p string, opts Options) (look, string, error) {
	abs, err := filepath.Abs(p)
	if err != nil {
		return look{}, p, fmt.Errorf("finding path: %w", err)
	}
	name := filepath.Base(abs)
	info, err := os.Stat(abs)
	switch {
	case err != nil:
		return look{}, name, fmt.Errorf("opening path: %w", err)
	case info.Mode().IsRegular(): // one file: as if its directory held nothing else
		opts.only, abs = name, filepath.Dir(abs)
	case !info.IsDir():
		return look{}, name, fmt.Errorf("opening path: %s is neither a directory nor a file", p)
	}
	l, err := lookAt(ctx, d, cutover.Repository{Path: abs}, opts)
	if l.name != "" {
		name = l.name
	}
	return l, name, err
}

// nameOf is what a work tree's remote calls it, else the folder's name.
func nameOf(ctx context.Context, tree *walk.Tree) string {
	if n := tree.Origin(ctx); n != "" {
		return n
	}
	return filepath.Base(tree.Dir)
}
