package plan

import (
	"testing"

	"cutover/shared/cutover"
)

func TestDue(t *testing.T) {
	m := func(kind string, start cutover.Date, with ...func(*cutover.Milestone)) cutover.Milestone {
		out := cutover.Milestone{Kind: kind, Start: start, Precision: cutover.PrecisionDay}
		for _, f := range with {
			f(&out)
		}
		return out
	}
	month := func(m *cutover.Milestone) { m.Precision = cutover.PrecisionMonth }
	year := func(m *cutover.Milestone) { m.Precision = cutover.PrecisionYear }
	until := func(end cutover.Date) func(*cutover.Milestone) {
		return func(m *cutover.Milestone) { m.End = end }
	}
	of := func(services ...string) func(*cutover.Milestone) {
		return func(m *cutover.Milestone) { m.Services = services }
	}
	in := func(regions ...string) func(*cutover.Milestone) {
		return func(m *cutover.Milestone) { m.Regions = regions }
	}
	running := func(m *cutover.Milestone) { m.Reason = cutover.ReasonRunning }
	cert := func(state string, expires cutover.Date) cutover.Certificate {
		return cutover.Certificate{CN: "X " + state, State: state, Role: cutover.RoleRoot, Expires: expires}
	}
	hub, dps := scope{0, "westeurope"}, scope{1, "westeurope"}
	code := scope{service: -1}
	tests := []struct {
		says   string
		dates  []cutover.Milestone
		certs  []cutover.Certificate
		scopes []scope
		want   cutover.Date
		from   string
	}{
		{says: "the earliest act-by before the cutover", dates: []cutover.Milestone{m("act-by", "2024-03-15"), m("act-by", "2024-02-29"), m("cutover", "2024-03-31", month), m("retirement", "2024-01-01")},
			want: "2024-02-29", from: "act by 29 February 2024; the cutover starts in March 2024, counted from its first day"},
		{says: "the start of the cutover before the act-by", dates: []cutover.Milestone{m("act-by", "2024-03-15"), m("cutover", "2024-03-31", month)},
			want: "2024-03-01", from: "the cutover starts in March 2024, counted from its first day, before the date to act by, 15 March 2024"},
		{says: "the whole window is told", dates: []cutover.Milestone{m("cutover", "2023-02-15", until("2023-10-15"))},
			want: "2023-02-15", from: "the cutover runs from 15 February 2023 to 15 October 2023"},
		{says: "an act-by of a month counts as its last day", dates: []cutover.Milestone{m("act-by", "2022-06-30", month)},
			want: "2022-06-30", from: "act by the end of June 2022"},
		{says: "of a window that runs already only the end is known", dates: []cutover.Milestone{m("act-by", "2022-06-30", month), m("cutover", "2022-06-30", month, running)},
			want: "2022-06-30", from: "act by the end of June 2022; the cutover is running already and ends in June 2022"},
		{says: "a cutover of a year counts from its first day", dates: []cutover.Milestone{m("cutover", "2026-12-31", year)},
			want: "2026-01-01", from: "the cutover starts in 2026, counted from its first day"},
		{says: "else the retirement, a month as its last day", dates: []cutover.Milestone{m("retirement", "2025-03-31", month), m("expiry", "2024-01-01"), m("other", "2023-01-01")},
			want: "2025-03-31", from: "the retirement, the end of March 2025"},
		{says: "else the expiry of what goes", dates: []cutover.Milestone{m("expiry", "2038-01-15"), m("expiry", "2025-05-12")}, certs: []cutover.Certificate{cert("introduced", "2038-01-15"), cert("retiring", "2025-05-12")},
			want: "2025-05-12", from: "the expiry, 12 May 2025"},
		{says: "a retiring certificate's own expiry is enough", certs: []cutover.Certificate{cert("retiring", "2025-05-12")},
			want: "2025-05-12", from: "the expiry of X retiring, 12 May 2025"},
		{says: "the expiry of what comes is no deadline", dates: []cutover.Milestone{m("expiry", "2038-01-15")}, certs: []cutover.Certificate{cert("introduced", "2038-01-15")}},
		{says: "an expiry that belongs to both goes", dates: []cutover.Milestone{m("expiry", "2024-06-27")}, certs: []cutover.Certificate{cert("introduced", "2024-06-27"), cert("retiring", "2024-06-27")},
			want: "2024-06-27", from: "the expiry, 27 June 2024"},
		{says: "else none", dates: []cutover.Milestone{m("other", "2024-01-01")}},
		{says: "only dates of the item's own service", dates: []cutover.Milestone{m("cutover", "2023-02-15", of("Hub")), m("cutover", "2024-01-15", of("dps"))}, scopes: []scope{dps},
			want: "2024-01-15", from: "the cutover starts on 15 January 2024 (dps)"},
		{says: "the earliest over all items", dates: []cutover.Milestone{m("cutover", "2023-02-15", of("Hub")), m("cutover", "2024-01-15", of("dps"))}, scopes: []scope{dps, hub},
			want: "2023-02-15", from: "the cutover starts on 15 February 2023 (Hub)"},
		{says: "a place in code belongs to all services", dates: []cutover.Milestone{m("cutover", "2023-02-15", of("Hub")), m("cutover", "2024-01-15", of("dps"))}, scopes: []scope{code},
			want: "2023-02-15", from: "the cutover starts on 15 February 2023 (Hub)"},
		{says: "only dates of the item's own region, spelled as the notice likes", dates: []cutover.Milestone{m("cutover", "2023-02-15", in("North Europe")), m("cutover", "2023-05-15", in("West Europe"))}, scopes: []scope{hub},
			want: "2023-05-15", from: "the cutover starts on 15 May 2023 (West Europe)"},
		{says: "a date of a service that the map knows and the notice does not name is not theirs", dates: []cutover.Milestone{m("retirement", "2023-02-15", of("Azure Storage"))}, scopes: []scope{hub}},
		{says: "a date of something nobody knows counts for all", dates: []cutover.Milestone{m("retirement", "2023-02-15", of("the old gateway"))}, scopes: []scope{hub},
			want: "2023-02-15", from: "the retirement, 15 February 2023 (the old gateway)"},
	}
	c := newCompiler(baseWorld(t).Services, nil)
	for _, tt := range tests {
		t.Run(tt.says, func(t *testing.T) {
			n := c.notice(&cutover.Notice{Verdict: cutover.VerdictRead, Services: []string{"Hub", "DPS"}, Milestones: tt.dates, Certificates: tt.certs})
			if tt.scopes == nil {
				tt.scopes = []scope{hub}
			}
			scopes := map[scope]struct{}{}
			for _, s := range tt.scopes {
				scopes[s] = struct{}{}
			}
			got := n.due(scopes)
			if got.due != tt.want || got.from != tt.from {
				t.Errorf("due %q from %q, want %q from %q", got.due, got.from, tt.want, tt.from)
			}
		})
	}
}

// TestNewerDateReplaces holds that what a newer delivery says about at least the
// same things takes the place of the older date, and nothing else does.
func TestNewerDateReplaces(t *testing.T) {
	old := cutover.Milestone{Kind: cutover.KindActBy, Start: "2024-02-29", Precision: cutover.PrecisionDay}
	moved := cutover.Milestone{Kind: cutover.KindActBy, Start: "2024-06-30", Precision: cutover.PrecisionDay, Services: []string{"DPS"}}
	n := cutover.Notice{Verdict: cutover.VerdictRead, Services: []string{"IoT Hub", "DPS"}, Milestones: []cutover.Milestone{old, moved}}
	n.Provenance = map[string]cutover.Origin{
		milestoneFact(old):   {Delivery: "a", Stamp: at("2023-01-01")},
		milestoneFact(moved): {Delivery: "b", Stamp: at("2023-02-01")},
	}
	c := newCompiler(baseWorld(t).Services, nil).notice(&n)
	for s, want := range map[scope]cutover.Date{{0, "westeurope"}: "2024-02-29", {1, "westeurope"}: "2024-06-30", {service: -1}: "2024-02-29"} {
		if got := c.due(map[scope]struct{}{s: {}}).due; got != want {
			t.Errorf("service %d: due %s, want %s", s.service, got, want)
		}
	}
}
