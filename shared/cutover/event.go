package cutover

import (
	"encoding/json"
	"time"
)

// Types of the messages on the bus. They are wake-ups: the truth is in the store.
const (
	TypeDeliveryKept       = "cutover.delivery.kept.v1"
	TypeNoticeRevised      = "cutover.notice.revised.v1"
	TypeInventoryRefreshed = "cutover.inventory.refreshed.v1"
	TypeScanCompleted      = "cutover.scan.completed.v1"
	TypeDecisionMade       = "cutover.decision.made.v1"
	TypeTick               = "cutover.tick.v1"
	TypeActionChanged      = "cutover.action.changed.v1"
	TypeTicketRecorded     = "cutover.ticket.recorded.v1"
	TypeReminderDue        = "cutover.reminder.due.v1"
)

// Event is a CloudEvents 1.0 envelope in its JSON form. The ID is deterministic:
// the same cause gives the same id.
type Event struct {
	SpecVersion string          `json:"specversion"` // 1.0
	ID          string          `json:"id"`
	Source      string          `json:"source"` // the room
	Type        string          `json:"type"`
	Subject     string          `json:"subject,omitempty"`
	Time        time.Time       `json:"time"`
	ContentType string          `json:"datacontenttype,omitempty"`
	TraceParent string          `json:"traceparent,omitempty"`
	Data        json.RawMessage `json:"data,omitempty"`
}

// NewEvent makes an event whose id is the digest of its type and cause. Data must
// marshal to JSON; the types of this package do.
func NewEvent(typ, source, subject string, at time.Time, data any, cause ...string) Event {
	body, err := json.Marshal(data)
	if err != nil {
		body = []byte("null")
	}
	return Event{
		SpecVersion: "1.0",
		ID:          Digest(append([]string{typ}, cause...)...)[:32],
		Source:      source,
		Type:        typ,
		Subject:     subject,
		Time:        at.UTC(),
		ContentType: "application/json",
		Data:        body,
	}
}
