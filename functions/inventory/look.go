package inventory

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"cutover/shared/cutover"
)

// Keys of the counts. Beside them each resource type has a count of its own, under
// its name.
const (
	countSubscriptions = "subscriptions"
	countGroups        = "groups"
	countResources     = "resources"
	countAnswers       = "answers" // files
)

// maxTypes bounds the counts; Azure has some 4,000 types, a company some dozen.
const maxTypes = 5000

// most is how many broken rows of one file are told one by one.
const most = 20

// look is what the first pass over the files learnt.
type look struct {
	room     *Room
	files    []file
	answers  []answer
	problems []error
	winners  map[rowKey]winner // of each resource, the row that counts
	held     map[rowKey]int    // of each subscription and group, the last file that holds it
	overlap  map[int]bool      // files of which a row stands somewhere else too
	subs     map[string]cutover.Subscription
	groups   map[groupKey]cutover.Group
	clouds   map[string]map[string]bool // subscription → clouds of its resources' regions
	bare     map[string]bool            // subscriptions without a row of their own
}

// rowKey stands for a resource id, folded: a digest is smaller than the id, and two
// ids with one digest do not happen at 128 bits.
type rowKey [16]byte

func keyOf(id string) rowKey {
	sum := sha256.Sum256([]byte(cutover.Fold(id)))
	return rowKey(sum[:16])
}

type groupKey struct{ subscription, name string }

// place is a row: the file's place in the list, and the row's number in it.
type place struct{ file, row int }

type winner struct {
	place
	typ string
}

// look reads the folder once.
func (r *Room) look(ctx context.Context, dir folder) (*look, error) {
	l := &look{
		room: r, files: dir.files, problems: slices.Clone(dir.problems),
		winners: map[rowKey]winner{}, held: map[rowKey]int{}, overlap: map[int]bool{},
		subs: map[string]cutover.Subscription{}, groups: map[groupKey]cutover.Group{}, clouds: map[string]map[string]bool{},
	}
	for i := range l.files {
		a := answer{file: l.files[i].name}
		bad := 0
		line, err := l.read(ctx, i, &a, func(number, line int, f found, err error) bool {
			if err != nil {
				a.broken = true
				if bad++; bad <= most {
					l.problems = append(l.problems, r.problem(a.file, line, fmt.Errorf("row %d is left out: %w", number, err)))
				}
				return true
			}
			l.take(place{i, number}, f)
			return true
		})
		if errors.Is(err, errChanged) || ctx.Err() != nil {
			return nil, cmp.Or(ctx.Err(), r.problem(a.file, 0, err))
		}
		if bad > most {
			l.problems = append(l.problems, r.problem(a.file, 0, fmt.Errorf("%d more rows are left out", bad-most)))
		}
		if err != nil {
			a.broken = true
			l.problems = append(l.problems, r.problem(a.file, line, err))
		}
		l.answers = append(l.answers, a)
	}
	l.settle()
	return l, nil
}

// read reads one file and hands on its rows; false ends it early. It makes sure that
// the bytes are those that were digested.
func (l *look) read(ctx context.Context, i int, a *answer, take func(number, line int, f found, err error) bool) (int, error) {
	f, err := l.room.open(l.files[i].name)
	if err != nil && l.files[i].digest != "" {
		return 0, errChanged
	}
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }() // only read
	h := sha256.New()
	tee := io.TeeReader(f, h)
	rd := newReading(l.room.Paths)
	stop := false
	line, err := readAnswer(newStream(tee), a, func(r row) {
		if stop || ctx.Err() != nil {
			return
		}
		got, err := rd.read(r)
		stop = !take(r.number, r.line, got, err)
	})
	if _, cerr := io.Copy(io.Discard, tee); cerr != nil {
		return 0, fmt.Errorf("reading the file: %w", bare(cerr))
	}
	if hex.EncodeToString(h.Sum(nil)) != l.files[i].digest {
		return 0, errChanged
	}
	return line, err
}

// take notes one row. A row that stands in several files counts as the last by file
// name has it.
func (l *look) take(at place, f found) {
	switch {
	case f.subscription != nil:
		l.subs[f.subscription.ID] = *f.subscription
		l.hold(at, f.subscription.ID)
	case f.group != nil:
		l.groups[groupKey{f.group.Subscription, f.group.Name}] = *f.group
		l.hold(at, f.group.Subscription+"/"+f.group.Name)
		l.cloud(f.group.Subscription, "")
	case f.resource != nil:
		key := keyOf(f.resource.ID)
		if before, twice := l.winners[key]; twice {
			l.overlap[before.file], l.overlap[at.file] = true, true
		}
		l.winners[key] = winner{at, f.resource.Type}
		l.cloud(f.resource.Subscription, f.resource.Region)
	}
}

// hold notes where a subscription or group stands.
func (l *look) hold(at place, id string) {
	key := keyOf(id)
	if before, twice := l.held[key]; twice {
		l.overlap[before], l.overlap[at.file] = true, true
	}
	l.held[key] = at.file
}
