package main

import (
	"context"
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
			return nothing{}, nil
		}
		if token == "" {
			return nil, fmt.Errorf("the environment variable %s is empty; it must hold a token that may write issues", c.TokenEnv)
		}
		return github.New(github.Config{Token: token, URL: c.URL, Now: a.wall})
	}
	return nil, fmt.Errorf("kind %q is not one that this build knows", c.Kind)
}

// nothing is a tracker that cannot be read either: a dry run without a token.
type nothing struct{ ticket.Tracker }

// Find finds nothing.
func (nothing) Find(context.Context, string, string) (*tracker.Ticket, error) { return nil, nil }

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
