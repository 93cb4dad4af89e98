package extract

import (
	"regexp"
	"strings"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

// cloudNames are how notices name the clouds.
var cloudNames = []struct {
	cloud string
	words *regexp.Regexp
}{
	{cutover.CloudPublic, regexp.MustCompile(`public azure|azure public|azure global|global azure|azure commercial|commercial (?:azure|cloud)|public (?:azure )?clouds?\b|worldwide cloud|パブリック azure|azure パブリック|パブリック ?クラウド|グローバル ?クラウド|グローバル azure|azure グローバル|商用クラウド|öffentlichen? azure-cloud|azure-cloud|cloud public|nube pública|öffentlichen? cloud|nube pública de azure|azure 公有云|公共 azure|퍼블릭 azure|全球 azure`)},
	{cutover.CloudUSGov, regexp.MustCompile(`us gov(?:ernment)?\b|azure gov(?:ernment)?\b|u\.s\. gov(?:ernment)?\b|government clouds?|gov cloud|usgov|fairfax|米国政府|政府機関|azure 政府|美国政府|美國政府|us-regierung|gouvernement américain|gobierno de (?:ee|los estados)|미국 정부`)},
	{cutover.CloudChina, regexp.MustCompile(`azure(?: in)? china|azure chine|21vianet|mooncake|china cloud|china 21|(?:and|or|nor|in|,|/) (?:the )?china\b(?: (?:cloud|regions?))?|中国リージョン|中国の azure|azure 中国|由世纪互联|世纪互联|中国クラウド|中国版 azure`)},
}

var otherClouds = regexp.MustCompile(`sovereign (?:azure )?clouds?|sovereign regions?|ソブリン|national clouds?|(?:all|any|no|the)? ?other (?:azure )?clouds?|他のクラウド|その他のクラウド`)

// changeStems are the verbs that a change is told with: denied of a cloud, they
// put it out of the notice's scope.
const changeStems = `(?:be |been |being |yet |currently |a |any |any of |in |going to |planned to |subject to )*(?:chang|affect|impact|includ|part\b|appl|mov|migrat|cover|concern|involv|scope|touch|roll|updat|retir|replac|rotat|transition|switch|target|happen|planned|scheduled|follow)`

// cloudNot is the denial of the change, of a clause.
var cloudNot = regexp.MustCompile(`^(?:not|nor)\b|(?:n't|\bnot|\bnever) (?:\w+ )?` + changeStems + `|\bno (?:\w+ )?(?:changes?|impact|effect|updates?|plans?|migration|action|other (?:azure )?clouds?)\b|\bunaffected|\bunchanged|out of scope|outside the scope|\bexempt|\bexcluded|\bneither\b|\b(?:stays?|stayed|remains?|keeps?|continues?) (?:\w+ ){0,4}?(?:as (?:it|they)|on|unchanged|same|its|their|to use|current|existing)` +
	`|影響(?:は|が|を)?(?:ありません|ございません|受けません|ない|なく|及びません)|対象外|対象では(?:ありません|ございません|ない)|対象と(?:なりません|はなりません|しません)|(?:変更|移行|更新|適用|対象|実施|展開|交換|切り替え|切り替わ|含|変わ|行|予定)[^、。]{0,12}(?:ません|ない)|nicht (?:betroffen|geändert|enthalten|umgestellt)|keine änderung|ändert sich nichts|ne (?:sont|seront|sera|change|changent|est) p?as|non concern|rest(?:e|ent) inchang|bleib(?:t|en) unverändert|permanece|no (?:se ven|se verán|están|cambia|incluye)|不受影响|不包括|不变|不會|영향을 받지|변경되지|제외`)

// exceptBefore and exceptAfter mark names that are taken out of a statement: "all
// clouds except China", "中国を除く".
var (
	exceptBefore = regexp.MustCompile(`\b(?:except|excluding|other than|apart from|but not|not in|aside from|with the exception of|outside(?: of)?|ausgenommen|außer|sauf|excepto|除了)(?: \S+){0,6}? ?$`)
	exceptAfter  = regexp.MustCompile(`^[^、。]{0,14}?(?:を除|以外|は除|除外)`)
	// notDenial are words with a "no" that denies nothing of a cloud.
	notDenial = regexp.MustCompile(`\b(?:not only|no later|not later|no longer|not limited|no new|(?:if|that|who|which|whose)(?: \w+){0,3}?(?: not|n't))\b`)
)

// clauseBreak parts a sentence where the subject changes.
var clauseBreak = regexp.MustCompile(`; |, but |\bbut |, while |\bwhile |\bwhereas |, and |\band |, so |が、|され、|おり、|ますが|ますので、|, während |, mais |, pero `)

var finite = regexp.MustCompile(`\b(?:is|are|was|were|will|does|do|has|have|can|must|should|appl(?:y|ies)|affects?|impacts?|includes?|remains?|stays?|keeps?|follows?|moves?|changes?|continues?|happens?|takes?|covers?|starts?|begins?|ist|sind|wird|werden|est|sont|sera|es|son|se)\b|n't`)

// subjectless clauses speak of what the clause before them names.
var subjectless = regexp.MustCompile(`^(?:is|are|was|were|will|does|do|has|have|won't|isn't|aren't|remains?|stays?|keeps?|therefore|so|thus)\b`)

// cloudClauses cuts a sentence into statements of their own; names without a
// verb stay with the verb that follows: "Azure Government and Azure China aren't
// changing".
func cloudClauses(text string) []string {
	var out []string
	from := 0
	for _, m := range clauseBreak.FindAllStringIndex(text, 20) {
		left, right := text[from:m[0]], text[m[1]:]
		word := text[m[0]:m[1]]
		if strings.Contains(word, "and ") && (subjectless.MatchString(right) || !(finite.MatchString(left) && finite.MatchString(right))) {
			continue
		}
		out, from = append(out, text[from:m[1]]), m[1]
	}
	return append(out, text[from:])
}

// cloudFacts are the clouds that are stated so far.
type cloudFacts struct {
	in, out map[string]cutover.Evidence
	rest    *cutover.Evidence // a denial of all others
}

// clouds reads the clouds that are stated, in or out.
func (r *reading) clouds() {
	f := cloudFacts{in: map[string]cutover.Evidence{}, out: map[string]cutover.Evidence{}}
	for _, p := range r.pages {
		for i, s := range p.view.Sentences {
			if p.gates[i]&gateCloud == 0 || p.skip[s.Block] || p.doc.Blocks[s.Block].Kind == doc.Meta {
				continue
			}
			if text := p.view.Text(s); !strings.HasSuffix(text, "?") {
				f.sentence(text, p.evidence(s.Start, s.End))
			}
		}
	}
	if f.rest != nil {
		for _, c := range []string{cutover.CloudUSGov, cutover.CloudChina} {
			if _, ok := f.in[c]; !ok {
				first(f.out, c, *f.rest)
			}
		}
	}
	for _, c := range cloudNames {
		if ev, ok := f.out[c.cloud]; ok {
			r.n.ExcludedClouds = append(r.n.ExcludedClouds, c.cloud)
			r.n.Evidence["excluded_clouds/"+c.cloud] = ev
		} else if ev, ok := f.in[c.cloud]; ok {
			r.n.Clouds = append(r.n.Clouds, c.cloud)
			r.n.Evidence["clouds/"+c.cloud] = ev
		}
	}
}

func first(m map[string]cutover.Evidence, k string, ev cutover.Evidence) {
	if _, ok := m[k]; !ok {
		m[k] = ev
	}
}

// sentence reads one sentence, clause by clause. A denial that has no cloud of
// its own reaches back over the sentence.
func (f *cloudFacts) sentence(text string, ev cutover.Evidence) {
	for _, clause := range cloudClauses(text) {
		not := denies(clause)
		for _, c := range cloudNames {
			for _, m := range c.words.FindAllStringIndex(clause, 8) {
				out := exceptBefore.MatchString(clause[:m[0]]) || exceptAfter.MatchString(clause[m[1]:])
				if out || not {
					first(f.out, c.cloud, ev)
				} else {
					first(f.in, c.cloud, ev)
				}
			}
		}
		if m := otherClouds.FindStringIndex(clause); m != nil && (not || exceptBefore.MatchString(clause[:m[0]])) {
			f.rest = &ev
		}
	}
}

// denies reports whether a clause says that the change does not come.
func denies(clause string) bool {
	return cloudNot.MatchString(notDenial.ReplaceAllString(clause, " "))
}
