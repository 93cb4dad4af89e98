package walk

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestOrigin(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	for url, want := range map[string]string{
		"https://github.com/contoso/shop.git":         "contoso/shop",
		"https://user:tok@github.com/contoso/shop/":   "contoso/shop",
		"git@github.com:contoso/shop.git":             "contoso/shop",
		"ssh://git@host:22/contoso/shop":              "contoso/shop",
		"https://dev.azure.com/contoso/pay/_git/shop": "pay/shop",
		"/srv/repos/shop":                             "",
		"file:///srv/repos/shop":                      "",
		"https://github.com/shop":                     "",
		"https://x/a b/$(c)":                          "",
	} {
		dir := t.TempDir()
		if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
			t.Fatal(err, string(out))
		}
		if out, err := exec.Command("git", "-C", dir, "config", "remote.origin.url", url).CombinedOutput(); err != nil {
			t.Fatal(err, string(out))
		}
		tree, err := Open(context.Background(), dir, DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		if got := tree.Origin(context.Background()); got != want {
			t.Errorf("%s: %q, want %q", url, got, want)
		}
		tree.Close()
	}
}

func TestHoldsCertificates(t *testing.T) {
	for p, want := range map[string]bool{
		"a/b/trust.JKS": true, "root.pem": true, "jre/cacerts": true, "web/node_modules/x/ca.pem": false, "target/x.jks": false, "a.go": false,
	} {
		if holdsCertificates(p) != want {
			t.Errorf("%s: %v", p, !want)
		}
	}
}

func TestReadRefusesToLeave(t *testing.T) {
	base := t.TempDir()
	if err := os.WriteFile(filepath.Join(base, "secret"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(base, "tree")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("..", filepath.Join(dir, "up")); err != nil {
		t.Skip("no symbolic links here")
	}
	tree, err := Open(context.Background(), dir, DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for _, p := range []string{"../secret", "up/secret", filepath.Join(base, "secret")} {
		if data, err := tree.Read(p); err == nil {
			t.Errorf("%s: read %q", p, data)
		}
	}
}
