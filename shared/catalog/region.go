package catalog

import (
	"strings"

	"cutover/shared/cutover"
)

// Region is a region's programmatic name (westeurope) for any of its spellings:
// "West Europe", "(Europe) West Europe" as the portal shows it, and the few display
// names whose words stand in another order than in the name.
func Region(name string) string {
	name = strings.TrimSpace(name)
	// regionalDisplayName of the locations API puts the geography in parentheses first.
	if strings.HasPrefix(name, "(") {
		if i := strings.IndexByte(name, ')'); i > 0 && i < len(name)-1 {
			name = name[i+1:]
		}
	}
	// MicrosoftDocs/azure-monitor-docs, alerts/action-groups.md lists "India Central" and
	// "India South"; the third Indian region is written alike.
	switch r := cutover.Region(name); r {
	case "indiacentral":
		return "centralindia"
	case "indiasouth":
		return "southindia"
	case "indiawest":
		return "westindia"
	default:
		return r
	}
}
