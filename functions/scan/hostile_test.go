package scan

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cutover/functions/scan/walk"
	"cutover/shared/cutover"
)

const pinned = "pin: df3c24f9bfd666761b268073fe06d1cc8d4f82a4\n"

func scanDir(tb testing.TB, dir string) (Result, cutover.Source) {
	tb.Helper()
	cas, _ := testCAs(tb)
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	res, err := Paths(ctx, Options{CAs: cas}, []string{dir})
	if err != nil {
		tb.Fatal(err)
	}
	return res, res.Sources[0]
}

// TestLinksPipesAndGiants: nothing outside is read, nothing hangs, what was left
// out is told.
func TestLinksPipesAndGiants(t *testing.T) {
	base := t.TempDir()
	outside, dir := filepath.Join(base, "outside"), filepath.Join(base, "tree")
	write(t, filepath.Join(outside, "secret.yaml"), pinned)
	write(t, filepath.Join(dir, "a.yaml"), "x: 1\n")
	for link, target := range map[string]string{"file.yaml": "../outside/secret.yaml", "dir": "../outside", "abs.yaml": filepath.Join(outside, "secret.yaml"), "self": "."} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip("no symbolic links here")
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.pem"), 0o644); err != nil {
		t.Skip("no pipes here")
	}
	res, src := scanDir(t, dir)
	if len(res.Findings) != 0 || !src.Complete || src.Counts["skipped_symlink"] != 4 || src.Counts["skipped_special"] != 1 {
		t.Fatalf("%s %+v", list(res), src)
	}
	giant := filepath.Join(dir, "giant.bin")
	write(t, giant, "")
	if err := os.Truncate(giant, 10<<30); err != nil {
		t.Skip("no sparse files here")
	}
	res, src = scanDir(t, dir)
	if src.Complete || !strings.Contains(src.Reason, "giant.bin") || src.Counts["skipped"] != 1 || len(res.Errors) != 1 {
		t.Fatalf("the giant is not told: %+v %v", src, res.Errors)
	}
}

func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.yaml"), pinned)
	write(t, filepath.Join(dir, "closed", "b.yaml"), pinned)
	write(t, filepath.Join(dir, "c.yaml"), pinned)
	for _, p := range []string{"closed", "c.yaml"} {
		if err := os.Chmod(filepath.Join(dir, p), 0); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(filepath.Join(dir, p), 0o755)
	}
	asNobody(t, dir)
	res, src := scanDir(t, dir)
	if src.Complete || len(res.Findings) != 1 || len(res.Errors) != 2 || !strings.Contains(src.Reason, "c.yaml") {
		t.Fatalf("%s %+v", list(res), src)
	}
}

// asNobody gives up root's rights until the test ends: root reads everything.
func asNobody(t *testing.T, dir string) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Seteuid(65534); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Seteuid(0); err != nil {
			t.Fatal(err)
		}
	})
}

func TestMissing(t *testing.T) {
	res, src := scanDir(t, filepath.Join(t.TempDir(), "none"))
	if src.Complete || src.Reason == "" || len(res.Errors) != 1 || res.Findings == nil {
		t.Fatalf("%+v %v", src, res.Errors)
	}
}

func git(tb testing.TB, dir string, args ...string) {
	tb.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		tb.Skip("git is not installed")
	}
	cmd := exec.Command("git", append([]string{"-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// TestWorkTree: the commit for what is committed, a digest otherwise; ignored
// files are left out unless they hold certificates by their name.
func TestWorkTree(t *testing.T) {
	_, certs := testCAs(t)
	dir := filepath.Join(t.TempDir(), "shop")
	write(t, filepath.Join(dir, "a.yaml"), pinned)
	write(t, filepath.Join(dir, ".gitignore"), "/out\n*.pem\n")
	write(t, filepath.Join(dir, "out", "log.yaml"), pinned)
	write(t, filepath.Join(dir, "local.pem"), certs["@@R1@@"])
	git(t, dir, "init", "-q")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-q", "-m", "x")
	git(t, dir, "remote", "add", "origin", "https://user:hunter2@github.com/contoso/shop.git")
	head, err := exec.Command("git", "-C", dir, "rev-parse", "HEAD").Output()
	if err != nil {
		t.Fatal(err)
	}
	res, src := scanDir(t, dir)
	if src.Version != strings.TrimSpace(string(head)) || src.Name != "contoso/shop" || !src.Complete {
		t.Fatalf("%+v", src)
	}
	if len(res.Findings) != 2 || res.Findings[1].Path != "local.pem" || !strings.Contains(res.Findings[1].Reason, "ignores") {
		t.Fatal(list(res))
	}
	for change, undo := range map[string]func(){
		"modified":  func() { write(t, filepath.Join(dir, "a.yaml"), pinned) },
		"untracked": func() { os.Remove(filepath.Join(dir, "new.yaml")) },
		"deleted":   func() { write(t, filepath.Join(dir, "a.yaml"), pinned) },
		"staged":    func() { git(t, dir, "reset", "-q", "--hard") },
	} {
		switch change {
		case "modified":
			write(t, filepath.Join(dir, "a.yaml"), pinned+"# more\n")
		case "untracked":
			write(t, filepath.Join(dir, "new.yaml"), "x: 1\n")
		case "deleted":
			os.Remove(filepath.Join(dir, "a.yaml"))
		case "staged":
			write(t, filepath.Join(dir, "a.yaml"), pinned+"# staged\n")
			git(t, dir, "add", "a.yaml")
		}
		if _, src := scanDir(t, dir); src.Version == strings.TrimSpace(string(head)) || len(src.Version) != 64 {
			t.Errorf("%s: version %s", change, src.Version)
		}
		undo()
	}
	if _, src := scanDir(t, dir); src.Version != strings.TrimSpace(string(head)) {
		t.Error("the tree is clean again and has another version")
	}
}

// TestHostileConfig: a repository's own configuration makes git run nothing.
func TestHostileConfig(t *testing.T) {
	base := t.TempDir()
	dir, proof := filepath.Join(base, "tree"), filepath.Join(base, "executed")
	write(t, filepath.Join(dir, "a.yaml"), pinned)
	write(t, filepath.Join(dir, ".gitattributes"), "* filter=evil diff=evil merge=evil\n")
	git(t, dir, "init", "-q")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-q", "-m", "x")
	run := "sh -c 'touch " + proof + "'"
	write(t, filepath.Join(dir, "a.yaml"), pinned+"# changed, so that filters would run\n")
	f, err := os.OpenFile(filepath.Join(dir, ".git", "config"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(`
[core]
	fsmonitor = ` + run + `
	hooksPath = ` + base + `/hooks
	pager = ` + run + `
	sshCommand = ` + run + `
	editor = ` + run + `
	worktree = /etc
[filter "evil"]
	clean = ` + run + `
	smudge = ` + run + `
	process = ` + run + `
	required = true
[diff "evil"]
	command = ` + run + `
	textconv = ` + run + `
[diff]
	external = ` + run + `
[alias]
	ls-files = !` + run + `
[remote "origin"]
	url = ext::` + run + `
	promisor = true
	partialclonefilter = blob:none
`)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range []string{"post-index-change", "post-checkout", "fsmonitor-watchman"} {
		write(t, filepath.Join(base, "hooks", h), "#!/bin/sh\ntouch "+proof+"\n")
		os.Chmod(filepath.Join(base, "hooks", h), 0o755)
	}
	res, src := scanDir(t, dir)
	if _, err := os.Stat(proof); err == nil {
		t.Error("the repository's configuration was executed")
	}
	if len(res.Findings) != 1 || res.Findings[0].Path != "a.yaml" || len(src.Version) != 64 || src.Counts["files"] != 2 {
		t.Errorf("%s %+v", list(res), src)
	}
}

// TestBrokenGit: a repository that git cannot read is read as a directory, and is
// incomplete. A folder that only looks like one is a folder.
func TestBrokenGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.yaml"), pinned)
	write(t, filepath.Join(dir, ".git", "config"), "[core]\n")
	if res, src := scanDir(t, dir); !src.Complete || len(res.Findings) != 1 {
		t.Errorf("a folder with an empty .git: %+v", src)
	}
	write(t, filepath.Join(dir, ".git", "HEAD"), "garbage\n")
	if res, src := scanDir(t, dir); src.Complete || len(res.Findings) != 1 || !strings.Contains(src.Reason, "git") {
		t.Errorf("a broken repository: %+v", src)
	}
}

// TestCostlyFiles: input made to be decoded over and over ends in bounded time and
// is told.
func TestCostlyFiles(t *testing.T) {
	dir := t.TempDir()
	size := 1 << 19
	for name, unit := range map[string]string{
		"b64.txt":   "MIIP/zCCD+ega",
		"pem.pem":   "-----BEGIN CERTIFICATE-----MIIP/zCCD+eg",
		"nest.yaml": "LS0tLS1CRUdJTi",
		"hex.sql":   "30820fff30820fe7",
		"bytes.c":   "0x30,0x82,0x0f,0xff,0x30,0x82,0x0f,0xe7,",
		"name.c":    "DigiCert Global Root G2 {{{[[[(((",
		"pin.c":     "df:3c:24:f9:bf:d6:66:76:1b:26:80:73:fe:06:d1:cc:8d:4f:82:",
		"der.bin":   "\x30\x82\x0f\xff\x30\x82\x0f\xe7\x00",
	} {
		d := filepath.Join(dir, name)
		write(t, filepath.Join(d, name), strings.Repeat(unit, size/len(unit)))
		start := time.Now()
		_, src := scanDir(t, d)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %s: %+v", name, took, src)
		} else {
			t.Log(name, took, src.Reason)
		}
	}
}

func TestLimits(t *testing.T) {
	cas, _ := testCAs(t)
	dir := t.TempDir()
	for _, n := range []string{"a", "b", "c/d/e/f"} {
		write(t, filepath.Join(dir, n+".yaml"), pinned)
	}
	res, err := Paths(context.Background(), Options{CAs: cas, Limits: walk.Limits{FileSize: 1 << 10, Files: 1, Depth: 9}}, []string{dir})
	if err != nil || res.Sources[0].Complete || len(res.Findings) != 1 {
		t.Errorf("%v %+v", err, res.Sources)
	}
	res, err = Paths(context.Background(), Options{CAs: cas, Limits: walk.Limits{FileSize: 1 << 10, Files: 9, Depth: 2}}, []string{dir})
	if err != nil || res.Sources[0].Complete || !strings.Contains(res.Sources[0].Reason, "c/d/e") {
		t.Errorf("%v %+v", err, res.Sources)
	}
}

// TestBigBinary: a certificate is found in a large binary.
func TestBigBinary(t *testing.T) {
	dir := t.TempDir()
	junk := bytes.Repeat([]byte{0, 0x30, 0x82, 1, 2, 0x30, 3}, 1<<18)
	write(t, filepath.Join(dir, "x.bin"), string(junk))
	if res, src := scanDir(t, dir); len(res.Findings) != 0 || !src.Complete {
		t.Errorf("%s %+v", list(res), src)
	}
}

// TestNothingThere: what holds no files, or not all of them, proves nothing.
func TestNothingThere(t *testing.T) {
	base := t.TempDir()
	dir, bare, sparse, empty := filepath.Join(base, "main"), filepath.Join(base, "bare.git"), filepath.Join(base, "sparse"), filepath.Join(base, "empty")
	write(t, filepath.Join(dir, "a.yaml"), pinned)
	write(t, filepath.Join(dir, "sub", "b.yaml"), pinned)
	git(t, dir, "init", "-q")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-q", "-m", "x")
	git(t, base, "clone", "-q", "--bare", dir, bare)
	git(t, base, "clone", "-q", dir, sparse)
	git(t, sparse, "sparse-checkout", "set", "--cone")
	git(t, base, "clone", "-q", "--no-checkout", dir, empty)
	for path, why := range map[string]string{bare: "bare", sparse: "sparse", empty: "no files"} {
		if _, src := scanDir(t, path); src.Complete || !strings.Contains(src.Reason, why) {
			t.Errorf("%s: %+v", path, src)
		}
	}
	write(t, filepath.Join(dir, "trust.jks"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
	if _, src := scanDir(t, dir); src.Complete || !strings.Contains(src.Reason, "large file storage") {
		t.Errorf("pointer: %+v", src)
	}
}

// TestOneFile scans a file on its own.
func TestOneFile(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.yaml"), pinned)
	write(t, filepath.Join(dir, "b.yaml"), pinned)
	res, src := scanDir(t, filepath.Join(dir, "b.yaml"))
	if len(res.Findings) != 1 || res.Findings[0].Path != "b.yaml" || !src.Complete || src.Counts["files"] != 1 {
		t.Errorf("%s %+v", list(res), src)
	}
}

// TestLinkedWorkTree: .git may be a file that leads to the repository.
func TestLinkedWorkTree(t *testing.T) {
	base := t.TempDir()
	dir, linked := filepath.Join(base, "main"), filepath.Join(base, "linked")
	write(t, filepath.Join(dir, "a.yaml"), pinned)
	git(t, dir, "init", "-q")
	git(t, dir, "add", ".")
	git(t, dir, "commit", "-q", "-m", "x")
	git(t, dir, "worktree", "add", "-q", linked)
	res, src := scanDir(t, linked)
	if len(res.Findings) != 1 || len(src.Version) != 40 || !src.Complete {
		t.Errorf("%s %+v", list(res), src)
	}
}
