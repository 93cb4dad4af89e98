package detect

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// name takes an occurrence of a common name's spelling, if it is the whole name
// and not a part of another one.
func (f *file) name(id int32, u use, off, end int) {
	text := f.data[off:end]
	if !startsWord(f.data, off) || !endsWord(f.data, end) {
		return
	}
	cn := u.value
	// "DigiCert Global Root CA G2" means the root G2, not the root CA.
	if n := generation(f.data[end:]); n > 0 {
		other, ok := f.d.names[compact(strings.TrimSuffix(cn, " CA")+string(f.data[end:end+n]))]
		if !ok {
			return
		}
		cn, end = other, end+n
		text = f.data[off:end]
	}
	if !f.admit(id) {
		return
	}
	h := Hit{
		Kind: cutover.FindCommonName, Identity: cn, Offset: off, End: end, Content: "cn:" + cn,
		Match: string(text), Confidence: "medium", Reason: "names " + cn,
	}
	f.token(&h)
	f.named = append(f.named, h)
}

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }
func lower(c byte) bool { return c >= 'a' && c <= 'z' }

// startsWord reports whether a name may begin at off: after anything but a letter
// or digit, at a hump (kBaltimoreCyberTrustRoot), or after an escape (\nBaltimore).
func startsWord(data []byte, off int) bool {
	if off == 0 || !alnum(data[off-1]) || data[off-1] >= 0x80 {
		return true
	}
	return lower(data[off-1]) && upper(data[off]) || escapeBefore(data, off)
}

// endsWord reports whether a name may end before end: not within a word or number,
// unless the next hump of an identifier begins there (…RootPem). "CA1-1" is no "CA1".
func endsWord(data []byte, end int) bool {
	rest := data[end:]
	switch {
	case len(rest) == 0:
		return true
	case rest[0] == '-' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		return false
	case !alnum(rest[0]) || rest[0] >= 0x80:
		return true
	case rest[0] == 's' && upper(data[end-1]) && (len(rest) == 1 || !alnum(rest[1])):
		return true // the plural: "DigiCert Global Root CAs"
	case !upper(rest[0]):
		return false
	case lower(data[end-1]):
		return true
	case rest[0] == 'G' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		return true // the generation is read next
	}
	return len(rest) > 1 && lower(rest[1])
}

// generation is the length of " G2", "-G3", "_G2" or "G2" behind a name.
func generation(rest []byte) int {
	n := 0
	for n < len(rest) && n < 3 && (rest[n] == ' ' || rest[n] == '-' || rest[n] == '_') {
		n++
	}
	if n+1 >= len(rest) || rest[n]|0x20 != 'g' || rest[n+1] < '0' || rest[n+1] > '9' {
		return 0
	}
	n += 2
	if n < len(rest) && alnum(rest[n]) && !upper(rest[n]) {
		return 0
	}
	return n
}

// certSuffixes are the file names that CA downloads have.
var certSuffixes = []string{".crt", ".pem", ".cer", ".der", ".p7b", ".jks", ".p12", ".pfx", ".crl"}

// token tells names in URLs, file names and DNs from names in prose.
func (f *file) token(h *Hit) {
	from, to := h.Offset, h.End
	for from > 0 && h.Offset-from < 200 && inToken(f.data[from-1]) {
		from--
	}
	for to < len(f.data) && to-h.End < 100 && inToken(f.data[to]) {
		to++
	}
	tok := strings.TrimRight(string(f.data[from:to]), ".,:;")
	rest := strings.ToLower(string(f.data[h.End:min(len(f.data), h.End+8)]))
	isFile := slices.ContainsFunc(certSuffixes, func(s string) bool { return strings.HasPrefix(rest, s) })
	scheme := strings.Index(tok, "://")
	switch {
	case scheme > 0 && from+scheme < h.Offset:
		for scheme > 0 && alnum(tok[scheme-1]) {
			scheme--
		}
		h.Kind, h.Match = kindURL, safeURL(tok[scheme:])
		h.Reason = "URL of the certificate of " + h.Identity
		if !isFile { // a page or picture, nothing that could be trusted
			h.mention, h.Reason = true, "address that names "+h.Identity
		}
	case isFile:
		h.Kind, h.Match = kindFileName, tok
		h.Reason = "file name of the certificate of " + h.Identity
	case inDN(f.data, h.Offset, h.End):
		h.Kind, h.Match = kindDN, "CN="+h.Match
		h.Reason = "distinguished name of " + h.Identity
	}
	if strings.HasPrefix(rest, ".crl") {
		h.mention = true
		h.Reason = "address of the revocation list of " + h.Identity
	}
	h.Content = h.Kind + ":" + h.Identity
}

func inToken(c byte) bool {
	return alnum(c) && c < 0x80 || bytes.IndexByte([]byte("_-./:%~@?=&#+"), c) >= 0
}

// safeURL keeps scheme, host and path: user, password and query may be secrets.
func safeURL(u string) string {
	u, _, _ = strings.Cut(u, "?")
	u, _, _ = strings.Cut(u, "#")
	scheme, rest, _ := strings.Cut(u, "://")
	host, path, found := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	if found {
		host += "/"
	}
	return scheme + "://" + host + path
}

// inDN reports whether CN= stands before the name and another attribute near it.
func inDN(data []byte, off, end int) bool {
	lead := bytes.TrimRight(data[max(0, off-8):off], " \"'")
	if !bytes.HasSuffix(lead, []byte("CN=")) && !bytes.HasSuffix(lead, []byte("CN =")) {
		return false
	}
	near := strings.ReplaceAll(string(data[max(0, off-80):min(len(data), end+80)]), " ", "")
	return strings.Contains(near, "O=") || strings.Contains(near, "OU=") || strings.Contains(near, "C=")
}

// names keeps the longest of overlapping names.
func (f *file) names() {
	slices.SortStableFunc(f.named, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(b.End, a.End))
	})
	last := -1
	for _, h := range f.named {
		if h.Offset < last {
			continue
		}
		last = h.End
		f.take(h)
	}
}
