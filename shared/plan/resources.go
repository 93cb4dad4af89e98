package plan

import "slices"

// readResources holds each row against the notices that mean its type.
func (b *builder) readResources() error {
	b.indexTypes()
	if b.in.Resources == nil {
		return nil
	}
	var hits []*notice
	var id []byte
	for r, err := range b.in.Resources {
		if err != nil {
			return err
		}
		entries := b.types[r.Type]
		id = foldInto(id, r.ID)
		refs := b.known.resources[string(id)]
		if len(entries) == 0 && len(refs) == 0 {
			continue
		}
		x := newRow(r)
		hits = b.hold(&x, b.near(&x), hits[:0])
		for _, ref := range refs {
			if n := b.known.actions[ref.action].n; n != nil && !slices.Contains(hits, n) {
				b.known.rows[ref] = b.rowVerdict(n, b.known.item(ref), &x)
			}
		}
	}
	return nil
}

// typeRegion is where a resource is, as far as most notices ask.
type typeRegion struct{ typ, region string }

// near lists the entries of the row's type whose notices reach its region, in
// their order: most notices name regions, and most rows are elsewhere.
func (b *builder) near(x *row) []entry {
	key := typeRegion{x.r.Type, x.region}
	near, ok := b.nearby[key]
	if !ok {
		for _, e := range b.types[x.r.Type] {
			if e.n.reaches(x.region) {
				near = append(near, e)
			}
		}
		b.nearby[key] = near
	}
	return near
}

// hold makes the row's items and says for which notices.
func (b *builder) hold(x *row, entries []entry, hits []*notice) []*notice {
	var last *notice
	var kept *keptRow
	team, made := "", false
	for _, e := range entries {
		if e.n != last {
			last, made = e.n, false
		}
		code := e.n.judge(e.i, x, b.in.Policy, b.now)
		s := &e.n.services[e.i]
		switch code {
		case outCloud, outExcluded:
			s.elsewhere++
		case outUnnamed:
			s.unnamed++
		case outWhere:
			if s.blind(x) {
				s.untyped++
			}
		}
		if !code.concerned() {
			continue
		}
		s.reached++
		switch code {
		case reachMoved:
			s.moved++
		case reachUntold:
			s.untold++
		default:
			s.items++
		}
		if !code.item() || made {
			continue
		}
		made = true
		b.fact[e.n].reached++
		if e.n.n.PinningCondition {
			continue
		}
		if kept == nil {
			kept = b.slab.keep(x, b.where(x))
			team, kept.trace = b.owners.OwnerOfResource(x.r)
		}
		hits = append(hits, e.n)
		b.pick(e, team, pick{row: kept, service: int32(e.i), code: code, value: flagValue(s, code, x)})
	}
	return hits
}

// flagValue is what the property that tells says, where the reason quotes it.
func flagValue(s *service, code reach, x *row) string {
	if code != reachStays {
		return ""
	}
	return x.r.Properties[s.flag.Path]
}

// foldInto lowers an id without a new string for each row. Ids are ASCII where it
// matters; other bytes stay.
func foldInto(buf []byte, id string) []byte {
	buf = append(buf[:0], id...)
	for i, c := range buf {
		if c >= 'A' && c <= 'Z' {
			buf[i] = c + ('a' - 'A')
		}
	}
	return buf
}
