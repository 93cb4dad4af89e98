package prose

import (
	"net/url"
	"strings"

	"cutover/shared/cutover"
)

// portals are where each cloud shows a resource by its id
// (learn.microsoft.com, azure-portal: the #resource deep link).
var portals = map[string]string{
	cutover.CloudPublic: "https://portal.azure.com",
	cutover.CloudUSGov:  "https://portal.azure.us",
	cutover.CloudChina:  "https://portal.azure.cn",
}

// Link is where a person can look at an item: the line in its repository, or the
// resource in the portal of its cloud. Empty when there is no such place.
func Link(it cutover.Item) string {
	if it.Link != "" {
		return it.Link
	}
	id := it.ID
	switch it.Kind {
	case cutover.ItemSubscription:
		id = "/subscriptions/" + it.ID
	case cutover.ItemResource:
	default:
		return ""
	}
	if !strings.HasPrefix(cutover.Fold(id), "/subscriptions/") {
		return ""
	}
	parts := strings.Split(id, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p) // an id is foreign text
	}
	return portals[cutover.CloudOf(cutover.Region(it.Region))] + "/#resource" + strings.Join(parts, "/")
}
