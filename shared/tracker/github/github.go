// Package github keeps tickets as GitHub issues (REST, by google/go-github).
//
// GitHub has no key that makes a create happen once, and what lists and searches
// show lags behind. So Find lists the issues under our label, all states, oldest
// first, and looks for the marker in the bodies itself; Lags tells the room to let
// an intent in doubt settle. An issue read by its number is current.
//
// Writes are spaced so that any minute sees at most 80 of them and any hour at
// most 500 (docs.github.com, rest/using-the-rest-api/rate-limits: content
// creation). When GitHub says how long to wait, nothing is asked until then.
package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-github/v92/github"

	"cutover/shared/tracker"
)

// Config is what a GitHub needs. Now is the wall clock also where the rest runs at
// a pinned time: it measures waiting only.
type Config struct {
	Token string
	URL   string // of the API; empty means https://api.github.com/
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error // nil: really
	HTTP  *http.Client                                     // nil: one that gives up after 30 s
}

// GitHub keeps tickets as issues; a project is owner/repository.
type GitHub struct {
	api  *github.Client
	pace *pace
}

// New makes a GitHub.
func New(c Config) (*GitHub, error) {
	if c.Token == "" {
		return nil, errors.New("opening GitHub: no token; give one with the right to write issues in the environment")
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 30 * time.Second}
	}
	opts := []github.ClientOptionsFunc{
		github.WithHTTPClient(c.HTTP), github.WithAuthToken(c.Token), github.WithUserAgent("cutover"),
		github.WithDisableRateLimitCheck(), // pace does it, by our clock
	}
	if c.URL != "" {
		base := strings.TrimSuffix(c.URL, "/") + "/"
		opts = append(opts, github.WithURLs(&base, &base))
	}
	api, err := github.NewClient(opts...)
	if err != nil {
		return nil, fmt.Errorf("opening GitHub at %s: %w", c.URL, err)
	}
	return &GitHub{api: api, pace: newPace(c.Now, c.Sleep)}, nil
}

// Lags is true: a new issue may be missing from lists for a while.
func (g *GitHub) Lags() bool { return true }

var repoName = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})$`)

func split(project string) (owner, repo string, err error) {
	m := repoName.FindStringSubmatch(project)
	if m == nil {
		return "", "", tracker.Refused{Err: fmt.Errorf("%q is no GitHub repository: write the team's tracker as owner/repository", project)}
	}
	return m[1], m[2], nil
}

// Find lists the issues under our label and gives the oldest whose body holds the marker.
func (g *GitHub) Find(ctx context.Context, project, marker string) (*tracker.Ticket, error) {
	owner, repo, err := split(project)
	if err != nil {
		return nil, err
	}
	opts := &github.IssueListByRepoOptions{
		State: "all", Labels: []string{tracker.Label}, Sort: "created", Direction: "asc", ListOptions: github.ListOptions{PerPage: 100, Page: 1},
	}
	for {
		var issues []*github.Issue
		var resp *github.Response
		err := g.call(ctx, "listing issues of "+project, reading, func() (*github.Response, error) {
			issues, resp, err = g.api.Issues.ListByRepo(ctx, owner, repo, opts)
			return resp, err
		})
		if err != nil {
			return nil, err
		}
		for _, is := range issues {
			if !is.IsPullRequest() && strings.Contains(is.GetBody(), marker) {
				t := ticketOf(project, is)
				return &t, nil
			}
		}
		if resp.NextPage == 0 {
			return nil, nil
		}
		opts.ListOptions.Page = resp.NextPage
	}
}

func ticketOf(project string, is *github.Issue) tracker.Ticket {
	t := tracker.Ticket{
		Ref:    tracker.Ref{Project: project, Number: strconv.Itoa(is.GetNumber()), Link: is.GetHTMLURL()},
		Title:  is.GetTitle(),
		Body:   is.GetBody(),
		Closed: is.GetState() == "closed", Unplanned: is.GetState() == "closed" && is.GetStateReason() == "not_planned",
	}
	for _, l := range is.Labels {
		t.Labels = append(t.Labels, l.GetName())
	}
	for _, a := range is.Assignees {
		t.Assignees = append(t.Assignees, a.GetLogin())
	}
	return t
}

var login = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9]|-[A-Za-z0-9]){0,38}$`)

// maxAssignees is what GitHub takes.
const maxAssignees = 10

// Create files an issue. Members who are no users of GitHub, or may not be
// assigned, are left out.
func (g *GitHub) Create(ctx context.Context, project string, t tracker.Ticket) (tracker.Ref, error) {
	owner, repo, err := split(project)
	if err != nil {
		return tracker.Ref{}, err
	}
	req := github.CreateIssueRequest{Title: t.Title, Body: &t.Body, Labels: t.Labels}
	for _, m := range t.Assignees {
		if m = strings.TrimPrefix(m, "@"); login.MatchString(m) && len(req.Assignees) < maxAssignees {
			req.Assignees = append(req.Assignees, m)
		}
	}
	for {
		var is *github.Issue
		err := g.call(ctx, "filing an issue in "+project, writing, func() (resp *github.Response, err error) {
			is, resp, err = g.api.Issues.Create(ctx, owner, repo, req)
			return resp, err
		})
		if len(req.Assignees) > 0 && aboutField(err, "assignees") {
			req.Assignees = nil
			continue
		}
		if err != nil {
			return tracker.Ref{}, err
		}
		return ticketOf(project, is).Ref, nil
	}
}

// aboutField reports whether GitHub refused a request for one of its fields.
func aboutField(err error, field string) bool {
	var refused *github.ErrorResponse
	if !errors.As(err, &refused) || refused.Response.StatusCode != http.StatusUnprocessableEntity {
		return false
	}
	return slices.ContainsFunc(refused.Errors, func(e github.Error) bool { return e.Field == field })
}

// issue is one ticket's place in the API.
type issue struct {
	project, owner, repo string
	number               int
}

func locate(at tracker.Ref) (issue, error) {
	owner, repo, err := split(at.Project)
	if err != nil {
		return issue{}, err
	}
	n, err := strconv.Atoi(at.Number)
	if err != nil || n < 1 {
		return issue{}, fmt.Errorf("issue number %q of %s is none: %w", at.Number, at.Project, tracker.ErrGone)
	}
	return issue{at.Project, owner, repo, n}, nil
}

func (i issue) String() string { return fmt.Sprintf("issue %s#%d", i.project, i.number) }
