package smtp

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"cutover/shared/cutover"
)

// testNow is when the mails arrive. The library compares expiry with the machine's
// clock, so that expiries lie far on either side.
var testNow = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

const plainMail = "From: Azure <azure-noreply@contoso.example>\r\n" +
	"To: ops@fabrikam.example\r\n" +
	"Subject: Retirement of a thing\r\n" +
	"Date: Sun, 01 Nov 2026 11:00:00 +0000\r\n" +
	"Content-Type: text/plain; charset=utf-8\r\n" +
	"\r\n" +
	"The thing retires on 30 June 2027.\r\n"

// zone is a resolver in memory that counts what it is asked.
type zone struct {
	txt map[string]string
	err error

	mu    sync.Mutex // several signatures are checked at once
	asked []string
}

func (z *zone) lookup(_ context.Context, name string) ([]string, error) {
	z.mu.Lock()
	z.asked = append(z.asked, name)
	z.mu.Unlock()
	if z.err != nil {
		return nil, z.err
	}
	if r, ok := z.txt[strings.ToLower(name)]; ok {
		return []string{r}, nil
	}
	return nil, errors.New("no such host")
}

type keys struct {
	rsa     *rsa.PrivateKey
	ed      ed25519.PrivateKey
	records map[string]string // by selector
}

func newKeys(t testing.TB) keys {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&k.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	short, err := x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 767, 1), E: 65537})
	if err != nil {
		t.Fatal(err)
	}
	record := "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
	return keys{rsa: k, ed: priv, records: map[string]string{
		"r":     record,
		"t":     record + "; t=s:y",
		"e":     "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(pub),
		"short": "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(short),
		"gone":  "v=DKIM1; k=rsa; p=",
	}}
}

func (k keys) zone(domains ...string) *zone {
	z := &zone{txt: map[string]string{}}
	for _, d := range domains {
		for sel, rec := range k.records {
			z.txt[sel+"._domainkey."+d] = rec
		}
	}
	return z
}

func sign(t testing.TB, mail, domain, selector string, key crypto.Signer, change func(*dkim.SignOptions)) string {
	t.Helper()
	opt := &dkim.SignOptions{Domain: domain, Selector: selector, Signer: key,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed}
	if change != nil {
		change(opt)
	}
	var out bytes.Buffer
	if err := dkim.Sign(&out, strings.NewReader(mail), opt); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestVerify(t *testing.T) {
	k := newKeys(t)
	signed := sign(t, plainMail, "contoso.example", "r", k.rsa, nil)
	only := func(names ...string) func(*dkim.SignOptions) {
		return func(o *dkim.SignOptions) { o.HeaderKeys = names }
	}
	from := func(addr string) string {
		return strings.Replace(plainMail, "Azure <azure-noreply@contoso.example>", addr, 1)
	}
	tests := []struct {
		name, mail string
		want       string // the domain; empty: not proven
		detail     string
	}{
		{"signed", signed, "contoso.example", "signed by contoso.example"},
		{"signed with Ed25519", sign(t, plainMail, "contoso.example", "e", k.ed, nil), "contoso.example", ""},
		{"simple canonicalisation", sign(t, plainMail, "contoso.example", "r", k.rsa, func(o *dkim.SignOptions) {
			o.HeaderCanonicalization, o.BodyCanonicalization = "simple", "simple"
		}), "contoso.example", ""},
		{"upper-case domain", sign(t, from("x@CONTOSO.example"), "Contoso.Example", "r", k.rsa, nil), "contoso.example", ""},
		{"domain above", sign(t, from("x@mail.contoso.example"), "contoso.example", "r", k.rsa, nil), "contoso.example", ""},
		{"MIME fields unsigned", sign(t, plainMail, "contoso.example", "r", k.rsa, only("From", "Subject", "Date")), "contoso.example", ""},
		{"wrong signature beside a right one", sign(t, signed, "evil.example", "r", k.rsa, nil), "contoso.example", ""},
		{"does not expire yet", sign(t, plainMail, "contoso.example", "r", k.rsa, func(o *dkim.SignOptions) {
			o.Expiration = time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)
		}), "contoso.example", ""},

		{"not signed", plainMail, "", "no DKIM signature"},
		{"domain below", sign(t, plainMail, "mail.contoso.example", "r", k.rsa, nil), "", "does not speak for"},
		{"another domain", sign(t, plainMail, "evil.example", "r", k.rsa, nil), "", "does not speak for"},
		{"domain with the author's as its end", sign(t, plainMail, "notcontoso.example", "r", k.rsa, nil), "", "does not speak for"},
		{"public suffix", sign(t, from("x@contoso.co.uk"), "co.uk", "r", k.rsa, nil), "", "does not speak for"},
		{"body changed", strings.Replace(signed, "30 June 2027", "30 June 2028", 1), "", "body hash"},
		{"text appended", signed + "And pay here.\r\n", "", "body hash"},
		{"subject changed", strings.Replace(signed, "Retirement of a thing", "Nothing to do", 1), "", "did not verify"},
		{"second From before", "From: azure-noreply@contoso.example\r\n" + signed, "", "2 from fields"},
		{"second From under an odd name", "From : evil@evil.example\r\n" + signed, "", "2 from fields"},
		{"second Subject", "Subject: Nothing to do\r\n" + signed, "", "2 subject fields"},
		{"second Content-Type", "Content-Type: text/html\r\n" + signed, "", "2 content-type fields"},
		{"two addresses", sign(t, from("a@contoso.example, b@evil.example"), "contoso.example", "r", k.rsa, nil), "", "names 2 addresses"},
		{"no From address", sign(t, from("undisclosed:;"), "contoso.example", "r", k.rsa, nil), "", "From"},
		{"address in the display name", sign(t, from(`"azure-noreply@contoso.example" <x@evil.example>`), "contoso.example", "r", k.rsa, nil), "", "does not speak for an author at evil.example"},
		{"look-alike domain", sign(t, from("x@contoſo.example"), "contoso.example", "r", k.rsa, nil), "", "From"},
		{"subject not signed", sign(t, plainMail, "contoso.example", "r", k.rsa, only("From", "Date")), "", "leaves out subject"},
		{"date not signed", sign(t, plainMail, "contoso.example", "r", k.rsa, only("From", "Subject")), "", "leaves out date"},
		{"length tag", strings.Replace(signed, " a=rsa", " l=5; a=rsa", 1), "", "length tag"},
		{"expired", sign(t, plainMail, "contoso.example", "r", k.rsa, func(o *dkim.SignOptions) {
			o.Expiration = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		}), "", "expired"},
		{"short key", strings.Replace(signed, "s=r;", "s=short;", 1), "", "too short"},
		{"revoked key", strings.Replace(signed, "s=r;", "s=gone;", 1), "", "revoked"},
		{"key for testing", sign(t, plainMail, "contoso.example", "t", k.rsa, nil), "", "testing"},
		{"no key", sign(t, plainMail, "contoso.example", "nokey", k.rsa, nil), "", "no such host"},
		{"bare CR in the header", strings.Replace(signed, "\r\nTo:", "\r\nX: a\rFrom: evil@evil.example\r\nTo:", 1), "", "bare CR"},
		{"line of blanks in the header", strings.Replace(signed, "\r\nTo:", "\r\n \t\r\nTo:", 1), "", "folded"},
		{"empty", "", "", "no end"},
		{"header without end", "From: a@b.example\r\n", "", "no end"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			z := k.zone("contoso.example", "evil.example", "mail.contoso.example", "notcontoso.example", "co.uk")
			got := Verifier{LookupTXT: z.lookup}.Verify(t.Context(), []byte(tt.mail), testNow)
			if got.Method != cutover.AuthDKIM || got.Passed != (tt.want != "") || got.Domain != tt.want {
				t.Errorf("got %+v, want domain %q", got, tt.want)
			}
			if !strings.Contains(got.Detail, tt.detail) {
				t.Errorf("detail %q does not say %q", got.Detail, tt.detail)
			}
			for _, name := range z.asked {
				if strings.Contains(name, "evil.example") {
					t.Errorf("DNS was asked about %s, a domain of the message's choosing", name)
				}
			}
		})
	}
}

func TestVerifyExpiryByTheGivenClock(t *testing.T) {
	k := newKeys(t)
	mail := sign(t, plainMail, "contoso.example", "r", k.rsa, func(o *dkim.SignOptions) {
		o.Expiration = time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)
	})
	v := Verifier{LookupTXT: k.zone("contoso.example").lookup}
	got := v.Verify(t.Context(), []byte(mail), time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC))
	if got.Passed || !strings.Contains(got.Detail, "expired") {
		t.Errorf("got %+v, want an expired signature", got)
	}
}

func TestVerifyWithoutDNS(t *testing.T) {
	k := newKeys(t)
	z := &zone{err: errors.New("server misbehaving")}
	got := Verifier{LookupTXT: z.lookup}.Verify(t.Context(), []byte(sign(t, plainMail, "contoso.example", "r", k.rsa, nil)), testNow)
	if got.Passed || !strings.Contains(got.Detail, "server misbehaving") {
		t.Errorf("got %+v, want not proven, with the reason", got)
	}
}

// What follows costs the library far more than it costs to send.
func TestVerifyHostile(t *testing.T) {
	k := newKeys(t)
	simple := func(o *dkim.SignOptions) { o.BodyCanonicalization = "simple" }
	signed := sign(t, plainMail, "contoso.example", "r", k.rsa, simple)
	tests := map[string]string{
		"blank lines":      signed + strings.Repeat("\r\n", 4<<20),
		"many fields":      strings.Repeat("X: y\r\n", 100_000) + signed,
		"long fold":        "X: y\r\n" + strings.Repeat(" "+strings.Repeat("z", 100)+"\r\n", 2000) + signed,
		"many signatures":  strings.Repeat("DKIM-Signature: v=1; d=contoso.example\r\n", 400) + plainMail,
		"long signature":   "DKIM-Signature: v=1; h=" + strings.Repeat("a:", 20_000) + "\r\n" + plainMail,
		"signature broken": "DKIM-Signature: ;;;=;b\r\n" + plainMail,
	}
	for name, mail := range tests {
		t.Run(name, func(t *testing.T) {
			got := Verifier{LookupTXT: k.zone("contoso.example").lookup}.Verify(t.Context(), []byte(mail), testNow)
			if got.Passed || got.Detail == "" || len(got.Detail) > 2*maxDetail {
				t.Errorf("got %+v, want not proven with a short reason", got)
			}
		})
	}
}

func FuzzVerify(f *testing.F) {
	k := newKeys(f)
	f.Add([]byte(plainMail))
	f.Add([]byte(sign(f, plainMail, "contoso.example", "r", k.rsa, nil)))
	f.Add([]byte("From: a@b.c\nDKIM-Signature: v=1; a=rsa-sha256; d=b.c; s=r; h=from; b=; bh=\n\n"))
	z := k.zone("contoso.example", "b.c")
	f.Fuzz(func(t *testing.T, raw []byte) {
		got := Verifier{LookupTXT: z.lookup}.Verify(t.Context(), raw, testNow)
		if got.Passed && !strings.Contains(strings.ToLower(string(raw)), got.Domain) {
			t.Errorf("proved %q, which the mail does not name", got.Domain)
		}
	})
}
