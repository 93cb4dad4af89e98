package layout

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// A floor is a part of the house and what may stand under it. Paths are relative
// to the module; a pattern ending in /... includes what lies below.
type floor struct {
	part   string
	may    []string // packages of this module
	vendor []string // modules of others, by prefix; "*" for any
}

// The first floor that fits a package rules it. A package may always import its
// own subtree and the standard library.
var house = []floor{
	{part: "shared/cutover"},
	{part: "shared/plan", may: []string{"shared/cutover"}},
	{part: "shared/layout"},
	{part: "shared/catalog", may: []string{"shared/cutover"}},
	{part: "shared/prose", may: []string{"shared/cutover"}},
	{part: "shared/config", may: []string{"shared/cutover"}, vendor: []string{"go.yaml.in/yaml"}},
	{part: "shared/bus/...", may: []string{"shared/cutover", "shared/bus"}, vendor: []string{"modernc.org/sqlite", "pgregory.net/rapid", "github.com/google/go-cmp"}},
	{part: "shared/store/...", may: []string{"shared/cutover", "shared/store", "shared/bus"},
		vendor: []string{"modernc.org/sqlite", "github.com/pressly/goose", "pgregory.net/rapid", "github.com/google/go-cmp"}},
	// Adapters: one outside system each, never each other.
	{part: "shared/files"},
	{part: "shared/outside"},
	{part: "shared/tracker", may: []string{"shared/outside"}},
	{part: "shared/slack", may: []string{"shared/outside"}},
	{part: "shared/slack/slacksuite", may: []string{"shared/slack"}, vendor: []string{"github.com/google/go-cmp"}},
	{part: "shared/tracker/folder/...", may: append(adapter, "shared/tracker"), vendor: []string{"go.yaml.in/yaml"}},
	{part: "shared/tracker/github/...", may: append(adapter, "shared/tracker"), vendor: []string{"github.com/google/go-github", "golang.org/x/time"}},
	{part: "shared/slack/folder/...", may: append(adapter, "shared/slack")},
	{part: "shared/slack/api/...", may: append(adapter, "shared/slack"), vendor: []string{"github.com/slack-go/slack", "golang.org/x/time"}},
	{part: "shared/mailbox/smtp/...", may: foundation, vendor: []string{"github.com/emersion/go-smtp", "github.com/emersion/go-msgauth", "github.com/emersion/go-sasl"}},
	// The main and its parts may import everything but the doors of the rooms.
	{part: "functions/cutover/...", may: []string{"shared/...", "functions/...", "fixtures"}, vendor: []string{"*"}},
	// Doors wire one room to the adapters.
	{part: "functions/*/lambda", may: []string{"shared/...", "functions/*"}, vendor: []string{"*"}},
	{part: "functions/ticket/trackertest", may: append(room, "functions/ticket", "shared/tracker"), vendor: []string{"github.com/google/go-cmp"}},
	{part: "functions/ticket/...", may: append(room, "shared/prose", "shared/tracker")},
	{part: "functions/alert/...", may: append(room, "shared/prose", "shared/slack")},
	// Rooms: the law and the contracts, libraries for their own work, no SDK of a vendor.
	{part: "functions/parse/...", may: room, vendor: []string{"github.com/jhillyerd/enmime", "golang.org/x/net", "golang.org/x/text"}},
	{part: "functions/scan/...", may: room, vendor: []string{"github.com/hmarr/codeowners", "golang.org/x/text", "golang.org/x/sync"}},
	{part: "functions/*/...", may: room},
	{part: "fixtures/...", may: []string{"fixtures"}, vendor: []string{"golang.org/x/tools/txtar"}},
}

var (
	foundation = slices.Clip([]string{"shared/cutover", "shared/bus", "shared/store"})
	adapter    = slices.Clip(append(foundation, "shared/files", "shared/outside"))
	room       = slices.Clip([]string{"shared/cutover", "shared/plan", "shared/bus", "shared/store", "shared/catalog"})
)

// TestWhoStandsOnWhom walks every package's imports (tests excepted: they may
// bring the embedded store into a room).
func TestWhoStandsOnWhom(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "cutover/...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("listing packages: %s", exit.Stderr)
		}
		t.Fatalf("listing packages: %v", err)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	seen := 0
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		for _, complaint := range check(strings.TrimPrefix(p.ImportPath, "cutover/"), p.Imports) {
			t.Error(complaint)
		}
	}
	if seen < 10 {
		t.Fatalf("only %d packages seen: the test looks at nothing", seen)
	}
}

func check(pkg string, imports []string) []string {
	f, ok := ruling(pkg)
	if !ok {
		return []string{pkg + " stands nowhere: give it a floor in layout_test.go and a line in doc.go"}
	}
	var bad []string
	for _, imp := range imports {
		if in, ours := strings.CutPrefix(imp, "cutover/"); ours {
			if !sameTree(f.part, pkg, in) && !anyFits(f.may, in) {
				bad = append(bad, pkg+" may not import "+in)
			}
		} else if first, _, _ := strings.Cut(imp, "/"); strings.Contains(first, ".") && !vendorFits(f.vendor, imp) {
			bad = append(bad, pkg+" may not import "+imp)
		}
	}
	return bad
}

func ruling(pkg string) (floor, bool) {
	for _, f := range house {
		if fits(f.part, pkg) {
			return f, true
		}
	}
	return floor{}, false
}

// fits matches a pattern: * is one element, a final /... is anything below (or nothing).
func fits(pattern, pkg string) bool {
	if base, deep := strings.CutSuffix(pattern, "/..."); deep {
		parts := strings.Split(pkg, "/")
		n := strings.Count(base, "/") + 1
		if len(parts) < n {
			return false
		}
		pattern, pkg = base, strings.Join(parts[:n], "/")
	}
	ok, err := path.Match(pattern, pkg)
	return err == nil && ok
}

func anyFits(patterns []string, pkg string) bool {
	for _, p := range patterns {
		if fits(p, pkg) {
			return true
		}
	}
	return false
}

func vendorFits(prefixes []string, imp string) bool {
	for _, p := range prefixes {
		if p == "*" || strings.HasPrefix(imp, p) {
			return true
		}
	}
	return false
}

// sameTree reports whether both packages belong to the subtree that a room or an
// adapter owns: its own parts may know each other.
func sameTree(part, pkg, in string) bool {
	base, deep := strings.CutSuffix(part, "/...")
	if !deep {
		return false
	}
	n := strings.Count(base, "/") + 1
	root := strings.Join(strings.Split(pkg, "/")[:n], "/")
	return in == root || strings.HasPrefix(in, root+"/")
}

// TestTheTableBites plants violations: a table that lets everything pass is none.
func TestTheTableBites(t *testing.T) {
	for _, c := range []struct{ pkg, imp string }{
		{"shared/cutover", "cutover/shared/plan"},
		{"shared/cutover", "github.com/google/go-cmp/cmp"},
		{"shared/plan", "cutover/shared/store"},
		{"shared/files", "cutover/shared/cutover"},
		{"shared/outside", "cutover/shared/slack"},
		{"shared/slack/api", "cutover/shared/tracker/github"},
		{"functions/ticket", "cutover/functions/alert"},
		{"functions/ticket", "github.com/google/go-github/v92/github"},
		{"functions/match", "cutover/shared/store/sqlite"},
		{"functions/parse/extract", "cutover/functions/scan"},
		{"functions/match", "cutover/functions/scan/walk"},
		{"shared/unheard/of", "fmt"},
	} {
		if len(check(c.pkg, []string{c.imp})) == 0 {
			t.Errorf("%s importing %s passed", c.pkg, c.imp)
		}
	}
	for _, c := range []struct{ pkg, imp string }{
		{"functions/parse", "cutover/functions/parse/extract"},
		{"functions/parse/extract", "cutover/functions/parse/doc"},
		{"functions/match", "cutover/shared/plan"},
		{"functions/ticket/lambda", "cutover/functions/ticket"},
		{"functions/cutover", "cutover/shared/slack/api"},
	} {
		if bad := check(c.pkg, []string{c.imp}); len(bad) != 0 {
			t.Error(bad)
		}
	}
}
