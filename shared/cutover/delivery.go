package cutover

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// The channels through which a delivery can arrive.
const (
	ChannelMail    = "mail"
	ChannelWebhook = "webhook"
	ChannelPoll    = "poll"
)

// DeliveryState says what became of a delivery.
type DeliveryState string

// A kept delivery has not been read yet; each other state is final until a
// person decides otherwise or a source confirms the tracking ID.
const (
	DeliveryKept       DeliveryState = "kept"
	DeliveryRead       DeliveryState = "read"       // folded into a notice
	DeliveryWaiting    DeliveryState = "waiting"    // needs a person: a case stands in the inbox
	DeliveryIrrelevant DeliveryState = "irrelevant" // no notice at all
	DeliveryFailed     DeliveryState = "failed"     // could not be read
	DeliveryRejected   DeliveryState = "rejected"   // refused by policy or by a person
)

// Delivery is one copy of a notice's text as it arrived. Raw is kept unchanged,
// before anything else happens.
type Delivery struct {
	ID        string         `json:"id"`
	Channel   string         `json:"channel"`
	ChannelID string         `json:"channel_id,omitempty"` // the channel's own id, where it has one
	Name      string         `json:"name"`                 // for people: the file's path, or who handed it in
	Received  time.Time      `json:"received"`             // UTC
	Size      int            `json:"size"`                 // bytes
	Auth      Authentication `json:"auth"`
	State     DeliveryState  `json:"state"`
	Notice    string         `json:"notice,omitempty"` // key of the notice it was folded into, or would be
	Raw       []byte         `json:"-"`
}

// Authentication says how far the channel itself vouches for the sender. It is
// about the envelope; who may act is decided by policy.
type Authentication struct {
	Method string `json:"method"`           // none, folder, dkim, shared-secret, entra
	Passed bool   `json:"passed"`           // the method proved the sender
	Domain string `json:"domain,omitempty"` // what it proved: the DKIM d=
	Detail string `json:"detail,omitempty"` // for people
}

// Authentication methods.
const (
	AuthNone         = "none"
	AuthFolder       = "folder"
	AuthDKIM         = "dkim"
	AuthSharedSecret = "shared-secret"
)

// DeliveryID is the stable id of a delivery: the first 16 bytes, in hex, of the
// SHA-256 over channel, the channel's own id and the bytes.
func DeliveryID(channel, channelID string, raw []byte) string {
	return Digest(channel, channelID, string(raw))[:32]
}

// Digest is the SHA-256 of the parts in lower-case hex. Parts are length-framed,
// so that ("ab","c") and ("a","bc") differ.
func Digest(parts ...string) string {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		for i, l := 0, uint64(len(p)); i < 8; i++ {
			n[i] = byte(l >> (8 * i))
		}
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil))
}
