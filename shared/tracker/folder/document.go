package folder

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"cutover/shared/tracker"
)

// document is one ticket's file, taken apart so that it can be put together again
// byte for byte: head + body + comments.
type document struct {
	head     []byte     // front matter with its two lines of dashes
	front    *yaml.Node // the same as a tree; nil until a field changes
	body     string
	comments string
	ticket   tracker.Ticket // as parsed
}

// commentHead is the line with which a comment of ours begins; what follows the
// first one belongs to the comments.
var commentHead = regexp.MustCompile(`(?m)^## Comment by Cutover, .*<!-- cutover:comment .*-->`)

// The states of a ticket in its front matter.
const (
	open   = "open"
	closed = "closed"
)

// front is the front matter in the order in which it is written.
type front struct {
	Number    int      `yaml:"number"`
	Key       string   `yaml:"key"`
	State     string   `yaml:"state"`
	Title     string   `yaml:"title"`
	Owner     string   `yaml:"owner"`
	Notice    string   `yaml:"notice"`
	Due       *string  `yaml:"due"` // null: none
	Project   string   `yaml:"project"`
	Labels    []string `yaml:"labels"`
	Assignees []string `yaml:"assignees"`
}

// render is a new ticket's file.
func render(t tracker.Ticket) ([]byte, error) {
	n, err := strconv.Atoi(t.Number)
	if err != nil {
		return nil, fmt.Errorf("ticket number %q: %w", t.Number, err)
	}
	f := front{
		Number: n, Key: t.Key, State: state(t), Title: t.Title, Owner: t.Owner, Notice: t.Notice, Project: t.Project,
		Labels: append([]string{}, t.Labels...), Assignees: append([]string{}, t.Assignees...),
	}
	if t.Due != "" {
		f.Due = &t.Due
	}
	var node yaml.Node
	if err := node.Encode(f); err != nil {
		return nil, err
	}
	head, err := encode(&node)
	if err != nil {
		return nil, err
	}
	return append(head, "\n"+strings.TrimRight(t.Body, "\n")+"\n"...), nil
}

func state(t tracker.Ticket) string {
	if t.Closed {
		return closed
	}
	return open
}

func encode(node *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("---\n")
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(node); err != nil {
		return nil, err
	}
	if err := enc.Close(); err != nil {
		return nil, err
	}
	b.WriteString("---\n")
	return b.Bytes(), nil
}

// apply takes over what changed of the ticket. Assignees are people's business.
func (d *document) apply(t tracker.Ticket) error {
	if t.Body != d.ticket.Body {
		d.body = t.Body
		if d.comments != "" && !strings.HasSuffix(d.body, "\n") {
			d.body += "\n"
		}
	}
	was := d.ticket
	for _, f := range []struct{ key, old, new string }{
		{"key", was.Key, t.Key}, {"state", state(was), state(t)}, {"title", was.Title, t.Title},
		{"owner", was.Owner, t.Owner}, {"notice", was.Notice, t.Notice}, {"due", was.Due, t.Due},
	} {
		if f.old == f.new {
			continue
		}
		v := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: f.new}
		if f.new == "" {
			v = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
		}
		if err := d.put(f.key, v); err != nil {
			return err
		}
	}
	if !slices.Equal(was.Labels, t.Labels) {
		v := &yaml.Node{}
		if err := v.Encode(append([]string{}, t.Labels...)); err != nil {
			return err
		}
		return d.put("labels", v)
	}
	return nil
}

// put sets one key of the front matter and keeps the remarks around it.
func (d *document) put(key string, v *yaml.Node) error {
	if d.front == nil {
		var doc yaml.Node
		if err := yaml.Unmarshal(inner(d.head), &doc); err != nil {
			return err
		}
		d.front = doc.Content[0]
	}
	for i := 0; i+1 < len(d.front.Content); i += 2 {
		if d.front.Content[i].Value == key {
			old := d.front.Content[i+1]
			v.HeadComment, v.LineComment, v.FootComment = old.HeadComment, old.LineComment, old.FootComment
			d.front.Content[i+1] = v
			return nil
		}
	}
	d.front.Content = append(d.front.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, v)
	return nil
}

func (d *document) comment(at time.Time, marker, text string) {
	before := &d.comments
	if *before == "" {
		before = &d.body
	}
	for !strings.HasSuffix(*before, "\n\n") {
		*before += "\n"
	}
	d.comments += fmt.Sprintf("## Comment by Cutover, %s UTC <!-- %s -->\n\n%s\n", at.Format("2 January 2006, 15:04"), marker, strings.TrimSpace(text))
}

func (d *document) bytes() ([]byte, error) {
	head := d.head
	if d.front != nil {
		var err error
		if head, err = encode(d.front); err != nil {
			return nil, fmt.Errorf("writing the front matter of ticket %s: %w", d.ticket.Number, err)
		}
	}
	return slices.Concat(head, []byte(d.body), []byte(d.comments)), nil
}
