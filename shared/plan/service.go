package plan

import (
	"slices"
	"strings"
	"unicode"

	"cutover/shared/cutover"
)

// services finds an entry of the service map by the name that a notice uses.
// Reading a notice already writes canonical names; this is the net beneath it.
type services struct {
	all   []cutover.Service // by name
	exact map[string]int
	loose map[string]int
}

func newServices(all []cutover.Service) services {
	x := services{all: slices.Clone(all), exact: map[string]int{}, loose: map[string]int{}}
	slices.SortStableFunc(x.all, func(a, b cutover.Service) int { return strings.Compare(a.Name, b.Name) })
	for i, s := range x.all { // a canonical name beats another's alias
		put(x.exact, foldName(s.Name), i)
		put(x.exact, foldName(s.GUID), i)
	}
	for i, s := range x.all {
		for _, a := range s.Aliases {
			put(x.exact, foldName(a), i)
		}
	}
	for i, s := range x.all {
		put(x.loose, looseName(s.Name), i)
	}
	for i, s := range x.all {
		for _, a := range s.Aliases {
			put(x.loose, looseName(a), i)
		}
	}
	return x
}

// find is nil for a name that the map does not know. That is never good news.
func (x services) find(name string) *cutover.Service {
	i, ok := x.exact[foldName(name)]
	if !ok {
		i, ok = x.loose[looseName(name)]
	}
	if !ok {
		return nil
	}
	return &x.all[i]
}

// foldName is a name as it compares: lower case, single blanks.
func foldName(s string) string {
	if !tidy(s) {
		s = strings.Join(strings.Fields(s), " ")
	}
	return strings.ToLower(s)
}

// tidy reports whether a name is plain ASCII with single blanks, as nearly all are:
// then there is nothing to take apart.
func tidy(s string) bool {
	blank := true // before the first letter none may stand
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == ' ' && blank {
			return false
		}
		blank = c == ' '
	}
	return !blank || s == ""
}

// looseName reduces a name to its words, without the vendor in front and without
// plurals.
func looseName(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for len(words) > 1 && (words[0] == "microsoft" || words[0] == "azure") {
		words = words[1:]
	}
	for i, w := range words {
		if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
			words[i] = w[:len(w)-1]
		}
	}
	return strings.Join(words, " ")
}
