package prose

import (
	"testing"

	"cutover/shared/cutover"
)

func TestLink(t *testing.T) {
	const id = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Devices/IotHubs/hub"
	for _, c := range []struct {
		it   cutover.Item
		want string
	}{
		{cutover.Item{Kind: cutover.ItemResource, ID: id, Region: "westeurope"}, "https://portal.azure.com/#resource" + id},
		{cutover.Item{Kind: cutover.ItemResource, ID: id, Region: "usgovvirginia"}, "https://portal.azure.us/#resource" + id},
		{cutover.Item{Kind: cutover.ItemResource, ID: id, Region: "chinanorth3"}, "https://portal.azure.cn/#resource" + id},
		{cutover.Item{Kind: cutover.ItemSubscription, ID: "11111111-1111-1111-1111-111111111111"}, "https://portal.azure.com/#resource/subscriptions/11111111-1111-1111-1111-111111111111"},
		{cutover.Item{Kind: cutover.ItemResource, ID: "/subscriptions/x/a) [evil](https://evil.example"}, "https://portal.azure.com/#resource/subscriptions/x/a%29%20%5Bevil%5D%28https://evil.example"},
		{cutover.Item{Kind: cutover.ItemResource, ID: "https://evil.example/"}, ""},
		{cutover.Item{Kind: cutover.ItemFinding, ID: "a/b:c#d"}, ""},
		{cutover.Item{Kind: cutover.ItemFinding, Link: "https://github.com/a/b/blob/main/c#L1"}, "https://github.com/a/b/blob/main/c#L1"},
	} {
		if got := Link(c.it); got != c.want {
			t.Errorf("%+v: %s, want %s", c.it, got, c.want)
		}
	}
}
