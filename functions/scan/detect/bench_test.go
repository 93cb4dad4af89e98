package detect

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cutover/shared/catalog"
)

// BenchmarkFile looks through Go's own source with the real catalogue.
func BenchmarkFile(b *testing.B) {
	cas, err := catalog.CAs()
	if err != nil {
		b.Fatal(err)
	}
	d := New(cas)
	var texts [][]byte
	var size int64
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		b.Skip("the go command is not here: ", err)
	}
	root := filepath.Join(strings.TrimSpace(string(goroot)), "src", "cmd", "compile")
	err = filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(p, ".go") {
			return err
		}
		data, err := os.ReadFile(p)
		texts = append(texts, data)
		size += int64(len(data))
		return err
	})
	if err != nil || size == 0 {
		b.Skip("Go's source is not here: ", err)
	}
	b.SetBytes(size)
	for b.Loop() {
		for _, t := range texts {
			d.File("x/y.go", t)
		}
	}
}
