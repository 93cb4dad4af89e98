package inventory

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the code says into the golden files")

// dump is what a look left in the store, for people to read.
func dump(t *testing.T, m *memory, problems []error) string {
	t.Helper()
	var b strings.Builder
	line := func(what string, v any) {
		j, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s\n", what, j)
	}
	for _, p := range problems {
		fmt.Fprintf(&b, "problem %s\n", p)
	}
	src := m.sources["inventory"]
	src.Version = ""
	line("source", src)
	for _, k := range slices.Sorted(maps.Keys(m.subs)) {
		line("subscription", m.subs[k])
	}
	for _, k := range slices.Sorted(maps.Keys(m.groups)) {
		line("group", m.groups[k])
	}
	for _, k := range slices.Sorted(maps.Keys(m.resources)) {
		line("resource", m.resources[k])
	}
	for _, e := range m.events {
		line("event "+e.Type+" "+e.Subject, e.Data)
	}
	return b.String()
}

func TestShapes(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, p := range paths {
		t.Run(filepath.Base(p), func(t *testing.T) {
			a, err := txtar.ParseFile(p)
			if err != nil {
				t.Fatal(err)
			}
			files, want := fstest.MapFS{}, -1
			for i, f := range a.Files {
				if f.Name == "want" {
					want = i
				} else {
					files[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}
			m := newMemory()
			problems, err := room(t, m, files).Refresh(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := dump(t, m, problems)
			if *update {
				a.Files[want].Data = []byte(got)
				if err := os.WriteFile(p, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(a.Files[want].Data), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
