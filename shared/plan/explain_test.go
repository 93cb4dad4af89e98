package plan

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"cutover/shared/cutover"

	"github.com/google/go-cmp/cmp"
)

// TestExplain asks about things of one world, things that are items and things that
// are not; testdata/explain.txt holds the answers.
func TestExplain(t *testing.T) {
	w := baseWorld(t)
	certs := []cutover.Certificate{{CN: "Baltimore CyberTrust Root", Role: cutover.RoleRoot, State: cutover.StateRetiring}, {CN: "DigiCert Global Root G2", Role: cutover.RoleRoot, State: cutover.StateIntroduced}}
	window := []cutover.Milestone{{Kind: cutover.KindCutover, Start: "2023-02-15", End: "2023-10-15", Services: []string{"IoT Hub"}}, {Kind: cutover.KindActBy, Start: "2023-01-31", Services: []string{"DPS"}}}
	w.Notices = []cutover.Notice{
		{Key: "azure:HUB-1", Topic: cutover.TopicCertificate, ActionRequired: true, Services: []string{"IoT Hub", "DPS", "Unheard Of"}, Regions: []string{"West Europe"}, ExcludedClouds: []string{cutover.CloudUSGov}, Milestones: window, Certificates: certs},
		{Key: "azure:PIN-1", Topic: cutover.TopicCertificate, ActionRequired: true, PinningCondition: true, Services: []string{"IoT Hub"}, Milestones: window[1:], Certificates: certs},
		{Key: "azure:WEB-1", ActionRequired: true, Services: []string{"Azure Functions", "Microsoft Entra ID"}, Milestones: []cutover.Milestone{{Kind: cutover.KindRetirement, Start: "2023-06-30"}}},
		{Key: "azure:PAST-1", Topic: cutover.TopicCertificate, ActionRequired: true, Services: []string{"IoT Hub", "Microsoft Entra ID"}, Milestones: []cutover.Milestone{{Kind: cutover.KindRetirement, Start: "2022-06-30"}}, Certificates: certs},
		{Key: "azure:OFF-1", Cancelled: true, ActionRequired: true, Services: []string{"IoT Hub"}},
	}
	for i := range w.Notices {
		complete(&w.Notices[i], w.At)
	}
	res := func(name, typ, region string, props map[string]string) cutover.Resource {
		return cutover.Resource{ID: "/subscriptions/11111111-0000-0000-0000-000000000001/resourceGroups/rg/providers/" + typ + "/" + name, Name: name, Type: strings.ToLower(typ), Subscription: "11111111-0000-0000-0000-000000000001", Group: "rg", Region: region, Properties: props}
	}
	w.Resources = []cutover.Resource{
		res("absent", "Microsoft.Devices/IotHubs", "westeurope", nil),
		res("through", "Microsoft.Devices/IotHubs", "westeurope", map[string]string{"properties.rootCertificate.enableRootCertificateV2": "true"}),
		res("north", "Microsoft.Devices/IotHubs", "northeurope", nil),
		res("gov", "Microsoft.Devices/IotHubs", "usgovvirginia", nil),
		res("site", "Microsoft.Web/sites", "westeurope", map[string]string{"kind": "app,linux"}),
	}
	f := func(path, identity, role, direction string) cutover.Finding {
		return cutover.Finding{Repository: "contoso/pay-api", Commit: "c1", Path: path, Line: 7, Kind: cutover.FindPEM, Identity: identity, Role: role, Direction: direction, Confidence: "high", Fingerprint: path + identity, OwnerHints: []string{"@contoso/devices"}, OwnerRule: "CODEOWNERS:2"}
	}
	w.Findings = []cutover.Finding{
		f("old.go", "Baltimore CyberTrust Root", cutover.FileCode, cutover.DirectionTrusts),
		f("both.go", "Baltimore CyberTrust Root", cutover.FileCode, cutover.DirectionTrusts), f("both.go", "DigiCert Global Root G2", cutover.FileCode, cutover.DirectionTrusts),
		f("old_test.go", "Microsoft RSA TLS CA 01", cutover.FileTest, cutover.DirectionTrusts),
		f("block.c", "Baltimore CyberTrust Root", cutover.FileCode, cutover.DirectionRefuses),
	}
	known := apply(nil, Diff(must(Desired(w.input(nil), w.At)), nil, nil, w.At))

	var out strings.Builder
	hub := "/subscriptions/11111111-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Devices/IotHubs/"
	for _, ask := range [][2]string{
		{"azure:HUB-1", ""}, {"azure:PIN-1", ""}, {"azure:OFF-1", ""},
		{"azure:HUB-1/devices", strings.ToUpper(hub + "absent")}, {"azure:HUB-1", hub + "through"}, {"azure:HUB-1", hub + "north"}, {"azure:HUB-1", hub + "gov"}, {"azure:HUB-1", hub + "never"},
		{"azure:PIN-1", hub + "absent"}, {"azure:OFF-1", hub + "absent"}, {"azure:WEB-1", hub + "absent"},
		{"azure:WEB-1", strings.ReplaceAll(hub, "Devices/IotHubs", "Web/sites") + "site"},
		{"azure:WEB-1", "22222222-0000-0000-0000-000000000002"}, {"azure:HUB-1", "22222222-0000-0000-0000-000000000002"},
		{"azure:PIN-1", "contoso/pay-api:old.go"}, {"azure:PIN-1", "contoso/pay-api:both.go"}, {"azure:PIN-1", "contoso/pay-api:old_test.go:7"}, {"azure:PIN-1", "contoso/pay-api:block.c"},
		{"azure:PAST-1", hub + "absent"}, {"azure:PAST-1", "22222222-0000-0000-0000-000000000002"}, {"azure:PAST-1", "contoso/pay-api:old.go"},
		{"azure:PIN-1", "contoso/pay-api:main.go"}, {"azure:WEB-1", "contoso/pay-api:old.go"},
	} {
		e, err := Explain(w.input(known), ask[0], ask[1], w.At)
		if err != nil {
			t.Fatal(err)
		}
		printExplanation(&out, e)
	}
	const file = "testdata/explain.txt"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), out.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if _, err := Explain(w.input(known), "azure:NONE", "", w.At); err == nil || !strings.Contains(err.Error(), "no such notice") {
		t.Errorf("an unknown notice gives %v", err)
	}
}

func printExplanation(out *strings.Builder, e Explanation) {
	fmt.Fprintf(out, "%s %s\n  %s\n", e.Notice, e.Thing, e.Answer)
	for _, r := range e.Rules {
		mark := " "
		if r.Won {
			mark = "*"
		}
		fmt.Fprintf(out, "  %s %s: %s\n", mark, r.Rule, r.Says)
	}
	if e.Owner != "" {
		last := e.Trace[len(e.Trace)-1]
		fmt.Fprintf(out, "    owner %s by %s\n", e.Owner, last.Rule)
	}
	for _, k := range e.Known {
		fmt.Fprintf(out, "    %s\n", k)
	}
}
