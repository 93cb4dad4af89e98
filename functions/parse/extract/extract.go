package extract

import (
	"fmt"
	"regexp"
	"strings"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

// Input is what is known of a delivery when its words are read.
type Input struct {
	Title      *doc.Doc   // the subject or the title field; nil without one
	Docs       []*doc.Doc // the bodies
	EventType  string     // from a field, empty when only the words can tell
	Structured bool       // services, regions and IDs come from fields: do not look for them
}

// reading is the work on one input.
type reading struct {
	x       *Index
	in      Input
	pages   []*page
	titleAt struct {
		page *page
		span doc.Span
	}
	titleText string
	found     []found
	dated     map[sentenceKey]bool
	// allRegions: the text names some regions and says that the others follow.
	allRegions bool
	listed     bool // the regions stand in a list of their own
	n          cutover.Notice
	subs       map[string]cutover.Evidence
}

// Read finds the facts of a notice. The result is not shared.
func (x *Index) Read(in Input) cutover.Notice {
	r := &reading{x: x, in: in}
	r.n = cutover.Notice{Provider: "azure", EventType: cutover.EventUnknown, Topic: cutover.TopicOther, Evidence: map[string]cutover.Evidence{}, Confidence: map[string]cutover.Confidence{}}
	if in.Title != nil {
		r.addPage(in.Title, true)
	}
	for _, d := range in.Docs {
		r.addPage(d, false)
		r.n.Reasons = append(r.n.Reasons, d.Reasons...)
	}
	r.language()
	r.title()
	for _, p := range r.pages {
		p.dates = scanDates(p, dayFirst(r.n.Language))
		p.inferYears()
	}
	r.issued()
	r.eventType()
	r.topic()
	r.cancelled()
	r.readMilestones()
	if r.n.Topic == cutover.TopicOther && !strings.Contains(r.titleText, "price") {
		for _, f := range r.found {
			if f.Kind == cutover.KindRetirement {
				r.n.Topic = cutover.TopicRetirement
			}
		}
	}
	if !in.Structured {
		r.readIDs()
		r.readServices()
		r.readRegions()
		r.readSubscriptions()
	}
	r.n.Certificates = r.certificates()
	r.clouds()
	r.actions()
	r.link()
	r.conflicts()
	r.contradictions()
	r.scopes()
	return r.n
}

func (r *reading) addPage(d *doc.Doc, title bool) {
	p := &page{doc: d, cues: &r.x.cues, words: r.x.words, noneOf: map[int]bool{}, view: doc.Fold(d), title: title}
	p.toks = tokenize(p.view.S)
	p.index()
	r.x.words.mark(p)
	p.divide()
	p.hits = p.matchNames(r.x.services)
	p.places = p.matchNames(r.x.regions)
	p.cas = p.mentions(r.x)
	r.pages = append(r.pages, p)
}

// evidence quotes a range of the view.
func (p *page) evidence(start, end int) cutover.Evidence {
	sp := p.view.Span(start, end)
	return cutover.Evidence{Part: p.doc.Part, Quote: p.doc.Quote(sp), Offset: sp.Start, Length: sp.Len()}
}

func (p *page) quote(sp doc.Span) cutover.Evidence {
	return cutover.Evidence{Part: p.doc.Part, Quote: p.doc.Quote(sp), Offset: sp.Start, Length: sp.Len()}
}

// dayFirst tells how slashed dates read in a language.
func dayFirst(lang string) bool { return lang == "de" || lang == "fr" || lang == "es" }

// statedYear is a year that a text gives to all its dates.
var statedYear = regexp.MustCompile(`(?:all|these|the) (?:dates|times|windows)(?: below| given| listed| in this \w+)? (?:are|refer to|fall)(?: all)? (?:in|of|within|to)(?: the year)? (20\d\d)\b`)

// inferYears gives dates without a year the year of a date near them; they count
// as less certain. Months alone count only where a preposition says that they
// are dates.
func (p *page) inferYears() {
	stated := 0
	if m := statedYear.FindStringSubmatch(p.view.S); m != nil {
		stated = int(m[1][2]-'0')*10 + int(m[1][3]-'0') + 2000
	}
	for i := range p.dates {
		d := &p.dates[i]
		if d.yearless && d.d != 0 && stated > 0 {
			d.y, d.yearless, d.guessed = stated, false, true
			continue
		}
		if !d.yearless || d.d != 0 && !d.east && d.prep == "" {
			continue
		}
		if y := p.yearNear(i); y > 0 && (d.prep == "in" || d.prep == "from" || d.prep == "by" || d.prep == "before" || d.prep == "until" || d.prep == "on") {
			s := p.sentenceAt(d.start)
			if p.windowPartner(i) || strings.Contains(p.view.S[s.Start:s.End], "http") {
				continue
			}
			d.y, d.yearless, d.guessed = y, false, true
		}
	}
}

// windowPartner reports whether the next or previous date of the sentence bounds
// a window with it, and so gives the year itself.
func (p *page) windowPartner(i int) bool {
	s := p.sentenceAt(p.dates[i].start)
	return i+1 < len(p.dates) && p.dates[i+1].start < s.End && p.dates[i].prep == "between"
}

// yearNear is the year of the nearest date that has one: before it in the
// block, or just after it.
func (p *page) yearNear(i int) int {
	b := p.sentenceAt(p.dates[i].start).Block
	for j := i - 1; j >= 0; j-- {
		if o := p.dates[j]; !o.yearless && !o.iso {
			if p.sentenceAt(o.start).Block < b-3 {
				break
			}
			return o.y
		}
	}
	if i+1 < len(p.dates) && !p.dates[i+1].yearless && p.sentenceAt(p.dates[i+1].start).Block == b {
		return p.dates[i+1].y
	}
	return 0
}

// maxFound caps the dated facts of one text before they are merged.
const maxFound = 400

// readMilestones collects the dated facts. Incidents have none: their dates tell
// what happened and what the provider repairs.
func (r *reading) readMilestones() {
	if r.n.EventType == cutover.EventServiceIssue || r.n.Topic == cutover.TopicIncident {
		return
	}
	var all []found
	for _, p := range r.pages {
		all = append(all, p.milestones(p.title)...)
	}
	if len(all) > maxFound {
		r.n.Reasons = append(r.n.Reasons, "the text holds more dates than a notice does; the first ones were read")
		all = all[:maxFound]
	}
	all = r.decide(r.drop(all))
	r.dated = datedSentences(all)
	r.found = merge(all)
}

// drop takes out plans that the text itself says were given up, and turns the
// windows of a maintenance into what they are.
func (r *reading) drop(all []found) []found {
	kept := all[:0]
	for _, f := range all {
		old := false
		for _, p := range r.pages {
			for _, d := range p.given {
				old = old || f.Start == d
			}
		}
		if r.n.EventType == cutover.EventPlannedMaintenance && f.Kind == cutover.KindCutover {
			f.Kind = cutover.KindOther
		}
		if !old {
			kept = append(kept, f)
		}
	}
	return kept
}

// scopes gives the milestones to the notice, each with those of its services
// that the notice is about.
func (r *reading) scopes() {
	for _, f := range r.found {
		m := f.Milestone
		m.Services = keep(m.Services, r.n.Services)
		if !r.allRegions {
			m.Regions = keep(m.Regions, r.n.Regions)
		}
		if f.date.guessed {
			r.n.Confidence["milestones/"+m.Kind+"/"+string(m.Start)] = cutover.Confidence{Level: "medium", Reason: "the year is not written; it is that of the dates around it"}
		}
		if f.open {
			r.n.Confidence["milestones/"+m.Kind+"/"+string(m.Start)] = cutover.Confidence{Level: "low", Reason: "nothing says what happens on this date; it counts as what the notice is about"}
		}
		if f.mixed {
			r.n.Confidence["milestones/"+m.Kind+"/"+string(m.Start)] = cutover.Confidence{Level: "medium", Reason: "one end of the window is given as a month, written as its last day"}
		}
		r.n.Milestones = append(r.n.Milestones, m)
	}
}

// keep intersects a scope with what the notice is about. One service alone is
// the whole notice.
func keep(scope, all []string) []string {
	if len(all) < 2 {
		return nil
	}
	var out []string
	for _, s := range scope {
		if has(all, s) {
			out = append(out, s)
		}
	}
	if len(out) == len(all) {
		return nil
	}
	return out
}

func (r *reading) readIDs() {
	for _, f := range r.idFacts() {
		r.n.TrackingIDs = append(r.n.TrackingIDs, f.id)
		r.n.Evidence["tracking_ids/"+f.id] = f.page.quote(f.span)
		if f.own == 1 {
			r.n.Confidence["tracking_ids/"+f.id] = cutover.Confidence{Level: "low", Reason: "the ID stands only in a link or beside another notice"}
		}
	}
}

func (r *reading) readServices() {
	facts := r.labelledServices()
	if len(facts) == 0 {
		facts = r.about()
	}
	for _, f := range features(facts) {
		if has(r.n.Services, f.canon) {
			continue
		}
		r.n.Services = append(r.n.Services, f.canon)
		r.n.Evidence["services/"+f.canon] = f.page.evidence(f.start, f.end)
	}
}

// features: when a notice lists several parts of one service by name (Blob
// Storage, Azure Files), each is named beside the service itself.
func features(in []serviceFact) []serviceFact {
	parts := map[string]map[string]bool{}
	for _, f := range in {
		if f.part {
			if parts[f.canon] == nil {
				parts[f.canon] = map[string]bool{}
			}
			parts[f.canon][strings.TrimPrefix(strings.ToLower(f.written), "azure ")] = true
		}
	}
	var out []serviceFact
	for _, f := range in {
		out = append(out, f)
		if len(parts[f.canon]) >= 5 && f.part {
			g := f
			g.canon = f.written
			out = append(out, g)
		}
	}
	return out
}

// distinct reports whether a name says something else than the canonical one.
func distinct(written, canon string) bool {
	a, b := map[string]bool{}, map[string]bool{}
	for _, w := range wordsOf(strings.ToLower(written)) {
		a[stem(w)] = w != "azure" || a[w]
	}
	for _, w := range wordsOf(strings.ToLower(canon)) {
		b[stem(w)] = true
	}
	delete(a, "azure")
	delete(a, "service")
	sub, sup := true, true
	for w := range a {
		sub = sub && b[w]
	}
	for w := range b {
		sup = sup && a[w]
	}
	return !sub && !sup
}

func (r *reading) readRegions() {
	facts := r.regionFacts()
	if len(facts) > 0 && !r.listed && r.everywhere() {
		// Some regions are named for their phase; the notice is about all.
		r.allRegions = true
		return
	}
	for _, f := range facts {
		if has(r.n.Regions, f.canon) {
			continue
		}
		r.n.Regions = append(r.n.Regions, f.canon)
		r.n.Evidence["regions/"+f.canon] = f.page.evidence(f.start, f.end)
	}
}

// everywhere reports whether the text says that all regions are concerned.
func (r *reading) everywhere() bool {
	for _, p := range r.pages {
		if len(p.labelledRegions()) > 0 {
			return false
		}
		if containsAny(p.view.S, []string{"all remaining regions", "remaining regions", "all other regions", "all regions", "他のリージョン", "その他のリージョン", "残りのリージョン", "すべてのリージョン", "全リージョン", "全てのリージョン", "allen übrigen regionen", "toutes les autres régions", "todas las demás regiones"}) {
			return true
		}
	}
	return false
}

func (r *reading) readSubscriptions() {
	for _, id := range sortedKeys(r.subscriptionFactsCached()) {
		r.n.Subscriptions = append(r.n.Subscriptions, id)
		r.n.Evidence["subscriptions/"+id] = r.subscriptionFactsCached()[id]
	}
}

// conflicts tells when the title names another date than the text.
func (r *reading) conflicts() {
	byKind := map[string][2][]string{}
	for _, f := range r.found {
		if f.Kind == cutover.KindOther || f.Kind == cutover.KindExpiry {
			continue
		}
		k := byKind["date"]
		i := 1
		if f.title {
			i = 0
		}
		k[i] = append(k[i], string(f.Start))
		byKind["date"] = k
	}
	titles, bodies := byKind["date"][0], byKind["date"][1]
	for _, t := range titles {
		agree := len(bodies) == 0
		for _, f := range r.found {
			if !f.title && (string(f.Start) == t || string(f.End) == t || f.Precision == cutover.PrecisionMonth && string(f.Start)[:7] == t[:7]) {
				agree = true
			}
		}
		for _, f := range r.found {
			if f.title && string(f.Start) == t && f.Precision == cutover.PrecisionMonth {
				agree = true
			}
		}
		if !agree {
			r.n.Reasons = append(r.n.Reasons, fmt.Sprintf("the title names %s, the text names %s: both are kept, the earlier one rules", t, strings.Join(bodies, ", ")))
			for _, f := range r.found {
				if f.title && string(f.Start) == t {
					r.n.Confidence["milestones/"+f.Kind+"/"+t] = cutover.Confidence{Level: "low", Reason: "title and text name different dates"}
				}
			}
		}
	}
}
