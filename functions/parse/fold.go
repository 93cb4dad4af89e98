package parse

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/plan"
	"cutover/shared/store"
)

// folded is a notice in the works.
type folded struct {
	notice  cutover.Notice
	before  cutover.Notice // as it stands in the store
	known   int            // its revision there; 0: it is new
	changed map[string]bool
}

func (f *folded) untouched() bool { return reflect.DeepEqual(f.notice, f.before) }

// namesOf are the keys under which a reading's notice may be known, the likeliest
// first: its tracking IDs, or its surrogate and what a person linked that to.
func (p *pass) namesOf(r cutover.Reading) ([]string, error) {
	n := r.Notice
	var names []string
	for _, id := range n.TrackingIDs {
		names = append(names, keyOf(n.Provider, id))
	}
	if len(names) > 0 {
		return names, nil
	}
	own := surrogateKey(n.Provider, n.Title, r.Delivery)
	linked, err := p.linked(own)
	if err != nil {
		return nil, err
	}
	if linked != "" {
		names = append(names, keyOf(n.Provider, linked))
	}
	return append(names, own), nil
}

// linked is the tracking ID that a person linked a surrogate key to.
func (p *pass) linked(key string) (string, error) {
	to := ""
	for d, err := range p.tx.Decisions(key) {
		if err != nil {
			return "", fmt.Errorf("loading decisions on notice %s: %w", key, err)
		}
		if d.Kind == cutover.DecideLink {
			to = d.To
		}
	}
	return to, nil
}

// find gives the notice known under a key or an alias; nil if there is none.
func (p *pass) find(name string) (*folded, error) {
	key, ok := p.leads[name]
	if !ok {
		key = name
	}
	if f := p.open[key]; f != nil {
		return f, nil
	}
	n, err := p.tx.Notice(name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("loading notice %s: %w", name, err)
	}
	if f := p.open[n.Key]; f != nil {
		p.leads[name] = n.Key
		return f, nil
	}
	f := &folded{notice: n, before: n, known: n.Revision, changed: map[string]bool{}}
	p.keep(f, name)
	return f, nil
}

func (p *pass) keep(f *folded, names ...string) {
	p.open[f.notice.Key] = f
	for _, name := range names {
		p.leads[name] = f.notice.Key
	}
	for _, id := range f.notice.TrackingIDs {
		p.leads[keyOf(f.notice.Provider, id)] = f.notice.Key
	}
}

// fold puts one reading into its notice, which is made or merged where that is due.
func (p *pass) fold(d cutover.Delivery, r cutover.Reading) (*folded, error) {
	names, err := p.namesOf(r)
	if err != nil {
		return nil, err
	}
	var found []*folded
	for _, name := range names {
		f, err := p.find(name)
		if err != nil {
			return nil, err
		}
		if f != nil && !slices.Contains(found, f) {
			found = append(found, f)
		}
	}
	s := standing{first: map[string]bool{}, alias: map[string]bool{}}
	for _, f := range found {
		s.join(standingOf(f.notice))
	}
	s.add(idsOf(names))
	key, err := p.name(s, found, names, r)
	if err != nil {
		return nil, err
	}
	if len(found) > 1 || len(found) == 1 && found[0].notice.Key != key {
		return p.merge(key, s, found, d, r)
	}
	f := &folded{changed: map[string]bool{}}
	if len(found) == 1 {
		f = found[0]
	}
	f.apply(key, s, d, r, names, p.now)
	p.keep(f, names...)
	return f, nil
}

// name picks the key. One that is an alias already stays an alias: people and
// tickets name the notice by the other one by now. (Only texts that contradict
// each other about which ID comes first get that far.)
func (p *pass) name(s standing, found []*folded, names []string, r cutover.Reading) (string, error) {
	id := s.key()
	if id == "" {
		return names[len(names)-1], nil
	}
	key := keyOf(r.Notice.Provider, id)
	f, err := p.find(key)
	if err != nil {
		return "", err
	}
	if f != nil && slices.Contains(found, f) {
		key = f.notice.Key
	}
	return key, nil
}

func idsOf(names []string) []string {
	var ids []string
	for _, name := range names {
		if id := trackingID(name); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// apply folds one reading in and counts the revision up if a fact changed.
func (f *folded) apply(key string, s standing, d cutover.Delivery, r cutover.Reading, names []string, seen time.Time) {
	r.Notice.TrackingIDs = idsOf(names) // a person may have linked the ID
	was := f.notice
	was.Key = key
	n, changed := plan.Fold(was, r, seen)
	n.TrackingIDs = inOrder(n.TrackingIDs, key)
	by := confirmedBy(was)
	if live(d) {
		by = earlier(by, d.ID)
	}
	mark(&n, s, by)
	n.Revision = was.Revision
	if len(changed) > 0 || was.Revision == 0 {
		n.Revision++
	}
	for _, c := range changed {
		f.changed[c] = true
	}
	f.notice = n
}
