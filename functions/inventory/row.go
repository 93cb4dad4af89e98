package inventory

import (
	"errors"
	"fmt"
	"strings"

	"cutover/shared/catalog"
	"cutover/shared/cutover"
)

// Types of rows that are no resources.
const (
	typeSubscription = "microsoft.resources/subscriptions"
	typeGroup        = "microsoft.resources/subscriptions/resourcegroups"
	typeGroupOther   = "microsoft.resources/resourcegroups"
	typeManagement   = "microsoft.management/managementgroups"
)

// Azure's own limits are below these; a longer value is no value of Azure's.
const (
	maxID   = 2048 // bytes; resource ids end near 1,100
	maxTag  = 4096 // bytes; 512 for a key, 256 for a value
	maxTags = 200  // 50 on a resource
)

// reading turns rows into the words of the ground floor. It holds what it has learnt
// about the spelling of keys, and is not for concurrent use.
type reading struct {
	want  map[string]bool   // first words of the columns that are needed, lower case
	paths [][]string        // of the properties to keep, in words
	names []string          // the same, as they are kept
	keys  map[string]string // raw key → lower case, or "" for one that nobody needs
	cols  map[string][]byte // of the row at hand
}

func newReading(paths []string) *reading {
	rd := &reading{want: map[string]bool{}, keys: map[string]string{}, cols: map[string][]byte{}, names: paths}
	for _, k := range []string{"id", "name", "type", "location", "resourcegroup", "subscriptionid", "tags"} {
		rd.want[k] = true
	}
	for _, p := range paths {
		words := strings.Split(p, ".")
		rd.want[strings.ToLower(words[0])] = true
		rd.paths = append(rd.paths, words)
	}
	return rd
}

// found is one row, read: exactly one of its fields is set, or none for a row that
// the inventory has no use for.
type found struct {
	subscription *cutover.Subscription
	group        *cutover.Group
	resource     *cutover.Resource
}

func (rd *reading) read(r row) (found, error) {
	if err := rd.columns(r); err != nil {
		return found{}, err
	}
	v := values{rd: rd}
	id := v.text("id", maxID)
	name, typ, sub := v.text("name", maxID), cutover.Fold(v.text("type", maxID)), cutover.Fold(v.text("subscriptionid", maxID))
	group, location := cutover.Fold(v.text("resourcegroup", maxID)), v.text("location", maxID)
	tags := v.tags()
	if v.err != nil {
		return found{}, v.err
	}
	parts := split(id)
	if id == "" {
		return found{}, errors.New("it has no id")
	}
	typ, sub, group = first(typ, parts.typ), first(sub, parts.subscription), first(group, parts.group)
	switch {
	case typ == typeManagement:
		return found{}, nil
	case typ == "":
		return found{}, errors.New("it has no type, and its id shows none")
	case sub == "":
		return found{}, errors.New("it has no subscriptionId, and its id shows none")
	case typ == typeSubscription:
		return found{subscription: &cutover.Subscription{ID: sub, Name: first(name, sub), Tags: tags}}, nil
	case typ == typeGroup || typ == typeGroupOther:
		if name = first(cutover.Fold(name), group); name == "" {
			return found{}, errors.New("it is a resource group without a name")
		}
		return found{group: &cutover.Group{Subscription: sub, Name: name, Tags: tags}}, nil
	}
	region := catalog.Region(location)
	return found{resource: &cutover.Resource{
		ID: id, Name: first(name, parts.name), Type: typ, Subscription: sub, Group: group,
		Region: region, Cloud: cutover.CloudOf(region), Tags: tags, Properties: rd.properties(),
	}}, nil
}

// columns finds the needed columns of a row.
func (rd *reading) columns(r row) error {
	clear(rd.cols)
	if r.cols == nil {
		if len(r.raw) == 0 || r.raw[0] != '{' {
			return fmt.Errorf("it is %s, not an object", kindOrNull(r.raw))
		}
		members(r.raw, func(key, value []byte) bool {
			if k := rd.key(key); k != "" {
				rd.cols[k] = value
			}
			return true
		})
		return nil
	}
	n := 0
	elements(r.raw, func(i int, value []byte) {
		n++
		if i < len(r.cols) && rd.want[r.cols[i]] {
			rd.cols[r.cols[i]] = value
		}
	})
	if n != len(r.cols) || r.raw[0] != '[' {
		return fmt.Errorf("it has %d values for %d columns", n, len(r.cols))
	}
	return nil
}

// key is the lower-case name of a needed column. The few spellings that occur are
// remembered; a file that makes them up is not.
func (rd *reading) key(raw []byte) string {
	if k, ok := rd.keys[string(raw)]; ok {
		return k
	}
	k, err := text(raw)
	if k = strings.ToLower(k); err != nil || !rd.want[k] {
		k = ""
	}
	if len(rd.keys) < 1000 {
		rd.keys[string(raw)] = k
	}
	return k
}

// properties keeps the values at the wanted paths. Azure compares property names
// without case, and so does this.
func (rd *reading) properties() map[string]string {
	var out map[string]string
	for i, words := range rd.paths {
		raw, ok := rd.cols[strings.ToLower(words[0])]
		if !ok {
			continue
		}
		for _, w := range words[1:] {
			raw = member(raw, w)
		}
		if v, ok := scalar(raw); ok && len(v) <= maxTag {
			if out == nil {
				out = map[string]string{}
			}
			out[rd.names[i]] = v
		}
	}
	return out
}

// member is the value of a member, or nil. An object may stand in a string.
func member(raw []byte, name string) []byte {
	raw, err := unwrap(raw)
	if err != nil {
		return nil
	}
	var out []byte
	members(raw, func(key, value []byte) bool {
		if len(key) == len(name)+2 && strings.EqualFold(string(key[1:len(key)-1]), name) {
			out = value
			return false
		}
		return true
	})
	return out
}
