package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"cutover/fixtures"
	"cutover/shared/cutover"
	"cutover/shared/store"
)

// TestScenarios plays every scenario of the fixtures through the command line.
func TestScenarios(t *testing.T) {
	files, err := fs.Glob(fixtures.Scenarios(), "*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(name, ".txtar"), func(t *testing.T) {
			t.Parallel()
			data, err := fs.ReadFile(fixtures.Scenarios(), name)
			if err != nil {
				t.Fatal(err)
			}
			s, err := fixtures.ParseScenario(data)
			if err != nil {
				t.Fatal(err)
			}
			st := &stage{t: t, dir: t.TempDir()}
			if err := fixtures.UnpackArchive(st.dir, s.Files, time.Now()); err != nil {
				t.Fatal(err)
			}
			st.play(s.Steps)
		})
	}
}

// TestCompany plays the demo's company: what it comes to was counted by hand.
func TestCompany(t *testing.T) {
	steps, err := fixtures.Story()
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{t: t, dir: t.TempDir()}
	at, err := time.Parse(time.RFC3339, fixtures.Clock)
	if err != nil {
		t.Fatal(err)
	}
	if err := fixtures.Unpack(st.dir, at); err != nil {
		t.Fatal(err)
	}
	st.play(steps)
}

// stage is a folder in which a script is played.
type stage struct {
	t    *testing.T
	dir  string
	now  time.Time
	last runJSON
	errs string // stderr of the last run
}

// runJSON is the part of the contract that scripts judge, spelled as the contract
// spells it and not as our own types do.
type runJSON struct {
	Notices map[string]int `json:"notices"`
	Actions []struct {
		Key   string  `json:"key"`
		State string  `json:"state"`
		Due   *string `json:"due"`
		Items []struct {
			ID      string `json:"id"`
			Where   string `json:"where"`
			Why     string `json:"why"`
			Cleared string `json:"cleared"`
		} `json:"items"`
	} `json:"actions"`
	Outcomes []struct{ Notice, Scope, Outcome, Why string } `json:"outcomes"`
	Effects  map[string]int                                 `json:"effects"`
	Errors   []string                                       `json:"errors"`
}

func (s *stage) play(steps []fixtures.Step) {
	for _, st := range steps {
		if why := s.step(st); why != "" {
			s.t.Errorf("expect.txt:%d: %s %s: %s", st.Line, st.Verb, strings.Join(append(st.Args, st.Text), " "), why)
		}
	}
	if s.t.Failed() {
		s.t.Logf("stderr of the last run:\n%s", s.errs)
	}
}

func (s *stage) step(st fixtures.Step) string {
	switch st.Verb {
	case "at":
		return s.at(st)
	case "write":
		return s.write(st)
	case "remove":
		return said(os.Remove(filepath.Join(s.dir, st.Args[0])))
	case "approve", "reject":
		return s.decide(st)
	case "run":
		return s.run(st)
	case "again":
		return s.again(st)
	}
	return s.judge(st)
}

func said(err error) string {
	if err != nil {
		return err.Error()
	}
	return ""
}

func (s *stage) at(st fixtures.Step) string {
	now, err := st.Time()
	s.now = now
	if err != nil || len(st.Args) == 2 {
		return said(err)
	}
	return said(filepath.WalkDir(s.dir, func(p string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(s.dir, p)
		if err != nil || d.IsDir() || strings.HasPrefix(rel, "out") || strings.HasPrefix(rel, "cutover.db") {
			return err
		}
		return os.Chtimes(p, now.Add(-time.Hour), now.Add(-time.Hour))
	}))
}

func (s *stage) write(st fixtures.Step) string {
	p := filepath.Join(s.dir, st.Args[0])
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		return err.Error()
	}
	if err := os.WriteFile(p, st.Body, 0o644); err != nil {
		return err.Error()
	}
	return said(os.Chtimes(p, s.now.Add(-time.Hour), s.now.Add(-time.Hour)))
}

// cli runs the tool at the stage's clock.
func (s *stage) cli(args ...string) (code int, out []byte) {
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, streams{strings.NewReader(""), &stdout, &stderr}, func() time.Time { return s.now })
	s.errs = stderr.String()
	return code, stdout.Bytes()
}

func (s *stage) config() string { return filepath.Join(s.dir, "cutover.yaml") }

func (s *stage) run(st fixtures.Step) string {
	code, out := s.cli("run", "--config", s.config(), "--at", s.now.Format(time.RFC3339), "--format", "json")
	want := st.Want["exit"]
	if want == "" {
		want = "0"
	}
	if want != "any" && want != strconv.Itoa(code) {
		return fmt.Sprintf("exit code %d, want %s; stderr: %s", code, want, s.errs)
	}
	s.last = runJSON{}
	if err := json.Unmarshal(out, &s.last); err != nil {
		return fmt.Sprintf("no JSON: %v in %q", err, out)
	}
	return ""
}

func (s *stage) again(st fixtures.Step) string {
	before := s.snapshot()
	if why := s.run(st); why != "" {
		return why
	}
	for k, n := range s.last.Effects {
		if n != 0 {
			return fmt.Sprintf("%s is %d", k, n)
		}
	}
	if after := s.snapshot(); after != before {
		return "tickets or messages are others than before"
	}
	return ""
}

// snapshot is the content of all tickets and messages.
func (s *stage) snapshot() string {
	var b strings.Builder
	err := filepath.WalkDir(filepath.Join(s.dir, "out"), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		fmt.Fprintf(&b, "%s %q\n", p, data)
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		s.t.Fatal(err)
	}
	return b.String()
}

// decide finds the open case of the delivery that came in as a file, and decides it.
func (s *stage) decide(st fixtures.Step) string {
	raw, err := os.ReadFile(filepath.Join(s.dir, st.Args[0]))
	if err != nil {
		return err.Error()
	}
	code, out := s.cli("inbox", "list", "--config", s.config(), "--format", "json")
	var cases []cutover.Case
	if err := json.Unmarshal(out, &cases); err != nil || code != 0 {
		return fmt.Sprintf("inbox list: %d %v %s", code, err, s.errs)
	}
	for _, c := range cases {
		if c.Delivery == "" || !bytes.Equal(s.raw(c.Delivery), raw) {
			continue
		}
		if code, _ := s.cli("inbox", st.Verb, "--config", s.config(), "--who", "tester", c.ID); code != 0 {
			return s.errs
		}
		return ""
	}
	return fmt.Sprintf("no open case is about it, among %d", len(cases))
}

// raw looks into the store for the bytes of a delivery.
func (s *stage) raw(id string) []byte {
	var raw []byte
	e := &env{streams: streams{strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}}, ctx: context.Background(), now: time.Now, log: logger(&bytes.Buffer{}, false)}
	err := e.withApp(s.config(), func(a *app) error {
		return a.store.View(context.Background(), func(rd store.Reader) error {
			d, err := rd.Delivery(id)
			raw = d.Raw
			return err
		})
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return raw
}
