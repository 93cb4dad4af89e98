package parse

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

func (s standing) join(t standing) {
	for id := range t.first {
		s.first[id] = true
	}
	for id := range t.alias {
		s.alias[id] = true
	}
}

// merge makes one notice of all that were found, under key, by folding their
// deliveries anew: so it comes out as if it had been one from the beginning. That
// reads a list of all deliveries, which is rare enough.
func (p *pass) merge(key string, s standing, found []*folded, d cutover.Delivery, r cutover.Reading) (*folded, error) {
	f := &folded{changed: map[string]bool{"tracking_ids": true}}
	seen, revision := p.now, 0
	keys := []string{key}
	for _, old := range found {
		keys = append(keys, old.notice.Key)
		for _, id := range old.notice.TrackingIDs {
			keys = append(keys, keyOf(old.notice.Provider, id))
		}
		revision = max(revision, old.notice.Revision)
		if !old.notice.FirstSeen.IsZero() && old.notice.FirstSeen.Before(seen) {
			seen = old.notice.FirstSeen
		}
	}
	if err := p.flush(); err != nil {
		return nil, err
	}
	names, err := p.namesOf(r)
	if err != nil {
		return nil, err
	}
	keys = append(keys, names...)
	if err := p.refold(f, key, s, keys, d.ID, seen); err != nil {
		return nil, err
	}
	f.apply(key, s, d, r, names, seen)
	f.notice.Revision = revision + 1
	keys = slices.Compact(slices.Sorted(slices.Values(keys)))
	if err := p.place(f, keys); err != nil {
		return nil, err
	}
	p.keep(f, keys...)
	p.note("notices merged", "notice", key, "names", keys)
	return f, nil
}

// refold folds the deliveries of the notices with these keys, but for the one
// that is in hand.
func (p *pass) refold(f *folded, key string, s standing, keys []string, but string, seen time.Time) error {
	var all []cutover.Delivery
	for d, err := range p.tx.Deliveries(cutover.DeliveryRead) {
		if err != nil {
			return fmt.Errorf("listing the deliveries of notice %s: %w", key, err)
		}
		if d.ID != but {
			all = append(all, d)
		}
	}
	for _, d := range all {
		for i := 0; ; i++ {
			if i == 0 && !slices.Contains(keys, d.Notice) {
				continue // a second notice in the delivery may be one of these all the same
			}
			r, err := p.tx.Reading(readingID(d.ID, i))
			if errors.Is(err, store.ErrNotFound) {
				break
			}
			if err != nil {
				return fmt.Errorf("loading what delivery %s says: %w", d.ID, err)
			}
			names, err := p.namesOf(r)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(names, func(name string) bool { return slices.Contains(keys, name) }) {
				continue
			}
			f.apply(key, s, d, r, names, seen)
			if i > 0 {
				continue
			}
			if err := p.set(d, cutover.DeliveryRead, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// place writes the merged notice and makes the others lead to it.
func (p *pass) place(f *folded, keys []string) error {
	key := f.notice.Key
	stored, err := p.tx.Notice(key)
	switch {
	case errors.Is(err, store.ErrNotFound):
		f.known = 0
	case err != nil:
		return fmt.Errorf("loading notice %s: %w", key, err)
	default:
		f.known = stored.Revision
	}
	if err := p.put(f); err != nil {
		return err
	}
	for _, other := range keys {
		old, err := p.tx.Notice(other)
		if errors.Is(err, store.ErrNotFound) || err == nil && old.Key == key {
			continue
		}
		if err != nil {
			return fmt.Errorf("loading notice %s: %w", other, err)
		}
		if err := p.tx.MergeNotice(old.Key, key); err != nil {
			return fmt.Errorf("merging notice %s into %s: %w", old.Key, key, err)
		}
		for _, kind := range []string{cutover.CasePartial, cutover.CaseUnlinked} {
			if err := p.closeCase(kind, old.Key, "the notice became "+key); err != nil {
				return err
			}
		}
	}
	f.before, f.known, f.changed = f.notice, f.notice.Revision, map[string]bool{}
	return nil
}
