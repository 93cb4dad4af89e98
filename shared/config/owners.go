package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // so that a time zone is known on machines that carry no database of them

	"cutover/shared/cutover"

	"go.yaml.in/yaml/v3"
)

func (c *Config) readTrackers(top *section) {
	c.Trackers = map[string]Tracker{"": c.readTracker(top.sub("tracker"))}
	named := top.sub("trackers")
	for _, name := range sorted(slices.Collect(maps.Keys(named.keys))) {
		n := named.keys[name]
		if name == "" || strings.ContainsAny(name, ":/ ") {
			top.r.fail(named.at(name), "the tracker name %q must be a word without blanks, slashes or colons", clip(name))
			continue
		}
		c.Trackers[name] = c.readTracker(top.r.section("trackers."+clip(name), n))
	}
}

func (c *Config) readTracker(s *section) Tracker {
	t := Tracker{Kind: s.kind(KindFolder, []string{KindFolder, KindGitHub}, "jira")}
	// The other kind's keys may stay in the file; they are read, and not used.
	folder, token, url := c.path(s, "path", DefaultTickets), s.env("token_env", DefaultGitHubEnv), s.address("url")
	if t.Kind == KindGitHub {
		t.TokenEnv, t.URL = token, url
	} else {
		t.Path = folder
	}
	c.lines[s.name("token_env")] = s.at("token_env")
	s.done()
	return t
}

func splitTracker(trackers map[string]Tracker, value string) (name, project string) {
	if before, after, ok := strings.Cut(value, ":"); ok {
		if _, known := trackers[before]; known && before != "" {
			return before, after
		}
	}
	return "", value
}

func (c *Config) readOwners(top *section) {
	before := len(top.r.errors)
	s := top.sub("owners")
	teams := s.list("teams")
	names := claims{}
	for i, n := range teams {
		if t, ok := c.readTeam(s.r, i, n, names); ok {
			c.Owners.Teams = append(c.Owners.Teams, t)
		}
	}
	c.Owners.Tags = s.texts("tags")
	c.Owners.Subscriptions = c.readMap(s, "subscriptions", names)
	c.Owners.Repositories = c.readMap(s, "repositories", names)
	c.Owners.Codeowners = c.readMap(s, "codeowners", names)

	fallback := s.text("fallback")
	c.Owners.Fallback = names[cutover.Fold(fallback)].id
	switch {
	case len(teams) == 0 && len(s.r.errors) == before:
		s.r.fail(s.line, "owners.teams names no team; every action needs an owner, so name at least one team and a fallback")
	case fallback == "":
		s.r.fail(s.line, "owners.fallback is missing; name the team that gets what has no other owner")
	case c.Owners.Fallback == "" && len(names) > 0:
		s.r.fail(s.at("fallback"), "owners.fallback is %q, which names no team%s", clip(fallback), teamHint(fallback, names))
	}
	s.done()
}

// claims says which team a word means: folded ids and names of teams.
type claims map[string]claim

type claim struct {
	id         string
	team, line int // place in the list, and in the file
}

// take claims a team's id and name. It returns the word that another team has
// claimed before, and that claim.
func (cs claims) take(t cutover.Team, team, line int) (string, claim) {
	for _, word := range []string{t.ID, t.Name} {
		f := cutover.Fold(word)
		if of, taken := cs[f]; taken && of.team != team {
			return word, of
		}
		if f != "" {
			cs[f] = claim{t.ID, team, line}
		}
	}
	return "", claim{}
}

// readMap reads a map to teams. An entry that names no team stays: the owner chain
// passes over it and says so.
func (c *Config) readMap(s *section, key string, names claims) map[string]string {
	out := map[string]string{}
	for _, e := range s.entries(key) {
		out[e.key] = e.value
		if names[cutover.Fold(e.value)].id == "" && e.value != "" {
			s.r.warn(e.line, "owners.%s: %q leads to %q, which names no team and is passed over%s", key, clip(e.key), clip(e.value), teamHint(e.value, names))
		}
	}
	return out
}

func teamHint(word string, names claims) string {
	return didYouMean(word, sorted(slices.Collect(maps.Keys(names))))
}

// teamID is what a team may be called by: it stands in action keys (notice/owner), in
// labels and file names.
var teamID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

var projectGitHub = regexp.MustCompile(`^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$`)

func (c *Config) readTeam(r *reader, i int, n *yaml.Node, names claims) (cutover.Team, bool) {
	path, before := fmt.Sprintf("owners.teams[%d]", i), len(r.errors)
	s := r.section(path, n)
	t := cutover.Team{
		ID: s.text("id"), Name: s.text("name"), Slack: s.text("slack"), Tracker: s.text("tracker"),
		Escalation: s.text("escalation"), Members: s.texts("members"), Timezone: s.text("timezone"),
		Policy: s.oneOf("policy", "", SeveritySecurity, SeverityAction, SeverityInformational),
	}
	s.done()
	if s.line == 0 || n.Kind != yaml.MappingNode {
		if isNull(n) {
			r.fail(lineOf(n), "%s is empty", path)
		}
		return t, false
	}
	c.checkTeam(s, t)
	if len(r.errors) > before {
		names.take(t, i, s.line)
		return t, false
	}
	if !teamID.MatchString(t.ID) {
		r.fail(s.at("id"), "%s.id must be a short word of letters, digits, dots, dashes or underscores", path)
		return t, false
	}
	if t.Name == "" {
		t.Name = t.ID
	}
	if word, of := names.take(t, i, s.line); word != "" {
		r.fail(s.line, "%q names two teams (the other is %s in line %d); ids and names must differ, without regard to case", clip(word), of.id, of.line)
		return t, false
	}
	return t, true
}

func (c *Config) checkTeam(s *section, t cutover.Team) {
	if t.Timezone != "" {
		if _, err := time.LoadLocation(t.Timezone); err != nil || t.Timezone == "Local" {
			s.r.fail(s.at("timezone"), "%s is %q; it must be an IANA name such as Europe/Berlin", s.name("timezone"), clip(t.Timezone))
		}
	}
	name, project := splitTracker(c.Trackers, t.Tracker)
	if before, _, ok := strings.Cut(t.Tracker, ":"); ok && name == "" {
		s.r.fail(s.at("tracker"), "%s names the tracker %q, which does not stand under trackers", s.name("tracker"), clip(before))
		return
	}
	if c.Trackers[name].Kind == KindGitHub && !projectGitHub.MatchString(project) {
		s.r.fail(s.at("tracker"), "%s must be OWNER/REPOSITORY, as the tracker is GitHub", s.name("tracker"))
	}
}
