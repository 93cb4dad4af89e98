package plan

import "cutover/shared/cutover"

// pick is a resource as an item, before it is written out. A pass may hold a
// hundred thousand; an item has twenty fields, and growing a list of them copies
// each several times.
type pick struct {
	row     *keptRow
	service int32
	code    reach
	value   string // of the property that says it has not moved
}

// keptRow is what items need of a row; items for several notices share it.
type keptRow struct {
	id, where, subscription, region string
	trace                           cutover.Trace
}

// slab hands out rows from blocks, so that keeping one costs no allocation of its
// own.
type slab struct{ block []keptRow }

func (s *slab) keep(x *row, where string) *keptRow {
	if len(s.block) == cap(s.block) {
		s.block = make([]keptRow, 0, 512)
	}
	s.block = append(s.block, keptRow{id: x.r.ID, where: where, subscription: x.r.Subscription, region: x.region})
	return &s.block[len(s.block)-1]
}

// pick gives a resource to its owner, unless a person gave it to somebody else.
func (b *builder) pick(e entry, team string, p pick) {
	_, all := b.whole[accKey{e.n, team}]
	if all || b.moves[e.n] != nil {
		b.add(e.n, team, p.row.trace, b.item(e, p))
		return
	}
	if fellBack(p.row.trace) {
		b.plan.Fallback++
	}
	a := b.acc(e.n, team)
	a.picks = append(a.picks, p)
}

// item writes a pick out.
func (b *builder) item(e entry, p pick) cutover.Item {
	named := e.n.names(p.row.subscription)
	return cutover.Item{
		Kind: cutover.ItemResource, ID: p.row.id, Where: p.row.where, Why: b.why(e, p, named), Named: named, Service: e.n.services[e.i].name,
		Subscription: p.row.subscription, Region: p.row.region, Seen: b.looks.inventory.seen, Trace: p.row.trace,
	}
}

// written are all items of an owner for a notice, in their order, each once.
func (b *builder) written(k accKey, a *acc) []cutover.Item {
	items := make([]cutover.Item, 0, len(a.items)+len(a.picks))
	items = append(items, a.items...)
	for _, p := range a.picks {
		items = append(items, b.item(entry{k.n, int(p.service)}, p))
	}
	sortItems(items)
	return once(items)
}

// once drops what stands twice: pages of an inventory may overlap, and a place may
// be found by two rules. Items are sorted, so that a resource follows itself.
func once(items []cutover.Item) []cutover.Item {
	var seen map[string]bool
	n := 0
	for i := range items {
		it := &items[i]
		if it.Kind == cutover.ItemFinding {
			if seen[it.ID] {
				continue
			}
			if seen == nil {
				seen = map[string]bool{}
			}
			seen[it.ID] = true
		} else if n > 0 && items[n-1].Where == it.Where && itemKey(items[n-1]) == itemKey(*it) {
			continue
		}
		if n < i { // copy only behind what was dropped
			items[n] = *it
		}
		n++
	}
	return items[:n]
}
