package extract

import (
	"regexp"

	"cutover/shared/cutover"
)

// kindOpen is a dated statement about the notice's subject that no word decides.
// It is kept as what the notice's topic suggests, with low confidence: a doubtful
// date is read by a person, a missing one by nobody.
const kindOpen = "?"

// telling reports whether an undecided date belongs to a statement about the
// notice's subject: its sentence names a service or a certificate, or says that
// it is about a date. A line that is a date and nothing else says nothing.
func (c *clause) telling(u *unit) bool {
	if u.a.guessed || u.a.asOf || u.a.precision() == cutover.PrecisionYear {
		return false
	}
	if c.cell {
		return calendarWords.MatchString(c.context)
	}
	after := c.after(u)
	rest := c.s[max(0, u.a.start-c.base-800):u.a.start-c.base] + " " + after[:min(len(after), 800)]
	if len(rest) < 8 || c.p.cues.latin.noisy(rest) || c.p.cues.east.noisy(rest) {
		return false
	}
	if calendarWords.MatchString(rest) || announcing.MatchString(rest) {
		return true
	}
	from, to := c.base, c.base+len(c.s)
	return len(c.p.servicesIn(from, to)) > 0 || c.p.mentionBetween(from, to)
}

// announcing words tell of what is to come, whatever it is.
var announcing = regexp.MustCompile(`\b(?:will|shall|won't|going to|is to|are to|wird|werden|sera|seront|será|serán)\b|'ll\b|予定|ます。?$`)

// noisy reports whether a text holds a word of publishing, meetings and the like.
func (l *cueList) noisy(s string) bool {
	noise := false
	l.scan.each(s, func(i, end int) {
		noise = noise || l.words[i].cue == cueNoise && wordStart(s, end-len(l.words[i].text))
	})
	return noise
}

// decide gives the open dates their kind, or drops them: what lies before the
// notice was written, and what another milestone says already.
func (r *reading) decide(all []found) []found {
	kept := all[:0]
	sure := map[cutover.Date]bool{}
	for _, f := range all {
		if f.Kind != kindOpen {
			sure[f.Start], sure[f.End] = true, true
		}
	}
	for _, f := range all {
		if f.Kind != kindOpen {
			kept = append(kept, f)
			continue
		}
		if r.n.Issued != "" && f.Start <= r.n.Issued || sure[f.Start] && f.End == "" {
			continue
		}
		f.Kind, f.open = r.topicKind(), true
		kept = append(kept, f)
	}
	return kept
}

// topicKind is the kind of date that a topic suggests.
func (r *reading) topicKind() string {
	switch r.n.Topic {
	case cutover.TopicRetirement:
		return cutover.KindRetirement
	case cutover.TopicMaintenance:
		return cutover.KindOther
	}
	return cutover.KindCutover
}
