package folder

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"cutover/shared/tracker"
)

func clock() time.Time { return time.Date(2023, 1, 5, 10, 0, 0, 0, time.UTC) }

func sample() tracker.Ticket {
	return tracker.Ticket{
		Title: "[due 15 Feb 2023] Trust the new root: now — 1 place", Body: "<!-- cutover:begin action=\"a1\" -->\ntext\n<!-- cutover:end -->",
		Labels: []string{"cutover"}, Assignees: []string{"ada", "bob"},
		Key: "azure:AB12-CD3/payments", Owner: "payments", Notice: "azure:AB12-CD3", Due: "2023-02-15",
	}
}

func TestFileAsWritten(t *testing.T) {
	f := New(t.TempDir(), clock)
	ref, err := f.Create(t.Context(), "contoso/payments-api", sample())
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Comment(t.Context(), ref, `cutover:comment "a1/comment/2"`, "Proved.\n"); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(f.path(1))
	if err != nil {
		t.Fatal(err)
	}
	const want = `---
number: 1
key: azure:AB12-CD3/payments
state: open
title: '[due 15 Feb 2023] Trust the new root: now — 1 place'
owner: payments
notice: azure:AB12-CD3
due: "2023-02-15"
project: contoso/payments-api
labels:
  - cutover
assignees:
  - ada
  - bob
---

<!-- cutover:begin action="a1" -->
text
<!-- cutover:end -->

## Comment by Cutover, 5 January 2023, 10:00 UTC <!-- cutover:comment "a1/comment/2" -->

Proved.
`
	if diff := cmp.Diff(want, string(raw)); diff != "" {
		t.Errorf("1.md (-want +got):\n%s", diff)
	}
}

// TestPeoplesEdits changes one field of a file that a person has made their own.
func TestPeoplesEdits(t *testing.T) {
	f := New(t.TempDir(), clock)
	const before = `---
# keep this remark
number: 3
state: closed   # I closed it
title: mine now
estimate: 2 days
due: 2023-02-15
labels: [team/x, cutover]
---
My words above.

<!-- cutover:begin action="a1" -->
text
<!-- cutover:end -->
My words below.

## Comment by Cutover, 5 January 2023, 10:00 UTC <!-- cutover:comment "a1/comment/2" -->

Proved.

My answer.
`
	if err := os.WriteFile(f.path(3), []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	changed, err := f.Edit(t.Context(), tracker.Ref{Number: "3"}, func(tk *tracker.Ticket) error {
		if tk.Due != "2023-02-15" || !tk.Closed {
			t.Errorf("read as %+v", tk)
		}
		tk.Due = ""
		return nil
	})
	if err != nil || !changed {
		t.Fatal(changed, err)
	}
	raw, err := os.ReadFile(f.path(3))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("due: 2023-02-15", "due: null", "closed   #", "closed #").Replace(before)
	if diff := cmp.Diff(want, string(raw)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBrokenFiles(t *testing.T) {
	const tail = "---\ncutover:begin action=\"a1\"\n"
	for name, c := range map[string]struct{ file, want string }{
		"no front matter":  {"hello cutover:begin action=\"a1\"\n", ":1: a ticket begins with"},
		"no end":           {"---\nnumber: 1\nstate: open\ncutover:begin action=\"a1\"\n", ":4: the front matter has no end"},
		"no YAML":          {"---\nnumber: 1\nstate: [open\ntitle: x\n" + tail, ":"},
		"state":            {"---\nnumber: 1\nstate: done\n" + tail, ":3: state is \"done\""},
		"number":           {"---\nnumber: one\nstate: open\n" + tail, ":2: number \"one\""},
		"other number":     {"---\nnumber: 7\nstate: open\n" + tail, ":1: number 7 stands in the file of ticket 1"},
		"twice":            {"---\nnumber: 1\nstate: open\nstate: closed\n" + tail, ":4: key state stands here a second time"},
		"title is a list":  {"---\nnumber: 1\nstate: open\ntitle: [a]\n" + tail, ":4: title is no single value"},
		"labels is a word": {"---\nnumber: 1\nstate: open\nlabels: cutover\n" + tail, ":4: labels is no list"},
		"state is missing": {"---\nnumber: 1\n" + tail, ":2: the front matter lacks state"},
		"a list":           {"---\n- 1\n" + tail, ":2: the front matter is no list of keys"},
		"not UTF-8":        {"---\nnumber: 1\nstate: open\n\xff\n" + tail, ":4: this is not UTF-8"},
		"empty":            {"", ":1: "},
	} {
		t.Run(name, func(t *testing.T) {
			f := New(t.TempDir(), clock)
			if err := os.WriteFile(f.path(1), []byte(c.file), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := f.Edit(t.Context(), tracker.Ref{Number: "1"}, func(tk *tracker.Ticket) error { tk.Title = "x"; return nil })
			if err == nil || !strings.HasPrefix(err.Error(), f.path(1)+":") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Edit: %v, want …%s…", err, c.want)
			}
			if _, err := f.Find(t.Context(), "", `cutover:begin action="a1"`); (err == nil) != (c.file == "") {
				t.Errorf("Find in a folder with a broken file that may be the one: %v", err)
			}
			if found, err := f.Find(t.Context(), "", `cutover:begin action="a2"`); err != nil || found != nil {
				t.Errorf("Find in a folder with a broken file that cannot be the one: %v, %v", found, err)
			}
			if ref, err := f.Create(t.Context(), "p", sample()); err != nil || ref.Number != "2" {
				t.Errorf("Create beside a broken file: %+v, %v", ref, err)
			}
			if raw, err := os.ReadFile(f.path(1)); err != nil || string(raw) != c.file {
				t.Errorf("the broken file was touched: %q, %v", raw, err)
			}
		})
	}
}

// TestTurns lets several processes (one Folder each) file and comment at once.
func TestTurns(t *testing.T) {
	dir := t.TempDir()
	shared, err := New(dir, clock).Create(t.Context(), "p", sample())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			f := New(dir, clock)
			for i := range 5 {
				if _, err := f.Create(t.Context(), "p", sample()); err != nil {
					t.Error(err)
				}
				if err := f.Comment(t.Context(), shared, "cutover:comment \""+strconv.Itoa(w)+"-"+strconv.Itoa(i)+"\"", "x"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	numbers, err := New(dir, clock).numbers()
	if err != nil || len(numbers) != 21 || numbers[20] != 21 {
		t.Errorf("tickets %v, %v", numbers, err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "1.md"))
	if err != nil || strings.Count(string(raw), "## Comment by Cutover") != 20 {
		t.Errorf("comments were lost: %d of 20, %v", strings.Count(string(raw), "## Comment by Cutover"), err)
	}
}

// TestCrash fails at every step of a write: the old file or the new one stands
// there afterwards, nothing in between, and the next write works.
func TestCrash(t *testing.T) {
	crash := errors.New("crash")
	for _, at := range []string{"write", "rename", "sync"} {
		t.Run(at, func(t *testing.T) {
			f := New(t.TempDir(), clock)
			ref, err := f.Create(t.Context(), "p", sample())
			if err != nil {
				t.Fatal(err)
			}
			old, err := os.ReadFile(f.path(1))
			if err != nil {
				t.Fatal(err)
			}
			f.step = func(step string) error {
				if step == at {
					return crash
				}
				return nil
			}
			_, err = f.Edit(t.Context(), ref, func(tk *tracker.Ticket) error { tk.Title = "new"; return nil })
			if !errors.Is(err, crash) || tracker.Undone(err) != (at != "sync") {
				t.Fatalf("Edit: %v, surely undone: %v", err, tracker.Undone(err))
			}
			if now, err := os.ReadFile(f.path(1)); err != nil || (string(now) == string(old)) != (at != "sync") {
				t.Errorf("after a crash at %s the file is %q, %v", at, now, err)
			}
			if _, err := f.Create(t.Context(), "p", sample()); !errors.Is(err, crash) {
				t.Fatal(err)
			}
			if _, err := os.Stat(f.path(2)); (err == nil) != (at == "sync") {
				t.Errorf("after a crash at %s of a new ticket: %v", at, err)
			}
			f.step = nil
			if _, err := f.Create(t.Context(), "p", sample()); err != nil {
				t.Error(err)
			}
			if left, _ := filepath.Glob(filepath.Join(f.Dir, tempPrefix+"*")); len(left) > 0 {
				t.Errorf("left over: %v", left)
			}
		})
	}
}

func TestFindMakesNoFolder(t *testing.T) {
	f := New(filepath.Join(t.TempDir(), "none"), clock)
	if found, err := f.Find(t.Context(), "p", "m"); found != nil || err != nil {
		t.Error(found, err)
	}
	if _, err := f.Edit(t.Context(), tracker.Ref{Number: "1"}, func(*tracker.Ticket) error { return nil }); !errors.Is(err, tracker.ErrGone) {
		t.Error(err)
	}
	if _, err := os.Stat(f.Dir); err == nil {
		t.Error("reading made the folder")
	}
}

// FuzzParse takes a file apart and puts it together again: byte for byte the same,
// whatever stands in it.
func FuzzParse(f *testing.F) {
	raw, err := render(func() tracker.Ticket { s := sample(); s.Number = "1"; return s }())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte("---\r\nnumber: 1\r\nstate: open\r\n---\r\nx\r\n"))
	f.Add([]byte("\uFEFF---\nnumber: 1\nstate: open\nx: &a [*a]\n---"))
	f.Add([]byte("---\nnumber: 1\nstate: open\n---\n## Comment by Cutover, x <!-- cutover:comment \"k\" -->\ny"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		doc, err := parse("1.md", raw)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "1.md:") {
				t.Errorf("an error without its line: %v", err)
			}
			return
		}
		if back, err := doc.bytes(); err != nil || string(back) != string(raw) {
			t.Errorf("came back as %q, %v", back, err)
		}
		if err := doc.put("title", &yamlText); err != nil {
			t.Errorf("setting a field: %v", err)
		}
		if changed, err := doc.bytes(); err != nil {
			t.Errorf("writing: %v", err)
		} else if _, err := parse("1.md", changed); err != nil {
			t.Errorf("what is written cannot be read: %v\n%q", err, changed)
		}
	})
}

var yamlText = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "2023-01-01: x"}
