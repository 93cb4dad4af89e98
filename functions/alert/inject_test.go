package alert_test

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"cutover/functions/alert"
	"cutover/shared/cutover"
	"cutover/shared/slack"
	"cutover/shared/store"
)

// What hostile text tries: each alone would do something in Slack.
var attacks = []string{
	"<!channel>", "<!here|x>", "<!everyone>", "<@U123>", "<!subteam^S1>", "<#C123|general>", "<!date^1^{date}^https://evil.example|x>",
	"<https://evil.example|x>", "<javascript:alert(1)|x>", "<mailto:a@evil.example|x>", "https://evil.example/a?b=c", "HTTP://evil.example", "www.evil.example",
	"mailto:a@evil.example", "@here", "@channel", "@everyone", "a.b@evil.example", "&lt;!channel&gt;", "&#60;!channel&#62;",
	"*bold*", "_italics_", "~strike~", "`code`", "```\n<!channel>\n```", "> quote", "&gt; quote", ":rotating_light:", ":+1:",
	"a\nb", "a\r\nb\u2028c", "nul\x00nul", "\u202eturned", "\u2066x\u2069", "<", "&", "|", "x>y", "`<!channel>",
	strings.Repeat("<!channel>", 1000), strings.Repeat("&", 10_000), strings.Repeat("𝕏", 10_000), strings.Repeat("\n", 10_000),
}

// Where it stands.
var wraps = []string{"%s", "text %s text", "`%s", "*%s*_", "<%s>", "<https://evil.example|%s>", "%s%s", ">@:%s:"}

// dress puts a text into everything that comes from outside.
func dress(s string) (cutover.Action, cutover.Notice) {
	a, n := action(), notice()
	n.Title, n.RequiredActions, n.TrackingIDs = s, []string{s, s}, []string{s}
	m := cutover.Milestone{Kind: s, Start: "2023-01-01", End: cutover.Date(s), Precision: "day", Services: []string{s}, Regions: []string{s}, Reason: s}
	a.Milestones = slices.Repeat([]cutover.Milestone{m}, 9)
	a.DueFrom, a.Proof, a.Notes, a.Missing, a.Until = s, s, []string{s}, []string{s}, cutover.Date(s)
	for i := range a.Items {
		it := &a.Items[i]
		it.Where, it.Why, it.Service, it.Region, it.Proof = s, s, s, s, s
		it.Link = "https://git.contoso.example/x/" + s
	}
	return a, n
}

// TestInjection: whatever a text tries, no message of any kind lets it live, and
// all messages keep Slack's limits.
func TestInjection(t *testing.T) {
	tried := 0
	for _, attack := range attacks {
		for i, wrap := range wraps {
			if len(attack) > 1000 && i > 0 {
				break // one is as long as another
			}
			tried++
			s := strings.ReplaceAll(wrap, "%s", attack)
			h, rec := newFastHouse(t), &recorder{}
			h.Slack = rec
			sendAll(h, s, "x", 1+40*(1-min(i, 1)))
			if kinds := rec.kinds(); len(kinds) != 6 {
				t.Fatalf("only %v were posted", kinds)
			}
			for i, m := range rec.posted {
				for _, l := range append(live(unseen(m, rec.posted[:i])), tooLong(m)...) {
					t.Errorf("%s of %.80q: %s", m.Kind, s, l)
				}
			}
			if t.Failed() {
				return
			}
		}
	}
	if tried < 250 {
		t.Fatalf("only %d texts were tried", tried)
	}
}

// unseen is a message without the blocks that stood in an earlier one too: they
// were judged there.
func unseen(m slack.Message, before []slack.Message) slack.Message {
	m.Blocks = slices.DeleteFunc(slices.Clone(m.Blocks), func(b slack.Block) bool {
		return slices.ContainsFunc(before, func(old slack.Message) bool {
			return slices.ContainsFunc(old.Blocks, func(x slack.Block) bool { return reflect.DeepEqual(x, b) })
		})
	})
	return m
}

// sendAll makes the room post every kind of message about a text, with lists of many.
func sendAll(h *house, s, id string, many int) {
	h.t.Helper()
	a, n := dress(s)
	a.ID = id
	n.Key = "azure:" + id
	a.Notice, a.Key = n.Key, n.Key+"/payments"
	h.put(a, n)
	h.handle(h.ticket(a, "https://git.contoso.example/x/"+s))
	h.handle(due(id, alert.Due{Kind: slack.KindReminder, Rung: "T-7", Due: a.Due, Late: true}))
	h.handle(due(id, alert.Due{Kind: slack.KindEscalation, Rung: "T-7", Due: a.Due}))
	for _, change := range []func(*cutover.Action){
		func(a *cutover.Action) { grown(a); a.Items[5].Where, a.Items[5].Why = s, s },
		func(a *cutover.Action) { a.State = cutover.ActionWaived },
		func(a *cutover.Action) { a.State = cutover.ActionWithdrawn },
		func(a *cutover.Action) { a.State, a.MovedTo = cutover.ActionMoved, s },
	} {
		proof := a.Proof
		a = next(a, change)
		a.Proof = proof
		h.put(a, n)
		h.handle(h.ticket(a, "out/"+s)) // a path
	}
	c := cutover.Case{ID: "c" + id, Title: s, Notice: s, Reasons: slices.Repeat([]string{s}, many), Due: cutover.Date(s), State: "open", Opened: h.clock.now()}
	h.update(func(tx store.Tx) error { return tx.PutCase(c) })
	h.handle(due(c.ID, alert.Due{Kind: slack.KindCase, Rung: "opened"}))
	h.handle(due("digest", alert.Due{Kind: slack.KindDigest, Notices: append(slices.Repeat([]string{s}, many), n.Key), Text: slices.Repeat([]string{s}, many+1)}))
}

var (
	ourLink  = regexp.MustCompile(`<https://(?:git\.contoso\.example|portal\.azure\.(?:com|us|cn))/[!-;=?-{}~]*\|[^<>|]*(\|[^<>]*)?>`)
	noLink   = regexp.MustCompile(`(?i)https?:/|www\.[a-z]`)
	scheme   = regexp.MustCompile(`(?i)(mailto|javascript):[a-z]`) // code may hold these: only <> makes links of them
	mention  = regexp.MustCompile(`@[\pL\pN]`)
	entity   = regexp.MustCompile(`&(amp|lt|gt);`)
	emoji    = regexp.MustCompile(`:[a-z+][a-z0-9_+-]*:`)
	formats  = regexp.MustCompile(`[~]|(^|[^\pL\pN_])_|_([^\pL\pN_]|$)`)
	turning  = regexp.MustCompile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\u2028\u2029]")
	ourCode  = regexp.MustCompile("`[^`\n]+`")
	ourBold  = regexp.MustCompile(`\*[^*\n]+\*`)
	angle    = regexp.MustCompile(`[<>]`)
	amp      = regexp.MustCompile(`&`)
	tick     = regexp.MustCompile("`")
	star     = regexp.MustCompile(`\*`)
	quoteAny = regexp.MustCompile(`(?m)^(>|&gt;)`)
)

// live lists what would act in a message.
func live(m slack.Message) (found []string) {
	look := func(re *regexp.Regexp, what, in string) {
		if hit := re.FindString(in); hit != "" {
			found = append(found, fmt.Sprintf("%s %q in %.300q", what, hit, in))
		}
	}
	judge := func(text string, plain bool) {
		look(turning, "turned writing", text)
		bare := ourLink.ReplaceAllString(text, "L")
		look(angle, "markup", strings.ReplaceAll("\n"+bare, "\n>", "\n"))
		look(noLink, "address", bare)
		look(mention, "mention", text)
		if plain {
			look(emoji, "emoji", bare)
			look(scheme, "address", bare)
			return
		}
		look(amp, "entity", entity.ReplaceAllString(bare, ""))
		out := ourCode.ReplaceAllString(bare, "C")
		look(tick, "code", out)
		look(emoji, "emoji", out)
		look(scheme, "address", out)
		out = ourBold.ReplaceAllString(out, "B")
		look(star, "bold", out)
		look(formats, "format", out)
		if n := len(quoteAny.FindAllString(out, -1)); n > 1 || n == 1 && !strings.HasPrefix(out, "B\n>") {
			found = append(found, fmt.Sprintf("quote in %.300q", out))
		}
	}
	judge(m.Text, true)
	for _, b := range m.Blocks {
		texts := slices.Clone(b.Elements)
		if b.Text != nil {
			texts = append(texts, *b.Text)
		}
		for _, tx := range texts {
			if tx.Type == "mrkdwn" && !tx.Verbatim {
				found = append(found, "not verbatim")
			}
			judge(tx.Text, tx.Type == "plain_text")
		}
	}
	return found
}

// TestLiveBites: a judge that sees nothing would pass everything.
func TestLiveBites(t *testing.T) {
	dead := []string{"a\nb", "&lt;!channel&gt;", "nul", "|"}
	for _, attack := range attacks {
		if len(attack) > 200 || slices.Contains(dead, attack) {
			continue
		}
		m := slack.Message{Text: "x", Blocks: []slack.Block{{Type: "section", Text: &slack.Text{Type: "mrkdwn", Text: "text\n" + attack, Verbatim: true}}}}
		ours := attack == "*bold*" || attack == "`code`" // looks like what we write: dead ones have twins
		if len(live(m)) == 0 && !ours {
			t.Errorf("%q passes for dead", attack)
		}
	}
}

func long(s string) int { return len(utf16.Encode([]rune(s))) }

// tooLong lists the limits of Slack that a message breaks.
func tooLong(m slack.Message) (found []string) {
	together := 0
	check := func(what, text string, max int) {
		together += long(text)
		if n := long(text); n > max || strings.TrimSpace(text) == "" {
			found = append(found, fmt.Sprintf("%s has %d characters of %d", what, n, max))
		}
	}
	if len(m.Blocks) == 0 || len(m.Blocks) > slack.MaxBlocks {
		found = append(found, fmt.Sprintf("%d blocks", len(m.Blocks)))
	}
	for _, b := range m.Blocks {
		switch {
		case b.Type == "header":
			check(b.Type, b.Text.Text, slack.MaxHeader)
		case b.Type == "section":
			check(b.Type, b.Text.Text, slack.MaxText)
		case len(b.Elements) > slack.MaxElements:
			found = append(found, "too many elements")
		}
		for _, e := range b.Elements {
			check(b.Type, e.Text, slack.MaxText)
		}
	}
	if together > 10_000 {
		found = append(found, fmt.Sprintf("%d characters in all blocks", together))
	}
	check("text", m.Text, 4000) // what an edited message may have
	return found
}
