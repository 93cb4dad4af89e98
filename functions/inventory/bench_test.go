package inventory

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// discard is a store that reads the rows and keeps none.
type discard struct{ memory }

func (d *discard) View(_ context.Context, fn func(store.Reader) error) error { return fn(d) }
func (d *discard) Update(_ context.Context, fn func(store.Tx) error) error   { return fn(d) }
func (d *discard) Emit(...cutover.Event) error                               { return nil }

func (d *discard) ReplaceInventory(_ cutover.Source, rows store.Rows) error {
	for _, err := range rows.Resources {
		if err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkRefresh reads 20,000 rows in twenty pages' worth of files, both passes.
func BenchmarkRefresh(b *testing.B) {
	const files, rows = 20, 1001
	fs := fstest.MapFS{}
	size := 0
	for f := range files {
		var text strings.Builder
		text.WriteString("[")
		for i := range rows {
			if i > 0 {
				text.WriteString(",\n")
			}
			fmt.Fprintf(&text, `{"id": "/subscriptions/%s/resourceGroups/rg-%d/providers/Microsoft.Storage/storageAccounts/account%d", "name": "account%d",
 "type": "microsoft.storage/storageaccounts", "location": "westeurope", "resourceGroup": "rg-%d", "subscriptionId": "%s", "kind": "StorageV2",
 "sku": {"name": "Standard_LRS", "tier": "Standard"}, "tags": {"owner": "payments", "costcenter": "4711"},
 "properties": {%s"supportsHttpsTrafficOnly": true}}`, sub, f, i, i, f, sub, strings.Repeat(`"someProperty": {"value": "some text", "list": [1, 2, 3]}, `, 15))
		}
		text.WriteString("]")
		size += text.Len()
		fs[fmt.Sprintf("page%02d.json", f)] = &fstest.MapFile{Data: []byte(text.String())}
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		st := &discard{*newMemory()}
		if problems, err := room(b, st, fs).Refresh(b.Context()); err != nil || len(problems) > 0 {
			b.Fatal(problems, err)
		}
	}
}
