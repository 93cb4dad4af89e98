package scan

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"cutover/functions/scan/internal/testca"
	"cutover/shared/catalog"
	"cutover/shared/cutover"
)

var update = flag.Bool("update", false, "write the cases' wanted output anew")

// testCAs is the catalogue of the cases: the real one, and three invented CAs whose
// certificates the cases may hold: @@R1@@, @@R2@@, and @@R1x@@, the key of R1 signed
// by R2.
func testCAs(tb testing.TB) ([]cutover.CA, map[string]string) {
	tb.Helper()
	cas, err := catalog.CAs()
	if err != nil {
		tb.Fatal(err)
	}
	r1, r2 := testca.Make(tb, "Northwind Root R1", 'r', 1), testca.Make(tb, "Northwind Root R2", 's', 2)
	cross := testca.Cross(tb, "Northwind Root R1", 'r', r2, 's', 3)
	cas = append(cas, testca.CA(tb, r1), testca.CA(tb, r2))
	return cas, map[string]string{"@@R1@@": pemBody(r1), "@@R2@@": pemBody(r2), "@@R1x@@": pemBody(cross), "@@other@@": pemBody(testca.Make(tb, "Fabrikam Root", 'f', 9))}
}

func pemBody(der []byte) string { return strings.TrimSuffix(testca.PEM(der), "\n") }

// TestCases runs the files in testdata: a tree, and what is found in it. Every rule
// has its hits and its misses there.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d cases, %v", len(files), err)
	}
	cas, certs := testCAs(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(t.TempDir(), "case")
			want := unpack(t, a, dir, certs)
			res, err := Paths(context.Background(), Options{CAs: cas}, []string{dir})
			if err != nil {
				t.Fatal(err)
			}
			got := list(res)
			if *update {
				setWant(a, got)
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("findings (-want +got):\n%s", d)
			}
		})
	}
}

func unpack(tb testing.TB, a *txtar.Archive, dir string, certs map[string]string) (want string) {
	tb.Helper()
	for _, f := range a.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		text := string(f.Data)
		for mark, pem := range certs {
			text = strings.ReplaceAll(text, mark, pem)
		}
		text = strings.ReplaceAll(text, "@@LRM@@", "\u200e")
		write(tb, filepath.Join(dir, filepath.FromSlash(f.Name)), text)
	}
	return want
}

func write(tb testing.TB, path, text string) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		tb.Fatal(err)
	}
}

func setWant(a *txtar.Archive, got string) {
	a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == "want" })
	a.Files = append(a.Files, txtar.File{Name: "want", Data: []byte(got)})
}

// list writes findings so that a person can check them: no hashes of the invented
// certificates, no fingerprints.
func list(res Result) string {
	var b strings.Builder
	for _, f := range res.Findings {
		fmt.Fprintf(&b, "%s:%d %s %s | %s %s %s", f.Path, f.Line, f.Kind, f.Identity, f.Direction, f.Role, f.Confidence)
		if len(f.Identities) > 0 {
			fmt.Fprintf(&b, " | holds %s", strings.Join(f.Identities, ", "))
		}
		for _, p := range f.Places {
			if p.Path == f.Path {
				fmt.Fprintf(&b, " | line %d", p.Line)
			} else {
				fmt.Fprintf(&b, " | %s:%d", p.Path, p.Line)
			}
		}
		if len(f.OwnerHints) > 0 {
			fmt.Fprintf(&b, " | %s (%s)", strings.Join(f.OwnerHints, " "), f.OwnerRule)
		}
		if f.Conflict != "" {
			fmt.Fprintf(&b, " | CONFLICT %s", f.Conflict)
		}
		b.WriteString("\n")
	}
	for _, e := range res.Errors {
		s := e.Error()
		if _, after, ok := strings.Cut(s, "/case: "); ok {
			s = after
		}
		fmt.Fprintf(&b, "error %s\n", s)
	}
	return b.String()
}

// TestShuffle: neither the number of workers nor the order of the catalogue shows.
func TestShuffle(t *testing.T) {
	cas, certs := testCAs(t)
	dir := filepath.Join(t.TempDir(), "case")
	files, _ := filepath.Glob("testdata/*.txtar")
	for i, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		unpack(t, a, filepath.Join(dir, fmt.Sprint(i)), certs)
	}
	var first Result
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range 6 {
		rnd.Shuffle(len(cas), func(i, j int) { cas[i], cas[j] = cas[j], cas[i] })
		res, err := Paths(context.Background(), Options{CAs: cas, Jobs: 1 + i}, []string{dir})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = res
			if len(res.Findings) < 20 {
				t.Fatalf("only %d findings", len(res.Findings))
			}
			ids := map[string]string{}
			for _, f := range res.Findings {
				if ids[f.Fingerprint] != "" {
					t.Errorf("%s has the fingerprint of %s", f.Path, ids[f.Fingerprint])
				}
				ids[f.Fingerprint] = f.Path
			}
			continue
		}
		if d := cmp.Diff(first.Findings, res.Findings); d != "" {
			t.Fatalf("run %d differs:\n%s", i, d)
		}
	}
}

// TestFingerprint: moved lines and indentation keep it, other content changes it.
func TestFingerprint(t *testing.T) {
	cas, certs := testCAs(t)
	one := func(path, text string) string {
		dir := filepath.Join(t.TempDir(), "x")
		for mark, pem := range certs {
			text = strings.ReplaceAll(text, mark, pem)
		}
		write(t, filepath.Join(dir, path), text)
		res, err := Paths(context.Background(), Options{CAs: cas}, []string{dir})
		if err != nil || len(res.Findings) != 1 {
			t.Fatalf("%s: %v %+v", text, err, res.Findings)
		}
		return res.Findings[0].Fingerprint
	}
	pin := "thumb = \"df3c24f9bfd666761b268073fe06d1cc8d4f82a4\"\n"
	same := [][2]string{
		{"a: |\n@@R1@@\n", "# moved\n\n\na: |\n@@R1@@\n"},
		{pin, "\n\n\t\t" + pin},
		{pin, strings.ToUpper(pin)},
	}
	for _, s := range same {
		if one("a.yaml", s[0]) != one("a.yaml", s[1]) {
			t.Errorf("the fingerprints of these differ:\n%s\n%s", s[0], s[1])
		}
	}
	if one("a.yaml", "@@R1@@") == one("a.yaml", "@@R2@@") {
		t.Error("another certificate has the same fingerprint")
	}
	if one("a.yaml", "@@R1@@") == one("b.yaml", "@@R1@@") {
		t.Error("another path has the same fingerprint")
	}
	indented := strings.ReplaceAll("@@R1@@", "@@R1@@", "    "+strings.ReplaceAll(certs["@@R1@@"], "\n", "\n    "))
	if one("a.yaml", "@@R1@@") != one("a.yaml", indented) {
		t.Error("re-indentation changes the fingerprint")
	}
}

// TestSecretsStayInside plants credentials beside, before and inside what is found.
func TestSecretsStayInside(t *testing.T) {
	cas, certs := testCAs(t)
	secrets := []string{"hunter2-prod", "ghp_0123456789abcdefghijABCDEFGHIJ012345", "Zm9vYmFyc2VjcmV0a2V5", "s3cr3tS4S"}
	dir := filepath.Join(t.TempDir(), "x")
	write(t, filepath.Join(dir, "app.properties"), strings.Join([]string{
		"password=hunter2-prod # DigiCert Global Root G2",
		"db=Server=x;Password=hunter2-prod;ssl_ca=BaltimoreCyberTrustRoot.crt.pem;token=ghp_0123456789abcdefghijABCDEFGHIJ012345",
		"url=https://bob:hunter2-prod@files.contoso.com/BaltimoreCyberTrustRoot.crt.pem?sig=s3cr3tS4S#ghp_0123456789abcdefghijABCDEFGHIJ012345",
		"pin=sha256/Y9mvm0exBk1JoQ57f9Vm28jKo5lFm/woKcVxrYxu80o= key=Zm9vYmFyc2VjcmV0a2V5",
		"secret=hunter2-prod/d4de20d05e66fc53fe1a50882c78db2852cae474",
		"file=token=ghp_0123456789abcdefghijABCDEFGHIJ012345/DigiCertGlobalRootG2.pem",
	}, "\n"))
	write(t, filepath.Join(dir, "both.pem"), "-----BEGIN PRIVATE KEY-----\nZm9vYmFyc2VjcmV0a2V5\n-----END PRIVATE KEY-----\n"+certs["@@R1@@"])
	res, err := Paths(context.Background(), Options{CAs: cas}, []string{dir})
	if err != nil || len(res.Findings) < 6 {
		t.Fatal(err, list(res))
	}
	out := everyFormat(t, res.Findings)
	for _, s := range secrets {
		if i := bytes.Index(out, []byte(s)); i >= 0 {
			t.Errorf("%s is shown: …%s…", s, out[max(0, i-80):min(len(out), i+40)])
		}
	}
	for _, f := range res.Findings {
		if n := len([]rune(f.Match)); n == 0 || n > 120 {
			t.Errorf("match of %d characters: %q", n, f.Match)
		}
	}
}
