package inventory

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxValue is the largest single value that is held in memory, in bytes. Resource
// Graph answers at most 16 MB at a time, so no row of it is larger.
const maxValue = 16 << 20

var errValue = fmt.Errorf("a value is longer than %d MB", maxValue>>20)

// stream reads one JSON file token by token, and values whole. It knows in which
// line it stands, and refuses values beyond maxValue.
type stream struct {
	dec  *json.Decoder
	gate *gate
	line int   // 1-based, of the byte at begin
	head int64 // offset of the first byte of that line
}

func newStream(r io.Reader) *stream {
	g := &gate{r: plainUTF8(r)}
	return &stream{dec: json.NewDecoder(g), gate: g, line: 1}
}

// gate lets the decoder read ahead only so far, and notes where lines end.
type gate struct {
	r     io.Reader
	n     int64   // bytes read
	limit int64   // of n
	ends  []int64 // offsets of line ends that the stream has not passed
}

func (g *gate) Read(p []byte) (int, error) {
	if g.n >= g.limit {
		return 0, errValue
	}
	p = p[:min(int64(len(p)), g.limit-g.n)]
	n, err := g.r.Read(p)
	for at := 0; ; {
		i := bytes.IndexByte(p[at:n], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		g.ends = append(g.ends, g.n+int64(at))
	}
	g.n += int64(n)
	return n, err
}

// token reads a delimiter, a key or a scalar.
func (s *stream) token() (json.Token, error) {
	s.gate.limit = s.dec.InputOffset() + maxValue
	t, err := s.dec.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return t, err
}

// value reads a whole value. Its bytes are valid JSON and belong to the caller.
func (s *stream) value() (json.RawMessage, error) {
	s.gate.limit = s.dec.InputOffset() + maxValue
	var raw json.RawMessage
	err := s.dec.Decode(&raw)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return raw, err
}

// more reports whether the array or object goes on. At the end of a broken file it
// says so, and the next read gives the error.
func (s *stream) more() bool {
	s.gate.limit = s.dec.InputOffset() + maxValue
	return s.dec.More()
}

// end makes sure that nothing follows.
func (s *stream) end() error {
	s.gate.limit = s.dec.InputOffset() + maxValue
	if _, err := s.dec.Token(); errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		return err
	}
	return refuse("something follows after the answer; one file holds one answer")
}

// lineAt is the line of an offset. Offsets are asked for in rising order.
func (s *stream) lineAt(offset int64) int {
	passed := 0
	for _, end := range s.gate.ends {
		if end > offset {
			break
		}
		s.head = end
		passed++
	}
	s.line += passed
	s.gate.ends = s.gate.ends[passed:]
	return s.line
}

// begin is the line in which a value that was just read begins.
func (s *stream) begin(raw []byte) int { return s.lineAt(s.dec.InputOffset() - int64(len(raw))) }

// broken turns an error of the decoder into one with line and column.
func (s *stream) broken(err error) (int, error) {
	offset := s.dec.InputOffset()
	if se := (*json.SyntaxError)(nil); errors.As(err, &se) && se.Offset != offset {
		// A Decoder counts the offset of its error from a start of its own. Whatever is
		// wrong stands in what it has buffered, so look there again.
		if rest, rerr := io.ReadAll(s.dec.Buffered()); rerr == nil {
			var again *json.SyntaxError
			if errors.As(json.Unmarshal(rest, new(json.RawMessage)), &again) {
				offset += max(again.Offset-1, 0)
			}
		}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		if len(s.gate.ends) == 0 && s.line == 1 && offset == 0 {
			return 0, errors.New("the file is empty")
		}
		return s.lineAt(s.gate.n), errors.New("the file ends in the middle of the JSON")
	}
	line := s.lineAt(offset)
	if errors.Is(err, errValue) {
		return line, err
	}
	return line, fmt.Errorf("column %d: not JSON: %w", offset-s.head+1, err)
}
