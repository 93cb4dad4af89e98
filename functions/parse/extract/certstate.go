package extract

import (
	"regexp"
	"strings"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

var (
	oldColumn  = []string{"current", "today", "now", "leaving", "going out", "replaced", "existing", "old", "present", "before", "previous", "retiring", "outgoing", "旧", "現在", "現行", "変更前", "更新前", "aktuell", "bisher", "alt", "actuel", "ancien", "actual", "anterior", "当前", "旧的", "현재", "기존", "removed", "from"}
	newColumn  = []string{"post", "new", "coming", "arriving", "next", "after", "target", "future", "incoming", "replacement", "added", "新", "変更後", "更新後", "neu", "nouve", "nuev", "새", "新的", "to"}
	soonWords  = []string{"recommended to prevent", "recommended", "recommend that you also", "prevent future", "future disruption", "also add", "近い将来", "将来の", "推奨", "empfohlen", "recommandé", "recomendad", "in case the"}
	mustWords  = []string{"required", "必須", "必要", "erforderlich", "requis", "obligatori"}
	leaveWords = []string{"from the ", "from ", "away from ", "replac", "remov", "expir", "retir", "only the ", "in addition to ", "currently ", "remained on ", "no longer ", "revert to the ", "revert to ", "back to the ", "back to ", "keep ", "keep the ", "keep using ", "distrust", "pinned to the ", "pinned to ", "pinned to root ca ", "pin the intermediate ", "pin the root ", "pin the ", "bisherige zertifikat ", "bisherige ", "issued by the ", "chain to the ", "trusts only ", "dependency on the "}
	addWords   = []string{"to the ", "to a new ", "to ", "add the ", "adding the ", "add ", "install the ", "install ", "import the ", "import ", "upload ", "deploy ", "ensure ", "trust the ", "trust ", "have the ", "include the ", "including the ", "the new ", "new ", "chain up to the ", "chains up to the ", "chain up to ", "chains up to ", "chain to ", "chain to the ", "links to the ", "update to ", "doesn't have the ", "don't have the ", "issued by the ", "download ", "under ", "fügen sie ", "replaced by ", "replaced with ", "reissued from ", "using the "}
)

// words of a cell that says what happens to the certificate of its row.
var (
	leavingRow = []string{"retir", "old", "current", "outgoing", "existing", "previous", "leav", "removed", "replaced", "goes away", "going away", "phased out", "expiring", "deprecated", "withdrawn", "no longer", "until", "legacy", "旧", "現在", "現行", "廃止", "削除", "使用終了", "変更前"}
	joiningRow = []string{"introduc", "new", "incoming", "added", "add", "comes", "joins", "replacement", "successor", "will be used", "target", "新", "追加", "導入", "変更後"}
	soonRow    = []string{"recommend", "推奨", "future", "optional", "later"}
)

// columnVote reads the header of a table's column, and the row's words.
func (p *page) columnVote(v *votes, block, cell int) {
	head := p.header(block, cell)
	row := ""
	for _, s := range p.sentences(block) {
		if s.Cell != cell && len(row) < 2000 {
			row += p.view.Text(s) + " "
		}
	}
	switch {
	case headed(head, oldColumn) && !headed(head, newColumn):
		v.column = cutover.StateRetiring
	case headed(head, newColumn):
		if containsAny(row, soonWords) && !containsAny(row, mustWords) {
			v.column = cutover.StateRecommended
		} else if v.column == "" {
			v.column = cutover.StateIntroduced
		}
	default:
		p.rowVote(v, block)
	}
}

// rowVote reads a row that says itself what it is: "Old root | …".
func (p *page) rowVote(v *votes, block int) {
	for _, s := range p.sentences(block) {
		text := p.view.Text(s)
		if len(text) > 60 || len(p.doc.Blocks[block].Cells) < 2 {
			continue
		}
		switch {
		case headed(text, leavingRow):
			v.column = cutover.StateRetiring
		case headed(text, joiningRow):
			v.column = cutover.StateIntroduced
		case headed(text, soonRow):
			v.column = cutover.StateRecommended
		}
	}
}

func headed(s string, words []string) bool {
	for _, w := range words {
		for i := 0; ; {
			j := strings.Index(s[i:], w)
			if j < 0 {
				break
			}
			j += i
			end := j + len(w)
			starts := j == 0 || !(s[j-1] >= 'a' && s[j-1] <= 'z')
			ends := end == len(s) || len(w) > 3 || !(s[end] >= 'a' && s[end] <= 'z')
			if starts && ends || w[0] >= 0x80 {
				return true
			}
			i = end
		}
	}
	return false
}

// proseVote reads the words before and after a name in its sentence, and the
// sentence that introduces its list.
func (p *page) proseVote(v *votes, s doc.Sentence, start, end int, cn string) {
	text := p.view.Text(s)
	pre := p.view.S[s.Start:start]
	if i := strings.LastIndexAny(pre, ";"); i >= 0 {
		pre = pre[i+1:]
	}
	post := p.view.S[min(end, s.End):s.End]
	intro := p.intro(s.Block)
	switch g := p.governed(s, start, end); {
	case g == cutover.StateRetiring, g == "" && pairedFrom(pre, post):
		v.leaves++
	case g == cutover.StateIntroduced, g == "" && pairedTo(pre):
		v.joins++
	}
	switch {
	case v.leaves > v.joins || v.leaves == v.joins && v.pair == "" && v.leaves > 0:
		v.pair = cutover.StateRetiring
	case v.joins > v.leaves:
		v.pair = cutover.StateIntroduced
	}
	both := intro + " " + text
	if containsAny(both, []string{"future disruption", "prevent future", "recommended root", "also add", "将来", "in case the", "near future"}) {
		v.soon = cutover.StateRecommended
	}
	if v.plain != "" {
		return
	}
	if v.plain = p.headVote(s.Block); v.plain != "" {
		return
	}
	old, fresh := lastOf(pre, []string{"変更前", "更新前", "現行", "現在の", "旧", "従来"}), lastOf(pre, []string{"変更後", "更新後", "新しい", "新たな", "新ルート", "新規"})
	switch {
	case old > fresh && len(pre)-old < 60:
		v.plain = cutover.StateRetiring
	case fresh > old && len(pre)-fresh < 60:
		v.plain = cutover.StateIntroduced
	case nearEnd(pre, leaveWords) || containsAny(post[:min(len(post), 60)], []string{" expire", "expires", "will expire", "is expiring", "retire", "remains", "will be removed", "から", "expiring"}) || containsAny(text, []string{"certificate is expiring"}):
		v.plain = cutover.StateRetiring
	case nearEnd(pre, addWords) || containsAny(post[:min(len(post), 60)], []string{" is added", "in its certificate store", "to your", "to the trusted", "へ", "に移行", "に変更", "に切り替", "を追加", "in your", "is trusted"}) || eastAdds.MatchString(post) || containsAny(intro, []string{"add ", "追加", "trust "}):
		v.plain = cutover.StateIntroduced
	}
}

// headVote is what the heading right over a list says of the names in it: "Going
// out", "New issuers".
func (p *page) headVote(block int) string {
	if p.doc.Blocks[block].Kind != doc.Item {
		return ""
	}
	for i := block - 1; i >= 0 && i >= block-12; i-- {
		b := p.doc.Blocks[i]
		if b.Kind == doc.Item {
			continue
		}
		if b.Kind != doc.Heading {
			return ""
		}
		text := strings.ToLower(p.doc.Quote(b.Span))
		old, fresh := headed(text, leavingHead), headed(text, joiningHead)
		switch {
		case len(text) > 60 || old == fresh:
			return ""
		case old:
			return cutover.StateRetiring
		}
		return cutover.StateIntroduced
	}
	return ""
}

var (
	leavingHead = []string{"going out", "leaving", "outgoing", "retiring", "retired", "old", "removed", "expiring", "to be removed", "phased out", "no longer used", "廃止", "旧", "変更前"}
	joiningHead = []string{"coming in", "arriving", "incoming", "new", "introduced", "added", "to be added", "replacement", "追加", "新しい", "変更後"}
)

// eastAdds tells to put a certificate into a store.
var eastAdds = regexp.MustCompile(`^[)）」』\s]*(?:証明書|ルート(?: ?ca)?|\s)*を[^。、]{0,40}(?:追加|インストール|信頼|インポート|登録|含め)`)

// lastOf is where the last of the words stands, -1 when none does.
func lastOf(s string, words []string) int {
	at := -1
	for _, w := range words {
		at = max(at, strings.LastIndex(s, w))
	}
	return at
}

// nearEnd reports whether the words stand right before the name.
func nearEnd(pre string, words []string) bool {
	tail := pre[max(0, len(pre)-34):]
	for _, w := range words {
		if i := strings.LastIndex(tail, w); i >= 0 && len(tail)-i-len(w) <= 14 && wordStart(tail, i) {
			return true
		}
	}
	return false
}

// pairedFrom: "from the X … to", "X から Y に".
func pairedFrom(pre, post string) bool {
	t := pre[max(0, len(pre)-40):]
	if i := strings.LastIndex(t, "from "); i >= 0 && len(t)-i <= 32 && wordStart(t, i) && strings.Contains(post[:min(len(post), 160)], " to ") {
		return true
	}
	return strings.HasPrefix(strings.TrimLeft(post, " )」"), "から") && containsAny(post, []string{"へ", "に移行", "に変更", "に切", "に更新"})
}

// pairedTo: "from … to the Y", "migrate to the Y".
func pairedTo(pre string) bool {
	t := pre[max(0, len(pre)-48):]
	i := strings.LastIndex(t, " to ")
	if i < 0 || len(t)-i > 40 {
		return false
	}
	for _, w := range strings.Fields(t[i+4:]) {
		if !pairWords[strings.Trim(w, "[(\"")] {
			return false
		}
	}
	long := pre[max(0, len(pre)-200):]
	return containsAny(long, []string{"from ", "migrat", "transition", "switch", "mov", "chang", "updat", "links to", "chain", "rolling"}) && !containsAny(t[i:], []string{"pinned", "addition"}) && !containsAny(long[max(0, len(long)-60):], []string{"addition to", "pinned to", "revert", "back to"})
}

// pairWords may stand between "to" and the name of a new certificate.
var pairWords = map[string]bool{"the": true, "a": true, "an": true, "new": true, "tls": true, "ssl": true, "certificate": true, "certificates": true, "issued": true, "by": true, "from": true, "root": true, "ca": true, "leaf": true, "chain": true, "chains": true, "chaining": true, "up": true, "to": true, "that": true, "links": true, "use": true, "using": true, "certificate authority": true, "server": true, "intermediate": true, "roots": true, "under": true}

// intro is the sentence that a list item belongs to: the last one before the
// list that ends in a colon, or the item's own parent.
func (p *page) intro(block int) string {
	for i, k := block-1, 0; i >= 0 && k < 6; i, k = i-1, k+1 {
		b := p.doc.Blocks[i]
		if b.Kind == doc.Heading && b.Level != doc.SoftHeading {
			return ""
		}
		q := strings.TrimSpace(p.doc.Quote(doc.Span{Start: b.Start, End: min(b.End, len(p.doc.Text))}))
		if strings.HasSuffix(q, ":") || strings.HasSuffix(q, "：") {
			return strings.ToLower(q)
		}
		if b.Kind == doc.Para && p.doc.Blocks[block].Kind != doc.Item {
			return ""
		}
	}
	return ""
}

// expiryAfter finds the expiry that a cell states behind a thumbprint.
func (p *page) expiryAfter(block, cell, at int) cutover.Date {
	if block < 0 || p.doc.Blocks[block].Kind != doc.Row {
		return ""
	}
	for _, d := range p.dates {
		if d.start < at || d.d == 0 || d.yearless {
			continue
		}
		s := p.sentenceAt(d.start)
		if s.Block != block || s.Cell != cell {
			return ""
		}
		pre := p.view.S[s.Start:d.start]
		if containsAny(pre, []string{"expir", "valid until", "valid to", "not after", "有効期限", "到期", "만료", "ablauf", "gültig bis", "caduc"}) {
			return d.value()
		}
	}
	return ""
}

// expiryNear finds the expiry of a name that prose states: in its sentence, or
// in one of the next that say "this certificate".
func (p *page) expiryNear(m *mention, s doc.Sentence) cutover.Date {
	for _, d := range p.dates {
		if d.start < m.end || d.d == 0 || d.yearless {
			continue
		}
		q := p.sentenceAt(d.start)
		if q.Block != s.Block {
			return ""
		}
		pre := p.view.S[q.Start:d.start]
		if q.Start == s.Start {
			if containsAny(p.view.S[m.end:d.start], []string{"expir", "有効期限", "valid until", "läuft"}) && !p.mentionBetween(m.end, d.start) {
				return d.value()
			}
			return ""
		}
		if containsAny(pre, []string{"expir", "有効期限"}) && containsAny(pre, []string{"this certificate", "this root", "it is", "it expires", "この証明書", "the certificate"}) && !p.mentionBetween(m.end, d.start) {
			return d.value()
		}
		return ""
	}
	return ""
}

func (p *page) mentionBetween(from, to int) bool {
	for _, m := range p.cas {
		if m.start >= from && m.end <= to {
			return true
		}
	}
	return false
}
