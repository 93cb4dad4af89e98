package extract

import (
	"regexp"
	"sort"
	"strings"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

// found is a milestone before merging.
type found struct {
	cutover.Milestone
	title bool
	weak  bool
	mixed bool // a window with a month at one end and a day at the other
	date  date
	page  *page
	open  bool // nothing says what happens; the kind is that of the topic
	block int  // where it stands, and in which cell of a row
	cell  int
}

// maxDates caps the dates of one sentence. Every date is read with the words
// around it: a text that is one endless list of dates must not cost the square.
const maxDates = 40

// milestones reads all dated facts of a page.
func (p *page) milestones(isTitle bool) []found {
	var out []found
	di := 0
	heading, lead := "", ""
	for _, s := range p.view.Sentences {
		for di < len(p.dates) && p.dates[di].end <= s.Start {
			di++
		}
		b := p.doc.Blocks[s.Block]
		text := p.view.Text(s)
		if b.Kind == doc.Heading {
			heading = text
		}
		if b.Kind != doc.Item {
			lead = leadIn(text)
		}
		if p.skip[s.Block] || b.Kind == doc.Meta && b.Key != "title" && b.Key != "subject" {
			continue
		}
		last := di
		for last < len(p.dates) && p.dates[last].end <= s.End {
			last++
		}
		if last == di {
			continue
		}
		ctx := heading
		if b.Kind == doc.Heading {
			ctx = ""
		}
		if b.Kind == doc.Row {
			ctx = p.header(s.Block, s.Cell) + " | " + p.otherCells(s) + " | " + ctx
		}
		led := b.Kind == doc.Item && lead != ""
		if led {
			ctx = lead + " | " + ctx
		}
		for _, part := range p.clauses(s, p.dates[di:min(last, di+maxDates)]) {
			part.led = led
			part.context, part.action = ctx, p.role[s.Block] == secAction
			part.urgent = p.asksNow(s.Block)
			part.title = isTitle || b.Kind == doc.Meta
			if part.cell = b.Kind == doc.Row; part.cell {
				part.head = p.header(s.Block, s.Cell)
			}
			out = append(out, p.units(part, s, b)...)
		}
		di = last
	}
	return p.joinRows(out)
}

// leadIn is the sentence that a list hangs on: "It will be switched on these dates:".
func leadIn(text string) string {
	if strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：") {
		return text
	}
	return ""
}

// heads of columns that hold the two ends of a window
var (
	startHeads = []string{"start", "begin", "from", "first", "opens", "earliest", "開始", "beginn", "début", "inicio", "开始", "시작"}
	endHeads   = []string{"end", "ends", "ending", "finish", "complet", "until", "to", "last", "closes", "latest", "by", "終了", "完了", "fin", "结束", "完成", "종료", "완료"}
)

// joinRows makes one window of the two dates of a row that stand in a column of
// starts and a column of ends. The kind is that of the start: "Migration ends"
// retires nothing.
func (p *page) joinRows(in []found) []found {
	var out []found
	for _, f := range in {
		if n := len(out); n > 0 && f.cell > 0 && f.End == "" {
			o := &out[n-1]
			if o.block == f.block && o.cell < f.cell && o.cell >= 0 && o.End == "" && o.Start <= f.Start && headed(p.header(f.block, o.cell), startHeads) && headed(p.header(f.block, f.cell), endHeads) {
				o.End = f.Start
				o.Evidence = p.span(o.Evidence, f.Evidence)
				if o.Kind == cutover.KindActBy || o.Kind == cutover.KindRetirement {
					o.Kind = cutover.KindCutover
				}
				if o.Precision != f.Precision {
					o.Precision, o.mixed = cutover.PrecisionDay, true
				}
				continue
			}
			// An end that is read as two kinds belongs to the window already.
			if o.block == f.block && o.End == f.Start {
				continue
			}
		}
		out = append(out, f)
	}
	return out
}

// span quotes from the beginning of one quotation to the end of another.
func (p *page) span(a, b cutover.Evidence) cutover.Evidence {
	end := b.Offset + b.Length
	if end <= a.Offset || end-a.Offset > 400 {
		return a
	}
	return p.quote(doc.Span{Start: a.Offset, End: end})
}

// span of a run of Latin words inside a sentence of another script: a quoted
// title, which is a clause of its own.
var latinRun = regexp.MustCompile(`[a-z][a-z0-9 ,.'"/&:()\-]{24,}`)

type part struct {
	clause
	dates []date
}

// clauses cuts a sentence of mixed scripts into the parts that have their own
// grammar.
func (p *page) clauses(s doc.Sentence, dates []date) []*part {
	text := p.view.Text(s)
	whole := &part{clause: clause{p: p, s: text, base: s.Start}}
	mixed := false
	for i := 0; i < len(text) && !mixed; i++ {
		mixed = text[i] >= 0xe3 && text[i] <= 0xed
	}
	var out []*part
	for _, d := range dates {
		if mixed && !d.east {
			if run := runAround(text, d.start-s.Start, d.end-s.Start); run != "" {
				at := strings.Index(text, run)
				out = append(out, &part{clause: clause{p: p, s: run, base: s.Start + at}, dates: []date{d}})
				continue
			}
		}
		d.east = d.east || mixed && d.iso
		whole.dates = append(whole.dates, d)
	}
	if len(whole.dates) > 0 {
		out = append([]*part{whole}, out...)
	}
	return out
}

func runAround(text string, start, end int) string {
	for _, m := range latinRun.FindAllStringIndex(text, -1) {
		if m[0] <= start && end <= m[1] && len(strings.Fields(text[m[0]:m[1]])) >= 5 {
			return text[m[0]:m[1]]
		}
	}
	return ""
}

// units groups the dates of a clause into windows and single dates, and reads
// each.
func (p *page) units(c *part, s doc.Sentence, b doc.Block) []found {
	us := pair(c)
	var out []found
	for i := range us {
		u := &us[i]
		c.from, c.to = 0, len(c.s)
		if i > 0 {
			c.from = us[i-1].stop - c.base
		}
		if i+1 < len(us) {
			c.to = us[i+1].start - c.base
		}
		if u.a.yearless || (u.window && u.b.yearless) {
			continue
		}
		c.classify(u)
		for _, k := range u.kinds {
			out = append(out, p.found(c, u, k, s, b))
		}
	}
	return out
}

// pair joins dates that bound a window.
func pair(c *part) []unit {
	var out []unit
	ds := c.dates
	for i := 0; i < len(ds); i++ {
		u := unit{a: ds[i], start: ds[i].start, stop: ds[i].end}
		if i+1 < len(ds) && joined(c, ds[i], ds[i+1]) {
			u.b, u.window, u.stop = ds[i+1], true, ds[i+1].end
			if u.a.yearless && !u.b.yearless {
				u.a.y, u.a.yearless = u.b.y, false
				if u.a.m > u.b.m {
					u.a.y-- // "between 15 December and 15 January 2025"
				}
			}
			if u.b.yearless && !u.a.yearless {
				u.b.y, u.b.yearless = u.a.y, false
			}
			i++
			if containsAny(c.s, supersede) && u.a.prep == "from" && !strings.Contains(c.s, "extended support") {
				u = unit{a: u.b, start: u.start, stop: u.stop, moved: true} // from the old date to the new one
				c.p.given = append(c.p.given, ds[i-1].value())
			} else if u.a.value() > u.b.value() {
				u = unit{a: u.a, start: u.start, stop: ds[i-1].end}
				i--
			}
		}
		out = append(out, u)
	}
	return out
}

// clockTime is a time of day beside a date, which says nothing about the window.
var clockTime = regexp.MustCompile(`[(（][月火水木金土日](?:曜日?)?[)）]|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b,?|\b\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?z?|\b\d{1,2} ?(?:am|pm)\b|\b(?:am|pm|utc|gmt|jst|pst|pdt|est|edt|cet|cest|bst|ist|local time|on)\b|[()]|（utc）|時`)

var completing = regexp.MustCompile(`^[^.;]{0,70}?\b(?:and|to be|,|before|with) [^.;]{0,40}?(?:complet|end|finish|conclud)[a-z]*[^.;,]{0,20}$`)

// joined reports whether the words between two dates make them a window.
func joined(c *part, a, b date) bool {
	if b.start < a.end {
		return false
	}
	mid := strings.TrimSpace(c.s[a.end-c.base : b.start-c.base])
	mid = strings.TrimSpace(strings.TrimPrefix(strings.TrimSuffix(mid, " the"), ","))
	mid = strings.Join(strings.Fields(clockTime.ReplaceAllString(mid, " ")), " ")
	between := a.prep == "between"
	if !between && a.start-c.base > 0 {
		pre := c.s[max(0, a.start-c.base-40) : a.start-c.base]
		between = strings.Contains(pre, "between") || strings.Contains(pre, "zwischen") || strings.Contains(pre, "entre")
	}
	switch mid {
	case "and", "und", "et", "y", "e":
		return between
	case "to", "through", "thru", "until", "till", "-", "~", "～", "〜", "bis", "bis zum", "au", "jusqu'au", "al", "hasta", "hasta el", "から", "より", "至", "到", "부터", "에서", "から同年", "and until", "까지", "and ends on", "and ends":
		return true
	}
	if strings.HasPrefix(mid, "から") && len(mid) < 40 && strings.HasPrefix(strings.TrimSpace(c.s[b.end-c.base:]), "まで") || strings.HasPrefix(mid, "から") && strings.Contains(c.s[b.end-c.base:min(len(c.s), b.end-c.base+12)], "にかけて") {
		return true
	}
	return completing.MatchString(" "+mid+" ") && !strings.Contains(mid, "retire") && !strings.Contains(mid, " you ") && (a.prep == "from" || a.prep == "on" || a.prep == "in")
}

// found makes the milestone of a unit, with its scope and evidence.
func (p *page) found(c *part, u *unit, kind string, s doc.Sentence, b doc.Block) found {
	a := u.a
	if a.prep == "before" && a.d == 0 && !a.endOf && kind == cutover.KindActBy && !a.east {
		a = a.monthBefore()
	}
	m := cutover.Milestone{Kind: kind, Start: a.value(), Precision: a.precision()}
	if u.window {
		m.End = u.b.value()
		if u.b.precision() != m.Precision {
			m.Precision = cutover.PrecisionDay // scopes says that one end is a month only
		}
	}
	if u.end {
		m.End, m.Reason = m.Start, cutover.ReasonRunning
	}
	from, to := u.start, u.stop
	if b.Kind == doc.Row {
		if sp := p.view.Span(p.rowStart(s), s.End); sp.Len() <= 300 {
			s.Start = p.rowStart(s)
		}
	}
	if sp := p.view.Span(s.Start, s.End); sp.Len() <= 400 {
		from, to = s.Start, s.End
	} else if sp := p.view.Span(c.base+c.from, c.base+c.to); sp.Len() <= 400 {
		from, to = c.base+c.from, c.base+c.to
	}
	m.Evidence = p.evidence(from, to)
	m.Services = p.scope(c, u, s, b)
	m.Regions = p.regionsIn(s.Start, s.End)
	mixed := u.window && a.precision() != u.b.precision()
	return found{Milestone: m, mixed: mixed, title: c.title, weak: u.weak, date: a, page: p, block: s.Block, cell: s.Cell}
}

// subordinate clauses name what happens first, not what the date is about.
var subordinate = regexp.MustCompile(`^(?:after|once|when|if|although|while|as soon as|before) [^,]{0,120}, `)

// scope lists the services that a unit applies to: those of its own words, else
// of its sentence, else of the heading over it.
func (p *page) scope(c *part, u *unit, s doc.Sentence, b doc.Block) []string {
	from := s.Start
	if m := subordinate.FindStringIndex(p.view.S[s.Start:s.End]); m != nil && s.Start+m[1] < u.start {
		from += m[1]
	}
	out := p.servicesIn(max(from, c.base+c.from), c.base+c.to)
	if len(out) == 0 {
		out = p.servicesIn(from, s.End)
	}
	if len(out) == 0 && b.Kind == doc.Row {
		out = p.servicesIn(p.rowStart(s), s.End)
	}
	if len(out) == 0 {
		out = p.headingServices(s.Block)
	}
	return out
}

// rowStart is where the row of a cell begins in the view.
func (p *page) rowStart(s doc.Sentence) int {
	return p.sentences(s.Block)[0].Start
}

// merge folds what is said twice: the same date in two languages, a month and a
// day in it, a date that is one end of a window.
func merge(in []found) []found {
	var out []found
	for _, f := range in {
		dup := false
		for i := range out {
			o := &out[i]
			if o.Kind == f.Kind && o.Start == f.Start && o.End == f.End && o.Precision == f.Precision {
				o.Services = union(o.Services, f.Services, o.title && len(o.Services) == 0)
				o.Regions = union(o.Regions, f.Regions, false)
				if o.title && !f.title {
					o.Evidence, o.title, o.page = f.Evidence, false, f.page
				}
				dup = true
				break
			}
		}
		if !dup {
			out = append(out, f)
		}
	}
	kept := out[:0:0]
	for i, f := range out {
		if !covered(f, i, out) {
			kept = append(kept, f)
		}
	}
	sort.SliceStable(kept, func(i, j int) bool {
		if kept[i].Start != kept[j].Start {
			return kept[i].Start < kept[j].Start
		}
		return kindOrder(kept[i].Kind) < kindOrder(kept[j].Kind)
	})
	return kept
}

func kindOrder(k string) int { return strings.Index("act-by cutover retirement expiry other", k) }

// union joins two scopes; an empty one means the whole notice and stays so,
// unless it comes from a title, which never says.
func union(a, b []string, title bool) []string {
	if len(a) == 0 && title {
		return b
	}
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	for _, x := range b {
		if !has(a, x) {
			a = append(a, x)
		}
	}
	return a
}

func has(list []string, x string) bool {
	for _, y := range list {
		if y == x {
			return true
		}
	}
	return false
}

// covered reports whether another milestone says the same, and more.
func covered(f found, i int, all []found) bool {
	for j, o := range all {
		if i == j {
			continue
		}
		same := o.Kind == f.Kind || change(o.Kind) && change(f.Kind)
		single := f.End == "" || f.Reason == cutover.ReasonRunning
		if same && f.Kind == o.Kind && single && o.End != "" && o.Reason == "" && (f.Start == o.Start || f.Start == o.End) && f.Precision == o.Precision {
			return true
		}
		if same && single && f.Precision == cutover.PrecisionMonth && o.Precision == cutover.PrecisionDay && f.Start[:7] == o.Start[:7] {
			return true
		}
		if f.weak && change(f.Kind) && !o.weak && change(o.Kind) && f.Start == o.Start && f.Precision == o.Precision {
			return true
		}
		// The end of a change that is also stated as a plain date.
		if f.Kind == o.Kind && f.Reason == cutover.ReasonRunning && o.End == "" && o.Start == f.Start && o.Precision == f.Precision {
			return true
		}
	}
	return false
}

// otherCells are the words beside a date in its row.
func (p *page) otherCells(s doc.Sentence) string {
	out := ""
	for _, q := range p.sentences(s.Block) {
		if q.Cell != s.Cell && len(out) < 400 {
			out += p.view.Text(q) + " "
		}
	}
	return out
}

// asksNow reports whether a block tells the reader to act: then an end that has
// passed already still matters.
func (p *page) asksNow(block int) bool {
	for _, s := range p.sentences(block) {
		if containsAny(p.view.Text(s), []string{"ください", "下さい", "直ちに", "速やかに", "please ", "immediately"}) {
			return true
		}
	}
	return false
}

func change(k string) bool { return k == cutover.KindCutover || k == cutover.KindRetirement }
