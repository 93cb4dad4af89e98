package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const checked = `sources:
  mail: {folder: inbox}
  inventory: {folder: inventory}
  repositories:
    - {name: zeta, path: repos/zeta}
    - {name: alpha, path: repos/alpha}
trust: {mail: [azure-noreply@microsoft.com]}
owners: {teams: [{id: platform, tracker: contoso/platform}], fallback: platform}
tracker: {kind: github}
slack: {path: out/slack}
store: {path: data/cutover.db}
`

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "cutover.yaml")
	write(t, file, checked)
	c, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	check := func() []string {
		var out []string
		for _, p := range c.Check(func(k string) (string, bool) { v, ok := env[k]; return v, ok }) {
			out = append(out, strings.TrimPrefix(p.String(), file+":"))
		}
		return out
	}
	write(t, filepath.Join(dir, "inventory"), "a file, not a folder")
	write(t, filepath.Join(dir, "out"), "in the way")
	want := []string{
		"2: sources.mail: inbox does not exist",
		"3: sources.inventory: inventory is not a folder",
		"5: repository zeta: repos/zeta does not exist",
		"6: repository alpha: repos/alpha does not exist",
		"9: tracker.token_env: the environment variable GITHUB_TOKEN is not set",
	}
	got := check()
	if len(got) != 6 || !strings.HasPrefix(got[5], "10: slack: out/slack cannot be written: ") {
		t.Errorf("with a file in the way of out/slack: %q", got)
	} else if diff := cmp.Diff(want, got[:5]); diff != "" {
		t.Error(diff)
	}

	for _, f := range []string{"inventory", "out"} {
		if err := os.Remove(filepath.Join(dir, f)); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []string{"inbox", "inventory", "repos/zeta", "repos/alpha"} {
		write(t, filepath.Join(dir, d, "x"), "")
	}
	env["GITHUB_TOKEN"] = "hunter2"
	if got := check(); got != nil {
		t.Errorf("with all in place: %q", got)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 4 { // the file, inbox, inventory, repos
		t.Errorf("the check left something behind: %v", entries)
	}
}
