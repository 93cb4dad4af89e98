package githubtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Fault is what goes wrong with one request.
type Fault int

// The faults. Those before Dropped leave nothing done.
const (
	None        Fault = iota
	TooMany           // 429 with Retry-After: 30, as secondary limits answer
	Exhausted         // 403, X-RateLimit-Remaining: 0, reset in 5 minutes
	ServerError       // 502
	Hang              // no answer until the client gives up
	Dropped           // the work is done, the connection breaks before the reply
)

// Waits that the faults ask for.
const (
	RetryAfter = 30 * time.Second
	Reset      = 5 * time.Minute
)

// Issue is an issue as it stands.
type Issue struct {
	Number      int
	Repo        string
	Title       string
	Body        string
	State       string // open, closed
	StateReason string
	Labels      []string
	Assignees   []string
	Comments    []string
	PullRequest bool
	Deleted     bool
	Created     time.Time
}

// Server is the stand-in.
type Server struct {
	URL   string
	Token string
	Now   func() time.Time

	// Fail decides what goes wrong with the n-th request (from 1); nil: nothing.
	Fail func(n int, r *http.Request) Fault
	// Lag is how long a new issue or comment is missing from lists.
	Lag time.Duration
	// Users may be assigned; an unknown one is refused with 422.
	Users []string
	// Page caps the page size, to make paging happen; 0: as asked for.
	Page int

	t        testing.TB
	mu       sync.Mutex
	issues   []*Issue
	commentT map[string]time.Time // when a comment came: repo#number/index
	calls    int
	quiet    time.Time   // until which no call may come
	writes   []time.Time // content creations
}

// New starts a stand-in that ends with the test.
func New(t testing.TB, now func() time.Time) *Server {
	t.Helper()
	s := &Server{Token: "ghp_secret-of-the-test", Now: now, t: t, commentT: map[string]time.Time{}}
	srv := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(srv.Close)
	s.URL = srv.URL + "/"
	return s
}

// Issues is a copy of all issues that are not deleted.
func (s *Server) Issues() []Issue {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Issue
	for _, i := range s.issues {
		if !i.Deleted {
			c := *i
			c.Labels, c.Comments, c.Assignees = slices.Clone(i.Labels), slices.Clone(i.Comments), slices.Clone(i.Assignees)
			out = append(out, c)
		}
	}
	return out
}

// Calls counts the requests so far.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// Change lets a person edit an issue, or put one there (a pull request, say).
func (s *Server) Change(repo string, number int, fn func(*Issue)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.find(repo, number); i != nil {
		fn(i)
		return
	}
	i := &Issue{Number: number, Repo: repo, State: "open", Created: s.Now()}
	fn(i)
	s.issues = append(s.issues, i)
}

func (s *Server) find(repo string, number int) *Issue {
	for _, i := range s.issues {
		if i.Repo == repo && i.Number == number {
			return i
		}
	}
	return nil
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	now := s.Now()
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	if now.Before(s.quiet) {
		s.t.Errorf("githubtest: %s %s came %v before the end of the wait that was asked for", r.Method, r.URL.Path, s.quiet.Sub(now))
	}
	fault := None
	if s.Fail != nil {
		fault = s.Fail(s.calls, r)
	}
	switch fault {
	case TooMany:
		s.limited(w, RetryAfter)
		return
	case Exhausted:
		s.quiet = now.Add(Reset)
		w.Header().Set("X-RateLimit-Limit", "5000")
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(now.Add(Reset).Unix(), 10))
		s.answer(w, http.StatusForbidden, map[string]any{"message": "API rate limit exceeded for user ID 1."})
		return
	case ServerError:
		s.answer(w, http.StatusBadGateway, map[string]any{"message": "Server Error"})
		return
	case Hang:
		s.mu.Unlock()
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server see the client leave
		<-r.Context().Done()
		s.mu.Lock()
		return
	case Dropped:
		s.route(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("X-RateLimit-Limit", "5000")
	w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(4000))
	w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(now.Add(time.Hour).Unix(), 10))
	s.route(w, r)
}

func (s *Server) limited(w http.ResponseWriter, wait time.Duration) {
	s.quiet = s.Now().Add(wait)
	w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)))
	s.answer(w, http.StatusTooManyRequests, map[string]any{
		"message":           "You have exceeded a secondary rate limit.",
		"documentation_url": "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits",
	})
}

// tooFast counts a write and answers as the service does beyond 80 in a minute or
// 500 in an hour.
func (s *Server) tooFast(w http.ResponseWriter) bool {
	now := s.Now()
	minute, hour := 0, 0
	for _, at := range s.writes {
		if now.Sub(at) < time.Minute {
			minute++
		}
		if now.Sub(at) < time.Hour {
			hour++
		}
	}
	if minute >= 80 || hour >= 500 {
		s.t.Errorf("githubtest: write %d of a minute, %d of an hour", minute+1, hour+1)
		s.limited(w, time.Minute)
		return true
	}
	s.writes = append(s.writes, now)
	return false
}

func (s *Server) answer(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.t.Errorf("githubtest: writing an answer: %v", err)
	}
}

// complain says what the service might swallow; then the request is refused too.
func (s *Server) complain(w http.ResponseWriter, code int, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	s.t.Errorf("githubtest: %s", msg)
	s.answer(w, code, map[string]any{"message": msg})
}

func (s *Server) invalid(w http.ResponseWriter, field, code string) {
	s.answer(w, http.StatusUnprocessableEntity, map[string]any{
		"message": "Validation Failed", "errors": []map[string]string{{"resource": "Issue", "field": field, "code": code}},
	})
}

func (s *Server) headers(w http.ResponseWriter, r *http.Request) bool {
	if got := r.Header.Get("Authorization"); got != "Bearer "+s.Token {
		s.answer(w, http.StatusUnauthorized, map[string]any{"message": "Bad credentials"})
		return false
	}
	switch {
	case r.Header.Get("User-Agent") == "":
		s.complain(w, http.StatusForbidden, "no User-Agent")
	case !strings.HasPrefix(r.Header.Get("Accept"), "application/vnd.github.") && r.Header.Get("Accept") != "application/json":
		s.complain(w, http.StatusUnsupportedMediaType, "Accept is %q", r.Header.Get("Accept"))
	case r.Header.Get("X-GitHub-Api-Version") == "":
		s.complain(w, http.StatusBadRequest, "no X-GitHub-Api-Version")
	default:
		return true
	}
	return false
}
