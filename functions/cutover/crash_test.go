package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cutover/fixtures"
)

// asTool makes the test binary be the tool: a child process that can be killed.
const asTool = "CUTOVER_TEST_AS_TOOL"

func TestMain(m *testing.M) {
	if os.Getenv(asTool) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

func child(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Env = append(os.Environ(), asTool+"=1")
	return cmd
}

// TestKilled kills a run at random moments until one comes through, and compares
// with a run that nobody disturbed: the same tickets and the same messages, each
// once.
func TestKilled(t *testing.T) {
	quiet := company(t)
	began := time.Now()
	if out, err := child(t, "run", "--config", filepath.Join(quiet, "cutover.yaml"), "--at", fixtures.Clock).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	took := time.Since(began)
	rnd := rand.New(rand.NewPCG(1, 2))
	dir := company(t)
	killed := 0
	for range 25 {
		cmd := child(t, "run", "--config", filepath.Join(dir, "cutover.yaml"), "--at", fixtures.Clock)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rnd.Int64N(int64(took))))
		if cmd.Process.Kill() == nil {
			killed++
		}
		_ = cmd.Wait() // killed, or done before that
	}
	if out, err := child(t, "run", "--config", filepath.Join(dir, "cutover.yaml"), "--at", fixtures.Clock).CombinedOutput(); err != nil {
		t.Fatalf("the run after %d kills: %v: %s", killed, err, out)
	}
	if diff := cmp.Diff(tickets(t, quiet), tickets(t, dir)); diff != "" {
		t.Errorf("tickets after %d kills (-undisturbed +killed):\n%s", killed, diff)
	}
	if diff := cmp.Diff(messages(t, quiet), messages(t, dir)); diff != "" {
		t.Errorf("messages after %d kills (-undisturbed +killed):\n%s", killed, diff)
	}
}

// tickets lists what identifies the tickets of a company, numbers apart: the order
// of filing may differ.
func tickets(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "out/tickets/*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tickets: %v", err)
	}
	var out []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var id []string
		for _, l := range strings.Split(string(b), "\n") {
			if strings.HasPrefix(l, "key:") || strings.HasPrefix(l, "state:") || strings.HasPrefix(l, "due:") {
				id = append(id, l)
			}
		}
		out = append(out, fmt.Sprintf("%s, %d boxes", strings.Join(id, " "), bytes.Count(b, []byte("- [ ]"))))
	}
	slices.Sort(out)
	return out
}

func messages(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "out/slack/*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no messages: %v", err)
	}
	var out []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var m struct{ Kind, Channel, Text string }
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		text, _, _ := strings.Cut(m.Text, "http") // a link holds the folder's name
		text, _, _ = strings.Cut(text, dir)
		out = append(out, m.Kind+" "+m.Channel+" "+text)
	}
	slices.Sort(out)
	return out
}
