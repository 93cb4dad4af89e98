package ticket_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cutover/functions/ticket"
	"cutover/functions/ticket/trackertest"
	"cutover/shared/cutover"
	"cutover/shared/tracker/folder"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", path, diff)
	}
}

func page() ticket.Page {
	return ticket.Page{
		Action: trackertest.Action(), Notice: trackertest.Notice(), Team: cutover.Team{ID: "payments", Name: "Payments"},
		Now: time.Date(2022, 12, 23, 9, 0, 0, 0, time.UTC),
	}
}

// TestLife shows a ticket's whole file at each version of its action's life.
func TestLife(t *testing.T) {
	dir, clock, st := t.TempDir(), start(), trackertest.NewStore()
	counts := map[string]int{}
	room := &ticket.Room{
		Store: st, Trackers: map[string]ticket.Tracker{"": folder.New(dir, clock.Now)}, Now: clock.Now,
		Owners: cutover.Ownership{Teams: []cutover.Team{{ID: "payments", Name: "Payments", Tracker: "contoso/payments-api", Members: []string{"ada"}}}},
		Count:  func(what string) { counts[what]++ },
	}
	for i, a := range trackertest.Life() {
		st.Put(a, trackertest.Notice())
		ev := cutover.NewEvent(cutover.TypeActionChanged, "match", a.ID, clock.Now(), nil, a.ID)
		trackertest.Drive(t, room.Handle, ev, clock)
		before := fmt.Sprint(counts, len(st.Events()))
		trackertest.Drive(t, room.Handle, ev, clock) // the same message again
		if now := fmt.Sprint(counts, len(st.Events())); now != before {
			t.Errorf("the message came twice: %s became %s", before, now)
		}
		raw, err := os.ReadFile(filepath.Join(dir, "1.md"))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, fmt.Sprintf("life-%d.md", i+1), string(raw))
		clock.Move(9 * 24 * time.Hour)
	}
	want := map[string]int{"tickets_opened": 1, "tickets_updated": 2, "tickets_closed": 1, "comments_written": 3}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func TestPages(t *testing.T) {
	partial := page()
	partial.Notice.Verdict, partial.Notice.Title = cutover.VerdictPartial, "@all <b>Retire</b> #12 “everything”\u202e"
	partial.Notice.TrackingIDs, partial.Notice.Link = nil, "https://azure.com.evil.example/x"
	partial.Notice.Certificates, partial.Notice.RequiredActions, partial.Notice.NoActionFor = nil, nil, nil
	partial.Action.Missing = []string{"the regions: a table could not be read"}
	partial.Action.Due, partial.Action.DueFrom, partial.Action.Milestones = "", "", nil
	partial.Notice.Milestones = []cutover.Milestone{
		{Kind: cutover.KindCutover, Start: "2022-12-31", Precision: cutover.PrecisionMonth, Reason: cutover.ReasonRunning},
		{Kind: cutover.KindRetirement, Start: "2027-12-31", Precision: cutover.PrecisionYear},
		{Kind: cutover.KindActBy, Start: "2022-11-30", Precision: cutover.PrecisionMonth, Reason: "two dates contradict each other; the earlier rules"},
	}
	partial.Action.Items = partial.Action.Items[:2]
	partial.Action.Items[0].Unknown = "the inventory is incomplete: 100 rows"
	golden(t, "partial.md", ticket.Title(partial.Action, partial.Notice)+"\n\n"+ticket.Block(partial, 60000)+"\n")

	long := page()
	long.Action.Items = nil
	for i := range 3000 {
		it := trackertest.Action().Items[i%3]
		it.ID, it.Where = fmt.Sprint(it.ID, i), fmt.Sprint(it.Where, " number ", i)
		long.Action.Items = append(long.Action.Items, it)
	}
	text := ticket.Block(long, 9000)
	golden(t, "long.md", ticket.Title(long.Action, long.Notice)+"\n\n"+text+"\n")
	listed := strings.Count(text, "\n- [ ]")
	if !strings.Contains(text, fmt.Sprintf("… and %d more. The whole list:", 3000-listed)) {
		t.Errorf("%d of 3000 places are listed, and the rest is not told right", listed)
	}
}

// TestBlockFits: whatever a notice holds, the block fits, and begins and ends with its fence.
func TestBlockFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := page()
		text := rapid.StringMatching(`(?s).{0,40}`)
		grow := func(label string) string {
			return strings.Repeat(text.Draw(t, label), rapid.SampledFrom([]int{0, 1, 20, 400}).Draw(t, label+" times"))
		}
		p.Notice.Title, p.Action.Reason, p.Action.DueFrom = grow("title"), grow("reason"), grow("due from")
		p.Notice.RequiredActions = slices.Repeat([]string{grow("demand")}, rapid.IntRange(0, 30).Draw(t, "demands"))
		p.Notice.Milestones = slices.Repeat([]cutover.Milestone{{Kind: "other", Start: "2023-01-01", Services: []string{grow("service")}, Evidence: cutover.Evidence{Quote: grow("quote")}}}, rapid.IntRange(0, 80).Draw(t, "milestones"))
		p.Action.Items[0].Why, p.Action.Items[1].Where = grow("why"), grow("where")
		p.Action.Items = slices.Repeat(p.Action.Items, rapid.SampledFrom([]int{0, 1, 7, 90}).Draw(t, "items"))
		limit := rapid.IntRange(8000, 60000).Draw(t, "limit")
		got := ticket.Block(p, limit)
		if n := utf8.RuneCountInString(got); n > limit {
			t.Errorf("%d characters, at most %d", n, limit)
		}
		if !strings.HasPrefix(got, "<!-- "+ticket.Marker("a1")) || !strings.HasSuffix(got, "\n<!-- cutover:end -->") || strings.Count(got, "<!--") != 2 {
			t.Errorf("the fence is broken")
		}
		if again := ticket.Block(p, limit); again != got {
			t.Errorf("the same page gave two texts")
		}
		if n := utf8.RuneCountInString(ticket.Title(p.Action, p.Notice)); n > 256 {
			t.Errorf("the title has %d characters", n)
		}
	})
}

// TestSplice: what stands outside of the block stays, byte for byte.
func TestSplice(t *testing.T) {
	block := func(text string) string {
		return "<!-- " + ticket.Marker("a1") + " -->\n" + text + "\n<!-- cutover:end -->"
	}
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"words\n", "\r\n", "> <!-- cutover:begin \"a1\" -->\n", " <!-- cutover:end -->\n", "```\n", "  \n"})
		above := strings.Join(rapid.SliceOf(line).Draw(t, "above"), "")
		below := strings.Join(rapid.SliceOf(line).Draw(t, "below"), "")
		body := ticket.Splice(above, "a1", block("one"))
		if !strings.HasPrefix(body, above) || !strings.Contains(body, block("one")) {
			t.Fatalf("the block was not put behind %q: %q", above, body)
		}
		if next := ticket.Splice(body+below, "a1", block("two")); next != strings.Replace(body+below, block("one"), block("two"), 1) {
			t.Errorf("around it something changed: %q became %q", body+below, next)
		}
	})
	for name, c := range map[string]struct{ body, want string }{
		"empty":          {"", block("new")},
		"fence deleted":  {"mine\n", "mine\n\n" + block("new") + "\n"},
		"begin deleted":  {"old\n<!-- cutover:end -->\nmine", "old\n<!-- cutover:end -->\nmine\n\n" + block("new") + "\n"},
		"end deleted":    {"<!-- " + ticket.Marker("a1") + " -->\nold\nmine\n\n", "<!-- " + ticket.Marker("a1") + " -->\nold\nmine\n\n" + block("new") + "\n"},
		"end, and again": {"<!-- " + ticket.Marker("a1") + " -->\nold\n" + block("x") + "\nmine", "<!-- " + ticket.Marker("a1") + " -->\nold\n" + block("new") + "\nmine"},
		"another's":      {"<!-- " + ticket.Marker("a11") + " -->\nold\n<!-- cutover:end -->", "<!-- " + ticket.Marker("a11") + " -->\nold\n<!-- cutover:end -->\n\n" + block("new") + "\n"},
		"CRLF":           {"a\r\n" + strings.ReplaceAll(block("old"), "\n", "\r\n") + "\r\nb\r\n", "a\r\n" + block("new") + "\r\nb\r\n"},
	} {
		if got := ticket.Splice(c.body, "a1", block("new")); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func FuzzSplice(f *testing.F) {
	f.Add("a", "b")
	f.Add("<!-- cutover:begin action=\"a1\" -->\n", "\n<!-- cutover:end -->")
	f.Fuzz(func(t *testing.T, body, text string) {
		if strings.Contains(text, "<!--") {
			return
		}
		block := "<!-- " + ticket.Marker("a1") + " -->\n" + text + "\n<!-- cutover:end -->"
		once := ticket.Splice(body, "a1", block)
		if !strings.Contains(once, block) {
			t.Fatalf("the block is missing in %q", once)
		}
		if twice := ticket.Splice(once, "a1", block); twice != once {
			t.Errorf("again: %q became %q", once, twice)
		}
	})
}
