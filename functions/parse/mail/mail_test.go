package mail

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"
)

func encode(t testing.TB, label, s string) string {
	t.Helper()
	e := lookup(label)
	b, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCharsets(t *testing.T) {
	const text = "証明書を更新してください"
	for _, c := range []struct{ name, header, body string }{
		{"utf-8", "text/plain; charset=utf-8", text},
		{"utf-8 called us-ascii", "text/plain; charset=us-ascii", text},
		{"no label", "text/plain", text},
		{"iso-2022-jp", "text/plain; charset=iso-2022-jp", encode(t, "iso-2022-jp", text)},
		{"iso-2022-jp without a label", "text/plain", encode(t, "iso-2022-jp", text)},
		{"shift_jis", "text/plain; charset=Shift_JIS", encode(t, "shift_jis", text)},
		{"cp932", "text/plain; charset=cp932", encode(t, "shift_jis", text)},
		{"euc-jp", "text/plain; charset=EUC-JP", encode(t, "euc-jp", text)},
	} {
		m, err := Parse([]byte("From: a@b.example\nContent-Type: " + c.header + "\n\n" + c.body + "\n"))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if len(m.Texts) != 1 || !strings.Contains(m.Texts[0].Text, text) {
			t.Errorf("%s: %+v", c.name, m.Texts)
		}
	}
}

func TestSubjects(t *testing.T) {
	jis, err := japanese.ISO2022JP.NewEncoder().String("重要なお知らせ")
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]string{
		"=?UTF-8?B?6YeN6KaB?=": "重要",
		"=?iso-2022-jp?B?" + base64.StdEncoding.EncodeToString([]byte(jis)) + "?=": "重要なお知らせ",
		"=?nope?Q?x?=": "x",
		"重要":           "重要",
	} {
		m, err := Parse([]byte("From: a@b.example\nSubject: " + raw + "\n\nx\n"))
		if err != nil {
			t.Fatal(err)
		}
		if m.Subject != want {
			t.Errorf("%q reads %q, want %q", raw, m.Subject, want)
		}
	}
}

func TestStructure(t *testing.T) {
	alternative := "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\nplain\n--x\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>r=C3=A9ch = x</p>\n--x--\n"
	m, err := Parse([]byte("From someone Mon Jan 1 00:00:00 2026\n" + alternative))
	if err != nil || len(m.Texts) != 1 || !m.Texts[0].HTML || !strings.Contains(m.Texts[0].Text, "réch = x") {
		t.Errorf("alternative: %v %+v", err, m)
	}
	forward := "From: me@b.example\nContent-Type: multipart/mixed; boundary=y\n\n--y\nContent-Type: text/plain\n\nsee below\n--y\nContent-Type: application/octet-stream; name=notice.eml\nContent-Disposition: attachment; filename=notice.eml\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(alternative)) + "\n--y--\n"
	m, err = Parse([]byte(forward))
	if err != nil || m.Inner == nil || m.Sender() != "me@b.example" || m.Inner.Sender() != "a@b.example" || len(m.Texts) != 2 {
		t.Errorf("forward: %v %+v", err, m)
	}
}

func TestCaps(t *testing.T) {
	deep := "From: a@b.example\n"
	for i := range 30 {
		b := strings.Repeat("b", i+1)
		deep += "Content-Type: multipart/mixed; boundary=" + b + "\n\n--" + b + "\n"
	}
	for name, raw := range map[string]string{
		"parts":    "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\nContent-Type: text/plain\n\n", 300),
		"depth":    deep,
		"headers":  strings.Repeat("X: y\n", 501) + "\n",
		"header":   "X: " + strings.Repeat("y", 70_000) + "\n\n",
		"folded":   "X: y\n" + strings.Repeat(" "+strings.Repeat("y", 900)+"\n", 90) + "\n",
		"dashes":   "Content-Type: multipart/mixed; boundary*0=x\n\n" + strings.Repeat("--x\n\n", 3000),
		"messages": strings.Repeat("Content-Type: message/rfc822\n\n", 40),
	} {
		if err := Check([]byte(raw)); !errors.Is(err, ErrCap) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Check([]byte("From: a@b.example\nContent-Type: multipart/mixed; boundary=\"x y\"\n\n--x y\n\nhello\n--x y--\n")); err != nil {
		t.Errorf("a plain mail: %v", err)
	}
}

func FuzzMail(f *testing.F) {
	f.Add([]byte("From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\nSubject: =?utf-8?Q?a?=\n\nx\n--x--\n"))
	f.Add([]byte("From x\nContent-Transfer-Encoding: base64\n\nYQ=="))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Parse(raw)
		if err == nil && len(m.From) > 1 && m.Sender() != "" {
			t.Error("a sender of several")
		}
	})
}

// Only A to Z are folded: the Kelvin sign stays what it is.
func TestAddressesFoldASCIIOnly(t *testing.T) {
	for from, want := range map[string]string{
		"Azure-NoReply@Microsoft.COM":            "azure-noreply@microsoft.com",
		"azure@a\u212ays.example":                "azure@a\u212ays.example",
		"A \"b\" c <AZURE@a\u212aYS.example>":    "azure@a\u212ays.example",
		"Broken, \"name <NoReply@Microsoft.com>": "noreply@microsoft.com",
	} {
		got := addresses(from)
		if len(got) != 1 || got[0] != want {
			t.Errorf("%q: %q, want %q", from, got, want)
		}
	}
}
