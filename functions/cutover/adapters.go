package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"cutover/functions/alert"
	"cutover/functions/ticket"
	"cutover/shared/config"
	"cutover/shared/slack/api"
	slackfolder "cutover/shared/slack/folder"
	"cutover/shared/tracker"
	"cutover/shared/tracker/folder"
	"cutover/shared/tracker/github"
)

// trackers opens the configured trackers, by name. In a dry run what is read is
// read, and what would be written is counted only.
func (a *app) trackers(dry bool) (map[string]ticket.Tracker, error) {
	out := map[string]ticket.Tracker{}
	for name, c := range a.cfg.Trackers {
		t, err := a.tracker(c, dry)
		if err != nil {
			return nil, fmt.Errorf("opening tracker %q: %w", name, err)
		}
		if dry {
			t = &ticket.DryTracker{Tracker: t}
		}
		out[name] = t
	}
	return out, nil
}

func (a *app) tracker(c config.Tracker, dry bool) (ticket.Tracker, error) {
	switch c.Kind {
	case config.KindFolder:
		return folder.New(c.Path.Full, a.now), nil
	case config.KindGitHub:
		token := os.Getenv(c.TokenEnv)
		if token == "" && dry {
			return unread{}, nil
		}
		if token == "" {
			return nil, fmt.Errorf("the environment variable %s is empty; it must hold a token that may write issues", c.TokenEnv)
		}
		return github.New(github.Config{Token: token, URL: c.URL, Now: a.wall})
	}
	return nil, fmt.Errorf("kind %q is not one that this build knows", c.Kind)
}

// unread is a tracker that cannot be read: GitHub in a dry run without a token. It
// takes every edit as one that changes something.
type unread struct{}

// Find finds nothing.
func (unread) Find(context.Context, string, string) (*tracker.Ticket, error) { return nil, nil }

// Create is never reached: a dry run creates nothing.
func (unread) Create(context.Context, string, tracker.Ticket) (tracker.Ref, error) {
	return tracker.Ref{}, errDry
}

// Edit works the change out on an empty ticket.
func (unread) Edit(_ context.Context, at tracker.Ref, fn func(*tracker.Ticket) error) (bool, error) {
	return true, fn(&tracker.Ticket{Ref: at})
}

// Commented knows of no comment.
func (unread) Commented(context.Context, tracker.Ref, string) (bool, error) { return false, nil }

// Comment is never reached either.
func (unread) Comment(context.Context, tracker.Ref, string, string) error { return errDry }

var errDry = errors.New("a dry run writes nothing")

// slack opens the configured Slack.
func (a *app) slack(dry bool) (alert.Slack, error) {
	if dry {
		return &alert.DrySlack{}, nil
	}
	c := a.cfg.Slack
	switch c.Kind {
	case config.KindFolder:
		return slackfolder.New(c.Path.Full, a.now), nil
	case config.KindAPI:
		token := os.Getenv(c.TokenEnv)
		if token == "" {
			return nil, fmt.Errorf("opening Slack: the environment variable %s is empty; it must hold a bot token that may post", c.TokenEnv)
		}
		return api.New(api.Config{Token: token, URL: c.URL, Now: a.wall})
	}
	return nil, fmt.Errorf("opening Slack: kind %q is not one that this build knows", c.Kind)
}
