package extract

import (
	"strings"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

// idShapes finds what has the shape of a tracking ID, [0-9A-Z_]{4}-[0-9A-Z_]{3}.
// It stands in many places by accident (part numbers, versions), so words or a
// field must vouch for it.
func idShapes(t string) [][2]int {
	var out [][2]int
	for i := 4; i+3 < len(t) && len(out) < 400; i++ {
		if t[i] == '-' && idChars(t[i-4:i]) && idChars(t[i+1:i+4]) {
			out = append(out, [2]int{i - 4, i + 4})
		}
	}
	return out
}

func idChars(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '_') {
			return false
		}
	}
	return true
}

// vouchers are the words before a tracking ID, folded.
var vouchers = []string{"tracking id", "tracking-id", "trackingid", "tracking number", "追跡 id", "追跡id", "トラッキング id", "トラッキングid", "nachverfolgungs-id", "id de suivi", "référence de suivi", "numéro de suivi", "número de seguimiento", "referencia de seguimiento", "nachverfolgungsnummer", "tracking reference", "tracking no", "id de seguimiento", "identificador de seguimiento", "跟踪 id", "跟踪id", "追蹤識別碼", "追踪 id", "추적 id", "추적id", "app.azure.com/h/", "aka.ms/azpir/", "trackingid="}

// elsewhere marks IDs of other notices that this one mentions.
var elsewhere = []string{"see also", "related to", "related notice", "previous notice", "earlier notice", "previously communicated", "supersede", "in addition to", "関連する通知", "以前の通知", "別の通知", "前回の", "siehe auch", "voir aussi", "véase también", "replaces notice", "another notice"}

// idFact is one place where a tracking ID stands.
type idFact struct {
	id   string
	page *page
	span doc.Span
	own  int // 3 title or field, 2 vouched for, 1 mentioned
}

// idFacts finds the notice's own tracking IDs, in order.
func (r *reading) idFacts() []idFact {
	var all []idFact
	for _, p := range r.pages {
		all = append(all, p.ids(r)...)
	}
	best := 0
	for _, f := range all {
		best = max(best, f.own)
	}
	var out []idFact
	seen := map[string]bool{}
	for want := 3; want >= 1; want-- {
		for _, f := range all {
			if f.own != want || seen[f.id] || (f.own == 1 && best > 1) {
				continue
			}
			seen[f.id] = true
			out = append(out, f)
		}
	}
	return out
}

func (p *page) ids(r *reading) []idFact {
	var out []idFact
	t := p.doc.Text
	vouched := -1 // end of the last ID that words vouch for
	for _, m := range idShapes(t) {
		id := t[m[0]:m[1]]
		if !idBounds(t, m[0], m[1]) || !strings.ContainsAny(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") || strings.Trim(id, "_-") == "" {
			continue
		}
		pre := strings.ToLower(t[max(0, m[0]-48):m[0]])
		own := 0
		switch {
		case p.inTitle(m[0], r) && strings.ContainsAny(id, "0123456789_"):
			own = 3
		case vouchedFor(pre):
			own = 2
		case vouched >= 0 && m[0]-vouched < 12 && strings.Trim(t[vouched:m[0]], " ,;&、/|\n") == "" || vouched >= 0 && m[0]-vouched < 12 && (strings.Contains(t[vouched:m[0]], "and") || strings.Contains(t[vouched:m[0]], "と")):
			own = 2
		}
		if own == 0 {
			continue
		}
		if own == 2 {
			vouched = m[1]
		}
		if own == 2 && (p.inLink(m[0]) || containsAny(strings.ToLower(t[max(0, m[0]-90):m[0]]), elsewhere)) {
			own = 1
		}
		out = append(out, idFact{id: id, page: p, span: doc.Span{Start: m[0], End: m[1]}, own: own})
	}
	return out
}

// idBounds keeps the shape from matching inside a longer word.
func idBounds(t string, start, end int) bool {
	inner := func(c byte) bool {
		return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '-'
	}
	return (start == 0 || !inner(t[start-1])) && (end == len(t) || !inner(t[end]))
}

// vouchedFor reports whether the words right before an ID say that it is one.
func vouchedFor(pre string) bool {
	for _, v := range vouchers {
		if i := strings.LastIndex(pre, v); i >= 0 && len(pre)-i-len(v) <= 22 && !strings.ContainsAny(pre[i+len(v):], ".。") {
			return true
		}
	}
	return false
}

// inLink reports whether a place stands in the text of a link to another page.
func (p *page) inLink(at int) bool {
	for _, l := range p.doc.Links {
		if l.Contains(at) && !strings.Contains(l.URL, "app.azure.com") && !strings.Contains(l.URL, "portal.azure") {
			return true
		}
	}
	return false
}

// inTitle reports whether a place of the text belongs to the title.
func (p *page) inTitle(at int, r *reading) bool {
	if p.title {
		return true
	}
	for _, b := range p.doc.Blocks {
		if b.Contains(at) {
			return (b.Kind == doc.Meta && (b.Key == "title" || b.Key == "subject")) || (r.titleAt.page == p && r.titleAt.span.Contains(at)) || b.Kind == doc.Heading && b.Level == 1
		}
	}
	return false
}

// subscriptions are GUIDs that the text calls so.
var (
	subWords = []string{"subscription", "サブスクリプション", "abonnement", "suscripci", "订阅", "訂閱", "구독"}
)

// guidShapes finds GUIDs.
func guidShapes(t string) [][2]int {
	var out [][2]int
	for i := 8; i+28 <= len(t) && len(out) < 5000; i++ {
		if t[i] != '-' || t[i+5] != '-' || t[i+10] != '-' || t[i+15] != '-' {
			continue
		}
		ok := (i == 8 || !letterOrDigit(t[i-9])) && (i+28 == len(t) || !letterOrDigit(t[i+28]))
		for k := i - 8; ok && k < i+28; k++ {
			ok = hexDigit(t[k]) || t[k] == '-' && (k-i)%5 == 0 && k >= i && k <= i+15
		}
		if ok {
			out = append(out, [2]int{i - 8, i + 28})
		}
	}
	return out
}

func (r *reading) subscriptionFacts() map[string]cutover.Evidence {
	out := map[string]cutover.Evidence{}
	for _, p := range r.pages {
		t := p.doc.Text
		last := -1
		for _, m := range guidShapes(t) {
			pre := strings.ToLower(t[max(0, m[0]-60):m[0]])
			listed := last >= 0 && m[0]-last < 40 && !strings.Contains(t[last:m[0]], "http") && strings.Count(t[last:m[0]], "\n") <= 2
			if (!containsAny(pre, subWords) && !listed) || strings.Contains(pre, "tenant") || (m[0] > 0 && (t[m[0]-1] == '/' && !strings.Contains(pre, "/subscriptions/") || t[m[0]-1] == '"' || t[m[0]-1] == '=')) {
				continue
			}
			last = m[1]
			id := strings.ToLower(t[m[0]:m[1]])
			if _, ok := out[id]; !ok {
				out[id] = cutover.Evidence{Part: p.doc.Part, Quote: t[m[0]:m[1]], Offset: m[0], Length: m[1] - m[0]}
			}
		}
	}
	return out
}
