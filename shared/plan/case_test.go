package plan

import (
	"encoding/json"
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cutover/shared/cutover"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what the cases give into their files")

// world is the facts of one step of a case. Each step inherits the one before.
type world struct {
	At            time.Time
	Notices       []cutover.Notice       `json:"notices"`
	Services      []cutover.Service      `json:"services"`
	CAs           []cutover.CA           `json:"cas"`
	Ownership     cutover.Ownership      `json:"ownership"`
	Subscriptions []cutover.Subscription `json:"subscriptions"`
	Groups        []cutover.Group        `json:"groups"`
	Resources     []cutover.Resource     `json:"resources"`
	Findings      []cutover.Finding      `json:"findings"`
	Sources       []cutover.Source       `json:"sources"`
	Decisions     []cutover.Decision     `json:"decisions"`
	Repositories  []cutover.Repository   `json:"repositories"`
	Policy        Policy                 `json:"policy"`
}

func (w world) input(known []cutover.Action) Input {
	return Input{
		Notices: w.Notices, Services: w.Services, CAs: w.CAs, Ownership: w.Ownership, Subscriptions: w.Subscriptions, Groups: w.Groups,
		Resources: rows(w.Resources), Findings: rows(w.Findings), Sources: w.Sources, Decisions: w.Decisions, Known: known,
		Repositories: w.Repositories, Policy: w.Policy,
	}
}

func rows[T any](xs []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range xs {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// apply carries the changes out, as the room does.
func apply(known []cutover.Action, changes []Change) []cutover.Action {
	byID := map[string]int{}
	out := slices.Clone(known)
	for i, a := range out {
		byID[a.ID] = i
	}
	for _, c := range changes {
		if i, ok := byID[c.Action.ID]; ok {
			out[i] = c.Action
		} else {
			out = append(out, c.Action)
		}
	}
	return slices.DeleteFunc(out, func(a cutover.Action) bool { return a.State.Ended() })
}

func baseWorld(t testing.TB) world {
	t.Helper()
	var w world
	readJSON(t, filepath.Join("testdata", "world.json"), &w)
	w.At = time.Date(2023, 1, 10, 0, 0, 0, 0, time.UTC)
	return w
}

func readJSON(t testing.TB, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// TestCases runs the cases under testdata/cases. A case is a txtar file: its
// comment says the rule, N.NAME.json are the facts of step N (a fact that a step
// does not give stays), N.at is its time, and want is what comes out.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runCase(t, file) })
	}
}

func runCase(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(strings.TrimSpace(string(ar.Comment))) < 20 {
		t.Error("the case does not say the rule that it is about")
	}
	want := ""
	steps := map[int]map[string][]byte{}
	for _, f := range ar.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		n, name, _ := strings.Cut(f.Name, ".")
		step, err := strconv.Atoi(n)
		if err != nil {
			t.Fatalf("section %s has no step", f.Name)
		}
		if steps[step] == nil {
			steps[step] = map[string][]byte{}
		}
		steps[step][strings.TrimSuffix(name, ".json")] = f.Data
	}
	w, known := baseWorld(t), []cutover.Action(nil)
	var out strings.Builder
	cancelled := ""
	for i := 1; i <= len(steps); i++ {
		w.step(t, steps[i])
		for j := range w.Decisions { // CASE stands for the case that the step before raised
			if w.Decisions[j].Target == "CASE" {
				w.Decisions[j].Target = cancelled
			}
		}
		known, cancelled = playStep(t, &out, i, w, known, string(steps[i]["show"]))
	}
	if *update {
		write(t, file, ar, out.String())
		return
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("%s(-want +got):\n%s", ar.Comment, diff)
	}
}

func playStep(t *testing.T, out *strings.Builder, i int, w world, known []cutover.Action, show string) ([]cutover.Action, string) {
	t.Helper()
	p, err := Desired(w.input(known), w.At)
	if err != nil {
		t.Fatal(err)
	}
	changes := Diff(p, known, w.Decisions, w.At)
	fmt.Fprintf(out, "step %d\n", i)
	printChanges(out, changes)
	if show == "" {
		show = "outcomes"
	}
	printPlan(out, p, show)
	known = apply(known, changes)
	again, err := Desired(w.input(known), w.At)
	if err != nil {
		t.Fatal(err)
	}
	if more := Diff(again, known, w.Decisions, w.At); len(more) > 0 {
		var b strings.Builder
		printChanges(&b, more)
		t.Errorf("step %d: planning after applying gives something:\n%s", i, b.String())
	}
	for _, c := range p.Cases {
		if c.Kind == cutover.CaseCancelled {
			return known, c.ID
		}
	}
	return known, ""
}

func (w *world) step(t *testing.T, facts map[string][]byte) {
	t.Helper()
	for name, data := range facts {
		switch name {
		case "at":
			at, err := time.Parse(time.RFC3339, strings.TrimSpace(string(data)))
			if err != nil {
				t.Fatal(err)
			}
			w.At = at
		case "show":
		default: // the list replaces the one before
			*w.list(name) = nil
			if err := json.Unmarshal([]byte(`{"`+name+`":`+string(data)+`}`), w); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	for i := range w.Notices {
		complete(&w.Notices[i], w.At)
	}
}

// list clears what a step replaces; only lists need it.
func (w *world) list(name string) *any {
	switch name {
	case "notices":
		w.Notices = nil
	case "resources":
		w.Resources = nil
	case "findings":
		w.Findings = nil
	case "sources":
		w.Sources = nil
	case "decisions":
		w.Decisions = nil
	case "subscriptions":
		w.Subscriptions = nil
	case "repositories":
		w.Repositories = nil
	}
	return new(any)
}

// complete fills in what most notices share.
func complete(n *cutover.Notice, at time.Time) {
	fill := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	fill(&n.Provider, "azure")
	fill(&n.Key, "azure:AAAA-111")
	fill(&n.Title, "Something changes")
	fill(&n.EventType, cutover.EventHealthAdvisory)
	fill(&n.Topic, cutover.TopicRetirement)
	fill(&n.Language, "en")
	if n.Verdict == "" {
		n.Verdict = cutover.VerdictRead
	}
	if len(n.TrackingIDs) == 0 && !strings.Contains(n.Key, "~") {
		n.TrackingIDs = []string{strings.TrimPrefix(n.Key, "azure:")}
	}
	if n.Revision == 0 {
		n.Revision = 1
	}
	if n.FirstSeen.IsZero() {
		n.FirstSeen = at
	}
	for i := range n.Milestones {
		if n.Milestones[i].Precision == "" {
			n.Milestones[i].Precision = cutover.PrecisionDay
		}
	}
}

func write(t *testing.T, file string, ar *txtar.Archive, got string) {
	t.Helper()
	ar.Files = slices.DeleteFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
	ar.Files = append(ar.Files, txtar.File{Name: "want", Data: []byte(got)})
	if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
		t.Fatal(err)
	}
}
