package trackertest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// ErrFault is what a planted fault answers.
var ErrFault = errors.New("planted fault")

// Faults makes the n-th call (from 1) of a run fail, before or after its work.
type Faults struct {
	At    int  // 0: none
	After bool // the work is done, and its reply is lost

	mu    sync.Mutex
	calls int
}

// Calls counts the calls so far.
func (f *Faults) Calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

// Do runs one call with the fault that is planted for it.
func (f *Faults) Do(work func() error) error {
	f.mu.Lock()
	f.calls++
	hit := f.calls == f.At
	f.mu.Unlock()
	if hit && !f.After {
		return ErrFault
	}
	if err := work(); err != nil {
		return err
	}
	if hit {
		return ErrFault
	}
	return nil
}

// Clock stands still until it is moved.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock starts a clock.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now reads it.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Move turns it forward.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// Store is the little of a store that the room uses, in memory: an Update is all
// or nothing.
type Store struct {
	Faults *Faults

	mu      sync.Mutex
	actions map[string]cutover.Action
	notices map[string]cutover.Notice
	effects map[string]cutover.Effect
	events  map[string]cutover.Event
}

// NewStore makes an empty store.
func NewStore() *Store {
	return &Store{
		Faults: &Faults{}, actions: map[string]cutover.Action{}, notices: map[string]cutover.Notice{},
		effects: map[string]cutover.Effect{}, events: map[string]cutover.Event{},
	}
}

// Put writes facts as match would.
func (s *Store) Put(a cutover.Action, n cutover.Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.actions[a.ID], s.notices[n.Key] = a, n
}

// Effects lists all effects by key.
func (s *Store) Effects() []cutover.Effect {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []cutover.Effect
	for _, k := range slices.Sorted(maps.Keys(s.effects)) {
		out = append(out, s.effects[k])
	}
	return out
}

// Events are the events in the outbox, by type and time.
func (s *Store) Events() []cutover.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.events), func(a, b cutover.Event) int {
		return slices.Compare([]string{a.Type, a.Time.Format(time.RFC3339Nano), a.ID}, []string{b.Type, b.Time.Format(time.RFC3339Nano), b.ID})
	})
}

// View runs fn on the store.
func (s *Store) View(_ context.Context, fn func(store.Reader) error) error {
	return s.Faults.Do(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		return fn(tx{s: s})
	})
}

// Update runs fn and takes everything back if it fails.
func (s *Store) Update(_ context.Context, fn func(store.Tx) error) error {
	return s.Faults.Do(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		effects, events := maps.Clone(s.effects), maps.Clone(s.events)
		if err := fn(tx{s: s}); err != nil {
			s.effects, s.events = effects, events
			return err
		}
		return nil
	})
}

// tx answers what the room asks; anything else is a nil pointer, loudly.
type tx struct {
	store.Tx
	s *Store
}

func (t tx) Action(id string) (cutover.Action, error) { return get(t.s.actions, "action", id) }

func (t tx) Notice(key string) (cutover.Notice, error) { return get(t.s.notices, "notice", key) }

func (t tx) Effect(key string) (cutover.Effect, error) { return get(t.s.effects, "effect", key) }

func get[T any](m map[string]T, what, key string) (T, error) {
	v, ok := m[key]
	if !ok {
		return v, fmt.Errorf("%s %s: %w", what, key, store.ErrNotFound)
	}
	return v, nil
}

func (t tx) Effects(subject string) iter.Seq2[cutover.Effect, error] {
	return func(yield func(cutover.Effect, error) bool) {
		for _, k := range slices.Sorted(maps.Keys(t.s.effects)) {
			if e := t.s.effects[k]; (subject == "" || e.Subject == subject) && !yield(e, nil) {
				return
			}
		}
	}
}

func (t tx) PutEffect(e cutover.Effect) error {
	t.s.effects[e.Key] = e
	return nil
}

func (t tx) Emit(events ...cutover.Event) error {
	for _, e := range events {
		t.s.events[e.ID] = e
	}
	return nil
}
