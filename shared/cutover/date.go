package cutover

import "time"

// Date is a calendar day written as 2006-01-02 (ISO 8601). The empty Date means
// "not stated". Dates of this form compare as strings.
type Date string

// DateOf is the day on which t falls, in t's own location.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Valid reports whether d is a day that exists.
func (d Date) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Begin is the first moment of the day in loc (nil means UTC); the zero time for
// an invalid date.
func (d Date) Begin(loc *time.Location) time.Time {
	if loc == nil {
		loc = time.UTC
	}
	t, err := time.ParseInLocation(time.DateOnly, string(d), loc)
	if err != nil {
		return time.Time{}
	}
	return t
}

// End is the moment at which the day is over (24:00) in loc (nil means UTC).
func (d Date) End(loc *time.Location) time.Time {
	t := d.Begin(loc)
	if t.IsZero() {
		return t
	}
	return t.AddDate(0, 0, 1)
}

// Add moves the date by whole days.
func (d Date) Add(days int) Date {
	t := d.Begin(nil)
	if t.IsZero() {
		return d
	}
	return DateOf(t.AddDate(0, 0, days))
}

// MonthStart is the first day of d's month, the earliest day that a date of
// month precision can mean.
func (d Date) MonthStart() Date {
	if len(d) != len(time.DateOnly) {
		return d
	}
	return d[:8] + "01"
}

// DaysUntil counts the whole days from the day of now (in loc, nil means UTC) to
// d; negative when d has passed.
func (d Date) DaysUntil(now time.Time, loc *time.Location) int {
	if loc == nil {
		loc = time.UTC
	}
	today := DateOf(now.In(loc)).Begin(time.UTC)
	return int(d.Begin(time.UTC).Sub(today).Hours() / 24)
}
