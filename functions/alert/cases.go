package alert

import (
	"context"
	"errors"
	"fmt"

	"cutover/shared/bus"
	"cutover/shared/cutover"
	"cutover/shared/prose"
	"cutover/shared/slack"
	"cutover/shared/store"
)

// opened is the rung under which a case is told first.
const opened = "opened"

func caseKey(id, rung string) string { return id + "/case/" + rung }

// waiting puts a case of the inbox before the fallback owner; later rungs go to the
// thread of the first.
func (r *Room) waiting(ctx context.Context, id string, d Due) error {
	var c cutover.Case
	var first cutover.Effect
	err := r.Store.View(ctx, func(rd store.Reader) error {
		var err error
		if c, err = rd.Case(id); err != nil {
			return err
		}
		if first, err = rd.Effect(caseKey(id, opened)); errors.Is(err, store.ErrNotFound) {
			return nil
		}
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
	m := slack.Message{Channel: r.team(r.Owners.Fallback).Slack, Kind: slack.KindCase, Action: id, Effect: caseKey(id, d.Rung)}
	if d.Rung != opened && first.State == cutover.EffectDone {
		m.Channel, m.Thread = first.Result[resChannel], first.Result[resTS]
	}
	r.showCase(&m, c, d)
	_, err = r.say(ctx, m, 0, nil)
	return err
}

// showCase is the message about something that waits in the inbox.
func (r *Room) showCase(m *slack.Message, c cutover.Case, d Due) {
	head := "Needs a person: "
	if d.Rung != opened {
		head = "Still needs a person: "
	}
	if d.Late {
		head = "Late reminder, still needs a person: "
	}
	title := prose.Line(orElse(c.Title, c.ID), 110)
	m.Text = head + foreign(title, 800)
	m.Blocks = []slack.Block{header(head + title)}
	lines := make([]string, 0, len(c.Reasons)+1)
	for _, why := range c.Reasons {
		lines = append(lines, "• "+foreign(orElse(why, "no reason was kept"), 400))
	}
	if c.Due.Valid() {
		zone, _ := prose.Zone(r.team(r.Owners.Fallback)) // UTC where the zone is unknown
		lines = append(lines, fmt.Sprintf("What waits is due *%s* (%s).", day(c.Due), prose.Away(c.Due, r.Now(), zone)))
		m.Text += ", due " + day(c.Due)
	}
	m.Blocks = append(m.Blocks, sections(lines)...)
	about := "Cutover's inbox"
	if c.Notice != "" {
		about += " · notice " + code(c.Notice, 120)
	}
	m.Blocks = append(m.Blocks, footnote(about, code("cutover inbox show "+prose.Line(c.ID, 60), 100)+" says more and how to settle it"))
}

// digest tells the fallback owner of notices whose dates were over when they were
// first seen, all in one message.
func (r *Room) digest(ctx context.Context, d Due) error {
	if len(d.Notices) == 0 {
		return nil
	}
	titles, err := r.titles(ctx, d.Notices)
	if err != nil {
		return err
	}
	m := slack.Message{
		Channel: r.team(r.Owners.Fallback).Slack, Kind: slack.KindDigest, Action: "digest", Effect: "digest/" + cutover.Digest(d.Notices...)[:16],
		Text: prose.Plural(len(d.Notices), "notice whose dates were", "notices whose dates were") + " over when first seen",
	}
	lines := make([]string, 0, len(d.Notices))
	for i, key := range d.Notices {
		line := "• " + code(key, 60)
		if titles[i] != "" {
			line = "• *" + foreign(titles[i], 200) + "* " + code(key, 60)
		}
		if i < len(d.Text) {
			line += ": " + foreign(d.Text[i], 300)
		}
		lines = append(lines, line)
	}
	m.Blocks = append([]slack.Block{header(m.Text)}, sections(lines)...)
	m.Blocks = append(m.Blocks, footnote("Such notices open nothing, except for code that still trusts what they retired", "`cutover explain KEY` says what was read"))
	_, err = r.say(ctx, m, 0, nil)
	return err
}

// titles are the notices' own; empty where there is none.
func (r *Room) titles(ctx context.Context, keys []string) ([]string, error) {
	var out []string
	err := r.Store.View(ctx, func(rd store.Reader) error {
		for _, key := range keys {
			n, err := rd.Notice(key)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("loading notice %s for the digest: %w", key, err)
			}
			out = append(out, prose.Line(n.Title, 200))
		}
		return nil
	})
	return out, err
}
