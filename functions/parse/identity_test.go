package parse

import (
	"slices"
	"testing"

	"cutover/shared/cutover"
)

func TestKeys(t *testing.T) {
	if got := keyOf("", "3SYG-JCG"); got != "azure:3SYG-JCG" {
		t.Errorf("key %s", got)
	}
	one, two := surrogateKey("azure", "Update  Your\tRoots ", "d1"), surrogateKey("azure", "update your roots", "d2")
	if want := "azure:~" + cutover.Digest("update your roots")[:8]; one != want || two != want {
		t.Errorf("keys %s and %s, want %s: the title counts, not its case and blanks", one, two, want)
	}
	if surrogateKey("azure", "", "d1") == surrogateKey("azure", " ", "d2") {
		t.Error("two untitled notices are one")
	}
	if trackingID(one) != "" || trackingID("azure:3SYG-JCG") != "3SYG-JCG" {
		t.Error("a surrogate is taken for a tracking ID")
	}
}

func TestStandingKey(t *testing.T) {
	tests := []struct {
		texts [][]string
		want  string
	}{
		{[][]string{{"B"}}, "B"},
		{[][]string{{"B", "A"}}, "B"},
		{[][]string{{"B", "A"}, {"A"}}, "B"},
		{[][]string{{"C", "B"}, {"B", "A"}}, "C"},
		{[][]string{{"C", "X"}, {"B", "X"}}, "B"},
		{[][]string{{"B", "A"}, {"A", "B"}}, "A"},
		{[][]string{{"B", "B"}}, "B"},
		{nil, ""},
	}
	for _, tt := range tests {
		for range 2 {
			s := standing{first: map[string]bool{}, alias: map[string]bool{}}
			for _, ids := range tt.texts {
				s.add(ids)
			}
			if got := s.key(); got != tt.want {
				t.Errorf("%v are named %q, want %q", tt.texts, got, tt.want)
			}
			slices.Reverse(tt.texts)
		}
	}
}

func TestDueOfNotice(t *testing.T) {
	m := func(kind, start, precision, reason string) cutover.Milestone {
		return cutover.Milestone{Kind: kind, Start: cutover.Date(start), Precision: precision, Reason: reason}
	}
	tests := []struct {
		name string
		ms   []cutover.Milestone
		want cutover.Date
	}{
		{"none", nil, ""},
		{"other", []cutover.Milestone{m("other", "2026-01-01", "day", "")}, ""},
		{"act-by before cutover", []cutover.Milestone{m("cutover", "2026-03-01", "day", ""), m("act-by", "2026-02-01", "day", ""), m("act-by", "2026-02-20", "day", "")}, "2026-02-01"},
		{"cutover month", []cutover.Milestone{m("cutover", "2026-03-31", "month", ""), m("act-by", "2026-03-31", "month", "")}, "2026-03-01"},
		{"running window", []cutover.Milestone{m("cutover", "2026-03-31", "month", cutover.ReasonRunning)}, "2026-03-31"},
		{"retirement when there is nothing earlier in rank", []cutover.Milestone{m("expiry", "2025-01-01", "day", ""), m("retirement", "2027-06-30", "month", "")}, "2027-06-30"},
		{"expiry", []cutover.Milestone{m("expiry", "2025-01-01", "day", "")}, "2025-01-01"},
	}
	for _, tt := range tests {
		if got := dueOfNotice(cutover.Notice{Milestones: tt.ms}); got != tt.want {
			t.Errorf("%s: due %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestCut(t *testing.T) {
	for in, want := range map[string]string{"short": "short", "日本語": "日本…", "abcdefgh": "abcdef…"} {
		if got := cut(in, 6); got != want {
			t.Errorf("cut %q is %q, want %q", in, got, want)
		}
	}
}
