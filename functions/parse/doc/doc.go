// Package doc is the document model that the reading rules work on: the text
// derived from one part of a delivery, cut into blocks (headings, paragraphs,
// list items, table rows, fields), with the byte offset of everything in that
// text. Evidence counts in Doc.Text; rules search in a folded View of it (lower
// case, plain spaces and quotes, no markup, no URLs) that maps back to the text.
package doc

// Version numbers the rules that derive the text; evidence counts in the text of
// one version.
const Version = 1

// MaxText caps the derived text of one part, in bytes. A notice has some
// kilobytes; what lies beyond two megabytes is not prose.
const MaxText = 2 << 20

// Kind tells what a block is.
type Kind int

// Kinds of blocks.
const (
	Para Kind = iota
	Heading
	Item // of a list
	Row  // of a table
	Meta // a "Key: value" line of a front matter or a quoted mail header
	Code // program text, never searched
)

// Span is a range of bytes in Doc.Text.
type Span struct{ Start, End int }

// Len is the number of bytes in the span.
func (s Span) Len() int { return s.End - s.Start }

// Contains reports whether the byte at i is in the span.
func (s Span) Contains(i int) bool { return s.Start <= i && i < s.End }

// Block is one unit of the text. Lines are its pieces without bullets, quote
// marks and the like; sentences run across them. Cells are set for rows only.
type Block struct {
	Kind  Kind
	Level int // of a heading: 1 to 6, or SoftHeading
	Span
	Lines []Span
	Cells [][]Span // of a row: the lines of each cell
	Table int      // number of the table, from 1
	Key   string   // of a Meta block, lower case
}

// SoftHeading is the level of a short line without closing punctuation that
// stands alone: a heading that lost its mark, or just a short line.
const SoftHeading = 9

// Link is an anchor with the text that it covers.
type Link struct {
	Span
	URL string
}

// Doc is the text of one part and its structure.
type Doc struct {
	Part     string
	Text     string
	Title    string // of the HTML head; not part of Text
	Markdown bool   // Text holds markup that the view leaves out
	Blocks   []Block
	Links    []Link
	Struck   []Span // superseded words, struck out by the author
	Reasons  []string
}

// Quote is the text of a span.
func (d *Doc) Quote(s Span) string { return d.Text[s.Start:s.End] }

// Field is the value of the first Meta block with that key.
func (d *Doc) Field(key string) (Span, bool) {
	for _, b := range d.Blocks {
		if b.Kind == Meta && b.Key == key && len(b.Lines) > 0 {
			return b.Lines[0], true
		}
	}
	return Span{}, false
}
