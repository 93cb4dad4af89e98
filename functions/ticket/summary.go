package ticket

import (
	"fmt"
	"strings"

	"cutover/shared/cutover"
	"cutover/shared/prose"
)

// summary says in three lines who must do what by when.
func (p Page) summary(b *strings.Builder) {
	a := p.Action
	who := md(orElse(p.Team.Name, a.Owner))
	switch {
	case a.State.Ended() || a.State == cutover.ActionDone || a.State == cutover.ActionWaived || a.State == cutover.ActionSnoozed || a.State == cutover.ActionAcknowledged:
		fmt.Fprintf(b, "> **State:** %s.", prose.StateWords(a))
		if a.Proof != "" {
			b.WriteString(" " + md(prose.Cut(a.Proof, 500)))
		}
		if a.State == cutover.ActionMoved && p.Moved != "" {
			b.WriteString(" It is " + md(p.Moved) + " now.")
		}
		b.WriteString("\n\n")
	}
	verb := "must act"
	if a.State.Ended() {
		verb = "had to act"
	}
	fmt.Fprintf(b, "**%s** %s on **%s** because of a notice from %s: %s.\n\n", who, verb, prose.Count(a), providerName(p.Notice.Provider), noticeName(p.Notice))
	if a.Due == "" {
		b.WriteString("**Due:** the notice gives no date for this. Cutover reminds once a week.\n\n")
		return
	}
	fmt.Fprintf(b, "**Due: %s** (%s)", prose.Day(a.Due), prose.Away(a.Due, p.Now, p.zone()))
	if a.DueFrom != "" {
		b.WriteString(": " + md(a.DueFrom))
	}
	fmt.Fprintf(b, ". The day ends at 24:00 %s.\n\n", p.zone())
}

func providerName(provider string) string {
	switch provider {
	case "azure":
		return "Microsoft Azure"
	case "aws":
		return "Amazon Web Services"
	case "m365":
		return "Microsoft 365"
	}
	return orElse(md(provider), "the provider")
}

// noticeName is the title, the tracking ID, and a link if it leads to the provider.
func noticeName(n cutover.Notice) string {
	s := "“" + md(prose.Cut(n.Title, 300)) + "”"
	if len(n.TrackingIDs) > 0 {
		ids := make([]string, len(n.TrackingIDs))
		for i, id := range n.TrackingIDs {
			ids[i] = code(id)
		}
		s += ", tracking ID " + strings.Join(ids, ", ")
	} else {
		s += ", without a tracking ID (known here as " + code(n.Key) + ")"
	}
	if n.Link != "" {
		if providerLink(n.Provider, n.Link) {
			s += ", " + link("the notice at the provider", n.Link)
		} else {
			s += ", which names this address: " + code(n.Link)
		}
	}
	return s
}
