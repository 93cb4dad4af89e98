package parse

import (
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// Identity is kept beside the provenance of a notice's facts, under names that no
// fact has: which tracking IDs stood first in a delivery, which stood after
// another, and which delivery of a live source confirmed one of them. A notice
// with a single ID needs no marks for the first two.
const (
	markFirst     = "identity/first/"
	markAlias     = "identity/alias/"
	markConfirmed = "identity/confirmed"
)

// surrogate begins the ID part of a key that Cutover gave for want of a tracking ID.
const surrogate = "~"

// keyOf is the key of a provider's tracking ID.
func keyOf(provider, id string) string {
	if provider == "" {
		provider = "azure"
	}
	return provider + ":" + id
}

// surrogateKey is the key of a notice without a tracking ID: 8 hex digits of the
// digest of its title, or of the delivery where there is no title either, so that
// untitled notices do not become one.
func surrogateKey(provider, title, delivery string) string {
	about := strings.ToLower(strings.Join(strings.Fields(title), " "))
	if about == "" {
		about = delivery
	}
	return keyOf(provider, surrogate+cutover.Digest(about)[:8])
}

// trackingID is the ID in a key; empty for a surrogate.
func trackingID(key string) string {
	_, id, _ := strings.Cut(key, ":")
	if strings.HasPrefix(id, surrogate) {
		return ""
	}
	return id
}

// standing is where tracking IDs stood in the deliveries of one notice.
type standing struct{ first, alias map[string]bool }

func standingOf(n cutover.Notice) standing {
	s := standing{first: map[string]bool{}, alias: map[string]bool{}}
	for name := range n.Provenance {
		if id, ok := strings.CutPrefix(name, markFirst); ok {
			s.first[id] = true
		}
		if id, ok := strings.CutPrefix(name, markAlias); ok {
			s.alias[id] = true
		}
	}
	if id := trackingID(n.Key); id != "" && len(s.first) == 0 {
		s.first[id] = true
	}
	return s
}

func (s standing) add(ids []string) {
	for i, id := range ids {
		if i == 0 {
			s.first[id] = true
		} else if id != ids[0] {
			s.alias[id] = true
		}
	}
}

// key picks the ID that names the notice. It depends on the deliveries alone, not
// on their order: an ID that stood first somewhere and never after another; of
// several such, the smallest. Where each stood after another somewhere, the
// smallest of those that stood first.
func (s standing) key() string {
	var roots, firsts []string
	for id := range s.first {
		firsts = append(firsts, id)
		if !s.alias[id] {
			roots = append(roots, id)
		}
	}
	switch {
	case len(roots) > 0:
		return slices.Min(roots)
	case len(firsts) > 0:
		return slices.Min(firsts)
	}
	return ""
}

// several reports whether there is anything to tell apart.
func (s standing) several() bool { return len(s.first) > 1 || len(s.alias) > 0 }

// mark writes the standing and the confirmation into a notice's provenance.
func mark(n *cutover.Notice, s standing, confirmed string) {
	marks := map[string]cutover.Origin{}
	if s.several() {
		for id := range s.first {
			marks[markFirst+id] = cutover.Origin{}
		}
		for id := range s.alias {
			marks[markAlias+id] = cutover.Origin{}
		}
	}
	if confirmed != "" {
		marks[markConfirmed] = cutover.Origin{Delivery: confirmed}
	}
	if len(marks) == 0 {
		return
	}
	all := make(map[string]cutover.Origin, len(n.Provenance)+len(marks))
	for name, o := range n.Provenance {
		all[name] = o
	}
	for name, o := range marks {
		all[name] = o
	}
	n.Provenance = all
}

func confirmedBy(n cutover.Notice) string { return n.Provenance[markConfirmed].Delivery }

// earlier picks one of two deliveries whatever their order; either may be empty.
func earlier(a, b string) string {
	if a == "" || (b != "" && b < a) {
		return b
	}
	return a
}

// inOrder puts the key's ID first and the others behind it, sorted, once each.
func inOrder(ids []string, key string) []string {
	first := trackingID(key)
	rest := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == first })
	slices.Sort(rest)
	rest = slices.Compact(rest)
	if first == "" {
		return rest
	}
	return append([]string{first}, rest...)
}
