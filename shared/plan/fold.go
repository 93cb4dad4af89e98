package plan

import (
	"maps"
	"slices"
	"strings"
	"time"

	"cutover/shared/cutover"
)

// Fold takes one reading into a notice and says which facts changed their value.
// firstSeen is when this delivery was read; the notice keeps the earliest.
//
// Merging is per fact: a structured field before prose, newer before older, and
// between equals the delivery with the larger id. So the order in which readings
// arrive does not matter, and an older delivery that comes late settles nothing that
// a newer one has said. Absence deletes nothing. Evidence and confidence travel with
// their fact; a fact that is said again in the same words is no change.
//
// known is not modified; the zero Notice stands for none.
func Fold(known cutover.Notice, r cutover.Reading, firstSeen time.Time) (cutover.Notice, []string) {
	f := newFolder(known, r)
	in, out := &r.Notice, &f.out
	f.identity()
	f.text("title", in.Title != "", out.Title != in.Title, func() { out.Title = in.Title })
	f.text("required_actions", len(in.RequiredActions) > 0, !slices.Equal(out.RequiredActions, in.RequiredActions), func() { out.RequiredActions = in.RequiredActions })
	f.text("no_action_for", len(in.NoActionFor) > 0, !slices.Equal(out.NoActionFor, in.NoActionFor), func() { out.NoActionFor = in.NoActionFor })
	f.text("language", in.Language != "", false, func() { out.Language = in.Language })
	f.value("event_type", &out.EventType, in.EventType, cutover.EventUnknown)
	f.value("topic", &out.Topic, in.Topic, cutover.TopicOther)
	f.value("stage", &out.Stage, in.Stage, "")
	f.quiet("link", in.Link != "", func() { out.Link = in.Link })
	f.quiet("issued", in.Issued != "", func() { out.Issued = in.Issued })
	f.flag("action_required", &out.ActionRequired, in.ActionRequired)
	f.flag("pinning_condition", &out.PinningCondition, in.PinningCondition)
	f.flag("test", &out.Test, in.Test)
	f.flag("cancelled", &out.Cancelled, in.Cancelled)
	f.list("services", &out.Services, in.Services, foldName)
	f.list("regions", &out.Regions, in.Regions, cutover.Region)
	f.list("clouds", &out.Clouds, in.Clouds, strings.ToLower)
	f.list("excluded_clouds", &out.ExcludedClouds, in.ExcludedClouds, strings.ToLower)
	f.union("subscriptions", &out.Subscriptions, in.Subscriptions)
	f.milestones()
	f.certificates()
	f.verdict()
	return f.done(known, firstSeen)
}

// folder is one run of Fold.
type folder struct {
	out        cutover.Notice
	in         *cutover.Notice
	origin     cutover.Origin // without Structured, which is per fact
	structured map[string]bool
	changed    []string
}

func newFolder(known cutover.Notice, r cutover.Reading) *folder {
	f := &folder{out: known, in: &r.Notice, origin: cutover.Origin{Delivery: r.Delivery, Stamp: r.Stamp.UTC()}, structured: set(r.Structured, nil)}
	f.out.Provenance = orEmpty(maps.Clone(known.Provenance))
	f.out.Evidence = orEmpty(maps.Clone(known.Evidence))
	f.out.Confidence = orEmpty(maps.Clone(known.Confidence))
	return f
}

func orEmpty[V any](m map[string]V) map[string]V {
	if m == nil {
		m = map[string]V{}
	}
	return m
}

// identity keeps the key, and all tracking IDs as its aliases, the key's own first.
func (f *folder) identity() {
	out, in := &f.out, f.in
	if out.Provider == "" {
		out.Provider = in.Provider
	}
	if out.Key == "" {
		out.Key = in.Key
	}
	if out.Key == "" && len(in.TrackingIDs) > 0 {
		out.Key = in.Provider + ":" + in.TrackingIDs[0]
	}
	_, own, _ := strings.Cut(out.Key, ":")
	aliases := slices.DeleteFunc(slices.Clone(out.TrackingIDs), func(id string) bool { return id == own })
	slices.Sort(aliases)
	rest := slices.DeleteFunc(slices.Clone(in.TrackingIDs), func(id string) bool { return id == own })
	f.union("tracking_ids", &aliases, rest)
	if slices.Contains(in.TrackingIDs, own) || slices.Contains(out.TrackingIDs, own) {
		aliases = slices.Insert(slices.Clone(aliases), 0, own)
	}
	out.TrackingIDs = aliases
}

// done ends a run: bookkeeping that no delivery states.
func (f *folder) done(known cutover.Notice, firstSeen time.Time) (cutover.Notice, []string) {
	out := &f.out
	if len(f.changed) > 0 {
		out.Revision++
	}
	if !firstSeen.IsZero() && (known.FirstSeen.IsZero() || firstSeen.Before(known.FirstSeen)) {
		out.FirstSeen = firstSeen.UTC()
	}
	out.Updated = time.Time{}
	for _, o := range out.Provenance {
		if o.Stamp.After(out.Updated) {
			out.Updated = o.Stamp
		}
	}
	slices.Sort(f.changed)
	return *out, slices.Compact(f.changed)
}
