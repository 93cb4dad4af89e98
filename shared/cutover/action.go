package cutover

import (
	"strings"
	"time"
)

// ActionState is where an action stands.
type ActionState string

const (
	ActionOpen         ActionState = "open"
	ActionAcknowledged ActionState = "acknowledged"
	ActionSnoozed      ActionState = "snoozed"
	ActionWaived       ActionState = "waived"    // until a day, by a person, with a reason
	ActionDone         ActionState = "done"      // said by a person, not proved yet
	ActionResolved     ActionState = "resolved"  // proved
	ActionMoved        ActionState = "moved"     // its items went to another action
	ActionWithdrawn    ActionState = "withdrawn" // the provider cancelled or narrowed it, a person confirmed
)

// Ended reports whether nothing more will happen to an action in this state.
func (s ActionState) Ended() bool {
	return s == ActionResolved || s == ActionMoved || s == ActionWithdrawn
}

// Kinds of items.
const (
	ItemResource     = "resource"
	ItemFinding      = "finding"
	ItemSubscription = "subscription"
)

// Item is one thing that one owner must change or look at.
type Item struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`    // resource id, repository:path#fingerprint, subscription GUID
	Where string `json:"where"` // for people
	Why   string `json:"why"`
	Named bool   `json:"named"` // the notice names its subscription (true where it names none)

	Service      string `json:"service,omitempty"`      // the notice's service it was reached by
	Subscription string `json:"subscription,omitempty"` // GUID
	Region       string `json:"region,omitempty"`
	Repository   string `json:"repository,omitempty"`
	Path         string `json:"path,omitempty"`
	Line         int    `json:"line,omitempty"`
	Commit       string `json:"commit,omitempty"`
	Link         string `json:"link,omitempty"`
	Trace        Trace  `json:"trace,omitempty"` // why this owner

	Cleared Date   `json:"cleared,omitempty"` // struck out: the day on which proof was seen
	Proof   string `json:"proof,omitempty"`   // by what
	Unknown string `json:"unknown,omitempty"` // why a newer look could not tell

	Identity string `json:"identity,omitempty"` // of a finding: the CA by which it is an item
	Seen     string `json:"seen,omitempty"`     // the look (version and time of the source) in which it became an item
}

// Action is what one owner must do for one notice. Key is how people name it;
// ID stays when a team is renamed.
type Action struct {
	ID         string      `json:"id"`
	Key        string      `json:"key"` // notice/owner
	Notice     string      `json:"notice"`
	Owner      string      `json:"owner"`
	State      ActionState `json:"state"`
	Due        Date        `json:"due"`                // empty: none
	DueFrom    string      `json:"due_from,omitempty"` // which milestone set it, in words
	Reason     string      `json:"reason"`
	Items      []Item      `json:"items"`
	Missing    []string    `json:"missing,omitempty"`    // what a partial notice leaves open
	Milestones []Milestone `json:"milestones,omitempty"` // those that apply to the items

	Revision int       `json:"revision"`         // of the notice
	Version  int       `json:"version"`          // of this action, counted up by each change
	Opened   time.Time `json:"opened,omitzero"`  // UTC
	Changed  time.Time `json:"changed,omitzero"` // UTC
	Ended    time.Time `json:"ended,omitzero"`   // UTC
	Until    Date      `json:"until,omitempty"`  // of a snooze or a waiver
	// Armed is when the reminder ladder was set: the opening, or the last move of
	// the due date. Rungs before it were covered by that message. UTC.
	Armed   time.Time `json:"armed,omitzero"`
	MovedTo string    `json:"moved_to,omitempty"`
	Proof   string    `json:"proof,omitempty"` // why it ended, or what a person said
	Notes   []string  `json:"notes,omitempty"` // what changed with this version, for people
	Spent   []string  `json:"spent,omitempty"` // ids of decisions that hold no longer: a change voided or a look refuted them
	Words   string    `json:"words,omitempty"` // digest of the notice's words that a ticket quotes
}

// ActionKey is the name of the action of an owner for a notice.
func ActionKey(notice, owner string) string { return notice + "/" + owner }

// SplitActionKey takes an action's key apart; owner is empty for a notice's key.
func SplitActionKey(key string) (notice, owner string) {
	if i := strings.LastIndexByte(key, '/'); i >= 0 {
		return key[:i], key[i+1:]
	}
	return key, ""
}

// Open counts the items that have not been struck out.
func (a Action) Open() int {
	n := 0
	for _, it := range a.Items {
		if it.Cleared == "" {
			n++
		}
	}
	return n
}

// Outcome words.
const (
	OutcomeAffected = "affected"
	OutcomeClear    = "clear"
	OutcomeUnknown  = "unknown"
)

// Outcome says, for one notice and one scope, whether something there must
// change. Clear needs a complete and fresh source.
type Outcome struct {
	Notice  string `json:"notice"`
	Scope   string `json:"scope"` // inventory:Azure IoT Hub, repository:contoso/payments-api
	Outcome string `json:"outcome"`
	Why     string `json:"why"`
}

// Kinds of decisions.
const (
	DecideAcknowledge = "acknowledge"
	DecideSnooze      = "snooze"
	DecideWaive       = "waive"
	DecideReassign    = "reassign"
	DecideDone        = "done"
	DecideApprove     = "approve"
	DecideReject      = "reject"
	DecideLink        = "link"
)

// Decision is what a person said.
type Decision struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"`
	Target   string    `json:"target"` // action id, case id or notice key
	Who      string    `json:"who"`
	At       time.Time `json:"at"`                 // UTC
	Revision int       `json:"revision,omitempty"` // of the notice, for an acknowledgement
	Until    Date      `json:"until,omitempty"`    // snooze, waiver
	Reason   string    `json:"reason,omitempty"`
	To       string    `json:"to,omitempty"` // reassign: team; link: tracking ID
}

// Kinds of cases.
const (
	CaseWaiting   = "waiting"   // a delivery that may not act by itself
	CaseFailed    = "failed"    // a delivery that cannot be read
	CasePartial   = "partial"   // a notice of which something is missing
	CaseUnlinked  = "unlinked"  // a notice without a tracking ID
	CaseUnknown   = "unknown"   // an outcome that stays unknown
	CaseTooMany   = "limit"     // a run that would open too many tickets
	CaseCancelled = "cancelled" // the provider cancelled or narrowed: a person confirms
	CaseSource    = "source"    // a source that failed, or is silent beyond its max_age
)

// Case is something that waits for a person, in the inbox.
type Case struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"`
	Title    string    `json:"title"`
	Delivery string    `json:"delivery,omitempty"`
	Notice   string    `json:"notice,omitempty"`
	Reasons  []string  `json:"reasons"`
	Due      Date      `json:"due,omitempty"` // of what waits, for the ladder
	Opened   time.Time `json:"opened"`        // UTC
	State    string    `json:"state"`         // open, approved, rejected, closed
	Decided  string    `json:"decided,omitempty"`
}

// CaseID is the stable id of the case of one kind about one thing.
func CaseID(kind, about string) string { return kind + "-" + Digest(kind, about)[:8] }

// Effect is one deed outside: first an intent, then done. Its key happens once.
type Effect struct {
	Key     string            `json:"key"`
	Subject string            `json:"subject"` // action or case id
	Kind    string            `json:"kind"`    // ticket, alert, reminder, escalation, change, digest, case
	State   string            `json:"state"`   // intent, done
	Version int               `json:"version"` // of the action it shows
	Intent  time.Time         `json:"intent"`
	Done    time.Time         `json:"done,omitzero"`
	Result  map[string]string `json:"result,omitempty"` // number, link, channel, ts
	Error   string            `json:"error,omitempty"`
}

// States of an effect.
const (
	EffectIntent = "intent"
	EffectDone   = "done"
)
