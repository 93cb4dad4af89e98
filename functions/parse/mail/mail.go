// Package mail reads one e-mail: the capped pre-scan, the MIME tree, transfer
// encodings and character sets, forwarded mails inside, and of alternatives the
// one with the most structure. It knows nothing about notices.
package mail

import (
	"bytes"
	"fmt"
	"mime"
	netmail "net/mail"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/jhillyerd/enmime/v2"
)

// Mail is one mail, as far as reading its notice needs it.
type Mail struct {
	From    []string // addresses of all From headers, lower case
	Subject string
	Date    time.Time // UTC; zero when the header is missing or wrong
	Texts   []Text    // bodies, in order, those of forwarded mails too
	Inner   *Mail     // the first forwarded mail
	Reasons []string  // what could not be read
}

// Text is one readable body.
type Text struct {
	Name string // body, or the part's number and type: 2.text/html
	HTML bool
	Text string
}

// Sender is the address in From when there is exactly one.
func (m *Mail) Sender() string {
	if len(m.From) == 1 {
		return m.From[0]
	}
	return ""
}

// Looks reports whether bytes without a telling name begin like a mail.
func Looks(raw []byte) bool {
	head := raw[:min(len(raw), 4096)]
	known := 0
	for i, line := range bytes.Split(head, []byte("\n")) {
		l := strings.ToLower(string(bytes.TrimRight(line, "\r")))
		if i == 0 && strings.HasPrefix(l, "from ") {
			known++
			continue
		}
		if l == "" {
			break
		}
		if l[0] == ' ' || l[0] == '\t' {
			continue
		}
		name, _, ok := strings.Cut(l, ":")
		if !ok || strings.ContainsAny(name, " \t<") {
			return false
		}
		switch name {
		case "mime-version", "received", "message-id", "return-path", "dkim-signature", "content-type", "x-mailer", "delivered-to":
			known += 2
		case "from", "to", "subject", "date":
			known++
		}
	}
	return known >= 4
}

// Parse reads a mail. The error says why nothing could be read.
func Parse(raw []byte) (*Mail, error) {
	return parse(raw, "", 0)
}

func parse(raw []byte, prefix string, depth int) (*Mail, error) {
	raw = dropMbox(raw)
	if err := Check(raw); err != nil {
		return nil, err
	}
	parser := enmime.NewParser(enmime.RawContent(true), enmime.SkipMalformedParts(true), enmime.DisableTextConversion(true),
		enmime.MultipartWOBoundaryAsSinglePart(true), enmime.MaxStoredPartErrors(20))
	root, err := parser.ReadParts(bytes.NewReader(raw))
	if err != nil {
		// The library quotes the line that it stumbled over, which may be of any length.
		return nil, fmt.Errorf("reading MIME structure: %s", clip(strings.ToValidUTF8(err.Error(), "?"), 200))
	}
	m := &Mail{}
	m.headers(root)
	m.collect(root, prefix, depth)
	return m, nil
}

// dropMbox takes off an mbox separator line, which some exports leave in.
func dropMbox(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(raw, []byte("From ")) || bytes.HasPrefix(raw, []byte(">From ")) {
		if i := bytes.IndexByte(raw, '\n'); i >= 0 {
			return raw[i+1:]
		}
	}
	return raw
}

func (m *Mail) headers(root *enmime.Part) {
	for _, v := range root.Header["From"] {
		m.From = append(m.From, addresses(v)...)
	}
	switch n := len(m.From); {
	case n == 0:
		m.Reasons = append(m.Reasons, "the mail has no readable From address")
	case n > 1 || len(root.Header["From"]) > 1:
		m.Reasons = append(m.Reasons, fmt.Sprintf("the mail has %d From addresses; none of them is taken as the sender", n))
		if n == 1 {
			m.From = append(m.From, m.From[0])
		}
	}
	m.Subject = strings.Join(strings.Fields(decodeHeader(root.Header.Get("Subject"))), " ")
	if t, err := netmail.ParseDate(strings.TrimSpace(root.Header.Get("Date"))); err == nil {
		m.Date = t.UTC()
	}
}

// lowerAddress folds A to Z only. Unicode's folding makes a k of the Kelvin sign,
// and so a trusted address of one that only looks like it.
func lowerAddress(s string) string { return string(lowerASCII([]byte(s))) }

func addresses(v string) []string {
	var out []string
	p := netmail.AddressParser{WordDecoder: wordDecoder()}
	if list, err := p.ParseList(v); err == nil {
		for _, a := range list {
			out = append(out, lowerAddress(a.Address))
		}
		return out
	}
	// A display name that breaks the grammar: take what stands in brackets.
	if i, j := strings.LastIndexByte(v, '<'), strings.LastIndexByte(v, '>'); i >= 0 && j > i && strings.Count(v, "<") == 1 {
		return []string{lowerAddress(strings.TrimSpace(v[i+1 : j]))}
	}
	return nil
}

// collect gathers the bodies below a part.
func (m *Mail) collect(p *enmime.Part, prefix string, depth int) {
	kind := strings.ToLower(p.ContentType)
	if p.FirstChild != nil {
		children := siblings(p.FirstChild)
		if kind == "multipart/alternative" {
			children = []*enmime.Part{best(children)}
		}
		for _, c := range children {
			m.collect(c, prefix, depth)
		}
		return
	}
	name := prefix + partName(p)
	switch {
	case kind == "message/rfc822" || strings.EqualFold(path.Ext(p.FileName), ".eml"):
		m.forwarded(p, name, depth)
	case kind == "text/html" || (kind == "" && looksHTML(p.Content)):
		m.add(p, name, true)
	case kind == "text/plain" || kind == "" || kind == "text/markdown":
		if strings.EqualFold(p.Disposition, "attachment") && len(m.Texts) > 0 {
			return
		}
		m.add(p, name, false)
	}
}

func siblings(p *enmime.Part) []*enmime.Part {
	var out []*enmime.Part
	for ; p != nil; p = p.NextSibling {
		out = append(out, p)
	}
	return out
}

// best picks of alternatives the one that keeps the most structure: both say the
// same, and reading both would find every fact twice.
func best(alternatives []*enmime.Part) *enmime.Part {
	pick := alternatives[len(alternatives)-1]
	rank := -1
	for _, a := range alternatives {
		r := 0
		switch kind := strings.ToLower(a.ContentType); {
		case kind == "text/html" && len(bytes.TrimSpace(a.Content)) > 0:
			r = 3
		case strings.HasPrefix(kind, "multipart/"):
			r = 2
		case kind == "text/plain":
			r = 1
		}
		if r > rank {
			pick, rank = a, r
		}
	}
	return pick
}

func partName(p *enmime.Part) string {
	if p.PartID == "" || p.PartID == "0" {
		return "body"
	}
	kind := strings.ToLower(p.ContentType)
	if kind == "" {
		kind = "text/plain"
	}
	return p.PartID + "." + kind
}

func (m *Mail) forwarded(p *enmime.Part, name string, depth int) {
	if depth+1 > MaxDepth {
		m.Reasons = append(m.Reasons, "forwarded mails nest deeper than "+strconv.Itoa(MaxDepth))
		return
	}
	inner, err := parse(transfer(p.Content, p.Header.Get("Content-Transfer-Encoding")), name+"/", depth+1)
	if err != nil {
		m.Reasons = append(m.Reasons, "the forwarded mail in part "+name+" could not be read: "+err.Error())
		return
	}
	m.Texts = append(m.Texts, inner.Texts...)
	m.Reasons = append(m.Reasons, inner.Reasons...)
	if m.Inner == nil {
		m.Inner = inner
	}
}

func (m *Mail) add(p *enmime.Part, name string, isHTML bool) {
	content := transfer(p.Content, p.Header.Get("Content-Transfer-Encoding"))
	text, ok := decodeCharset(content, p.Charset, isHTML)
	if !ok {
		m.Reasons = append(m.Reasons, fmt.Sprintf("part %s names the unknown charset %q", name, clip(p.Charset, 40)))
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	m.Texts = append(m.Texts, Text{Name: name, HTML: isHTML || (looksHTML([]byte(text)) && !isHTML), Text: text})
}

func looksHTML(b []byte) bool {
	head := strings.ToLower(string(bytes.TrimSpace(b[:min(len(b), 512)])))
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html")
}

func clip(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "") + "…"
	}
	return s
}

func decodeHeader(v string) string {
	if out, err := wordDecoder().DecodeHeader(v); err == nil {
		return fixHeader(out)
	}
	return fixHeader(v)
}

// fixHeader keeps raw 8-bit headers readable: they are UTF-8 or nothing we know.
func fixHeader(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func wordDecoder() *mime.WordDecoder { return &mime.WordDecoder{CharsetReader: charsetReader} }
