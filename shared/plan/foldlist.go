package plan

import (
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// list folds services, regions and clouds. What a structured field lists is the
// provider's present state: the newest such list stands as a whole, and prose does
// not touch it. Prose names what it needs: a reminder that names one of three
// services takes back none, so what prose named adds up.
func (f *folder) list(fact string, out *[]string, in []string, fold func(string) string) {
	if len(in) == 0 {
		return
	}
	mine := f.of(fact)
	whole, known := f.out.Provenance[fact]
	switch {
	case known && whole.Structured && !mine.Structured:
		return
	case known && whole.Structured && mine.Stamp.Before(whole.Stamp):
		return
	case mine.Structured && (!whole.Structured || mine.Stamp.After(whole.Stamp)):
		f.replace(fact, out, in, fold)
	}
	if !known || beats(mine, whole) {
		f.out.Provenance[fact] = mine
		f.carry(fact, fact)
	}
	changed := false
	list := slices.Clone(*out)
	for _, name := range in {
		key := fact + "/" + fold(name)
		i := slices.IndexFunc(list, func(s string) bool { return fold(s) == fold(name) })
		if old, ok := f.out.Provenance[key]; ok && i >= 0 && !beats(mine, old) {
			continue
		}
		if i < 0 {
			list, changed = append(list, name), true
		} else {
			f.forget(fact + "/" + list[i])
			list[i] = name
		}
		f.out.Provenance[key] = mine
		f.carry(fact+"/"+name, fact+"/"+name)
	}
	slices.SortFunc(list, func(a, b string) int { return strings.Compare(fold(a), fold(b)) })
	*out = list
	if changed {
		f.changed = append(f.changed, fact)
	}
}

// replace drops what a newer structured list does not hold.
func (f *folder) replace(fact string, out *[]string, in []string, fold func(string) string) {
	kept := slices.DeleteFunc(slices.Clone(*out), func(s string) bool {
		if slices.ContainsFunc(in, func(x string) bool { return fold(x) == fold(s) }) {
			return false
		}
		f.forget(fact + "/" + s)
		delete(f.out.Provenance, fact+"/"+fold(s))
		return true
	})
	if len(kept) < len(*out) {
		f.changed = append(f.changed, fact)
	}
	*out = kept
}

func (f *folder) forget(fact string) {
	delete(f.out.Evidence, fact)
	delete(f.out.Confidence, fact)
}

// text folds words for people. English goes before other languages, whatever their
// stamps, and a translation is no change. The language stands in the origin's name.
func (f *folder) text(fact string, stated, differs bool, apply func()) {
	if !stated {
		return
	}
	old, lang := cutover.Origin{}, ""
	known := false
	for _, l := range f.languages(fact) {
		old, lang, known = f.out.Provenance[fact+"@"+l], l, true
	}
	mine := f.of(fact)
	switch {
	case known && rank(f.in.Language) < rank(lang):
		return
	case known && rank(f.in.Language) == rank(lang) && !beats(mine, old):
		return
	}
	delete(f.out.Provenance, fact+"@"+lang)
	f.out.Provenance[fact+"@"+f.in.Language] = mine
	f.carry(fact, fact)
	apply()
	if differs && (!known || lang == f.in.Language) {
		f.changed = append(f.changed, fact)
	}
}

// languages are the languages in which a fact is known: none or one.
func (f *folder) languages(fact string) []string {
	var out []string
	for key := range f.out.Provenance {
		if name, lang, ok := strings.Cut(key, "@"); ok && name == fact {
			out = append(out, lang)
		}
	}
	return out
}

func rank(language string) int {
	switch language {
	case "en":
		return 2
	case "":
		return 1
	}
	return 0
}
