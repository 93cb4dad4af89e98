package alert

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"cutover/functions/parse/doc"
)

var (
	guid       = regexp.MustCompile(`(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}`)
	subPath    = regexp.MustCompile(`(?i)/subscriptions/([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})`)
	trackingID = regexp.MustCompile(`^(?:[0-9A-Z_]{4,6}-[0-9A-Z_]{3,4}|(?i:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}))$`)
	markup     = regexp.MustCompile(`<[a-zA-Z/!][^>]{0,900}>|(?i)&lt;/?(?:p|br|div|h[1-6]|ul|li|table|span|b|strong)(?: [^&]{0,200})?/?&gt;`)
)

// whole is a value that fills its part.
func whole(part, text string) Value {
	text = strings.TrimSpace(doc.CleanText(text))
	return Value{Part: part, Text: text, Quote: text}
}

// inside is a value that stands within a longer part; nothing if it is not there.
func inside(part, text, quote string) Value {
	i := strings.Index(text, quote)
	if quote == "" || i < 0 {
		return Value{}
	}
	return Value{Part: part, Text: text, Quote: quote, Offset: i}
}

// event reads one envelope or event.
func event(n node) (Event, bool) {
	if d, ok := n.object("data"); ok {
		if c, ok := d.object("alertContext"); ok {
			e, ok := activityLog(c)
			essentials(d, &e)
			return e, ok
		}
		if c, ok := d.object("context"); ok {
			if a, ok := c.object("activityLog"); ok {
				return activityLog(a)
			}
		}
	}
	p, prefix := n, ""
	if q, ok := n.object("properties"); ok {
		p, prefix = q, "properties."
	}
	_, impact := p.get("impact")
	_, services := p.get("impactedServices")
	if services && !impact {
		return activityLog(n)
	}
	return resourceHealth(n, p, prefix), true
}

// activityLog reads the event of an activity log alert.
func activityLog(a node) (Event, bool) {
	p, ok := a.object("properties")
	if !ok {
		return Event{}, false
	}
	const pre = "properties."
	e := Event{
		Title:       whole(pre+"title", p.str("title")),
		EventType:   whole(pre+"incidentType", p.str("incidentType")),
		Stage:       whole(pre+"stage", p.str("stage")),
		ImpactStart: whole(pre+"impactStartTime", p.str("impactStartTime")),
		ImpactEnd:   whole(pre+"impactMitigationTime", p.str("impactMitigationTime")),
		Issued:      whole("eventTimestamp", a.str("eventTimestamp")),
		Updated:     whole("submissionTimestamp", a.str("submissionTimestamp")),
		Test:        synthetic(p),
	}
	e.id(pre+"trackingId", p.str("trackingId"))
	if !e.EventType.Set() {
		e.EventType = operation(a)
	}
	if !e.Stage.Set() {
		e.Stage = whole("status", a.str("status"))
	}
	if !e.Title.Set() {
		e.Title = whole(pre+"defaultLanguageTitle", p.str("defaultLanguageTitle"))
	}
	e.impacted(pre+"impactedServices", p)
	if len(e.Services) == 0 {
		e.Services = add(e.Services, whole(pre+"service", p.str("service")))
	}
	if len(e.Regions) == 0 {
		for _, r := range strings.FieldsFunc(p.str("region"), func(r rune) bool { return r == ',' || r == ';' }) {
			e.Regions = add(e.Regions, inside(pre+"region", strings.TrimSpace(doc.CleanText(p.str("region"))), strings.TrimSpace(doc.CleanText(r))))
		}
	}
	if s := a.str("subscriptionId"); guid.MatchString(s) {
		e.Subscriptions = add(e.Subscriptions, whole("subscriptionId", s))
	}
	e.prose(pre+"communication", p.str("communication"))
	if d := p.str("defaultLanguageContent"); d != p.str("communication") {
		e.prose(pre+"defaultLanguageContent", d)
	}
	return e, e.Title.Set() || e.TrackingID.Set() || len(e.Prose) > 0
}

// operation reads the type from Microsoft.ServiceHealth/incident/action.
func operation(a node) Value {
	op := doc.CleanText(a.str("operationName"))
	if i := strings.Index(strings.ToLower(op), "servicehealth/"); i >= 0 {
		word, _, _ := strings.Cut(op[i+len("servicehealth/"):], "/")
		return inside("operationName", op, word)
	}
	return Value{}
}

// essentials adds what the common schema keeps outside of the alert context.
func essentials(d node, e *Event) {
	s, ok := d.object("essentials")
	if !ok || len(e.Subscriptions) > 0 {
		return
	}
	for i, t := range s.list("alertTargetIDs") {
		id, _ := t.(string)
		if m := subPath.FindStringSubmatch(id); m != nil {
			e.Subscriptions = add(e.Subscriptions, inside(fmt.Sprintf("essentials.alertTargetIDs[%d]", i), doc.CleanText(id), m[1]))
		} else if guid.MatchString(id) && len(id) == 36 {
			e.Subscriptions = add(e.Subscriptions, whole(fmt.Sprintf("essentials.alertTargetIDs[%d]", i), id))
		}
	}
	// The alert rule may live in another subscription than the one it watches;
	// it counts only when nothing else names one and the alert is a health alert.
	if len(e.Subscriptions) == 0 && len(s.list("alertTargetIDs")) == 0 {
		id := doc.CleanText(s.str("alertId"))
		if m := subPath.FindStringSubmatch(id); m != nil {
			e.Subscriptions = add(e.Subscriptions, inside("essentials.alertId", id, m[1]))
		}
	}
}

// id takes a tracking ID if it has the shape of one; placeholders are told.
func (e *Event) id(part, s string) {
	s = strings.TrimSpace(s)
	if trackingID.MatchString(strings.ToUpper(s)) {
		e.TrackingID = whole(part, s)
		return
	}
	if s != "" {
		e.Reasons = append(e.Reasons, "the tracking ID field does not hold a tracking ID")
	}
}

// impacted reads impactedServices: JSON inside a string, or plain JSON.
func (e *Event) impacted(part string, p node) {
	v, _ := p.get("impactedServices")
	text, isString := v.(string)
	text = doc.CleanText(text)
	var list []any
	if isString {
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		if err := dec.Decode(&list); err != nil && strings.TrimSpace(text) != "" {
			e.Reasons = append(e.Reasons, "the field impactedServices could not be read")
		}
	} else if l, ok := v.([]any); ok {
		list = l
		b, _ := json.Marshal(l)
		text = string(b)
	}
	for _, s := range list {
		m, _ := s.(map[string]any)
		e.Services = add(e.Services, inside(part, text, node(m).str("ServiceName")))
		for _, r := range node(m).list("ImpactedRegions") {
			rm, _ := r.(map[string]any)
			e.Regions = add(e.Regions, inside(part, text, node(rm).str("RegionName")))
		}
	}
}

func synthetic(p node) bool {
	title := strings.ToLower(p.str("title"))
	return strings.EqualFold(p.str("isSynthetic"), "true") || strings.HasPrefix(title, "test action group") ||
		strings.Contains(title, "synthetics service")
}

// resourceHealth reads a Resource Health event; n is the row, p its properties.
func resourceHealth(n, p node, pre string) Event {
	e := Event{
		Title:       whole(pre+"title", p.str("title")),
		EventType:   whole(pre+"eventType", p.str("eventType")),
		SubType:     whole(pre+"eventSubType", p.str("eventSubType")),
		Stage:       whole(pre+"status", p.str("status")),
		ImpactStart: whole(pre+"impactStartTime", p.str("impactStartTime")),
		ImpactEnd:   whole(pre+"impactMitigationTime", p.str("impactMitigationTime")),
		Updated:     whole(pre+"lastUpdateTime", p.str("lastUpdateTime")),
		Test:        synthetic(p),
	}
	if id := p.str("trackingId"); id != "" {
		e.id(pre+"trackingId", id)
	} else {
		e.id("name", n.str("name"))
	}
	for i, x := range p.list("impact") {
		m, _ := x.(map[string]any)
		e.impact(fmt.Sprintf("%simpact[%d].", pre, i), node(m))
	}
	if s := n.str("subscriptionId"); guid.MatchString(s) {
		e.Subscriptions = add(e.Subscriptions, whole("subscriptionId", s))
	} else if id := doc.CleanText(n.str("id")); len(e.Subscriptions) == 0 {
		if m := subPath.FindStringSubmatch(id); m != nil {
			e.Subscriptions = add(e.Subscriptions, inside("id", id, m[1]))
		}
	}
	e.body(p, pre)
	return e
}

func (e *Event) impact(pre string, m node) {
	e.Services = add(e.Services, whole(pre+"impactedService", m.str("impactedService")))
	for i, x := range m.list("impactedRegions") {
		r, _ := x.(map[string]any)
		at := fmt.Sprintf("%simpactedRegions[%d].", pre, i)
		e.Regions = add(e.Regions, whole(at+"impactedRegion", node(r).str("impactedRegion")))
		for j, s := range node(r).list("impactedSubscriptions") {
			if id, _ := s.(string); guid.MatchString(id) {
				e.Subscriptions = add(e.Subscriptions, whole(fmt.Sprintf("%simpactedSubscriptions[%d]", at, j), id))
			}
		}
	}
}

// body picks the fields with sentences: the description, or the newest update,
// or the summary; and the recommended actions.
func (e *Event) body(p node, pre string) {
	text := p.str("description")
	part := pre + "description"
	if len(text) < len(p.str("summary")) {
		text, part = p.str("summary"), pre+"summary"
	}
	if at, s := latest(p, pre); len(s) > len(text) {
		text, part = s, at
	}
	e.prose(part, text)
	if a, ok := p.object("article"); ok {
		e.prose(pre+"article.articleContent", a.str("articleContent"))
	}
	if r, ok := p.object("recommendedActions"); ok {
		e.prose(pre+"recommendedActions.message", r.str("message"))
		for i, x := range r.list("actions") {
			m, _ := x.(map[string]any)
			e.prose(fmt.Sprintf("%srecommendedActions.actions[%d].actionText", pre, i), node(m).str("actionText"))
		}
	}
}

// latest is the newest update of the impact list.
func latest(p node, pre string) (part, text string) {
	newest := ""
	for i, x := range p.list("impact") {
		m, _ := x.(map[string]any)
		for j, y := range node(m).list("impactedRegions") {
			r, _ := y.(map[string]any)
			for k, z := range node(r).list("updates") {
				u, _ := z.(map[string]any)
				if t := node(u).str("updateDateTime"); t > newest {
					newest, text = t, node(u).str("summary")
					part = fmt.Sprintf("%simpact[%d].impactedRegions[%d].updates[%d].summary", pre, i, j, k)
				}
			}
		}
	}
	return part, text
}

func (e *Event) prose(part, text string) {
	if strings.TrimSpace(text) != "" {
		e.Prose = append(e.Prose, Prose{Part: part, Text: text, HTML: markup.MatchString(text)})
	}
}

// add appends a value that is set and not there yet.
func add(list []Value, v Value) []Value {
	if !v.Set() {
		return list
	}
	for _, x := range list {
		if strings.EqualFold(x.Quote, v.Quote) {
			return list
		}
	}
	return append(list, v)
}

// merge joins events of one tracking ID and state.
func merge(events []Event) []Event {
	var out []Event
	at := map[string]int{}
	for no, e := range events {
		key := e.TrackingID.Quote + "\x00" + e.Updated.Quote + "\x00" + e.Stage.Quote
		i, ok := at[key]
		if !e.TrackingID.Set() || !ok {
			at[key] = len(out)
			out = append(out, e)
			continue
		}
		// The part names repeat from event to event; the second one's get a mark.
		n := fmt.Sprintf("#%d.", no+1)
		for _, v := range e.Services {
			v.Part = n + v.Part
			out[i].Services = add(out[i].Services, v)
		}
		for _, v := range e.Regions {
			v.Part = n + v.Part
			out[i].Regions = add(out[i].Regions, v)
		}
		for _, v := range e.Subscriptions {
			v.Part = n + v.Part
			out[i].Subscriptions = add(out[i].Subscriptions, v)
		}
	}
	return out
}
