package mail

import (
	"bytes"
	"errors"
	"fmt"
)

// Caps on foreign mail, checked before any parser sees the bytes: the known MIME
// libraries take quadratic time on hostile input.
const (
	MaxSize    = 25 << 20 // raw bytes
	MaxDepth   = 20       // parts within parts, and mails within mails
	MaxParts   = 200
	MaxHeaders = 500      // of one part
	MaxHeader  = 64 << 10 // bytes of one header
	maxDashes  = 2000     // lines that look like a boundary to a lenient parser
)

// ErrCap is wrapped by every error of Check: the mail exceeds a limit.
var ErrCap = errors.New("mail exceeds a limit")

// scanner walks over the lines of a mail once, without keeping any of them.
type scanner struct {
	stack                    [][]byte // boundaries that are open
	header                   []byte   // the header that is being read, unfolded (capped)
	inHeader                 bool
	headers, parts, messages int
	dashes, declared         int
	nested                   bool // the part is message/rfc822
}

// Check scans a mail for anything beyond the caps.
func Check(raw []byte) error {
	if len(raw) > MaxSize {
		return fmt.Errorf("checking mail: %d bytes are more than %d: %w", len(raw), MaxSize, ErrCap)
	}
	s := &scanner{inHeader: true}
	for rest := raw; len(rest) > 0; {
		line := rest
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		if err := s.line(bytes.TrimSuffix(line, []byte("\r"))); err != nil {
			return fmt.Errorf("checking mail: %w", err)
		}
	}
	return nil
}

func (s *scanner) line(l []byte) error {
	if bytes.HasPrefix(l, []byte("--")) {
		s.dashes++
		if s.dashes > maxDashes {
			return fmt.Errorf("more than %d lines look like part boundaries: %w", maxDashes, ErrCap)
		}
		if s.boundary(l[2:]) {
			return s.part()
		}
	}
	if !s.inHeader {
		return nil
	}
	return s.headerLine(l)
}

// boundary reports whether the line opens a part, and closes what it closes.
func (s *scanner) boundary(name []byte) bool {
	name = bytes.TrimRight(name, " \t")
	for i := len(s.stack) - 1; i >= 0; i-- {
		b := s.stack[i]
		if !bytes.HasPrefix(name, b) {
			continue
		}
		if string(name[len(b):]) == "--" {
			s.stack, s.inHeader = s.stack[:i], false
			return false
		}
		if len(name) == len(b) {
			s.stack = s.stack[:i+1]
			return true
		}
	}
	return false
}

func (s *scanner) part() error {
	s.parts++
	s.inHeader, s.headers, s.header, s.nested = true, 0, nil, false
	if s.parts > MaxParts {
		return fmt.Errorf("more than %d parts: %w", MaxParts, ErrCap)
	}
	return nil
}

func (s *scanner) headerLine(l []byte) error {
	if len(bytes.TrimSpace(l)) == 0 {
		return s.endHeaders()
	}
	if l[0] == ' ' || l[0] == '\t' {
		s.header = append(s.header, l...)
	} else {
		if err := s.endHeader(); err != nil {
			return err
		}
		s.headers++
		s.header = append(s.header[:0], l...)
	}
	if len(s.header) > MaxHeader {
		return fmt.Errorf("a header of more than %d bytes: %w", MaxHeader, ErrCap)
	}
	if s.headers > MaxHeaders {
		return fmt.Errorf("more than %d headers: %w", MaxHeaders, ErrCap)
	}
	return nil
}

// endHeaders closes the header block; an embedded mail begins with another one.
func (s *scanner) endHeaders() error {
	if err := s.endHeader(); err != nil {
		return err
	}
	s.inHeader = s.nested
	if s.nested {
		s.messages++
		s.nested, s.headers = false, 0
		if s.messages > MaxDepth {
			return fmt.Errorf("more than %d mails within mails: %w", MaxDepth, ErrCap)
		}
	}
	return nil
}

// endHeader looks at one whole header.
func (s *scanner) endHeader() error {
	orig := s.header
	h := lowerASCII(orig)
	s.header = s.header[:0]
	if !bytes.HasPrefix(h, []byte("content-type")) {
		return nil
	}
	if bytes.Contains(h, []byte("message/rfc822")) {
		s.nested = true
	}
	i := bytes.Index(h, []byte("boundary"))
	if i < 0 {
		return nil
	}
	if s.declared++; s.declared > MaxParts {
		return fmt.Errorf("more than %d multipart declarations: %w", MaxParts, ErrCap)
	}
	if b := boundaryValue(orig[i:]); len(b) > 0 {
		s.stack = append(s.stack, b)
	}
	if len(s.stack) > MaxDepth {
		return fmt.Errorf("parts nest deeper than %d: %w", MaxDepth, ErrCap)
	}
	return nil
}

// lowerASCII keeps the length, so that offsets hold in both.
func lowerASCII(b []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 32
		}
	}
	return out
}

// boundaryValue reads the value of a boundary parameter.
func boundaryValue(p []byte) []byte {
	i := bytes.IndexByte(p, '=')
	if i < 0 {
		return nil
	}
	v := bytes.TrimLeft(p[i+1:], " \t")
	if len(v) > 0 && v[0] == '"' {
		if j := bytes.IndexByte(v[1:], '"'); j >= 0 {
			return bytes.Clone(v[1 : 1+j])
		}
		return bytes.Clone(v[1:])
	}
	if j := bytes.IndexAny(v, "; \t"); j >= 0 {
		v = v[:j]
	}
	return bytes.Clone(v)
}
