package ticket

import (
	"fmt"
	"strings"

	"cutover/shared/cutover"
	"cutover/shared/prose"
)

// commentText is what a change of the action is worth saying in a comment; empty
// when the edited text says it well enough.
func commentText(w *work, c prose.Change) string {
	var b strings.Builder
	if c.Ended {
		b.WriteString(closingText(w))
	} else if c.Matters() {
		if c.Reopened {
			b.WriteString("**Reopened.** It was " + string(c.From) + "; what follows still stands.\n\n")
		}
		if c.Unacknowledged {
			b.WriteString("**The acknowledgement no longer holds**: the notice asks for more, or sooner, than what was acknowledged.\n\n")
		}
		if c.From != c.To && c.To == cutover.ActionWaived {
			b.WriteString("**" + upperFirst(prose.StateWords(w.action)) + ".** " + md(w.action.Proof) + "\n\n")
		}
		if due := c.DueWords(); due != "" {
			b.WriteString("**" + due + "**")
			if w.action.DueFrom != "" {
				b.WriteString(" From the notice: " + md(prose.Cut(w.action.DueFrom, 300)) + ".")
			}
			b.WriteString("\n\n")
		}
		listItems(&b, "New in the list", c.Added)
		listItems(&b, "Struck out before, but standing again", c.Returned)
		if c.Reopened && len(c.Added)+len(c.Returned) == 0 {
			listItems(&b, "Still standing", standing(w.action.Items))
		}
		if c.Left > 0 || !c.DueMoved && len(c.Added)+len(c.Returned) == 0 { // else it is said above
			for _, note := range w.action.Notes[:min(len(w.action.Notes), most)] {
				b.WriteString("- " + md(prose.Cut(note, 500)) + "\n")
			}
		}
	}
	return strings.TrimSpace(b.String())
}

func standing(items []cutover.Item) (open []cutover.Item) {
	for _, it := range items {
		if it.Cleared == "" {
			open = append(open, it)
		}
	}
	return open
}

// most is how many items a comment lists; the ticket has them all.
const most = 20

func listItems(b *strings.Builder, head string, items []cutover.Item) {
	if len(items) == 0 {
		return
	}
	b.WriteString(head + ":\n")
	for i, it := range items {
		if i == most {
			fmt.Fprintf(b, "- … and %d more, in the list above\n", len(items)-most)
			break
		}
		b.WriteString("- " + place(it) + ": " + md(prose.Cut(it.Why, 500)) + "\n")
	}
	b.WriteString("\n")
}

// closingText is the proof: what ended the action, and for each item by what.
func closingText(w *work) string {
	a := w.action
	var b strings.Builder
	switch a.State {
	case cutover.ActionMoved:
		b.WriteString("**Closed: the work moved** to " + md(orElse(w.moved, "another action")) + ". Nothing remains to be done here.\n\n")
	case cutover.ActionWithdrawn:
		b.WriteString("**Closed: withdrawn.** The provider cancelled or narrowed this change, and a person confirmed it.\n\n")
	default:
		b.WriteString("**Closed: proved.** Every item was looked at again, by a complete look that is newer than the one that listed it.\n\n")
	}
	if a.Proof != "" {
		b.WriteString(quote(a.Proof, 2000) + "\n\n")
	}
	shown := 0
	for _, it := range a.Items {
		if it.Cleared == "" {
			continue
		}
		if shown++; shown > most {
			continue
		}
		b.WriteString("- " + place(it) + ": " + md(orElse(it.Proof, "clear")) + " (" + prose.Day(it.Cleared) + ")\n")
	}
	if shown > most {
		fmt.Fprintf(&b, "- … and %d more, in the list above\n", shown-most)
	}
	return b.String()
}

func orElse(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
