package cutover

import "time"

// Verdict is what reading a delivery came to. Irrelevant, partial and failed are
// three different words: no notice, a notice that needs a person, and bytes that
// cannot be read.
type Verdict string

const (
	VerdictRead       Verdict = "read"
	VerdictPartial    Verdict = "partial"
	VerdictIrrelevant Verdict = "irrelevant"
	VerdictFailed     Verdict = "failed"
)

// Event types, after Azure Service Health's incidentType and eventType.
const (
	EventServiceIssue       = "service_issue"
	EventPlannedMaintenance = "planned_maintenance"
	EventHealthAdvisory     = "health_advisory"
	EventSecurityAdvisory   = "security_advisory"
	EventBilling            = "billing"
	EventUnknown            = "unknown"
)

// Topics of a notice.
const (
	TopicCertificate = "certificate-change"
	TopicRetirement  = "retirement"
	TopicTLSVersion  = "tls-version"
	TopicIPChange    = "ip-change"
	TopicBreaking    = "breaking-change"
	TopicMaintenance = "maintenance"
	TopicIncident    = "incident"
	TopicOther       = "other"
)

// Clouds, by the names that the Azure CLI uses.
const (
	CloudPublic = "AzureCloud"
	CloudUSGov  = "AzureUSGovernment"
	CloudChina  = "AzureChinaCloud"
)

// Notice holds the facts of one provider event, as read from one delivery or
// folded from many. Identity is the provider and the tracking ID. The JSON keys
// are a contract: keys may be added, these keep their names and meaning.
type Notice struct {
	Key              string        `json:"key,omitempty"` // azure:3SYG-JCG
	Provider         string        `json:"provider"`
	TrackingIDs      []string      `json:"tracking_ids"`
	Title            string        `json:"title"`
	EventType        string        `json:"event_type"`
	Topic            string        `json:"topic"`
	Language         string        `json:"language"` // ISO 639-1
	Issued           Date          `json:"issued"`
	Services         []string      `json:"services"`
	Regions          []string      `json:"regions"`
	Clouds           []string      `json:"clouds"`
	ExcludedClouds   []string      `json:"excluded_clouds"`
	Subscriptions    []string      `json:"subscriptions"` // GUIDs, lower case
	ActionRequired   bool          `json:"action_required"`
	RequiredActions  []string      `json:"required_actions"`
	PinningCondition bool          `json:"pinning_condition"`
	NoActionFor      []string      `json:"no_action_for"`
	Milestones       []Milestone   `json:"milestones"`
	Certificates     []Certificate `json:"certificates"`
	Verdict          Verdict       `json:"verdict"`
	Reasons          []string      `json:"reasons"`

	Stage     string `json:"stage,omitempty"`     // as the provider says: Active, Resolved, …
	Test      bool   `json:"test,omitempty"`      // the portal's test payload
	Cancelled bool   `json:"cancelled,omitempty"` // the provider says that the change will not happen
	Link      string `json:"link,omitempty"`      // the provider's own page, never fetched

	// Evidence of the facts that are not objects of their own, by field or by
	// field/value: "title", "services/Azure IoT Hub", "clouds/AzureCloud".
	Evidence map[string]Evidence `json:"evidence,omitempty"`
	// Confidence of a fact (same keys) where it is not certain, with the reason.
	Confidence map[string]Confidence `json:"confidence,omitempty"`

	// What folding adds; empty in what parse prints.
	Revision   int               `json:"revision,omitempty"`
	FirstSeen  time.Time         `json:"first_seen,omitzero"` // UTC, when the first delivery was read
	Updated    time.Time         `json:"updated,omitzero"`    // the provider's stamp of the newest fact
	Provenance map[string]Origin `json:"provenance,omitempty"`
}

// Origin says which delivery settled a fact, and how strong it is.
type Origin struct {
	Delivery   string    `json:"delivery"`
	Stamp      time.Time `json:"stamp"`
	Structured bool      `json:"structured,omitempty"` // a field of the provider's JSON, not prose
}

// Confidence is a small enum with its reason, never a decimal.
type Confidence struct {
	Level  string `json:"level"` // high, medium, low
	Reason string `json:"reason"`
}

// Kinds of milestones.
const (
	KindActBy      = "act-by"
	KindCutover    = "cutover"
	KindRetirement = "retirement"
	KindExpiry     = "expiry"
	KindOther      = "other"
)

// Precisions of a milestone. A month is written as its last day.
const (
	PrecisionDay   = "day"
	PrecisionMonth = "month"
	PrecisionYear  = "year"
)

// ReasonRunning marks a window of which only the end is known: Start is that end.
const ReasonRunning = "already-running"

// Milestone is one dated fact. End is set for windows only. Services and Regions
// name what it applies to; empty means the whole notice.
type Milestone struct {
	Kind      string   `json:"kind"`
	Start     Date     `json:"start"`
	End       Date     `json:"end,omitempty"`
	Precision string   `json:"precision"`
	Services  []string `json:"services"`
	Regions   []string `json:"regions"`
	Reason    string   `json:"reason"`
	Evidence  Evidence `json:"evidence"`
}

// Last is the day on which the milestone is over.
func (m Milestone) Last() Date {
	if m.End != "" {
		return m.End
	}
	return m.Start
}

// Evidence is the provider's own words behind a fact. Offset and Length count
// bytes in the UTF-8 text derived from the named part of the delivery; the quote
// stands there verbatim.
type Evidence struct {
	Part   string `json:"part"`
	Quote  string `json:"quote"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
}

// Roles and states of a certificate that a notice names.
const (
	RoleRoot         = "root"
	RoleIntermediate = "intermediate"
	RoleLeaf         = "leaf"

	StateRetiring    = "retiring"
	StateIntroduced  = "introduced"
	StateRecommended = "recommended"
)

// Certificate is a CA that the notice names. Thumbprint is the SHA-1 of the DER
// in lower-case hex, empty when the notice does not give it.
type Certificate struct {
	CN         string   `json:"cn"`
	Thumbprint string   `json:"thumbprint"`
	Role       string   `json:"role"`
	State      string   `json:"state"`
	Expires    Date     `json:"expires"`
	Evidence   Evidence `json:"evidence"`
}

// Part is the text that Cutover derives from one part of a delivery and keeps
// with it; evidence counts in it.
type Part struct {
	Name    string `json:"name"`    // body, subject, 2.text/html, properties.communication
	Text    string `json:"text"`    // UTF-8
	Deriver int    `json:"deriver"` // version of the rules that derived it
}

// Reading is what one delivery says.
type Reading struct {
	Delivery string    `json:"delivery"`
	Sender   string    `json:"sender,omitempty"` // the address in From, lower case
	Stamp    time.Time `json:"stamp"`            // the provider's time of this state, UTC
	Notice   Notice    `json:"notice"`
	Parts    []Part    `json:"parts"`
	// Structured names the facts that came from a field of the provider's JSON.
	Structured []string `json:"structured,omitempty"`
}
