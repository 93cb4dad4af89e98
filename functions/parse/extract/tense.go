package extract

import (
	"regexp"
	"strings"
)

// What has happened is no milestone. The tense is read from the verbs of the
// sentence: one that looks back, and none that looks ahead.

var (
	// ahead is any word that tells of what is to come; a present tense with a date
	// after the notice does too, and needs no word.
	ahead = regexp.MustCompile(`\b(?:will|'ll|won't|shall|going to|must|need|needs|should|scheduled|planned|please|plan|plans|targeted|set to|due|expected|upcoming|can|may|continues?|remains?|stays?|keeps?|wird|werden|sera|seront|será|serán|pourr\w+|expir\w+|retires|ends|by)\b|'ll\b`)
	// preterite is a verb of change in the simple past without an auxiliary, or in
	// the perfect.
	preterite = regexp.MustCompile(`\b(?:moved|migrated|switched|transitioned|rolled|rotated|replaced|renewed|updated|upgraded|changed|swapped|deployed|introduced|started|began|became|served|blocked|rejected|stopped|retired|ended|removed|deleted|shut|turned|launched|released|shipped|went|took|came|ran|announced|published|told|said|wrote|revised|reviewed|corrected|found|saw|had|did|made|completed|finished|expired|joined|grew|reached|sent|posted)\b`)
	passive   = regexp.MustCompile(`\b(?:is|are|am|be|being|been|gets?|getting|'s|'re|not|automatically|then|now)(?: \w+ly)? $`)
	perfectly = regexp.MustCompile(`\b(?:has|have|had|having) (?:(?:already|now|since|all|just|not|n't|been|both|since then) )*\w+(?:ed|en|wn|un|ne|nt|ut)\b|\b(?:was|were)\b`)
	// others: the preterite of Spanish, the perfect of French, the passive past of German.
	foreignPast = regexp.MustCompile(`[a-zñ]{3,}(?:ó|aron|ieron)(?:[\s,.;]|$)|\b(?:a|ont|avons|avait|avaient) (?:déjà |été )*[a-zé]{3,}(?:é|ée|és|ées|i|u)\b|\bwurden?\b`)
	// reported plans: "we announced that it would be retired on".
	reported = regexp.MustCompile(`\b(?:announced|said|told|wrote|planned|informed|communicated|notified)\b[^.;]{0,120}\bwould\b|\bwould have\b`)
)

// lookedBack reports whether the statement around a unit tells of the past.
func (c *clause) lookedBack(u *unit) bool {
	if u.a.prep == "since" || reported.MatchString(c.near(u)) {
		return true
	}
	own := c.own(u)
	if u.moved || u.a.prep == "by" || u.a.prep == "before" || ahead.MatchString(own) || c.action && c.p.duty(own) {
		return false
	}
	return perfectly.MatchString(own) || foreignPast.MatchString(own) || simplePast(own)
}

// near is the sentence around a unit, cut where it is longer than sentences are,
// so that a text of one endless sentence costs no more than others.
func (c *clause) near(u *unit) string {
	at := u.a.start - c.base
	return c.s[max(0, at-800):min(len(c.s), at+800)]
}

// own is the statement that holds a unit: the words up to its neighbours, cut at
// colons and semicolons.
func (c *clause) own(u *unit) string {
	pre, post := c.before(u), c.after(u)
	if i := strings.LastIndexAny(pre, ":;"); i >= 0 {
		pre = pre[i+1:]
	}
	if i := strings.IndexByte(post, ';'); i >= 0 {
		post = post[:i]
	}
	return pre + " " + post
}

// simplePast looks for a preterite that is not the participle of a passive.
func simplePast(s string) bool {
	for _, m := range preterite.FindAllStringIndex(s, -1) {
		pre := s[:m[0]]
		if !passive.MatchString(pre) && strings.TrimSpace(pre) != "" && !strings.HasSuffix(strings.TrimSpace(pre), ",") && !participle.MatchString(s[m[1]:]) {
			return true
		}
	}
	return false
}

// participle: "certificates issued by", "the chain replaced in": an attribute.
var participle = regexp.MustCompile(`^ (?:by|from|under|with|before|after)\b`)

// stamped lines say when a text was written or changed, or name another text.
var stamped = regexp.MustCompile(`^(?:last |page |article |document |content |\W)*(?:updated|revised|reviewed|edited|corrected|modified|published|posted|created|stand|mise? à jour|publié|actualizado|publicado|revisado|aktualisiert|更新|公開|投稿|作成)(?: le| el| on| am| at)?\b[ :：]|^(?:previous|next|older|newer|see also|related|also read|read next|vorheriger|nächster|précédent|suivant)(?: \w+)?: |^[<>«»‹›] `)

// columns that tell of what is past: when a version came out.
var pastColumns = regexp.MustCompile(`\b(?:available since|since|released?|release date|general availability|ga|ga date|launch(?:ed)?|introduced|published|announced|added|created|first available|last updated|updated|modified|supported from)\b|リリース日|公開日|提供開始日|追加日|更新日`)

// asides name a period that only illustrates, or that the text was written in.
var asides = regexp.MustCompile(`示例|例如|時間範囲|时间范围|年 ?\d+ ?月更新[)）]?$|\binvoice\b|\brechnung\b|\bfacture\b|\bfactura\b|\bthose of \S* ?$|\bsigned up\b|\bsigned before\b`)
