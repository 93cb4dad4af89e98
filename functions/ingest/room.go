// Package ingest is the letterbox: it keeps the bytes of a delivery, unchanged,
// before anything else happens, and says so in one message.
//
// Whatever brings a delivery (a folder, the webhook here, an SMTP server, a mail
// service) calls Keep and answers its sender only after Keep has returned nil.
// From then on the delivery cannot be lost. The same bytes from the same channel
// are the same delivery, however often they arrive.
package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// source names this room in its messages.
const source = "ingest"

// MaxSize is the largest delivery that is taken in, in bytes (25 MB: what the big
// mail services carry).
const MaxSize = 25 << 20

// Store is what the letterbox needs of the store.
type Store interface {
	View(ctx context.Context, fn func(store.Reader) error) error
	Update(ctx context.Context, fn func(store.Tx) error) error
}

// Room keeps deliveries.
type Room struct {
	Store Store
	Now   func() time.Time
	Log   *slog.Logger // nil: silent
}

// Kept is what became of one delivery that was handed in.
type Kept struct {
	ID    string
	Fresh bool // false: these bytes were kept before, nothing changed
}

// Keep stores one delivery and puts its message into the outbox, in one
// transaction. ID and Size are set here; a zero Received becomes now.
func (r Room) Keep(ctx context.Context, d cutover.Delivery) (id string, fresh bool, err error) {
	kept, err := r.KeepAll(ctx, []cutover.Delivery{d})
	if err != nil {
		return "", false, err
	}
	return kept[0].ID, kept[0].Fresh, nil
}

// KeepAll does the same for many deliveries in one transaction: all or none.
func (r Room) KeepAll(ctx context.Context, ds []cutover.Delivery) ([]Kept, error) {
	now := r.Now().UTC()
	kept := make([]Kept, len(ds))
	err := r.Store.Update(ctx, func(tx store.Tx) error {
		for i, d := range ds {
			d = address(d, now)
			fresh, err := tx.PutDelivery(d)
			if err != nil {
				return fmt.Errorf("keeping delivery %s (%s): %w", d.ID, d.Name, err)
			}
			kept[i] = Kept{ID: d.ID, Fresh: fresh}
			if !fresh {
				continue
			}
			if err := tx.Emit(keptEvent(d, now)); err != nil {
				return fmt.Errorf("announcing delivery %s (%s): %w", d.ID, d.Name, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, k := range kept {
		if k.Fresh {
			r.log().Info("delivery kept", "delivery", k.ID, "name", ds[i].Name, "channel", ds[i].Channel, "size", len(ds[i].Raw))
		}
	}
	return kept, nil
}

// address fills in what follows from the bytes. The clock only caps the arrival:
// nothing can have arrived in the future.
func address(d cutover.Delivery, now time.Time) cutover.Delivery {
	d.ID = cutover.DeliveryID(d.Channel, d.ChannelID, d.Raw)
	d.Size = len(d.Raw)
	d.State = cutover.DeliveryKept
	d.Received = d.Received.UTC()
	if d.Received.IsZero() || d.Received.After(now) {
		d.Received = now
	}
	if d.Auth.Method == "" {
		d.Auth.Method = cutover.AuthNone
	}
	return d
}

// keptData is the body of the message; it is for people who look at the bus.
type keptData struct {
	Channel        string                 `json:"channel"`
	Size           int                    `json:"size"`
	Authentication cutover.Authentication `json:"authentication"`
}

func keptEvent(d cutover.Delivery, now time.Time) cutover.Event {
	return cutover.NewEvent(cutover.TypeDeliveryKept, source, d.ID, now,
		keptData{Channel: d.Channel, Size: d.Size, Authentication: d.Auth}, d.ID)
}

func (r Room) log() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}
