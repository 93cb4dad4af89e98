package extract

import (
	"os"
	"strings"
	"testing"

	"cutover/functions/parse/doc"
	"cutover/shared/cutover"
)

// rows reads a table of "want :: sentence" lines; lines with # are comments.
func rows(t *testing.T, name string) [][2]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]string
	for i, line := range strings.Split(string(raw), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		want, text, ok := strings.Cut(line, " :: ")
		if !ok {
			t.Fatalf("%s:%d: no \" :: \" in %q", name, i+1, line)
		}
		out = append(out, [2]string{strings.TrimPrefix(want, "-"), text})
	}
	return out
}

// The sentences that providers write, beside those of the notices that the
// rules grew with: a hit or a miss for each way to say it.
func TestSentencesWithDates(t *testing.T) {
	x := testIndex(t)
	for _, r := range rows(t, "dates.txt") {
		if got := dated(x, r[1]+"\n"); got != r[0] {
			t.Errorf("%s\n got %q\nwant %q", r[1], got, r[0])
		}
	}
}

func TestSentencesWithClouds(t *testing.T) {
	x := testIndex(t)
	for _, r := range rows(t, "clouds.txt") {
		n := x.Read(Input{Docs: []*doc.Doc{doc.FromText("body", r[1]+"\n")}})
		got := strings.Join(n.Clouds, " ") + " / " + strings.Join(n.ExcludedClouds, " ")
		if strings.TrimSpace(got) != strings.TrimSpace(r[0]) {
			t.Errorf("%s\n got %q\nwant %q", r[1], got, r[0])
		}
	}
}

func TestSentencesWithCertificates(t *testing.T) {
	x := testIndex(t)
	names := map[string][2]string{
		"O": {"DigiCert Global Root CA", "a8985d3a65e5e5c4b2d7d66d40c6dd2fb19c5436"},
		"N": {"DigiCert Global Root G2", "df3c24f9bfd666761b268073fe06d1cc8d4f82a4"},
		"B": {"Baltimore CyberTrust Root", "d4de20d05e66fc53fe1a50882c78db2852cae474"},
	}
	for _, r := range rows(t, "certificates.txt") {
		for _, thumbs := range []bool{false, true} {
			text := r[1]
			for k, n := range names {
				full := n[0]
				if thumbs {
					full += " (thumbprint: " + n[1] + ")"
				}
				text = strings.ReplaceAll(text, "{"+k+"}", full)
			}
			state := map[string]string{}
			for _, c := range x.Read(Input{Docs: []*doc.Doc{doc.FromText("body", text+"\n")}}).Certificates {
				for k, n := range names {
					if n[0] == c.CN {
						state[c.State] = strings.TrimSpace(state[c.State] + " " + k)
					}
				}
			}
			got := strings.Trim(state[cutover.StateRetiring]+" / "+state[cutover.StateIntroduced], " ")
			if got != strings.TrimSpace(r[0]) || state[""] != "" {
				t.Errorf("%s\n got %q, undecided %q\nwant %q", text, got, state[""], r[0])
			}
		}
	}
}

func TestSentencesThatAsk(t *testing.T) {
	x := testIndex(t)
	for _, r := range rows(t, "action.txt") {
		text := "You're receiving this notice because you use Azure IoT Hub, whose certificates change.\n\n" + r[1] + "\n"
		n := x.Read(Input{Docs: []*doc.Doc{doc.FromText("body", text)}})
		got := map[bool]string{true: "action", false: "none"}[n.ActionRequired] + map[bool]string{true: " pin", false: " all"}[n.PinningCondition]
		if got != r[0] {
			t.Errorf("%s\n got %q\nwant %q", r[1], got, r[0])
		}
	}
}
