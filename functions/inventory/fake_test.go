package inventory

import (
	"cmp"
	"context"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// memory is the part of a store that the room uses, kept in maps. A method that the
// room should not need is the nil interface's, and panics.
type memory struct {
	store.Tx
	sources   map[string]cutover.Source
	subs      map[string]cutover.Subscription
	groups    map[string]cutover.Group
	resources map[string]cutover.Resource
	events    []cutover.Event
	updates   int
}

func newMemory() *memory {
	return &memory{sources: map[string]cutover.Source{}, subs: map[string]cutover.Subscription{}, groups: map[string]cutover.Group{}, resources: map[string]cutover.Resource{}}
}

func (m *memory) View(_ context.Context, fn func(store.Reader) error) error { return fn(m) }

// Update works on a copy, so that a transaction that fails leaves nothing behind.
func (m *memory) Update(_ context.Context, fn func(store.Tx) error) error {
	c := &memory{sources: maps.Clone(m.sources), subs: maps.Clone(m.subs), groups: maps.Clone(m.groups), resources: maps.Clone(m.resources), events: slices.Clone(m.events), updates: m.updates + 1}
	if err := fn(c); err != nil {
		return err
	}
	*m = *c
	return nil
}

func (m *memory) Sources() ([]cutover.Source, error) {
	return slices.SortedFunc(maps.Values(m.sources), func(a, b cutover.Source) int { return cmp.Compare(a.Name, b.Name) }), nil
}

func (m *memory) PutSource(src cutover.Source) error {
	m.sources[src.Name] = src
	return nil
}

func (m *memory) Candidates(types, _ []string) iter.Seq2[cutover.Resource, error] {
	return func(yield func(cutover.Resource, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(m.resources)) {
			if r := m.resources[id]; slices.Contains(types, r.Type) && !yield(r, nil) {
				return
			}
		}
	}
}

func (m *memory) ReplaceInventory(src cutover.Source, rows store.Rows) error {
	if src.Complete {
		m.subs, m.groups, m.resources = map[string]cutover.Subscription{}, map[string]cutover.Group{}, map[string]cutover.Resource{}
	}
	for _, s := range rows.Subscriptions {
		m.subs[s.ID] = s
	}
	for _, g := range rows.Groups {
		m.groups[g.Subscription+"/"+g.Name] = g
	}
	for r, err := range rows.Resources {
		if err != nil {
			return err
		}
		m.resources[cutover.Fold(r.ID)] = r
	}
	return m.PutSource(src)
}

func (m *memory) Emit(events ...cutover.Event) error {
	m.events = append(m.events, events...)
	return nil
}

var now = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)

// saved is when the files of the tests were written.
var saved = now.Add(-2 * time.Hour)

func room(t testing.TB, st Store, files fstest.MapFS) *Room {
	t.Helper()
	for _, f := range files {
		if f.ModTime.IsZero() {
			f.ModTime = saved
		}
	}
	return &Room{
		Store: st, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler), FS: files, Label: "inventory", MaxAge: 48 * time.Hour,
		Paths: []string{"kind", "properties.rootCertificate.enableRootCertificateV2", "sku.name"},
	}
}

func one(name, text string) fstest.MapFS { return fstest.MapFS{name: {Data: []byte(text)}} }
