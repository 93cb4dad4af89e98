package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/go-github/v92/github"

	"cutover/shared/tracker"
)

// maxBody is the longest body of an issue or a comment, in characters; the API
// answers 422 beyond it.
const maxBody = 65536

// Edit reads an issue by its number, lets fn change it, and sends what changed.
// Labels are added and taken away one by one, so that one that a person sets
// meanwhile is not lost.
func (g *GitHub) Edit(ctx context.Context, at tracker.Ref, fn func(*tracker.Ticket) error) (bool, error) {
	id, err := locate(at)
	if err != nil {
		return false, err
	}
	is, err := g.get(ctx, id)
	if err != nil {
		return false, err
	}
	was := ticketOf(at.Project, is)
	t := was
	t.Labels = slices.Clone(was.Labels)
	if err := fn(&t); err != nil {
		return false, err
	}
	patched, err := g.patch(ctx, id, was, t)
	if err != nil {
		return false, err
	}
	labelled, err := g.labels(ctx, id, was.Labels, t.Labels)
	return patched || labelled, err
}

func (g *GitHub) get(ctx context.Context, id issue) (*github.Issue, error) {
	var is *github.Issue
	err := g.call(ctx, "reading "+id.String(), reading, func() (resp *github.Response, err error) {
		is, resp, err = g.api.Issues.Get(ctx, id.owner, id.repo, id.number)
		return resp, err
	})
	if err != nil {
		return nil, err
	}
	// A transferred issue answers from its new place. To write there is not what
	// the team's configuration says, so a person must.
	if is.GetNumber() != id.number || !strings.HasSuffix(strings.ToLower(is.GetRepositoryURL()), strings.ToLower("/repos/"+id.owner+"/"+id.repo)) {
		return nil, tracker.Refused{Err: fmt.Errorf("%s was moved to %s: move it back, or point the team's tracker there", id, is.GetHTMLURL())}
	}
	return is, nil
}

func (g *GitHub) patch(ctx context.Context, id issue, was, t tracker.Ticket) (bool, error) {
	var req github.UpdateIssueRequest
	changed := false
	if t.Title != was.Title {
		req.Title, changed = &t.Title, true
	}
	if t.Body != was.Body {
		req.Body, changed = &t.Body, true
	}
	if t.Closed != was.Closed || t.Closed && t.Unplanned != was.Unplanned {
		state, reason := "open", "reopened"
		if t.Closed {
			state, reason = "closed", "completed"
		}
		if t.Closed && t.Unplanned {
			reason = "not_planned"
		}
		req.State, req.StateReason, changed = &state, &reason, true
	}
	if !changed {
		return false, nil
	}
	err := g.call(ctx, "writing "+id.String(), writing, func() (*github.Response, error) {
		_, resp, err := g.api.Issues.Update(ctx, id.owner, id.repo, id.number, req)
		return resp, err
	})
	return err == nil, err
}

func (g *GitHub) labels(ctx context.Context, id issue, was, want []string) (bool, error) {
	var add []string
	for _, l := range want {
		if !slices.Contains(was, l) {
			add = append(add, l)
		}
	}
	changed := false
	if len(add) > 0 {
		err := g.call(ctx, "labelling "+id.String(), writing, func() (*github.Response, error) {
			_, resp, err := g.api.Issues.AddLabelsToIssue(ctx, id.owner, id.repo, id.number, add)
			return resp, err
		})
		if err != nil {
			return changed, err
		}
		changed = true
	}
	for _, l := range was {
		if slices.Contains(want, l) {
			continue
		}
		err := g.call(ctx, "taking a label off "+id.String(), writing, func() (*github.Response, error) {
			return g.api.Issues.RemoveLabelForIssue(ctx, id.owner, id.repo, id.number, url.PathEscape(l)) // the library does not escape it
		})
		var missing *github.ErrorResponse
		if errors.As(err, &missing) && missing.Response.StatusCode == http.StatusNotFound {
			continue // somebody was faster
		}
		if err != nil {
			return changed, err
		}
		changed = true
	}
	return changed, nil
}

// Commented lists the issue's comments and looks for the marker.
func (g *GitHub) Commented(ctx context.Context, at tracker.Ref, marker string) (bool, error) {
	id, err := locate(at)
	if err != nil {
		return false, err
	}
	opts := &github.IssueListCommentsOptions{ListOptions: github.ListOptions{PerPage: 100, Page: 1}}
	for {
		var comments []*github.IssueComment
		var resp *github.Response
		err := g.call(ctx, "listing comments of "+id.String(), reading, func() (*github.Response, error) {
			comments, resp, err = g.api.Issues.ListComments(ctx, id.owner, id.repo, id.number, opts)
			return resp, err
		})
		if err != nil {
			return false, err
		}
		for _, c := range comments {
			if strings.Contains(c.GetBody(), hidden(marker)) {
				return true, nil
			}
		}
		if resp.NextPage == 0 {
			return false, nil
		}
		opts.Page = resp.NextPage
	}
}

// Comment adds a comment with its marker hidden in it.
func (g *GitHub) Comment(ctx context.Context, at tracker.Ref, marker, text string) error {
	id, err := locate(at)
	if err != nil {
		return err
	}
	body := hidden(marker) + "\n" + text
	if rs := []rune(body); len(rs) > maxBody {
		body = string(rs[:maxBody-1]) + "…"
	}
	return g.call(ctx, "commenting on "+id.String(), writing, func() (*github.Response, error) {
		_, resp, err := g.api.Issues.CreateComment(ctx, id.owner, id.repo, id.number, github.IssueCommentRequest{Body: body})
		return resp, err
	})
}

func hidden(marker string) string { return "<!-- " + marker + " -->" }
