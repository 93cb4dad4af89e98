package extract

import (
	"strings"
	"unicode/utf8"

	"cutover/functions/parse/doc"
)

// section is what a block is about, by the heading over it.
type section int

const (
	secBody    section = iota
	secAction          // what the reader must do
	secHelp            // support boilerplate
	secHistory         // change logs, publication dates
	secRelated         // other posts, navigation, tags
)

// headings of sections, folded. A heading counts when it is one of the words or
// begins with one of them.
var sectionHeads = map[section][]string{
	secAction: {"required action", "recommended action", "action required", "actions required", "action recommended", "required steps", "recommended actions", "suggested action",
		"what do i need to do", "what do you need to do", "what you need to do", "what should i do", "what action", "what customer action", "next steps for you", "overview of action required", "do i need to take any action",
		"what actions should i take", "call to action", "how should you prepare", "what should you do", "how to prepare", "how do i prepare", "immediate action",
		"必要なアクション", "推奨されるアクション", "推奨アクション", "必要な対応", "必要な操作", "必要な作業", "実施いただきたい", "対応が必要な事項", "どのような対応が必要", "お客様側で必要な対応", "ご対応いただきたい", "必要な対処", "対応方法", "対策方法", "対処方法", "推奨される対応", "対応内容",
		"erforderliche maßnahme", "erforderliche aktion", "empfohlene maßnahme", "empfohlene aktion", "maßnahme erforderlich", "action requise", "mesure requise", "action recommandée", "acción requerida", "acción necesaria", "acción recomendada", "medidas necesarias",
		"需要执行的操作", "所需操作", "必需的操作", "必要的動作", "建议的操作", "建議的動作", "필요한 조치", "필수 조치", "권장 조치", "권장 작업", "어떤 작업을", "필요한 작업"},
	secHelp:    {"help and support", "need help", "get help", "contact us", "ヘルプとサポート", "hilfe und support", "aide et support", "ayuda y soporte técnico", "ayuda y soporte", "帮助和支持", "說明及支援", "도움말 및 지원", "お問い合わせ", "サポートについて", "if you encounter problems", "privacy statement"},
	secHistory: {"更新履歴", "更新日", "変更履歴", "改訂履歴", "version history", "revision history", "change log", "changelog", "change history", "document history", "update history", "änderungsverlauf", "historique", "historial", "修订历史", "修訂記錄", "更新记录", "변경 기록", "업데이트 기록"},
	secRelated: {"related posts", "related content", "related articles", "related links", "read more", "recommended posts", "more from", "recent posts", "popular posts", "latest posts", "you may also like", "archives", "categories", "tag cloud", "previous post", "next post",
		"最近の投稿", "最近の記事", "前の記事", "次の記事", "関連記事", "関連コンテンツ", "関連情報", "アーカイブ", "タグクラウド", "タグ", "カテゴリ", "カテゴリー", "table of contents", "目次", "ähnliche beiträge", "articles similaires", "entradas relacionadas", "相关文章", "相关内容", "관련 게시물", "관련 콘텐츠", "in this article", "on this page"},
}

// headSection finds the section that a heading opens.
func headSection(h string) (section, bool) {
	if strings.HasPrefix(h, "no ") {
		return secBody, false
	}
	h = strings.Trim(h, " :：-*#[]【】()（）■◆●〇○▼・.0123456789?？")
	if h == "" || utf8.RuneCountInString(h) > 60 {
		return secBody, false
	}
	for _, s := range []section{secAction, secHelp, secHistory, secRelated} {
		for _, w := range sectionHeads[s] {
			if h == w || (strings.HasPrefix(h, w) && len(h)-len(w) <= 24) || (s == secAction && strings.Contains(h, w)) {
				if s == secRelated && len(h) > len(w)+12 {
					continue
				}
				return s, true
			}
		}
	}
	return secBody, false
}

// heading is headSection for a line that is short enough to be a heading.
func (p *page) heading(text string, short bool) (section, bool) {
	if !short || p.words.of(text)&gateHead == 0 {
		return secBody, false
	}
	return headSection(text)
}

// divide marks every block with its section.
func (p *page) divide() {
	p.role = make([]section, len(p.doc.Blocks))
	p.skip = make([]bool, len(p.doc.Blocks))
	p.heads = make([]bool, len(p.doc.Blocks))
	text := make([]string, len(p.doc.Blocks))
	for _, s := range p.view.Sentences {
		if text[s.Block] == "" {
			text[s.Block] = p.view.Text(s)
		}
	}
	cur, level, items := secBody, 0, 0
	index, east := false, false // the section is a list of links; its heading is in an eastern script
	for i, b := range p.doc.Blocks {
		short := b.Kind == doc.Heading || (b.Kind == doc.Para && len(b.Lines) == 1 && utf8.RuneCountInString(text[i]) <= 40)
		if s, ok := p.heading(text[i], short); ok {
			cur, level, items = s, b.Level, 0
			index = s == secRelated && (i < 20 && i*4 < len(p.doc.Blocks) || containsAny(text[i], indexHeads))
			east = signs(text[i])
			if b.Kind != doc.Heading {
				level = doc.SoftHeading
			}
			p.role[i], p.heads[i] = cur, true
			p.skip[i] = cur == secHistory || cur == secRelated
			continue
		}
		if b.Kind == doc.Heading && b.Level != doc.SoftHeading && b.Level <= max(level, 2) {
			cur, level = secBody, 0
		}
		if (cur == secAction && p.endsAction(i, text[i], east)) || (index && cur == secRelated && b.Kind != doc.Item && utf8.RuneCountInString(text[i]) > 45) {
			cur = secBody
		}
		if cur == secHistory || (cur == secRelated && level == doc.SoftHeading && items >= 0) {
			cur, items = leave(cur, b, text[i], items)
		}
		if cur == secHelp && lead(text[i]) {
			cur = secBody
		}
		p.role[i] = cur
		p.skip[i] = cur == secHistory || cur == secRelated || cur == secHelp
	}
}

// indexHeads open lists of links that stand anywhere on a page, and end with
// the first sentence after them.
var indexHeads = []string{"archives", "categories", "アーカイブ", "タグ", "カテゴリ", "目次", "table of contents", "in this article", "on this page"}

// otherHeads open a section that is not about what to do.
var otherHeads = []string{"how ", "what ", "what's", "why ", "when ", "who ", "where ", "which ", "frequently", "faq", "background", "timeline", "certificate renewal", "troubleshoot", "optional", "about ", "additional information", "more information", "learn more", "for more", "note", "overview", "details", "summary", "check the", "request an", "prerequisite", "well-known", "よくある", "参考", "補足", "背景", "概要", "注意", "なぜ", "影響", "詳細", "最後に", "前提", "feedback"}

// endsAction reports whether a block ends the section of what to do: another
// heading, a bracketed mark, or the change to another script.
func (p *page) endsAction(i int, text string, east bool) bool {
	b := p.doc.Blocks[i]
	if len(text) < 24 && (strings.HasPrefix(text, "[") || strings.HasPrefix(text, "【")) || strings.Contains(p.raw(b), "[A]") && b.Len() < 6 {
		return true
	}
	if b.Kind == doc.Heading && b.Level == doc.SoftHeading {
		for _, w := range otherHeads {
			if strings.HasPrefix(text, w) {
				return true
			}
		}
	}
	return !east && (b.Kind == doc.Para || b.Kind == doc.Heading) && signs(text)
}

func (p *page) raw(b doc.Block) string { return p.doc.Quote(b.Span) }

// signs reports whether a line is mostly in Chinese, Japanese or Korean writing.
func signs(s string) bool {
	n, all := 0, 0
	for _, r := range s {
		if r > ' ' {
			all++
		}
		if signScript(r) {
			n++
		}
	}
	return n*4 > all && n > 0
}

// leave ends a history or a table of contents, which are lists, at the first
// paragraph after them. Lists of other posts run to the end of the page.
func leave(cur section, b doc.Block, text string, items int) (section, int) {
	short := utf8.RuneCountInString(text) <= 70
	switch {
	case cur == secHistory && b.Kind == doc.Para && !short:
		return secBody, 0
	case cur == secHistory && strings.Contains(text, "こんにちは"):
		return secBody, 0
	}
	return cur, items + 1
}

// lead reports whether a sentence opens a notice: a second language after the
// support section of the first.
func lead(s string) bool {
	for _, w := range []string{"you're receiving this", "you are receiving this", "このメール", "このお知らせ", "この通知を", "機械翻訳", "翻訳", "日本語版", "日本語訳", "sie erhalten diese", "vous recevez", "recibe este", "您收到此", "이 메일을", "이 알림을"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
