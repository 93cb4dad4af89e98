// Package walk lists and reads the files of a directory or git work tree.
//
// Repositories are foreign: everything is opened below one os.Root, only regular
// files are read, symbolic links are not followed, and size and number are capped.
// What could not be read, or was left out for a cap, makes the tree incomplete and
// is named; what is no content (links, pipes, devices, submodules) is counted only.
//
// In a git work tree git says which files belong to it: the tracked ones, the ones
// not yet added, and, of the ignored ones, those that hold certificates by their
// name. Keystores are often ignored and copied to the machine by hand, yet they are
// what the program trusts; ignored build output and packages are not looked at.
// A plain directory is read whole, whatever .gitignore files lie in it.
package walk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// Limits bound what a tree may cost.
type Limits struct {
	FileSize int64 // bytes; larger files are left out
	Files    int   // number of files
	Depth    int   // of directories, in a plain directory
}

// DefaultLimits suit repositories of source code. 50 MB is where GitHub begins to
// warn; what is larger is left out, and makes the scan incomplete.
var DefaultLimits = Limits{FileSize: 50 << 20, Files: 500_000, Depth: 100}

// Entry is one file to be read.
type Entry struct {
	Path string // from the root, with slashes
	blob string // git's hash of the tracked content; empty when not tracked
	// Ignored marks a file that git ignores and that is read for its name.
	Ignored bool
}

// Problem is a path that was left out although it is content.
type Problem struct {
	Path string
	Why  string
}

func (p Problem) String() string { return p.Path + ": " + p.Why }

// Tree is an open directory or work tree.
type Tree struct {
	Dir      string
	Head     string // commit of a git work tree; empty otherwise
	Problems []Problem
	Skipped  map[string]int // symlink, special, submodule

	root   *os.Root
	limits Limits
	git    *gitDir
	same   bool // the index is that of Head and nothing is untracked
}

// Open opens the directory. Git is asked when the directory is the top of a work
// tree and the program is there.
func Open(ctx context.Context, dir string, limits Limits) (*Tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening directory %s: %w", dir, plain(err))
	}
	if isBare(root) {
		root.Close()
		return nil, fmt.Errorf("opening directory %s: it is a bare repository, which holds no files to read; give a work tree", dir)
	}
	t := &Tree{Dir: dir, root: root, limits: limits, Skipped: map[string]int{}}
	if isWorkTree(root) {
		t.git = findGit(dir)
	}
	if t.git != nil {
		if t.Head, err = t.git.head(ctx); err != nil && ctx.Err() != nil {
			root.Close()
			return nil, err
		}
	}
	return t, nil
}

// isWorkTree reports whether git's directory is here, or the file that leads to it
// (linked work trees, submodules). A symbolic link is neither.
func isWorkTree(root *os.Root) bool {
	info, err := root.Lstat(".git")
	if err != nil {
		return false
	}
	if info.IsDir() {
		_, err = root.Lstat(".git/HEAD")
		return err == nil
	}
	return info.Mode().IsRegular()
}

// isBare reports whether the directory is what git keeps, not what it checks out.
// Read as a folder it would look empty of everything, and prove what is not so.
func isBare(root *os.Root) bool {
	for _, p := range []string{"objects", "refs"} {
		if info, err := root.Lstat(p); err != nil || !info.IsDir() {
			return false
		}
	}
	info, err := root.Lstat("HEAD")
	return err == nil && info.Mode().IsRegular()
}

// Close closes the directory.
func (t *Tree) Close() error { return t.root.Close() }

// Files lists the files in the order of their paths.
func (t *Tree) Files(ctx context.Context) ([]Entry, error) {
	var out []Entry
	var err error
	if t.git != nil {
		out, err = t.gitFiles(ctx)
		if err != nil && ctx.Err() == nil {
			// A repository that git cannot read is a directory like any other, but
			// what it says it holds is not known.
			t.problem(".git", "git cannot list the files: "+err.Error())
			t.Head, t.same = "", false
			out, err = nil, nil
			t.git = nil
		}
	}
	if t.git == nil && err == nil {
		err = t.dirFiles(ctx, ".", 0, &out)
	}
	if err != nil {
		return nil, fmt.Errorf("listing files of %s: %w", t.Dir, err)
	}
	slices.SortFunc(out, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	out = slices.CompactFunc(out, func(a, b Entry) bool { return a.Path == b.Path })
	if len(out) == 0 && len(t.Problems) == 0 {
		t.problem(".", "there are no files; was it checked out?")
	}
	if len(out) > t.limits.Files {
		t.problem(out[t.limits.Files].Path, fmt.Sprintf("more than %d files; this one and those behind it were not read", t.limits.Files))
		out = out[:t.limits.Files]
	}
	return out, nil
}

func (t *Tree) problem(p, why string) { t.Problems = append(t.Problems, Problem{p, why}) }

// dirFiles walks a plain directory. Version control's own directories are no
// content.
func (t *Tree) dirFiles(ctx context.Context, dir string, depth int, out *[]Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if depth > t.limits.Depth {
		t.problem(dir, fmt.Sprintf("nested deeper than %d directories", t.limits.Depth))
		return nil
	}
	names, err := t.readDir(dir)
	if err != nil {
		t.problem(dir, plain(err).Error())
	}
	for _, e := range names {
		p := path.Join(dir, e.Name())
		switch {
		case e.IsDir():
			if e.Name() == ".git" || e.Name() == ".hg" || e.Name() == ".svn" {
				continue
			}
			if err := t.dirFiles(ctx, p, depth+1, out); err != nil {
				return err
			}
		case e.Type()&fs.ModeSymlink != 0:
			t.Skipped["symlink"]++
		case e.Name() == ".git": // the file of a submodule or linked work tree
		case e.Type().IsRegular():
			*out = append(*out, Entry{Path: p})
		default:
			t.Skipped["special"]++
		}
		if len(*out) > t.limits.Files {
			return nil
		}
	}
	return nil
}

func (t *Tree) readDir(dir string) ([]fs.DirEntry, error) {
	f, err := t.root.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.ReadDir(-1)
	slices.SortFunc(names, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return names, err
}

// plain takes the operation and path out of an error: the caller names the path
// as people know it.
func plain(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}
