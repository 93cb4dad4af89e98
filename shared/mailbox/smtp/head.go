package smtp

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"strings"
)

// Limits of a header that is looked at; a mail beyond them is not proven.
const (
	maxHead      = 256 << 10
	maxFields    = 500
	maxField     = 64 << 10
	maxSignature = 8 << 10 // of one DKIM-Signature field
	maxDetail    = 300
)

// single are the fields that decide who wrote a mail and how its text is read.
// Where one stands twice, a reader may take the copy that was not signed.
var single = []string{"from", "subject", "date", "content-type", "content-transfer-encoding", "mime-version"}

// head is the header of a message: the values of its fields by name. Names are
// reduced to the letters, digits and hyphens in them: a name with a blank or a
// stray byte before its colon is still read as that name by somebody.
type head struct {
	fields map[string][]string
	size   int // bytes up to the body
}

func (h head) count(name string) int { return len(h.fields[name]) }

// readHead splits the header strictly. Whatever two readers could see differently
// (a bare CR, a line without a colon, a line of blanks) is an error.
func readHead(raw []byte) (head, error) {
	h := head{fields: map[string][]string{}}
	name, n := "", 0
	for {
		rest := raw[h.size:]
		end := bytes.IndexByte(rest, '\n')
		if end < 0 || h.size+end > maxHead {
			return h, errors.New("the mail's header has no end, or is too long")
		}
		line := bytes.TrimSuffix(rest[:end], []byte("\r"))
		h.size += end + 1
		if len(line) == 0 {
			break
		}
		if bytes.ContainsAny(line, "\r\x00") {
			return h, errors.New("the mail's header holds a bare CR or a NUL")
		}
		if line[0] == ' ' || line[0] == '\t' {
			if name == "" || len(bytes.TrimSpace(line)) == 0 {
				return h, errors.New("the mail's header is folded in a way that can be read as its end")
			}
			all := h.fields[name]
			all[len(all)-1] += " " + string(bytes.TrimSpace(line))
			if len(all[len(all)-1]) > limit(name) {
				return h, fmt.Errorf("the mail's header field %q is too long", name)
			}
			continue
		}
		key, value, ok := bytes.Cut(line, []byte(":"))
		if n++; !ok || n > maxFields {
			return h, errors.New("the mail's header has a line without a colon, or too many fields")
		}
		if name = fieldName(key); name == "" || len(value) > limit(name) {
			return h, errors.New("the mail's header has a field without a name, or one that is too long")
		}
		h.fields[name] = append(h.fields[name], string(bytes.TrimSpace(value)))
	}
	return h, nil
}

func limit(name string) int {
	if name == "dkim-signature" {
		return maxSignature
	}
	return maxField
}

func fieldName(key []byte) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		}
		return -1
	}, string(key))
}

// author is the domain of the one address in the one From.
func (h head) author() (string, error) {
	for _, name := range single {
		if n := h.count(name); n > 1 {
			return "", fmt.Errorf("the mail has %d %s fields; one is the most that can be trusted", n, name)
		}
	}
	if h.count("from") == 0 {
		return "", errors.New("the mail has no From")
	}
	list, err := mail.ParseAddressList(h.fields["from"][0])
	if err != nil {
		return "", errors.New("the mail's From cannot be read as an address")
	}
	if len(list) != 1 {
		return "", fmt.Errorf("the mail's From names %d addresses; exactly one can be proven", len(list))
	}
	at := strings.LastIndexByte(list[0].Address, '@')
	domain := canonical(list[0].Address[at+1:])
	if at < 1 || !hostname(domain) {
		return "", errors.New("the mail's From has no ordinary domain")
	}
	return domain, nil
}

// aligned reports whether a signature of domain d speaks for an author: the same
// domain, or one above the author's that an organisation can own. (A signature of
// a public suffix cannot be had without its registry; the rule below keeps the
// common ones out all the same.)
func aligned(author, d string) bool {
	if d == author {
		return true
	}
	return strings.HasSuffix(author, "."+d) && hostname(d) && !registry(d)
}

// registry guesses whether d is a place where strangers register names: co.uk,
// com.au, ne.jp.
func registry(d string) bool {
	second, top, _ := strings.Cut(d, ".")
	if len(top) != 2 {
		return false
	}
	switch second {
	case "ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "ltd", "mil", "ne", "net", "nom", "or", "org", "plc", "sch":
		return true
	}
	return false
}

// hostname reports a name of two or more labels of ASCII letters, digits and
// hyphens: look-alikes in other scripts are not hosts.
func hostname(s string) bool {
	labels := strings.Split(s, ".")
	for _, l := range labels {
		if l == "" || fieldName([]byte(l)) != l {
			return false
		}
	}
	return len(labels) >= 2 && len(s) <= 253
}

func canonical(domain string) string {
	return strings.TrimSuffix(asciiLower(strings.TrimSpace(domain)), ".")
}

// asciiLower leaves all but ASCII alone: Unicode's folding would make K (Kelvin)
// and ſ (long s) equal to ordinary letters.
func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// clean makes foreign text fit for one line of a log or a case.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if len(s) > maxDetail {
		s = strings.ToValidUTF8(s[:maxDetail], "") + "…"
	}
	return s
}
