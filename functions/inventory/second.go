package inventory

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"cutover/shared/cutover"
)

// resources is the second pass: it hands on each resource once, and sums up what it
// handed on.
func (l *look) resources(ctx context.Context, total sums) iter.Seq2[cutover.Resource, error] {
	return func(yield func(cutover.Resource, error) bool) {
		for i := range l.files {
			if l.files[i].digest == "" {
				continue // could not be read, and was told
			}
			stopped := false
			_, err := l.read(ctx, i, &answer{}, func(number, _ int, f found, err error) bool {
				if err != nil || f.resource == nil || l.winners[keyOf(f.resource.ID)].place != (place{i, number}) {
					return true
				}
				l.place(f.resource)
				total.add(*f.resource)
				stopped = !yield(*f.resource, nil)
				return !stopped
			})
			if stopped {
				return
			}
			if err = cmp.Or(ctx.Err(), onlyChanged(err)); err != nil {
				yield(cutover.Resource{}, l.room.problem(l.files[i].name, 0, err))
				return
			}
		}
	}
}

// place gives a resource without a telling region the cloud of its subscription.
func (l *look) place(res *cutover.Resource) {
	if res.Region == "" || res.Region == "global" {
		res.Cloud = l.cloudOf(res.Subscription)
	}
}

// onlyChanged drops the errors that the first pass has told.
func onlyChanged(err error) error {
	if errors.Is(err, errChanged) {
		return err
	}
	return nil
}
