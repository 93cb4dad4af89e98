package prose

import (
	"slices"
	"strconv"
	"strings"

	"cutover/shared/cutover"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Count says how many of what an action is about: 5 IoT Hub resources, 3 places
// in code. It counts what is not struck out, or everything when all of it is.
func Count(a cutover.Action) string {
	all := a.Open() == 0
	resources, findings, subscriptions := 0, 0, 0
	var services []string
	for _, it := range a.Items {
		if it.Cleared != "" && !all {
			continue
		}
		switch it.Kind {
		case cutover.ItemFinding:
			findings++
		case cutover.ItemSubscription:
			subscriptions++
		default:
			resources++
			if !slices.Contains(services, it.Service) {
				services = append(services, it.Service)
			}
		}
	}
	var parts []string
	if resources > 0 {
		noun := ""
		if len(services) == 1 {
			noun = ServiceNoun(services[0])
		}
		parts = append(parts, Plural(resources, noun+"resource", noun+"resources"))
	}
	if findings > 0 {
		parts = append(parts, Plural(findings, "place in code", "places in code"))
	}
	if subscriptions > 0 {
		parts = append(parts, Plural(subscriptions, "subscription", "subscriptions"))
	}
	if len(parts) == 0 {
		return "nothing listed"
	}
	return List(parts)
}

// ServiceNoun is a service's name as it stands before a noun, without the
// provider's own name: "Azure IoT Hub" gives "IoT Hub ". Nothing gives nothing.
func ServiceNoun(service string) string {
	s := Line(service, 40)
	for _, brand := range []string{"Azure ", "Microsoft "} {
		if rest, ok := strings.CutPrefix(s, brand); ok && rest != "" {
			s = rest
			break
		}
	}
	if s == "" {
		return ""
	}
	return s + " "
}

// StateWords says where an action stands, as a sentence's end.
func StateWords(a cutover.Action) string {
	until := ""
	if a.Until != "" {
		until = " until " + Day(a.Until)
	}
	switch a.State {
	case cutover.ActionAcknowledged:
		return "acknowledged: somebody is on it"
	case cutover.ActionSnoozed:
		return "snoozed" + until
	case cutover.ActionWaived:
		return "waived" + until
	case cutover.ActionDone:
		return "said to be done, waiting for a complete scan or inventory to prove it"
	case cutover.ActionResolved:
		return "resolved: every item was re-checked and is clear"
	case cutover.ActionMoved:
		return "moved to another action"
	case cutover.ActionWithdrawn:
		return "withdrawn: the provider cancelled or narrowed it"
	}
	return "open"
}
