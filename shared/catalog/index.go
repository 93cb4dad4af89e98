package catalog

import (
	"cmp"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// Index answers questions about the catalogue. Make one with Load.
type Index struct {
	services []cutover.Service
	byGUID   map[string]int
	byName   map[string]int // folded spellings
	byLoose  map[string]int // see loose
	names    []string
	paths    []string
	cas      caIndex
}

// Load builds the index from the built-in data.
func Load() (*Index, error) {
	f, err := readServices()
	if err != nil {
		return nil, err
	}
	cas, err := readCAs()
	if err != nil {
		return nil, err
	}
	x := &Index{
		services: f.Services,
		byGUID:   map[string]int{},
		byName:   map[string]int{},
		byLoose:  map[string]int{},
		cas:      newCAIndex(cas),
	}
	for i, s := range f.Services {
		if s.GUID != "" {
			x.byGUID[strings.ToLower(s.GUID)] = i
		}
		for _, n := range spellings(s) {
			x.byName[fold(n)] = i
			x.byLoose[loose(n)] = i
		}
	}
	x.names = proseNames(f)
	x.paths = propertyPaths(f.Services)
	return x, nil
}

// Services is the whole map, by name.
func (x *Index) Services() []cutover.Service { return slices.Clone(x.services) }

// Names lists the spellings that a scanner of prose may look for, the longest
// first, so that "Azure Front Door (classic)" is found before "Azure Front Door".
// Everyday words ("alerts", "storage") stand here only with "Azure" before them;
// Resolve knows them bare.
func (x *Index) Names() []string { return slices.Clone(x.names) }

// PropertyPaths lists the paths that predicates and moved flags read, sorted. An
// inventory keeps these and no others.
func (x *Index) PropertyPaths() []string { return slices.Clone(x.paths) }

func spellings(s cutover.Service) []string {
	return append([]string{s.Name}, s.Aliases...)
}

func proseNames(f serviceFile) []string {
	var out []string
	for _, s := range f.Services {
		for _, n := range spellings(s) {
			if slices.Contains(f.Plain, fold(n)) {
				n = "Azure " + n
			}
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(fold(a), fold(b)))
	})
	return slices.CompactFunc(out, func(a, b string) bool { return fold(a) == fold(b) })
}

func propertyPaths(services []cutover.Service) []string {
	var out []string
	for _, s := range services {
		for _, p := range s.Where {
			out = append(out, p.Path)
		}
		if s.Moved != nil {
			out = append(out, s.Moved.Path)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
