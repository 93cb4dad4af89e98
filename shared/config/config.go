package config

import (
	"time"

	"cutover/shared/cutover"
)

// Config is what the file says, with defaults filled in.
type Config struct {
	File     string // as it was given
	Base     string // the folder that relative paths start from
	Sources  Sources
	Trust    Trust
	Owners   cutover.Ownership
	Trackers map[string]Tracker // by name; "" is the plain tracker
	Slack    Slack
	Store    Store
	Bus      Bus
	Serve    Serve
	Chasing  Reminders            // reminders:
	Policy   map[string]Reminders // policy:, by severity
	Match    Match
	Limits   Limits
	Keep     Retention // retention:
	Warnings []Problem // what is odd but may be meant

	lines map[string]int // of the settings that Check tries
}

// Path is a path of the file: as written, and from the file's folder.
type Path struct {
	Given string // for people
	Full  string // for the operating system; empty when nothing was given
}

// Sources are the places that facts come from. A source that the file does not
// name is nil.
type Sources struct {
	Mail         *Source
	Webhooks     *Source
	Inventory    *Source
	Repositories []Repository
}

// Source is one place that is read again and again.
type Source struct {
	Kind   string // folder; mail: also smtp
	Folder Path
	MaxAge time.Duration
}

// Repository is one repository to scan.
type Repository struct {
	Name   string
	Path   Path
	URL    string
	Branch string
	MaxAge time.Duration
	line   int
}

// Ways to treat a delivery whose sender is not proven.
const (
	Approve = "approve" // a person must
	Accept  = "accept"  // for folders that the company controls
	Reject  = "reject"
)

// Trust says whose notices may act. Mail holds addresses in lower case.
type Trust struct {
	Mail            []string
	Unauthenticated string
}

// Kinds of trackers, Slacks, stores and buses.
const (
	KindFolder   = "folder"
	KindSMTP     = "smtp"
	KindGitHub   = "github"
	KindAPI      = "api"
	KindSQLite   = "sqlite"
	KindEmbedded = "embedded"
)

// Tracker is a place for tickets. A GitHub tracker's owner and repository come from
// the team.
type Tracker struct {
	Kind     string
	Path     Path   // folder
	TokenEnv string // github
	URL      string // github: of an Enterprise server; empty means github.com
}

// Slack is the place for messages.
type Slack struct {
	Kind       string
	Path       Path   // folder
	TokenEnv   string // api: the bot token
	SigningEnv string // api: the secret that buttons are signed with
	URL        string // api: another base, for tests; empty means Slack's
}

// Store is the database.
type Store struct {
	Kind string
	Path Path
}

// Bus is the message bus. Without a path the embedded one stands in the store's file.
type Bus struct {
	Kind string
	Path Path
}

// Serve says where `serve` listens; an empty address means not at all.
type Serve struct {
	SMTP             string
	HTTP             string
	WebhookSecretEnv string // the secret that Azure's webhook URL carries
}

// Reminders is a ladder: on which days before the due day to remind (descending),
// and from how many days before on to escalate.
type Reminders struct {
	Days       []int
	EscalateAt int
}

// Severities, the keys of policy:.
const (
	SeveritySecurity      = "security"
	SeverityAction        = "action-required"
	SeverityInformational = "informational"
)

// Match bends the join.
type Match struct {
	NamedSubscriptionsOnly bool
}

// Limits stop a run that would do too much.
type Limits struct {
	NewTickets int
}

// Retention says how long things are kept after their end; zero means for good.
type Retention struct {
	Deliveries time.Duration
	Actions    time.Duration
}

// Defaults of the file.
const (
	DefaultMaxAge     = 48 * time.Hour
	DefaultNewTickets = 100
	DefaultEscalateAt = 7
	DefaultTickets    = "out/tickets"
	DefaultMessages   = "out/slack"
	DefaultStore      = "cutover.db"
	DefaultGitHubEnv  = "GITHUB_TOKEN"
	DefaultSlackEnv   = "SLACK_BOT_TOKEN"
	DefaultSigningEnv = "SLACK_SIGNING_SECRET"
)

func defaultDays() []int { return []int{30, 14, 7, 1} }

// Ownership is the teams and the maps of the owner chain.
func (c *Config) Ownership() cutover.Ownership { return c.Owners }

// Repositories lists what to scan, by name, with paths for the operating system.
func (c *Config) Repositories() []cutover.Repository {
	out := make([]cutover.Repository, 0, len(c.Sources.Repositories))
	for _, r := range c.Sources.Repositories {
		out = append(out, cutover.Repository{Name: r.Name, Path: r.Path.Full, URL: r.URL, Branch: r.Branch})
	}
	return out
}

// TrackerOf finds a team's tracker and its project there: "NAME:project" for one of
// the named trackers, anything else is a project of the plain one.
func (c *Config) TrackerOf(t cutover.Team) (name, project string) {
	return splitTracker(c.Trackers, t.Tracker)
}

// RemindersFor is the ladder of a severity, for a team that may have chosen another
// one. Unknown words get the general ladder.
func (c *Config) RemindersFor(severity, teamPolicy string) Reminders {
	if r, ok := c.Policy[teamPolicy]; ok {
		return r
	}
	if r, ok := c.Policy[severity]; ok {
		return r
	}
	return c.Chasing
}
