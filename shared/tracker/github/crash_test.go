package github_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cutover/functions/ticket/trackertest"
	"cutover/shared/tracker/github"
	"cutover/shared/tracker/github/githubtest"
)

// rig is the room over the adapter over the fake; lists lag by a minute.
func rig(t *testing.T) (trackertest.Rig, *githubtest.Server) {
	t.Helper()
	c := trackertest.NewClock(time.Date(2022, 12, 23, 9, 0, 0, 0, time.UTC))
	s := githubtest.New(t, c.Now)
	s.Lag = time.Minute
	g, err := github.New(github.Config{Token: s.Token, URL: s.URL, Now: c.Now, HTTP: &http.Client{Timeout: 200 * time.Millisecond},
		Sleep: func(_ context.Context, d time.Duration) error { c.Move(d); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	look := func(*testing.T) (out []trackertest.Seen) {
		for _, i := range s.Issues() {
			out = append(out, trackertest.Seen{Body: i.Body, Closed: i.State == "closed", Comments: strings.Join(i.Comments, "\n")})
		}
		return out
	}
	return trackertest.Rig{Tracker: g, Clock: c, Store: trackertest.NewStore(), Look: look}, s
}

func TestCrash(t *testing.T) {
	trackertest.Crash(t, func(t *testing.T) trackertest.Rig {
		r, _ := rig(t)
		return r
	})
}

// TestCrashOverHTTP plants each fault of the service at each request of a life.
func TestCrashOverHTTP(t *testing.T) {
	clean, s := rig(t)
	trackertest.Live(t, clean, &trackertest.Faults{})
	for name, fault := range map[string]githubtest.Fault{
		"429": githubtest.TooMany, "403": githubtest.Exhausted, "502": githubtest.ServerError, "hang": githubtest.Hang, "dropped": githubtest.Dropped,
	} {
		for n := 1; n <= s.Calls(); n++ {
			t.Run(fmt.Sprintf("%s at request %d", name, n), func(t *testing.T) {
				r, s := rig(t)
				s.Fail = func(call int, _ *http.Request) githubtest.Fault {
					if call == n {
						return fault
					}
					return githubtest.None
				}
				trackertest.Live(t, r, &trackertest.Faults{})
			})
		}
	}
}
