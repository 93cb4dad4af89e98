package detect

import (
	"bytes"
	"strings"

	"cutover/shared/cutover"
)

// Kinds that the ground floor does not name.
const (
	kindJKS      = "jks"
	kindPKCS12   = "pkcs12"
	kindFileName = "file-name"
	kindURL      = "url"
	kindDN       = "subject-dn"
	kindSerial   = "serial"
)

// certificates decodes every certificate of the file, in whatever wrapping.
func (f *file) certificates() {
	f.ders()
	if f.binary || f.gates&gatePEM != 0 {
		f.pems()
	}
	if f.gates&gateBase64 != 0 {
		f.bareBase64()
	}
	if f.gates&gateNested != 0 {
		f.nestedPEM()
	}
	f.arrays()
	f.certs = dropNested(f.certs)
}

// each calls fn at every occurrence of the anchor while the budget lasts. fn gives
// the offset to go on from.
func (f *file) each(anchor string, fn func(off int) int) {
	a := []byte(anchor)
	for i := 0; f.budget >= 0; {
		n := bytes.Index(f.data[i:], a)
		if n < 0 {
			return
		}
		i = max(fn(i+n), i+n+1)
	}
}

// ders carves certificates out of binary files: .der, .cer, PKCS#7, keystores
// whose entries stand in the clear (JKS, JCEKS, password-less PKCS#12).
func (f *file) ders() {
	if !f.binary && (len(f.data) == 0 || f.data[0] != 0x30) {
		return
	}
	kind := cutover.FindDER
	switch {
	case bytes.HasPrefix(f.data, []byte{0xFE, 0xED, 0xFE, 0xED}), bytes.HasPrefix(f.data, []byte{0xCE, 0xCE, 0xCE, 0xCE}):
		kind = kindJKS
	case hasSuffix(f.path, ".p12", ".pfx"):
		kind = kindPKCS12
	}
	f.each("\x30\x82", func(off int) int {
		n := derLength(f.data[off:])
		if n == 0 || off+n > len(f.data) {
			return off + 1
		}
		f.budget -= n
		if !f.accept(kind, off, off+n, f.data[off:off+n]) {
			return off + 1
		}
		if !f.binary {
			f.binary = true // a DER file without a zero byte near its beginning
		}
		return off + n
	})
}

// pems decodes what stands behind the marker of a certificate, up to the length
// that the certificate itself states. The end marker is not needed.
func (f *file) pems() {
	f.each("-----BEGIN", func(off int) int {
		rest := f.data[off+len("-----BEGIN"):]
		label, _, ok := bytes.Cut(rest[:min(len(rest), 64)], []byte("-----"))
		if !ok || !strings.HasSuffix(string(label), "CERTIFICATE") {
			return off + 1
		}
		start := off + len("-----BEGIN") + len(label) + len("-----")
		if end := f.base64At(cutover.FindPEM, off, start); end > 0 {
			return f.endMarker(end)
		}
		return start
	})
}

// endMarker moves over an end marker that follows, and counts it to the block.
func (f *file) endMarker(end int) int {
	tail := f.data[end:min(len(f.data), end+96)]
	if i := bytes.Index(tail, []byte("-----END")); i >= 0 {
		if j := bytes.Index(tail[i+8:], []byte("-----")); j >= 0 {
			end += i + 8 + j + 5
			f.certs[len(f.certs)-1].end = end
		}
	}
	return end
}

// covered reports whether a certificate was already decoded around off.
func (f *file) covered(off int) bool {
	for i := len(f.certs) - 1; i >= 0; i-- {
		if c := f.certs[i]; off >= c.off && off < c.end {
			return true
		}
	}
	return false
}

func hasSuffix(path string, suffixes ...string) bool {
	p := strings.ToLower(path)
	for _, s := range suffixes {
		if strings.HasSuffix(p, s) {
			return true
		}
	}
	return false
}
