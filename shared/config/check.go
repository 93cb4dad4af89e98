package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Check tries what can be tried without doing anything: folders can be read,
// repositories are there, places to write to can be written to, and the environment
// variables that hold secrets are set (lookup is os.LookupEnv). The problems come in
// the order of the file; none means that a run can start.
func (c *Config) Check(lookup func(string) (string, bool)) []Problem {
	var out []Problem
	add := func(line int, err error) {
		if err != nil {
			out = append(out, Problem{c.File, line, err.Error()})
		}
	}
	for name, s := range map[string]*Source{"mail": c.Sources.Mail, "webhooks": c.Sources.Webhooks, "inventory": c.Sources.Inventory} {
		if s != nil && s.Folder.Full != "" {
			add(c.lines["sources."+name+".folder"], readable("sources."+name, s.Folder))
		}
	}
	for _, r := range c.Sources.Repositories {
		add(r.line, readable("repository "+r.Name, r.Path))
	}
	for name, t := range c.Trackers {
		where := "tracker"
		if name != "" {
			where = "trackers." + name
		}
		if t.Kind == KindFolder {
			add(c.lines[where+".path"], writable(where, t.Path, t.Path.Full))
		}
		add(c.lines[where+".token_env"], set(where+".token_env", t.TokenEnv, lookup))
	}
	if c.Slack.Kind == KindFolder {
		add(c.lines["slack.path"], writable("slack", c.Slack.Path, c.Slack.Path.Full))
	}
	add(c.lines["slack.token_env"], set("slack.token_env", c.Slack.TokenEnv, lookup))
	add(c.lines["serve.webhook_secret_env"], set("serve.webhook_secret_env", c.Serve.WebhookSecretEnv, lookup))
	add(c.lines["store.path"], writable("store", c.Store.Path, filepath.Dir(c.Store.Path.Full)))
	if c.Bus.Path.Full != "" {
		add(c.lines["bus.path"], writable("bus", c.Bus.Path, filepath.Dir(c.Bus.Path.Full)))
	}
	sortProblems(out)
	return out
}

func readable(what string, p Path) error {
	info, err := os.Stat(p.Full)
	switch {
	case os.IsNotExist(err):
		return fmt.Errorf("%s: %s does not exist", what, p.Given)
	case err != nil:
		return fmt.Errorf("%s: looking at %s: %w", what, p.Given, err)
	case !info.IsDir():
		return fmt.Errorf("%s: %s is not a folder", what, p.Given)
	}
	d, err := os.Open(p.Full)
	if err != nil {
		return fmt.Errorf("%s: %s cannot be read: %w", what, p.Given, err)
	}
	defer func() { _ = d.Close() }() // only read
	// Reading one name is what shows that the folder may be listed; an empty one may too.
	if _, err := d.Readdirnames(1); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %s cannot be listed: %w", what, p.Given, err)
	}
	return nil
}

// writable tries to write to the folder, or to the nearest one above it that exists:
// a run creates what is missing. The file of the trial is removed at once.
func writable(what string, p Path, folder string) error {
	for {
		info, err := os.Stat(folder)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("%s: %s cannot be written: %s is not a folder", what, p.Given, folder)
		}
		if err == nil {
			break
		}
		if !os.IsNotExist(err) || filepath.Dir(folder) == folder {
			return fmt.Errorf("%s: %s cannot be written: %w", what, p.Given, err)
		}
		folder = filepath.Dir(folder)
	}
	f, err := os.CreateTemp(folder, ".cutover-check-*")
	if err != nil {
		// The path in the error is that of the trial; only what went wrong is of interest.
		if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
			err = pe.Err
		}
		return fmt.Errorf("%s: %s cannot be written: %w", what, p.Given, err)
	}
	name := f.Name()
	if err := f.Close(); err != nil {
		return fmt.Errorf("%s: %s cannot be written: %w", what, p.Given, err)
	}
	return os.Remove(name)
}

func set(what, name string, lookup func(string) (string, bool)) error {
	if name == "" {
		return nil
	}
	if v, ok := lookup(name); !ok || v == "" {
		return fmt.Errorf("%s: the environment variable %s is not set", what, name)
	}
	return nil
}
