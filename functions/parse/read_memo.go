package parse

import (
	"container/list"
	"encoding/binary"
	"maps"
	"slices"
	"sync"

	"cutover/functions/parse/doc"
	"cutover/functions/parse/extract"
	"cutover/shared/cutover"
)

// memo keeps the last readings of words, by the digest of the text and its
// structure: 200 subscriptions get 200 copies of one notice.
type memo struct {
	mu    sync.Mutex
	size  int
	order *list.List // front is the newest
	byKey map[string]*list.Element
}

type memoEntry struct {
	key string
	n   cutover.Notice
}

func newMemo(size int) *memo {
	return &memo{size: size, order: list.New(), byKey: map[string]*list.Element{}}
}

func (m *memo) get(key string) (cutover.Notice, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.byKey[key]
	if !ok {
		return cutover.Notice{}, false
	}
	m.order.MoveToFront(e)
	return clone(e.Value.(*memoEntry).n), true
}

func (m *memo) put(key string, n cutover.Notice) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.byKey[key]; ok {
		return
	}
	m.byKey[key] = m.order.PushFront(&memoEntry{key, clone(n)})
	if m.order.Len() > m.size {
		last := m.order.Back()
		delete(m.byKey, last.Value.(*memoEntry).key)
		m.order.Remove(last)
	}
}

// clone copies a notice, so that nobody shares its lists.
func clone(n cutover.Notice) cutover.Notice {
	for _, l := range []*[]string{&n.TrackingIDs, &n.Services, &n.Regions, &n.Clouds, &n.ExcludedClouds, &n.Subscriptions, &n.RequiredActions, &n.NoActionFor, &n.Reasons} {
		*l = slices.Clone(*l)
	}
	n.Milestones = slices.Clone(n.Milestones)
	for i := range n.Milestones {
		n.Milestones[i].Services = slices.Clone(n.Milestones[i].Services)
		n.Milestones[i].Regions = slices.Clone(n.Milestones[i].Regions)
	}
	n.Certificates = slices.Clone(n.Certificates)
	n.Evidence = maps.Clone(n.Evidence)
	n.Confidence = maps.Clone(n.Confidence)
	return n
}

// digest is the key of an input: its text and the shape of its blocks.
func digest(in extract.Input) string {
	parts := []string{in.EventType, map[bool]string{true: "fields", false: "words"}[in.Structured]}
	docs := in.Docs
	if in.Title != nil {
		parts = append(parts, "title")
		docs = append([]*doc.Doc{in.Title}, docs...)
	}
	for _, d := range docs {
		shape := make([]byte, 0, 8*len(d.Blocks))
		for _, b := range d.Blocks {
			shape = append(shape, byte(b.Kind), byte(b.Level), byte(b.Table), byte(len(b.Cells)), byte(len(b.Lines)))
			shape = binary.AppendUvarint(shape, uint64(b.Start))
		}
		for _, s := range d.Struck {
			shape = binary.AppendUvarint(shape, uint64(s.Start))
		}
		for _, l := range d.Links {
			shape = append(shape, l.URL...)
		}
		parts = append(parts, d.Part, d.Text, string(shape))
	}
	return cutover.Digest(parts...)
}
