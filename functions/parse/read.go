package parse

import (
	"bytes"
	"errors"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"cutover/functions/parse/alert"
	"cutover/functions/parse/doc"
	"cutover/functions/parse/extract"
	"cutover/functions/parse/mail"
	"cutover/shared/cutover"
)

// Reader reads deliveries. It prepares the service map and the CA catalogue once
// and remembers what the words of a notice said, so that many copies of one
// notice cost the rules once. It is safe for concurrent use.
type Reader struct {
	index *extract.Index
	memo  *memo
}

// NewReader prepares a reader.
func NewReader(services []cutover.Service, cas []cutover.CA) *Reader {
	return &Reader{index: extract.NewIndex(services, cas), memo: newMemo(256)}
}

// Read reads a delivery; of several events in one file the first.
func (r *Reader) Read(d cutover.Delivery) cutover.Reading { return r.ReadAll(d)[0] }

// forms in which a delivery can come
const (
	formMail = "mail"
	formJSON = "json"
	formHTML = "html"
	formText = "text"
)

// ReadAll reads everything that a delivery holds: one reading, or one for each
// event of a JSON list. It never fails; what cannot be read has the verdict failed.
func (r *Reader) ReadAll(d cutover.Delivery) []cutover.Reading {
	if len(bytes.TrimSpace(d.Raw)) == 0 {
		return []cutover.Reading{failed(d, "the delivery is empty")}
	}
	if len(d.Raw) > mail.MaxSize {
		return []cutover.Reading{failed(d, "the delivery is larger than 25 MB")}
	}
	var out []cutover.Reading
	switch form(d) {
	case formJSON:
		out = r.readJSON(d)
	case formMail:
		out = []cutover.Reading{r.readMail(d)}
	case formHTML:
		page := doc.FromHTML("body", mail.Decode(d.Raw, true))
		out = []cutover.Reading{r.readDocs(d, nil, []*doc.Doc{page}, nil)}
	default:
		if unreadable(d.Raw) {
			return []cutover.Reading{failed(d, "the bytes are neither a mail, HTML, JSON nor text")}
		}
		page := doc.FromText("body", mail.Decode(d.Raw, false))
		out = []cutover.Reading{r.readDocs(d, nil, []*doc.Doc{page}, nil)}
	}
	for i := range out {
		finish(&out[i].Notice)
	}
	return out
}

// form decides how to read the bytes: by the suffix of the name where the bytes
// agree, else by how they begin.
func form(d cutover.Delivery) string {
	head := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(d.Raw[:min(len(d.Raw), 1024)], []byte("\xef\xbb\xbf"))))
	html := bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html"))
	switch strings.ToLower(path.Ext(d.Name)) {
	case ".eml", ".mbox":
		return formMail
	case ".json":
		return formJSON
	case ".html", ".htm":
		return formHTML
	case ".txt", ".md", ".text", ".markdown":
		if html {
			return formHTML
		}
		return formText
	}
	switch {
	case d.Channel == cutover.ChannelWebhook && alert.Looks(d.Raw), d.Channel == cutover.ChannelPoll && alert.Looks(d.Raw):
		return formJSON
	case html:
		return formHTML
	case mail.Looks(d.Raw), d.Channel == cutover.ChannelMail && !alert.Looks(d.Raw):
		return formMail
	case alert.Looks(d.Raw):
		return formJSON
	}
	if bytes.Contains(head, []byte("<p>")) || bytes.Contains(head, []byte("<div")) || bytes.Contains(head, []byte("<table")) {
		return formHTML
	}
	return formText
}

// unreadable reports whether bytes are no text in any charset that we know.
func unreadable(raw []byte) bool {
	head := raw[:min(len(raw), 8192)]
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return false
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return true
	}
	control := 0
	for _, c := range head {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1b && c != '\f' {
			control++
		}
	}
	return control*20 > len(head) || (!utf8.Valid(raw) && control > 8)
}

func failed(d cutover.Delivery, reason string) cutover.Reading {
	n := cutover.Notice{Provider: "azure", EventType: cutover.EventUnknown, Topic: cutover.TopicOther, Language: "en", Verdict: cutover.VerdictFailed, Reasons: []string{reason}}
	finish(&n)
	return cutover.Reading{Delivery: d.ID, Stamp: d.Received.UTC(), Notice: n}
}

// readMail reads a mail and the mails that it forwards.
func (r *Reader) readMail(d cutover.Delivery) cutover.Reading {
	m, err := mail.Parse(d.Raw)
	if err != nil {
		return failed(d, "the mail cannot be read: "+err.Error())
	}
	inner := m
	for inner.Inner != nil && len(inner.Inner.Texts) > 0 {
		inner = inner.Inner
	}
	// Of a forwarded mail the notice is what was forwarded; what the sender wrote
	// above it is kept, and gives no facts.
	docs, above := documents(inner.Texts), []*doc.Doc(nil)
	if inner != m {
		above = documents(m.Texts[:len(m.Texts)-len(inner.Texts)])
	}
	var subject *doc.Doc
	for _, s := range []string{inner.Subject, m.Subject} {
		if s != "" && subject == nil {
			subject = subjectDoc(s)
		}
	}
	out := r.readDocs(d, subject, docs, m.Reasons)
	for _, x := range above {
		out.Parts = append(out.Parts, part(x))
	}
	out.Sender = m.Sender()
	out.Stamp = capped(d, inner.Date, m.Date)
	if out.Notice.Issued == "" && !inner.Date.IsZero() && !inner.Date.After(out.Stamp.AddDate(0, 0, 1)) {
		out.Notice.Issued = cutover.DateOf(inner.Date)
		raw := cutover.DateOf(inner.Date)
		out.Parts = append(out.Parts, cutover.Part{Name: "date", Text: string(raw), Deriver: doc.Version})
		out.Notice.Evidence["issued"] = cutover.Evidence{Part: "date", Quote: string(raw), Offset: 0, Length: len(raw)}
	}
	return out
}

func documents(texts []mail.Text) []*doc.Doc {
	var out []*doc.Doc
	for _, t := range texts {
		if t.HTML {
			out = append(out, doc.FromHTML(t.Name, t.Text))
		} else {
			out = append(out, doc.FromText(t.Name, t.Text))
		}
	}
	return out
}

// subjectDoc is the subject as a document of one line.
func subjectDoc(s string) *doc.Doc {
	t := strings.TrimSpace(strings.ReplaceAll(doc.CleanText(s), "\n", " "))
	line := doc.Span{Start: 0, End: len(t)}
	return &doc.Doc{Part: "subject", Text: t, Blocks: []doc.Block{{Kind: doc.Heading, Level: 1, Span: line, Lines: []doc.Span{line}}}}
}

// capped is the provider's time of a mail: its Date, never later than its
// arrival, which a forged header could claim.
func capped(d cutover.Delivery, dates ...time.Time) time.Time {
	for _, t := range dates {
		if t.IsZero() || t.Year() < 2000 {
			continue
		}
		if !d.Received.IsZero() && t.After(d.Received) {
			return d.Received.UTC()
		}
		return t.UTC()
	}
	return d.Received.UTC()
}

// readDocs reads prose.
func (r *Reader) readDocs(d cutover.Delivery, title *doc.Doc, docs []*doc.Doc, reasons []string) cutover.Reading {
	out := cutover.Reading{Delivery: d.ID, Stamp: d.Received.UTC()}
	if title != nil {
		out.Parts = append(out.Parts, part(title))
	}
	empty := true
	for _, x := range docs {
		out.Parts = append(out.Parts, part(x))
		empty = empty && len(x.Blocks) == 0
	}
	if empty {
		f := failed(d, "the delivery holds no readable text")
		f.Parts, f.Notice.Reasons = out.Parts, append(f.Notice.Reasons, reasons...)
		f.Notice.Evidence, f.Notice.Confidence = map[string]cutover.Evidence{}, map[string]cutover.Confidence{}
		return f
	}
	out.Notice = r.words(extract.Input{Title: title, Docs: docs})
	broken := len(out.Notice.Reasons) > 0 // of the documents: cut, or too deep
	out.Notice.Reasons = append(append([]string{}, reasons...), out.Notice.Reasons...)
	judge(&out.Notice, docs, broken)
	if out.Notice.Verdict != cutover.VerdictIrrelevant && out.Stamp.IsZero() && out.Notice.Issued != "" {
		out.Stamp = out.Notice.Issued.Begin(time.UTC)
	}
	return out
}

func part(d *doc.Doc) cutover.Part {
	return cutover.Part{Name: d.Part, Text: d.Text, Deriver: doc.Version}
}

// words reads the documents, or remembers what they said.
func (r *Reader) words(in extract.Input) cutover.Notice {
	key := digest(in)
	if n, ok := r.memo.get(key); ok {
		return n
	}
	n := r.index.Read(in)
	r.memo.put(key, n)
	return clone(n)
}

// readJSON reads the events of an alert or an answer.
func (r *Reader) readJSON(d cutover.Delivery) []cutover.Reading {
	events, err := alert.Parse(d.Raw)
	if errors.Is(err, alert.ErrNoEvent) {
		f := failed(d, "the JSON holds no service health event")
		f.Notice.Verdict = cutover.VerdictIrrelevant
		return []cutover.Reading{f}
	}
	if err != nil {
		return []cutover.Reading{failed(d, "the JSON cannot be read: "+err.Error())}
	}
	out := make([]cutover.Reading, 0, len(events))
	for i := range events {
		out = append(out, r.readEvent(d, &events[i]))
	}
	return out
}
