package alert_test

import (
	"slices"
	"time"

	"cutover/shared/cutover"
)

// notice is a certificate change with a window per service, written for tests.
func notice() cutover.Notice {
	return cutover.Notice{
		Key: "azure:KT4N-9D0", Provider: "azure", TrackingIDs: []string{"KT4N-9D0"}, Title: "Device services move to a new certificate root",
		EventType: cutover.EventHealthAdvisory, Topic: cutover.TopicCertificate, ActionRequired: true,
		RequiredActions: []string{"Add the new root to the trust store of your devices before the migration begins, and keep the old one until it has ended."},
		Milestones: []cutover.Milestone{
			{Kind: cutover.KindCutover, Start: "2023-02-15", End: "2023-10-15", Precision: cutover.PrecisionDay, Services: []string{"Azure IoT Hub"}},
			{Kind: cutover.KindCutover, Start: "2024-01-15", End: "2024-02-15", Precision: cutover.PrecisionDay, Services: []string{"Device Provisioning Service"}},
			{Kind: cutover.KindExpiry, Start: "2025-05-31", Precision: cutover.PrecisionMonth},
		},
		Verdict: cutover.VerdictRead, Revision: 1,
	}
}

func hub(name, region string) cutover.Item {
	return cutover.Item{
		Kind: cutover.ItemResource, ID: "/subscriptions/1/resourceGroups/devices/providers/Microsoft.Devices/IotHubs/" + name,
		Where: name + " (" + region + ", group devices, subscription Payments Prod)", Why: "an IoT hub without the flag for the new root", Named: true,
		Service: "Azure IoT Hub", Region: region,
	}
}

func finding(path string) cutover.Item {
	return cutover.Item{
		Kind: cutover.ItemFinding, ID: "contoso/payments-api:" + path + "#1f2e", Where: "contoso/payments-api: " + path, Named: true,
		Why: "trusts Baltimore CyberTrust Root (pem in code), which the notice retires", Repository: "contoso/payments-api", Path: path,
	}
}

// action is what the payments team must do for the notice, at five places.
func action() cutover.Action {
	n := notice()
	linked := finding("src/__roots__.go:12")
	linked.Link = "https://git.contoso.example/payments-api/blob/4c1d/src/__roots__.go#L12"
	at := time.Date(2022, 12, 23, 9, 0, 0, 0, time.UTC)
	return cutover.Action{
		ID: "a1", Key: "azure:KT4N-9D0/payments", Notice: n.Key, Owner: "payments", State: cutover.ActionOpen, Due: "2023-02-15",
		Items:      []cutover.Item{linked, finding("deploy/*values*.yaml:3"), hub("meters-eu", "westeurope"), hub("meters-us", "eastus"), hub("meters-jp", "japaneast")},
		Milestones: []cutover.Milestone{n.Milestones[0], n.Milestones[2]},
		Revision:   1, Version: 1, Opened: at, Changed: at, Armed: at,
	}
}

// next is the following version of an action.
func next(a cutover.Action, change func(a *cutover.Action)) cutover.Action {
	a.Items = slices.Clone(a.Items)
	a.Version++
	change(&a)
	return a
}

func acknowledged(a *cutover.Action) { a.State = cutover.ActionAcknowledged }

// grown has an earlier date and a place more, and is not acknowledged any more.
func grown(a *cutover.Action) {
	a.State, a.Due, a.DueFrom = cutover.ActionOpen, "2023-02-01", "customers must act by 1 February 2023"
	a.Items = append(a.Items, hub("meters-br", "brazilsouth"))
}

func resolved(a *cutover.Action) {
	a.State, a.Proof = cutover.ActionResolved, "Every place was looked at again, at commit 9a8b and in the inventory of 20 January 2023."
	for i := range a.Items {
		a.Items[i].Cleared = "2023-01-20"
	}
}

// reopened has one place that came back.
func reopened(a *cutover.Action) {
	a.State, a.Proof, a.Items[0].Cleared = cutover.ActionOpen, "", ""
}
