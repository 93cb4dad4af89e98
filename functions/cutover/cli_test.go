package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cutover/fixtures"
	"cutover/shared/cutover"
)

// tool runs the command line with a clock that moves.
func tool(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, streams{strings.NewReader(stdin), &out, &errs}, time.Now)
	return code, out.String(), errs.String()
}

func TestUsage(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.yaml")
	writeFile(t, bad, "owners:\n  teams:\n    - {id: a}\n  fallback: a\nrepeat: yes\n")
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no such command", []string{"fly"}, exitUsage, "fly"},
		{"no such flag", []string{"run", "--fast"}, exitUsage, "--fast"},
		{"no configuration", []string{"run", "--config", filepath.Join(dir, "none.yaml")}, exitUsage, "none.yaml"},
		{"unknown key", []string{"run", "--config", bad}, exitUsage, "bad.yaml:5"},
		{"checked", []string{"config", "check", "--config", bad}, exitUsage, "bad.yaml:5"},
		{"no date", []string{"plan", "--at", "tomorrow"}, exitUsage, "tomorrow"},
		{"no file", []string{"parse", filepath.Join(dir, "none.eml")}, exitUsage, "none.eml"},
		{"no format", []string{"run", "--format", "xml"}, exitUsage, "xml"},
		{"no decision", []string{"decide", "azure:X/a", "forget"}, exitUsage, "forget"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := tool(t, "", c.args...)
			if code != c.code || !strings.Contains(errs, c.says) || out != "" {
				t.Errorf("exit %d, want %d; stderr %q should name %q; stdout %q should be empty", code, c.code, errs, c.says, out)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{}, {"--help"}, {"run", "--help"}, {"parse", "--help"}} {
		code, out, _ := tool(t, "", args...)
		if code != exitDone || !strings.Contains(out, "cutover") {
			t.Errorf("%q: exit %d, %q", args, code, out)
		}
		if len(args) == 2 && !strings.Contains(out, "Example") {
			t.Errorf("%q teaches nothing: %s", args, out)
		}
	}
}

func TestParseExitCodes(t *testing.T) {
	dir := t.TempDir()
	read := filepath.Join(dir, "read.txt")
	writeFile(t, read, "Action required: move off Azure Cache for Redis by 30 September 2027\n\nTracking ID: ABCD-1E2\n\nYou're receiving this notice because you use Azure Cache for Redis.\n\nOn 30 September 2027, Azure Cache for Redis will be retired.\n\nRequired action\n\nMigrate to Azure Managed Redis before 30 September 2027.\n")
	junk := filepath.Join(dir, "junk.json")
	writeFile(t, junk, `{"schemaId": "Microsoft.Insights/activityLogs", "data": {`)
	code, out, _ := tool(t, "", "parse", "--format", "json", read)
	var n struct {
		TrackingIDs []string `json:"tracking_ids"`
		Verdict     string   `json:"verdict"`
	}
	if err := json.Unmarshal([]byte(out), &n); err != nil || code != exitDone || n.Verdict != "read" || len(n.TrackingIDs) != 1 {
		t.Errorf("exit %d, %v, %+v", code, err, n)
	}
	code, out, _ = tool(t, "", "parse", "--format", "json", read, junk)
	var many []map[string]any
	if err := json.Unmarshal([]byte(out), &many); err != nil || len(many) != 2 || code != exitFailed {
		t.Errorf("two inputs, one broken: exit %d, %v, %d notices", code, err, len(many))
	}
	code, out, _ = tool(t, "Our newsletter: five tips for a tidy cloud, and a webinar you should not miss.\n", "parse", "-")
	if code != exitNone {
		t.Errorf("a newsletter: exit %d, %s", code, out)
	}
	code, out, _ = tool(t, "", "parse", "--text", read)
	if code != exitDone || !strings.Contains(out, "Migrate to Azure Managed Redis") {
		t.Errorf("--text: exit %d, %q", code, out)
	}
}

// TestPlanTouchesNothing holds plan to its word, before the first run and after.
func TestPlanTouchesNothing(t *testing.T) {
	dir := company(t)
	config := filepath.Join(dir, "cutover.yaml")
	before := tree(t, dir)
	code, out, errs := tool(t, "", "plan", "--config", config, "--at", fixtures.Clock, "--format", "json")
	var planned runJSON
	if err := json.Unmarshal([]byte(out), &planned); err != nil || code != exitDone {
		t.Fatalf("exit %d, %v, %s", code, err, errs)
	}
	if after := tree(t, dir); after != before {
		t.Errorf("plan left something behind:\n%s\nwas:\n%s", after, before)
	}
	code, out, errs = tool(t, "", "run", "--config", config, "--at", fixtures.Clock, "--format", "json")
	var ran runJSON
	if err := json.Unmarshal([]byte(out), &ran); err != nil || code != exitDone {
		t.Fatalf("exit %d, %v, %s", code, err, errs)
	}
	if planned.Effects["tickets_opened"] == 0 || planned.Effects["tickets_opened"] != ran.Effects["tickets_opened"] || planned.Effects["alerts_sent"] != ran.Effects["alerts_sent"] {
		t.Errorf("planned %v, ran %v", planned.Effects, ran.Effects)
	}
	before = tree(t, dir)
	if code, out, errs = tool(t, "", "plan", "--config", config, "--at", "2027-01-15"); code != exitDone || !strings.Contains(out, "reminder") {
		t.Errorf("exit %d, %s, %s", code, out, errs)
	}
	if after := tree(t, dir); after != before {
		t.Errorf("plan on a store left something behind:\n%s\nwas:\n%s", after, before)
	}
}

// TestLimitStops: a flood of tickets waits for a yes, by flag or in the inbox.
func TestLimitStops(t *testing.T) {
	dir := company(t)
	config := filepath.Join(dir, "cutover.yaml")
	appendFile(t, config, "\nlimits: {new_tickets: 3}\n")
	code, out, errs := tool(t, "", "run", "--config", config, "--at", fixtures.Clock, "--format", "json")
	if code != exitFailed || !strings.Contains(errs, "--yes") {
		t.Errorf("exit %d, stderr %s", code, errs)
	}
	var r report
	if err := json.Unmarshal([]byte(out), &r); err != nil || r.Effects.TicketsOpened != 0 || r.Stopped == "" {
		t.Fatalf("%v: %+v, %q", err, r.Effects, r.Stopped)
	}
	id := ""
	for _, c := range r.Inbox {
		if c.Kind == "limit" {
			id = c.ID
		}
	}
	if code, _, errs := tool(t, "", "inbox", "approve", "--config", config, id); code != exitDone {
		t.Fatalf("approving %q: %s", id, errs)
	}
	code, out, errs = tool(t, "", "run", "--config", config, "--at", fixtures.Clock, "--format", "json")
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitDone || r.Effects.TicketsOpened < 4 {
		t.Errorf("after the approval: exit %d, %v, %+v, %s", code, err, r.Effects, errs)
	}
}

// TestDemo holds the demo to what it promises: no trace, the same words each time.
func TestDemo(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	code, first, errs := tool(t, "", "demo", "--format", "json")
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, errs)
	}
	_, second, _ := tool(t, "", "demo", "--format", "json")
	if strip(first) != strip(second) {
		t.Error("the demo says something else the second time")
	}
	var r report
	if err := json.Unmarshal([]byte(first), &r); err != nil || len(r.Actions) < 10 || r.Effects.TicketsOpened != len(r.Actions) {
		t.Errorf("%v: %d actions, %+v", err, len(r.Actions), r.Effects)
	}
	code, later, errs := tool(t, "", "demo", "--at", "2026-12-14")
	if code != exitDone || !strings.Contains(later, "reminder") || !strings.Contains(later, "escalation") {
		t.Errorf("a month later: exit %d, %s, %s", code, later, errs)
	}
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "cutover-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// strip takes out what names the temporary folder.
func strip(s string) string {
	var lines []string
	for _, l := range strings.Split(s, "\n") {
		if !strings.Contains(l, "cutover-demo-") {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}

func company(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	at, err := time.Parse(time.RFC3339, fixtures.Clock)
	if err != nil {
		t.Fatal(err)
	}
	if err := fixtures.Unpack(dir, at); err != nil {
		t.Fatal(err)
	}
	return dir
}

// tree lists a folder with the digests of its files.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		b.WriteString(strings.TrimPrefix(p, dir))
		if !d.IsDir() {
			data, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			b.WriteString(" " + cutover.Digest(string(data))[:16] + " " + info.ModTime().String())
		}
		b.WriteByte('\n')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func appendFile(t *testing.T, name, text string) {
	t.Helper()
	old, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, name, string(old)+text)
}

// TestOneAtATime: a second process that would do the same things is refused.
func TestOneAtATime(t *testing.T) {
	dir := company(t)
	unlock, err := lockFile(filepath.Join(dir, "cutover.db.lock"))
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "cutover.yaml")
	if code, _, errs := tool(t, "", "run", "--config", config, "--at", fixtures.Clock); code != exitFailed || !strings.Contains(errs, "another cutover is at work") {
		t.Errorf("exit %d, %s", code, errs)
	}
	if code, _, errs := tool(t, "", "plan", "--config", config, "--at", fixtures.Clock); code != exitDone {
		t.Errorf("looking is allowed: exit %d, %s", code, errs)
	}
	unlock()
	if code, _, errs := tool(t, "", "run", "--config", config, "--at", fixtures.Clock); code != exitDone {
		t.Errorf("exit %d, %s", code, errs)
	}
}

// TestInventoryThatShrank: a broken containers file moves no work to others, and a
// file that is missing is no proof, until a person says that it is meant.
func TestInventoryThatShrank(t *testing.T) {
	dir := company(t)
	config := filepath.Join(dir, "cutover.yaml")
	later := fixtures.Clock
	pass := func(want int) report {
		t.Helper()
		code, out, errs := tool(t, "", "run", "--config", config, "--at", later, "--format", "json")
		var r report
		if err := json.Unmarshal([]byte(out), &r); err != nil || code != want {
			t.Fatalf("exit %d, want %d: %v, %s", code, want, err, errs)
		}
		return r
	}
	pass(exitDone)
	at, err := time.Parse(time.RFC3339, "2026-11-17T08:00:00Z")
	if err != nil {
		t.Fatal(err)
	}
	later = at.Format(time.RFC3339)
	refresh := func() {
		if err := filepath.WalkDir(filepath.Join(dir, "inventory"), func(p string, _ os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Chtimes(p, at.Add(-time.Hour), at.Add(-time.Hour))
		}); err != nil {
			t.Fatal(err)
		}
	}
	still := func(what string, r report) {
		t.Helper()
		if e := r.Effects; e.TicketsOpened+e.TicketsClosed+e.TicketsUpdated > 0 {
			t.Errorf("%s: %+v", what, e)
		}
		for _, a := range r.Actions {
			if a.State.Ended() {
				t.Errorf("%s: %s is %s: %s", what, a.Key, a.State, a.Proof)
			}
		}
	}
	containers := filepath.Join(dir, "inventory/containers.json")
	whole, err := os.ReadFile(containers)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, containers, string(whole[:3000]))
	refresh()
	still("containers cut off", pass(exitFailed))
	writeFile(t, containers, string(whole))
	refresh()
	still("containers whole again", pass(exitDone))
	if err := os.Remove(filepath.Join(dir, "inventory/resources-europe.json")); err != nil {
		t.Fatal(err)
	}
	later = at.Add(time.Hour).Format(time.RFC3339)
	r := pass(exitDone)
	still("a region's file is missing", r)
	id := ""
	for _, c := range r.Inbox {
		if c.Kind == cutover.CaseSource {
			id = c.ID
		}
	}
	if code, _, errs := tool(t, "", "inbox", "approve", "--config", config, "--at", later, id); code != exitDone {
		t.Fatalf("approving %q: %s", id, errs)
	}
	later = at.Add(2 * time.Hour).Format(time.RFC3339)
	if r := pass(exitDone); r.Effects.TicketsClosed == 0 {
		t.Errorf("approved, and nothing is gone: %+v", r.Effects)
	}
}
