package scan

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"cutover/functions/scan/codeowners"
	"cutover/functions/scan/detect"
	"cutover/functions/scan/walk"
	"cutover/shared/cutover"
)

// look is what one look at a repository came to.
type look struct {
	name     string // of the repository
	findings []cutover.Finding
	version  string
	problems []walk.Problem
	counts   map[string]int
	errs     []error
}

// complete says whether everything was read, and if not, why.
func (l look) complete() (bool, string) {
	if len(l.problems) == 0 {
		return true, ""
	}
	text := l.problems[0].String()
	if n := len(l.problems) - 1; n > 0 {
		text += fmt.Sprintf(" (and %d more)", n)
	}
	return false, text
}

// seen is what reading one file came to.
type seen struct {
	entry  walk.Entry
	sum    string
	size   int
	result detect.Result
	build  detect.Build
	left   *walk.Left
}

// lookAt reads a repository whole: its files, its owners, and what stands in them.
func lookAt(ctx context.Context, d *detect.Detector, repo cutover.Repository, opts Options) (look, error) {
	tree, err := walk.Open(ctx, repo.Path, opts.limits())
	if err != nil {
		return look{}, err
	}
	defer tree.Close()
	if repo.Name == "" {
		repo.Name = nameOf(ctx, tree)
	}
	entries := []walk.Entry{{Path: opts.only}}
	if opts.only == "" {
		if entries, err = tree.Files(ctx); err != nil {
			return look{}, err
		}
	}
	files, err := readAll(ctx, d, tree, entries, opts)
	if err != nil {
		return look{}, err
	}
	l := look{name: repo.Name, counts: map[string]int{}, problems: tree.Problems}
	for kind, n := range tree.Skipped {
		l.counts["skipped_"+kind] = n
	}
	l.version = l.weigh(tree, files)
	owners, errs := readOwners(tree)
	l.errs = errs
	l.findings = fold(repo, l.version, files, owners)
	l.counts["findings"] = len(l.findings)
	return l, nil
}

// readAll reads and looks through the files, several at once. What comes back
// stands in the order of the entries, so the work's order does not show.
func readAll(ctx context.Context, d *detect.Detector, tree *walk.Tree, entries []walk.Entry, opts Options) ([]seen, error) {
	files := make([]seen, len(entries))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range opts.jobs() {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(entries) {
					return
				}
				files[i] = readOne(d, tree, entries[i])
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("reading files of %s: %w", tree.Dir, err)
	}
	return files, nil
}

func readOne(d *detect.Detector, tree *walk.Tree, e walk.Entry) seen {
	s := seen{entry: e}
	data, err := tree.Read(e.Path)
	if err != nil {
		left, ok := errors.AsType[walk.Left](err)
		if !ok {
			left = walk.Left{Why: err.Error()}
		}
		s.left = &left
		return s
	}
	if e.Elsewhere(data) {
		s.left = &walk.Left{Why: "only a pointer; fetch its content from large file storage"}
		return s
	}
	s.sum, s.size = e.Sum(data), len(data)
	s.result = d.File(e.Path, data)
	s.build = detect.ReadBuild(e.Path, data)
	return s
}

// weigh counts what was read, notes what was left out, and gives the version: the
// commit of an unchanged work tree, else the digest of the content.
func (l *look) weigh(tree *walk.Tree, files []seen) string {
	clean := tree.Clean()
	parts := make([]string, 0, 2*len(files))
	for _, f := range files {
		if f.left != nil {
			clean = clean && f.left.Kind == "symlink"
			switch f.left.Kind {
			case "":
				l.problems = append(l.problems, walk.Problem{Path: f.entry.Path, Why: f.left.Why})
				l.counts["skipped"]++
			default:
				l.counts["skipped_"+f.left.Kind]++
			}
			parts = append(parts, f.entry.Path, "-")
			continue
		}
		l.counts["files"]++
		l.counts["bytes"] += f.size
		if f.result.Truncated != "" {
			l.problems = append(l.problems, walk.Problem{Path: f.entry.Path, Why: f.result.Truncated})
			l.counts["skipped"]++
		}
		clean = clean && !f.entry.Changed(f.sum)
		parts = append(parts, f.entry.Path, f.sum)
	}
	slices.SortFunc(l.problems, func(a, b walk.Problem) int { return strings.Compare(a.Path, b.Path) })
	if clean {
		return tree.Head
	}
	return cutover.Digest(parts...)
}

// readOwners reads the first CODEOWNERS file that exists.
func readOwners(tree *walk.Tree) (*codeowners.File, []error) {
	for _, p := range codeowners.Places {
		data, err := tree.Read(p)
		if left, ok := errors.AsType[walk.Left](err); ok && (left.Kind == "gone" || left.Kind == "submodule") {
			continue
		}
		if err != nil {
			return nil, []error{fmt.Errorf("%s:1: reading owners: %w; the owner maps are asked instead", p, err)}
		}
		return codeowners.Parse(p, data)
	}
	return nil, nil
}

func defaultJobs() int { return max(1, runtime.GOMAXPROCS(0)) }
