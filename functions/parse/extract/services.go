package extract

import (
	"regexp"
	"sort"
	"strings"

	"cutover/functions/parse/doc"
)

// hit is a service or a region that the text names.
type hit struct {
	start, end int // bytes in the view
	block      int
	name       *name
	target     bool // what one moves to: "migrate to X"
	aside      bool // in brackets, or the parent of a feature
}

// matchNames finds all names of a page, the longest first at each place.
func (p *page) matchNames(index map[string][]name) []hit {
	var out []hit
	si := 0
	for i := 0; i < len(p.toks); i++ {
		t := p.toks[i]
		if t.kind == tokPunct || t.kind == tokBreak {
			continue
		}
		list := index[stem(p.word(i))]
		for k := range list {
			end, ok := p.sequence(i, list[k].words, strings.Contains(list[k].written, "("))
			if !ok || (list[k].generic && !p.azureBefore(i)) {
				continue
			}
			h := hit{start: t.start, end: p.toks[end-1].end, name: &list[k]}
			if p.is(i-1, "azure") {
				h.start = p.toks[i-1].start
			}
			for si < len(p.view.Sentences) && p.view.Sentences[si].End <= t.start {
				si++
			}
			if si < len(p.view.Sentences) && p.view.Sentences[si].Start <= t.start {
				h.block = p.view.Sentences[si].Block
				p.around(&h, i, end, p.view.Sentences[si])
				out = append(out, h)
			}
			i = end - 1
			break
		}
	}
	return out
}

// sequence reports whether the words stand at token i, and where they end.
// Hyphens and slashes between them do not matter, nor do brackets that the name has.
func (p *page) sequence(i int, words []string, brackets bool) (int, bool) {
	j := i
	for k, w := range words {
		for k > 0 && j < len(p.toks) && p.toks[j].kind == tokPunct && (p.is(j, "-") || p.is(j, "/") || brackets && (p.is(j, "(") || p.is(j, ")"))) {
			j++
		}
		if j >= len(p.toks) || p.toks[j].kind == tokBreak || stem(p.word(j)) != stem(w) {
			return 0, false
		}
		j++
	}
	return j, true
}

func (p *page) azureBefore(i int) bool { return p.is(i-1, "azure") || p.is(i-1, "microsoft") }

// targets are words before the name of what one moves to.
var targets = map[string]bool{"to": true, "with": true, "using": true, "vers": true, "zu": true, "auf": true}

// around looks at the words beside a hit.
func (p *page) around(h *hit, i, end int, s doc.Sentence) {
	j := i - 1
	for j >= 0 && (p.is(j, "azure") || p.is(j, "the") || p.is(j, "new") || p.is(j, "an") || p.is(j, "your")) {
		j--
	}
	if j >= 0 && targets[p.word(j)] && containsAny(p.view.S[max(s.Start, p.toks[j].start-60):p.toks[j].end], []string{"migrat", "transition", "move", "moving", "switch", "upgrad", "replac", "wechsel", "passer"}) {
		h.target = true
	}
	after := p.view.S[h.end:s.End]
	if strings.HasPrefix(strings.TrimSpace(after), "への移行") || strings.HasPrefix(strings.TrimSpace(after), "に移行") || strings.HasPrefix(strings.TrimSpace(after), "へ移行") {
		h.target = true
	}
	before := p.view.S[s.Start:h.start]
	if strings.Count(before, "(")+strings.Count(before, "（") > strings.Count(before, ")")+strings.Count(before, "）") && h.start-s.Start > 20 {
		h.aside = true
	}
	if strings.HasSuffix(strings.TrimSuffix(before, "the "), "feature of ") || strings.HasSuffix(before, "capability of ") {
		h.aside = true
	}
}

// servicesIn lists the canonical services named between two places of the view.
func (p *page) servicesIn(start, end int) []string {
	var out []string
	for i, h := range p.hits {
		if h.start < start || h.end > end || h.target || h.aside || p.followedByPart(i) {
			continue
		}
		if !has(out, h.name.canon) {
			out = append(out, h.name.canon)
		}
	}
	return out
}

// followedByPart: "Azure Monitor Application Insights" names the second.
func (p *page) followedByPart(i int) bool {
	return i+1 < len(p.hits) && p.hits[i+1].start == p.hits[i].end+1 && p.hits[i].name.canon == "Azure Monitor"
}

// headingServices are those of the nearest heading above that names any.
func (p *page) headingServices(block int) []string {
	for i := block; i >= 0; i-- {
		b := p.doc.Blocks[i]
		if b.Kind != doc.Heading || b.Level == doc.SoftHeading || b.Level == 1 {
			continue
		}
		if out := p.blockServices(i); len(out) > 0 {
			return out
		}
		if b.Level <= 2 {
			return nil
		}
	}
	return nil
}

func (p *page) blockServices(block int) []string {
	var out []string
	for i, h := range p.hits {
		if h.block == block && !has(out, h.name.canon) && !p.followedByPart(i) {
			out = append(out, h.name.canon)
		}
	}
	return out
}

// because marks the sentence that says why the reader gets the notice.
var because = []string{"you're receiving this", "you are receiving this", "you received this", "because you currently use", "because you use", "because you have", "because you're using", "because you are using", "you're associated with",
	"使用しているため", "利用しているため", "ご利用いただいているため", "ご利用いただいているお客様", "ご利用いただいている azure サブスクリプション", "ご利用のお客様", "ご利用されているお客様", "お使いのお客様", "sie erhalten diese", "vous recevez", "recibe este", "recibió este", "está recibiendo", "您收到此", "您之所以收到", "이 메일을 받", "이 알림을 받", "수신하는 이유"}

// boilerplate sentences name services that the notice is not about.
var boilerplate = []string{"に関するサポート情報", "support team blog", "microsoft q&a", "サポート担当"}

// about collects the services that the notice is about, with the places where
// they are named, in order of strength.
func (r *reading) about() []serviceFact {
	var strong, weak, lead, tools []serviceFact
	add := func(list *[]serviceFact, p *page, h hit) {
		*list = append(*list, serviceFact{canon: h.name.canon, written: h.name.written, part: h.name.part, page: p, start: h.start, end: h.end})
	}
	dated := r.dated
	for _, p := range r.pages {
		for i, h := range p.hits {
			if p.followedByPart(i) || h.aside {
				continue
			}
			s := p.sentenceAt(h.start)
			text := p.view.Text(s)
			b := p.doc.Blocks[h.block]
			switch {
			case containsAny(text, boilerplate):
				continue
			case toolNames[h.name.canon]:
				if p.isTitle(b, s, r) {
					add(&tools, p, h)
				}
			case p.isTitle(b, s, r):
				if h.target {
					add(&weak, p, h)
				} else {
					add(&strong, p, h)
				}
			case p.skip[h.block]:
			case p.words.of(text)&gateBecause != 0 && !h.target:
				add(&strong, p, h)
			case b.Kind == doc.Heading && b.Level <= 2 && p.role[h.block] == secBody && headingName(text, h.start-s.Start, h.end-s.Start):
				add(&strong, p, h)
			case dated[sentenceKey{p, s.Start}] && !h.target:
				add(&weak, p, h)
			case b.Kind != doc.Item && len(text) > len(p.view.S[h.start:h.end])+8:
				add(&lead, p, h)
			}
		}
	}
	if len(strong) > 0 {
		weak = subjects(weak, strong)
	}
	out := pick(strong, weak, nil, r.frontMatterServices())
	if len(out) == 0 {
		out = r.unmapped()
	}
	if len(out) == 0 {
		out = pick(nil, nil, lead, nil)
	}
	if len(out) == 0 {
		out = tools
	}
	return out
}

// subjects keeps of the dated sentences what they are about, when the title or
// the lead has named the notice's service already: parts of that service, and
// what is the subject of the sentence. Others are objects and targets.
func subjects(weak, strong []serviceFact) []serviceFact {
	var out []serviceFact
	for _, f := range weak {
		same := false
		for _, s := range strong {
			same = same || s.canon == f.canon
		}
		if same || f.page.subject(f.start, f.end) {
			out = append(out, f)
		}
	}
	return out
}

// leading are the words before the first comma that only say when.
var leading = regexp.MustCompile(`^(?:on|starting|beginning|effective|from|after|by|in|once|when|before|as of|until|for|and|then) [^,]{0,90}, (?:then )?`)

// subject reports whether a name is the subject of its sentence: it begins the
// main clause, or a Japanese or Korean particle says so.
func (p *page) subject(start, end int) bool {
	s := p.sentenceAt(start)
	rest := strings.TrimSpace(p.view.S[end:s.End])
	for _, w := range []string{"は", "が", "も", "は、", "은", "는", "이 ", "가 "} {
		if strings.HasPrefix(rest, w) && !strings.HasPrefix(rest, "がある") {
			return true
		}
	}
	main := s.Start
	if m := leading.FindStringIndex(p.view.S[s.Start:s.End]); m != nil {
		main += m[1]
	}
	before := p.view.S[min(main, start):start]
	return start-main <= 45 && !containsAny(before, []string{" in ", " to ", " with ", " using ", " from ", ":", "する", "、"})
}

// toolNames are what one works with or through; a notice is about them only
// when its fields say so, or when its title names nothing else.
var toolNames = map[string]bool{"Microsoft Azure portal": true, "Azure Resource Manager": true, "Azure Policy": true, "Subscription Management": true, "Microsoft Entra ID (formerly Azure AD)": true, "Microsoft Cost Management": true, "Network Infrastructure": true}

// headingName reports whether a heading is the name of a service, or of several.
func headingName(text string, start, end int) bool {
	if start > 2 {
		return false
	}
	rest := strings.TrimSpace(text[end:])
	return len(rest) <= 8 || strings.HasPrefix(rest, "service ") || strings.HasPrefix(rest, "または") || strings.HasPrefix(rest, "or ") || strings.HasPrefix(rest, "and ") || strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "(")
}

// pick joins what is strong with the dated sentences; of passing mentions only
// the first sentence counts, and only when there is nothing better.
func pick(strong, weak, lead, front []serviceFact) []serviceFact {
	if len(strong) > 0 || len(front) > 0 {
		out := append(strong, front...)
		if len(strong) == 0 && len(front) > 0 {
			return out
		}
		return append(out, weak...)
	}
	if len(weak) > 0 {
		return weak
	}
	if len(lead) == 0 {
		return nil
	}
	first := lead[0].page.sentenceAt(lead[0].start)
	var out []serviceFact
	for _, f := range lead {
		if f.page == lead[0].page && f.start < first.End {
			out = append(out, f)
		}
	}
	return out
}

type sentenceKey struct {
	p     *page
	start int
}

// datedSentences are those that state a change, not only a duty.
func datedSentences(all []found) map[sentenceKey]bool {
	out := map[sentenceKey]bool{}
	for _, f := range all {
		if f.Kind != "cutover" && f.Kind != "retirement" && f.Kind != "expiry" {
			continue
		}
		s := f.page.sentenceAt(f.date.start)
		out[sentenceKey{f.page, s.Start}] = true
		if i := f.page.sentenceIndex(s); i > 0 && containsAny(f.page.view.Text(s), []string{"both services", "these services", "the services will"}) {
			out[sentenceKey{f.page, f.page.view.Sentences[i-1].Start}] = true
		}
	}
	return out
}

func (p *page) sentenceAt(at int) doc.Sentence {
	s := p.view.Sentences
	i := sort.Search(len(s), func(i int) bool { return s[i].End > at })
	if i < len(s) {
		return s[i]
	}
	return doc.Sentence{}
}

// serviceFact is one mention of a service that the notice is about.
type serviceFact struct {
	canon, written string
	part           bool // a part of the service, by a name of its own
	page           *page
	start, end     int
}
