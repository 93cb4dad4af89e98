package github_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cutover/functions/ticket"
	"cutover/functions/ticket/trackertest"
	"cutover/shared/tracker"
	"cutover/shared/tracker/github"
	"cutover/shared/tracker/github/githubtest"
)

const repo = "contoso/payments-api"

// clock is a wall clock that only sleeping moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2023, 1, 5, 10, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) sleep(_ context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	return nil
}

func open(t *testing.T) (*github.GitHub, *githubtest.Server, *clock) {
	t.Helper()
	c := newClock()
	s := githubtest.New(t, c.now)
	g, err := github.New(github.Config{Token: s.Token, URL: s.URL, Now: c.now, Sleep: c.sleep, HTTP: &http.Client{Timeout: 300 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	return g, s, c
}

// people use GitHub's own pages.
type people struct{ s *githubtest.Server }

func (p people) change(at tracker.Ref, fn func(*githubtest.Issue)) {
	n, _ := strconv.Atoi(at.Number)
	p.s.Change(at.Project, n, fn)
}

func (p people) Rewrite(_ *testing.T, at tracker.Ref, body func(string) string) {
	p.change(at, func(i *githubtest.Issue) { i.Body = body(i.Body) })
}

func (p people) Label(_ *testing.T, at tracker.Ref, label string) {
	p.change(at, func(i *githubtest.Issue) { i.Labels = append(i.Labels, label) })
}

func (p people) Delete(_ *testing.T, at tracker.Ref) {
	p.change(at, func(i *githubtest.Issue) { i.Deleted = true })
}

func TestGitHub(t *testing.T) {
	trackertest.Run(t, func(t *testing.T) (ticket.Tracker, trackertest.People) {
		g, s, _ := open(t)
		return g, people{s}
	})
}

func draft(action string) tracker.Ticket {
	return tracker.Ticket{Title: "t", Body: "<!-- " + ticket.Marker(action) + " -->", Labels: []string{tracker.Label}}
}

func TestFindPagesAndSkipsPullRequests(t *testing.T) {
	g, s, _ := open(t)
	s.Page = 2
	for i := range 5 {
		s.Change(repo, i+1, func(is *githubtest.Issue) {
			is.PullRequest, is.Labels, is.Body = true, []string{tracker.Label}, ticket.Marker("a1")
		})
	}
	if found, err := g.Find(t.Context(), repo, ticket.Marker("a1")); err != nil || found != nil {
		t.Fatalf("a pull request passes for a ticket: %+v, %v", found, err)
	}
	if _, err := g.Create(t.Context(), repo, draft("a1")); err != nil {
		t.Fatal(err)
	}
	s.Change(repo, 6, func(is *githubtest.Issue) { is.State = "closed" })
	found, err := g.Find(t.Context(), repo, ticket.Marker("a1"))
	if err != nil || found == nil || found.Number != "6" || !found.Closed {
		t.Fatalf("a closed issue on page 3: %+v, %v", found, err)
	}
}

func TestAssignees(t *testing.T) {
	g, s, _ := open(t)
	s.Users = []string{"ada"}
	d := draft("a1")
	d.Assignees = []string{"ada", "bob@contoso.example", "U024BE7LH-"}
	if _, err := g.Create(t.Context(), repo, d); err != nil {
		t.Fatal(err)
	}
	d.Assignees = []string{"ada", "mallory"}
	if _, err := g.Create(t.Context(), repo, d); err != nil {
		t.Fatal(err)
	}
	issues := s.Issues()
	if len(issues) != 2 || strings.Join(issues[0].Assignees, ",") != "ada" || len(issues[1].Assignees) != 0 {
		t.Errorf("assignees: %+v", issues)
	}
}

// TestPace files more issues than GitHub takes in a minute and in an hour: the
// fake complains about a write too many.
func TestPace(t *testing.T) {
	g, s, c := open(t)
	began := c.now()
	for i := 0; i < 620; {
		_, err := g.Create(t.Context(), repo, draft(fmt.Sprint(i)))
		var later tracker.Later
		if errors.As(err, &later) {
			_ = c.sleep(t.Context(), later.After)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		i++
	}
	if n := len(s.Issues()); n != 620 {
		t.Errorf("%d issues", n)
	}
	if took := c.now().Sub(began); took > 2*time.Hour {
		t.Errorf("620 issues took %v: slower than GitHub asks for", took)
	}
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		fault  githubtest.Fault
		undone bool
		wait   time.Duration
		filed  int
	}{
		"429":     {githubtest.TooMany, true, githubtest.RetryAfter, 0},
		"403":     {githubtest.Exhausted, true, githubtest.Reset, 0},
		"502":     {githubtest.ServerError, false, 0, 0},
		"hang":    {githubtest.Hang, false, 0, 0},
		"dropped": {githubtest.Dropped, false, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			g, s, clk := open(t)
			s.Fail = func(n int, _ *http.Request) githubtest.Fault {
				if n == 1 {
					return c.fault
				}
				return githubtest.None
			}
			_, err := g.Create(t.Context(), repo, draft("a1"))
			if err == nil || tracker.Undone(err) != c.undone {
				t.Fatalf("error %v, surely undone: %v", err, tracker.Undone(err))
			}
			if strings.Contains(err.Error(), s.Token) {
				t.Errorf("the token stands in the error: %v", err)
			}
			if n := len(s.Issues()); n != c.filed {
				t.Errorf("%d issues were filed", n)
			}
			var later tracker.Later
			if errors.As(err, &later) != (c.wait > 0) || later.After < c.wait || later.After > c.wait+2*time.Second {
				t.Errorf("told to wait %v, want %v", later.After, c.wait)
			}
			if c.wait == 0 {
				return
			}
			// Not a single call before the wait is over: the fake would complain.
			if _, err := g.Find(t.Context(), repo, "x"); !errors.As(err, &later) || s.Calls() != 1 {
				t.Errorf("a call went out during the wait: %v, %d calls", err, s.Calls())
			}
			_ = clk.sleep(t.Context(), later.After)
			if _, err := g.Create(t.Context(), repo, draft("a1")); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	g, s, _ := open(t)
	if _, err := g.Create(t.Context(), "payments-api", draft("a1")); !tracker.Undone(err) || !strings.Contains(err.Error(), "owner/repository") {
		t.Errorf("a project that is no repository: %v", err)
	}
	d := draft("a1")
	d.Body = strings.Repeat("x", 65537)
	if _, err := g.Create(t.Context(), repo, d); !tracker.Undone(err) || !strings.Contains(err.Error(), "too long") {
		t.Errorf("a body too long: %v", err)
	}
	if _, err := g.Edit(t.Context(), tracker.Ref{Project: repo, Number: "99"}, func(*tracker.Ticket) error { return nil }); errors.Is(err, tracker.ErrGone) || !tracker.Undone(err) {
		t.Errorf("an issue that the token may not see is not gone: %v", err)
	}
	stranger, err := github.New(github.Config{Token: "wrong-token", URL: s.URL, Now: newClock().now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stranger.Find(t.Context(), repo, "x"); err == nil || strings.Contains(err.Error(), "wrong-token") || !strings.Contains(err.Error(), "renew") {
		t.Errorf("a wrong token: %v", err)
	}
	unreached, err := github.New(github.Config{Token: "t", URL: "http://127.0.0.1:1/", Now: newClock().now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unreached.Create(t.Context(), repo, draft("a1")); !tracker.Undone(err) {
		t.Errorf("a service that is not reached has done nothing: %v", err)
	}
	if _, err := github.New(github.Config{Now: newClock().now}); err == nil {
		t.Error("no token passes")
	}
}

func TestLag(t *testing.T) {
	g, s, c := open(t)
	s.Lag = time.Minute
	if _, err := g.Create(t.Context(), repo, draft("a1")); err != nil {
		t.Fatal(err)
	}
	if found, err := g.Find(t.Context(), repo, ticket.Marker("a1")); err != nil || found != nil {
		t.Fatalf("the fake's lists do not lag: %v, %v", found, err)
	}
	_ = c.sleep(t.Context(), s.Lag)
	if found, err := g.Find(t.Context(), repo, ticket.Marker("a1")); err != nil || found == nil {
		t.Errorf("not found after the lag: %v", err)
	}
}
