package plan

import (
	"errors"
	"iter"
	"strings"
	"testing"

	"cutover/shared/cutover"

	"github.com/google/go-cmp/cmp"
)

func TestWanted(t *testing.T) {
	w := baseWorld(t)
	certs := []cutover.Certificate{{CN: "baltimore cybertrust root", State: cutover.StateRetiring}, {CN: "DigiCert Global Root G2", Role: cutover.RoleRoot, State: cutover.StateIntroduced}}
	notices := []cutover.Notice{
		{Key: "azure:1", Topic: cutover.TopicCertificate, Services: []string{"iot hub"}, Regions: []string{"West Europe"}, Certificates: certs, ActionRequired: true, Verdict: cutover.VerdictRead},
		{Key: "azure:2", Services: []string{"Azure Storage"}, ActionRequired: true, Verdict: cutover.VerdictRead, Test: true},
		{Key: "azure:3", Services: []string{"Microsoft Entra ID"}, ActionRequired: true, Verdict: cutover.VerdictRead},
	}
	types, regions, cns := Wanted(notices, w.Services, w.CAs)
	if d := cmp.Diff([]string{"microsoft.devices/iothubs"}, types); d != "" {
		t.Errorf("types (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"", "global", "westeurope"}, regions); d != "" {
		t.Errorf("regions (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"Baltimore CyberTrust Root", "DigiCert Global Root CA", "DigiCert Global Root G2", "Microsoft RSA TLS CA 01"}, cns); d != "" {
		t.Errorf("identities (-want +got):\n%s", d)
	}
	notices[1].Test = false // names no region: every region is wanted
	if _, regions, _ := Wanted(notices, w.Services, w.CAs); regions != nil {
		t.Errorf("regions %v, want all", regions)
	}
}

func TestBrokenRowsAreNoLook(t *testing.T) {
	broken := errors.New("the disk is gone")
	w := baseWorld(t)
	in := w.input(nil)
	in.Resources = failing2[cutover.Resource](broken)
	if _, err := Desired(in, w.At); !errors.Is(err, broken) || !strings.Contains(err.Error(), "reading resources") {
		t.Errorf("got %v", err)
	}
	in = w.input(nil)
	in.Findings = failing2[cutover.Finding](broken)
	if _, err := Desired(in, w.At); !errors.Is(err, broken) || !strings.Contains(err.Error(), "reading findings") {
		t.Errorf("got %v", err)
	}
}

func failing2[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		yield(zero, err)
	}
}

func TestTypeOf(t *testing.T) {
	for id, want := range map[string]string{
		"/subscriptions/x/resourceGroups/r/providers/Microsoft.Devices/IotHubs/h":                                                   "microsoft.devices/iothubs",
		"/subscriptions/x/resourceGroups/r/providers/Microsoft.Sql/servers/s/databases/d":                                           "microsoft.sql/servers/databases",
		"/subscriptions/x/providers/Microsoft.Compute/virtualMachines/v/providers/Microsoft.Maintenance/configurationAssignments/c": "microsoft.maintenance/configurationassignments",
		"odd": "",
	} {
		if got := typeOf(id); got != want {
			t.Errorf("typeOf(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestFallbackIsCounted(t *testing.T) {
	w := baseWorld(t)
	w.Notices = []cutover.Notice{{Services: []string{"Azure Storage"}, ActionRequired: true}}
	complete(&w.Notices[0], w.At)
	w.Resources = []cutover.Resource{
		{ID: "/subscriptions/s/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/a", Type: "microsoft.storage/storageaccounts", Subscription: "s"},
		{ID: "/subscriptions/s/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/b", Type: "microsoft.storage/storageaccounts", Subscription: "s", Tags: map[string]string{"team": "devices"}},
	}
	p := must(Desired(w.input(nil), w.At))
	if p.Fallback != 1 || len(p.Actions) != 2 || p.Actions[1].Owner != "platform" {
		t.Errorf("%d items fell back, actions %v", p.Fallback, p.Actions)
	}
}
