package extract

import (
	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

// topic weighs the words of the title, the lead and the rest.
func (r *reading) topic() {
	switch r.in.EventType {
	case cutover.EventServiceIssue:
		r.n.Topic = cutover.TopicIncident
		return
	case cutover.EventPlannedMaintenance:
		r.n.Topic = cutover.TopicMaintenance
		return
	}
	if r.n.EventType == cutover.EventServiceIssue {
		r.n.Topic = cutover.TopicIncident
		return
	}
	score := map[string]int{}
	titled := r.x.words.of(r.titleText)
	for i, t := range topics {
		if titled&(gateTopic<<i) != 0 {
			score[t] += 20
		}
	}
	// A subject that is a mail's and a title that is quoted both count.
	for _, p := range r.pages {
		for i := range p.view.Sentences {
			r.vote(p, i, score)
		}
	}
	r.voteCertificates(score)
	best := ""
	for _, t := range topics {
		if score[t] > score[best] {
			best = t
		}
	}
	if score[best] < 3 || (best == cutover.TopicIncident && score[best] < 20) {
		best = cutover.TopicOther
	}
	r.n.Topic = best
	if score[cutover.TopicTLSVersion] >= 20 && best != cutover.TopicIncident {
		r.n.Topic = cutover.TopicTLSVersion
	}
	if best == cutover.TopicIPChange && score[cutover.TopicRetirement] >= 20 {
		r.n.Topic = cutover.TopicRetirement // "public IP addresses" is a product
	}
	if r.titleAt.page != nil {
		r.n.Evidence["topic"] = r.n.Evidence["title"]
	}
}

// voteCertificates counts the authorities that the notice names: who speaks of a
// root by its name speaks of certificates.
func (r *reading) voteCertificates(score map[string]int) {
	for _, p := range r.pages {
		for i := range p.cas {
			s := p.sentenceAt(p.cas[i].start)
			switch b := p.doc.Blocks[s.Block]; {
			case p.skip[s.Block]:
			case p.isTitle(b, s, r):
				score[cutover.TopicCertificate] += 12
			case score[cutover.TopicCertificate]%20 < 12:
				score[cutover.TopicCertificate] += 3
			}
		}
	}
}

// vote counts the topics of one sentence.
func (r *reading) vote(p *page, i int, score map[string]int) {
	s := p.view.Sentences[i]
	if p.skip[s.Block] || p.title || p.gates[i]&0xff == 0 {
		return
	}
	weight := 1
	switch b := p.doc.Blocks[s.Block]; {
	case b.Kind == doc.Heading && b.Level <= 2:
		weight = 3
	case s.Block < 12:
		weight = 2
	}
	for k, t := range topics {
		if p.gates[i]&(gateTopic<<k) != 0 && (score[t] < 18 || score[t] >= 20 && score[t] < 38) {
			score[t] += weight
		}
	}
}
