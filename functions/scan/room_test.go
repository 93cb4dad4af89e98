package scan

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// kept is the part of a store that the room uses. The embedded interface is nil: a
// call of anything else is a failing test.
type kept struct {
	store.Tx
	sources  map[string]cutover.Source
	findings map[string][]cutover.Finding
	events   []cutover.Event
	replaced int
	fail     error
}

func newKept() *kept {
	return &kept{sources: map[string]cutover.Source{}, findings: map[string][]cutover.Finding{}}
}

func (k *kept) Update(_ context.Context, fn func(store.Tx) error) error {
	if k.fail != nil {
		return k.fail
	}
	return fn(k)
}

func (k *kept) Sources() ([]cutover.Source, error) {
	var out []cutover.Source
	for _, s := range k.sources {
		out = append(out, s)
	}
	return out, nil
}

func (k *kept) Findings([]string) iter.Seq2[cutover.Finding, error] {
	return func(yield func(cutover.Finding, error) bool) {
		for _, fs := range k.findings {
			for _, f := range fs {
				if !yield(f, nil) {
					return
				}
			}
		}
	}
}

func (k *kept) PutSource(s cutover.Source) error { k.sources[s.Name] = s; return nil }

func (k *kept) ReplaceFindings(s cutover.Source, fs []cutover.Finding) error {
	k.sources[s.Name], k.replaced = s, k.replaced+1
	if !s.Complete {
		for _, old := range k.findings[s.Name] {
			if !slices.ContainsFunc(fs, func(f cutover.Finding) bool { return f.Fingerprint == old.Fingerprint }) {
				fs = append(fs, old)
			}
		}
	}
	k.findings[s.Name] = slices.Clone(fs)
	return nil
}

func (k *kept) Emit(es ...cutover.Event) error { k.events = append(k.events, es...); return nil }

func TestRoom(t *testing.T) {
	cas, certs := testCAs(t)
	dir := filepath.Join(t.TempDir(), "api")
	write(t, filepath.Join(dir, "a.yaml"), pinned)
	write(t, filepath.Join(dir, "CODEOWNERS"), "* @contoso/payments\n!bad\n")
	k := newKept()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	room := &Room{Store: k, Now: func() time.Time { return now }, CAs: cas, MaxAge: 48 * time.Hour}
	repo := cutover.Repository{Name: "contoso/payments-api", Path: dir}
	scan := func(errs, events, findings int) {
		t.Helper()
		now = now.Add(time.Hour)
		es, err := room.Scan(context.Background(), repo)
		if err != nil || len(es) != errs {
			t.Fatalf("errors %v, %v; want %d", es, err, errs)
		}
		for _, e := range es {
			if !strings.Contains(e.Error(), repo.Name) {
				t.Errorf("which repository: %v", e)
			}
		}
		if len(k.events) != events || len(k.findings[repo.Name]) != findings {
			t.Fatalf("%d events, %d findings; want %d, %d\n%+v", len(k.events), len(k.findings[repo.Name]), events, findings, k.events)
		}
		if src := k.sources[repo.Name]; !src.AsOf.Equal(now) || src.Kind != cutover.SourceRepository || src.MaxAge != 48*time.Hour {
			t.Errorf("source %+v", src)
		}
	}
	scan(1, 1, 1)
	first := k.findings[repo.Name][0]
	if first.Repository != repo.Name || first.Commit != k.sources[repo.Name].Version || first.OwnerRule != "CODEOWNERS:1" || !k.sources[repo.Name].Complete {
		t.Errorf("%+v %+v", first, k.sources)
	}
	var data Completed
	if err := json.Unmarshal(k.events[0].Data, &data); err != nil || data.Findings != 1 || data.Changed != 1 || !data.Complete || k.events[0].Subject != repo.Name {
		t.Errorf("%+v %v", data, err)
	}
	scan(1, 1, 1) // nothing changed: no message, the source is fresh
	if k.replaced != 1 {
		t.Error("unchanged findings were written again")
	}
	write(t, filepath.Join(dir, "b.txt"), "other content\n")
	scan(1, 2, 1) // another version
	write(t, filepath.Join(dir, "c.pem"), certs["@@R1@@"])
	scan(1, 3, 2)
	room.CAs = cas[:len(cas)-2]
	scan(1, 4, 1) // the same version under another catalogue
	os.Remove(filepath.Join(dir, "a.yaml"))
	if err := os.Truncate(filepath.Join(dir, "b.txt"), 51<<20); err != nil {
		t.Fatal(err)
	}
	scan(2, 5, 1) // incomplete: nothing is proved gone
	version := k.sources[repo.Name].Version
	os.Rename(dir, dir+"-gone")
	scan(1, 6, 1) // unreadable
	if src := k.sources[repo.Name]; src.Complete || src.Reason == "" || src.Version != version {
		t.Errorf("%+v", src)
	}
	scan(1, 6, 1) // still unreadable: told once
	os.Rename(dir+"-gone", dir)
	os.Remove(filepath.Join(dir, "b.txt"))
	scan(1, 7, 0)
	ids := map[string]bool{}
	for _, e := range k.events {
		if ids[e.ID] || e.Type != cutover.TypeScanCompleted {
			t.Errorf("event %+v", e)
		}
		ids[e.ID] = true
	}
}

func TestRoomSaysWhenNothingWasWritten(t *testing.T) {
	k := newKept()
	k.fail = errors.New("disk full")
	room := &Room{Store: k, Now: func() time.Time { return time.Unix(0, 0) }}
	for _, dir := range []string{t.TempDir(), "/nonexistent/x"} {
		if _, err := room.Scan(context.Background(), cutover.Repository{Name: "a/b", Path: dir}); !errors.Is(err, k.fail) {
			t.Errorf("%s: %v", dir, err)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := room.Scan(ctx, cutover.Repository{Name: "a/b", Path: t.TempDir()}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
