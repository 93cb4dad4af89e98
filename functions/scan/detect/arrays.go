package detect

import (
	"bytes"

	"cutover/shared/cutover"
)

// arrays decodes certificates that stand as numbers: 0x30,0x82 and \x30\x82 and
// 48, 130 and 3082 in hex (T-SQL, "30 82", "30:82").
func (f *file) arrays() {
	for _, a := range []struct {
		gate   gates
		anchor string
		next   func([]byte, int) (byte, int, bool)
	}{
		{gateHexBytes, "0x30", hexByte}, {gateHexBytes, "0X30", hexByte}, {gateEscaped, `\x30`, escapedByte},
		{gatePlainHex, "3082", plainHex}, {gatePlainHex, "30 82 ", plainHex}, {gatePlainHex, "30:82:", plainHex},
		{gateDecimal, "48, 130", decimalByte}, {gateDecimal, "48,130", decimalByte},
		{gateDecimal, "48, -126", decimalByte}, {gateDecimal, "48,-126", decimalByte},
	} {
		if f.gates&a.gate == 0 {
			continue
		}
		f.each(a.anchor, func(off int) int {
			if f.covered(off) {
				return off + 1
			}
			head, _ := f.numbers(off, 8, a.next)
			n := derLength(head)
			if n == 0 {
				return off + 1
			}
			der, end := f.numbers(off, n, a.next)
			f.budget -= end - off
			if len(der) < n || !f.accept(cutover.FindByteArray, off, end, der) {
				return off + 1
			}
			return end
		})
	}
}

// numbers reads n bytes written as numbers from off on.
func (f *file) numbers(off, n int, next func([]byte, int) (byte, int, bool)) ([]byte, int) {
	out := make([]byte, 0, n)
	end := off
	for i := off; i < len(f.data) && len(out) < n && i-end <= maxGap; {
		if b, size, ok := next(f.data, i); ok {
			out = append(out, b)
			i += size
			end = i
			continue
		}
		skip := between(f.data[i:])
		if skip == 0 {
			break
		}
		i += skip
	}
	return out, end
}

// between is the length of what may stand between two numbers of an array: blanks,
// punctuation, casts, comments. 0 ends the array.
func between(b []byte) int {
	switch c := b[0]; c {
	case ' ', '\t', '\r', '\n', ',', '"', '\'', '\\', ':', '-', '&', '_', '+', '|', '*':
		return 1
	case '(':
		if bytes.HasPrefix(b, []byte("(byte)")) {
			return len("(byte)")
		}
	case '/':
		if bytes.HasPrefix(b, []byte("//")) {
			return max(2, bytes.IndexByte(b[:min(len(b), maxGap)], '\n'))
		}
		if bytes.HasPrefix(b, []byte("/*")) {
			return max(2, bytes.Index(b[:min(len(b), maxGap)], []byte("*/"))+2)
		}
	case 'u':
		if bytes.HasPrefix(b, []byte("u8")) {
			return 2
		}
	case 'b':
		if len(b) > 1 && (b[1] == '"' || b[1] == '\'') { // a literal of bytes goes on
			return 2
		}
	}
	return 0
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// plainHex reads two hex digits, with or without 0x before the whole.
func plainHex(data []byte, i int) (byte, int, bool) {
	if i+1 >= len(data) {
		return 0, 0, false
	}
	hi, ok1 := hexDigit(data[i])
	lo, ok2 := hexDigit(data[i+1])
	return hi<<4 | lo, 2, ok1 && ok2
}

// hexByte reads 0x3 or 0x30.
func hexByte(data []byte, i int) (byte, int, bool) {
	if i+2 >= len(data) || data[i] != '0' || data[i+1]|0x20 != 'x' {
		return 0, 0, false
	}
	if b, _, ok := plainHex(data, i+2); ok {
		return b, 4, true
	}
	b, ok := hexDigit(data[i+2])
	return b, 3, ok
}

// escapedByte reads \x30.
func escapedByte(data []byte, i int) (byte, int, bool) {
	if i+3 >= len(data) || data[i] != '\\' || data[i+1] != 'x' {
		return 0, 0, false
	}
	b, _, ok := plainHex(data, i+2)
	return b, 4, ok
}

// decimalByte reads 48 or -126 (a signed byte).
func decimalByte(data []byte, i int) (byte, int, bool) {
	v, n, neg := 0, 0, false
	if i < len(data) && data[i] == '-' {
		neg, n = true, 1
	}
	from := n
	for ; i+n < len(data) && n-from < 3 && data[i+n] >= '0' && data[i+n] <= '9'; n++ {
		v = v*10 + int(data[i+n]-'0')
	}
	if neg {
		v = -v
	}
	return byte(v), n, n > from && v >= -128 && v <= 255
}
