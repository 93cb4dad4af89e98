package detect

import (
	"regexp"
	"strings"
	"unicode"
)

// maxMatch is the contract's cut of what stands there, in characters.
const maxMatch = 120

// secrets are forms of credentials that could stand inside a matched token. What is
// matched is only the thing itself, never its line, so this is the second fence.
var secrets = regexp.MustCompile(`(?i)(password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|sig|credential)(\s*[=:]\s*)[^\s&;,]+` +
	`|gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|AKIA[0-9A-Z]{16}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`)

// clean makes what was matched fit to be shown: one line, no control or invisible
// characters, credentials taken out, at most 120 characters.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\u00a0':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	s = secrets.ReplaceAllString(s, "${1}${2}[redacted]")
	if r := []rune(s); len(r) > maxMatch {
		s = string(r[:maxMatch-1]) + "…"
	}
	return s
}
