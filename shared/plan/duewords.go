package plan

import (
	"slices"

	"cutover/shared/cutover"
)

// windowWords says a cutover with its whole window, and as what it counts.
func windowWords(m cutover.Milestone) string {
	of := only(m)
	switch {
	case m.Reason == cutover.ReasonRunning:
		return "the cutover is running already and ends " + inOn(m.Last(), m.Precision) + of
	case m.End != "" && m.End != m.Start:
		return "the cutover runs from " + span(m.Start, m.Precision) + " to " + span(m.End, m.Precision) + of
	case m.Precision == cutover.PrecisionMonth || m.Precision == cutover.PrecisionYear:
		return "the cutover starts in " + span(m.Start, m.Precision) + ", counted from its first day" + of
	}
	return "the cutover starts on " + day(m.Start) + of
}

// span2 is a date or a window. A month is written as its last day and counts as it.
func span2(m cutover.Milestone) string {
	text := span(m.Start, m.Precision)
	if m.Precision == cutover.PrecisionMonth {
		text = "the end of " + text
	}
	if m.End != "" && m.End != m.Start {
		text += " to " + span(m.End, m.Precision)
	}
	return text
}

func inOn(d cutover.Date, precision string) string {
	if precision == cutover.PrecisionMonth || precision == cutover.PrecisionYear {
		return "in " + span(d, precision)
	}
	return "on " + day(d)
}

// only names what a milestone is limited to.
func only(m cutover.Milestone) string {
	names := append(slices.Clone(m.Services), m.Regions...)
	if len(names) == 0 {
		return ""
	}
	return " (" + few(names, 4) + ")"
}
