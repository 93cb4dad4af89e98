package prose

import (
	"fmt"
	"time"

	"cutover/shared/cutover"
)

// Day writes a date out: 15 February 2023. What is not a date stays as it is.
func Day(d cutover.Date) string { return format(d, "2 January 2006") }

// ShortDay is Day for titles: 15 Feb 2023.
func ShortDay(d cutover.Date) string { return format(d, "2 Jan 2006") }

func format(d cutover.Date, layout string) string {
	if !d.Valid() {
		return Line(string(d), 40)
	}
	return d.Begin(nil).Format(layout)
}

// Span writes a date as exactly as its precision allows: a day, a month, a year.
func Span(d cutover.Date, precision string) string {
	switch precision {
	case cutover.PrecisionMonth:
		return format(d, "January 2006")
	case cutover.PrecisionYear:
		return format(d, "2006")
	}
	return Day(d)
}

// Away says how far a day is from now, as the reader's calendar counts: today,
// tomorrow, in 54 days, 3 days ago. Nothing for what is not a date.
func Away(d cutover.Date, now time.Time, loc *time.Location) string {
	if !d.Valid() {
		return ""
	}
	switch n := d.DaysUntil(now, loc); {
	case n == 0:
		return "today"
	case n == 1:
		return "tomorrow"
	case n == -1:
		return "yesterday"
	case n < 0:
		return fmt.Sprintf("%d days ago", -n)
	default:
		return fmt.Sprintf("in %d days", n)
	}
}

// away is Away for a date of any precision. A month is a range of days, so its
// distance is one too; past reports that the whole range lies behind.
func away(d cutover.Date, precision string, now time.Time, loc *time.Location) (text string, past bool) {
	first := d
	switch {
	case precision == cutover.PrecisionMonth:
		first = d.MonthStart()
	case precision == cutover.PrecisionYear && d.Valid():
		first = d[:4] + "-01-01"
	}
	from, to := first.DaysUntil(now, loc), d.DaysUntil(now, loc)
	switch {
	case to < 0 || from == to:
		return Away(d, now, loc), to < 0
	case from <= 0 && precision == cutover.PrecisionMonth:
		return "some day this month", false
	case from <= 0:
		return "some day this year", false
	}
	return fmt.Sprintf("in %d to %d days", from, to), false
}

// When writes a milestone's dates and how far away they are. A window always
// shows both its ends: "completes by October, starting in March" has been read as
// "done by March".
func When(m cutover.Milestone, now time.Time, loc *time.Location) string {
	switch {
	case !m.Start.Valid():
		return "no date given"
	case m.Reason == cutover.ReasonRunning:
		return "has begun already, ends " + Span(m.Last(), m.Precision) + " (" + ends(m, now, loc) + ")"
	case m.End == "" || m.End == m.Start:
		rel, _ := away(m.Start, m.Precision, now, loc)
		if m.Precision != cutover.PrecisionDay && m.Precision != "" {
			rel += ", no day is given"
		}
		return Span(m.Start, m.Precision) + " (" + rel + ")"
	}
	start, past := away(m.Start, m.Precision, now, loc)
	verb := "starts "
	if past || start == "today" {
		verb = "began "
	}
	return Span(m.Start, m.Precision) + " to " + Span(m.End, m.Precision) + " (" + verb + start + ", " + ends(m, now, loc) + ")"
}

func ends(m cutover.Milestone, now time.Time, loc *time.Location) string {
	end, past := away(m.Last(), m.Precision, now, loc)
	if past {
		return "ended " + end
	}
	return "ends " + end
}

// KindWords names a milestone's kind for somebody who never heard of ours.
func KindWords(m cutover.Milestone) string {
	switch m.Kind {
	case cutover.KindActBy:
		return "Act by"
	case cutover.KindCutover:
		return "The change"
	case cutover.KindRetirement:
		return "Retirement"
	case cutover.KindExpiry:
		return "Expiry"
	}
	return "Also dated"
}

// Zone loads a team's time zone; UTC (and the error) when it has a name that is unknown here.
func Zone(team cutover.Team) (*time.Location, error) {
	if team.Timezone == "" {
		return time.UTC, nil
	}
	loc, err := time.LoadLocation(team.Timezone)
	if err != nil {
		return time.UTC, fmt.Errorf("loading time zone of team %s (days are counted in UTC): %w", team.ID, err)
	}
	return loc, nil
}
