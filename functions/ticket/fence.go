package ticket

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/tracker"
)

// The two lines between which a ticket's body is ours. Everything outside stays
// byte for byte.
const (
	beginFence = "<!-- cutover:begin "
	endFence   = "<!-- cutover:end -->"
)

// Marker is what the body of an action's ticket hides; it stands in the begin line.
func Marker(action string) string { return "cutover:begin action=" + quoteID(action) }

func beginLine(action string) string {
	return "<!-- " + Marker(action) + " : Cutover rewrites what stands between this line and its end. Write above or below. -->"
}

// quoteID makes an id safe inside a comment of HTML, and ends it, so that no id is
// the beginning of another one.
func quoteID(id string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(id); i++ {
		c := id[i]
		plain := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("._:~/@", c) >= 0
		if plain || c == '-' && i > 0 && id[i-1] != '-' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// span finds our block: a begin line followed by an end line with no other fence
// line in between. A begin or end whose partner was deleted is a person's text by
// now. Of several blocks it is the first one of the action; action "" takes any.
func span(body, action string) (from, to int, ok bool) {
	begin := -1
	for at := 0; at < len(body); {
		end := len(body)
		if i := strings.IndexByte(body[at:], '\n'); i >= 0 {
			end = at + i
		}
		line := strings.TrimRight(body[at:end], "\r")
		switch {
		case strings.HasPrefix(line, beginFence):
			begin = -1
			if action == "" || strings.Contains(line, Marker(action)) {
				begin = at
			}
		case strings.HasPrefix(line, endFence):
			if begin >= 0 {
				return begin, at + len(endFence), true
			}
			begin = -1
		}
		at = end + 1
	}
	return 0, 0, false
}

// Splice puts the block (fence lines included) where ours stands in the body, or
// at the end where there is none.
func Splice(body, action, block string) string {
	if from, to, ok := span(body, action); ok {
		return body[:from] + block + body[to:]
	}
	switch {
	case body == "":
		return block
	case strings.HasSuffix(body, "\n\n"):
		return body + block + "\n"
	case strings.HasSuffix(body, "\n"):
		return body + "\n" + block + "\n"
	}
	return body + "\n\n" + block + "\n"
}

// States that an update is to bring, as kept in the effect's result.
const (
	setClosed = "closed"
	setOpen   = "open"
)

// stateAfter says to which state a change brings the ticket; an unfinished update
// may have wanted something already. Only an end and a return touch it: a ticket
// that a person closed stays closed.
func stateAfter(before string, c prose.Change) string {
	switch {
	case c.Ended:
		return setClosed
	case c.Reopened, c.From.Ended() && !c.To.Ended():
		return setOpen
	}
	return before
}

// rewrite changes what is ours of a ticket. A ticket that holds the block of
// another action is not ours: its number was given away after a deletion.
func (w *work) rewrite(tk *tracker.Ticket, set string) error {
	if _, _, ours := span(tk.Body, w.action.ID); !ours {
		if _, _, other := span(tk.Body, ""); other {
			return fmt.Errorf("ticket %s holds another action: %w", tk.Number, tracker.ErrGone)
		}
	}
	room := maxBody - utf8.RuneCountInString(outside(tk.Body, w.action.ID))
	if room < minBlock {
		return fmt.Errorf("people wrote so much into ticket %s that no room is left for the list of places: shorten what stands outside of Cutover's block", tk.Number)
	}
	tk.Body = Splice(tk.Body, w.action.ID, Block(w.page(), min(room, maxBlock)))
	tk.Labels = ownLabels(tk.Labels, w.action)
	tk.Key, tk.Owner, tk.Notice, tk.Due = w.action.Key, w.action.Owner, w.action.Notice, string(w.action.Due)
	switch set {
	case setClosed:
		tk.Closed = true
		tk.Unplanned = w.action.State != cutover.ActionResolved
	case setOpen:
		tk.Closed, tk.Unplanned = false, false
	}
	return nil
}

func outside(body, action string) string {
	from, to, ok := span(body, action)
	if !ok {
		return body
	}
	return body[:from] + body[to:]
}

// ownLabels keeps the labels of people and puts ours behind them: the one by which
// tickets are listed, and one that says where the action stands, unless it is
// plainly open.
func ownLabels(labels []string, a cutover.Action) []string {
	var out []string
	for _, l := range labels {
		if l != tracker.Label && !strings.HasPrefix(l, tracker.Label+"/") && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	out = append(out, tracker.Label)
	if a.State != cutover.ActionOpen && a.State != "" {
		out = append(out, tracker.Label+"/"+string(a.State))
	}
	return out
}
