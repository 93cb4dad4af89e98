package extract

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"cutover/functions/parse/doc"
	"cutover/shared/catalog"
	"cutover/shared/cutover"

	"pgregory.net/rapid"
)

func testIndex(t testing.TB) *Index {
	t.Helper()
	services, err := catalog.Services()
	if err != nil {
		t.Fatal(err)
	}
	cas, err := catalog.CAs()
	if err != nil {
		t.Fatal(err)
	}
	return NewIndex(services, cas)
}

// dated prints the milestones of a text, sorted.
func dated(x *Index, text string) string {
	n := x.Read(Input{Docs: []*doc.Doc{doc.FromText("body", text)}})
	var out []string
	for _, m := range n.Milestones {
		s := m.Kind + " " + string(m.Start)
		if m.End != "" {
			s += ".." + string(m.End)
		}
		if m.Precision != cutover.PrecisionDay {
			s += " " + m.Precision
		}
		if m.Reason != "" {
			s += " " + m.Reason
		}
		out = append(out, s)
	}
	sort.Strings(out)
	return strings.Join(out, "; ")
}

// Each rule with its hits and its misses.
func TestDates(t *testing.T) {
	x := testIndex(t)
	for _, c := range []struct{ text, want string }{
		// what ends
		{"On 30 September 2027, we'll retire Azure Batch pools.", "retirement 2027-09-30"},
		{"Support for Node 16 ends on Sept 30, 2027.", "retirement 2027-09-30"},
		{"Azure Relay will no longer be available after 1st March 2027.", "retirement 2027-03-01"},
		{"The add-on is supported through November 2026.", ""},
		{"Official support runs through November 2026.", "retirement 2026-11-30 month"},
		// what the reader must do
		{"Please migrate by end of June 2027.", "act-by 2027-06-30 month"},
		{"You must update your clients before February 2027.", "act-by 2027-01-31 month"},
		{"Make sure to switch on or before 31 March 2027.", "act-by 2027-03-31"},
		{"Upgrade no later than 3/31/2027 to avoid downtime.", "act-by 2027-03-31"},
		{"Migrate before 27 February 2027, when the old API will be retired.", "act-by 2027-02-27; retirement 2027-02-27"},
		// what changes
		{"Between January 15 and February 15, 2027, hubs will migrate.", "cutover 2027-01-15..2027-02-15"},
		{"The rollout starts between 15 December and 15 January 2027.", "cutover 2026-12-15..2027-01-15"},
		{"We'll begin rolling out on February 15, 2027 and completing by October 15, 2027.", "cutover 2027-02-15..2027-10-15"},
		{"The migration has started and will be finished by end of June 2027.", "cutover 2027-06-30..2027-06-30 month already-running"},
		{"The change has been postponed from 1 May 2027 to 1 July 2027.", "cutover 2027-07-01"},
		{"The new root takes effect on 2027-05-04.", "cutover 2027-05-04"},
		// certificates
		{"These certificates expire in June 2027.", "expiry 2027-06-30 month"},
		// not milestones
		{"Published on 4 May 2027.", ""},
		{"Last updated: 2027-05-04", ""},
		{"Join our livestream on 24 October 2027 and register today.", ""},
		{"Use API version 2027-02-01 or later.", ""},
		{"See https://example.com/2027/05/04/retire-azure-things for details.", ""},
		{"For example, a certificate issued on 4 May 2027 will be replaced.", ""},
		{"We announced this retirement on 5 August 2023.", ""},
		{"~~Migrate by 4 May 2027.~~ Nothing to do.", ""},
		{"Version 1.2.2027 and build 31.12.20 changed.", ""},
		// Japanese
		{"2027 年 3 月 31 日をもって廃止されます。", "retirement 2027-03-31"},
		{"２０２７年３月３１日までに移行してください。", "act-by 2027-03-31"},
		{"2027 年 4 月 1 日から 2027 年 6 月 30 日にかけて証明書を更新します。", "cutover 2027-04-01..2027-06-30"},
		{"2027年6月末に有効期限が切れます。", "expiry 2027-06-30 month"},
		{"2027 年 4 月 20 日時点の内容です。", ""},
		{"2027 年 4 月 20 日に公開されました。", ""},
		// others
		{"Am 31. August 2027 wird Azure Batch eingestellt.", "retirement 2027-08-31"},
		{"Le 1er mars 2027, Azure Batch sera mis hors service.", "retirement 2027-03-01"},
		{"El 31 de marzo de 2027 se retirará Azure Batch.", "retirement 2027-03-31"},
		{"2027 年 9 月 30 日，我们将停用 Azure Batch。", "retirement 2027-09-30"},
		{"2027년 8월 31일에 Azure Batch가 사용 중지됩니다.", "retirement 2027-08-31"},
	} {
		if got := dated(x, c.text+"\n"); got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.text, got, c.want)
		}
	}
}

// A date reads the same however it is written.
func TestDateForms(t *testing.T) {
	x := testIndex(t)
	english := []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	rapid.Check(t, func(t *rapid.T) {
		y, m := rapid.IntRange(2025, 2040).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month")
		d := rapid.IntRange(1, lastDay(y, m)).Draw(t, "day")
		want := fmt.Sprintf("retirement %04d-%02d-%02d", y, m, d)
		name := english[m-1]
		for _, text := range []string{
			fmt.Sprintf("On %d %s %d, we'll retire it.", d, name, y),
			fmt.Sprintf("On %s %d, %d, we'll retire it.", name, d, y),
			fmt.Sprintf("On %s\u00a0%dth %d, we'll retire it.", name[:3], d, y),
			fmt.Sprintf("On %04d-%02d-%02d, we'll retire it.", y, m, d),
			fmt.Sprintf("%d年%d月%d日に廃止されます。", y, m, d),
			fmt.Sprintf("%d 年 %02d 月 %02d 日に廃止されます。", y, m, d),
			fmt.Sprintf("%d/%d/%d に廃止されます。", y, m, d),
			fmt.Sprintf("%d년 %d월 %d일에 사용 중지됩니다.", y, m, d),
		} {
			if got := dated(x, text); got != want {
				t.Fatalf("%s\n got %q\nwant %q", text, got, want)
			}
		}
	})
}

func TestIDs(t *testing.T) {
	x := testIndex(t)
	for text, want := range map[string]string{
		"Tracking ID: AB1_-CD2":                                 "AB1_-CD2",
		"追跡 ID：_2TT-Q0G":                                        "_2TT-Q0G",
		"Tracking IDs: AB1_-CD2, ZX9K-QQ1 and 77AA-B_C.":        "AB1_-CD2 ZX9K-QQ1 77AA-B_C",
		"Tracking ID: AB1_-CD2. See also tracking ID ZX9K-QQ1.": "AB1_-CD2",
		"Model RS12-ABC and part 2024-123 are fine.":            "",
		"Open https://app.azure.com/h/AB1_-CD2/ab12cd.":         "AB1_-CD2",
	} {
		n := x.Read(Input{Docs: []*doc.Doc{doc.FromText("body", "Azure Batch changes.\n\n"+text+"\n")}})
		if got := strings.Join(n.TrackingIDs, " "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestClouds(t *testing.T) {
	x := testIndex(t)
	for text, want := range map[string]string{
		"This change is limited to public Azure cloud and US Government cloud. There are no changes in Azure China.": "AzureCloud AzureUSGovernment / AzureChinaCloud",
		"Only the global Azure cloud is affected. Sovereign clouds aren't included.":                                 "AzureCloud / AzureUSGovernment AzureChinaCloud",
		"Azure Batch changes.": " / ",
	} {
		n := x.Read(Input{Docs: []*doc.Doc{doc.FromText("body", text+"\n")}})
		if got := strings.Join(n.Clouds, " ") + " / " + strings.Join(n.ExcludedClouds, " "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestThumbprints(t *testing.T) {
	const sha = "df3c24f9bfd666761b268073fe06d1cc8d4f82a4"
	pairs := make([]string, 0, 20)
	for i := 0; i < 40; i += 2 {
		pairs = append(pairs, strings.ToUpper(sha[i:i+2]))
	}
	for text, want := range map[string]int{
		sha: 1, strings.ToUpper(sha): 1, strings.Join(pairs, ":"): 1, strings.Join(pairs, " "): 1,
		sha + "ab": 0, "x" + sha: 0, sha[:39]: 0, sha + "\n" + sha: 2, "(" + sha + ")": 1,
	} {
		if got := thumbShapes(text); len(got) != want {
			t.Errorf("%q: %v, want %d", text, got, want)
		}
	}
}

func FuzzDates(f *testing.F) {
	x := testIndex(f)
	for _, s := range []string{"between 15 December and 15 January 2027", "by end of 2025", "2027 年 2 月 30 日", "31.12.2027", "1er mars 2027", "before February 2027", "3/31/25", "2027年13月", "May 2027 may", "end of end of June"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, m := range x.Read(Input{Docs: []*doc.Doc{doc.FromText("body", "Azure Batch retires "+s)}}).Milestones {
			if !m.Start.Valid() || (m.End != "" && !m.End.Valid()) {
				t.Fatalf("%q gives %s..%s", s, m.Start, m.End)
			}
		}
	})
}
