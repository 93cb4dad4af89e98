package detect

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"cutover/functions/scan/internal/testca"
	"cutover/shared/cutover"
)

const testCN = "Northwind Root R1"

func testDetector(tb testing.TB) (*Detector, []byte) {
	tb.Helper()
	der := testca.Make(tb, testCN, 'r', 4711)
	return New([]cutover.CA{testca.CA(tb, der)}), der
}

// wrap is one way in which a certificate stands in a file.
type wrap struct {
	name, path string
	kind       string
	line       int // where the certificate begins
	make       func(der []byte) string
}

func each(der []byte, first, format, last string) string {
	var b strings.Builder
	lines := strings.Split(strings.TrimSpace(testca.PEM(der)), "\n")
	for i, l := range lines {
		switch i {
		case 0:
			b.WriteString(first)
		case len(lines) - 1:
			fmt.Fprintf(&b, last, l)
			continue
		}
		fmt.Fprintf(&b, format, l)
	}
	return b.String()
}

func oneLine(der []byte, sep string) string {
	return strings.ReplaceAll(strings.TrimSpace(testca.PEM(der)), "\n", sep)
}

func bytesAs(der []byte, format, sep string, perLine int) string {
	var b strings.Builder
	for i, c := range der {
		fmt.Fprintf(&b, format, c)
		if i < len(der)-1 {
			b.WriteString(sep)
		}
		if perLine > 0 && i%perLine == perLine-1 {
			b.WriteString("\n    ")
		}
	}
	return b.String()
}

func utf16le(s string) string {
	out := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

var wraps = []wrap{
	{"file", "certs/root.pem", "pem", 2, func(d []byte) string { return "# root\n" + testca.PEM(d) }},
	{"crlf", "certs/root.crt", "pem", 1, func(d []byte) string { return strings.ReplaceAll(testca.PEM(d), "\n", "\r\n") }},
	{"no end marker", "certs/root.crt", "pem", 1, func(d []byte) string { p, _, _ := strings.Cut(testca.PEM(d), "-----END"); return p }},
	{"trusted", "root.pem", "pem", 1, func(d []byte) string { return strings.ReplaceAll(testca.PEM(d), "CERTIFICATE", "TRUSTED CERTIFICATE") }},
	{"go raw", "tls.go", "pem", 3, func(d []byte) string { return "package x\n\nconst root = `" + testca.PEM(d) + "`\n" }},
	{"c lines", "tls.c", "pem", 2, func(d []byte) string {
		return each(d, "static const char root[] =\n", "\"%s\\r\\n\"\n", "\"%s\\r\\n\";\n")
	}},
	{"c indented with comments", "tls.c", "pem", 2, func(d []byte) string {
		return each(d, "static const char root[] =\n", "\t\t\"%s\\n\"  /* line of base64 */\n", "\t\t\"%s\\n\";\n")
	}},
	{"c continued", "tls.h", "pem", 2, func(d []byte) string { return each(d, "#define ROOT \\\n", "\"%s\\n\" \\\n", "\"%s\\n\"\n") }},
	{"java", "Tls.java", "pem", 2, func(d []byte) string {
		return each(d, "String root =\n", "            \"%s\\r\\n\" +\n", "            \"%s\\r\\n\";\n")
	}},
	{"js plus", "tls.js", "pem", 1, func(d []byte) string { return each(d, "const root = ", "'%s\\n' +\n  ", "'%s';\n") }},
	{"js template", "tls.ts", "pem", 1, func(d []byte) string { return "const root = `" + testca.PEM(d) + "`;\n" }},
	{"python", "tls.py", "pem", 2, func(d []byte) string { return each(d, "ROOT = (\n", "    b\"%s\\n\"\n", "    b\"%s\\n\")\n") }},
	{"pascal", "tls.pas", "pem", 2, func(d []byte) string { return each(d, "const Root =\n", "  '%s'+#13#10+\n", "  '%s';\n") }},
	{"vb", "tls.vb", "pem", 1, func(d []byte) string { return each(d, "root = ", "\"%s\" & vbCrLf & _\n", "\"%s\"\n") }},
	{"powershell", "tls.ps1", "pem", 1, func(d []byte) string { return "$root = \"" + oneLine(d, "`n") + "\"\n" }},
	{"json", "tls.json", "pem", 2, func(d []byte) string { return "{\n \"root\": \"" + oneLine(d, `\n`) + "\"}\n" }},
	{"json in json", "arm.json", "pem", 1, func(d []byte) string { return `{"a": "{\"root\": \"` + oneLine(d, `\\n`) + `\"}"}` }},
	{"json slash", "php.json", "pem", 1, func(d []byte) string { return `{"a": "` + strings.ReplaceAll(oneLine(d, `\n`), "/", `\/`) + `"}` }},
	{"json unicode", "net.json", "pem", 1, func(d []byte) string { return `{"a": "` + strings.ReplaceAll(oneLine(d, `\r\n`), "+", `\u002B`) + `"}` }},
	{"yaml block", "values.yaml", "pem", 2, func(d []byte) string { return each(d, "ca: |\n", "  %s\n", "  %s\n") }},
	{"yaml one line", "values.yaml", "pem", 1, func(d []byte) string { return "ca: \"" + oneLine(d, `\n`) + "\"\n" }},
	{"env", ".env", "pem", 1, func(d []byte) string { return "ROOT=" + oneLine(d, `\n`) + "\n" }},
	{"blanks", "x.cfg", "pem", 1, func(d []byte) string { return "root = " + oneLine(d, " ") + "\n" }},
	{"hash comment", "x.sh", "pem", 1, func(d []byte) string { return each(d, "", "# %s\n", "# %s\n") }},
	{"star comment", "x.c", "pem", 2, func(d []byte) string { return each(d, "/*\n", " * %s\n", " * %s\n */\n") }},
	{"slash comment", "x.go", "pem", 1, func(d []byte) string { return each(d, "", "\t// %s\n", "\t// %s\n") }},
	{"quoted mail", "x.md", "pem", 1, func(d []byte) string { return each(d, "", "> %s\n", "> %s\n") }},
	{"shell echo", "x.sh", "pem", 1, func(d []byte) string { return each(d, "", "echo \"%s\" >> root.pem\n", "echo \"%s\" >> root.pem\n") }},
	{"url encoded", "x.txt", "pem", 1, func(d []byte) string {
		return "ca=" + strings.ReplaceAll(url.PathEscape(oneLine(d, "\n")), "+", "%2B")
	}},
	{"xml entities", "x.xml", "pem", 1, func(d []byte) string {
		return "<ca v=\"" + strings.ReplaceAll(oneLine(d, "&#xA;"), "+", "&#43;") + "\"/>"
	}},
	{"html", "x.html", "pem", 1, func(d []byte) string { return "<p>" + oneLine(d, "<br/>\n") + "</p>" }},
	{"utf-16", "x.reg", "pem", 2, func(d []byte) string { return utf16le("Windows\r\n" + strings.ReplaceAll(testca.PEM(d), "\n", "\r\n")) }},
	{"xml bare", "saml.xml", "base64", 2, func(d []byte) string {
		return "<md>\n<X509Certificate>" + base64.StdEncoding.EncodeToString(d) + "</X509Certificate></md>\n"
	}},
	{"bare in lines", "x.cs", "base64", 1, func(d []byte) string {
		s := base64.StdEncoding.EncodeToString(d)
		return "var x = \"" + s[:76] + "\" +\n   \"" + s[76:152] + "\" +\n   \"" + s[152:] + "\";\n"
	}},
	{"k8s secret", "secret.yaml", "base64", 3, func(d []byte) string {
		return "kind: Secret\ndata:\n  ca.crt: " + base64.StdEncoding.EncodeToString([]byte(testca.PEM(d))) + "\n"
	}},
	{"modem command", "x.c", "base64", 1, func(d []byte) string {
		return `send("AT*WFPUSH=/data/cacerts-azure.crt,` + base64.StdEncoding.EncodeToString([]byte(testca.PEM(d))) + `\r\n");`
	}},
	{"c bytes", "x.c", "byte-array", 2, func(d []byte) string {
		return "static const uint8_t root[] = {\n" + bytesAs(d, "0x%02x", ", ", 12) + "};\n"
	}},
	{"c bytes upper", "x.h", "byte-array", 2, func(d []byte) string { return "uint8_t r[]={\n" + bytesAs(d, "0x%02X", ",", 16) + "};\n" }},
	{"java bytes", "X.java", "byte-array", 1, func(d []byte) string { return "byte[] r = {" + bytesAs(d, "(byte) 0x%02X", ", ", 8) + "};\n" }},
	{"escaped", "x.c", "byte-array", 1, func(d []byte) string { return "char r[] = \"" + bytesAs(d, `\x%02x`, "", 0) + "\";\n" }},
	{"escaped lines", "x.py", "byte-array", 1, func(d []byte) string {
		return "r = (b\"" + strings.ReplaceAll(bytesAs(d, `\x%02x`, "", 16), "\n    ", "\"\n    b\"") + "\")\n"
	}},
	{"decimal", "x.go", "byte-array", 1, func(d []byte) string { return "var r = []byte{" + bytesAs(d, "%d", ", ", 0) + "}\n" }},
	{"t-sql", "x.sql", "byte-array", 2, func(d []byte) string {
		return "CREATE CERTIFICATE r\nFROM BINARY = 0x" + strings.ToUpper(hex.EncodeToString(d)) + ";\n"
	}},
	{"hex colons", "x.conf", "byte-array", 1, func(d []byte) string { return "r=" + bytesAs(d, "%02x", ":", 0) + "\n" }},
	{"der", "root.der", "der", 0, func(d []byte) string { return string(d) }},
	{"jks", "trust.jks", "jks", 0, func(d []byte) string {
		return "\xFE\xED\xFE\xED\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x02\x00\x02r1\x00\x05X.509\x00\x00\x01\x00" + string(d) + strings.Repeat("\x00\x01", 10)
	}},
	{"in a program", "tool.exe", "der", 0, func(d []byte) string {
		return "MZ\x00\x00" + strings.Repeat("\x30\x82code", 99) + string(d) + "\x00\x00"
	}},
}

func TestCertificateInEveryWrapping(t *testing.T) {
	d, der := testDetector(t)
	for _, w := range wraps {
		t.Run(w.name, func(t *testing.T) {
			res := d.File(w.path, []byte(w.make(der)))
			if len(res.Hits) != 1 {
				t.Fatalf("%d hits: %+v", len(res.Hits), res.Hits)
			}
			h := res.Hits[0]
			if h.Kind != w.kind || h.Identity != testCN || h.Line != w.line || h.Confidence != "high" {
				t.Errorf("got %s %q at line %d, %s; want %s at line %d", h.Kind, h.Identity, h.Line, h.Confidence, w.kind, w.line)
			}
		})
	}
}

// TestNothingThatOnlyLooksLikeIt holds what must not be reported as material.
func TestNothingThatOnlyLooksLikeIt(t *testing.T) {
	d, der := testDetector(t)
	other := testca.Make(t, "Fabrikam Root", 'f', 1)
	twin := testca.Make(t, testCN, 'x', 4711) // the right name, another key
	p := testca.PEM(der)
	broken := strings.Split(p, "\n")
	broken[5] = strings.Repeat("A", len(broken[5]))
	for name, text := range map[string]string{
		"another certificate":    testca.PEM(other),
		"invented, right name":   testca.PEM(twin),
		"cut with dots":          p[:90] + "\n...\n" + p[len(p)-90:],
		"one line changed":       strings.Join(broken, "\n"),
		"private key":            strings.ReplaceAll(p, "CERTIFICATE", "PRIVATE KEY")[:60] + "\n-----END PRIVATE KEY-----\n",
		"marker alone":           "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
		"beginning of base64":    base64.StdEncoding.EncodeToString(der)[:80],
		"other hex of 40 digits": "commit d4de20d05e66fc53fe1a50882c78db2852cae475\n",
	} {
		if res := d.File("x.c", []byte(text)); len(res.Hits) != 0 {
			t.Errorf("%s: %+v", name, res.Hits)
		}
	}
}

func TestSameKeyOtherCertificate(t *testing.T) {
	d, der := testDetector(t)
	old := testca.Make(t, "Fabrikam Root", 'f', 1)
	cross := testca.Cross(t, testCN, 'r', old, 'f', 99)
	res := d.File("x.pem", []byte(testca.PEM(cross)))
	if len(res.Hits) != 1 || res.Hits[0].Confidence != "medium" || res.Hits[0].Thumbprint == testca.CA(t, der).SHA1 {
		t.Fatalf("cross-signed root: %+v", res.Hits)
	}
	if !strings.Contains(res.Hits[0].Reason, "key of "+testCN) {
		t.Error(res.Hits[0].Reason)
	}
}

func TestSeveralCertificatesAreAStore(t *testing.T) {
	r1, r2, other := testca.Make(t, "Northwind Root R1", 'r', 1), testca.Make(t, "Northwind Root R2", 's', 2), testca.Make(t, "Fabrikam Root", 'f', 3)
	d := New([]cutover.CA{testca.CA(t, r1), testca.CA(t, r2)})
	kinds := func(path, text string) string {
		var out []string
		for _, h := range d.File(path, []byte(text)).Hits {
			out = append(out, h.Kind+" "+strings.Join(append([]string{h.Identity}, h.Identities...), "+"))
		}
		return strings.Join(out, "; ")
	}
	p1, p2, p3 := testca.PEM(r1), testca.PEM(r2), testca.PEM(other)
	for _, c := range []struct{ name, path, text, want string }{
		{"two known", "ca.pem", p2 + p1, "bundle Northwind Root R2+Northwind Root R1+Northwind Root R2"},
		{"one of three", "ca.crt", p3 + "# text\n" + p1, "bundle Northwind Root R1+Northwind Root R1"},
		{"none", "ca.pem", p3 + testca.PEM(testca.Make(t, "Fabrikam Root 2", 'g', 4)), ""},
		{"the same twice", "ca.pem", p1 + p1, "pem Northwind Root R1"},
		{"one literal", "ca.go", "const roots = `" + p1 + "\n// and\n" + p2 + "`\n", "bundle Northwind Root R1+Northwind Root R1+Northwind Root R2"},
		{"two literals", "ca.go", "const a = `" + p1 + "`\n\nconst b = `" + p2 + "`\n", "pem Northwind Root R1; pem Northwind Root R2"},
		{"base64 of two", "ca.go", "const a = \"" + base64.StdEncoding.EncodeToString([]byte(p1+p2)) + "\"\n", "bundle Northwind Root R1+Northwind Root R1+Northwind Root R2"},
	} {
		if got := kinds(c.path, c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
