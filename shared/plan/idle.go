package plan

import (
	"slices"
	"strings"

	"cutover/shared/cutover"
)

// tells reports whether the property that says which root a resource is on says
// something about this change: the root that it means must be the one to come.
func tells(m *cutover.Moved, n *cutover.Notice) bool {
	if m == nil {
		return false
	}
	introduced := false
	for _, c := range n.Certificates {
		same := sameName(c.CN, m.Root)
		if same && c.State == cutover.StateRetiring {
			return false
		}
		if same && c.State != "" {
			return true
		}
		introduced = introduced || c.State == cutover.StateIntroduced && c.Role == cutover.RoleRoot
	}
	return !introduced
}

// idle lists the notices that open nothing by what they say themselves.
func (b *builder) idle() {
	for _, n := range b.notices {
		if n.idle != "" {
			b.plan.Idle = append(b.plan.Idle, IdleNotice{Notice: n.n.Key, Title: n.n.Title, Why: sentence(n.idle)})
		}
	}
}

// idle says why a notice opens nothing, or nothing.
func idle(n *notice) string {
	switch v := n.n; {
	case v.Test:
		return "it is the portal's test payload"
	case v.Cancelled:
		return "the provider says that the change will not happen"
	case v.EventType == cutover.EventServiceIssue:
		return "it tells of a service issue; such notices are recorded and open nothing"
	case v.Topic == cutover.TopicIncident && strings.EqualFold(v.Stage, "Resolved"):
		return "it tells of an incident that is resolved"
	case v.Verdict == cutover.VerdictPartial && (v.Key == "" || len(v.Services) == 0):
		return "it could be read in part only, and no service in it"
	case v.Verdict != cutover.VerdictRead && v.Verdict != cutover.VerdictPartial:
		return "it was not read as a notice (" + string(v.Verdict) + ")"
	case !v.ActionRequired && len(n.dated) == 0:
		return "it asks for no action and carries no dated change"
	case !v.ActionRequired && !n.changes():
		return "it asks for no action, and its dates are those of the provider's own work"
	}
	return ""
}

// changes reports whether a date of the notice is one of a change, and not only of a
// maintenance window or another side date.
func (n *notice) changes() bool {
	return slices.ContainsFunc(n.n.Milestones, func(m cutover.Milestone) bool { return m.Kind != cutover.KindOther })
}

// quoted is the digest of the notice's words that a ticket shows beside the items.
func quoted(n *cutover.Notice) string {
	parts := []string{n.Title, string(n.Verdict)}
	parts = append(append(parts, n.RequiredActions...), "/")
	parts = append(append(parts, n.NoActionFor...), "/")
	for _, c := range collapse(n.Certificates) {
		parts = append(parts, c.CN, c.Thumbprint, c.State, string(c.Expires))
	}
	return cutover.Digest(parts...)[:12]
}
