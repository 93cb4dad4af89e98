package plan

import (
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// expiring lists what the platform's endpoints used and expires on a date that the
// notice gives, and says so. The role follows the notice's own words, if they tell.
func (x authorities) expiring(n *cutover.Notice) (out []cutover.Certificate, words string) {
	role := toldRole(n)
	var dates []string
	for _, m := range n.Milestones {
		if m.Kind != cutover.KindExpiry || !counts(m, n.Certificates) || !m.Start.Valid() {
			continue
		}
		prefix := string(m.Start)
		switch m.Precision {
		case cutover.PrecisionMonth:
			prefix = prefix[:7]
		case cutover.PrecisionYear:
			prefix = prefix[:4]
		}
		dates = append(dates, "that expires "+inOn(m.Start, m.Precision))
		for _, ca := range x.all {
			isRoot := strings.Contains(ca.Role, cutover.RoleRoot)
			if !platform(ca.Group) || !strings.HasPrefix(string(ca.NotAfter), prefix) ||
				role == cutover.RoleIntermediate && isRoot || role == cutover.RoleRoot && !isRoot {
				continue
			}
			c := cutover.Certificate{CN: ca.CN, Thumbprint: ca.SHA1, Role: cutover.RoleIntermediate, State: cutover.StateRetiring, Expires: ca.NotAfter}
			if isRoot {
				c.Role = cutover.RoleRoot
			}
			out = append(out, c)
		}
	}
	if len(dates) > 0 {
		words = " " + few(slices.Compact(dates), 3)
	}
	return out, words
}

// platform leaves out what single services or customers' own certificates used: it
// is no part of the platform's moves. The catalogue marks it by its group.
func platform(group string) bool {
	return !strings.HasSuffix(group, "-other") && !strings.HasSuffix(group, "-very-old")
}

// toldRole is the role that the notice's words about the expiry name; empty if they
// name none or both.
func toldRole(n *cutover.Notice) string {
	quotes := []string{}
	for _, m := range n.Milestones {
		if m.Kind == cutover.KindExpiry {
			quotes = append(quotes, m.Evidence.Quote)
		}
	}
	quotes = append(quotes, n.Evidence["pinning_condition"].Quote)
	quotes = append(quotes, n.RequiredActions...)
	for _, q := range quotes {
		q = strings.ToLower(q)
		mid := strings.Contains(q, "intermediate")
		root := strings.Contains(q, "root ca") || strings.Contains(q, "root cert")
		if mid != root {
			if mid {
				return cutover.RoleIntermediate
			}
			return cutover.RoleRoot
		}
	}
	return ""
}
