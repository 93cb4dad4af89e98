package detect

import (
	"bytes"
	"path"
	"strings"

	"cutover/shared/cutover"
)

// Words by which lists say that they refuse. The first name such lists and nothing
// else; the others also stand in conditions ("if revoked"), so they count only where
// a key or declaration is named.
var (
	refusalNames = [][]byte{
		[]byte("untrusted"), []byte("distrust"), []byte("blacklist"), []byte("blocklist"), []byte("denylist"), []byte("disallow"), []byte("black_list"),
		[]byte("block_list"), []byte("deny_list"), []byte("do_not_trust"), []byte("donottrust"), []byte("not_trusted"),
	}
	refusalWords = [][]byte{
		[]byte("revoked"), []byte("forbidden"), []byte("blocked"), []byte("denied"), []byte("refuse"), []byte("rejected"), []byte("banned"),
	}
)

func containsAny(b []byte, words [][]byte) bool {
	low := bytes.ToLower(b)
	for _, w := range words {
		if bytes.Contains(low, w) {
			return true
		}
	}
	return false
}

func refuses(b []byte) bool { return containsAny(b, refusalNames) || containsAny(b, refusalWords) }

// lookBack bounds the search for what a place belongs to.
const lookBack = 64 << 10

// refused looks at the names of what encloses the spot: its own line up to the
// spot, the declaration of the list or block around it, the keys above it in YAML.
func (f *file) refused(h *Hit) bool {
	line, start := f.lines.at(f.data, h.Line)
	lead := tail(line[:max(0, min(h.Offset-start, len(line)))])
	if containsAny(lead, refusalNames) || f.role == cutover.FileConfig && refuses(lead) {
		return true
	}
	for _, at := range f.enclosing(h.Offset) {
		n := f.lines.line(f.data, at)
		text, from := f.lines.at(f.data, n)
		head := tail(text[:at-from])
		if len(bytes.TrimSpace(head)) == 0 { // a brace on a line of its own
			head, _ = f.lines.at(f.data, n-1)
			head = tail(head)
		}
		if isStatement(head) {
			break // a function or condition names a deed, not a list
		}
		if refuses(head) {
			return true
		}
	}
	return f.keysAbove(h.Line)
}

// tail is the end of a line, as much as is looked at: lines of minified files have
// millions of bytes.
func tail(b []byte) []byte { return b[max(0, len(b)-512):] }

// isStatement reports whether what stands before a bracket is a function, a class
// or a condition.
func isStatement(head []byte) bool {
	s := bytes.TrimSpace(head)
	if bytes.HasSuffix(s, []byte(")")) && !bytes.Contains(s, []byte("new ")) && !bytes.Contains(s, []byte("= new(")) { // C#: = new() { … }
		return true
	}
	for _, w := range []string{"func ", "fn ", "function ", "class ", "namespace ", "module ", "if ", "if(", "while ", "while(", "switch ", "switch("} {
		if bytes.Contains(s, []byte(w)) {
			return true
		}
	}
	return false
}

// enclosing gives the offsets of the brackets that are open at off, innermost
// first, at most three.
func (f *file) enclosing(off int) []int {
	var open []int
	depth := 0
	for i := off - 1; i >= 0 && off-i < lookBack && len(open) < 3; i-- {
		switch f.data[i] {
		case '}', ']', ')':
			depth++
		case '{', '[', '(':
			if depth == 0 {
				open = append(open, i)
			} else {
				depth--
			}
		}
	}
	return open
}

// keysAbove looks at the lines above that are indented less, as YAML and INI nest.
func (f *file) keysAbove(n int) bool {
	if ext := path.Ext(strings.ToLower(f.path)); ext != ".yaml" && ext != ".yml" && ext != ".ini" && ext != ".toml" && ext != ".conf" {
		return false
	}
	line, _ := f.lines.at(f.data, n)
	depth := indent(line)
	for i := n - 1; i > 0 && n-i < 400; i-- {
		up, _ := f.lines.at(f.data, i)
		key := bytes.TrimSpace(up)
		if len(key) == 0 || key[0] == '#' {
			continue
		}
		isKey := bytes.HasSuffix(key, []byte(":")) || bytes.HasSuffix(key, []byte("|")) || key[0] == '['
		if d := indent(up); isKey && (d < depth || d == depth && key[0] != '-') {
			if refuses(key) {
				return true
			}
			depth = d
			if depth == 0 {
				return false
			}
		}
	}
	return false
}

func indent(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t")) }
