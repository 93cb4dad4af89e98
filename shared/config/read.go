package config

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

func (c *Config) read(r *reader, root *yaml.Node) {
	top := r.section("", root)
	c.readSources(top.sub("sources"))
	c.readTrust(top.sub("trust"))
	c.readTrackers(top)
	c.readOwners(top)
	c.readSlack(top.sub("slack"))
	c.readStore(top.sub("store"))
	c.readBus(top.sub("bus"))
	c.readServe(top.sub("serve"))
	c.Chasing = readLadder(r, "reminders", top.node("reminders"), Reminders{defaultDays(), DefaultEscalateAt})
	c.readPolicy(top.sub("policy"))

	m := top.sub("match")
	c.Match.NamedSubscriptionsOnly = m.flag("named_subscriptions_only", false)
	m.done()
	l := top.sub("limits")
	c.Limits.NewTickets = l.number("new_tickets", DefaultNewTickets, 0, 1_000_000)
	l.done()
	k := top.sub("retention")
	c.Keep = Retention{Deliveries: k.duration("deliveries", 0), Actions: k.duration("actions", 0)}
	k.done()
	top.done()
}

func (c *Config) readSources(s *section) {
	c.Sources.Mail = c.readSource(s, "mail", 0, []string{KindFolder, KindSMTP}, "ses")
	c.Sources.Webhooks = c.readSource(s, "webhooks", 0, []string{KindFolder})
	c.Sources.Inventory = c.readSource(s, "inventory", DefaultMaxAge, []string{KindFolder})
	seen := map[string]int{}
	for i, n := range s.list("repositories") {
		rs := s.r.section(fmt.Sprintf("sources.repositories[%d]", i), n)
		repo := Repository{
			Name:   rs.text("name"),
			Path:   c.path(rs, "path", ""),
			URL:    rs.address("url"),
			Branch: rs.text("branch"),
			MaxAge: rs.duration("max_age", DefaultMaxAge),
			line:   rs.at("path"),
		}
		rs.done()
		switch first, twice := seen[strings.ToLower(repo.Name)]; {
		case n.Kind != yaml.MappingNode: // said already
			continue
		case repo.Name == "" || repo.Path.Full == "":
			s.r.fail(lineOf(n), "a repository needs a name and a path")
		case twice:
			s.r.fail(lineOf(n), "repository %q stands twice (first in line %d)", clip(repo.Name), first)
		}
		seen[strings.ToLower(repo.Name)] = lineOf(n)
		c.Sources.Repositories = append(c.Sources.Repositories, repo)
	}
	slices.SortStableFunc(c.Sources.Repositories, func(a, b Repository) int { return strings.Compare(a.Name, b.Name) })
	s.done()
}

// readSource reads one source; later names kinds of the contract that this version
// does not have. Months without a notice are normal: mail and webhooks are silent
// only when the file says from when on.
func (c *Config) readSource(parent *section, key string, maxAge time.Duration, kinds []string, later ...string) *Source {
	if parent.node(key) == nil {
		return nil
	}
	before := len(parent.r.errors)
	s := parent.sub(key)
	src := &Source{Kind: s.kind(KindFolder, kinds, later...), Folder: c.path(s, "folder", ""), MaxAge: s.duration("max_age", maxAge)}
	if src.Kind == KindFolder && src.Folder.Full == "" && len(s.r.errors) == before {
		s.r.fail(parent.at(key), "%s needs a folder", s.path)
	}
	s.done()
	return src
}

// kind reads the key kind. A kind that the contract names and this version lacks is
// told apart from a misspelt one.
func (s *section) kind(otherwise string, kinds []string, later ...string) string {
	if n := s.node("kind"); n != nil && slices.Contains(later, n.Value) {
		s.r.fail(n.Line, "%s is %q, which this version does not have yet; it has %s", s.name("kind"), n.Value, strings.Join(kinds, ", "))
		return otherwise
	}
	return s.oneOf("kind", otherwise, kinds...)
}

func (c *Config) readTrust(s *section) {
	for i, n := range s.list("mail") {
		name := fmt.Sprintf("trust.mail[%d]", i)
		v := strings.ToLower(s.r.text(name, n))
		at := strings.IndexByte(v, '@')
		if v != "" && (at < 1 || at == len(v)-1 || strings.ContainsAny(v, " <>,")) {
			s.r.fail(lineOf(n), "%s must be a bare mail address such as azure-noreply@microsoft.com", name)
			continue
		}
		if v != "" {
			c.Trust.Mail = append(c.Trust.Mail, v)
		}
	}
	c.Trust.Unauthenticated = s.oneOf("unauthenticated", Approve, Approve, Accept, Reject)
	if c.Sources.Mail != nil && s.node("mail") == nil {
		s.r.warn(s.line, "trust.mail names no sender: every mail will wait for a person")
	}
	s.done()
}

func (c *Config) readSlack(s *section) {
	c.Slack = Slack{Kind: s.kind(KindFolder, []string{KindFolder, KindAPI})}
	// The other kind's keys may stay in the file; they are read, and not used.
	folder := c.path(s, "path", DefaultMessages)
	token, signing, url := s.env("token_env", DefaultSlackEnv), s.env("signing_secret_env", DefaultSigningEnv), s.address("url")
	if c.Slack.Kind == KindAPI {
		c.Slack.TokenEnv, c.Slack.SigningEnv, c.Slack.URL = token, signing, url
	} else {
		c.Slack.Path = folder
	}
	c.lines["slack.token_env"] = s.at("token_env")
	s.done()
}

func (c *Config) readStore(s *section) {
	c.Store = Store{Kind: s.kind(KindSQLite, []string{KindSQLite}, "postgres"), Path: c.path(s, "path", DefaultStore)}
	s.done()
}

func (c *Config) readBus(s *section) {
	c.Bus = Bus{Kind: s.kind(KindEmbedded, []string{KindEmbedded}, "servicebus"), Path: c.path(s, "path", "")}
	s.done()
}

func (c *Config) readServe(s *section) {
	c.Serve = Serve{SMTP: s.listen("smtp"), HTTP: s.listen("http"), WebhookSecretEnv: s.env("webhook_secret_env", "")}
	c.lines["serve.webhook_secret_env"] = s.at("webhook_secret_env")
	if c.Serve.HTTP != "" && c.Serve.WebhookSecretEnv == "" {
		s.r.warn(s.line, "serve.webhook_secret_env is not set: nothing proves who calls the webhook, so what comes there waits for a person")
	}
	if c.Serve.SMTP == "" && c.Sources.Mail != nil && c.Sources.Mail.Kind == KindSMTP {
		s.r.warn(s.line, "sources.mail is of kind smtp, but serve.smtp gives no address to listen on")
	}
	s.done()
}

// listen reads an address to listen on, host:port or :port.
func (s *section) listen(key string) string {
	v := s.text(key)
	if v == "" {
		return ""
	}
	_, port, err := net.SplitHostPort(v)
	if n, perr := strconv.Atoi(port); err != nil || perr != nil || n < 0 || n > 65535 {
		s.r.fail(s.at(key), "%s must be an address to listen on, such as 127.0.0.1:8080", s.name(key))
		return ""
	}
	return v
}

func (c *Config) readPolicy(s *section) {
	c.Policy = map[string]Reminders{}
	for _, severity := range []string{SeveritySecurity, SeverityAction, SeverityInformational} {
		if n := s.node(severity); n != nil {
			c.Policy[severity] = readLadder(s.r, s.name(severity), n, c.Chasing)
		}
	}
	s.done()
}

// readLadder reads {days: […], escalate_at: n}, or the list of days alone.
func readLadder(r *reader, name string, n *yaml.Node, otherwise Reminders) Reminders {
	out := Reminders{Days: slices.Clone(otherwise.Days), EscalateAt: otherwise.EscalateAt}
	if isNull(n) {
		return out
	}
	if n.Kind == yaml.SequenceNode {
		out.Days = ladderDays(r, name, n.Content)
		return out
	}
	s := r.section(name, n)
	if s.node("days") != nil {
		out.Days = ladderDays(r, s.name("days"), s.list("days"))
	}
	out.EscalateAt = s.number("escalate_at", out.EscalateAt, 0, 3650)
	s.done()
	return out
}

func ladderDays(r *reader, name string, nodes []*yaml.Node) []int {
	var out []int
	for i, n := range nodes {
		d := r.number(fmt.Sprintf("%s[%d]", name, i), n, -1, 0, 3650)
		if d >= 0 && slices.Contains(out, d) {
			r.fail(lineOf(n), "%s names day %d twice", name, d)
		} else if d >= 0 {
			out = append(out, d)
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}
