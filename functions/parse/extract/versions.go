package extract

import (
	"regexp"
	"strings"
)

// API versions look like dates: "Route API 2025-01-01", "api-version=2024-05-01",
// "2023-11-01 or later". They are dates written with hyphens only, and the words
// around them name a version.

var (
	versionBefore = regexp.MustCompile(`(?:\b(?:apis?|rest|version|versions|v|release|releases|sdk|schema|specification|spec|revision|build|image|runtime|preview|ga|api-version=?)|バージョン|版本|版|버전|リビジョン|リリース)["'\s(（:=「『]*$`)
	versionAfter  = regexp.MustCompile(`^["'」』)\s]*(?:-preview|preview\b|apis?\b|or (?:later|newer|higher|above)|and (?:later|newer)|(?:rest )?api|version\b|versions\b|release of\b|sdk\b|以降の?(?:バージョン|api|リリース)|以上|バージョン|版|の ?api|プレビュー)`)
	versionList   = regexp.MustCompile(`(?:\d{4}-\d{2}-\d{2}(?:-preview)?["']?(?:,| and| or|、|と| to| から)\s?["']?(?:version |バージョン )?)$`)
)

// namesVersion reports whether a date is the name of a version: by the words at
// its side, or because it stands in a list with one.
func (c *clause) namesVersion(d date) bool {
	i, j := d.start-c.base, d.end-c.base
	if !d.iso || i < 0 || j > len(c.s) || !strings.Contains(c.s[i:j], "-") {
		return false
	}
	pre := c.s[max(0, i-240):i]
	for k := 0; k < 6; k++ {
		if versionBefore.MatchString(pre[max(0, len(pre)-30):]) {
			return true
		}
		m := versionList.FindStringIndex(pre)
		if m == nil {
			break
		}
		pre = pre[:m[0]]
	}
	return versionAfter.MatchString(c.s[j:min(len(c.s), j+60)])
}
