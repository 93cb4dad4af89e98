package cutover

// Team is an owner: who is told, and where.
type Team struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Slack      string   `json:"slack,omitempty"`      // channel
	Tracker    string   `json:"tracker,omitempty"`    // project, or NAME:project with several trackers
	Escalation string   `json:"escalation,omitempty"` // second channel
	Members    []string `json:"members,omitempty"`
	Timezone   string   `json:"timezone,omitempty"` // IANA name; empty means UTC
	Policy     string   `json:"policy,omitempty"`
}

// Ownership holds the teams and the maps of the owner chain.
type Ownership struct {
	Teams         []Team            `json:"teams"`
	Tags          []string          `json:"tags"`          // tag keys that name a team, in order
	Subscriptions map[string]string `json:"subscriptions"` // GUID or name → team
	Repositories  map[string]string `json:"repositories"`  // pattern → team
	Codeowners    map[string]string `json:"codeowners"`    // @org/team → team
	Fallback      string            `json:"fallback"`
}

// Step is one rule of the owner chain and what it said. The steps of a trace
// stand in the order of asking; the last one won.
type Step struct {
	Rule   string `json:"rule"`   // codeowners, resource-tag, group-tag, subscription-tag, subscription-map, repository-map, fallback
	Where  string `json:"where"`  // .github/CODEOWNERS:12, tag owner
	Value  string `json:"value"`  // what stood there
	Result string `json:"result"` // the team, or why it was passed over
	Won    bool   `json:"won,omitempty"`
}

// Trace is the way by which an owner was found.
type Trace []Step
