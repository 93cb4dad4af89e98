package detect

import (
	"bytes"
	"encoding/binary"
	"sort"
	"unicode/utf16"
	"unicode/utf8"
)

// toUTF8 decodes UTF-16 with a byte order mark (PowerShell and Visual Studio write
// such files) and leaves everything else as it is. Line breaks stay line breaks.
func toUTF8(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		order = binary.BigEndian
	default:
		return data
	}
	out := make([]byte, 0, len(data)/2)
	for i := 2; i+1 < len(data); i += 2 {
		r := rune(order.Uint16(data[i:]))
		if utf16.IsSurrogate(r) && i+3 < len(data) {
			r = utf16.DecodeRune(r, rune(order.Uint16(data[i+2:])))
			i += 2
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// lineIndex turns offsets into line numbers. It is built on first use: most files
// hold nothing.
type lineIndex struct {
	starts []int
}

func (l *lineIndex) line(data []byte, off int) int {
	if l.starts == nil {
		l.starts = append(l.starts, 0)
		for i := 0; ; {
			n := bytes.IndexByte(data[i:], '\n')
			if n < 0 {
				break
			}
			i += n + 1
			l.starts = append(l.starts, i)
		}
	}
	return sort.Search(len(l.starts), func(i int) bool { return l.starts[i] > off })
}

// at gives the n-th line (1-based) with its offset; nil where there is none.
func (l *lineIndex) at(data []byte, n int) ([]byte, int) {
	if n < 1 || n > len(l.starts) {
		return nil, 0
	}
	end := len(data)
	if n < len(l.starts) {
		end = l.starts[n] - 1
	}
	return data[l.starts[n-1]:end], l.starts[n-1]
}

// span gives the first and last line of a range of bytes; 0 in binary files.
func (f *file) span(off, end int) (int, int) {
	if f.binary {
		return 0, 0
	}
	return f.lines.line(f.data, off), f.lines.line(f.data, max(off, end-1))
}
