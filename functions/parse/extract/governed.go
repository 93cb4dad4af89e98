package extract

import (
	"regexp"
	"sort"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

// What a sentence does with the certificate that it names: the words right
// before the name, or the predicate behind it, say whether it leaves or comes.

// chained are words between a verb and a name that say nothing about the
// direction: "certificates that chain to X" are X's.
var chained = regexp.MustCompile(`(?:(?:tls|ssl|server|leaf|service|endpoint|those|the|its|their|end-entity) )*certificates? (?:(?:that|which) )?(?:(?:are|is|were|will be|will) )?(?:(?:chain|link|lead|roll|root|anchor)(?:s|ed|ing)?|remont\w+|issued|signed|anchored|rooted) (?:up |back )?(?:to|in|at|by|from|under|off) |(?:a |the )?(?:chains?|chaining|trust chains?) (?:that (?:ends?|leads?) |ending |leading |up )*(?:to|in|at|under) |(?:certificates? )?(?:issued|signed) (?:by|from|under) `)

// future tells who will sign; without the verb it would be one of the words above.
var future = regexp.MustCompile(`\b(?:will|shall|going to) be (?:issued|signed|served) (?:by|from|under)\b`)

// neutral words may stand between a marker and the name.
var neutral = regexp.MustCompile(`^(?:[\s("',\[]|the\b|a\b|an\b|its\b|their\b|our\b|your\b|all\b|any\b|both\b|existing\b|tls\b|ssl\b|root\b|roots\b|intermediate\b|intermediates\b|issuing\b|leaf\b|server\b|certificates?\b|certification\b|authority\b|authorities\b|ca\b|cas\b|chains?\b|of\b|public\b|microsoft\b|azure\b|called\b|named\b|cross-signed\b|self-signed\b|certs\b|current\b|old\b|previous\b|new\b|\d+\b)*$`)

// marker is a word that governs the name behind it. needs is what must stand
// before it in the sentence, else it says nothing.
type marker struct {
	text  *regexp.Regexp
	needs *regexp.Regexp
	state string
}

var changeVerb = regexp.MustCompile(`\b(?:mov|migrat|transition|switch|chang|updat|upgrad|roll|rotat|renew|shift|cut|convert|from|goes? over|going over|swap|replac|transfer)`)

var markers = []marker{
	{regexp.MustCompile(`\b(?:away from|off of|off|from|instead of|rather than|in place of|replacement (?:for|of)|in lieu of|out of)\b`), nil, cutover.StateRetiring},
	{regexp.MustCompile(`\b(?:replac(?:es?|ing)|remov(?:es?|ing)|retir(?:es?|ing)|distrust(?:s|ing)?|drop(?:s|ping)?|phas(?:es?|ing) out|leav(?:es?|ing)|revok(?:es?|ing)|decommission(?:s|ing)?|supersed(?:es?|ing)|abandon(?:s|ing)?|discontinu(?:es?|ing)|swap(?:s|ping)?(?: out)?|exchang(?:es?|ing)|the expiring|the retiring|the outgoing)\b`), nil, cutover.StateRetiring},
	{regexp.MustCompile(`\b(?:stop(?:s|ped|ping)?|ceas(?:es?|ing)|quit|end(?:s|ing)? the use of|no longer|not)(?: be)? (?:us(?:es?|ing|ed)|trust(?:s|ing)?|issu(?:es?|ing|ed)|present(?:s|ing)?|serv(?:es?|ing|ed)|accept(?:s|ing)?|depend(?:s|ing)? on|rely(?:ing)? on|support(?:s|ing)?|chain(?:s|ing)?(?: up)? to|offer(?:s|ing)?|sign(?:s|ing|ed)?(?: by)?)\b`), nil, cutover.StateRetiring},
	{regexp.MustCompile(`\b(?:currently|today|at present|presently|so far|until now)(?:,)? (?:use|uses|using|chain to|chains to|chain up to|present|presents|issued by|signed by|served by)\b`), nil, cutover.StateRetiring},
	{regexp.MustCompile(`\b(?:old|outgoing|retiring|expiring|current|present|previous|existing|legacy) (?:(?:root|intermediate|issuing|tls|ca|certificate|authority|issuer) ?)+(?:is|was|:|=)`), nil, cutover.StateRetiring},
	{regexp.MustCompile(`\b(?:new|incoming|replacement|future|next|target) (?:(?:root|intermediate|issuing|tls|ca|certificate|authority|issuer) ?)+(?:is|will be|:|=)`), nil, cutover.StateIntroduced},
	{regexp.MustCompile(`\b(?:jusqu'ici|actuellement|bisher|derzeit|hasta ahora|actualmente)\b[^.;]{0,60}?\b(?:à|zu|auf|von|a|de|en)\b`), nil, cutover.StateRetiring},
	{regexp.MustCompile(`\b(?:nouveaux?|nouvelles?|neuen?|neues|nuevos?|nuevas?) (?:certificats?|zertifikate?|certificados?)\b[^.;]{0,40}?\b(?:à l'autorité|à|zu|auf|von|a|de|en)\b`), nil, cutover.StateIntroduced},
	{regexp.MustCompile(`\b(?:von|weg von|statt|anstelle von|anstatt|au lieu de|à la place de|en lugar de|desde)\b`), regexp.MustCompile(`\b(?:wechsel|umgestellt|stellen|migr|umzieh|statt|anst|lieu|place|lugar|cambi|pass)`), cutover.StateRetiring},
	{regexp.MustCompile(`\b(?:zu|auf|vers|à|hacia)\b`), regexp.MustCompile(`\b(?:wechsel|umgestellt|stellen|migr|umzieh|pass|bascul|cambi)`), cutover.StateIntroduced},
	{regexp.MustCompile(`\b(?:durch|par|por)\b`), regexp.MustCompile(`\b(?:ersetz|remplac|reemplaz|sustit)`), cutover.StateIntroduced},
	{regexp.MustCompile(`\bfor\b`), regexp.MustCompile(`\b(?:swap|exchang|substitut)`), cutover.StateIntroduced},
	{regexp.MustCompile(`\b(?:to|into|onto|over to)\b`), changeVerb, cutover.StateIntroduced},
	{regexp.MustCompile(`\b(?:by|with|under|using)\b`), regexp.MustCompile(`\b(?:replac|reissu|supersed|succeed|swap|substitut|exchang|renew|chang|mov|migrat)`), cutover.StateIntroduced},
	{regexp.MustCompile(`\b(?:introduc(?:es?|ing)|(?:start|begin)(?:s|ning|ing)? (?:to use|using|to chain to|to issue (?:from|under)|to present|presenting)|will (?:use|chain to|chain up to|be (?:issued|signed|served) (?:by|from|under)|present|serve|link to)|adopt(?:s|ing)?|bring(?:s|ing)? in)\b`), nil, cutover.StateIntroduced},
}

// afterwards are predicates behind the name, its subject.
const subjectTail = `^(?:[\s)\]"',]|root\b|roots\b|ca\b|cas\b|certificates?\b|certification\b|authority\b|authorities\b|intermediates?\b|chains?\b|certs?\b|which\b|that\b|itself\b)*`

var (
	tailLeaves = regexp.MustCompile(subjectTail + `(?:(?:is|are|was|were|be|been|being|gets?|has|have|will|shall|must|should|can|to|going|now|then|also|soon|thereby|therefore) )*(?:(?:replaced|superseded|retired|removed|phased out|withdrawn|deprecated|distrusted|decommissioned|dropped|revoked|discontinued|expiring|going away|taken out|swapped out|no longer)\b|leaves?\b|goes? away\b|today\b|currently\b|at present\b|until now\b|so far\b|expires?\b|ends?\b|retires?\b|disappears?\b|stops? being\b)`)
	tailJoins  = regexp.MustCompile(subjectTail + `(?:(?:will|is going to|then|now) )*(?:replaces?\b|supersedes?\b|succeeds?\b|takes? (?:over|its place|the place|effect)\b|comes? (?:in|into)\b|(?:is|are|be|being|gets?) (?:newly |then |now )?(?:introduced|used instead|the new|the replacement|the successor|rolled out|deployed)\b)`)
	brackets   = regexp.MustCompile(`\([^()]{0,160}\)|\b(?:thumbprint|sha-?1|sha1 fingerprint|fingerprint)\b:?|[0-9a-f]{40}|(?:[0-9a-f]{2}[: ]){19}[0-9a-f]{2}`)
)

// labelled names carry their state in brackets: "X (leaving)".
var labelled = regexp.MustCompile(`^(?: ?\((?:thumbprint|sha)[^()]{0,160}\))? ?\(([^()]{2,30})\)`)

// issuedBehind: in German the verb of "issued by X" stands behind X.
var issuedBehind = regexp.MustCompile(`^ ?(?:ausgestellt|signiert|ausgegeben|stammen|abgeleitet)`)

// eastTails are what stands behind a name in Japanese: particles of direction.
var (
	eastLeaves = regexp.MustCompile(`^[)）」』\s]*(?:証明書|ルート(?: ?ca)?|認証局|中間(?: ?ca)?|ca|を?使用した証明書|にチェーンする証明書|が発行した証明書|の証明書|\s)*(?:から[^。]{0,90}(?:に|へ|移行|変更|切り替)|の使用を(?:停止|終了|やめ)|の利用を(?:停止|終了)|は(?:使用され|使われ|利用され)なくな|(?:は|が|を)[^。、]{0,90}(?:廃止|置き換えられ|失効|期限切れ|削除|使用しなく|終了)|に代わ|の代わり)`)
	eastJoins  = regexp.MustCompile(`^[)）」』\s]*(?:証明書|ルート(?: ?ca)?|認証局|中間(?: ?ca)?|ca|にチェーンする証明書|が発行した証明書|の証明書|\s)*(?:(?:に|へ|への)(?:移行|変更|切り替|切替|更新|置き換|移り|ローテーション)|に置き換え|(?:を|が)[^。、]{0,16}(?:導入|使用開始)|の使用を開始)`)
)

// governed is what a sentence does with the name between start and end; "" when
// its words do not tell.
func (p *page) governed(s doc.Sentence, start, end int) string {
	return p.governedIn(s, start, end, 12)
}

// governedIn looks back over at most so many names of one list.
func (p *page) governedIn(s doc.Sentence, start, end, names int) string {
	pre, post := p.view.S[s.Start:start], p.view.S[min(end, s.End):s.End]
	if m := p.lastMention(s, start); m != nil && names > 0 && listed(brackets.ReplaceAllString(p.view.S[m.end:start], "")) {
		if state := p.governedIn(s, m.start, m.end, names-1); state != "" {
			return state
		}
	}
	if m := labelled.FindStringSubmatch(post); m != nil {
		if old, fresh := headed(m[1], leavingHead), headed(m[1], joiningHead); old != fresh {
			return map[bool]string{true: cutover.StateRetiring, false: cutover.StateIntroduced}[old]
		}
	}
	post = brackets.ReplaceAllString(post[:min(len(post), 400)], " ")
	switch {
	case eastLeaves.MatchString(post):
		return cutover.StateRetiring
	case eastJoins.MatchString(post):
		return cutover.StateIntroduced
	}
	if state := markedBefore(pre); state != "" && !issuedBehind.MatchString(post) {
		return state
	}
	switch {
	case tailJoins.MatchString(post):
		return cutover.StateIntroduced
	case tailLeaves.MatchString(post):
		return cutover.StateRetiring
	}
	return ""
}

// markedBefore finds the last marker before a name with only neutral words
// between the two.
func markedBefore(pre string) string {
	pre = brackets.ReplaceAllString(pre[max(0, len(pre)-400):]+" ", " ")
	pre = chained.ReplaceAllString(future.ReplaceAllString(pre, "will use"), "certs ")
	at, state := -1, ""
	for _, m := range markers {
		for _, loc := range m.text.FindAllStringIndex(pre, -1) {
			if loc[1] > at && neutral.MatchString(pre[loc[1]:]) && (m.needs == nil || m.needs.MatchString(pre[:loc[0]])) && !back(pre[:loc[1]]) {
				at, state = loc[1], m.state
			}
		}
	}
	return state
}

// back reports whether a marker only speaks of staying or going back.
func back(pre string) bool {
	return containsAny(pre[max(0, len(pre)-24):], []string{"addition to", "pinned to", "revert to", "back to", "according to", "refer to", "due to", "related to", "need to", "needs to", "have to", "similar to", "download from", "downloaded from"})
}

// lastMention is the name before a place of the sentence.
func (p *page) lastMention(s doc.Sentence, at int) *mention {
	i := sort.Search(len(p.cas), func(i int) bool { return p.cas[i].end > at }) - 1
	if i < 0 || p.cas[i].start < s.Start {
		return nil
	}
	return &p.cas[i]
}
