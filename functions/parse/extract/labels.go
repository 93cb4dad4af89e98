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
	idLabels      = []string{"tracking id", "trackingid", "tracking-id", "tracking number", "追跡 id", "追跡id", "トラッキング id", "トラッキングid", "nachverfolgungs-id", "id de suivi", "référence de suivi", "numéro de suivi", "número de seguimiento", "referencia de seguimiento", "nachverfolgungsnummer", "tracking reference", "identificador de seguimiento", "id. de seguimiento", "id de seguimiento", "跟踪 id", "跟踪id", "追蹤識別碼", "추적 id"}
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
			if !isLabel(text, labels) {
				continue
			}
			if p.headRow(s[i].Block) {
				out = append(out, p.column(s[i].Block, s[i].Cell)...)
			} else if f, ok := p.cellAfter(i); ok && s[i].Cell == 0 {
				out = append(out, f)
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

// mailKeys head the rows of a quoted mail's head.
var mailKeys = []string{"from", "sent", "to", "cc", "date", "von", "gesendet", "an", "de", "envoyé", "à", "差出人", "送信日時", "宛先"}

// known reports whether a cell is the label of a field of a notice's head.
func known(text string) bool {
	for _, l := range [][]string{serviceLabels, regionLabels, titleLabels, idLabels, typeLabels, mailKeys} {
		if isLabel(text, l) {
			return true
		}
	}
	return false
}

// headRow reports whether a row names the columns of a table, and holds no value:
// it is the first of several rows, the row under it begins with no label, and
// none of its cells holds a date, a region or a number.
func (p *page) headRow(block int) bool {
	if p.table[block] != block || block+1 >= len(p.table) || p.table[block+1] != block {
		return false
	}
	if under := p.sentences(block + 1); len(under) == 0 || known(p.view.Text(under[0])) {
		return false
	}
	cells := p.sentences(block)
	from, to := cells[0].Start, cells[len(cells)-1].End
	for _, h := range p.places {
		if h.start >= from && h.end <= to {
			return false
		}
	}
	return !strings.ContainsAny(p.view.S[from:to], "0123456789") && (len(cells) > 2 || !p.valued(block))
}

// valued reports whether the second cell of a row names a service.
func (p *page) valued(block int) bool {
	for _, h := range p.hits {
		if s := p.sentenceAt(h.start); s.Block == block && s.Cell > 0 {
			return true
		}
	}
	return false
}

// column is all cells under one of a table's head.
func (p *page) column(block, cell int) []field {
	var out []field
	for b := block + 1; b < len(p.table) && p.table[b] == block; b++ {
		f := field{page: p, start: -1}
		for _, s := range p.sentences(b) {
			if s.Cell == cell {
				if f.start < 0 {
					f.start = s.Start
				}
				f.end = s.End
			}
		}
		if f.start >= 0 {
			out = append(out, f)
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
