package detect

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"path"
	"slices"

	"cutover/shared/cutover"
)

// cert is one decoded certificate of the file.
type cert struct {
	kind     string
	off, end int
	der      []byte
	ca       cutover.CA // zero when the catalogue does not know it
	sum      string     // SHA-1 of the DER
	why      string
	weak     bool // by key only
	isCA     bool
}

// Limits of one certificate. The largest CA certificates have about 2 KiB; what is
// larger than 16 KiB is not decoded.
const (
	minDER = 200
	maxDER = 16 << 10
)

// derLength reads the length of a certificate from its first bytes: SEQUENCE of
// two length bytes that begins with a SEQUENCE of two or one (X.509, RFC 5280).
// Zero: these bytes begin no certificate.
func derLength(b []byte) int {
	if len(b) < 7 || b[0] != 0x30 || b[1] != 0x82 || b[4] != 0x30 {
		return 0
	}
	n := int(b[2])<<8 | int(b[3]) + 4
	inner := 0
	switch {
	case b[5] == 0x82 && len(b) >= 8:
		inner = int(b[6])<<8 | int(b[7]) + 4
	case b[5] == 0x81:
		inner = int(b[6]) + 3
	}
	if n < minDER || n > maxDER || inner == 0 || inner+4 > n {
		return 0
	}
	return n
}

// accept takes a decoded candidate. It reports whether the bytes are a certificate:
// one of the catalogue by hash, one with the key of the catalogue, or any other
// that parses (which counts for stores only).
func (f *file) accept(kind string, off, end int, der []byte) bool {
	c := cert{kind: kind, off: off, end: end, der: der}
	sum := sha1.Sum(der)
	c.sum = hex.EncodeToString(sum[:])
	if ca, ok := f.d.sha1[c.sum]; ok && sameSHA256(ca, der) {
		c.ca, c.isCA = ca, true
		c.why = "decoded, SHA-1 " + c.sum + " is " + ca.CN
		f.certs = append(f.certs, c)
		return true
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return false
	}
	c.isCA = parsed.IsCA || bytes.Equal(parsed.RawIssuer, parsed.RawSubject)
	key := sha256.Sum256(parsed.RawSubjectPublicKeyInfo)
	if cas := f.d.keys[base64.StdEncoding.EncodeToString(key[:])]; len(cas) > 0 && c.isCA {
		c.ca, c.weak = cas[0], true
		c.why = "another certificate with the key of " + cas[0].CN + " (SHA-1 " + c.sum + " is not in the catalogue)"
	}
	f.certs = append(f.certs, c)
	return true
}

func sameSHA256(ca cutover.CA, der []byte) bool {
	if ca.SHA256 == "" {
		return true
	}
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:]) == ca.SHA256
}

// hit turns a certificate of the catalogue into a finding's raw form.
func (f *file) hit(c cert) Hit {
	h := Hit{
		Kind: c.kind, Identity: c.ca.CN, Thumbprint: c.sum, Offset: c.off, End: c.end,
		Content: c.sum, Confidence: "high", Reason: c.why, material: true,
	}
	if c.weak {
		h.Confidence = "medium"
	}
	h.Line, h.EndLine = f.span(c.off, c.end)
	h.Match = certMatch(c)
	if named := f.nameOfFile(); named != "" && named != c.ca.CN && !slices.Contains(f.d.issuers[c.ca.CN], named) {
		h.Conflict = "the file's name says " + named + ", the hash is that of " + c.ca.CN
	}
	f.place(&h)
	return h
}

// nameOfFile is the CA that the file is named after; empty if it is none.
func (f *file) nameOfFile() string {
	base := &file{d: f.d, data: []byte(path.Base(f.path))}
	f.d.matcher.find(base.data, base.literal)
	longest := Hit{}
	for _, h := range base.named {
		if h.End-h.Offset > longest.End-longest.Offset {
			longest = h
		}
	}
	return longest.Identity
}

// certMatch names the certificate instead of quoting base64: a reader recognises
// the wrapping and the hash.
func certMatch(c cert) string {
	switch c.kind {
	case cutover.FindPEM:
		return "-----BEGIN CERTIFICATE----- (" + c.ca.CN + ", SHA-1 " + c.sum + ")"
	case cutover.FindDER:
		return "DER certificate (" + c.ca.CN + ", SHA-1 " + c.sum + ")"
	}
	return c.kind + " of a certificate (" + c.ca.CN + ", SHA-1 " + c.sum + ")"
}
