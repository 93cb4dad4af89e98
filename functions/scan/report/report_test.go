package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cutover/shared/cutover"
)

var update = flag.Bool("update", false, "write the golden files anew")

var some = []cutover.Finding{
	{
		Repository: "contoso/pay", Commit: "c1", Path: "src/my certs/root#1.c", Line: 3, EndLine: 24, Kind: cutover.FindPEM, Identity: "Baltimore CyberTrust Root",
		Thumbprint: "d4de20d05e66fc53fe1a50882c78db2852cae474", Match: "-----BEGIN CERTIFICATE-----", Role: cutover.FileCode, Direction: cutover.DirectionTrusts,
		Fingerprint: "f1", Confidence: "high", Reason: "decoded", OwnerHints: []string{"@contoso/pay"}, OwnerRule: "CODEOWNERS:2",
		Places: []cutover.Place{{Path: "src/my certs/root#1.c", Line: 1, EndLine: 1}, {Path: "b.c", Line: 9, EndLine: 30}}, Endpoints: []string{"hub.azure-devices.net"},
	},
	{
		Repository: "contoso/pay", Path: "trust.jks", Kind: cutover.FindBundle, Identity: "DigiCert Global Root CA", Identities: []string{"DigiCert Global Root CA", "DigiCert Global Root G2"},
		Role: cutover.FileConfig, Direction: cutover.DirectionTrusts, Fingerprint: "f2", Confidence: "high", Reason: "store of 2 certificates", Match: "store",
	},
	{
		Repository: "contoso/pay", Path: "pins.go", Line: 7, EndLine: 7, Kind: cutover.FindSPKI, Identity: "DigiCert Global Root G2", Role: cutover.FileCode, Direction: cutover.DirectionTrusts,
		Fingerprint: "f3", Confidence: "high", Reason: "SHA-256 of the public key", Conflict: "the comment in line 7 names DigiCert Global Root CA", Match: "sha256/i7…",
	},
	{
		Repository: "contoso/pay", Path: "Dockerfile", Line: 2, EndLine: 2, Kind: "url", Identity: "Baltimore CyberTrust Root", Role: cutover.FileConfig,
		Direction: cutover.DirectionTrusts, Fingerprint: "f4", Confidence: "medium", Reason: "URL of the certificate", Match: "https://x/y",
	},
	{
		Repository: "contoso/pay", Path: "untrusted.yaml", Line: 2, EndLine: 2, Kind: cutover.FindSHA1, Identity: "Baltimore CyberTrust Root", Role: cutover.FileConfig,
		Direction: cutover.DirectionRefuses, Fingerprint: "f5", Confidence: "high", Reason: "in a list of what is refused", Match: "d4de",
	},
	{
		Repository: "contoso/pay", Path: "test/a_test.go", Line: 1, EndLine: 1, Kind: cutover.FindSHA1, Identity: "Baltimore CyberTrust Root", Role: cutover.FileTest,
		Direction: cutover.DirectionTrusts, Fingerprint: "f6", Confidence: "high", Reason: "thumbprint", Match: "d4de",
	},
	{
		Repository: "contoso/pay", Path: "README\x1b[31m.md", Line: 5, EndLine: 5, Kind: cutover.FindCommonName, Identity: "Baltimore CyberTrust Root", Role: cutover.FileDocs,
		Direction: cutover.DirectionMentions, Fingerprint: "f7", Confidence: "medium", Reason: "names it", Match: "<script>",
	},
}

func TestGolden(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"some.txt":   func(b *bytes.Buffer) error { return WriteText(b, some, Text{}) },
		"some.json":  func(b *bytes.Buffer) error { return WriteJSON(b, some) },
		"some.sarif": func(b *bytes.Buffer) error { return WriteSARIF(b, some) },
		"none.txt":   func(b *bytes.Buffer) error { return WriteText(b, nil, Text{}) },
		"none.sarif": func(b *bytes.Buffer) error { return WriteSARIF(b, nil) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), b.String()); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
		if strings.Contains(b.String(), "\x1b") {
			t.Errorf("%s steers the terminal", name)
		}
	}
}

func TestJSONOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSON(&b, nil); err != nil || strings.TrimSpace(b.String()) != "[]" {
		t.Errorf("%q %v", b.String(), err)
	}
	b.Reset()
	if err := WriteJSON(&b, []cutover.Finding{{Path: "a"}}); err != nil || !strings.Contains(b.String(), `"owner_hints": []`) {
		t.Errorf("%s %v", b.String(), err)
	}
}

// TestSARIFShape checks what code hosts refuse: missing arrays, absolute or unescaped
// URIs, lines below one, rule indexes that lead elsewhere.
func TestSARIFShape(t *testing.T) {
	other := some[0]
	other.Repository = "contoso/shop"
	for name, fs := range map[string][]cutover.Finding{"one": some, "two repositories": append([]cutover.Finding{other}, some...)} {
		var b bytes.Buffer
		if err := WriteSARIF(&b, fs); err != nil {
			t.Fatal(err)
		}
		var log sarifLog
		dec := json.NewDecoder(&b)
		dec.DisallowUnknownFields()
		if err := dec.Decode(&log); err != nil || log.Version != "2.1.0" || len(log.Runs) != 1 || len(log.Runs[0].Results) != len(fs) {
			t.Fatalf("%s: %v", name, err)
		}
		run := log.Runs[0]
		for _, r := range run.Results {
			if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || r.Fingerprints["cutover/v1"] == "" || r.Message.Text == "" {
				t.Errorf("%s: %+v", name, r)
			}
			for _, l := range append(r.Locations, r.Related...) {
				uri := l.Physical.Artifact.URI
				if strings.HasPrefix(uri, "/") || strings.ContainsAny(uri, " #\x1b") || l.Physical.Region != nil && l.Physical.Region.StartLine < 1 {
					t.Errorf("%s: location %+v", name, l.Physical)
				}
			}
		}
		if name != "one" && !strings.HasPrefix(run.Results[0].Locations[0].Physical.Artifact.URI, "contoso/shop/") {
			t.Error("paths of two repositories collide")
		}
	}
}

func TestColour(t *testing.T) {
	var b bytes.Buffer
	if err := WriteText(&b, some, Text{Colour: true}); err != nil || !strings.Contains(b.String(), "\x1b[1m") {
		t.Error("no colour where it was asked for")
	}
}
