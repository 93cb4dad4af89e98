package trackertest

import (
	"slices"
	"time"

	"cutover/shared/cutover"
)

// Notice is a certificate notice with a window per service, written for tests.
func Notice() cutover.Notice {
	said := func(q string) cutover.Evidence {
		return cutover.Evidence{Part: "body", Quote: q, Length: len(q)}
	}
	return cutover.Notice{
		Key: "azure:KT4N-9D0", Provider: "azure", TrackingIDs: []string{"KT4N-9D0"}, Title: "Device services move to a new certificate root",
		EventType: cutover.EventHealthAdvisory, Topic: cutover.TopicCertificate, Language: "en", Issued: "2022-12-01",
		Services: []string{"Azure IoT Hub", "Device Provisioning Service"}, Clouds: []string{cutover.CloudPublic}, ActionRequired: true,
		RequiredActions: []string{"Add the new root to the trust store of your devices before the migration begins, and keep the old one until it has ended."},
		NoActionFor:     []string{"Devices that use the operating system's trust store need no change."},
		Milestones: []cutover.Milestone{
			{Kind: cutover.KindCutover, Start: "2023-02-15", End: "2023-10-15", Precision: cutover.PrecisionDay, Services: []string{"Azure IoT Hub"},
				Evidence: said("IoT hubs move between 15 February and 15 October 2023.")},
			{Kind: cutover.KindCutover, Start: "2024-01-15", End: "2024-02-15", Precision: cutover.PrecisionDay, Services: []string{"Device Provisioning Service"},
				Evidence: said("The provisioning service follows from 15 January to 15 February 2024.")},
			{Kind: cutover.KindExpiry, Start: "2025-05-31", Precision: cutover.PrecisionMonth, Evidence: said("The old root expires in May 2025.")},
		},
		Certificates: []cutover.Certificate{
			{CN: "Baltimore CyberTrust Root", Thumbprint: "d4de20d05e66fc53fe1a50882c78db2852cae474", Role: cutover.RoleRoot, State: cutover.StateRetiring},
			{CN: "DigiCert Global Root G2", Thumbprint: "df3c24f9bfd666761b268073fe06d1cc8d4f82a4", Role: cutover.RoleRoot, State: cutover.StateIntroduced, Expires: "2038-01-15"},
		},
		Verdict: cutover.VerdictRead, Link: "https://app.azure.com/h/KT4N-9D0/0a1b2c", Revision: 1,
	}
}

// Action is what the payments team must do for the notice.
func Action() cutover.Action {
	n := Notice()
	const sub = "11111111-2222-3333-4444-555555555555"
	hub := func(name string, named bool) cutover.Item {
		return cutover.Item{
			Kind: cutover.ItemResource, ID: "/subscriptions/" + sub + "/resourceGroups/devices/providers/Microsoft.Devices/IotHubs/" + name,
			Where: name + " (westeurope, resource group devices, subscription Payments Prod)", Why: "an IoT hub without the flag for the new root", Named: named,
			Service: "Azure IoT Hub", Subscription: sub, Region: "westeurope",
			Trace: cutover.Trace{
				{Rule: "resource-tag", Where: "resource, tag owner", Value: "pay-team", Result: "names no team, passed over"},
				{Rule: "subscription-tag", Where: "subscription Payments Prod, tag team", Value: "payments", Result: "payments", Won: true},
			},
		}
	}
	return cutover.Action{
		ID: "a1", Key: "azure:KT4N-9D0/payments", Notice: n.Key, Owner: "payments", State: cutover.ActionOpen, Due: "2023-02-15",
		DueFrom: "the cutover runs from 15 February 2023 to 15 October 2023 (Azure IoT Hub)", Reason: "3 places still trust the old root",
		Items: []cutover.Item{
			hub("meters-eu", true), hub("meters-test", false),
			{Kind: cutover.ItemFinding, ID: "contoso/payments-api:src/roots.go#1f2e3d", Where: "contoso/payments-api: src/roots.go:12", Named: true,
				Why: "a PEM block holds Baltimore CyberTrust Root, which the notice retires", Repository: "contoso/payments-api", Path: "src/roots.go", Line: 12,
				Commit: "4c1d", Link: "https://git.contoso.example/payments-api/blob/4c1d/src/roots.go#L12",
				Trace: cutover.Trace{{Rule: "codeowners", Where: ".github/CODEOWNERS:3", Value: "@contoso/payments-devs", Result: "payments", Won: true}}},
		},
		Milestones: []cutover.Milestone{n.Milestones[0], n.Milestones[2]},
		Revision:   1, Version: 1, Opened: time.Date(2022, 12, 23, 9, 0, 0, 0, time.UTC), Changed: time.Date(2022, 12, 23, 9, 0, 0, 0, time.UTC),
	}
}

// Life is an action's life, version by version: opened; an earlier date and one
// more place; proved; and come back.
func Life() []cutover.Action {
	opened := Action()
	changed := opened
	changed.Version, changed.Revision, changed.Due = 2, 2, "2023-02-01"
	changed.DueFrom = "customers must act by 1 February 2023"
	more := opened.Items[0]
	more.ID += "-2"
	more.Where = "meters-us (eastus, resource group devices, subscription Payments Prod)"
	changed.Items = append(slices.Clone(opened.Items), more)
	proved := changed
	proved.Version, proved.State, proved.Proof = 3, cutover.ActionResolved, "a scan of commit 9a8b and the inventory of 20 January"
	proved.Items = slices.Clone(changed.Items)
	for i := range proved.Items {
		proved.Items[i].Cleared, proved.Items[i].Proof = "2023-01-20", "not there any more at the newer look"
	}
	back := proved
	back.Version, back.State, back.Proof = 4, cutover.ActionOpen, ""
	back.Items = slices.Clone(proved.Items)
	back.Items[2].Cleared, back.Items[2].Proof = "", ""
	back.Notes = []string{"src/roots.go trusts the old root again at commit bbbb"}
	return []cutover.Action{opened, changed, proved, back}
}
