package alert_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"cutover/functions/alert"
	"cutover/shared/cutover"
	"cutover/shared/slack"
	"cutover/shared/slack/folder"
	"cutover/shared/store"
	"cutover/shared/store/sqlite"
)

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func (c *clock) sleep(_ context.Context, d time.Duration) error {
	c.move(d)
	return nil
}

// house is the room with a real store and, unless told otherwise, Slack in a folder.
type house struct {
	*alert.Room
	t      *testing.T
	store  alert.Store
	clock  *clock
	dir    string
	counts map[string]int
}

func newHouse(t *testing.T) *house {
	t.Helper()
	st, err := sqlite.Open(t.Context(), sqlite.Memory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return furnish(t, st)
}

func furnish(t *testing.T, st alert.Store) *house {
	t.Helper()
	c := &clock{at: time.Date(2022, 12, 23, 9, 0, 0, 0, time.UTC)}
	h := &house{t: t, store: st, clock: c, dir: t.TempDir(), counts: map[string]int{}}
	h.Room = &alert.Room{
		Store: st, Slack: folder.New(h.dir, c.now), Now: c.now, Count: func(what string) { h.counts[what]++ },
		Owners: cutover.Ownership{Fallback: "platform", Teams: []cutover.Team{
			{ID: "payments", Name: "Payments", Slack: "#payments", Tracker: "contoso/payments-api", Escalation: "#payments-leads"},
			{ID: "platform", Name: "Platform", Slack: "#platform"},
			{ID: "quiet", Name: "Quiet"},
		}},
	}
	return h
}

func (h *house) update(fn func(tx store.Tx) error) {
	h.t.Helper()
	if err := h.store.Update(context.Background(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// put writes facts as match would.
func (h *house) put(a cutover.Action, n cutover.Notice) {
	h.t.Helper()
	h.update(func(tx store.Tx) error {
		was, err := tx.Notice(n.Key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := tx.PutNotice(n, was.Revision); err != nil {
			return err
		}
		return tx.PutAction(a)
	})
}

// ticket records a ticket as the ticket room would, and is the message about it.
func (h *house) ticket(a cutover.Action, link string) cutover.Event {
	h.t.Helper()
	h.update(func(tx store.Tx) error {
		return tx.PutEffect(cutover.Effect{
			Key: a.ID + "/ticket", Subject: a.ID, Kind: "ticket", State: cutover.EffectDone, Version: a.Version,
			Result: map[string]string{"project": "contoso/payments-api", "number": "7", "link": link},
		})
	})
	return cutover.NewEvent(cutover.TypeTicketRecorded, "ticket", a.ID, h.clock.now(), nil, a.ID, link)
}

const ticketLink = "https://git.contoso.example/payments-api/issues/7"

// recorded puts an action with its ticket.
func (h *house) recorded(a cutover.Action) cutover.Event {
	h.t.Helper()
	h.put(a, notice())
	return h.ticket(a, ticketLink)
}

func due(subject string, d alert.Due) cutover.Event {
	return cutover.NewEvent(cutover.TypeReminderDue, "match", subject, time.Time{}, d, subject, d.Kind, d.Rung, string(d.Due))
}

func (h *house) handle(evs ...cutover.Event) {
	h.t.Helper()
	for _, ev := range evs {
		if err := h.Handle(h.t.Context(), ev); err != nil {
			h.t.Fatal(err)
		}
	}
}

// seen is a message as its file has it.
type seen struct {
	Channel  string         `json:"channel"`
	TS       string         `json:"ts"`
	Thread   string         `json:"thread_ts"`
	Kind     string         `json:"kind"`
	Text     string         `json:"text"`
	Blocks   []slack.Block  `json:"blocks"`
	Updated  string         `json:"updated"`
	Metadata slack.Metadata `json:"metadata"`
}

func (h *house) look() []seen {
	h.t.Helper()
	files, err := filepath.Glob(filepath.Join(h.dir, "*.json"))
	if err != nil {
		h.t.Fatal(err)
	}
	slices.Sort(files)
	var out []seen
	for _, f := range files {
		raw, err := os.ReadFile(f)
		var s seen
		if err != nil || json.Unmarshal(raw, &s) != nil {
			h.t.Fatalf("%s: %v", f, err)
		}
		out = append(out, s)
	}
	return out
}

// last is the newest message.
func (h *house) last() seen {
	h.t.Helper()
	all := h.look()
	if len(all) == 0 {
		h.t.Fatal("nothing was posted")
	}
	return all[len(all)-1]
}

func (h *house) delete(s seen) {
	h.t.Helper()
	if err := os.Remove(filepath.Join(h.dir, s.TS+"-"+s.Kind+".json")); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) effects() []cutover.Effect {
	h.t.Helper()
	var out []cutover.Effect
	err := h.store.View(context.Background(), func(r store.Reader) error {
		for e, err := range r.Effects("") {
			if err != nil {
				return err
			}
			out = append(out, e)
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}
