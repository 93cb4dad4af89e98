package ingest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// record writes how the look at a folder went, if that differs from the last
// time: a pass that finds nothing new leaves the facts as they are.
func (r Room) record(ctx context.Context, f Folder, l *look, errs []error) error {
	src := cutover.Source{
		Name: f.Channel, Kind: cutover.SourceMail, AsOf: l.newest.UTC(), Complete: len(errs) == 0,
		MaxAge: f.MaxAge, Counts: map[string]int{"files": l.files, "failed": len(errs)},
	}
	if f.Channel == cutover.ChannelWebhook {
		src.Kind = cutover.SourceWebhook
	}
	if now := r.Now().UTC(); src.AsOf.After(now) {
		src.AsOf = now
	}
	src.AsOf = src.AsOf.Truncate(time.Second) // finer than that, stores differ
	slices.Sort(l.ids)
	l.ids = slices.Compact(l.ids)
	src.Version = cutover.Digest(l.ids...)
	if len(errs) > 0 {
		src.Reason = errs[0].Error()
		if n := len(errs) - 1; n > 0 {
			src.Reason += " (and " + strconv.Itoa(n) + " more)"
		}
	}
	old, err := r.lastLook(ctx, src.Name)
	if err != nil {
		return err
	}
	if l.files == 0 && src.AsOf.IsZero() {
		src.AsOf = old.AsOf // nothing was seen: the last look stays the last look
	}
	if src.AsOf.Equal(old.AsOf) {
		src.Silent = old.Silent
	}
	if same(old, src) {
		return nil
	}
	err = r.Store.Update(ctx, func(tx store.Tx) error { return tx.PutSource(src) })
	if err != nil {
		return fmt.Errorf("recording the look at the %s folder: %w", f.Channel, err)
	}
	return nil
}

func (r Room) lastLook(ctx context.Context, name string) (cutover.Source, error) {
	var old cutover.Source
	err := r.Store.View(ctx, func(tx store.Reader) error {
		all, err := tx.Sources()
		if err != nil {
			return err
		}
		for _, s := range all {
			if s.Name == name {
				old = s
			}
		}
		return nil
	})
	if err != nil {
		return old, fmt.Errorf("loading the last look at %s: %w", name, err)
	}
	return old, nil
}

func same(a, b cutover.Source) bool {
	if !a.AsOf.Equal(b.AsOf) {
		return false
	}
	a.AsOf, a.Silent = b.AsOf, b.Silent
	return reflect.DeepEqual(a, b)
}
