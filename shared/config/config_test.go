package config

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cutover/shared/cutover"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the code says into the golden files")

const base = "/etc/cutover" // where the test files seem to stand

func cases(t testing.TB, pattern string) map[string]*txtar.Archive {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no test cases at %s: %v", pattern, err)
	}
	out := map[string]*txtar.Archive{}
	for _, p := range paths {
		a, err := txtar.ParseFile(p)
		if err != nil || len(a.Files) != 2 {
			t.Fatalf("%s: %v, %d files, want config.yaml and want", p, err, len(a.Files))
		}
		out[p] = a
	}
	return out
}

// golden compares with, or under -update writes, the second file of the archive.
func golden(t *testing.T, path string, a *txtar.Archive, got string) {
	t.Helper()
	if *update {
		a.Files[1].Data = []byte(got)
		if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(a.Files[1].Data), got); diff != "" {
		t.Error(diff)
	}
}

func TestGood(t *testing.T) {
	for path, a := range cases(t, "testdata/good/*.txtar") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			c, err := Parse("cutover.yaml", a.Files[0].Data, base)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, w := range c.Warnings {
				got.WriteString("warning: " + w.String() + "\n")
			}
			c.Warnings = nil
			b, err := json.MarshalIndent(c, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			got.Write(b)
			got.WriteString("\n")
			golden(t, path, a, got.String())
		})
	}
}

func TestBad(t *testing.T) {
	for path, a := range cases(t, "testdata/bad/*.txtar") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			_, err := Parse("cutover.yaml", a.Files[0].Data, base)
			var list Errors
			if !errors.As(err, &list) || len(list) == 0 {
				t.Fatalf("error %v is no list of problems", err)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("a secret reached the error: %v", err)
			}
			golden(t, path, a, err.Error()+"\n")
		})
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "cutover.yaml")
	write(t, file, "owners: {teams: [{id: platform}], fallback: platform}\nstore: {path: data/c.db}\n")
	c, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	want := Path{Given: "data/c.db", Full: filepath.Join(dir, "data", "c.db")}
	if diff := cmp.Diff(want, c.Store.Path); diff != "" {
		t.Error(diff)
	}
	if _, err := Load(filepath.Join(dir, "none.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
	write(t, file, strings.Repeat("#", maxFile+1))
	if _, err := Load(file); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("a file over the cap gives %v", err)
	}
}

func TestViews(t *testing.T) {
	a := cases(t, "testdata/good/every-key.txtar")["testdata/good/every-key.txtar"]
	c, err := Parse("cutover.yaml", a.Files[0].Data, base)
	if err != nil {
		t.Fatal(err)
	}
	repos := []cutover.Repository{
		{Name: "alpha", Path: "/etc/cutover/repos/alpha", URL: "https://github.com/contoso/alpha"},
		{Name: "zeta", Path: "/srv/zeta", Branch: "main"},
	}
	if diff := cmp.Diff(repos, c.Repositories()); diff != "" {
		t.Error(diff)
	}
	o := c.Ownership()
	if o.Fallback != "payments" {
		t.Errorf("fallback by name is %q, want the team's id", o.Fallback)
	}
	if name, project := c.TrackerOf(o.Teams[0]); name != "gh" || project != "contoso/payments-api" {
		t.Errorf("tracker of payments: %q, %q", name, project)
	}
	if name, project := c.TrackerOf(o.Teams[1]); name != "" || project != "ops" {
		t.Errorf("tracker of platform: %q, %q", name, project)
	}
	for _, tc := range []struct {
		severity, policy string
		want             Reminders
	}{
		{SeveritySecurity, "", Reminders{[]int{60, 30}, 14}},
		{SeverityInformational, "", Reminders{[]int{7}, 7}},
		{SeverityInformational, SeveritySecurity, Reminders{[]int{60, 30}, 14}},
		{SeverityAction, "", Reminders{[]int{30, 7, 1}, 7}},
	} {
		if diff := cmp.Diff(tc.want, c.RemindersFor(tc.severity, tc.policy)); diff != "" {
			t.Errorf("%s for a team of %q: %s", tc.severity, tc.policy, diff)
		}
	}
}

func TestParseDuration(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"48h": 48 * time.Hour, "7d": 168 * time.Hour, "1d12h": 36 * time.Hour, "90m": 90 * time.Minute,
		"": 0, "0": 0, "0h": 0, "48": 0, "-1h": 0, "1d-1h": 0, "d": 0, "1w": 0, "999999d": 0, "1d2d": 0,
	} {
		if got, err := parseDuration(in); got != want || (err == nil) != (want > 0) {
			t.Errorf("parseDuration(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*.txtar", "testdata/bad/*.txtar"} {
		for _, a := range cases(f, pattern) {
			f.Add(a.Files[0].Data)
		}
	}
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("owners: {teams: [&t {id: x}, *t], fallback: x}\n<<: {a: b}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Parse("f.yaml", b, base)
		if (c == nil) == (err == nil) {
			t.Fatalf("config %v with error %v", c, err)
		}
		if err != nil && err.Error() == "" {
			t.Fatal("an error that says nothing")
		}
		if err == nil && c.Owners.Fallback == "" {
			t.Fatal("a configuration without a fallback owner was accepted")
		}
	})
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
