package walk

import (
	"bytes"
	"context"
	"strings"
)

// gitFiles lists the work tree and compares the index with the commit.
func (t *Tree) gitFiles(ctx context.Context) ([]Entry, error) {
	index, err := t.git.run(ctx, "ls-files", "-z", "-t", "--stage", "--cached")
	if err != nil {
		return nil, err
	}
	var out []Entry
	blobs := map[string]string{}
	t.same = t.Head != ""
	for _, rec := range records(index) {
		meta, p, ok := strings.Cut(rec, "\t")
		f := strings.Fields(meta)
		if !ok || len(f) != 4 {
			continue
		}
		tag := f[0] // S: left out of the work tree by a sparse checkout
		f = f[1:]
		blobs[p] = f[0] + " " + f[1]
		switch {
		case tag == "S":
			if t.Skipped["sparse"]++; t.Skipped["sparse"] == 1 {
				t.problem(p, "not in the work tree (sparse checkout); check the whole commit out")
			}

		case f[2] != "0": // an unresolved merge
			t.same = false
			out = append(out, Entry{Path: p})
		case f[0] == "160000":
			t.Skipped["submodule"]++
		case f[0] == "120000":
			t.Skipped["symlink"]++
		default:
			out = append(out, Entry{Path: p, blob: f[1]})
		}
	}
	other, err := t.git.run(ctx, "ls-files", "-z", "--others", "--exclude-standard")
	if err != nil {
		return nil, err
	}
	for _, p := range records(other) {
		if strings.HasSuffix(p, "/") { // a repository inside this one
			t.Skipped["submodule"]++
			continue
		}
		out = append(out, Entry{Path: p})
		t.same = false
	}
	ignored, err := t.git.run(ctx, "ls-files", "-z", "--others", "--ignored", "--exclude-standard")
	if err != nil {
		return nil, err
	}
	for _, p := range records(ignored) {
		if holdsCertificates(p) {
			out = append(out, Entry{Path: p, Ignored: true})
		}
	}
	return out, t.compare(ctx, blobs)
}

// compare tells whether the index is what the commit holds.
func (t *Tree) compare(ctx context.Context, blobs map[string]string) error {
	if !t.same {
		return nil
	}
	tree, err := t.git.run(ctx, "ls-tree", "-r", "-z", "--full-tree", t.Head)
	if err != nil {
		return err
	}
	n := 0
	for _, rec := range records(tree) {
		meta, p, ok := strings.Cut(rec, "\t")
		f := strings.Fields(meta)
		if !ok || len(f) != 3 {
			continue
		}
		n++
		if blobs[p] != f[0]+" "+f[2] {
			t.same = false
			return nil
		}
	}
	t.same = t.same && n == len(blobs)
	return nil
}

// Clean reports whether the listing is that of the commit; each file's content
// has to be compared on its own, with Changed.
func (t *Tree) Clean() bool { return t.same }

func records(out []byte) []string {
	s := strings.TrimSuffix(string(out), "\x00")
	if s == "" {
		return nil
	}
	return strings.Split(s, "\x00")
}

// Elsewhere reports whether what was read only points at the content, which is
// kept in large file storage, and the name says that it holds certificates.
func (e Entry) Elsewhere(data []byte) bool {
	return len(data) < 1024 && bytes.HasPrefix(data, []byte("version https://git-lfs.github.com/spec/")) && holdsCertificates(e.Path)
}

// certNames are the endings and names of files that hold certificates.
var certNames = []string{".pem", ".crt", ".cer", ".der", ".p7b", ".p7c", ".jks", ".jceks", ".bks", ".p12", ".pfx", ".keystore", ".truststore", "cacerts"}

// holdsCertificates picks the ignored files that are read all the same. Packages
// and build output bring thousands of them and are not the repository's.
func holdsCertificates(p string) bool {
	low := "/" + strings.ToLower(p)
	for _, dir := range []string{"/node_modules/", "/.venv/", "/venv/", "/site-packages/", "/target/", "/build/", "/bin/", "/obj/", "/dist/", "/.gradle/", "/.terraform/"} {
		if strings.Contains(low, dir) {
			return false
		}
	}
	for _, s := range certNames {
		if strings.HasSuffix(low, s) {
			return true
		}
	}
	return false
}
