package detect

import (
	"bytes"
	"strings"

	"cutover/shared/cutover"
)

// literal looks at one occurrence of an anchor: only the whole digest, pin or name
// counts.
func (f *file) literal(id int32, off, end int) {
	u := f.d.uses[id]
	switch {
	case u.kind == gateKind:
		f.gates |= u.gate
	case f.count[id] >= perUse:
	case u.kind == cutover.FindCommonName:
		f.name(id, u, off, end)
	case u.kind == cutover.FindSPKI && len(u.value) == 44:
		f.base64Pin(id, u, off)
	default:
		f.digest(id, u, off)
	}
}

// digest reads hex digits in any way of writing and compares them with the value
// of the catalogue.
func (f *file) digest(id int32, u use, off int) {
	end := spelled(f.data, off, u.value)
	if end == 0 || !f.admit(id) {
		return
	}
	h := Hit{
		Kind: u.kind, Identity: u.ca.CN, Thumbprint: u.ca.SHA1, Offset: off, End: end, Content: u.value,
		Match: string(f.data[off:end]), Confidence: "high",
	}
	switch u.kind {
	case cutover.FindSHA1:
		h.Reason = "SHA-1 thumbprint of " + u.ca.CN
	case cutover.FindSHA256:
		h.Reason = "SHA-256 thumbprint of " + u.ca.CN
	case cutover.FindSPKI:
		f.pin(&h, u.ca)
	case kindSerial:
		h.Confidence, h.Reason = "medium", "serial number of "+u.ca.CN
		h.Content = "serial:" + u.ca.Serial
	}
	f.take(h)
}

// spelled reports where the hex value ends that begins at off, ignoring case and
// what people and programs put between digits; 0 when other digits stand there.
func spelled(data []byte, off int, value string) int {
	n := 0
	for i := off; i < len(data); {
		c := data[i]
		if d, ok := hexDigit(c); ok && !(c == '0' && i+1 < len(data) && data[i+1]|0x20 == 'x') {
			if want, _ := hexDigit(value[n]); d != want {
				return 0
			}
			i++
			if n++; n == len(value) {
				return i
			}
			continue
		}
		skip := separator(data[i:])
		if skip == 0 {
			return 0
		}
		i += skip
	}
	return 0
}

// separator is the length of one thing that may stand between the digits of a
// thumbprint; 0 ends it. U+200E, U+200B and U+FEFF are invisible and come along
// when a thumbprint is copied out of a Windows dialog; U+00A0 comes from HTML.
func separator(b []byte) int {
	switch c := b[0]; c {
	case ' ', ':', '-', ',', '\t', '\r', '\n', '"', '\'', '_', '.':
		return 1
	case '0':
		return 2 // 0x
	case '\\':
		if len(b) > 1 && b[1] == 'x' {
			return 2
		}
		if hasFold(b, []byte(`\u200e`)) || hasFold(b, []byte(`\u200b`)) {
			return 6
		}
		return 1
	case 0xE2, 0xEF, 0xC2:
		for _, inv := range []string{"\u200e", "\u200f", "\u200b", "\ufeff", "\u00a0", "\u202a", "\u202c"} {
			if bytes.HasPrefix(b, []byte(inv)) {
				return len(inv)
			}
		}
	}
	return 0
}

// base64Pin compares the 43 characters of a pin's base64 form (the padding may be
// missing); here case counts.
func (f *file) base64Pin(id int32, u use, off int) {
	if off+43 > len(f.data) {
		return
	}
	got := string(f.data[off : off+43])
	if strings.NewReplacer("-", "+", "_", "/").Replace(got) != u.value[:43] || !f.admit(id) {
		return
	}
	end := off + 43
	if end < len(f.data) && f.data[end] == '=' {
		end++
	}
	h := Hit{Identity: u.ca.CN, Offset: off, End: end, Confidence: "high", Content: pinContent(u.ca)}
	f.pin(&h, u.ca)
	h.Match = pinPrefix(f.data, off) + string(f.data[off:end])
	f.take(h)
}

// pinPrefix gives the scheme in front of a pin, as it is written there.
func pinPrefix(data []byte, off int) string {
	lead := string(data[max(0, off-16):off])
	for _, p := range []string{"sha256/", "sha256//", "sha256/ ", "pin-sha256=\"", "pin-sha256=", "pin-sha256:"} {
		if strings.HasSuffix(lead, p) {
			return p
		}
	}
	return ""
}

func pinContent(ca cutover.CA) string { return "spki:" + ca.SPKI }

// pin completes a finding of a public key's digest. A key may have several
// certificates (cross-signed roots): the pin means them all.
func (f *file) pin(h *Hit, ca cutover.CA) {
	h.Kind, h.Content, h.Thumbprint = cutover.FindSPKI, pinContent(ca), ""
	cas := f.d.keys[ca.SPKI]
	h.Reason = "SHA-256 of the public key of " + ca.CN
	if len(cas) == 1 {
		h.Thumbprint = cas[0].SHA1
	} else {
		h.Reason += ", which several certificates carry"
		for _, c := range cas {
			if c.SelfSigned {
				h.Thumbprint = c.SHA1
			}
		}
	}
}

// take completes a hit with its lines and surroundings, and keeps it.
func (f *file) take(h Hit) {
	h.Line, h.EndLine = f.span(h.Offset, h.End)
	h.Match = clean(h.Match)
	f.place(&h)
	f.hits = append(f.hits, h)
}
