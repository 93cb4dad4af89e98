package ingest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"cutover/shared/cutover"
)

// write makes a file of a given age.
func write(t *testing.T, dir, name, content string, old time.Duration) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file, at.Add(-old), at.Add(-old)); err != nil {
		t.Fatal(err)
	}
}

func TestFolder(t *testing.T) {
	h, dir := open(t), t.TempDir()
	write(t, dir, "b.eml", "mail b", 3*time.Hour)
	write(t, dir, "A.HTML", "<p>saved", 2*time.Hour)
	write(t, dir, "2026/c.txt", "text c", 5*time.Hour)
	write(t, dir, "2026/copy of b.eml", "mail b", 1*time.Hour)
	write(t, dir, "future.eml", "from tomorrow", -24*time.Hour)
	for _, other := range []string{"notes.md", "d.json", ".hidden.eml", ".git/e.eml", "noext"} {
		write(t, dir, other, "not for us: "+other, 0)
	}
	f := MailFolder(dir, "inbox")
	for range 2 {
		errs, err := h.room.Folder(t.Context(), f)
		if err != nil || len(errs) > 0 {
			t.Fatal(err, errs)
		}
	}
	if got, want := h.names(), []string{"inbox/2026/c.txt", "inbox/2026/copy of b.eml", "inbox/A.HTML", "inbox/future.eml"}; !slices.Equal(got, want) {
		t.Errorf("took in %v, want %v (the copy of b.eml comes first, b.eml is the same delivery)", got, want)
	}
	if n := len(h.pending()); n != 4 {
		t.Errorf("%d messages, want 4", n)
	}
	d := h.delivery(cutover.DeliveryID("mail", "", []byte("text c")))
	if !d.Received.Equal(at.Add(-5*time.Hour)) || d.Auth != (cutover.Authentication{Method: cutover.AuthFolder}) || d.ChannelID != "" {
		t.Errorf("kept %+v", d)
	}
	if d := h.delivery(cutover.DeliveryID("mail", "", []byte("from tomorrow"))); !d.Received.Equal(at) {
		t.Errorf("what comes from the future arrived at %s", d.Received)
	}
	src := h.source("mail")
	if src.Kind != cutover.SourceMail || !src.Complete || !src.AsOf.Equal(at) || src.Counts["files"] != 5 || src.MaxAge != 0 {
		t.Errorf("source is %+v", src)
	}
}

func TestFolderChangesNothingTwice(t *testing.T) {
	h, dir := open(t), t.TempDir()
	write(t, dir, "a.json", "{}", time.Hour)
	f := WebhookFolder(dir, "webhooks")
	if _, err := h.room.Folder(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	before, version := h.generation(), h.source("webhook").Version
	if _, err := h.room.Folder(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if g := h.generation(); g != before {
		t.Errorf("the generation went from %d to %d", before, g)
	}
	write(t, dir, "b.json", "[]", 0)
	if _, err := h.room.Folder(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if src := h.source("webhook"); src.Version == version || !src.AsOf.Equal(at) || src.Kind != cutover.SourceWebhook {
		t.Errorf("source is %+v after a new file", src)
	}
}

func TestFolderBadFiles(t *testing.T) {
	h, dir := open(t), t.TempDir()
	write(t, dir, "good.eml", "good", time.Hour)
	write(t, dir, "huge.eml", "", 0)
	if err := os.Truncate(filepath.Join(dir, "huge.eml"), 10<<30); err != nil { // sparse
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link.eml")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.eml"), 0o644); err != nil {
		t.Fatal(err)
	}
	errs, err := h.room.Folder(t.Context(), MailFolder(dir, "inbox"))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, errs, "inbox/huge.eml: 10737418240 bytes are more than", "inbox/link.eml: it is a symbolic link", "inbox/pipe.eml: it is a named pipe")
	if got := h.names(); !slices.Equal(got, []string{"inbox/good.eml"}) {
		t.Errorf("took in %v", got)
	}
	if src := h.source("mail"); src.Complete || !strings.Contains(src.Reason, "huge.eml") || !strings.Contains(src.Reason, "2 more") || src.Counts["failed"] != 3 {
		t.Errorf("source is %+v", src)
	}
}

func TestFolderMissing(t *testing.T) {
	h, dir := open(t), t.TempDir()
	write(t, dir, "inbox/a.eml", "a", time.Hour)
	f := MailFolder(filepath.Join(dir, "inbox"), "inbox")
	if _, err := h.room.Folder(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(f.Path); err != nil {
		t.Fatal(err)
	}
	errs, err := h.room.Folder(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, errs, "opening the mail folder inbox: no such file or directory; create it")
	if !errors.Is(errs[0], fs.ErrNotExist) {
		t.Error("the cause is lost")
	}
	if src := h.source("mail"); src.Complete || !src.AsOf.Equal(at.Add(-time.Hour)) {
		t.Errorf("source is %+v, want it incomplete and as old as the last look", src)
	}
	// An empty folder is complete, and as old as its last change.
	if err := os.Mkdir(f.Path, 0o755); err != nil {
		t.Fatal(err)
	}
	if errs, err := h.room.Folder(t.Context(), f); err != nil || len(errs) > 0 {
		t.Fatal(err, errs)
	}
	if src := h.source("mail"); !src.Complete || src.AsOf.IsZero() || src.AsOf.After(at) {
		t.Errorf("source is %+v", src)
	}
}

func TestFolderIsAFile(t *testing.T) {
	h, dir := open(t), t.TempDir()
	write(t, dir, "inbox", "a file", 0)
	errs, err := h.room.Folder(t.Context(), MailFolder(filepath.Join(dir, "inbox"), "inbox"))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, errs, "opening the mail folder inbox: not a directory")
}

// brokenFS has a file that cannot be read to its end and a folder that cannot be listed.
type brokenFS struct{ fstest.MapFS }

func (b brokenFS) Open(name string) (fs.File, error) {
	if strings.HasPrefix(name, "locked") {
		return nil, &fs.PathError{Op: "open", Path: "/secret/place/" + name, Err: fs.ErrPermission}
	}
	f, err := b.MapFS.Open(name)
	if name == "torn.eml" && err == nil {
		return tornFile{f}, nil
	}
	return f, err
}

func (b brokenFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "locked.d" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return b.MapFS.ReadDir(name)
}

type tornFile struct{ fs.File }

func (tornFile) Read([]byte) (int, error) { return 0, errors.New("input/output error") }

func TestFolderUnreadable(t *testing.T) {
	h := open(t)
	file := func() *fstest.MapFile { return &fstest.MapFile{Data: []byte("x"), ModTime: at} }
	fsys := brokenFS{fstest.MapFS{"a.eml": {Data: []byte("a"), ModTime: at}, "locked.eml": file(), "locked.d/b.eml": file(), "torn.eml": file(), "z.eml": {Data: []byte("z"), ModTime: at}}}
	errs, err := h.room.Folder(t.Context(), Folder{Label: "inbox", Channel: cutover.ChannelMail, FS: fsys})
	if err != nil {
		t.Fatal(err)
	}
	contains(t, errs, "reading inbox/locked.d: permission denied", "reading inbox/locked.eml: permission denied", "reading inbox/torn.eml: input/output error")
	if got := h.names(); !slices.Equal(got, []string{"inbox/a.eml", "inbox/z.eml"}) {
		t.Errorf("took in %v", got)
	}
}

func TestFolderStoreFails(t *testing.T) {
	h, dir := open(t), t.TempDir()
	write(t, dir, "a.eml", "a", 0)
	broken := Room{Store: failing{h.store, 1}, Now: h.room.Now}
	if _, err := broken.Folder(t.Context(), MailFolder(dir, "inbox")); !errors.Is(err, errFull) {
		t.Errorf("got %v, want the store's error", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.room.Folder(ctx, MailFolder(dir, "inbox")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the end of the context", err)
	}
}

// Many files are committed in few transactions.
func TestFolderBatches(t *testing.T) {
	h := open(t)
	fsys := fstest.MapFS{}
	for i := range 2*batchFiles + 1 {
		name := filepath.Join("m", strings.Repeat("x", i/100+1)+string(rune('a'+i%26))+strings.Repeat("y", i%100)+".eml")
		fsys[name] = &fstest.MapFile{Data: []byte(name), ModTime: at}
	}
	counted := &counting{Store: h.store}
	room := Room{Store: counted, Now: h.room.Now}
	if errs, err := room.Folder(t.Context(), Folder{Label: "inbox", Channel: cutover.ChannelMail, FS: fsys}); err != nil || len(errs) > 0 {
		t.Fatal(err, errs)
	}
	if got, want := len(h.names()), len(fsys); got != want {
		t.Errorf("took in %d of %d files", got, want)
	}
	if counted.updates != 4 { // three batches and the source
		t.Errorf("%d transactions, want 4", counted.updates)
	}
}
