package extract

import (
	"regexp"
	"strings"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

var cancelWords = regexp.MustCompile(`(?:retirement|maintenance|change|migration|plan|update|rollout|notice|advisory|deprecation|move|switch|deadline)s?(?: (?:of|planned|scheduled|announced|set|due|for|to|that|in|we)\b[^.;,]{0,90}?)? (?:has been|have been|is|was|are|will be) (?:now )?(?:cancell?ed|withdrawn|called off|dropped|abandoned|revoked|reversed|off the table)|(?:we've|we have|we are|we're) (?:cancell?(?:ed|ing)|withdraw(?:n|ing)|called off)|(?:will no longer|no longer plan(?:s|ning)? to|decided not to) (?:be )?(?:retir|deprecat|proceed|go ahead|remov)|not be proceeding|(?:won't|will not|not going to) (?:go ahead|proceed|take place|happen)|(?:decided|chosen) (?:against|not to)|(?:retirement|change|migration) (?:is )?called off|(?:廃止|変更|メンテナンス|移行|計画|終了)(?:の予定)?(?:は|が|を)(?:中止|取り消|取りやめ|キャンセル|撤回)|wurde abgesagt|wird nicht durchgeführt|a été annulée?|ha sido cancelad|已取消|取消了|취소되었`)

// cancelled reads a stated cancellation of the change.
func (r *reading) cancelled() {
	for _, p := range r.pages {
		for i, s := range p.view.Sentences {
			text := p.view.Text(s)
			if p.gates[i]&gateCancel == 0 || p.skip[s.Block] || strings.Contains(text, "if ") || !cancelWords.MatchString(text) {
				continue
			}
			r.n.Cancelled = true
			for _, d := range p.dates {
				if d.start >= s.Start && d.end <= s.End && !d.yearless {
					p.given = append(p.given, d.value())
				}
			}
			if _, ok := r.n.Evidence["cancelled"]; !ok {
				r.n.Evidence["cancelled"] = p.evidence(s.Start, s.End)
			}
		}
	}
}

var ownLink = regexp.MustCompile(`https://app\.azure\.com/h/[\w\-./]{3,120}`)

// link keeps the provider's own page: the one with the tracking ID, else the
// first link of the action section, else the first to Microsoft's documents.
func (r *reading) link() {
	best, rank := "", 0
	var at cutover.Evidence
	try := func(p *page, sp doc.Span, url string, score int) {
		if score > rank && plainURL(url) {
			best, rank, at = url, score, p.quote(sp)
		}
	}
	for _, p := range r.pages {
		for _, m := range ownLink.FindAllStringIndex(p.doc.Text, 50) {
			u := strings.TrimRight(p.doc.Text[m[0]:m[1]], ".-")
			if strings.Contains(u, "app.azure.com/h/") {
				try(p, doc.Span{Start: m[0], End: m[0] + len(u)}, u, 4)
			}
		}
		for _, l := range p.doc.Links {
			score := 0
			host := strings.ToLower(l.URL)
			switch {
			case strings.HasPrefix(host, "https://app.azure.com/h/"):
				score = 4
			case !microsoft(host):
			case p.linkSection(l) == secAction:
				score = 3
			case p.linkSection(l) == secBody:
				score = 1
			}
			try(p, l.Span, l.URL, score)
		}
	}
	if rank > 0 {
		r.n.Link = best
		r.n.Evidence["link"] = at
	}
}

func (p *page) linkSection(l doc.Link) section {
	for i, b := range p.doc.Blocks {
		if b.Start <= l.Start && l.Start < b.End {
			return p.role[i]
		}
	}
	return secRelated
}

func microsoft(url string) bool {
	for _, h := range []string{"https://learn.microsoft.com/", "https://aka.ms/", "https://azure.microsoft.com/", "https://docs.microsoft.com/", "https://techcommunity.microsoft.com/", "https://portal.azure.com/"} {
		if strings.HasPrefix(url, h) {
			return true
		}
	}
	return false
}

// plainURL keeps links short and free of anything that a terminal or a ticket
// could take for markup.
func plainURL(u string) bool {
	if len(u) > 300 {
		return false
	}
	for _, c := range u {
		if c <= ' ' || c >= 0x7f || strings.ContainsRune("<>\"'`|\\^{}()[]", c) {
			return false
		}
	}
	return true
}

// frontMatterServices reads "ms.service: virtual-machines" and the like.
func (r *reading) frontMatterServices() []serviceFact {
	var out []serviceFact
	for _, p := range r.pages {
		for _, key := range []string{"ms.service", "services", "service"} {
			sp, ok := p.doc.Field(key)
			if !ok {
				continue
			}
			slug := strings.ToLower(strings.ReplaceAll(p.doc.Quote(sp), "-", " "))
			for _, try := range []string{slug, "azure " + slug, strings.TrimPrefix(slug, "azure "), strings.TrimSuffix(slug, " service")} {
				if canon, ok := r.x.canon[try]; ok {
					at := p.view.Find(sp.Start)
					if at >= 0 {
						out = append(out, serviceFact{canon: canon, written: canon, page: p, start: at, end: at + sp.Len()})
					}
					break
				}
			}
		}
	}
	return out
}

var azureName = regexp.MustCompile(`azure [a-z][a-z0-9]+(?: [a-z][a-z0-9]+){0,2}`)

var notNames = []string{"azure portal", "azure cli", "azure powershell", "azure advisor", "azure update", "azure status", "azure service", "azure support", "azure subscription", "azure customer", "azure resource", "azure product", "azure cloud", "azure region", "azure retirement", "azure platform", "azure tenant", "azure account", "azure team", "azure blog", "azure marketplace", "azure network", "azure iot", "azure monitoring", "azure sdk", "azure web", "azure app", "azure tech", "azure public", "azure global", "azure government", "azure china", "azure public"}

// unmapped names a service that the map does not know, when the title or one of
// the first sentences does: a person reads it, and nothing is matched by it.
func (r *reading) unmapped() []serviceFact {
	if p := r.titleAt.page; p != nil {
		if at := p.view.Find(r.titleAt.span.Start); at >= 0 {
			if out := r.unmappedIn(p, at, min(len(p.view.S), at+r.titleAt.span.Len())); out != nil {
				return out
			}
		}
	}
	for _, p := range r.pages {
		for i, s := range p.view.Sentences {
			if p.gates[i]&gateBecause != 0 || r.dated[sentenceKey{p, s.Start}] {
				if out := r.unmappedIn(p, s.Start, s.End); out != nil {
					return out
				}
			}
		}
	}
	return nil
}

func (r *reading) unmappedIn(p *page, from, to int) []serviceFact {
	for _, m := range azureName.FindAllStringIndex(p.view.S[from:to], 4) {
		start, end := from+m[0], from+m[1]
		end = p.capitals(start, end)
		if end-start < 8 || containsAny(p.view.S[start:end], notNames) {
			continue
		}
		name := p.doc.Quote(p.view.Span(start, end))
		r.n.Confidence["services/"+name] = cutover.Confidence{Level: "low", Reason: "the service map does not know this name"}
		return []serviceFact{{canon: name, written: name, page: p, start: start, end: end}}
	}
	return nil
}

// capitals cuts a name at its first word without a capital letter.
func (p *page) capitals(start, end int) int {
	words := strings.SplitAfter(p.view.S[start:end], " ")
	at := start
	for i, w := range words {
		if i > 0 && !p.view.Upper(at) {
			return at - 1
		}
		at += len(w)
	}
	return end
}
