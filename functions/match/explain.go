package match

import (
	"context"

	"cutover/shared/plan"
	"cutover/shared/store"
)

// Explain says why a thing is an item of a notice or why it is not, on the facts
// as the store has them. Nothing is written.
func (r *Room) Explain(ctx context.Context, key, thing string) (plan.Explanation, error) {
	var e plan.Explanation
	err := r.Store.View(ctx, func(rd store.Reader) error {
		f, err := r.load(rd)
		if err != nil {
			return err
		}
		e, err = plan.Explain(f.in, key, thing, r.Now().UTC())
		return err
	})
	return e, err
}
