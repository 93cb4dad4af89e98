package folder_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cutover/functions/ticket"
	"cutover/functions/ticket/trackertest"
	"cutover/shared/tracker"
	"cutover/shared/tracker/folder"
)

func clock() time.Time { return time.Date(2023, 1, 5, 10, 0, 0, 0, time.UTC) }

// editor is a person with a text editor.
type editor struct{ dir string }

func (e editor) path(at tracker.Ref) string { return filepath.Join(e.dir, at.Number+".md") }

func (e editor) change(t *testing.T, at tracker.Ref, fn func(string) string) {
	t.Helper()
	raw, err := os.ReadFile(e.path(at))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(e.path(at), []byte(fn(string(raw))), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (e editor) Rewrite(t *testing.T, at tracker.Ref, body func(string) string) {
	t.Helper()
	e.change(t, at, func(file string) string {
		at := strings.Index(file, "\n---\n") + len("\n---\n")
		return file[:at] + body(file[at:])
	})
}

func (e editor) Label(t *testing.T, at tracker.Ref, label string) {
	t.Helper()
	e.change(t, at, func(file string) string {
		return strings.Replace(file, "labels:\n", "# people's own\nlabels:\n  - "+label+" # mine\n", 1)
	})
}

func (e editor) Delete(t *testing.T, at tracker.Ref) {
	t.Helper()
	if err := os.Remove(e.path(at)); err != nil {
		t.Fatal(err)
	}
}

func TestFolder(t *testing.T) {
	trackertest.Run(t, func(t *testing.T) (ticket.Tracker, trackertest.People) {
		dir := filepath.Join(t.TempDir(), "out", "tickets")
		return folder.New(dir, clock), editor{dir}
	})
}
