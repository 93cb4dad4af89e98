package catalog

import (
	"strings"
	"unicode"

	"cutover/shared/cutover"
)

// Resolve finds the service that a notice means: by GUID, by an exact spelling
// without case, then loosely (without "Microsoft Azure", punctuation, plurals and a
// trailing "service"), then by the parts of a compound ("ExpressRoute \ ExpressRoute
// Circuits", "Azure Kubernetes Service (AKS)"). False means that the catalogue does
// not know the name, never that nothing is affected.
func (x *Index) Resolve(name string) (cutover.Service, bool) {
	const longest = 200 // bytes; no service has a name like that, and the text is foreign
	if len(name) > longest {
		return cutover.Service{}, false
	}
	if i, ok := x.byGUID[fold(name)]; ok {
		return x.services[i], true
	}
	for _, n := range readings(name) {
		if i, ok := x.lookup(n); ok {
			return x.services[i], true
		}
	}
	return cutover.Service{}, false
}

func (x *Index) lookup(name string) (int, bool) {
	if i, ok := x.byName[fold(name)]; ok {
		return i, true
	}
	l := loose(name)
	short, _ := strings.CutSuffix(l, " service")
	for _, try := range []string{l, short, l + " service"} {
		if i, ok := x.byLoose[try]; ok && try != "" {
			return i, true
		}
	}
	return 0, false
}

// readings are the ways to read a compound name, the whole first and the narrower
// part before the wider.
func readings(name string) []string {
	out := []string{name}
	if i := strings.LastIndex(name, `\`); i >= 0 {
		out = append(out, name[i+1:], name[:i])
	}
	open, end := strings.IndexByte(name, '('), strings.LastIndexByte(name, ')')
	if open > 0 && end > open {
		out = append(out, name[:open]+" "+name[end+1:], name[open+1:end])
	}
	return out
}

// fold is a spelling as it compares: lower case, single blanks.
func fold(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// loose reduces a spelling to its words: lower case, without punctuation, without a
// leading "Microsoft", "Windows" or "Azure", each word without a plural s. Words of
// up to three letters are abbreviations (AKS, DNS, DPS) and keep theirs.
func loose(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for len(words) > 1 && (words[0] == "microsoft" || words[0] == "windows" || words[0] == "azure") {
		words = words[1:]
	}
	kept := words[:0]
	for _, w := range words {
		if w == "and" {
			continue
		}
		if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
			w = w[:len(w)-1]
		}
		kept = append(kept, w)
	}
	return strings.Join(kept, " ")
}
