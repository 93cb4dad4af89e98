package plan

import (
	"strconv"
	"strings"

	"cutover/shared/cutover"
)

// day writes a date out: 15 October 2023.
func day(d cutover.Date) string {
	if !d.Valid() {
		return string(d)
	}
	return d.Begin(nil).Format("2 January 2006")
}

// span writes a date as exactly as its precision allows.
func span(d cutover.Date, precision string) string {
	switch {
	case !d.Valid():
		return string(d)
	case precision == cutover.PrecisionMonth:
		return d.Begin(nil).Format("January 2006")
	case precision == cutover.PrecisionYear:
		return string(d[:4])
	}
	return day(d)
}

// count writes a number with its noun: 1 resource, 3 resources.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// verb picks the form that goes with a number: is or are, stands or stand.
func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// join writes a list for people: a, b and c.
func join(xs []string) string {
	if len(xs) < 2 {
		return strings.Join(xs, "")
	}
	return strings.Join(xs[:len(xs)-1], ", ") + " and " + xs[len(xs)-1]
}

// few is join for lists that may be long: the first max, then how many more.
func few(xs []string, max int) string {
	if len(xs) <= max {
		return join(xs)
	}
	return strings.Join(xs[:max], ", ") + " and " + strconv.Itoa(len(xs)-max) + " more"
}

// short cuts a commit or a digest to what people compare.
func short(version string) string {
	if len(version) > 12 {
		return version[:12]
	}
	return version
}

// sentence makes a text a sentence: a capital first, a full stop last.
func sentence(s string) string {
	if s == "" {
		return s
	}
	if c := s[0]; c >= 'a' && c <= 'z' {
		s = string(c-('a'-'A')) + s[1:]
	}
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}
