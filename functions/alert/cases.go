package alert

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/slack"
	"cutover/shared/store"
)

// opened is the rung under which a case is told first.
const opened = "opened"

// waiting puts a case of the inbox before the fallback owner; later rungs go to the
// thread of the first.
func (r *Room) waiting(ctx context.Context, id string, d Due) error {
	var c cutover.Case
	err := r.Store.View(ctx, func(rd store.Reader) error {
		var err error
		c, err = rd.Case(id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return bus.Poison{Reason: "unknown case", Err: fmt.Errorf("loading case %s: %w", id, err)}
	}
	if err != nil {
		return fmt.Errorf("loading case %s: %w", id, err)
	}
	if c.State != "open" {
		return nil
	}
	first, err := r.effect(ctx, caseKey(id, opened))
	if err != nil {
		return err
	}
	team := r.team(r.Owners.Fallback)
	m := slack.Message{Channel: team.Slack, Kind: slack.KindCase, Action: id, Effect: caseKey(id, d.Rung)}
	if d.Rung != opened {
		m.Thread = first.Result[resTS]
	}
	m.Text, m.Blocks = caseText(c, d, r.Now().UTC())
	_, posted, err := r.say(ctx, m, 0, nil)
	if posted {
		r.count("cases_sent")
	}
	return err
}

func caseKey(id, rung string) string { return id + "/case/" + rung }

// digest tells the fallback owner of notices whose dates were over when they were
// first seen, all in one message.
func (r *Room) digest(ctx context.Context, d Due) error {
	if len(d.Notices) == 0 {
		return nil
	}
	team := r.team(r.Owners.Fallback)
	key := "digest/" + cutover.Digest(d.Notices...)[:16]
	m := slack.Message{Channel: team.Slack, Kind: slack.KindDigest, Action: "digest", Effect: key}
	m.Text = fmt.Sprintf("%s whose dates are over: nothing was opened for them", prose.Plural(len(d.Notices), "notice", "notices"))
	lines := make([]string, 0, len(d.Notices))
	for i, key := range d.Notices {
		why := ""
		if i < len(d.Text) {
			why = ": " + foreign(d.Text[i], 300)
		}
		lines = append(lines, "• *"+foreign(key, 60)+"*"+why)
	}
	m.Blocks = append([]slack.Block{header(m.Text)}, sections(lines)...)
	m.Blocks = append(m.Blocks, footnote("They were first seen after their last date. `cutover explain KEY` says what was read."))
	_, posted, err := r.say(ctx, m, 0, nil)
	if posted {
		r.count("digests_sent")
	}
	return err
}

// sections packs lines into as few sections as Slack's limits allow, and says when
// something is left out.
func sections(lines []string) []slack.Block {
	const most = 20 // sections; a message takes 50 blocks
	var out []slack.Block
	var b strings.Builder
	for i, l := range lines {
		if b.Len() > 0 && len([]rune(b.String()))+len([]rune(l))+1 > slack.MaxText {
			out = append(out, section(b.String()))
			b.Reset()
		}
		if len(out) == most {
			return append(out, section(fmt.Sprintf("… and %d more", len(lines)-i)))
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l)
	}
	if b.Len() > 0 {
		out = append(out, section(b.String()))
	}
	return out
}
