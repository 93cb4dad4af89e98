package storetest

import (
	"iter"
	"testing"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

func delivery(id string, after time.Duration, raw string) cutover.Delivery {
	return cutover.Delivery{
		ID: id, Channel: cutover.ChannelMail, ChannelID: "<" + id + "@example.com>", Name: "inbox/" + id + ".eml",
		Received: noon.Add(after), Size: len(raw), State: cutover.DeliveryKept, Raw: []byte(raw),
		Auth: cutover.Authentication{Method: cutover.AuthDKIM, Passed: true, Domain: "microsoft.com"},
	}
}

func keep(t *testing.T, st store.Store, ds ...cutover.Delivery) {
	t.Helper()
	update(t, st, func(tx store.Tx) error {
		for _, d := range ds {
			if isNew, err := tx.PutDelivery(d); err != nil || !isNew {
				t.Errorf("PutDelivery(%s) = %v, %v; want true", d.ID, isNew, err)
			}
		}
		return nil
	})
}

func deliveries(t *testing.T, st store.Store, states ...cutover.DeliveryState) []string {
	t.Helper()
	var all []string
	for _, d := range from(t, st, func(r store.Reader) iter.Seq2[cutover.Delivery, error] { return r.Deliveries(states...) }) {
		if d.Raw != nil {
			t.Errorf("the list carries the bytes of %s", d.ID)
		}
		all = append(all, d.ID)
	}
	return all
}

func testDeliveries(t *testing.T, st store.Store) {
	raw := "Subject: =?utf-8?q?x?=\r\n\r\n\x00\xff body\n"
	d := delivery("d1", 0, raw)
	empty := delivery("d2", time.Second, "")
	keep(t, st, d, empty)
	got, err := get(t, st, func(r store.Reader) (cutover.Delivery, error) { return r.Delivery("d1") })
	if err != nil {
		t.Fatal(err)
	}
	same(t, "delivery", got, d)
	got, err = get(t, st, func(r store.Reader) (cutover.Delivery, error) { return r.Delivery("d2") })
	if err != nil || len(got.Raw) != 0 {
		t.Errorf("a delivery without bytes: %q, %v", got.Raw, err)
	}
	_, err = get(t, st, func(r store.Reader) (cutover.Delivery, error) { return r.Delivery("nope") })
	missing(t, "Delivery(nope)", err)

	again := d
	again.Raw, again.Name, again.State = []byte("other"), "other", cutover.DeliveryRead
	update(t, st, func(tx store.Tx) error {
		if isNew, err := tx.PutDelivery(again); err != nil || isNew {
			t.Errorf("PutDelivery again = %v, %v; want false", isNew, err)
		}
		return nil
	})
	got, err = get(t, st, func(r store.Reader) (cutover.Delivery, error) { return r.Delivery("d1") })
	if err != nil {
		t.Fatal(err)
	}
	same(t, "delivery that was put again", got, d)
}

func testDeliveryStates(t *testing.T, st store.Store) {
	keep(t, st, delivery("d3", 2*time.Hour, "3"), delivery("d2", time.Hour, "2"), delivery("d1", time.Hour, "1"), delivery("d0", 3*time.Hour, "0"))
	same(t, "all by arrival and id", deliveries(t, st), []string{"d1", "d2", "d3", "d0"})
	update(t, st, func(tx store.Tx) error {
		missing(t, "SetDelivery(nope)", tx.SetDelivery("nope", cutover.DeliveryRead, ""))
		if err := tx.SetDelivery("d0", cutover.DeliveryWaiting, ""); err != nil {
			return err
		}
		return tx.SetDelivery("d2", cutover.DeliveryRead, "azure:3SYG-JCG")
	})
	same(t, "kept", deliveries(t, st, cutover.DeliveryKept), []string{"d1", "d3"})
	same(t, "kept or waiting", deliveries(t, st, cutover.DeliveryKept, cutover.DeliveryWaiting), []string{"d1", "d3", "d0"})
	same(t, "rejected", deliveries(t, st, cutover.DeliveryRejected), nil)
	want := delivery("d2", time.Hour, "2")
	want.State, want.Notice = cutover.DeliveryRead, "azure:3SYG-JCG"
	got, err := get(t, st, func(r store.Reader) (cutover.Delivery, error) { return r.Delivery("d2") })
	if err != nil {
		t.Fatal(err)
	}
	same(t, "delivery after SetDelivery", got, want)
	want.Raw = nil
	read := func(r store.Reader) iter.Seq2[cutover.Delivery, error] { return r.Deliveries(cutover.DeliveryRead) }
	same(t, "list after SetDelivery", from(t, st, read), []cutover.Delivery{want})
}

func testReadings(t *testing.T, st store.Store) {
	load := func(r store.Reader) (cutover.Reading, error) { return r.Reading("d1") }
	_, err := get(t, st, load)
	missing(t, "Reading before it was read", err)
	rd := cutover.Reading{
		Delivery: "d1", Sender: "azure-noreply@microsoft.com", Stamp: noon, Notice: notice("azure:3SYG-JCG", 0),
		Parts:      []cutover.Part{{Name: "subject", Text: "証明書の変更 <b>&amp;</b>", Deriver: 1}, {Name: "body", Text: "line\n\tline", Deriver: 2}},
		Structured: []string{"services"},
	}
	update(t, st, func(tx store.Tx) error { return tx.PutReading(rd) })
	got, err := get(t, st, load)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "reading", got, rd)
	rd.Parts = rd.Parts[:1]
	update(t, st, func(tx store.Tx) error { return tx.PutReading(rd) })
	if got, err = get(t, st, load); err != nil {
		t.Fatal(err)
	}
	same(t, "reading that was put again", got, rd)
}
