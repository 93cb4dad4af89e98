package parse

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cutover/functions/parse/mail"
	"cutover/shared/catalog"
	"cutover/shared/cutover"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"
)

var updateNotices = flag.Bool("update", false, "write the golden files of the notices anew")

// arrival is when the deliveries of these tests came in.
var arrival = time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)

func testReader(t testing.TB) *Reader {
	t.Helper()
	services, err := catalog.Services()
	if err != nil {
		t.Fatal(err)
	}
	cas, err := catalog.CAs()
	if err != nil {
		t.Fatal(err)
	}
	return NewReader(services, cas)
}

// fixtures are the notices of testdata: an input, named after its form, and what
// is read from it.
func fixtures(t testing.TB) map[string]*txtar.Archive {
	t.Helper()
	files, err := filepath.Glob("testdata/notices/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	out := map[string]*txtar.Archive{}
	for _, f := range files {
		a, err := txtar.ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Files) == 0 || !strings.HasPrefix(a.Files[0].Name, "input.") {
			t.Fatalf("%s: the first file must be the input", f)
		}
		out[f] = a
	}
	return out
}

func delivery(name string, raw []byte) cutover.Delivery {
	return cutover.Delivery{ID: "d1", Name: name, Channel: cutover.ChannelMail, Received: arrival, Raw: raw}
}

func TestNotices(t *testing.T) {
	r := testReader(t)
	for file, a := range fixtures(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			readings := r.ReadAll(delivery(a.Files[0].Name, a.Files[0].Data))
			got := goldenOf(t, readings)
			for _, x := range readings {
				checkEvidence(t, x)
			}
			if *updateNotices {
				a.Files = append(a.Files[:1], txtar.File{Name: "golden.json", Data: got})
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(a.Files) < 2 {
				t.Fatalf("%s has no golden.json; run with -update", file)
			}
			if diff := cmp.Diff(string(a.Files[1].Data), string(got)); diff != "" {
				t.Errorf("reading differs (-want +got):\n%s", diff)
			}
		})
	}
}

// goldenOf prints what was read, without the places of the evidence, which
// checkEvidence proves.
func goldenOf(t *testing.T, readings []cutover.Reading) []byte {
	t.Helper()
	type golden struct {
		Sender     string         `json:"sender,omitempty"`
		Stamp      time.Time      `json:"stamp"`
		Structured []string       `json:"structured,omitempty"`
		Parts      []string       `json:"parts"`
		Notice     cutover.Notice `json:"notice"`
	}
	var out bytes.Buffer
	for _, x := range readings {
		g := golden{Sender: x.Sender, Stamp: x.Stamp, Structured: x.Structured, Notice: x.Notice}
		for _, p := range x.Parts {
			g.Parts = append(g.Parts, p.Name)
		}
		g.Notice.Evidence = nil
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		if err := enc.Encode(g); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

// checkEvidence proves that every fact has evidence, and that each quote stands
// verbatim at its offset in its part.
func checkEvidence(t testing.TB, x cutover.Reading) {
	t.Helper()
	parts := map[string]string{}
	for _, p := range x.Parts {
		if _, twice := parts[p.Name]; twice {
			t.Errorf("two parts are called %q", p.Name)
		}
		parts[p.Name] = p.Text
	}
	check := func(fact string, ev cutover.Evidence) {
		t.Helper()
		text, ok := parts[ev.Part]
		switch {
		case !ok:
			t.Errorf("%s: evidence in the unknown part %q", fact, ev.Part)
		case ev.Length == 0 || ev.Offset < 0 || ev.Offset+ev.Length > len(text):
			t.Errorf("%s: evidence at %d, %d bytes, part %q has %d", fact, ev.Offset, ev.Length, ev.Part, len(text))
		case text[ev.Offset:ev.Offset+ev.Length] != ev.Quote:
			t.Errorf("%s: %q does not stand at %d of %q", fact, ev.Quote, ev.Offset, ev.Part)
		}
	}
	n := x.Notice
	for key, ev := range n.Evidence {
		check(key, ev)
	}
	for _, m := range n.Milestones {
		check("milestone "+m.Kind+" "+string(m.Start), m.Evidence)
		if !strings.Contains(m.Evidence.Quote, string(m.Start)[:4]) && !strings.ContainsAny(m.Evidence.Quote, "0123456789") && n.Confidence["milestones/"+m.Kind+"/"+string(m.Start)].Level == "" {
			t.Errorf("milestone %s %s: the quote %q holds no date", m.Kind, m.Start, m.Evidence.Quote)
		}
	}
	for _, c := range n.Certificates {
		check("certificate "+c.CN, c.Evidence)
	}
	for key, list := range map[string][]string{"services/": n.Services, "regions/": n.Regions, "tracking_ids/": n.TrackingIDs, "clouds/": n.Clouds, "excluded_clouds/": n.ExcludedClouds, "subscriptions/": n.Subscriptions} {
		for _, v := range list {
			if _, ok := n.Evidence[key+v]; !ok {
				t.Errorf("%s%s has no evidence", key, v)
			}
		}
	}
	for i := range n.RequiredActions {
		ev, first := n.Evidence[fmt.Sprintf("required_actions/%d", i)], strings.Fields(n.RequiredActions[i])
		if len(first) == 0 || !strings.Contains(ev.Quote, strings.Trim(first[0], "*[")) {
			t.Errorf("required action %d, %q, is not in its evidence %q", i, n.RequiredActions[i], ev.Quote)
		}
	}
}

func TestFailures(t *testing.T) {
	r := testReader(t)
	for _, c := range []struct {
		name, file, raw string
		want            cutover.Verdict
	}{
		{"empty", "a.eml", " \n", cutover.VerdictFailed},
		{"binary", "a.txt", "\x89PNG\x00\x01\x02", cutover.VerdictFailed},
		{"broken JSON", "a.json", `{"schemaId": `, cutover.VerdictFailed},
		{"other JSON", "a.json", `{"hello": 1}`, cutover.VerdictIrrelevant},
		{"mail without text", "a.eml", "From: a@b.example\nSubject: x\nContent-Type: image/png\n\nabc", cutover.VerdictFailed},
		{"boundary bomb", "a.eml", "From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\n\n", 5000), cutover.VerdictFailed},
		{"header bomb", "a.eml", strings.Repeat("X-A: b\n", 600) + "\nhello", cutover.VerdictFailed},
		{"deep HTML", "a.html", strings.Repeat("<div>", 3000) + "Azure Storage: certificate change, act by 4 May 2027", cutover.VerdictPartial},
		{"chat", "a.txt", "Lunch at noon? Bring the cake.", cutover.VerdictIrrelevant},
	} {
		got := r.Read(delivery(c.file, []byte(c.raw)))
		if got.Notice.Verdict != c.want {
			t.Errorf("%s: verdict %s, want %s (%v)", c.name, got.Notice.Verdict, c.want, got.Notice.Reasons)
		}
		if len(got.Notice.Reasons) == 0 {
			t.Errorf("%s: a verdict without a reason", c.name)
		}
		checkEvidence(t, got)
	}
}

// Two From headers make a sender that nobody can trust.
func TestSender(t *testing.T) {
	r := testReader(t)
	body := "Subject: s\nDate: Mon, 02 Mar 2026 10:00:00 +0000\n\nYou're receiving this notice because you use Azure Sphere. On 4 May 2026, we'll retire it.\n"
	one := r.Read(delivery("a.eml", []byte("From: Azure <Azure-NoReply@microsoft.com>\n"+body)))
	if one.Sender != "azure-noreply@microsoft.com" {
		t.Errorf("sender %q", one.Sender)
	}
	two := r.Read(delivery("a.eml", []byte("From: evil@example.org\nFrom: azure-noreply@microsoft.com\n"+body)))
	if two.Sender != "" || !strings.Contains(strings.Join(two.Notice.Reasons, " "), "From") {
		t.Errorf("two senders: %q, reasons %v", two.Sender, two.Notice.Reasons)
	}
}

// The stamp is the provider's time, and a mail's Date never lies in the future.
func TestStamp(t *testing.T) {
	r := testReader(t)
	mailOf := func(date string) cutover.Reading {
		return r.Read(delivery("a.eml", []byte("From: a@microsoft.com\nDate: "+date+"\nSubject: Azure Sphere\n\nAzure Sphere retires on 4 May 2027.\n")))
	}
	if got := mailOf("Mon, 02 Mar 2026 10:00:00 +0100").Stamp; !got.Equal(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("stamp %v", got)
	}
	if got := mailOf("Mon, 02 Mar 2099 10:00:00 +0100").Stamp; !got.Equal(arrival) {
		t.Errorf("a date in the future gives %v, want the arrival", got)
	}
}

// Copies that differ in the subscription alone cost the rules once, and share
// nothing that one of them could change.
func TestMemo(t *testing.T) {
	r := testReader(t)
	raw := `{"schemaId":"Microsoft.Insights/activityLogs","data":{"context":{"activityLog":{"subscriptionId":"00000000-0000-0000-0000-%012d","submissionTimestamp":"2026-01-02T00:00:00Z","properties":{"title":"Event Hubs","trackingId":"AB1_-CD2","incidentType":"ActionRequired","communication":"Migrate before 4 May 2027.","impactedServices":"[{\"ServiceName\":\"Event Hubs\",\"ImpactedRegions\":[]}]"}}}}}`
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			got := r.Read(delivery("a.json", fmt.Appendf(nil, raw, i)))
			if len(got.Notice.Subscriptions) != 1 || !strings.HasSuffix(got.Notice.Subscriptions[0], fmt.Sprintf("%012d", i)) {
				t.Errorf("copy %d has the subscriptions %v", i, got.Notice.Subscriptions)
			}
			got.Notice.Milestones[0].Kind = "spoilt"
			got.Notice.Evidence["spoilt"] = cutover.Evidence{}
		})
	}
	wg.Wait()
	last := r.Read(delivery("a.json", fmt.Appendf(nil, raw, 7)))
	if last.Notice.Milestones[0].Kind != cutover.KindActBy || len(r.memo.byKey) != 1 {
		t.Errorf("memo: %v, %d entries", last.Notice.Milestones, len(r.memo.byKey))
	}
	if _, ok := last.Notice.Evidence["spoilt"]; ok {
		t.Error("a reader changed what is remembered")
	}
}

// Hostile mails from a seeded generator: no panic, a verdict with a reason each.
func TestHostileMails(t *testing.T) {
	r := testReader(t)
	rng := rand.New(rand.NewPCG(7, 11))
	for i := range 300 {
		raw := hostile(rng)
		start := time.Now()
		got := r.Read(delivery("a.eml", raw))
		if got.Notice.Verdict == "" {
			t.Fatalf("mail %d has no verdict", i)
		}
		checkEvidence(t, got)
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("mail %d took %v", i, d)
		}
	}
}

func hostile(rng *rand.Rand) []byte {
	var b bytes.Buffer
	pieces := []string{"From: a@b.example\n", "Subject: =?utf-8?Q?=?= =?iso-2022-jp?B?GyRC?=\n", "Content-Type: multipart/alternative; boundary=\"q\"\n", "Content-Type: text/html; charset=nope\n", "Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: quoted-printable\n", "\n", "--q\n", "--q--\n", "=E2=80\n", "Content-Type: message/rfc822\n", "<table><tr><td>", "<p hidden>", "&#x0;", "\xff\xfe", "On 4 May 2027 we'll retire Azure Storage.\n", "2024年2月30日までに", strings.Repeat("a", 3000) + "\n", strings.Repeat("<b>", 600), "| a |\n", "```\n", "---\n", "[x](", "~~"}
	for range rng.IntN(120) {
		b.WriteString(pieces[rng.IntN(len(pieces))])
	}
	return b.Bytes()
}

func FuzzRead(f *testing.F) {
	r := testReader(f)
	for _, a := range fixtures(f) {
		f.Add(a.Files[0].Name, a.Files[0].Data)
	}
	f.Add("x", []byte("From a\nFrom: b\n\n=?"))
	f.Fuzz(func(t *testing.T, name string, raw []byte) {
		for _, x := range r.ReadAll(delivery(name, raw)) {
			if x.Notice.Verdict == "" {
				t.Fatal("no verdict")
			}
			checkEvidence(t, x)
		}
	})
}

// BenchmarkMail reads a 20 KB HTML mail, and tells how many times longer that
// takes than decoding its MIME structure and parsing its HTML alone.
func BenchmarkMail(b *testing.B) {
	raw := benchMail()
	bare := func() {
		m, err := mail.Parse(raw)
		if err != nil {
			b.Fatal(err)
		}
		for _, t := range m.Texts {
			if _, err := html.Parse(strings.NewReader(t.Text)); err != nil {
				b.Fatal(err)
			}
		}
	}
	r := testReader(b)
	b.SetBytes(int64(len(raw)))
	var alone, reading time.Duration // in turns, so that a busy machine slows both
	for b.Loop() {
		r.memo = newMemo(1)
		start := time.Now()
		r.Read(delivery("a.eml", raw))
		middle := time.Now()
		bare()
		reading, alone = reading+middle.Sub(start), alone+time.Since(middle)
	}
	b.ReportMetric(float64(reading)/float64(alone), "x-of-mime+html")
}

// benchMail is a notice in the layout of a mail program, of about 20 KB.
func benchMail() []byte {
	var h strings.Builder
	h.WriteString("From: azure-noreply@microsoft.com\nSubject: Action required: update Azure Storage clients before 4 May 2027\nDate: Mon, 02 Mar 2026 10:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html><body><table width=\"100%\"><tr><td><p>You're receiving this email because you use Azure Storage.</p>")
	for i := range 16 {
		say := "You can see the state of each resource in the portal, and the list of all resources that belong to your subscription."
		if i%4 == 0 {
			say = fmt.Sprintf("Beginning on %d June 2027, storage accounts will get certificates from DigiCert Global Root G2.", i+1)
		}
		fmt.Fprintf(&h, "<table role=\"presentation\" width=\"100%%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse;mso-table-lspace:0pt;mso-table-rspace:0pt;width:600px;max-width:100%%;background-color:#ffffff\"><tbody><tr><td align=\"left\" valign=\"top\" style=\"padding:8px 24px 8px 24px;color:#333333;font-size:14px;line-height:20px;font-family:'Segoe UI',SegoeUI,Arial,sans-serif;mso-line-height-rule:exactly\"><div style=\"margin:0;padding:0;text-align:left\"><p style=\"margin:0 0 12px 0;font-family:'Segoe UI',SegoeUI,Arial,sans-serif;font-size:14px\"><span style=\"color:#333333;font-weight:400\">Paragraph %d explains one more part of the change.</span> <span style=\"color:#333333;font-weight:400\">%s</span></p></div></td></tr><tr><td height=\"8\" style=\"font-size:1px;line-height:8px\">&nbsp;</td></tr></tbody></table>\n", i, say)
	}
	h.WriteString("<h2>Required action</h2><p>Update your clients before 4 May 2027.</p></td></tr></table></body></html>")
	return []byte(h.String())
}
