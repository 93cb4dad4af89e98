package inventory

import "fmt"

// pageSizes are the sizes at which the service cuts an answer when nobody asks for
// more: 100 rows by default, 1,000 at most. An array of just that size may be a page.
func pageSize(rows int) bool { return rows == 100 || rows == 1000 }

// incomplete says why the look cannot stand for all there is; empty if it can. The
// first reason is told in words, the others are counted.
func (l *look) incomplete() string {
	var reasons []string
	for _, p := range l.problems {
		reasons = append(reasons, p.Error())
	}
	whole := l.pages()
	for i, a := range l.answers {
		if reason := a.partial(); reason != "" && !a.broken && !whole[i] {
			reasons = append(reasons, l.room.problem(a.file, 0, fmt.Errorf("%s", reason)).Error())
		}
	}
	// An account that may see nothing gets an empty answer, and no error.
	if len(reasons) == 0 && len(l.subs) == 0 {
		reasons = append(reasons, fmt.Sprintf("%s holds no row at all; does the account that asked have access?", l.room.label()))
	}
	switch len(reasons) {
	case 0:
		return ""
	case 1:
		return reasons[0]
	}
	return fmt.Sprintf("%s (and %d more)", reasons[0], len(reasons)-1)
}

// partial says why one answer, by itself, may not be all of it.
func (a answer) partial() string {
	if a.array {
		switch {
		case a.rows == 0:
			return "the list is empty, which the CLI also prints when a query failed"
		case pageSize(a.rows):
			return fmt.Sprintf("the list has exactly %d rows, the size of a page; more may follow", a.rows)
		}
		return ""
	}
	switch {
	case a.truncated != "" && a.truncated != "false":
		return "the answer says that it was cut (resultTruncated)"
	case a.more:
		return "the answer leads on to another page (skip token)"
	case a.count >= 0 && a.count != a.rows:
		return fmt.Sprintf("the answer counts %d rows and holds %d", a.count, a.rows)
	case a.total < 0:
		return "the answer does not say how many rows there are (totalRecords)"
	case a.total != a.rows:
		return fmt.Sprintf("the answer holds %d of %d rows", a.rows, a.total)
	}
	return ""
}

// pages finds answers that are all the pages of one query. An answer does not say
// which page it is, so this wants proof by counting: answers with the same total, of
// which exactly one has no token and so is the last, none is cut or broken, none holds
// a row that also stands elsewhere, and their rows add up to the total.
func (l *look) pages() map[int]bool {
	byTotal := map[int][]int{}
	for i, a := range l.answers {
		if !a.array && a.total > 0 && a.rows < a.total {
			byTotal[a.total] = append(byTotal[a.total], i)
		}
	}
	whole := map[int]bool{}
	for total, pages := range byTotal {
		if !l.addUp(pages, total) {
			continue
		}
		for _, i := range pages {
			whole[i] = true
		}
	}
	return whole
}

func (l *look) addUp(pages []int, total int) bool {
	rows, last := 0, 0
	for _, i := range pages {
		a := l.answers[i]
		cut := a.truncated != "" && a.truncated != "false"
		if a.broken || cut || a.rows == 0 || a.count >= 0 && a.count != a.rows || l.overlap[i] {
			return false
		}
		rows += a.rows
		if !a.more {
			last++
		}
	}
	return rows == total && last == 1
}
