package walk

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// gitDir asks the git program about one work tree.
type gitDir struct {
	program string
	dir     string
}

// findGit gives nil when git is not installed.
func findGit(dir string) *gitDir {
	program, err := exec.LookPath("git")
	if err != nil {
		return nil
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil
	}
	return &gitDir{program, abs}
}

// safe switches off everything that a repository's own configuration could make
// git run or fetch. Only listing commands are used, which apply no filters; whether
// a file was changed is told by its hash, not by git status, which would run clean
// filters. The directory is named by GIT_DIR, so that core.worktree of a hostile
// .git/config leads nowhere and no search goes up.
var safe = []string{
	"-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false",
	"-c", "protocol.allow=never", "-c", "core.sshCommand=false", "-c", "core.gitProxy=false", "-c", "core.pager=cat",
	"-c", "core.alternateRefsCommand=false", "-c", "diff.external=false", "-c", "core.editor=false", "-c", "credential.helper=",
	"-c", "submodule.recurse=false", "-c", "core.attributesFile=/dev/null", "-c", "core.excludesFile=/dev/null",
}

// maxListing bounds what is read of git's answer.
const maxListing = 256 << 20

func (g *gitDir) run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, g.program, append(append([]string{"--no-optional-locks", "--no-replace-objects", "--literal-pathspecs"}, safe...), args...)...)
	cmd.Dir = g.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "HOME=/nonexistent", "XDG_CONFIG_HOME=/nonexistent",
		"GIT_DIR=" + filepath.Join(g.dir, ".git"), "GIT_WORK_TREE=" + g.dir,
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_SYSTEM=" + os.DevNull,
		"GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=false", "SSH_ASKPASS=false", "GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1", "GIT_OPTIONAL_LOCKS=0",
	}
	var out, msg capped
	out.max, msg.max = maxListing, 300
	cmd.Stdout, cmd.Stderr = &out, &msg
	if err := cmd.Run(); err != nil {
		text := strings.Join(strings.Fields(msg.buf.String()), " ")
		return nil, fmt.Errorf("running git %s: %w: %s", args[0], err, text)
	}
	if out.over {
		return nil, fmt.Errorf("running git %s: the answer is larger than %d bytes", args[0], maxListing)
	}
	return out.buf.Bytes(), nil
}

// capped keeps the first bytes of what a program writes and swallows the rest.
type capped struct {
	buf  bytes.Buffer
	max  int
	over bool
}

func (c *capped) Write(p []byte) (int, error) {
	n := min(len(p), c.max-c.buf.Len())
	c.buf.Write(p[:n])
	c.over = c.over || n < len(p)
	return len(p), nil
}

// head is the commit that is checked out; empty before the first commit.
func (g *gitDir) head(ctx context.Context) (string, error) {
	out, err := g.run(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if err != nil {
		return "", err
	}
	h := strings.TrimSpace(string(out))
	if _, err := hex.DecodeString(h); err != nil || len(h) != 40 && len(h) != 64 {
		return "", nil
	}
	return h, nil
}

// Sum is the digest of a file's content: git's own for tracked files, so that it
// tells whether the file was changed, SHA-256 for others.
func (e Entry) Sum(data []byte) string {
	h := sha256.New()
	if len(e.blob) == 40 {
		h = sha1.New()
	}
	if e.blob != "" {
		h.Write([]byte("blob " + strconv.Itoa(len(data)) + "\x00"))
	}
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// Changed reports whether a file with that sum is not what the commit holds. Where
// git converts content at checkout (line ends, large file storage) the sum differs
// as well, and the tree counts as changed: its digest stands for it then.
func (e Entry) Changed(sum string) bool {
	if e.blob == "" {
		return !e.Ignored
	}
	return sum != e.blob
}

// Origin is what the work tree's remote calls the repository, as org/name; empty
// when it has no such name. The URL itself may hold a token and goes nowhere.
func (t *Tree) Origin(ctx context.Context) string {
	if t.git == nil {
		return ""
	}
	out, err := t.git.run(ctx, "config", "--local", "--no-includes", "--get", "remote.origin.url")
	if err != nil {
		return ""
	}
	url := strings.TrimSuffix(strings.TrimRight(strings.TrimSpace(string(out)), "/"), ".git")
	scheme, rest, found := strings.Cut(url, "://")
	if !found {
		scheme, rest = "", url
	}
	parts := strings.FieldsFunc(rest, func(r rune) bool { return r == '/' || r == ':' })
	if !strings.Contains(url, ":") || scheme == "file" || len(parts) < 3 {
		return ""
	}
	org, name := parts[len(parts)-2], parts[len(parts)-1]
	if org == "_git" { // Azure DevOps: project/_git/name
		org = parts[len(parts)-3]
	}
	if strings.Trim(org+name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
		return ""
	}
	return org + "/" + name
}
