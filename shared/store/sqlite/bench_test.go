package sqlite_test

import (
	"fmt"
	"iter"
	"testing"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
	"cutover/shared/store/sqlite"
)

var types = []string{
	"microsoft.devices/iothubs", "microsoft.storage/storageaccounts", "microsoft.web/sites", "microsoft.cache/redis",
	"microsoft.sql/servers", "microsoft.keyvault/vaults", "microsoft.network/virtualnetworks", "microsoft.compute/virtualmachines",
}

// inventory makes n resources that look like an inventory's, not sorted by id.
func inventory(n int) iter.Seq2[cutover.Resource, error] {
	regions := []string{"westeurope", "northeurope", "eastus", "japaneast", "global"}
	return func(yield func(cutover.Resource, error) bool) {
		for i := range n {
			sub := fmt.Sprintf("%08x-1111-4222-8333-%012x", uint32(i%1000)*2654435761, i%1000)
			group, name, typ := fmt.Sprintf("rg-%03d", i%37), fmt.Sprintf("res-%06d", i), types[i%len(types)]
			r := cutover.Resource{
				ID:   "/subscriptions/" + sub + "/resourceGroups/" + group + "/providers/" + typ + "/" + name,
				Name: name, Type: typ, Subscription: sub, Group: group, Region: regions[i%len(regions)], Cloud: cutover.CloudPublic,
				Tags: map[string]string{"owner": fmt.Sprintf("team-%02d", i%40), "env": "prod", "costCenter": fmt.Sprint(4000 + i%50)},
			}
			if i%4 == 0 {
				r.Properties = map[string]string{"sku.name": "S1", "properties.rootCertificate.enableRootCertificateV2": "true"}
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func complete(at time.Time) cutover.Source {
	return cutover.Source{Name: "inventory", Kind: cutover.SourceInventory, AsOf: at, Version: at.String(), Complete: true}
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func load(tb testing.TB, s store.Store, n int, at time.Time) {
	tb.Helper()
	err := s.Update(tb.Context(), func(tx store.Tx) error {
		return tx.ReplaceInventory(complete(at), store.Rows{Resources: inventory(n)})
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func open(tb testing.TB, opts ...sqlite.Option) *sqlite.Store {
	tb.Helper()
	s, err := sqlite.Open(tb.Context(), tb.TempDir()+"/store.db", opts...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func BenchmarkReplaceInventory(b *testing.B) {
	const n = 200_000
	for b.Loop() {
		s := open(b)
		load(b, s, n, noon)
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkReplaceInventoryUnchanged(b *testing.B) {
	const n = 200_000
	s := open(b)
	load(b, s, n, noon)
	for i := 1; b.Loop(); i++ {
		load(b, s, n, noon.Add(time.Duration(i)*time.Hour))
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkCandidates(b *testing.B) {
	const n = 200_000
	s := open(b)
	load(b, s, n, noon)
	for b.Loop() {
		got := 0
		err := s.View(b.Context(), func(r store.Reader) error {
			for _, err := range r.Candidates(types, nil) {
				if err != nil {
					return err
				}
				got++
			}
			return nil
		})
		if err != nil || got != n {
			b.Fatal(got, err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
}
