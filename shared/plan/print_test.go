package plan

import (
	"fmt"
	"strings"

	"cutover/shared/cutover"
)

func printChanges(out *strings.Builder, changes []Change) {
	if len(changes) == 0 {
		out.WriteString("  no change\n")
	}
	for _, c := range changes {
		a := c.Action
		fmt.Fprintf(out, "  %s %s (%s, version %d, revision %d)\n", c.Kind, a.Key, a.State, a.Version, a.Revision)
		due := string(a.Due)
		if due == "" {
			due = "none"
		}
		fmt.Fprintf(out, "    due %s", due)
		if a.DueFrom != "" {
			fmt.Fprintf(out, ": %s", a.DueFrom)
		}
		out.WriteString("\n")
		if c.Kind == Create {
			fmt.Fprintf(out, "    reason: %s\n", a.Reason)
		}
		if a.Until != "" {
			fmt.Fprintf(out, "    until %s\n", a.Until)
		}
		if a.Proof != "" {
			fmt.Fprintf(out, "    proof: %s\n", a.Proof)
		}
		if len(a.Missing) > 0 {
			fmt.Fprintf(out, "    missing: %s\n", strings.Join(a.Missing, "; "))
		}
		if c.Unacknowledged {
			out.WriteString("    unacknowledged\n")
		}
		for _, r := range c.Reasons {
			fmt.Fprintf(out, "    note: %s\n", r)
		}
		for _, it := range a.Items {
			printItem(out, it)
		}
	}
}

func printItem(out *strings.Builder, it cutover.Item) {
	mark := " "
	if it.Cleared != "" {
		mark = "x"
	}
	fmt.Fprintf(out, "    [%s] %s\n", mark, it.Where)
	fmt.Fprintf(out, "        why: %s\n", it.Why)
	if !it.Named {
		out.WriteString("        not named\n")
	}
	if len(it.Trace) > 0 {
		last := it.Trace[len(it.Trace)-1]
		fmt.Fprintf(out, "        owner: %s, %s\n", last.Rule, last.Where)
	}
	if it.Unknown != "" {
		fmt.Fprintf(out, "        unknown: %s\n", it.Unknown)
	}
	if it.Link != "" {
		fmt.Fprintf(out, "        link: %s\n", it.Link)
	}
	if it.Proof != "" {
		fmt.Fprintf(out, "        proof: %s\n", it.Proof)
	}
}

// printPlan prints what a case wants to see beside the changes.
func printPlan(out *strings.Builder, p Plan, show string) {
	if strings.Contains(show, "outcomes") {
		for _, o := range p.Outcomes {
			fmt.Fprintf(out, "  %s %s %s: %s\n", o.Outcome, o.Notice, o.Scope, o.Why)
		}
	}
	for _, x := range p.Past {
		fmt.Fprintf(out, "  past %s: %s\n", x.Notice, x.Reason)
	}
	if strings.Contains(show, "cases") {
		for _, c := range p.Cases {
			fmt.Fprintf(out, "  case %s %q due %s\n", c.Kind, c.Title, c.Due)
			for _, r := range c.Reasons {
				fmt.Fprintf(out, "    %s\n", r)
			}
		}
	}
}
