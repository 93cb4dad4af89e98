package extract

// preps are the words before a date that say how it bounds, in all languages
// that put them there. Values are what the rules ask for.
var preps = map[string]string{
	"by": "by", "before": "before", "until": "until", "till": "until", "til": "until", "through": "until", "thru": "until", "on": "on", "in": "in", "from": "from", "since": "since",
	"after": "after", "starting": "from", "beginning": "from", "effective": "from", "begin": "from", "begins": "from", "start": "from", "starts": "from", "during": "in", "to": "to", "and": "and", "between": "between", "of": "of", "for": "on",
	"bis": "by", "vor": "before", "ab": "from", "am": "on", "im": "in", "zum": "by", "nach": "after", "seit": "since", "zwischen": "between", "vom": "from",
	"avant": "before", "jusqu'au": "until", "le": "on", "en": "in", "dès": "from", "depuis": "since", "après": "after", "du": "from", "au": "to", "entre": "between",
	"antes": "before", "hasta": "until", "desde": "from", "el": "on", "después": "after",
}

// fillers may stand between a preposition and its date.
var fillers = map[string]bool{
	"the": true, "later": true, "than": true, "around": true, "about": true, "approximately": true, "der": true, "dem": true, "den": true, "des": true, "le": true, "la": true, "el": true, "del": true, "de": true, "d": true, "und": true,
	"on": true, "in": true, "at": true, "am": true, "im": true, "of": true, "monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true, "sunday": true, "mon": true, "tue": true, "wed": true, "thu": true, "fri": true, "sat": true, "sun": true,
	",": true, "(": true, "a": true, "au": true, "this": true, "dès": true, "l": true, "'": true,
}

// qualify looks at the words before a date: "by the end of", "starting on".
func (p *page) qualify(d *date) {
	parted := false
	for k, i := 0, d.first-1; i >= 0 && k < 6; k, i = k+1, i-1 {
		t := p.toks[i]
		if t.kind == tokBreak || t.kind == tokSign || t.kind == tokNumber {
			return
		}
		w := p.word(i)
		switch {
		case endWords[w] && (p.is(i+1, "of") || p.is(i+1, "de") || p.toks[i+1].kind == tokWord || p.toks[i+1].kind == tokNumber) && d.d == 0:
			d.endOf, parted = true, true
			p.extend(d, i)
			continue
		case partWords[w] && d.d == 0 && (p.is(i+1, "of") || p.is(i+1, "-") || i+1 == d.first || p.is(i+1, "de")) && !(w == "start" || w == "beginning") || (partWords[w] && p.is(i+1, "of")):
			parted = true
			p.extend(d, i)
			continue
		}
		if (w == "to" && p.is(i-1, "prior")) || (w == "of" && p.is(i-1, "ahead")) {
			d.prep = "before"
			return
		}
		if w == "of" && p.is(i-1, "as") {
			d.asOf = true
			return
		}
		if w == "on" || w == "in" || w == "the" || w == "of" || w == "am" || w == "im" || w == "le" || w == "el" || w == "la" || w == "der" || w == "dem" || w == "den" {
			// A preposition further left binds more: "starting on", "by the end of".
			if v := preps[w]; v != "" && d.prep == "" && !(parted && w == "of") {
				d.prep = v
			}
			continue
		}
		if v := preps[w]; v != "" {
			if (w == "start" || w == "begin" || w == "starts" || w == "begins" || w == "to" || w == "and" || w == "for") && d.prep != "" && v != "from" {
				return
			}
			d.prep = v
			if v == "until" && p.is(i-1, "up") {
				d.prep = "until"
			}
			return
		}
		if w == "than" && p.is(i-1, "later") || w == "spätestens" || w == "tard" && p.is(i-1, "plus") || w == "tardar" || w == "latest" && (p.is(i-1, "the") || p.is(i-1, "at")) {
			d.prep = "by"
			return
		}
		if !fillers[w] {
			return
		}
	}
}

func (p *page) extend(d *date, i int) { d.start = p.toks[i].start; d.first = i }
