package parse

import (
	"strings"

	"cutover/functions/parse/alert"
	"cutover/functions/parse/doc"
	"cutover/functions/parse/extract"
	"cutover/shared/cutover"
)

// eventTypes maps the provider's words; unknown ones stay unknown.
var eventTypes = map[string]string{
	"incident": cutover.EventServiceIssue, "serviceissue": cutover.EventServiceIssue, "rca": cutover.EventServiceIssue, "emergingissues": cutover.EventServiceIssue, "emergingissue": cutover.EventServiceIssue,
	"maintenance": cutover.EventPlannedMaintenance, "plannedmaintenance": cutover.EventPlannedMaintenance,
	"informational": cutover.EventHealthAdvisory, "actionrequired": cutover.EventHealthAdvisory, "healthadvisory": cutover.EventHealthAdvisory,
	"security": cutover.EventSecurityAdvisory, "securityadvisory": cutover.EventSecurityAdvisory, "billing": cutover.EventBilling,
}

// eventReader fills one reading from the fields of an event and its words.
type eventReader struct {
	out   cutover.Reading
	n     *cutover.Notice
	index *extract.Index
}

// readEvent reads one event: fields first, then what only the words say.
func (r *Reader) readEvent(d cutover.Delivery, e *alert.Event) cutover.Reading {
	var docs []*doc.Doc
	for _, p := range e.Prose {
		if p.HTML {
			docs = append(docs, doc.FromHTML(p.Part, p.Text))
		} else {
			docs = append(docs, doc.FromText(p.Part, p.Text))
		}
	}
	kind := eventTypes[strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(e.EventType.Quote))]
	in := extract.Input{Docs: docs, EventType: kind, Structured: true}
	if e.Title.Set() {
		in.Title = subjectDoc(e.Title.Text)
		in.Title.Part = e.Title.Part
	}
	er := &eventReader{index: r.index, out: cutover.Reading{Delivery: d.ID, Stamp: d.Received.UTC(), Notice: r.words(in)}}
	er.n = &er.out.Notice
	if in.Title != nil {
		er.out.Parts = append(er.out.Parts, part(in.Title))
	}
	for _, x := range docs {
		er.out.Parts = append(er.out.Parts, part(x))
	}
	er.fields(e, kind)
	er.milestones(e)
	er.n.Reasons = append(er.n.Reasons, e.Reasons...)
	judgeEvent(er.n, docs)
	return er.out
}

// fields takes over what the provider says in fields.
func (er *eventReader) fields(e *alert.Event, kind string) {
	n := er.n
	n.Test = e.Test
	if e.Title.Set() {
		n.Title = e.Title.Text
		er.fact("title", "title", e.Title)
	}
	if kind != "" {
		n.EventType = kind
		er.fact("event_type", "event_type", e.EventType)
	}
	if e.TrackingID.Set() {
		n.TrackingIDs = []string{strings.ToUpper(e.TrackingID.Quote)}
		er.fact("tracking_ids", "tracking_ids/"+n.TrackingIDs[0], e.TrackingID)
	}
	if e.Stage.Set() {
		n.Stage = e.Stage.Quote
		er.fact("stage", "stage", e.Stage)
		if strings.EqualFold(n.Stage, "canceled") || strings.EqualFold(n.Stage, "cancelled") {
			n.Cancelled = true
			er.fact("cancelled", "cancelled", e.Stage)
		}
	}
	for _, v := range e.Services {
		s := er.index.Canonical(v.Quote)
		n.Services = er.list("services", n.Services, s, v)
	}
	for _, v := range e.Regions {
		n.Regions = er.list("regions", n.Regions, er.index.Region(v.Quote), v)
	}
	for _, v := range e.Subscriptions {
		n.Subscriptions = er.list("subscriptions", n.Subscriptions, strings.ToLower(v.Quote), v)
	}
	if t := alert.Time(e.Issued.Quote); !t.IsZero() {
		// The day as it is written, in the zone that it is written in.
		n.Issued = cutover.DateOf(t)
		if day := cutover.Date(e.Issued.Quote[:min(10, len(e.Issued.Quote))]); day.Valid() {
			n.Issued = day
		}
		er.fact("issued", "issued", e.Issued)
	} else {
		n.Issued = ""
		delete(n.Evidence, "issued")
	}
	for _, v := range []alert.Value{e.Updated, e.Issued} {
		if t := alert.Time(v.Quote); !t.IsZero() {
			er.out.Stamp = t
			break
		}
	}
	if strings.EqualFold(e.EventType.Quote, "actionrequired") {
		n.ActionRequired = true
		er.fact("action_required", "action_required", e.EventType)
	}
}

// fact notes the evidence of a field, and that it came from one.
func (er *eventReader) fact(field, key string, v alert.Value) {
	er.n.Evidence[key] = er.evidence(v)
	for _, s := range er.out.Structured {
		if s == field {
			return
		}
	}
	er.out.Structured = append(er.out.Structured, field)
}

// evidence keeps the part of a value and quotes it.
func (er *eventReader) evidence(v alert.Value) cutover.Evidence {
	known := false
	for _, p := range er.out.Parts {
		known = known || p.Name == v.Part
	}
	if !known {
		er.out.Parts = append(er.out.Parts, cutover.Part{Name: v.Part, Text: v.Text, Deriver: doc.Version})
	}
	return cutover.Evidence{Part: v.Part, Quote: v.Quote, Offset: v.Offset, Length: len(v.Quote)}
}

func (er *eventReader) list(field string, list []string, value string, v alert.Value) []string {
	for _, x := range list {
		if x == value {
			return list
		}
	}
	er.fact(field, field+"/"+value, v)
	return append(list, value)
}

// milestones adds those that stand in fields: the window of a maintenance that
// is not over, and the end of a retirement when the words name none.
func (er *eventReader) milestones(e *alert.Event) {
	n := er.n
	start, end := alert.Time(e.ImpactStart.Quote), alert.Time(e.ImpactEnd.Quote)
	if n.EventType == cutover.EventPlannedMaintenance {
		n.Milestones = nil
		if over(n) || start.IsZero() {
			return
		}
		m := cutover.Milestone{Kind: cutover.KindOther, Start: cutover.DateOf(start), Precision: cutover.PrecisionDay, Evidence: er.evidence(e.ImpactStart)}
		if !end.IsZero() {
			m.End = cutover.DateOf(end)
		}
		n.Milestones = append(n.Milestones, m)
		er.out.Structured = append(er.out.Structured, "milestones")
		return
	}
	if end.IsZero() || (n.EventType != cutover.EventHealthAdvisory && n.EventType != cutover.EventUnknown) {
		return
	}
	retires := strings.EqualFold(e.SubType.Quote, "retirement") || n.Topic == cutover.TopicRetirement
	if !retires || len(n.Milestones) > 0 {
		return
	}
	n.Milestones = append(n.Milestones, cutover.Milestone{Kind: cutover.KindRetirement, Start: cutover.DateOf(end), Precision: cutover.PrecisionDay, Evidence: er.evidence(e.ImpactEnd)})
	n.Confidence["milestones/retirement/"+string(cutover.DateOf(end))] = cutover.Confidence{Level: "medium", Reason: "only the field impactMitigationTime names the date, the words do not"}
	er.out.Structured = append(er.out.Structured, "milestones")
}

// over reports whether a maintenance has ended or will not come.
func over(n *cutover.Notice) bool {
	switch strings.ToLower(n.Stage) {
	case "resolved", "complete", "completed", "canceled", "cancelled":
		return true
	}
	return n.Cancelled
}
