package plan

import (
	"fmt"
	"strings"
	"testing"

	"cutover/shared/cutover"
)

func traced(team string, t cutover.Trace) string {
	var b strings.Builder
	for _, s := range t {
		mark := " "
		if s.Won {
			mark = "*"
		}
		fmt.Fprintf(&b, "%s%s | %s | %s | %s\n", mark, s.Rule, s.Where, s.Value, s.Result)
	}
	return b.String() + "= " + team
}

func TestOwners(t *testing.T) {
	w := baseWorld(t)
	w.Ownership.Repositories = map[string]string{"contoso/*": "platform", "contoso/pay-*": "payments", "contoso/pay-lab": "nobody", "contoso/pay-l*": "devices"}
	w.Ownership.Codeowners = map[string]string{"@contoso/Devices": "devices", "@contoso/left": "a team that left"}
	x := NewOwners(w.Ownership, w.Subscriptions, w.Groups)
	const shop, iot, gov = "22222222-0000-0000-0000-000000000002", "11111111-0000-0000-0000-000000000001", "33333333-0000-0000-0000-000000000003"
	res := func(sub, group string, tags map[string]string) func() (string, cutover.Trace) {
		return func() (string, cutover.Trace) {
			return x.OwnerOfResource(cutover.Resource{Subscription: sub, Group: group, Tags: tags})
		}
	}
	path := func(repo string, hints ...string) func() (string, cutover.Trace) {
		return func() (string, cutover.Trace) { return x.OwnerOfPath(repo, hints, "CODEOWNERS:3") }
	}
	tests := []struct {
		says string
		ask  func() (string, cutover.Trace)
		want string
	}{
		{"a tag of the resource names a team by name, without case, under a key without case", res(shop, "rg", map[string]string{"OWNER": "DEVICE TEAM"}),
			"*resource-tag | resource, tag owner | DEVICE TEAM | devices\n= devices"},
		{"a tag that names no team is passed over for the next key", res(shop, "rg", map[string]string{"owner": "ann@contoso.example", "team": "payments"}),
			" resource-tag | resource, tag owner | ann@contoso.example | names no team, passed over\n*resource-tag | resource, tag team | payments | payments\n= payments"},
		{"then the group's tag", res(shop, "RG-Legacy", nil),
			" resource-tag | resource |  | has no tag owner or team\n*group-tag | group RG-Legacy, tag team | platform | platform\n= platform"},
		{"then the subscription's tag", res(iot, "rg", nil),
			" resource-tag | resource |  | has no tag owner or team\n group-tag | group rg |  | has no tag owner or team\n*subscription-tag | subscription Contoso IoT, tag owner | device team | devices\n= devices"},
		{"then the subscription map, by name", res(strings.ToUpper(shop), "rg", nil),
			" resource-tag | resource |  | has no tag owner or team\n group-tag | group rg |  | has no tag owner or team\n subscription-tag | subscription Contoso Shop |  | has no tag owner or team\n*subscription-map | owners.subscriptions Contoso Shop | payments | payments\n= payments"},
		{"then the fallback", func() (string, cutover.Trace) { return x.OwnerOfSubscription(gov) },
			" subscription-tag | subscription Contoso Gov |  | has no tag owner or team\n subscription-map | owners.subscriptions | Contoso Gov | no entry\n*fallback | owners.fallback | platform | platform\n= platform"},
		{"of several owners on a line the first that maps to a team", path("contoso/shop", "@ann", "@contoso/left", "@CONTOSO/devices"),
			" codeowners | CODEOWNERS:3 | @ann | is not in owners.codeowners, passed over\n codeowners | CODEOWNERS:3 | @contoso/left = a team that left | names no team, passed over\n*codeowners | CODEOWNERS:3 | @CONTOSO/devices | devices\n= devices"},
		{"then the repository map, the narrower pattern first", path("contoso/pay-api"),
			" codeowners | CODEOWNERS:3 |  | says nothing about this path\n*repository-map | owners.repositories contoso/pay-* | payments | payments\n= payments"},
		{"an entry that names no team is passed over", path("contoso/pay-lab"),
			" codeowners | CODEOWNERS:3 |  | says nothing about this path\n repository-map | owners.repositories contoso/pay-lab | nobody | names no team, passed over\n*repository-map | owners.repositories contoso/pay-l* | devices | devices\n= devices"},
		{"then the fallback", path("other/thing"),
			" codeowners | CODEOWNERS:3 |  | says nothing about this path\n repository-map | owners.repositories | other/thing | no entry\n*fallback | owners.fallback | platform | platform\n= platform"},
	}
	for _, tt := range tests {
		t.Run(tt.says, func(t *testing.T) {
			for range 2 { // the second answer comes from memory
				if got := traced(tt.ask()); got != tt.want {
					t.Errorf("got\n%s\nwant\n%s", got, tt.want)
				}
			}
		})
	}
}

func TestGlob(t *testing.T) {
	for _, tt := range []struct {
		pattern, name string
		want          bool
	}{
		{"contoso/*", "contoso/a", true}, {"contoso/*", "contoso/a/b", true}, {"contoso/*", "other/a", false}, {"*", "x", true},
		{"a*b*c", "a-b-c", true}, {"a*b*c", "a-c-b", false}, {"a*a", "a", false}, {"", "", true}, {"exact", "exactly", false},
	} {
		if got := glob(tt.pattern, tt.name); got != tt.want {
			t.Errorf("glob(%q, %q) = %v", tt.pattern, tt.name, got)
		}
	}
}
