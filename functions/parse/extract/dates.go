package extract

import (
	"fmt"
	"time"

	"cutover/shared/cutover"
)

// date is one date of the text, a day or coarser.
type date struct {
	first, last int // tokens
	start, end  int // bytes in View.S
	y, m, d     int // m and d are 0 where the date is coarser
	yearless    bool
	endOf       bool // "end of June", "6 月末"
	prep        string
	east        bool // written with 年 月 日 or 년 월 일
	iso         bool // written with numbers only
	guessed     bool // the year is that of its neighbours
	asOf        bool // "as of June 2023"
}

func (d date) precision() string {
	switch {
	case d.d > 0:
		return cutover.PrecisionDay
	case d.m > 0:
		return cutover.PrecisionMonth
	}
	return cutover.PrecisionYear
}

// value is the date as the contract writes it: a month is its last day.
func (d date) value() cutover.Date {
	y, m, day := d.y, d.m, d.d
	if m == 0 {
		m = 12
	}
	if day == 0 {
		day = lastDay(y, m)
	}
	return cutover.Date(fmt.Sprintf("%04d-%02d-%02d", y, m, day))
}

func lastDay(y, m int) int {
	return time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// monthBefore is the date of the month that ends before d begins.
func (d date) monthBefore() date {
	if d.m--; d.m == 0 {
		d.m, d.y = 12, d.y-1
	}
	return d
}

func (d date) valid() bool {
	if !d.yearless && (d.y < 2000 || d.y > 2099) {
		return false
	}
	y := d.y
	if d.yearless {
		y = 2024
	}
	return d.m >= 0 && d.m <= 12 && (d.d == 0 || (d.m > 0 && d.d >= 1 && d.d <= lastDay(y, d.m)))
}

// scanDates finds all dates of a page. dayFirst tells how slashed dates read.
func scanDates(p *page, dayFirst bool) []date {
	var out []date
	for i := 0; i < len(p.toks); {
		d, n := p.dateAt(i, dayFirst)
		if n == 0 {
			if d, n = p.dayAlone(i, out); n == 0 {
				i++
				continue
			}
		}
		if d.valid() {
			d.first, d.last = i, i+n-1
			d.start, d.end = p.toks[i].start, p.toks[i+n-1].end
			p.qualify(&d)
			out = append(out, d)
		}
		i += n
	}
	return out
}

// rangeWords join two days of one month: "2 to 20 March", "March 2-20", "du 1er
// au 12 février", "3 月 2 日～20 日".
var rangeWords = map[string]bool{"to": true, "through": true, "thru": true, "until": true, "till": true, "and": true, "-": true, "~": true, "bis": true, "und": true, "au": true, "et": true, "al": true, "y": true, "～": true, "〜": true, "至": true, "到": true}

// dayAlone reads a day whose month stands at the other day of its range.
func (p *page) dayAlone(i int, before []date) (date, int) {
	day, ok := p.number(i)
	if !ok || day < 1 || day > 31 || p.toks[i].end-p.toks[i].start > 2 || i > 0 && !p.toks[i].gap && p.toks[i-1].kind == tokNumber {
		return date{}, 0
	}
	j := i + 1
	for j < len(p.toks) && j < i+3 && (ordinals[p.word(j)] || p.is(j, ".") || p.is(j, "日")) {
		j++
	}
	if j < len(p.toks) && rangeWords[p.word(j)] {
		k := j + 1
		for k < len(p.toks) && k < j+3 && (p.is(k, "the") || p.is(k, "zum") || p.is(k, "le")) {
			k++
		}
		if k < len(p.toks) && p.toks[k].kind == tokNumber {
			if d, n := p.dayMonth(k); n > 0 && d.d > day {
				return date{y: d.y, m: d.m, d: day, yearless: d.yearless}, j - i
			}
		}
	}
	return p.dayAfter(i, day, before)
}

// dayAfter reads the second day of a range whose month stands before the first.
func (p *page) dayAfter(i, day int, before []date) (date, int) {
	if len(before) == 0 || i < 2 {
		return date{}, 0
	}
	o := &before[len(before)-1]
	east := p.is(i-1, "ら") && p.is(i-2, "か")
	if o.d == 0 || day <= o.d || !(o.last == i-2 && rangeWords[p.word(i-1)] || east && o.last == i-3) {
		return date{}, 0
	}
	n := 1
	for i+n < len(p.toks) && (ordinals[p.word(i+n)] || o.east && p.is(i+n, "日")) && n < 2 {
		n++
	}
	if o.east != (n == 2 && p.is(i+1, "日")) {
		return date{}, 0
	}
	d := date{y: o.y, m: o.m, d: day, yearless: o.yearless, east: o.east}
	if y, k := p.yearAfter(i + n); k > 0 && !o.east {
		if d.y, d.yearless, n = y, false, n+k; o.yearless {
			o.y, o.yearless = y, false
		}
	}
	return d, n
}

// dateAt reads a date that begins at token i; n is how many tokens it takes.
func (p *page) dateAt(i int, dayFirst bool) (date, int) {
	t := p.toks[i]
	switch t.kind {
	case tokNumber:
		if i > 0 && !t.gap && (p.is(i-1, ".") || p.is(i-1, "/") || p.is(i-1, "-") && digitsBefore(p, i-1) || p.is(i-1, "_") || p.toks[i-1].kind == tokNumber) {
			return date{}, 0 // inside a version, a path or another number
		}
		if t.end-t.start == 4 {
			return p.yearFirst(i)
		}
		if t.end-t.start <= 2 {
			if d, n := p.dayMonth(i); n > 0 {
				return d, n
			}
			if d, n := p.eastMonth(i); n > 0 {
				return d, n
			}
			return p.numeric(i, dayFirst)
		}
	case tokWord:
		return p.monthFirst(i)
	}
	return date{}, 0
}

func digitsBefore(p *page, i int) bool {
	return i > 0 && p.toks[i-1].kind == tokNumber && !p.toks[i].gap
}

// yearFirst reads 2024-02-29, 2024/2/29, 2024.2.29, 2024 年 2 月 29 日, 2024 년 2 월.
func (p *page) yearFirst(i int) (date, int) {
	y, _ := p.number(i)
	if p.is(i+1, "年") || p.is(i+1, "년") {
		if p.is(i+2, "末") || p.is(i+2, "底") {
			return date{y: y, m: 12, endOf: true, east: true}, 3
		}
		m, ok := p.number(i + 2)
		if !ok {
			return date{}, 0
		}
		d, n := p.eastMonth(i + 2)
		if n == 0 || d.m != m {
			return date{}, 0
		}
		d.y, d.yearless = y, false
		return d, n + 2
	}
	sep := ""
	for _, s := range []string{"-", "/", "."} {
		if _, ok := p.number(i + 2); ok && p.is(i+1, s) && !p.toks[i+1].gap {
			sep = s // a full stop alone ends the sentence
		}
	}
	if sep == "" {
		if p.yearEnd(i) {
			return date{y: y, m: 12, endOf: true}, 1
		}
		// 2024 February 29
		if i+2 < len(p.toks) && p.toks[i+1].kind == tokWord && months[p.word(i+1)] > 0 {
			if d, ok := p.number(i + 2); ok && d >= 1 && d <= 31 && !p.is(i+3, ":") {
				return date{y: y, m: months[p.word(i+1)], d: d}, 3
			}
		}
		return date{}, 0
	}
	m, ok := p.number(i + 2)
	if !ok || p.toks[i+2].gap || p.toks[i+2].end-p.toks[i+2].start > 2 {
		return date{}, 0
	}
	if p.is(i+3, sep) && !p.toks[i+3].gap {
		if d, ok := p.number(i + 4); ok && !p.toks[i+4].gap && d > 0 {
			return date{y: y, m: m, d: d, iso: true}, 5
		}
	}
	if sep == "/" && m >= 1 && m <= 12 {
		return date{y: y, m: m, iso: true}, 3
	}
	return date{}, 0
}

// yearEnd reports whether the year at token i is an "end of 2025" or "2025 年末".
func (p *page) yearEnd(i int) bool {
	if p.is(i-1, "of") || p.is(i-1, "de") {
		return endWords[p.word(i-2)] && i >= 2 && !p.is(i-2, "late")
	}
	return p.is(i-1, "ende") || (p.is(i+1, "年") && p.is(i+2, "末"))
}

// eastMonth reads 2 月 29 日, 2 月末, 2 月 at a number.
func (p *page) eastMonth(i int) (date, int) {
	m, ok := p.number(i)
	if !ok || m < 1 || m > 12 || !(p.is(i+1, "月") || p.is(i+1, "월")) {
		return date{}, 0
	}
	out := date{m: m, yearless: true, east: true}
	if d, ok := p.number(i + 2); ok && (p.is(i+3, "日") || p.is(i+3, "일")) {
		out.d = d
		return out, 4
	}
	if p.is(i+2, "末") || p.is(i+2, "底") || p.is(i+2, "말") {
		out.endOf = true
		return out, 3
	}
	return out, 2
}

// dayMonth reads 29 February 2024, 29th of February, 2024, 29. Februar 2024,
// 29 de febrero de 2024, 1er mars 2024.
func (p *page) dayMonth(i int) (date, int) {
	d, _ := p.number(i)
	if d < 1 || d > 31 {
		return date{}, 0
	}
	j := i + 1
	if j < len(p.toks) && (ordinals[p.word(j)] || p.is(j, ".")) && !p.toks[j].gap {
		j++
	}
	if j < len(p.toks) && (dateLinks[p.word(j)] || p.is(j, "-")) {
		j++
	}
	if j >= len(p.toks) || p.toks[j].kind != tokWord {
		return date{}, 0
	}
	m := months[p.word(j)]
	if m == 0 || (ambiguous[p.word(j)] && !p.view.Upper(p.toks[j].start) && p.word(j) != "mars") {
		return date{}, 0
	}
	out := date{d: d, m: m}
	y, n := p.yearAfter(j + 1)
	if n == 0 {
		out.yearless = true
		return out, j + 1 - i
	}
	out.y = y
	return out, j + 1 + n - i
}

// yearAfter reads ", 2024", "de 2024", "-2024", ". 2024" and the like.
func (p *page) yearAfter(j int) (year, n int) {
	k := j
	for k < j+2 && k < len(p.toks) && (p.is(k, ",") || p.is(k, ".") || p.is(k, "-") || dateLinks[p.word(k)]) {
		k++
	}
	y, ok := p.number(k)
	if !ok || p.toks[k].end-p.toks[k].start != 4 || y < 2000 || y > 2099 || p.toks[k].start-p.toks[max(j-1, 0)].end > 12 {
		return 0, 0
	}
	return y, k + 1 - j
}

// monthFirst reads February 29, 2024, Feb 29th 2024, February 2024, February 29.
func (p *page) monthFirst(i int) (date, int) {
	m := months[p.word(i)]
	if m == 0 || (ambiguous[p.word(i)] && !p.view.Upper(p.toks[i].start) && p.word(i) != "mars") {
		return date{}, 0
	}
	out := date{m: m}
	j := i + 1
	if p.is(j, ".") && !p.toks[j].gap {
		j++
	}
	if d, ok := p.number(j); ok && d >= 1 && d <= 31 && p.toks[j].end-p.toks[j].start <= 2 {
		out.d = d
		j++
		if j < len(p.toks) && ordinals[p.word(j)] && !p.toks[j].gap {
			j++
		}
		if p.is(j, ":") {
			return date{}, 0
		}
		if y, n := p.yearAfter(j); n > 0 {
			out.y = y
			return out, j + n - i
		}
		out.yearless = true
		return out, j - i
	}
	if y, n := p.yearAfter(j); n > 0 {
		out.y = y
		return out, j + n - i
	}
	if len(p.word(i)) < 4 && p.word(i) != "may" {
		return date{}, 0
	}
	if !p.view.Upper(p.toks[i].start) && p.word(i)[0] < 0x80 && !preposed(p, i) {
		return date{}, 0
	}
	out.yearless = true
	return out, 1
}

// preposed reports whether a lower-case month stands where a month can stand.
func preposed(p *page, i int) bool {
	switch {
	case p.is(i-1, "en"), p.is(i-1, "in"), p.is(i-1, "im"), p.is(i-1, "de"), p.is(i-1, "ab"), p.is(i-1, "hasta"), p.is(i-1, "ende"):
		return true
	}
	return false
}

// numeric reads 3/31/2025, 31/3/2025, 31.03.2025, 3/31/25.
func (p *page) numeric(i int, dayFirst bool) (date, int) {
	a, _ := p.number(i)
	sep := ""
	switch {
	case p.is(i+1, "/"):
		sep = "/"
	case p.is(i+1, "."):
		sep = "."
	default:
		return date{}, 0
	}
	b, ok := p.number(i + 2)
	if !ok || p.toks[i+1].gap || p.toks[i+2].gap || !p.is(i+3, sep) || p.toks[i+3].gap {
		return date{}, 0
	}
	y, ok := p.number(i + 4)
	if !ok || p.toks[i+4].gap {
		return date{}, 0
	}
	width := p.toks[i+4].end - p.toks[i+4].start
	if width == 2 && sep == "/" {
		y += 2000
	} else if width != 4 {
		return date{}, 0
	}
	m, d := a, b
	if sep == "." || (dayFirst && b <= 12) || a > 12 {
		m, d = b, a
	}
	if m < 1 || m > 12 || d < 1 || p.is(i+5, ".") && sep == "." && !p.toks[i+5].gap && p.toks[min(i+6, len(p.toks)-1)].kind == tokNumber {
		return date{}, 0
	}
	return date{y: y, m: m, d: d, iso: true}, 5
}
