package alert_test

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"testing"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// memory is the little of a store that the room uses, for the tests that play
// thousands of lives; what a store itself may do wrong is tried on the real one.
type memory struct {
	mu      sync.Mutex
	actions map[string]cutover.Action
	notices map[string]cutover.Notice
	cases   map[string]cutover.Case
	effects map[string]cutover.Effect
}

func newMemory() *memory {
	return &memory{
		actions: map[string]cutover.Action{}, notices: map[string]cutover.Notice{},
		cases: map[string]cutover.Case{}, effects: map[string]cutover.Effect{},
	}
}

// newFastHouse is a house on a store in memory.
func newFastHouse(t *testing.T) *house {
	t.Helper()
	return furnish(t, newMemory())
}

func (m *memory) View(_ context.Context, fn func(store.Reader) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fn(memoryTx{m: m})
}

// Update takes everything back if fn fails.
func (m *memory) Update(_ context.Context, fn func(store.Tx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	effects := maps.Clone(m.effects)
	err := fn(memoryTx{m: m})
	if err != nil {
		m.effects = effects
	}
	return err
}

// memoryTx answers what the room asks; anything else is a nil pointer, loudly.
type memoryTx struct {
	store.Tx
	m *memory
}

func get[T any](from map[string]T, key string) (T, error) {
	v, ok := from[key]
	if !ok {
		return v, fmt.Errorf("%q: %w", key, store.ErrNotFound)
	}
	return v, nil
}

func (t memoryTx) Action(id string) (cutover.Action, error)    { return get(t.m.actions, id) }
func (t memoryTx) Notice(key string) (cutover.Notice, error)   { return get(t.m.notices, key) }
func (t memoryTx) Case(id string) (cutover.Case, error)        { return get(t.m.cases, id) }
func (t memoryTx) Effect(key string) (cutover.Effect, error)   { return get(t.m.effects, key) }
func (t memoryTx) PutAction(a cutover.Action) error            { t.m.actions[a.ID] = a; return nil }
func (t memoryTx) PutNotice(n cutover.Notice, known int) error { t.m.notices[n.Key] = n; return nil }
func (t memoryTx) PutCase(c cutover.Case) error                { t.m.cases[c.ID] = c; return nil }

func (t memoryTx) PutEffect(e cutover.Effect) error {
	e.Result = maps.Clone(e.Result)
	t.m.effects[e.Key] = e
	return nil
}

func (t memoryTx) Effects(subject string) iter.Seq2[cutover.Effect, error] {
	return func(yield func(cutover.Effect, error) bool) {
		for _, k := range slices.Sorted(maps.Keys(t.m.effects)) {
			if e := t.m.effects[k]; (subject == "" || e.Subject == subject) && !yield(e, nil) {
				return
			}
		}
	}
}
