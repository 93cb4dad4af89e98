package mail

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime/quotedprintable"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
)

// transfer undoes the content transfer encoding, keeping what can be read.
func transfer(b []byte, enc string) []byte {
	switch strings.ToLower(strings.TrimSpace(enc)) {
	case "quoted-printable":
		out, _ := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(tidyQP(b))))
		return out
	case "base64":
		clean := make([]byte, 0, len(b))
		for _, c := range b {
			if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' {
				clean = append(clean, c)
			}
		}
		out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
		n, _ := base64.RawStdEncoding.Decode(out, clean)
		return out[:n]
	}
	return b
}

// tidyQP escapes an "=" that does not begin a valid sequence: the decoder of the
// standard library would stop there and lose the rest.
func tidyQP(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		out = append(out, b[i])
		if b[i] != '=' {
			continue
		}
		rest := bytes.TrimLeft(b[i+1:min(len(b), i+80)], " \t")
		soft := len(rest) == 0 || rest[0] == '\n' || rest[0] == '\r'
		if !soft && !(i+2 < len(b) && hexDigit(b[i+1]) && hexDigit(b[i+2])) {
			out = append(out, '3', 'D')
		}
	}
	return out
}

func hexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

var metaCharset = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{2,40})`)

// decodeCharset converts to UTF-8. Mail that is labelled us-ascii or not at all
// is often UTF-8: valid UTF-8 wins over such a label, and over windows-1252,
// whose readers would make mojibake of it.
func decodeCharset(b []byte, label string, isHTML bool) (string, bool) {
	label = strings.ToLower(strings.Trim(strings.TrimSpace(label), `"'`))
	label = strings.TrimPrefix(label, "charset=")
	weak := label == "" || label == "us-ascii" || label == "ascii" || label == "ansi_x3.4-1968" || label == "iso-8859-1" || label == "windows-1252" ||
		label == "utf-8" || label == "utf8" || label == "unknown-8bit" || label == "8bit" || label == "default"
	if weak && utf8.Valid(b) && !bytes.Contains(b, []byte("\x1b$")) {
		return string(b), true
	}
	if isHTML && label == "" {
		if m := metaCharset.FindSubmatch(b[:min(len(b), 2048)]); m != nil {
			label = strings.ToLower(string(m[1]))
		}
	}
	if bytes.Contains(b, []byte("\x1b$")) && (weak || label == "") {
		label = "iso-2022-jp"
	}
	if label == "" || label == "us-ascii" || label == "ascii" || label == "unknown-8bit" || label == "8bit" {
		label = "windows-1252"
	}
	e := lookup(label)
	if e == nil {
		return strings.ToValidUTF8(string(b), "\uFFFD"), utf8.Valid(b)
	}
	out, err := e.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD"), false
	}
	return string(out), true
}

func lookup(label string) encoding.Encoding {
	switch label {
	case "cp932", "ms932", "windows-31j", "x-sjis", "shift-jis":
		return japanese.ShiftJIS
	case "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3", "iso-2022-jp-ms", "cp50220", "cp50221":
		return japanese.ISO2022JP
	case "eucjp", "euc_jp", "ujis", "cp51932":
		return japanese.EUCJP
	}
	e, err := htmlindex.Get(label)
	if err != nil {
		return nil
	}
	return e
}

// Decode converts a saved file without a label to UTF-8: by its byte order mark,
// as UTF-8 when it is valid, by what its HTML head says, else as windows-1252.
func Decode(b []byte, isHTML bool) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return decodeAs(b, "utf-16le")
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return decodeAs(b, "utf-16be")
	}
	s, _ := decodeCharset(b, "", isHTML)
	return s
}

func decodeAs(b []byte, label string) string {
	s, _ := decodeCharset(b, label, false)
	return s
}

func charsetReader(label string, r io.Reader) (io.Reader, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxHeader))
	if err != nil {
		return nil, err
	}
	s, ok := decodeCharset(b, label, false)
	if !ok {
		return nil, fmt.Errorf("decoding header: unknown charset %q", clip(label, 40))
	}
	return strings.NewReader(s), nil
}
