package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"cutover/shared/cutover"
)

// look is how far a source can be trusted now.
type look struct {
	ok    bool   // complete and fresh
	why   string // why not
	seen  string // version and time, to tell one look from another
	asOf  time.Time
	words string // for people: commit 1a2b3c4d (scanned …)
}

// looks are the looks of one pass.
type looks struct {
	inventory look
	repos     map[string]look
	versions  map[string]string // of repositories
}

func newLooks(sources []cutover.Source, repos []cutover.Repository, now time.Time) looks {
	x := looks{repos: map[string]look{}, versions: map[string]string{}}
	sorted := slices.Clone(sources)
	slices.SortStableFunc(sorted, func(a, b cutover.Source) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind), a.AsOf.Compare(b.AsOf))
	})
	for _, r := range repos {
		x.repos[r.Name] = look{why: r.Name + " has never been scanned"}
	}
	first := true
	for _, s := range sorted {
		ok, why := s.Fresh(now)
		l := look{ok: ok, why: why, asOf: s.AsOf, seen: short(s.Version) + "@" + s.AsOf.UTC().Format(time.RFC3339)}
		switch s.Kind {
		case cutover.SourceInventory:
			l.words = "the inventory of " + minute(s.AsOf)
			if first {
				x.inventory, first = l, false
				continue
			}
			x.inventory = both(x.inventory, l)
		case cutover.SourceRepository:
			l.words = "version " + short(s.Version) + " (scanned " + minute(s.AsOf) + ")"
			x.repos[s.Name], x.versions[s.Name] = l, s.Version
		}
	}
	if first {
		x.inventory.why = "no inventory has been read"
	}
	return x
}

// both joins two inventories: good only if each is, and as old as the older one.
func both(a, b look) look {
	out := look{ok: a.ok && b.ok, seen: a.seen + "+" + b.seen, asOf: a.asOf, words: a.words}
	if b.asOf.Before(a.asOf) {
		out.asOf, out.words = b.asOf, b.words
	}
	var whys []string
	for _, w := range []string{a.why, b.why} {
		if w != "" {
			whys = append(whys, w)
		}
	}
	out.why = strings.Join(whys, "; ")
	return out
}

// repo is the look at a repository; one that nobody scans any more is gone, which
// is no proof of anything.
func (x looks) repo(name string) look {
	if l, ok := x.repos[name]; ok {
		return l
	}
	return look{why: name + " is not scanned any more"}
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }
