package extract

import (
	"strings"

	"cutover/functions/parse/doc"
)

// labels of the fields of a notice's head, folded, in all languages.
var (
	serviceLabels = []string{"impacted service", "impacted services", "affected service", "affected services", "service", "services", "service name", "影響を受けるサービス", "影響を受けたサービス", "対象サービス", "サービス", "サービス名", "betroffener dienst", "betroffene dienste", "dienst", "service concerné", "services concernés", "services impactés", "servicio afectado", "servicios afectados", "受影响的服务", "受影響的服務", "服务", "영향을 받는 서비스", "영향받는 서비스", "서비스"}
	regionLabels  = []string{"impacted region", "impacted regions", "affected region", "affected regions", "region", "regions", "region(s)", "impacted region(s)", "影響を受けるリージョン", "影響を受けたリージョン", "対象リージョン", "リージョン", "発生したリージョン", "betroffene region", "betroffene regionen", "région concernée", "régions concernées", "régions impactées", "región afectada", "regiones afectadas", "受影响的区域", "受影响区域", "受影響的區域", "区域", "영향을 받는 지역", "지역"}
	titleLabels   = []string{"title", "subject", "題名", "件名", "タイトル", "标题", "標題", "제목", "titel", "titre", "título"}
	idLabels      = []string{"tracking id", "trackingid", "tracking-id", "tracking number", "追跡 id", "追跡id", "トラッキング id", "トラッキングid", "nachverfolgungs-id", "id de suivi", "identificador de seguimiento", "id. de seguimiento", "id de seguimiento", "跟踪 id", "跟踪id", "追蹤識別碼", "추적 id"}
	typeLabels    = []string{"event type", "health event type", "正常性イベントの種類", "イベントの種類", "通知種別", "イベント タイプ", "type", "事件类型", "이벤트 유형", "ereignistyp", "type d'événement", "tipo de evento"}
)

// field is the value of a labelled line or row.
type field struct {
	page       *page
	start, end int // in the view
}

func (f field) text() string { return f.page.view.S[f.start:f.end] }

// labelled finds the values of a label: the next cell of a row, the words behind
// a colon, or the line under a line that holds nothing but the label.
func (p *page) labelled(labels []string) []field {
	var out []field
	s := p.view.Sentences
	for i := 0; i < len(s); i++ {
		b := p.doc.Blocks[s[i].Block]
		if p.skip[s[i].Block] && b.Kind != doc.Row {
			continue
		}
		text := p.view.Text(s[i])
		switch {
		case b.Kind == doc.Row:
			if s[i].Cell == 0 && isLabel(text, labels) {
				if f, ok := p.cellAfter(i); ok {
					out = append(out, f)
				}
			}
		case b.Kind == doc.Meta:
		case isLabel(text, labels):
			if i+1 < len(s) && s[i+1].Block == s[i].Block+1 && strings.ContainsAny(text, ":") {
				out = append(out, field{p, s[i+1].Start, s[i+1].End})
			}
		default:
			if k := strings.IndexAny(text, ":"); k > 0 && k < 40 && isLabel(text[:k], labels) {
				out = append(out, field{p, s[i].Start + k + 1, s[i].End})
			}
		}
	}
	return out
}

// cellAfter is all of the next cell of the row of sentence i.
func (p *page) cellAfter(i int) (field, bool) {
	s := p.view.Sentences
	f := field{page: p, start: -1}
	for j := i + 1; j < len(s) && s[j].Block == s[i].Block; j++ {
		if s[j].Cell == 1 {
			if f.start < 0 {
				f.start = s[j].Start
			}
			f.end = s[j].End
		}
	}
	return f, f.start >= 0
}

func isLabel(s string, labels []string) bool {
	s = strings.Trim(s, " :*-()[]【】")
	for _, l := range labels {
		if s == l {
			return true
		}
	}
	return false
}

// listed cuts a value at commas and semicolons.
func (f field) listed() []field {
	var out []field
	text := f.text()
	from := 0
	cut := func(to int) {
		part := text[from:to]
		trimmed := strings.TrimSpace(part)
		if trimmed != "" {
			at := f.start + from + strings.Index(part, trimmed)
			out = append(out, field{f.page, at, at + len(trimmed)})
		}
	}
	for i, r := range text {
		if r == ';' || r == ',' || r == '、' || r == '\n' || r == '；' || r == '，' {
			cut(i)
			from = i + len(string(r))
		}
	}
	cut(len(text))
	return out
}

// original is the text behind a field as it was written.
func (f field) original() string { return f.page.doc.Quote(f.page.view.Span(f.start, f.end)) }

// labelledRegions reads the region field of a notice's head.
func (p *page) labelledRegions() []serviceFact {
	var out []serviceFact
	for _, f := range p.labelled(regionLabels) {
		for _, v := range f.listed() {
			if len(v.text()) > 60 {
				continue
			}
			name := v.original()
			for _, h := range p.places {
				if h.start >= v.start && h.end <= v.end && h.end-h.start >= v.end-v.start-2 {
					name = h.name.canon
				}
			}
			out = append(out, serviceFact{canon: name, written: name, page: p, start: v.start, end: v.end})
		}
	}
	return out
}

// labelledServices reads the service field of a notice's head.
func (r *reading) labelledServices() []serviceFact {
	var out []serviceFact
	for _, p := range r.pages {
		for _, f := range p.labelled(serviceLabels) {
			for _, v := range f.listed() {
				if n := len(v.text()); n > 70 || n < 2 {
					continue
				}
				out = append(out, serviceFact{canon: r.x.Canonical(v.original()), written: v.original(), page: p, start: v.start, end: v.end})
			}
		}
	}
	return out
}
