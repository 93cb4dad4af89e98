package inventory

import (
	"bufio"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// plainUTF8 reads text as UTF-8 without a byte order mark. Windows shells write
// UTF-16, or a mark, when the output of a command is redirected into a file.
func plainUTF8(r io.Reader) io.Reader {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(3)
	if err != nil && len(head) < 2 {
		return b
	}
	switch {
	case head[0] == 0xFF && head[1] == 0xFE:
		return &wide{r: b, high: 1}
	case head[0] == 0xFE && head[1] == 0xFF:
		return &wide{r: b, high: 0}
	case string(head) == "\uFEFF":
		if _, err := b.Discard(3); err != nil { // cannot be: the bytes were peeked
			return b
		}
	}
	return b
}

// wide turns UTF-16 into UTF-8.
type wide struct {
	r    *bufio.Reader
	high int // which byte of a pair is the high one
	out  []byte
	mark bool // the byte order mark has been passed
}

func (w *wide) Read(p []byte) (int, error) {
	var err error
	for err == nil && len(w.out) < len(p) {
		err = w.decode()
	}
	n := copy(p, w.out)
	w.out = w.out[n:]
	if n > 0 {
		return n, nil
	}
	return 0, err
}

// decode appends one character.
func (w *wide) decode() error {
	c, err := w.unit()
	if err != nil {
		return err
	}
	if utf16.IsSurrogate(c) {
		low, err := w.unit()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		c = utf16.DecodeRune(c, low) // U+FFFD for half a pair
	}
	if !w.mark {
		w.mark = true
		return nil
	}
	w.out = utf8.AppendRune(w.out, c)
	return nil
}

func (w *wide) unit() (rune, error) {
	var b [2]byte
	if _, err := io.ReadFull(w.r, b[:]); errors.Is(err, io.ErrUnexpectedEOF) {
		return utf8.RuneError, nil // an odd byte at the end
	} else if err != nil {
		return 0, err
	}
	return rune(b[w.high])<<8 | rune(b[1-w.high]), nil
}
