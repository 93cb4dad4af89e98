package folder

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// stamp is a message's time as Slack writes it: seconds since 1970, and a part
// after the point that counts the messages of the second.
type stamp struct{ second, count int64 }

// Slack's own counts have six digits and begin around here.
const firstCount, lastCount = 100, 999_999

func (s stamp) String() string { return fmt.Sprintf("%010d.%06d", s.second, s.count) }

func (s stamp) next() stamp {
	if s.count >= lastCount {
		return stamp{s.second + 1, firstCount}
	}
	return stamp{s.second, s.count + 1}
}

// nextStamp is the first free time from now on; the clock may be pinned.
func nextStamp(names []name, now time.Time) stamp {
	at := stamp{max(now.Unix(), 0), firstCount}
	for _, n := range names { // in order of time
		if s := n.stamp(); s.second == at.second && s.count >= at.count {
			at = s.next()
		}
	}
	return at
}

// name is a message's file name, taken apart.
type name struct{ file, ts, kind string }

var (
	fileName  = regexp.MustCompile(`^(\d{10,11}\.\d{6})-([a-z]+)\.json$`)
	timeStamp = regexp.MustCompile(`^\d{10,11}\.\d{6}$`)
)

func parseName(file string) (name, bool) {
	m := fileName.FindStringSubmatch(file)
	if m == nil {
		return name{}, false
	}
	return name{file, m[1], m[2]}, true
}

func (n name) stamp() stamp {
	count, _ := strconv.ParseInt(n.ts[len(n.ts)-6:], 10, 64) // digits, by the expression
	return stamp{n.seconds(), count}
}

func (n name) seconds() int64 {
	s, _ := strconv.ParseInt(n.ts[:len(n.ts)-7], 10, 64) // digits, by the expression
	return s
}
