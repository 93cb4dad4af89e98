package plan

import (
	"cmp"
	"slices"

	"cutover/shared/cutover"
)

// sortItems orders items as people read them: those that the notice names first,
// then by kind, place and id.
func sortItems(items []cutover.Item) {
	if !slices.IsSortedFunc(items, compareItems) {
		slices.SortFunc(items, compareItems)
	}
}

func compareItems(a, b cutover.Item) int {
	switch { // one after the other: an action may have a hundred thousand
	case a.Named && !b.Named:
		return -1
	case b.Named && !a.Named:
		return 1
	}
	if c := cmp.Compare(a.Kind, b.Kind); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Where, b.Where); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Why, b.Why), cmp.Compare(a.Service, b.Service))
}
