package extract

import (
	"regexp"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

// title finds the notice's own title: the subject or title field, a title row of
// a quoted notice, the front matter, the first heading, the first line.
func (r *reading) title() {
	for _, p := range r.pages {
		for _, f := range p.labelled(titleLabels) {
			if len(f.text()) >= 8 && len(f.text()) <= 300 {
				r.setTitle(p, p.view.Span(f.start, f.end))
				return
			}
		}
	}
	if len(r.pages) > 0 && r.pages[0].title && len(r.pages[0].view.Sentences) > 0 {
		p := r.pages[0]
		r.setTitle(p, p.view.Span(p.view.Sentences[0].Start, p.view.Sentences[len(p.view.Sentences)-1].End))
		return
	}
	for _, p := range r.pages {
		for _, key := range []string{"title", "subject"} {
			if sp, ok := p.doc.Field(key); ok && sp.Len() > 3 {
				r.setTitle(p, sp)
				return
			}
		}
	}
	for _, p := range r.pages {
		for _, s := range p.view.Sentences {
			b := p.doc.Blocks[s.Block]
			if b.Kind == doc.Heading && b.Level <= 2 {
				r.setTitle(p, p.view.Span(s.Start, s.End))
				return
			}
			if s.Block > 12 {
				break
			}
		}
	}
	r.firstLine()
}

var titleLike = regexp.MustCompile(`^(?:if you |action |retirement|update|upgrade|migrate|transition|upcoming|important|planned|azure )`)

// firstLine takes the first line that reads like a title.
func (r *reading) firstLine() {
	for _, p := range r.pages {
		for k, s := range p.view.Sentences {
			text := p.view.Text(s)
			if k > 6 || containsAny(text, because) {
				break
			}
			if navigation(text) {
				continue
			}
			if p.doc.Blocks[s.Block].Kind == doc.Heading && len(text) > 24 && p.gates[k]&0xff != 0 {
				r.setTitle(p, p.view.Span(s.Start, s.End))
				return
			}
		}
		for k, s := range p.view.Sentences {
			if k > 10 {
				break
			}
			text := p.view.Text(s)
			if navigation(text) || containsAny(text, []string{"blog post", "min read", "published", "skip to"}) && len(text) < 40 || strings.HasPrefix(text, "[") || len(text) < 8 || strings.HasSuffix(text, "か?") || strings.HasSuffix(text, "。") {
				continue
			}
			if k <= 1 && p.doc.Blocks[s.Block].Kind == doc.Heading && !strings.Contains(text, " blog") || k == 0 || titleLike.MatchString(text) {
				r.setTitle(p, p.view.Span(s.Start, s.End))
				return
			}
		}
	}
}

// navigation lines lead through a site: "Products | Docs | Pricing", "Home > Blog".
func navigation(s string) bool {
	return strings.Count(s, " | ") >= 2 || strings.Contains(s, " > ") || strings.HasPrefix(s, "skip to ") || strings.HasPrefix(s, "menu ")
}

// prefixes that mail programs put before a subject.
var prefixes = regexp.MustCompile(`(?i)^(?:(?:fw|fwd|re|wg|aw|tr|rv|转发|轉寄|전달|転送|返信)\s*[:：]\s*|\[(?:external|ext)\]\s*)+`)

func (r *reading) setTitle(p *page, sp doc.Span) {
	sp.Start += len(prefixes.FindString(p.doc.Quote(sp)))
	if i := strings.Index(p.doc.Quote(sp), " | "); i > 20 {
		sp.End = sp.Start + i // the name of the site follows
	}
	// A line too long to be wrapped is a title whole; what follows is the text.
	if i := strings.IndexByte(p.doc.Quote(sp), '\n'); i > 100 {
		sp.End = sp.Start + i
	}
	if sp.Len() > 400 || sp.Len() <= 0 {
		return
	}
	r.titleAt.page, r.titleAt.span = p, sp
	r.n.Title = strings.Join(strings.Fields(p.doc.Quote(sp)), " ")
	r.titleText = strings.ToLower(r.n.Title)
	r.n.Evidence["title"] = p.quote(sp)
}

// isTitle reports whether a sentence belongs to a title of the page.
func (p *page) isTitle(b doc.Block, s doc.Sentence, r *reading) bool {
	if p.title || (b.Kind == doc.Meta && (b.Key == "title" || b.Key == "subject")) {
		return true
	}
	if b.Kind == doc.Heading && b.Level == 1 {
		return true
	}
	if r.titleAt.page != p {
		return false
	}
	sp := p.view.Span(s.Start, s.End)
	t := r.titleAt.span
	return t.Start <= sp.Start && sp.End <= t.End+2 || sp.Start <= t.Start && t.End <= sp.End
}

// language tells which language the reader is addressed in: by script, then by
// small words.
func (r *reading) language() {
	var kana, hangul, han, latin int
	words := map[string]int{}
	for _, p := range r.pages {
		if p.title && len(r.pages) > 1 {
			continue
		}
		if kana+hangul+han+latin > 200 {
			break // the first text addresses the reader; others repeat it
		}
		count(p.view.S, &kana, &hangul, &han, &latin)
		for _, t := range p.toks {
			if t.kind == tokWord && t.end-t.start <= 5 {
				if l := smallWords[p.view.S[t.start:t.end]]; l != "" {
					words[l]++
				}
			}
		}
	}
	total := kana + hangul + han + latin
	switch {
	case total == 0:
		r.n.Language = "en"
	case kana > 10 && (kana+han)*12 > total:
		r.n.Language = "ja"
	case hangul > 10 && hangul*12 > total:
		r.n.Language = "ko"
	case han > 10 && han*8 > total:
		r.n.Language = "zh"
	default:
		r.n.Language = "en"
		for _, l := range []string{"de", "fr", "es", "pt", "it"} {
			if words[l] > words[r.n.Language] {
				r.n.Language = l
			}
		}
	}
}

func count(s string, kana, hangul, han, latin *int) {
	for _, c := range s {
		switch {
		case c < 0x80:
			if c >= 'a' && c <= 'z' {
				*latin++
			}
		case c >= 0x3040 && c <= 0x30ff:
			*kana++
		case c >= 0xac00 && c <= 0xd7a3:
			*hangul++
		case c >= 0x3400 && c <= 0x9fff:
			*han++
		case c < 0x250 && unicode.IsLetter(c):
			*latin++
		}
	}
}

// smallWords tell languages of the Latin script apart.
var smallWords = map[string]string{
	"the": "en", "and": "en", "you": "en", "your": "en", "will": "en", "this": "en", "for": "en", "with": "en", "of": "en", "is": "en", "to": "en",
	"der": "de", "die": "de", "und": "de", "sie": "de", "wird": "de", "nicht": "de", "mit": "de", "den": "de", "für": "de", "ist": "de", "bis": "de",
	"les": "fr", "vous": "fr", "des": "fr", "est": "fr", "une": "fr", "pour": "fr", "votre": "fr", "dans": "fr", "et": "fr", "le": "fr",
	"el": "es", "los": "es", "las": "es", "que": "es", "para": "es", "una": "es", "por": "es", "del": "es", "su": "es", "con": "es",
	"não": "pt", "você": "pt", "uma": "pt", "ao": "pt", "dos": "pt", "seu": "pt",
	"il": "it", "della": "it", "che": "it", "per": "it", "non": "it", "di": "it",
}

// issued is the document's own date: a field of the front matter, a quoted mail
// header, or a line that says when it was published.
func (r *reading) issued() {
	for _, p := range r.pages {
		for i := range p.dates {
			d := p.dates[i]
			if d.d == 0 || d.yearless {
				continue
			}
			b := p.doc.Blocks[p.sentenceAt(d.start).Block]
			if b.Kind == doc.Meta && (b.Key == "date" || b.Key == "ms.date" || b.Key == "pubdate" || b.Key == "published") {
				r.setIssued(p, d)
				if b.Key != "ms.date" {
					// Of two mail headers the inner one is the notice's.
					continue
				}
				return
			}
		}
	}
	if r.n.Issued != "" {
		return
	}
	for _, p := range r.pages {
		for i := range p.dates {
			d := p.dates[i]
			s := p.sentenceAt(d.start)
			if d.d == 0 || d.yearless || s.Block > len(p.doc.Blocks)/2+12 {
				continue
			}
			pre := strings.TrimSpace(p.view.S[s.Start:d.start])
			prev := ""
			if k := p.sentenceIndex(s); k > 0 {
				prev = p.view.Text(p.view.Sentences[k-1])
			}
			bare := len(pre) == 0 && s.End-d.end < 14 && p.doc.Blocks[s.Block].Kind != doc.Item && p.doc.Blocks[s.Block].Kind != doc.Row && s.Block < 16
			if containsAny(pre, publishWords) && len(pre) < 40 || pre == "" && containsAny(prev, publishWords) && len(prev) < 40 || bare || p.byline(s, d) {
				r.setIssued(p, d)
				return
			}
		}
	}
}

// byline reports whether a date stands alone between the dots or bars of a byline:
// "By the team | 3 February 2026 | 6 min read".
func (p *page) byline(s doc.Sentence, d date) bool {
	if k := p.doc.Blocks[s.Block].Kind; s.Block >= 16 || k == doc.Row && p.table[s.Block] != s.Block || k == doc.Item {
		return false
	}
	pre, post := strings.TrimSpace(p.view.S[s.Start:d.start]), strings.TrimSpace(p.view.S[d.end:s.End])
	mark := func(r rune) bool { return r == '|' || r == '•' || r == '·' }
	before := pre == "" || mark(lastRune(pre))
	after := post == "" || mark([]rune(post)[0])
	if k := p.doc.Blocks[s.Block].Kind; k == doc.Row && pre == "" && post == "" {
		return s.Block+1 >= len(p.table) || p.table[s.Block+1] != s.Block // a row of its own is no table
	}
	return before && after && (pre != "" || post != "") && len(pre) < 80 && len(post) < 60
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

var publishWords = []string{"published", "posted", "publish date", "date:", "公開日", "投稿日", "公開:", "発行日", "veröffentlicht", "publié", "publicado", "发布日期", "发布于", "게시"}

func (r *reading) setIssued(p *page, d date) {
	r.n.Issued = d.value()
	r.n.Evidence["issued"] = p.evidence(d.start, d.end)
}

func (p *page) sentenceIndex(s doc.Sentence) int {
	return sort.Search(len(p.view.Sentences), func(i int) bool { return p.view.Sentences[i].Start >= s.Start })
}

// eventType reads the type from a labelled field or from plain words.
func (r *reading) eventType() {
	if r.in.EventType != "" {
		r.n.EventType = r.in.EventType
		return
	}
	for _, p := range r.pages {
		for _, f := range p.labelled(typeLabels) {
			for _, w := range typeWords {
				if strings.Contains(f.text(), w.text) {
					r.n.EventType = w.kind
					r.n.Evidence["event_type"] = p.evidence(f.start, f.end)
					return
				}
			}
		}
	}
	for _, w := range []struct{ text, kind string }{
		{"障害", cutover.EventServiceIssue}, {"outage", cutover.EventServiceIssue}, {"post incident review", cutover.EventServiceIssue}, {"インシデント", cutover.EventServiceIssue}, {"service issue", cutover.EventServiceIssue}, {"root cause analysis", cutover.EventServiceIssue}, {"störung", cutover.EventServiceIssue}, {"장애", cutover.EventServiceIssue}, {"故障", cutover.EventServiceIssue},
		{"planned maintenance", cutover.EventPlannedMaintenance}, {"scheduled maintenance", cutover.EventPlannedMaintenance}, {"計画メンテナンス", cutover.EventPlannedMaintenance}, {"計画的メンテナンス", cutover.EventPlannedMaintenance}, {"geplante wartung", cutover.EventPlannedMaintenance}, {"maintenance planifiée", cutover.EventPlannedMaintenance}, {"mantenimiento planeado", cutover.EventPlannedMaintenance}, {"计划内维护", cutover.EventPlannedMaintenance}, {"계획된 유지 관리", cutover.EventPlannedMaintenance},
		{"security advisory", cutover.EventSecurityAdvisory}, {"セキュリティ アドバイザリ", cutover.EventSecurityAdvisory},
	} {
		if strings.Contains(r.titleText, w.text) && !strings.Contains(r.titleText, "障害対策") && !strings.Contains(r.titleText, "障害復旧") {
			r.n.EventType = w.kind
			r.n.Evidence["event_type"] = r.n.Evidence["title"]
			return
		}
	}
}

var typeWords = []struct{ text, kind string }{
	{"health advisor", cutover.EventHealthAdvisory}, {"正常性の勧告", cutover.EventHealthAdvisory}, {"正常性アドバイザリ", cutover.EventHealthAdvisory}, {"勧告", cutover.EventHealthAdvisory}, {"service issue", cutover.EventServiceIssue}, {"サービスの問題", cutover.EventServiceIssue}, {"サービスに関する問題", cutover.EventServiceIssue}, {"planned maintenance", cutover.EventPlannedMaintenance}, {"計画", cutover.EventPlannedMaintenance}, {"メンテナンス", cutover.EventPlannedMaintenance}, {"security", cutover.EventSecurityAdvisory}, {"セキュリティ", cutover.EventSecurityAdvisory}, {"billing", cutover.EventBilling}, {"請求", cutover.EventBilling}, {"운영 상태", cutover.EventHealthAdvisory}, {"상태 권고", cutover.EventHealthAdvisory}, {"运行状况公告", cutover.EventHealthAdvisory}, {"integritätsempfehlung", cutover.EventHealthAdvisory},
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func (r *reading) subscriptionFactsCached() map[string]cutover.Evidence {
	if r.subs == nil {
		r.subs = r.subscriptionFacts()
	}
	return r.subs
}
