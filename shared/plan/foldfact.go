package plan

import (
	"cmp"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// beats reports whether a fact of origin a stands against one of origin b. The same
// delivery read again stands against its older reading.
func beats(a, b cutover.Origin) bool {
	if a.Structured != b.Structured {
		return a.Structured
	}
	return cmp.Or(a.Stamp.Compare(b.Stamp), cmp.Compare(a.Delivery, b.Delivery)) >= 0
}

// of is the origin of a fact of this reading. A fact counts as structured if its
// name, or the name of what it is part of, is said to be.
func (f *folder) of(fact string) cutover.Origin {
	o := f.origin
	for name := fact; ; {
		if f.structured[name] {
			o.Structured = true
			return o
		}
		i := strings.LastIndexByte(name, '/')
		if i < 0 {
			return o
		}
		name = name[:i]
	}
}

// settle takes over a fact if its origin stands; changed reports whether its value
// is another one.
func (f *folder) settle(fact string, changed bool, apply func()) bool {
	o := f.of(fact)
	if old, ok := f.out.Provenance[fact]; ok && !beats(o, old) {
		return false
	}
	f.out.Provenance[fact] = o
	f.carry(fact, fact)
	apply()
	if changed {
		f.changed = append(f.changed, fact)
	}
	return true
}

// carry takes the evidence and the confidence of a fact along.
func (f *folder) carry(from, to string) {
	if e, ok := f.in.Evidence[from]; ok {
		f.out.Evidence[to] = e
	} else {
		delete(f.out.Evidence, to)
	}
	if c, ok := f.in.Confidence[from]; ok {
		f.out.Confidence[to] = c
	} else {
		delete(f.out.Confidence, to)
	}
}

// value folds a fact with a word that says nothing.
func (f *folder) value(fact string, out *string, in, nothing string) {
	if in != "" && in != nothing {
		f.settle(fact, *out != in, func() { *out = in })
	} else if *out == "" {
		*out = nothing
	}
}

// quiet folds a fact that differs from copy to copy and changes nothing.
func (f *folder) quiet(fact string, stated bool, apply func()) {
	if stated {
		f.settle(fact, false, apply)
	}
}

// flag folds a fact that is stated when it is true, or when something is quoted or
// structured for its being false.
func (f *folder) flag(fact string, out *bool, in bool) {
	_, quoted := f.in.Evidence[fact]
	if in || quoted || f.structured[fact] {
		f.settle(fact, *out != in, func() { *out = in })
	}
}

// union folds a list of which every reading may hold a part.
func (f *folder) union(fact string, out *[]string, in []string) {
	added := false
	list := *out
	for _, s := range in {
		i, found := slices.BinarySearch(list, s)
		if found {
			continue
		}
		if !added {
			list, added = slices.Clone(list), true
		}
		list = slices.Insert(list, i, s)
	}
	if added {
		*out = list
		f.changed = append(f.changed, fact)
	}
	for _, s := range in {
		key := fact + "/" + s
		if _, ok := f.in.Evidence[key]; ok {
			f.settle(key, false, func() {})
		}
	}
}
