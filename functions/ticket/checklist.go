package ticket

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"cutover/shared/cutover"
	"cutover/shared/prose"
)

// grouped is from how many places on the list has headings of its own.
const grouped = 8

// checklist lists the places, in at most max characters.
func (p Page) checklist(max int) string {
	var b strings.Builder
	b.WriteString("## The places\n\n")
	if len(p.Action.Items) == 0 {
		b.WriteString("None is listed.\n\n")
		return b.String()
	}
	var named, unnamed, cleared []cutover.Item
	for _, it := range p.Action.Items {
		switch {
		case it.Cleared != "":
			cleared = append(cleared, it)
		case it.Named:
			named = append(named, it)
		default:
			unnamed = append(unnamed, it)
		}
	}
	l := list{b: &b, room: max - utf8.RuneCountInString(b.String())}
	l.section("", named)
	l.section("Not named in the notice, but matches", unnamed)
	l.section("Cleared", cleared)
	if l.left > 0 {
		fmt.Fprintf(&b, "\n… and %d more. The whole list: %s with the key %s.\n", l.left, code("cutover explain"), code(p.Action.Key))
	}
	b.WriteString("\n")
	return b.String()
}

// list writes places as long as there is room, and counts the others.
type list struct {
	b     *strings.Builder
	room  int // characters left
	left  int // places that found no room
	begun bool
}

// spare is kept free for the sentence about the rest.
const spare = 600

func (l *list) add(line string) bool {
	n := utf8.RuneCountInString(line) + 1
	if l.left > 0 || n > l.room-spare {
		return false
	}
	if !l.begun {
		line = strings.TrimLeft(line, "\n")
	}
	l.begun = true
	l.room -= n
	l.b.WriteString(line + "\n")
	return true
}

// section is a part of the list, with a heading per repository or subscription
// when it is long.
func (l *list) section(head string, items []cutover.Item) {
	if len(items) == 0 {
		return
	}
	if head != "" {
		l.add("\n### " + head + "\n")
	}
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b cutover.Item) int { return strings.Compare(groupOf(a), groupOf(b)) })
	last := ""
	for i, it := range items {
		if l.left > 0 {
			l.left += len(items) - i
			return
		}
		line := itemLine(it)
		if g := groupOf(it); len(items) > grouped && g != last {
			line, last = "\n**"+groupWords(g)+"**\n\n"+line, g
		}
		if !l.add(line) {
			l.left++
		}
	}
}

func groupOf(it cutover.Item) string {
	switch {
	case it.Repository != "":
		return "Repository " + it.Repository
	case it.Subscription != "":
		return "Subscription " + it.Subscription
	}
	return "Elsewhere"
}

func groupWords(g string) string {
	what, name, ok := strings.Cut(g, " ")
	if !ok {
		return what
	}
	return what + " " + code(prose.Cut(name, 200))
}

// place names an item for people, with a link where there is one.
func place(it cutover.Item) string {
	return link(code(prose.Cut(orElse(it.Where, it.ID), 400)), prose.Link(it))
}

func itemLine(it cutover.Item) string {
	if it.Cleared != "" {
		return "- [x] ~~" + place(it) + "~~ cleared on " + prose.Day(it.Cleared) + ": " + md(prose.Cut(orElse(it.Proof, "no longer there"), 500))
	}
	s := "- [ ] " + place(it)
	if it.Why != "" {
		s += ": " + md(prose.Cut(it.Why, 500))
	}
	if it.Unknown != "" {
		s += " **Unknown** whether it still stands: " + md(prose.Cut(it.Unknown, 500))
	}
	return s
}

// owner says why this team, once for each way by which items came to it.
func (p Page) owner(b *strings.Builder) {
	ways := map[string]int{}
	var order []string
	for _, it := range p.Action.Items {
		w := wayWords(it.Trace)
		if w == "" {
			continue
		}
		if ways[w] == 0 {
			order = append(order, w)
		}
		ways[w]++
	}
	if len(order) == 0 {
		return
	}
	fmt.Fprintf(b, "## Why %s\n\n", md(orElse(p.Team.Name, p.Action.Owner)))
	for i, w := range order {
		if i == 10 {
			fmt.Fprintf(b, "- … and in %d further ways; %s tells them for each place\n", len(order)-i, code("cutover explain"))
			break
		}
		fmt.Fprintf(b, "- %s: %s\n", prose.Plural(ways[w], "place", "places"), w)
	}
	b.WriteString("\n")
}

// wayWords tells a trace: the rule that won, then what was passed over before it.
func wayWords(t cutover.Trace) string {
	won, before := "", []string{}
	for _, s := range t {
		said := ruleWords(s)
		if s.Won {
			won = said
		} else if s.Value != "" {
			before = append(before, said+" ("+md(strings.TrimSuffix(prose.Cut(s.Result, 200), ", passed over"))+")")
		}
	}
	if won == "" {
		return ""
	}
	if len(before) > 0 {
		won += "; passed over: " + strings.Join(before, "; ")
	}
	return won
}

func ruleWords(s cutover.Step) string {
	what := map[string]string{
		"codeowners": "the code owners of the path", "resource-tag": "a tag of the resource", "group-tag": "a tag of its resource group",
		"subscription-tag": "a tag of its subscription", "subscription-map": "the configured owner of its subscription",
		"repository-map": "the configured owner of its repository", "decision": "a person's word", "fallback": "nobody else was found, so it goes to the fallback team",
	}[s.Rule]
	out := orElse(what, md(s.Rule))
	if s.Rule == "fallback" {
		return out
	}
	where := s.Where
	if strings.HasSuffix(s.Rule, "-tag") { // "resource, tag owner": the rule has said of what
		_, tag, ok := strings.Cut(where, ", ")
		if ok {
			where = tag
		}
	}
	if where != "" {
		out += " (" + md(prose.Cut(where, 200)) + ")"
	}
	if s.Value != "" {
		out += ": " + code(prose.Cut(s.Value, 200))
	}
	return out
}
