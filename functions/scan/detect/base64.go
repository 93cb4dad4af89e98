package detect

import (
	"encoding/base64"

	"cutover/shared/cutover"
)

// bareBase64 decodes certificates without markers: "MII" is how a SEQUENCE of more
// than 255 bytes begins in base64.
func (f *file) bareBase64() {
	f.each("MII", func(off int) int {
		if f.covered(off) || off > 0 && isBase64(f.data[off-1]) && f.data[off-1] != '/' && !escapeBefore(f.data, off) {
			return off + 1
		}
		if end := f.base64At(cutover.FindBase64, off, off); end > 0 {
			return end
		}
		return off + 1
	})
}

// escapeBefore reports whether the byte before off belongs to an escape such as \n.
func escapeBefore(data []byte, off int) bool {
	return off >= 2 && (data[off-2] == '\\' || data[off-2] == '`') && (data[off-1] == 'n' || data[off-1] == 'r' || data[off-1] == 't')
}

// nestedPEM decodes base64 of PEM: Kubernetes secrets, ARM templates, constants.
func (f *file) nestedPEM() {
	f.each("LS0tLS1CRUdJTi", func(off int) int {
		raw, end := collect(f.data, off, 256<<10, wrapping{quotes: true, prefix: linePrefix(f.data, off)}, 0)
		f.budget -= end - off
		text := make([]byte, base64.RawStdEncoding.DecodedLen(len(raw)))
		n, _ := base64.RawStdEncoding.Decode(text, raw[:len(raw)/4*4+remainder(len(raw))])
		inner := &file{d: f.d, path: f.path, data: text[:n], budget: 8*n + 4096}
		inner.pems()
		for _, c := range inner.certs {
			c.kind, c.off, c.end = cutover.FindBase64, off, end
			f.certs = append(f.certs, c)
		}
		return end
	})
}

// remainder keeps two or three trailing characters of unpadded base64; one is none.
func remainder(n int) int {
	if n%4 == 1 {
		return 0
	}
	return n % 4
}

// base64At decodes one certificate from start on, in the ways in which literals and
// comments wrap base64, and gives the offset behind it; 0 if there is none.
func (f *file) base64At(kind string, off, start int) int {
	prefix := linePrefix(f.data, off)
	ways := []wrapping{{quotes: true, prefix: prefix}, {prefix: prefix}}
	if prefix != "" {
		ways = append(ways, wrapping{quotes: true})
	}
	for _, w := range ways {
		head, _ := collect(f.data, start, 512, w, 12)
		if len(head) < 12 {
			continue
		}
		first, err := base64.StdEncoding.DecodeString(string(head))
		if err != nil {
			continue
		}
		n := derLength(first)
		if n == 0 {
			continue
		}
		need := (n*8 + 5) / 6
		raw, end := collect(f.data, start, 8*need+4096, w, need)
		f.budget -= end - start
		if len(raw) < need {
			continue
		}
		der := make([]byte, base64.RawStdEncoding.DecodedLen(need))
		if m, err := base64.RawStdEncoding.Decode(der, raw); err != nil && m < n {
			continue
		}
		if f.accept(kind, off, end, der[:n]) {
			return end
		}
	}
	return 0
}
