package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"cutover/functions/parse"
	"cutover/shared/catalog"
	"cutover/shared/cutover"
	"cutover/shared/prose"
)

// parseCmd is `cutover parse`.
type parseCmd struct {
	Text  bool     `help:"Print the derived text that evidence counts in, part by part."`
	Files []string `arg:"" name:"file" help:"Mails (.eml), saved pages and texts (.html, .txt), alert and event JSON; - for standard input."`
	format
}

// Help is what --help adds.
func (parseCmd) Help() string {
	return `Example:

    cutover parse notice.eml

Exit code: 0 read, 4 partial (a person is needed), 3 no notice, 1 failed; of several the gravest of 1, 4, 3, 0.`
}

// maxInput is the largest input that is read, in bytes; the reader has caps of its
// own below it.
const maxInput = 64 << 20

// Run runs it.
func (c *parseCmd) Run(e *env) error {
	cat, err := catalog.Load()
	if err != nil {
		return exit{exitFailed, err}
	}
	reader := parse.NewReader(cat.Services(), cat.CAs())
	notices := []cutover.Notice{} // an array in JSON, also when empty
	texts := []derived{}
	p := newPage(e.out)
	code := exitDone
	for i, name := range c.Files {
		raw, err := readInput(e.in, name)
		if err != nil {
			return usage(err)
		}
		d := cutover.Delivery{Name: name, Received: e.now().UTC(), Size: len(raw), Raw: raw, Auth: cutover.Authentication{Method: cutover.AuthNone}}
		for j, r := range reader.ReadAll(d) {
			code = graver(code, r.Notice.Verdict)
			switch {
			case c.Text && !c.json():
				printText(e.out, newPage(e.out).terminal, name, r)
			case c.json():
				notices = append(notices, r.Notice)
				texts = append(texts, derived{name, r.Parts})
			default:
				if i+j > 0 {
					p.line("")
				}
				p.printNotice(name, r.Notice, e.now())
			}
		}
	}
	if c.json() {
		var v any = notices
		switch {
		case c.Text:
			v = texts
		case len(c.Files) == 1 && len(notices) == 1:
			v = notices[0]
		}
		if err := printJSON(e.out, v); err != nil {
			return err
		}
	}
	if code != exitDone {
		return exit{code, errSaid}
	}
	return nil
}

// derived is what --text prints with --format json.
type derived struct {
	File  string         `json:"file"`
	Parts []cutover.Part `json:"parts"`
}

func readInput(stdin io.Reader, name string) ([]byte, error) {
	var in io.Reader = stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("reading a notice: %w", err)
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	if err == nil && len(raw) > maxInput {
		err = errors.New("it is larger than 64 MB, which no notice is")
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return raw, nil
}

// graver keeps the gravest exit code: 1, 4, 3, 0.
func graver(code int, v cutover.Verdict) int {
	rank := map[int]int{exitDone: 0, exitNone: 1, exitPart: 2, exitFailed: 3}
	next := map[cutover.Verdict]int{
		cutover.VerdictRead: exitDone, cutover.VerdictIrrelevant: exitNone,
		cutover.VerdictPartial: exitPart, cutover.VerdictFailed: exitFailed,
	}[v]
	if rank[next] > rank[code] {
		return next
	}
	return code
}

// printText prints the text as it is, for programs; on a terminal it must not act.
func printText(w io.Writer, terminal bool, name string, r cutover.Reading) {
	for _, part := range r.Parts {
		if terminal {
			part.Text = prose.Clean(part.Text)
		}
		fmt.Fprintf(w, "== %s, part %s, %d bytes, deriver %d\n%s\n", name, part.Name, len(part.Text), part.Deriver, strings.TrimRight(part.Text, "\n"))
	}
}
