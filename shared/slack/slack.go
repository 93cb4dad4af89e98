// Package slack is the contract between the alert room and Slack: a message, its
// blocks (the part of Block Kit that Cutover uses, as plain structs), and which
// errors mean something. The interface that the room needs stands in
// functions/alert; sub-packages keep it (folder, api), both held to the suite in
// shared/slack/slacksuite.
//
// Slack has no key that makes a post happen once. So every message carries
// metadata that names the action and the effect, and an error says, where it can,
// that nothing was done (see Undone); every other error leaves the room in doubt.
package slack

import (
	"errors"

	"cutover/shared/outside"
)

// EventType is the type of the metadata that our messages carry.
const EventType = "cutover"

// Limits of Slack, in characters and pieces (docs.slack.dev, reference/block-kit).
const (
	MaxBlocks   = 50
	MaxText     = 3000  // of a text object in a section or a context
	MaxHeader   = 150   // of the plain text in a header
	MaxElements = 10    // of a context
	MaxFallback = 40000 // of a message's text; Slack cuts what is longer
)

// Kinds of messages.
const (
	KindAlert      = "alert"
	KindReminder   = "reminder"
	KindEscalation = "escalation"
	KindChange     = "change"
	KindDigest     = "digest"
	KindCase       = "case"
)

// Ref is where a message stands.
type Ref struct {
	Channel string // the channel's id, as Slack answers it
	TS      string // the message's time stamp, unique in its channel
}

// Message is what is posted. Text is what notifications show; its foreign parts
// are escaped by the room.
type Message struct {
	Channel string // #name or id
	Thread  string // ts of the message that it answers; empty for one of its own
	Kind    string
	Text    string
	Blocks  []Block
	Action  string // id of the action or case: metadata
	Effect  string // key of the effect: metadata
}

// Block is one layout block: header, section, context or divider.
type Block struct {
	Type     string `json:"type"`
	Text     *Text  `json:"text,omitempty"`     // header, section
	Elements []Text `json:"elements,omitempty"` // context
}

// Text is a text object: plain_text, or mrkdwn (verbatim, so that Slack makes no
// links of its own).
type Text struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim,omitempty"` // mrkdwn only
}

// Metadata is how a message names its effect.
type Metadata struct {
	EventType string            `json:"event_type"`
	Payload   map[string]string `json:"event_payload"`
}

// MetadataOf is the metadata of a message.
func MetadataOf(m Message) Metadata {
	return Metadata{EventType: EventType, Payload: map[string]string{"action": m.Action, "effect": m.Effect}}
}

// ErrGone says that there is no such message any more, or that it can no longer be edited.
var ErrGone = errors.New("the message is gone")

// Later says that Slack wants to be asked again after a while. Nothing was done.
type Later = outside.Later

// Refused wraps an error that proves that nothing was done: Slack answered with a
// refusal, or was never reached.
type Refused = outside.Refused

// Undone reports whether err proves that nothing was done.
func Undone(err error) bool { return outside.Undone(err) || errors.Is(err, ErrGone) }
