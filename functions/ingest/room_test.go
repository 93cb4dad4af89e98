package ingest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
	"cutover/shared/store/sqlite"
)

var at = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)

// house is a room over a real store.
type house struct {
	*testing.T
	store *sqlite.Store
	room  Room
}

func open(t *testing.T) *house {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Memory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &house{T: t, store: s, room: Room{Store: s, Now: func() time.Time { return at }}}
}

func (h *house) view(fn func(store.Reader) error) {
	h.Helper()
	if err := h.store.View(h.Context(), fn); err != nil {
		h.Fatal(err)
	}
}

func (h *house) delivery(id string) cutover.Delivery {
	h.Helper()
	var d cutover.Delivery
	h.view(func(rd store.Reader) (err error) { d, err = rd.Delivery(id); return err })
	return d
}

// names are what the kept deliveries are called.
func (h *house) names() []string {
	h.Helper()
	var out []string
	h.view(func(rd store.Reader) error {
		for d, err := range rd.Deliveries() {
			if err != nil {
				return err
			}
			out = append(out, d.Name)
		}
		return nil
	})
	slices.Sort(out)
	return out
}

func (h *house) pending() []cutover.Event {
	h.Helper()
	var evs []cutover.Event
	h.view(func(rd store.Reader) (err error) { evs, err = rd.Pending(1000); return err })
	return evs
}

func (h *house) source(name string) cutover.Source {
	h.Helper()
	var out cutover.Source
	h.view(func(rd store.Reader) error {
		all, err := rd.Sources()
		for _, s := range all {
			if s.Name == name {
				out = s
			}
		}
		return err
	})
	return out
}

func (h *house) generation() int64 {
	h.Helper()
	var g int64
	h.view(func(rd store.Reader) (err error) { g, err = rd.Generation(); return err })
	return g
}

func TestKeep(t *testing.T) {
	h := open(t)
	raw := []byte("From: a\r\n\r\n\x00\xff bytes as they came")
	d := cutover.Delivery{Channel: cutover.ChannelMail, Name: "mail from a", Raw: raw, State: cutover.DeliveryRead, Size: 7, ID: "made up",
		Received: at.Add(time.Hour), Auth: cutover.Authentication{Method: cutover.AuthDKIM, Passed: true, Domain: "a.example"}}
	id, fresh, err := h.room.Keep(t.Context(), d)
	if err != nil || !fresh {
		t.Fatalf("keeping: %v, fresh %v", err, fresh)
	}
	if want := cutover.DeliveryID(cutover.ChannelMail, "", raw); id != want {
		t.Errorf("id %s, want %s", id, want)
	}
	got := h.delivery(id)
	if string(got.Raw) != string(raw) || got.Size != len(raw) || got.State != cutover.DeliveryKept || !got.Received.Equal(at) || got.Auth != d.Auth {
		t.Errorf("kept %+v", got)
	}
	evs := h.pending()
	if len(evs) != 1 || evs[0].Type != cutover.TypeDeliveryKept || evs[0].Subject != id || evs[0].Source != "ingest" {
		t.Fatalf("outbox holds %+v", evs)
	}
	if want := `{"channel":"mail","size":32,"authentication":{"method":"dkim","passed":true,"domain":"a.example"}}`; string(evs[0].Data) != want {
		t.Errorf("data is %s, want %s", evs[0].Data, want)
	}
	// The same bytes again, under another name: the same delivery.
	d.Name, d.Auth = "another", cutover.Authentication{Method: cutover.AuthNone}
	again, fresh, err := h.room.Keep(t.Context(), d)
	if err != nil || fresh || again != id || len(h.pending()) != 1 || h.delivery(id).Name != "mail from a" {
		t.Errorf("again: %v, fresh %v, id %s, %d events, called %s", err, fresh, again, len(h.pending()), h.delivery(id).Name)
	}
	// The same bytes through another channel are another one.
	d.Channel = cutover.ChannelWebhook
	if other, fresh, err := h.room.Keep(t.Context(), d); err != nil || !fresh || other == id {
		t.Errorf("other channel: %v, fresh %v, id %s", err, fresh, other)
	}
}

func TestKeepFillsIn(t *testing.T) {
	h := open(t)
	id, _, err := h.room.Keep(t.Context(), cutover.Delivery{Channel: cutover.ChannelPoll, Received: time.Time{}})
	if err != nil {
		t.Fatal(err)
	}
	if d := h.delivery(id); !d.Received.Equal(at) || d.Auth.Method != cutover.AuthNone || d.Size != 0 {
		t.Errorf("kept %+v", d)
	}
}

func TestKeepAllOrNone(t *testing.T) {
	h := open(t)
	ds := []cutover.Delivery{{Channel: "mail", Raw: []byte("1")}, {Channel: "mail", Raw: []byte("2")}, {Channel: "mail", Raw: []byte("1")}}
	kept, err := h.room.KeepAll(t.Context(), ds)
	if err != nil || !kept[0].Fresh || !kept[1].Fresh || kept[2].Fresh || kept[0].ID != kept[2].ID {
		t.Errorf("kept %+v: %v", kept, err)
	}
	broken := Room{Store: failing{h.store, 2}, Now: h.room.Now}
	if _, err := broken.KeepAll(t.Context(), []cutover.Delivery{{Channel: "mail", Raw: []byte("3")}, {Channel: "mail", Raw: []byte("4")}}); !errors.Is(err, errFull) {
		t.Errorf("got %v, want the store's error", err)
	}
	if n := len(h.names()); n != 2 || len(h.pending()) != 2 {
		t.Errorf("%d deliveries and %d events after a failure in the middle, want 2 and 2", n, len(h.pending()))
	}
	if _, _, err := broken.Keep(t.Context(), cutover.Delivery{Name: "x.eml", Raw: []byte("5")}); err != nil {
		t.Errorf("the first write works: %v", err)
	}
}

var errFull = errors.New("disk full")

// failing is a store whose n-th PutDelivery in a transaction fails.
type failing struct {
	Store
	n int
}

func (f failing) Update(ctx context.Context, fn func(store.Tx) error) error {
	return f.Store.Update(ctx, func(tx store.Tx) error { return fn(&failingTx{Tx: tx, left: f.n}) })
}

type failingTx struct {
	store.Tx
	left int
}

func (f *failingTx) PutDelivery(d cutover.Delivery) (bool, error) {
	if f.left--; f.left == 0 {
		return false, errFull
	}
	return f.Tx.PutDelivery(d)
}

func contains(t *testing.T, errs []error, what ...string) {
	t.Helper()
	if len(errs) != len(what) {
		t.Fatalf("%d errors, want %d: %v", len(errs), len(what), errs)
	}
	for i, w := range what {
		if !strings.Contains(errs[i].Error(), w) {
			t.Errorf("error %q does not say %q", errs[i], w)
		}
	}
}
