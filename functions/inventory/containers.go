package inventory

import (
	"cmp"
	"slices"

	"cutover/shared/cutover"
)

// cloud notes in which cloud a subscription has something; "global" says nothing.
func (l *look) cloud(subscription, region string) {
	if l.clouds[subscription] == nil {
		l.clouds[subscription] = map[string]bool{}
	}
	if region != "" && region != "global" {
		l.clouds[subscription][cutover.CloudOf(region)] = true
	}
}

// settle gives each subscription its cloud, and a row to those that have none: their
// resources count all the same.
func (l *look) settle() {
	l.bare = map[string]bool{}
	for id := range l.clouds {
		if _, ok := l.subs[id]; !ok {
			l.subs[id], l.bare[id] = cutover.Subscription{ID: id, Name: id}, true
		}
	}
	for id, s := range l.subs {
		s.Cloud = l.cloudOf(id)
		l.subs[id] = s
	}
}

// cloudOf tells a subscription's cloud from its resources: a subscription is in one
// cloud only. Without a telling resource it is the public one.
func (l *look) cloudOf(subscription string) string {
	if in := l.clouds[subscription]; len(in) == 1 {
		for c := range in {
			return c
		}
	}
	return cutover.CloudPublic
}

// subscriptions lists the rows. Those that were made up stand for what a complete
// look did not bring; an incomplete one may just have missed the real row, with its
// name and its tags, and must not overwrite it.
func (l *look) subscriptions(complete bool) []cutover.Subscription {
	out := make([]cutover.Subscription, 0, len(l.subs))
	for id, s := range l.subs {
		if complete || !l.bare[id] {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b cutover.Subscription) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func (l *look) groupList() []cutover.Group {
	out := make([]cutover.Group, 0, len(l.groups))
	for _, g := range l.groups {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b cutover.Group) int {
		return cmp.Or(cmp.Compare(a.Subscription, b.Subscription), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func (l *look) counts() map[string]int {
	out := map[string]int{countSubscriptions: len(l.subs), countGroups: len(l.groups), countResources: len(l.winners), countAnswers: len(l.files)}
	for _, w := range l.winners {
		if _, known := out[w.typ]; known || len(out) < maxTypes {
			out[w.typ]++
		}
	}
	return out
}
