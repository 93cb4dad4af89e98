package extract

import (
	"regexp"
	"strings"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

// unit is one dated statement of a sentence: a date, or a window of two.
type unit struct {
	a, b   date // b only of windows
	window bool
	end    bool // only the end is known
	kinds  []string
	weak   bool // nothing says clearly what happens
	open   bool // the topic has to say what kind it is
	start  int  // where its words begin in the view
	stop   int
	moved  bool // a window of which the first date was given up for the second
}

// clause is the sentence around a unit.
type clause struct {
	p        *page
	s        string // the sentence
	base     int    // of s in the view
	from, to int    // of the unit's own words, in s
	head     string // of the column, in a table
	context  string // heading or column header over it
	title    bool
	cell     bool // stands in a table
	led      bool // an item of a list: context begins with the sentence that it hangs on
	action   bool // stands in the action section
	urgent   bool // its block asks to act at once: what has ended still matters
}

// classify says what kinds of milestones a unit is; none when it is no milestone.
func (c *clause) classify(u *unit) {
	d := u.a
	if c.aside(u) || c.noise(d) || containsAny(c.s, notHappening) {
		return
	}
	if u.moved {
		u.kinds = []string{c.movedKind()}
		return
	}
	var k cue
	var by bool
	if d.east {
		k, by = c.east(u)
	} else {
		k, by = c.latin(u)
	}
	if k == cueNoise {
		return
	}
	kind := kindOf(k)
	if by && (kind != cutover.KindOther || !containsAny(c.s, []string{"extension", "this form", "purchase", "延長"})) {
		u.kinds = append(u.kinds, cutover.KindActBy)
		if c.alsoEnds(u, k) {
			u.kinds = append(u.kinds, cutover.KindRetirement)
		}
		if kind == cutover.KindCutover && c.beforeChange(u) {
			u.kinds = append(u.kinds, kind)
		}
		return
	}
	if k == cueEnd && !u.window {
		u.end = true
	}
	switch {
	case u.open && kind != "":
		u.kinds, u.weak = append(u.kinds, kindOpen), true
	case kind != "":
		u.kinds = append(u.kinds, kind)
	case c.telling(u):
		u.kinds, u.weak = append(u.kinds, kindOpen), true
	}
}

// aside reports whether a date is beside the point: a stamp of the text, a column
// of what is past, the past tense.
func (c *clause) aside(u *unit) bool {
	if c.cell {
		return pastColumns.MatchString(c.head)
	}
	if stamped.MatchString(c.s[:min(len(c.s), 160)]) || strings.HasSuffix(strings.TrimSpace(c.before(u)), "已于") {
		return true
	}
	if m := c.s[:u.a.start-c.base]; asides.MatchString(m[max(0, len(m)-90):]) || !u.a.east && strings.Contains(c.near(u), "invoice that") {
		return true
	}
	if u.a.east && strings.HasPrefix(strings.TrimSpace(c.after(u)), "更新)") {
		return true // "(2025 年 12 月更新)", behind a title
	}
	return !u.a.east && c.lookedBack(u)
}

func kindOf(k cue) string {
	switch k {
	case cueRetire:
		return cutover.KindRetirement
	case cueExpire:
		return cutover.KindExpiry
	case cueCutover, cueEnd:
		return cutover.KindCutover
	case cueOther:
		return cutover.KindOther
	}
	return ""
}

// movedKind is what was postponed or extended.
func (c *clause) movedKind() string {
	switch k, _, _ := c.p.cues.latin.nearest(c.s, ""); {
	case containsAny(c.s, []string{"retire", "support", "廃止", "サポート", "終了"}):
		return cutover.KindRetirement
	case k == cueOther || containsAny(c.s, []string{"discount", "promotion", "price", "割引"}):
		return cutover.KindOther
	}
	return cutover.KindCutover
}

// before and after are the words around the unit, up to its neighbours.
func (c *clause) before(u *unit) string { return c.s[c.from : u.a.start-c.base] }

func (c *clause) after(u *unit) string {
	end := u.a.end
	if u.window {
		end = u.b.end
	}
	return c.s[end-c.base : c.to]
}

// noise sorts out dates that are names of versions or examples.
func (c *clause) noise(d date) bool {
	pre := c.s[max(0, d.start-c.base-40) : d.start-c.base]
	if d.iso && containsAny(pre, []string{"version", "バージョン", "prior to ", "版本", "버전", "release "}) && strings.Contains(c.s, "version") {
		return true
	}
	if containsAny(pre[max(0, len(pre)-26):], givenUp) {
		c.p.given = append(c.p.given, d.value())
		return true
	}
	if containsAny(pre[max(0, len(pre)-24):], conditions) {
		return true
	}
	post := c.s[d.end-c.base:]
	for _, w := range eastConditions {
		if strings.HasPrefix(strings.TrimSpace(post), w) {
			return true
		}
	}
	if c.namesVersion(d) {
		return true
	}
	if containsAny(c.s, examples) {
		i := d.start - c.base
		for _, e := range examples {
			if j := strings.Index(c.s, e); j >= 0 && j < i && i-j < 120 && !strings.ContainsAny(c.s[j+len(e):i], ".。") {
				return true
			}
		}
	}
	pre = c.s[max(0, d.start-c.base-90) : d.start-c.base]
	return containsAny(pre, cannot) && d.prep == "by"
}

// latin reads a date in a language that puts prepositions before it.
func (c *clause) latin(u *unit) (cue, bool) {
	pre, post := c.before(u), c.after(u)
	k, dist, leads := c.p.cues.latin.nearest(pre, post)
	if k == cueNone {
		if k, dist, leads = c.p.cues.latinVerbs.nearest(pre, post); k == cueCutover && u.a.prep == "until" && !u.window {
			u.open = true // what goes on until then, and what comes after it, the topic tells
		}
	}
	if k == cueNone {
		k, dist, leads = c.p.cues.latin.nearest(c.s[:u.a.start-c.base], c.s[u.a.end-c.base:])
	}
	if k == cueNone && c.context != "" {
		k = c.contextCue()
		dist = 1000
	}
	if w, at, _ := c.p.cues.latinWeak.nearest(pre, post); k == cueNone && w != cueNone {
		k, dist, u.weak = w, at, true
	}
	if c.past(u) {
		return cueNoise, false
	}
	if k == cueCutover && separable.MatchString(c.near(u)) {
		k = cueRetire
	}
	if u.a.asOf && (k == cueOther || k == cueNone) {
		return cueNoise, false
	}
	prep := u.a.prep
	bounded := prep == "by" || prep == "before"
	if prep == "until" && (strings.Contains(pre, "you have ") || strings.Contains(pre, "you can migrate") || (strings.Contains(pre+post, "you can") && strings.Contains(pre+post, "migrate") && !strings.Contains(c.s, "continue"))) {
		bounded = true
	}
	if !bounded && prep == "on" && lastIndexWithin(pre, "before ", 90) {
		bounded = c.p.duty(pre)
	}
	duty := c.action || c.p.duty(c.s[:min(len(c.s), max(0, u.a.start-c.base))]) || c.p.duty(post) || (c.title && hasImperative(c.s))
	if bounded && duty && !(leads && dist <= 25 && c.provider(pre, k)) {
		return k, true
	}
	if k == cueNone && bounded && c.title {
		return k, true
	}
	if k == cueNone && (prep == "from" || prep == "on" && c.title) && !u.a.yearless {
		k, u.weak = cueCutover, true
	}
	return k, false
}

// separable verbs of German that end a thing: "stellen wir … ein".
var separable = regexp.MustCompile(`\b(?:stell|schalt)(?:t|en|te|ten)\b.*\b(?:ein|ab)[.,]?(?:$| und )`)

// contextCue is what the heading or the column's head says.
func (c *clause) contextCue() cue {
	k, _, _ := c.p.cues.latin.nearest(c.context, "")
	if k == cueNone && (c.cell || c.led) {
		k, _, _ = c.p.cues.latinVerbs.nearest(c.context, "")
	}
	return k
}

// provider reports whether the words right before a "by" date tell what the
// provider will have done by then: "support will end by", "completing by".
func (c *clause) provider(pre string, k cue) bool {
	tail := pre[max(0, len(pre)-45):]
	switch k {
	case cueEnd:
		return true
	case cueRetire:
		return containsAny(tail, []string{"will end", "will be retired", "will retire", "is retir", "are retir", "being retired", "be removed", "be deprecated", "ending support", "shut down"})
	case cueCutover:
		return containsAny(tail, []string{"will be migrated", "we'll", "we will", "will migrate", "rolled out", "roll out", "be updated", "scheduled for migration"})
	}
	return false
}

// past reports whether a sentence tells of what has happened.
func (c *clause) past(u *unit) bool {
	pre, post := c.before(u), c.after(u)
	near := " " + pre[max(0, len(pre)-60):] + " | " + post[:min(len(post), 60)] + " "
	if containsAny(c.s, lookingBack) && containsAny(c.s, []string{" would ", " was ", " were ", "planned", "scheduled"}) {
		return true
	}
	if containsAny(pre[max(0, len(pre)-70):], []string{"announced ", "notified ", "told you", "informed you", "communicated "}) && !containsAny(c.s, []string{"will ", "'ll "}) {
		return true
	}
	if containsAny(c.s, futureWords) || c.action {
		return false
	}
	return containsAny(near, pastWords) || u.a.asOf && perfect.MatchString(c.s)
}

// alsoEnds reports whether an act-by sentence also states the end itself: "…
// before 27 February 2027, when all prior APIs will be retired".
func (c *clause) alsoEnds(u *unit, k cue) bool {
	if u.a.east {
		return false
	}
	behind, dist, _ := c.p.cues.latin.nearest("", c.after(u))
	return behind == cueRetire && dist < 60 || k == cueRetire && u.a.prep == "on"
}

// beforeChange: "you must do this before we update the certificate on …".
func (c *clause) beforeChange(u *unit) bool {
	return !u.a.east && u.a.prep == "on"
}

func lastIndexWithin(s, word string, n int) bool {
	return strings.LastIndex(s, word) >= max(0, len(s)-n) && strings.Contains(s, word)
}

// wordStart keeps Latin cues from matching inside a word.
func wordStart(s string, i int) bool {
	return i == 0 || s[i] >= 0x80 || !(s[i-1] >= 'a' && s[i-1] <= 'z')
}

// crossing makes cues beyond a semicolon or a bracket farther away.
func crossing(s string) int {
	return 120*strings.Count(s, ";") + 60*strings.Count(s, " - ") + 40*strings.Count(s, "(")
}

// east reads a date in a language whose predicate stands behind it.
func (c *clause) east(u *unit) (cue, bool) {
	post := c.after(u)
	k := cueNone
	segment := ""
	for _, part := range strings.SplitAfter(post, "、") {
		segment += part
		if k = c.lastCue(part); k != cueNone {
			break
		}
	}
	if k == cueNone {
		k = c.lastCue(c.before(u))
		segment = post
	}
	if k == cueNone {
		if k = c.p.cues.eastVerbs.last(post); k == cueNone {
			k = c.p.cues.eastVerbs.last(c.before(u))
		}
	}
	if k == cueNone {
		if k = c.p.cues.eastWeak.last(post); k != cueNone {
			u.weak = true
		}
	}
	if k == cueNone && c.context != "" {
		if k = c.lastCue(c.context); k == cueNone {
			k, _, _ = c.p.cues.latin.nearest(c.context, "")
		}
	}
	if strings.HasPrefix(strings.TrimSpace(post), "時点") {
		return cueNoise, false
	}
	if containsAny(segment, eastPast) && !containsAny(segment, eastAhead) && !until(post) && !(k == cueRetire && c.urgent) {
		return cueNoise, false
	}
	if until(post) {
		if c.p.duty(c.s) || c.action || c.title {
			if k == cueNoise {
				k = cueNone
			}
			return k, k != cueEnd || containsAny(c.s, []string{"ください", "下さい", "お願い", "必要"})
		}
	}
	return k, false
}

// weekday stands in brackets behind a date.
var weekday = regexp.MustCompile(`^\s*[(（](?:[月火水木金土日]曜?日?|[월화수목금토일]요?일?|周[一二三四五六日])(?:・祝)?[)）]`)

// until reports whether the particle behind a date bounds it: "by", "before".
func until(post string) bool {
	p := strings.TrimLeft(weekday.ReplaceAllString(post, ""), " )）」")
	for _, w := range []string{"までに", "まで に", "より前", "前まで", "前に", "迄に", "之前", "以前", "前,", "前，", "前", "까지", "까 지", "이전", "전까지", "전에"} {
		if strings.HasPrefix(p, w) {
			return true
		}
	}
	return strings.HasPrefix(p, "まで")
}

// lastCue is the predicate of a clause, in its own script or in Latin letters.
func (c *clause) lastCue(s string) cue {
	k := c.p.cues.east.last(s)
	if k == cueNone {
		k, _, _ = c.p.cues.latin.nearest("", s)
	}
	return k
}

// header is the text over a cell: its column's first cell.
func (p *page) header(block, cell int) string {
	if q := p.doc.Blocks[p.table[block]]; q.Kind == doc.Row && cell >= 0 && cell < len(q.Cells) {
		out := ""
		for _, l := range q.Cells[cell] {
			out += strings.ToLower(p.doc.Quote(l)) + " "
		}
		return out
	}
	return ""
}
