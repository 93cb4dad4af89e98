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
	{cutover.CloudPublic, regexp.MustCompile(`public azure cloud|azure public cloud|azure public|global azure cloud|azure global|azure commercial|commercial cloud|public cloud|パブリック azure|azure パブリック|パブリック クラウド|グローバル クラウド|グローバルクラウド|global azure|öffentliche azure-cloud|cloud public azure|azure 公有云|公共 azure|퍼블릭 azure|全球 azure`)},
	{cutover.CloudUSGov, regexp.MustCompile(`us government|azure government|u\.s\. government|usgov|fairfax|米国政府|美国政府|美國政府|us-regierung|gouvernement américain|gobierno de (?:ee|los estados)|미국 정부`)},
	{cutover.CloudChina, regexp.MustCompile(`azure china|21vianet|mooncake|china cloud|china 21|中国リージョンの azure|azure 中国|由世纪互联|中国クラウド|in china\b`)},
}

var sovereign = regexp.MustCompile(`sovereign (?:azure )?clouds?|sovereign regions?|ソブリン|national clouds?`)

var cloudNot = regexp.MustCompile(`no changes? in|not (?:be )?(?:included|affected|impacted|part)|aren't (?:included|affected|impacted)|isn't (?:included|affected|impacted)|are not (?:included|affected|impacted)|does(?:n't| not) (?:apply|affect|impact|include)|excluding|except|excluded|unaffected|影響(?:は|を)?(?:ありません|ございません|受けません)|対象外|含まれません|除く|除き|nicht betroffen|ne sont pas|no (?:se ven|están) afectad|不受影响|不包括|영향을 받지`)

// clouds reads the clouds that are stated, in or out. A sentence that denies
// excludes what it names after the denial, or in English also before a verb.
func (r *reading) clouds() {
	in, out := map[string]cutover.Evidence{}, map[string]cutover.Evidence{}
	var rest *cutover.Evidence
	for _, p := range r.pages {
		for i, s := range p.view.Sentences {
			if p.gates[i]&gateCloud == 0 || p.skip[s.Block] || p.doc.Blocks[s.Block].Kind == doc.Meta {
				continue
			}
			text := p.view.Text(s)
			if strings.HasSuffix(text, "?") {
				continue
			}
			not := cloudNot.MatchString(text)
			for _, c := range cloudNames {
				if m := c.words.FindStringIndex(text); m != nil {
					if not && deny(text, m[0]) {
						out[c.cloud] = first(out, c.cloud, p.evidence(s.Start, s.End))
					} else {
						in[c.cloud] = first(in, c.cloud, p.evidence(s.Start, s.End))
					}
				}
			}
			if not && sovereign.MatchString(text) {
				ev := p.evidence(s.Start, s.End)
				rest = &ev
			}
		}
	}
	if rest != nil {
		for _, c := range []string{cutover.CloudUSGov, cutover.CloudChina} {
			if _, ok := in[c]; !ok {
				out[c] = first(out, c, *rest)
			}
		}
	}
	for _, c := range cloudNames {
		if ev, ok := in[c.cloud]; ok {
			r.n.Clouds = append(r.n.Clouds, c.cloud)
			r.n.Evidence["clouds/"+c.cloud] = ev
		} else if ev, ok := out[c.cloud]; ok {
			r.n.ExcludedClouds = append(r.n.ExcludedClouds, c.cloud)
			r.n.Evidence["excluded_clouds/"+c.cloud] = ev
		}
	}
}

func first(m map[string]cutover.Evidence, k string, ev cutover.Evidence) cutover.Evidence {
	if have, ok := m[k]; ok {
		return have
	}
	return ev
}

// deny reports whether the denial of a sentence reaches the cloud at i: the
// clause that holds it, or all clauses before "only".
func deny(text string, i int) bool {
	if j := strings.LastIndex(text[:i], "only "); j >= 0 && i-j < 30 {
		return false
	}
	m := cloudNot.FindStringIndex(text)
	if m[0] < i {
		return true
	}
	return !strings.Contains(text[i:m[0]], ";") && !strings.Contains(text[i:m[0]], ", but") && !strings.Contains(text[i:m[0]], "limited to")
}
