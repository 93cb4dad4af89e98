package folder

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cutover/functions/alert"
	"cutover/shared/slack"
	"cutover/shared/slack/slacksuite"
)

var _ alert.Slack = (*Folder)(nil)

func clock() time.Time { return time.Date(2023, 1, 5, 10, 0, 0, 0, time.UTC) }

func TestFolder(t *testing.T) {
	slacksuite.Run(t, func(t *testing.T) slacksuite.Rig {
		f := New(filepath.Join(t.TempDir(), "out", "slack"), clock)
		return slacksuite.Rig{
			Slack: f, Now: clock,
			Look: func(t *testing.T) []slacksuite.Seen { return look(t, f) },
			Delete: func(t *testing.T, at slack.Ref) {
				files, err := filepath.Glob(filepath.Join(f.Dir, at.TS+"-*.json"))
				if err != nil || len(files) != 1 || os.Remove(files[0]) != nil {
					t.Fatalf("deleting %v: %v", files, err)
				}
			},
		}
	})
}

func look(t *testing.T, f *Folder) []slacksuite.Seen {
	t.Helper()
	names, err := f.names()
	if err != nil {
		t.Fatal(err)
	}
	var out []slacksuite.Seen
	for _, n := range names {
		r, _, err := f.read(n)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, slacksuite.Seen{Ref: r.ref(), Thread: r.Thread, Text: r.Text, Blocks: r.Blocks, Metadata: r.Metadata, Edited: r.Updated != ""})
	}
	return out
}

// TestFile holds the file to the contract's keys.
func TestFile(t *testing.T) {
	f := New(t.TempDir(), clock)
	parent, err := f.Post(t.Context(), slacksuite.Draft("#payments", "e1"))
	if err != nil {
		t.Fatal(err)
	}
	reply := slacksuite.Draft("#payments", "e2")
	reply.Thread, reply.Kind = parent.TS, slack.KindReminder
	if _, err := f.Post(t.Context(), reply); err != nil {
		t.Fatal(err)
	}
	reply.Text, reply.Blocks = "text <x> & y", nil
	if err := f.Update(t.Context(), slack.Ref{Channel: "#payments", TS: "1672912800.000101"}, reply); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(f.path("1672912800.000101-reminder.json"))
	want := `{
  "channel": "#payments",
  "ts": "1672912800.000101",
  "thread_ts": "1672912800.000100",
  "kind": "reminder",
  "text": "text <x> & y",
  "blocks": [],
  "updated": "2023-01-05T10:00:00Z",
  "metadata": {
    "event_type": "cutover",
    "event_payload": {
      "action": "azure:ABC-123/payments",
      "effect": "e2"
    }
  }
}
`
	if err != nil || string(raw) != want {
		t.Errorf("the file is %s, %v; want %s", raw, err, want)
	}
	files, err := filepath.Glob(filepath.Join(f.Dir, "*"))
	if err != nil || len(files) != 2 || filepath.Base(files[0]) != "1672912800.000100-alert.json" {
		t.Errorf("files: %v, %v", files, err)
	}
}

func TestRefused(t *testing.T) {
	f := New(filepath.Join(t.TempDir(), "none"), clock)
	for _, m := range []slack.Message{{Kind: "alert"}, {Channel: "#a"}, {Channel: "#a", Kind: "../x"}} {
		if _, err := f.Post(t.Context(), m); err == nil || !slack.Undone(err) {
			t.Errorf("Post of %+v: %v", m, err)
		}
	}
	if ref, ok, err := f.Find(t.Context(), "#a", "", "e", clock()); ok || err != nil {
		t.Errorf("Find in no folder: %+v, %v", ref, err)
	}
	if err := f.Update(t.Context(), slack.Ref{Channel: "#a", TS: "1672912800.000100"}, slack.Message{}); !errors.Is(err, slack.ErrGone) {
		t.Errorf("Update in no folder: %v", err)
	}
	if _, err := os.Stat(f.Dir); err == nil {
		t.Error("reading made the folder")
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(blocked, clock).Post(t.Context(), slacksuite.Draft("#a", "e")); err == nil || !slack.Undone(err) {
		t.Errorf("Post where a file stands: %v", err)
	}
}

// TestTimes posts under clocks that stand still, run backwards, and end a second.
func TestTimes(t *testing.T) {
	at := clock()
	f := New(t.TempDir(), func() time.Time { return at })
	post := func(want string) {
		t.Helper()
		ref, err := f.Post(t.Context(), slacksuite.Draft("#a", "e"))
		if err != nil || ref.TS != want {
			t.Errorf("posted at %s, %v; want %s", ref.TS, err, want)
		}
	}
	post("1672912800.000100")
	post("1672912800.000101")
	at = at.Add(-time.Hour)
	post("1672909200.000100")
	at = clock().Add(999 * time.Millisecond)
	post("1672912800.000102")
	if err := os.WriteFile(f.path("1672912800.999999-case.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	post("1672912801.000100")
	at = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)
	post("0915148800.000100")
}

// TestTurns lets several processes (one Folder each) post and edit at once.
func TestTurns(t *testing.T) {
	dir := t.TempDir()
	shared, err := New(dir, clock).Post(t.Context(), slacksuite.Draft("#a", "shared"))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			f := New(dir, clock)
			for i := range 5 {
				m := slacksuite.Draft("#a", strconv.Itoa(w)+"-"+strconv.Itoa(i))
				m.Kind = []string{slack.KindAlert, slack.KindCase}[i%2]
				if _, err := f.Post(t.Context(), m); err != nil {
					t.Error(err)
				}
				m.Text = strconv.Itoa(w)
				if err := f.Update(t.Context(), shared, m); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for _, m := range look(t, New(dir, clock)) {
		seen[m.Ref.TS] = true
	}
	if len(seen) != 21 {
		t.Errorf("%d times, want 21", len(seen))
	}
}

// TestCrash fails at every step of a write: the old file or the new one stands
// there afterwards, nothing in between, and the next write works.
func TestCrash(t *testing.T) {
	crash := errors.New("crash")
	for _, at := range []string{"write", "rename", "sync"} {
		t.Run(at, func(t *testing.T) {
			f := New(t.TempDir(), clock)
			ref, err := f.Post(t.Context(), slacksuite.Draft("#a", "e1"))
			if err != nil {
				t.Fatal(err)
			}
			f.step = func(step string) error {
				if step == at {
					return crash
				}
				return nil
			}
			edit := slacksuite.Draft("#a", "e1")
			edit.Text = "new"
			if err := f.Update(t.Context(), ref, edit); !errors.Is(err, crash) || slack.Undone(err) != (at != "sync") {
				t.Fatalf("Update: %v, surely undone: %v", err, slack.Undone(err))
			}
			if now := look(t, f); len(now) != 1 || (now[0].Text == "new") != (at == "sync") {
				t.Errorf("after a crash at %s there is %+v", at, now)
			}
			if _, err := f.Post(t.Context(), slacksuite.Draft("#a", "e2")); !errors.Is(err, crash) || slack.Undone(err) != (at != "sync") {
				t.Fatalf("Post: %v, surely undone: %v", err, slack.Undone(err))
			}
			if _, found, err := f.Find(t.Context(), "#a", "", "e2", clock()); err != nil || found != (at == "sync") {
				t.Errorf("after a crash at %s of a new message: %v, %v", at, found, err)
			}
			f.step = nil
			if _, err := f.Post(t.Context(), slacksuite.Draft("#a", "e3")); err != nil {
				t.Error(err)
			}
			if left, _ := filepath.Glob(filepath.Join(f.Dir, tempPrefix+"*")); len(left) > 0 {
				t.Errorf("left over: %v", left)
			}
		})
	}
}

const good = `{
  "channel": "#a", "ts": "1672912800.000100", "thread_ts": "", "kind": "alert",
  "text": "t", "blocks": [], "updated": "",
  "metadata": {"event_type": "cutover", "event_payload": {"action": "a1", "effect": "e1"}}
}
`

// TestBroken breaks a file in every way: the error names file and line, the file
// stays as it is, and messages beside it can still be posted and found.
func TestBroken(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", ":1: this is no message: EOF"},
		{"cut off", good[:120], ":3: this is no message: unexpected EOF"},
		{"no JSON", strings.Replace(good, `"t",`, `"t",,`, 1), ":3: this is no message: invalid character ','"},
		{"unknown key", strings.Replace(good, `"text"`, `"txet"`, 1), `:3: this is no message: unknown field "txet"`},
		{"wrong type", strings.Replace(good, `"blocks": []`, `"blocks": 7`, 1), ":3: this is no message: cannot unmarshal number"},
		{"null blocks", strings.Replace(good, `"blocks": []`, `"blocks": null`, 1), ":3: the message lacks its list"},
		{"two", good + "\n" + good, ":7: something stands after the message"},
		{"other time", strings.Replace(good, "000100", "000200", 1), `:2: ts "1672912800.000200" stands in the file of`},
		{"other kind", strings.Replace(good, "alert", "case", 1), `:2: kind "case" stands in a file named alert`},
		{"no channel", strings.Replace(good, "#a", "", 1), ":2: the message lacks its channel"},
		{"odd thread", strings.Replace(good, `"thread_ts": ""`, `"thread_ts": "x"`, 1), `:2: thread_ts "x" is no`},
		{"odd time of edit", strings.Replace(good, `"updated": ""`, `"updated": "today"`, 1), `:3: updated "today" is no time`},
		{"no UTF-8", strings.Replace(good, `"t"`, "\"\xff\"", 1), ":3: this is not UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := New(t.TempDir(), clock)
			path := f.path("1672912800.000100-alert.json")
			if err := os.WriteFile(path, []byte(c.file), 0o600); err != nil {
				t.Fatal(err)
			}
			err := f.Update(t.Context(), slack.Ref{Channel: "#a", TS: "1672912800.000100"}, slacksuite.Draft("#a", "e1"))
			if err == nil || !strings.HasPrefix(err.Error(), path+c.want) || !slack.Undone(err) {
				t.Errorf("Update: %v, want %s", err, path+c.want)
			}
			if _, found, err := f.Find(t.Context(), "#a", "", "e1", clock()); found || err == nil || !strings.Contains(err.Error(), path+c.want) {
				t.Errorf("Find beside a broken file that may be the one: %v, %v", found, err)
			}
			if _, found, err := f.Find(t.Context(), "#a", "", "e1", clock().Add(time.Hour)); found || err != nil {
				t.Errorf("Find beside a broken file that is too old: %v, %v", found, err)
			}
			if strings.Contains(c.file, `"e1"`) {
				if _, found, err := f.Find(t.Context(), "#a", "", "e2", clock()); found || err != nil {
					t.Errorf("Find beside a broken file of another effect: %v, %v", found, err)
				}
			}
			if ref, err := f.Post(t.Context(), slacksuite.Draft("#a", "e3")); err != nil || ref.TS != "1672912800.000101" {
				t.Errorf("Post beside a broken file: %+v, %v", ref, err)
			}
			if raw, err := os.ReadFile(path); err != nil || string(raw) != c.file {
				t.Errorf("the broken file was touched: %q, %v", raw, err)
			}
		})
	}
}

// FuzzParse reads whatever stands in a file: an error names its line, and what is
// read is written and read again as the same.
func FuzzParse(f *testing.F) {
	raw, err := recordOf(slacksuite.Draft("#a", "e1"), stamp{1672912800, 100}).bytes()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(good))
	f.Add([]byte("{\"ts\": \"\\ud800\"}\r\n"))
	f.Add([]byte("\uFEFF{}"))
	f.Add([]byte(`{"metadata":{"event_payload":{"effect":"\u0065","x":null}}}`))
	n, _ := parseName("1672912800.000100-alert.json")
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := parse(n.file, n, raw)
		if err != nil {
			line, _, found := strings.Cut(strings.TrimPrefix(err.Error(), n.file+":"), ":")
			if at, bad := strconv.Atoi(line); !found || bad != nil || at < 1 || at > 1+strings.Count(string(raw), "\n") {
				t.Errorf("an error without its line: %v", err)
			}
			_ = showsOther(raw, "e1")
			return
		}
		out, err := r.bytes()
		if err != nil {
			t.Fatal(err)
		}
		back, err := parse(n.file, n, out)
		if err != nil {
			t.Fatalf("what is written cannot be read: %v\n%s", err, out)
		}
		if a, b := asJSON(t, r), asJSON(t, back); a != b {
			t.Errorf("came back as %s, want %s", b, a)
		}
	})
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
