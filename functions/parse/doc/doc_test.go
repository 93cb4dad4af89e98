package doc

import (
	"strings"
	"testing"
)

// checkSpans proves that every span of a document lies in its text, and that the
// view maps back to it.
func checkSpans(t testing.TB, d *Doc) {
	t.Helper()
	in := func(s Span) bool { return s.Start >= 0 && s.Start <= s.End && s.End <= len(d.Text) }
	for i, b := range d.Blocks {
		if !in(b.Span) {
			t.Fatalf("block %d: %v of %d bytes", i, b.Span, len(d.Text))
		}
		for _, l := range b.Lines {
			if !in(l) {
				t.Fatalf("block %d: line %v of %d bytes", i, l, len(d.Text))
			}
		}
	}
	v := Fold(d)
	for _, s := range v.Sentences {
		sp := v.Span(s.Start, s.End)
		if !in(sp) || sp.Len() == 0 {
			t.Fatalf("sentence %q maps to %v", v.Text(s), sp)
		}
		if v.Find(sp.Start) < 0 {
			t.Fatalf("sentence %q: its first byte is not in the view", v.Text(s))
		}
	}
}

func sentences(d *Doc) []string {
	v := Fold(d)
	var out []string
	for _, s := range v.Sentences {
		out = append(out, v.Text(s))
	}
	return out
}

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		name string
		d    *Doc
		want string
	}{
		{"hard-wrapped mail", FromText("body", "You need to move every one of the applications that still use\nthe old endpoint. Then stop.\n"), "you need to move every one of the applications that still use the old endpoint.|then stop."},
		{"one line, one paragraph", FromText("body", "Required action\nMove now.\n"), "required action|move now."},
		{"German day", FromText("body", "Am 31. März 2027 endet es. Danach nicht.\n"), "am 31. märz 2027 endet es.|danach nicht."},
		{"Japanese", FromText("body", "２０２７年３月に変わります。対応は不要です。"), "2027年3月に変わります。|対応は不要です。"},
		{"markup", FromText("body", "**Before** [the date](https://x.example/2020-01-01), ~~by 1 May~~ move.\n"), "before the date , move."},
		{"quoted", FromText("body", "> Tracking ID: X\n> Second\n"), "tracking id: x|second"},
		{"tags in a date", FromHTML("body", "<p>On <b>5&nbsp;May</b> <i>2027</i><wbr> it ends.</p>"), "on 5 may 2027 it ends."},
		{"hidden", FromHTML("body", `<p style="Display: none">no</p><p hidden>no</p><script>no</script><p>yes</p>`), "yes"},
		{"cells", FromHTML("body", "<table><tr><th>A</th><th>B</th></tr><tr><td>1<br>2</td><td></td></tr></table>"), "a|b|1|2"},
		{"layout table", FromHTML("body", "<table><tr><td><table><tr><td><p>One.</p></td></tr></table></td></tr></table>"), "one."},
	} {
		checkSpans(t, c.d)
		if got := strings.Join(sentences(c.d), "|"); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
		}
	}
}

// A flattened table gets its columns back.
func TestFlatTable(t *testing.T) {
	d := FromText("body", "Kind |\nOld |\nNew |\nRoot |\nA\nB |\nC |\nLeaf |\n|\nD |\nAfter it.\n")
	checkSpans(t, d)
	var rows []Block
	for _, b := range d.Blocks {
		if b.Kind == Row {
			rows = append(rows, b)
		}
	}
	if len(rows) != 3 || len(rows[1].Cells) != 3 || len(rows[1].Cells[1]) != 2 || len(rows[2].Cells[1]) != 0 {
		t.Errorf("rows: %+v", rows)
	}
}

// HTML that nests too deeply is read without structure, and says so.
func TestDeepHTML(t *testing.T) {
	d := FromHTML("body", strings.Repeat("<div>", 2000)+"still here")
	if len(d.Reasons) == 0 || !strings.Contains(d.Text, "still here") {
		t.Errorf("text %q, reasons %v", d.Text, d.Reasons)
	}
}

func FuzzHTML(f *testing.F) {
	f.Add("<table><tr><td>a<br>b<td>c</table><p hidden>x")
	f.Add("<del>1 May</del> <a href='https://x'>y</a>")
	f.Fuzz(func(t *testing.T, s string) { checkSpans(t, FromHTML("body", s)) })
}

func FuzzText(f *testing.F) {
	f.Add("---\ntitle: x\n---\n# h\n> q\n| a | b |\n```\ncode\n```\n")
	f.Add("A |\nB |\nC |\n|\n<table><tr><td>x</td></tr></table>\n~~gone~~ [l](https://x.example)")
	f.Fuzz(func(t *testing.T, s string) { checkSpans(t, FromText("body", s)) })
}
