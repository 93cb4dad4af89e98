package main

import (
	"fmt"
	"strings"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/prose"
)

// printNotice writes one read notice as a page: what changes, when, for whom, what
// to do, with the words it rests on.
func (p *page) printNotice(file string, n cutover.Notice, now time.Time) {
	id := strings.Join(n.TrackingIDs, ", ")
	if id == "" {
		id = "no tracking ID"
	}
	p.line("%s  %s", p.paint(bold, id), p.paint(dim, prose.Line(file, maxLine)))
	p.wrap("  ", "  ", n.Title)
	p.line("  %s", strings.Join(nonEmpty(p.verdict(n.Verdict), n.Topic, strings.ReplaceAll(n.EventType, "_", " "), n.Language, issued(n)), " · "))
	for _, r := range n.Reasons {
		p.wrap("  ! ", "    ", r)
	}
	if n.Verdict == cutover.VerdictFailed || n.Verdict == cutover.VerdictIrrelevant {
		return
	}
	p.printWhen(n, now)
	p.printWhom(n)
	if len(n.RequiredActions) > 0 {
		p.head("  What to do, in the notice's words")
		for _, a := range n.RequiredActions {
			p.wrap("    - ", "      ", a)
		}
	}
	p.printCertificates(n)
	if n.Link != "" {
		p.line("\n  %s", prose.Line(n.Link, maxLine))
	}
}

// maxQuote is how much of a fact's evidence is shown, in characters.
const maxQuote = 400

func issued(n cutover.Notice) string {
	if n.Issued == "" {
		return ""
	}
	return "issued " + prose.ShortDay(n.Issued)
}

func (p *page) verdict(v cutover.Verdict) string {
	switch v {
	case cutover.VerdictRead:
		return p.paint(green, "read")
	case cutover.VerdictPartial:
		return p.paint(yellow, "partly read: a person is needed")
	case cutover.VerdictIrrelevant:
		return p.paint(dim, "no notice")
	}
	return p.paint(red, "could not be read")
}

func (p *page) printWhen(n cutover.Notice, now time.Time) {
	p.head("  What changes, and when")
	if len(n.Milestones) == 0 {
		p.line("    no date that anybody must keep")
	}
	for _, m := range n.Milestones {
		p.line("    %-10s  %s", m.Kind, p.paint(bold, prose.When(m, now, time.UTC)))
		scope := append(append([]string{}, m.Services...), m.Regions...)
		if len(scope) > 0 {
			p.wrap("                for ", "                ", strings.Join(scope, ", "))
		}
		p.quote(m.Evidence)
	}
}

func (p *page) quote(e cutover.Evidence) {
	if e.Quote == "" {
		return
	}
	const indent = "                "
	p.wrap(indent, indent, fmt.Sprintf("“%s”  (%s, byte %d)", prose.Line(e.Quote, maxQuote), prose.Line(e.Part, 40), e.Offset))
}

func (p *page) printWhom(n cutover.Notice) {
	p.head("  For whom")
	list := func(name string, values []string) {
		if len(values) > 0 {
			p.wrap(fmt.Sprintf("    %-14s", name), strings.Repeat(" ", 18), strings.Join(values, ", "))
		}
	}
	list("services", n.Services)
	list("regions", n.Regions)
	list("clouds", n.Clouds)
	list("not in", n.ExcludedClouds)
	list("subscriptions", n.Subscriptions)
	if n.PinningCondition {
		p.line("    only clients that pin certificates")
	}
	for _, a := range n.NoActionFor {
		p.wrap("    nothing to do for: ", "      ", a)
	}
	if !n.ActionRequired {
		p.line("    the notice asks nobody to act")
	}
}

func (p *page) printCertificates(n cutover.Notice) {
	if len(n.Certificates) == 0 {
		return
	}
	p.head("  Certificates")
	for _, c := range n.Certificates {
		state := c.State
		if state == "" {
			state = "mentioned"
		}
		expires := ""
		if c.Expires != "" {
			expires = "expires " + prose.ShortDay(c.Expires)
		}
		p.line("    %-11s  %s", state, strings.Join(nonEmpty(prose.Line(c.CN, 80), c.Role, c.Thumbprint, expires), "  "))
	}
}
