package detect

import (
	"bytes"
)

// inComment reports whether off stands in a comment, as far as the line and the
// block around it tell.
func (f *file) inComment(line []byte, start, off int) bool {
	lead := tail(line[:max(0, min(off-start, len(line)))])
	for _, mark := range f.syntax.line {
		if commentMark(lead, mark) {
			return true
		}
	}
	before := f.data[max(0, off-8<<10):off]
	if f.syntax.block {
		open := bytes.LastIndex(before, []byte("/*"))
		if open >= 0 && bytes.LastIndex(before, []byte("*/")) < open && !quoted(tail(lastLine(before[:open]))) {
			return true
		}
	}
	if f.syntax.xml || f.syntax.plain {
		open := bytes.LastIndex(before, []byte("<!--"))
		return open >= 0 && bytes.LastIndex(before, []byte("-->")) < open
	}
	return false
}

// commentMark reports whether the mark stands in lead outside of quotes, and not
// inside a word or URL.
func commentMark(lead []byte, mark string) bool {
	low := bytes.ToLower(lead)
	for i := 0; ; {
		n := bytes.Index(low[i:], []byte(mark))
		if n < 0 {
			return false
		}
		i += n
		free := i == 0 || low[i-1] == ' ' || low[i-1] == '\t' || mark == "//" && low[i-1] != ':' && low[i-1] != '/'
		if free && !quoted(lead[:i]) {
			return true
		}
		i += len(mark)
	}
}

func lastLine(b []byte) []byte { return b[bytes.LastIndexByte(b, '\n')+1:] }

// quoted reports whether the end of the line's beginning stands inside a literal.
func quoted(lead []byte) bool {
	var q byte
	for i := 0; i < len(lead); i++ {
		switch c := lead[i]; {
		case c == '\\':
			i++
		case q == 0 && (c == '"' || c == '`' || c == '\'' && (i == 0 || !alnum(lead[i-1]))):
			q = c
		case q == c && q != 0:
			q = 0
		}
	}
	return q != 0
}
