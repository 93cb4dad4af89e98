package prose_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cutover/shared/cutover"
	"cutover/shared/prose"
)

func TestWhen(t *testing.T) {
	now := time.Date(2022, 12, 23, 23, 30, 0, 0, time.UTC)
	tokyo := time.FixedZone("UTC+9", 9*3600) // there it is the 24th already
	for _, c := range []struct {
		name string
		m    cutover.Milestone
		loc  *time.Location
		want string
	}{
		{"day", cutover.Milestone{Start: "2023-02-15", Precision: "day"}, nil, "15 February 2023 (in 54 days)"},
		{"the reader's day counts", cutover.Milestone{Start: "2023-02-15", Precision: "day"}, tokyo, "15 February 2023 (in 53 days)"},
		{"today", cutover.Milestone{Start: "2022-12-23", Precision: "day"}, nil, "23 December 2022 (today)"},
		{"today there", cutover.Milestone{Start: "2022-12-23", Precision: "day"}, tokyo, "23 December 2022 (yesterday)"},
		{"leap day", cutover.Milestone{Start: "2024-02-29", Precision: "day"}, nil, "29 February 2024 (in 433 days)"},
		{"window ahead", cutover.Milestone{Start: "2023-02-15", End: "2023-10-15", Precision: "day"}, nil, "15 February 2023 to 15 October 2023 (starts in 54 days, ends in 296 days)"},
		{"window now", cutover.Milestone{Start: "2022-12-01", End: "2022-12-24", Precision: "day"}, nil, "1 December 2022 to 24 December 2022 (began 22 days ago, ends tomorrow)"},
		{"window begins today", cutover.Milestone{Start: "2022-12-23", End: "2022-12-24", Precision: "day"}, nil, "23 December 2022 to 24 December 2022 (began today, ends tomorrow)"},
		{"window over", cutover.Milestone{Start: "2022-10-01", End: "2022-12-01", Precision: "day"}, nil, "1 October 2022 to 1 December 2022 (began 83 days ago, ended 22 days ago)"},
		{"only the end is known", cutover.Milestone{Start: "2023-06-30", Precision: "month", Reason: cutover.ReasonRunning}, nil, "has begun already, ends June 2023 (ends in 160 to 189 days)"},
		{"month", cutover.Milestone{Start: "2023-02-28", Precision: "month"}, nil, "February 2023 (in 40 to 67 days, no day is given)"},
		{"this month", cutover.Milestone{Start: "2022-12-31", Precision: "month"}, nil, "December 2022 (some day this month, no day is given)"},
		{"last month", cutover.Milestone{Start: "2022-11-30", Precision: "month"}, nil, "November 2022 (23 days ago, no day is given)"},
		{"year", cutover.Milestone{Start: "2027-12-31", Precision: "year"}, nil, "2027 (in 1470 to 1834 days, no day is given)"},
		{"no date", cutover.Milestone{}, nil, "no date given"},
	} {
		if got := prose.When(c.m, now, c.loc); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCount(t *testing.T) {
	item := func(kind, service string, cleared cutover.Date) cutover.Item {
		return cutover.Item{Kind: kind, Service: service, Cleared: cleared}
	}
	for _, c := range []struct {
		want  string
		items []cutover.Item
	}{
		{"nothing listed", nil},
		{"1 IoT Hub resource", []cutover.Item{item("resource", "Azure IoT Hub", "")}},
		{"2 resources", []cutover.Item{item("resource", "Azure IoT Hub", ""), item("resource", "Key Vault", "")}},
		{"1 place in code", []cutover.Item{item("finding", "", ""), item("resource", "Azure IoT Hub", "2023-01-01")}},
		{"1 IoT Hub resource, 2 places in code and 1 subscription", []cutover.Item{item("finding", "", ""), item("finding", "", ""), item("resource", "Azure IoT Hub", ""), item("subscription", "", "")}},
		{"1 place in code", []cutover.Item{item("finding", "", "2023-01-01")}},
	} {
		if got := prose.Count(cutover.Action{Items: c.items}); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestSince(t *testing.T) {
	item := func(id string, cleared cutover.Date) cutover.Item {
		return cutover.Item{Kind: "finding", ID: id, Cleared: cleared}
	}
	before := cutover.Action{State: cutover.ActionAcknowledged, Due: "2023-02-15", Items: []cutover.Item{item("a", ""), item("b", ""), item("c", "2023-01-01"), item("d", "")}}
	after := cutover.Action{State: cutover.ActionOpen, Due: "2023-02-01", Items: []cutover.Item{item("a", ""), item("b", "2023-01-02"), item("c", ""), item("e", "")}}
	kept, ok := prose.ParseShown(prose.ShownOf(before).String())
	if !ok {
		t.Fatal("what was kept cannot be read")
	}
	got := prose.Since(kept, after)
	want := prose.Change{
		DueMoved: true, DueFrom: "2023-02-15", DueTo: "2023-02-01", From: cutover.ActionAcknowledged, To: cutover.ActionOpen,
		Added: after.Items[3:], Cleared: after.Items[1:2], Returned: after.Items[2:3], Left: 1, Unacknowledged: true, StateMatters: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := prose.Since(prose.ShownOf(after), after); got.Matters() || got.Left != 0 || len(got.Cleared) != 0 {
		t.Errorf("nothing changed, and yet %+v", got)
	}
	for _, c := range []struct {
		from, to         cutover.ActionState
		ended, back, say bool
	}{
		{cutover.ActionOpen, cutover.ActionResolved, true, false, true},
		{cutover.ActionOpen, cutover.ActionMoved, true, false, true},
		{cutover.ActionResolved, cutover.ActionOpen, false, true, true},
		{cutover.ActionDone, cutover.ActionOpen, false, true, true},
		{cutover.ActionOpen, cutover.ActionWaived, false, false, true},
		{cutover.ActionOpen, cutover.ActionAcknowledged, false, false, false},
		{cutover.ActionOpen, cutover.ActionSnoozed, false, false, false},
		{cutover.ActionSnoozed, cutover.ActionOpen, false, false, false},
	} {
		ch := prose.Since(prose.Shown{State: c.from}, cutover.Action{State: c.to})
		if ch.Ended != c.ended || ch.Reopened != c.back || ch.Matters() != c.say {
			t.Errorf("%s to %s: %+v", c.from, c.to, ch)
		}
	}
	if _, ok := prose.ParseShown("not JSON"); ok {
		t.Error("anything passes for what was shown")
	}
}

func TestDueWords(t *testing.T) {
	for _, c := range []struct {
		from, to cutover.Date
		want     string
	}{
		{"2023-02-15", "2023-02-15", ""},
		{"2023-02-15", "2023-02-01", "The due date is earlier now: 1 February 2023 instead of 15 February 2023."},
		{"2023-02-01", "2023-02-15", "The due date is later now: 15 February 2023 instead of 1 February 2023."},
		{"", "2023-02-15", "There is a due date now: 15 February 2023."},
		{"2023-02-15", "", "The due date 15 February 2023 no longer holds; no other is known."},
	} {
		if got := prose.Since(prose.Shown{Due: c.from}, cutover.Action{Due: c.to}).DueWords(); got != c.want {
			t.Errorf("%s to %s: %q, want %q", c.from, c.to, got, c.want)
		}
	}
}

func TestZone(t *testing.T) {
	if loc, err := prose.Zone(cutover.Team{}); loc != time.UTC || err != nil {
		t.Error(loc, err)
	}
	if loc, err := prose.Zone(cutover.Team{ID: "x", Timezone: "Mars/Olympus"}); loc != time.UTC || err == nil || !strings.Contains(err.Error(), "team x") {
		t.Error(loc, err)
	}
}

// TestClean: nothing dangerous is left, lines survive, and cleaning twice changes nothing.
func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb\rc":                      "a\nb\nc",
		"a\tb\u00a0c":                    "a b c",
		"cer\u00adtifi\u200bcate":        "certificate",
		"evil\u202etxt.exe\u2066":        "evil\uFFFDtxt.exe\uFFFD",
		"\x1b[31mred\x00":                "\uFFFD[31mred\uFFFD",
		"\xff\xfe":                       "\uFFFD",
		"追跡 ID、第2段階":                     "追跡 ID、第2段階",
		"tag\U000E0041\U000E0042 \ue000": "tag \uFFFD",
	} {
		if got := prose.Clean(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := prose.Clean(rapid.String().Draw(t, "text"))
		if prose.Clean(s) != s || !utf8.ValidString(s) {
			t.Fatalf("%q is not clean", s)
		}
		for _, r := range s {
			if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Bidi_Control, r)) {
				t.Fatalf("%U is left", r)
			}
		}
		max := rapid.IntRange(0, 20).Draw(t, "max")
		if l := prose.Line(s, max); utf8.RuneCountInString(l) > max || strings.Contains(l, "\n") {
			t.Fatalf("%q is no line of %d characters", l, max)
		}
	})
}
