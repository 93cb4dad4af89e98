package scan

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cutover/shared/cutover"
)

// TestSystemStore recognises real roots by their hash, where the machine has a
// store of them.
func TestSystemStore(t *testing.T) {
	data, err := os.ReadFile("/etc/ssl/certs/ca-certificates.crt")
	if err != nil {
		t.Skip("no system store here: ", err)
	}
	cas, _ := testCAs(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "ca-certificates.crt"), string(data))
	res, err := Paths(context.Background(), Options{CAs: cas}, []string{dir})
	if err != nil || len(res.Findings) != 1 || res.Findings[0].Kind != cutover.FindBundle {
		t.Fatalf("%v\n%s", err, list(res))
	}
	if !slices.Contains(res.Findings[0].Identities, "DigiCert Global Root G2") {
		t.Error(list(res))
	}
}
