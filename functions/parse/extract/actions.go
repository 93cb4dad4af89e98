package extract

import (
	"regexp"
	"strings"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

var noAction = regexp.MustCompile(`no (?:immediate |further |additional |customer |other )?action (?:is |are |will be )?(?:required|needed|necessary)|no action (?:is )?(?:required|needed|necessary)|do(?:es)?n't need to (?:do|take|make)|do not need to (?:do|take|make)|nothing (?:to do|you need)|no changes? (?:is|are) (?:required|needed)|will not be (?:impacted|affected)|won't be (?:impacted|affected)|not (?:be )?(?:impacted|affected) by this|isn't (?:impacted|affected)|aren't (?:impacted|affected|included)|are not (?:impacted|affected|included)|does not (?:affect|impact)|doesn't (?:affect|impact|apply)|should not require|no impact|no, (?:if you use|only)|影響(?:は|が)?(?:ございません|ありません|受けません|無い|ない)|影響を受けません|(?:対応|対処|作業|アクション|移行|操作)(?:は|が)?(?:特に)?(?:不要|必要ございません|必要ありません|必要はありません|必要はございません|必要ない)|(?:必要な|追加の)対応はございません|ご対応いただく必要はありません|対応頂く必要はありません|keine (?:maßnahme|aktion|weiteren maßnahmen)|aucune action|no es necesaria|no se requiere ninguna|无需|無需|조치가 필요하지|영향을 받지`)

// actions reads what must be done, by whom not, and whether only clients that
// pin certificates are concerned.
func (r *reading) actions() {
	r.n.ActionRequired = r.asked()
	section, loose, none := 0, 0, 0
	hasSection := r.hasActionSection()
	for _, p := range r.pages {
		if p.title {
			continue
		}
		for i, s := range p.view.Sentences {
			b := p.doc.Blocks[s.Block]
			text := p.view.Text(s)
			if p.skip[s.Block] || b.Kind == doc.Meta || len(text) < 12 || len(text) > 900 {
				continue
			}
			if p.heads[s.Block] {
				continue
			}
			no := p.none(i)
			if no && none < 10 && !strings.HasSuffix(text, "?") && !strings.HasSuffix(text, "か?") && b.Kind != doc.Heading {
				r.listFact("no_action_for", &r.n.NoActionFor, p, s)
				none++
			}
			if no || !r.n.ActionRequired {
				continue
			}
			switch {
			case hasSection && p.role[s.Block] == secAction && (p.duty(text) || b.Kind == doc.Item) && section < 12 && b.Kind != doc.Row && !support(text) && !strings.HasSuffix(text, "?"):
				r.listFact("required_actions", &r.n.RequiredActions, p, s)
				section++
			case !hasSection && p.asks(i) && loose < 6 && b.Kind != doc.Row && !support(text):
				r.listFact("required_actions", &r.n.RequiredActions, p, s)
				loose++
			}
		}
	}
	r.pinning()
}

// none and asks say of a sentence that nobody, or somebody, has to act. The first
// takes an expression, which runs once.
func (p *page) none(i int) bool {
	if p.gates[i]&gateNone == 0 {
		return false
	}
	if v, ok := p.noneOf[i]; ok {
		return v
	}
	v := noAction.MatchString(p.view.Text(p.view.Sentences[i]))
	p.noneOf[i] = v
	return v
}

func (p *page) asks(i int) bool {
	return p.gates[i]&gateAsk != 0
}

// orders reports whether a clause of a sentence tells the reader to change
// something: it begins with a verb of command.
func orders(s string) bool { return commands(s, orderVerbs) }

// support reports whether a sentence is about getting help, not about the change.
func support(s string) bool {
	return containsAny(s, []string{"why you should care", "changes you need to make", "do i have to", "ご覧ください", "以下の記事", "変更される場合", "予めご", "see also", "faq", "support request", "support plan", "サポート リクエスト", "お問い合わせ", "microsoft q&a", "contact us", "公開情報", "ご参照", "ご参考", "ご了承", "feedback", "いただけますと幸い"})
}

func (r *reading) listFact(key string, list *[]string, p *page, s doc.Sentence) {
	ev := p.evidence(s.Start, s.End)
	text := plain(ev.Quote)
	for _, have := range *list {
		if have == text {
			return
		}
	}
	r.n.Evidence[key+"/"+itoa(len(*list))] = ev
	*list = append(*list, text)
}

var (
	linkTarget = regexp.MustCompile(`\[([^\]\n]{1,300})\]\([^)\s]{0,900}\)`)
	lineQuote  = regexp.MustCompile(`\n[> \t]+`)
)

// plain is a sentence without line breaks, quote marks and link targets; the
// evidence keeps them.
func plain(s string) string {
	s = linkTarget.ReplaceAllString(s, "$1")
	s = lineQuote.ReplaceAllString(s, " ")
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "**", "")), " ")
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

func (r *reading) hasActionSection() bool {
	for _, p := range r.pages {
		for i, s := range p.role {
			if s == secAction && !p.heads[i] {
				return true
			}
		}
	}
	return false
}

// asked decides whether anybody is asked to act.
func (r *reading) asked() bool {
	if r.n.EventType == cutover.EventServiceIssue || r.n.EventType == cutover.EventPlannedMaintenance || r.n.Topic == cutover.TopicIncident {
		return false
	}
	if r.n.Cancelled && len(r.found) == 0 {
		return false
	}
	ask, none, title, actBy := 0, 0, 0, 0
	for _, f := range r.found {
		if f.Kind == cutover.KindActBy {
			actBy++
		}
	}
	head := false
	for _, p := range r.pages {
		for i, s := range p.view.Sentences {
			text := p.view.Text(s)
			if p.skip[s.Block] {
				continue
			}
			b := p.doc.Blocks[s.Block]
			if b.Kind == doc.Heading || p.title {
				if sec, ok := p.heading(text, true); ok && sec == secAction && !strings.Contains(text, "?") {
					head = true
				}
				if strings.HasPrefix(text, "no ") && p.none(i) {
					title++
				}
			}
			if p.none(i) && conditional.MatchString(text) {
				continue // who is not concerned has nothing to do; others have
			}
			if p.none(i) {
				none++
				if strings.HasPrefix(text, "no action is required") || strings.HasPrefix(text, "no action required") || strings.HasPrefix(text, "no customer action") {
					title++
				}
				continue
			}
			if p.asks(i) && !support(text) || orders(text) {
				ask++
			}
		}
	}
	if title > 0 && actBy == 0 && !head {
		return false
	}
	if actBy > 0 || head {
		return true
	}
	if none > 0 && ask <= 1 {
		return false
	}
	return ask > 0 && r.n.Topic != cutover.TopicMaintenance && r.n.Topic != cutover.TopicIncident
}

// conditional sentences speak of some readers only.
var conditional = regexp.MustCompile(`^(?:if|unless|for (?:customers|applications|clients|devices)|customers (?:who|that)|clients that|applications that|wenn|si)\b|場合|なお、`)

var (
	pinWords   = []string{"pinned", "pinning", "pins ", "pin certificate", "pin a ", "pin the ", "pin an ", "pin one ", "hard-coded list", "hardcoded list", "fixed list", "closed list", "list of roots", "list of intermediates", "list of accepted", "allow list of cert", "certificate pin", "“pin”", "\"pin\"", "pin any", "you pin", "pin to", "ピン留め", "ピンニング", "anheft", "épingl", "anclaj", "anclad", "固定证书", "证书固定", "憑證釘", "인증서 고정", "고정"}
	otherGroup = []string{"any device that doesn't", "devices that don't", "devices with only", "won't be able to connect", "must have both", "java v1", "doesn't have the digicert", "don't have the", "all devices", "do not have the", "regardless of whether you pin", "trust store does not", "if your trust store", "custom trust store"}
)

// untrusting clients are concerned whether they pin or not.
var untrusting = regexp.MustCompile(`\b(?:devices?|clients?|applications?|gateways?|machines?|systems?|one) (?:that|which|whose trust stores?) (?:do(?:es)?n't|do(?:es)? not|cannot|can't) (?:yet )?(?:trust|have|contain|know|hold|include)|\b(?:all|every|each) (?:device|client|gateway|application)s? (?:must|has to|have to|needs? to) (?:trust|have|contain)`)

// pinning: only clients that pin are affected. Other groups that the text names
// take that back.
func (r *reading) pinning() {
	if r.n.Topic != cutover.TopicCertificate {
		return
	}
	var first *cutover.Evidence
	for _, p := range r.pages {
		for i, s := range p.view.Sentences {
			text := p.view.Text(s)
			if p.skip[s.Block] {
				continue
			}
			if containsAny(text, otherGroup) || untrusting.MatchString(text) {
				return
			}
			if first == nil && p.gates[i]&gatePin != 0 && containsAny(text, pinWords) && containsAny(text, []string{"if ", "only", "seul", "solo ", "who", "that ", "場合", "wenn", "si ", "nur", "如果", "경우", "のみ", "していない", "お客様"}) {
				ev := p.evidence(s.Start, s.End)
				first = &ev
			}
		}
	}
	if first != nil && r.pinConditional() {
		r.n.PinningCondition = true
		r.n.Evidence["pinning_condition"] = *first
	}
}

// pinConditional: the text says "if you pin", not only "make sure you don't pin".
func (r *reading) pinConditional() bool {
	for _, p := range r.pages {
		for i, s := range p.view.Sentences {
			text := p.view.Text(s)
			if p.gates[i]&gatePin != 0 && !p.skip[s.Block] && containsAny(text, pinWords) && pinIf.MatchString(text) {
				return true
			}
		}
	}
	return false
}

var pinIf = regexp.MustCompile(`if (?:you|your|an|any|the)[^.]{0,120}(?:fixed|own|hard-?coded|closed) list|seuls?e?s? [^.]{0,60}épingl|nur [^.]{0,60}(?:anheft|pinn)|solo [^.]{0,60}ancl|if (?:you|your|an|any|the)[^.]{0,120}pin|pin[^.]{0,60}(?:affected|impacted)|(?:only|customers who|clients that|applications that|code that|devices that)[^.]{0,90}(?:pin|hard-?coded|fixed list)|ピン留め[^。]{0,60}場合|ピン留め[^。]{0,40}のみ|場合[^。]{0,60}ピン留め|wenn [^.]{0,100}(?:anheft|pin)|si (?:vous|votre|usted|su)[^.]{0,120}(?:épingl|ancl)|如果[^。]{0,60}固定|고정[^.]{0,40}경우`)
