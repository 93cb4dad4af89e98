package detect

import (
	"bytes"
	"strconv"
)

// wrapping says how a literal or a comment wraps base64.
type wrapping struct {
	quotes bool   // text outside of quotes is program: concatenation, line ends
	prefix string // what each line begins with: // or * or #
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}

// maxGap is the longest run of other text between two characters of base64:
// indentation, concatenation, a short comment at the line's end.
const maxGap = 512

// collect gathers base64 characters from off on, undoing escapes, quotes and line
// prefixes, until it has need of them (0: all), meets a marker, an "=" or a gap. It
// reads at most limit bytes, and gives the offset behind the last character.
func collect(data []byte, off, limit int, w wrapping, need int) ([]byte, int) {
	c := collector{data: data, stop: min(len(data), off+limit), w: w, inside: true, end: off}
	for i := off; i < c.stop && (need == 0 || len(c.out) < need) && i-c.end <= maxGap; {
		n := c.step(i)
		if n == 0 {
			break
		}
		i += n
	}
	return c.out, c.end
}

type collector struct {
	data   []byte
	stop   int
	w      wrapping
	inside bool
	quote  byte
	out    []byte
	end    int
}

func (c *collector) emit(b byte, n int, i int) int {
	if isBase64(b) {
		c.out = append(c.out, b)
		c.end = i + n
	}
	return n
}

// step reads what stands at i and gives its length; 0 ends the collection.
func (c *collector) step(i int) int {
	b := c.data[i]
	switch {
	case c.w.quotes && (b == '"' || b == '\'' || b == '`'):
		return c.atQuote(i, b)
	case !c.inside:
		return 1
	case isBase64(b):
		return c.emit(b, 1, i)
	case b == '\n':
		return c.atNewline(i)
	case b == '\\':
		return c.atBackslash(i)
	case b == '%' || b == '&':
		return c.atEntity(i, b)
	case b == '<':
		return max(1, bytes.IndexByte(c.data[i:min(c.stop, i+32)], '>')+1)
	case b == '-' && bytes.HasPrefix(c.data[i:], []byte("-----")), b == '=':
		return 0
	}
	return 1
}

// atQuote leaves or enters the literal. PowerShell writes a line break as `n.
func (c *collector) atQuote(i int, b byte) int {
	if b == '`' && i+1 < c.stop && (c.data[i+1] == 'n' || c.data[i+1] == 'r') && c.inside {
		return 2
	}
	switch {
	case c.inside && (c.quote == 0 || c.quote == b):
		c.inside, c.quote = false, b
	case !c.inside:
		c.inside, c.quote = true, b
	}
	return 1
}

// atNewline skips the line's indentation and its comment prefix.
func (c *collector) atNewline(i int) int {
	n := 1
	for i+n < c.stop && (c.data[i+n] == ' ' || c.data[i+n] == '\t') {
		n++
	}
	if c.w.prefix != "" && bytes.HasPrefix(c.data[i+n:c.stop], []byte(c.w.prefix)) {
		n += len(c.w.prefix)
	}
	return n
}

// atBackslash undoes an escape, escaped any number of times: \n, \\n, \/, \x2b,
// \u002B, \012, and the backslash at a line's end.
func (c *collector) atBackslash(i int) int {
	n := 1
	for i+n < c.stop && c.data[i+n] == '\\' {
		n++
	}
	if i+n >= c.stop {
		return n
	}
	digits := 0
	switch b := c.data[i+n]; {
	case b == 'n' || b == 'r' || b == 't' || b == '"' || b == '\'':
		return n + 1
	case b == 'x':
		digits = 2
	case b == 'u':
		digits = 4
	case b >= '0' && b <= '7':
		for n < 4 && i+n < c.stop && c.data[i+n] >= '0' && c.data[i+n] <= '7' {
			n++
		}
		return n
	default:
		return n
	}
	if v, ok := number(c.data, i+n+1, digits, 16); ok {
		return c.emit(v, n+1+digits, i)
	}
	return n + 1
}

// atEntity undoes %2B and &#43; &#x2B;.
func (c *collector) atEntity(i int, b byte) int {
	if b == '%' {
		if v, ok := number(c.data, i+1, 2, 16); ok {
			return c.emit(v, 3, i)
		}
		return 1
	}
	end := bytes.IndexByte(c.data[i:min(c.stop, i+9)], ';')
	if end < 3 || c.data[i+1] != '#' {
		return 1
	}
	from, base := 2, 10
	if c.data[i+2] == 'x' || c.data[i+2] == 'X' {
		from, base = 3, 16
	}
	if v, ok := number(c.data, i+from, end-from, base); ok {
		return c.emit(v, end+1, i)
	}
	return end + 1
}

// number reads n digits at i as a byte; what does not fit a byte is no character
// of base64 and reads as 0.
func number(data []byte, i, n, base int) (byte, bool) {
	if n <= 0 || i < 0 || i+n > len(data) {
		return 0, false
	}
	v, err := strconv.ParseUint(string(data[i:i+n]), base, 32)
	if err != nil {
		return 0, false
	}
	if v > 0x7F {
		v = 0
	}
	return byte(v), true
}

// linePrefix is what stands between the beginning of the line and off, if that can
// be the prefix of a comment or quotation that each line repeats.
func linePrefix(data []byte, off int) string {
	start := bytes.LastIndexByte(data[max(0, off-64):off], '\n') + 1 + max(0, off-64)
	p := string(bytes.TrimSpace(data[start:off]))
	if len(p) > 6 {
		return ""
	}
	for _, c := range []byte(p) {
		if bytes.IndexByte([]byte("#*/;>|+-%.:!"), c) < 0 {
			return ""
		}
	}
	if p == "/*" || p == "/**" {
		return "*"
	}
	return p
}
