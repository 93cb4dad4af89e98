package prose

import (
	"encoding/json"

	"cutover/shared/cutover"
)

// Shown is what people were last told about an action. It is kept with the
// effect that told them, so that the next telling can say what is new even when
// several versions passed in between. Items are kept as short digests.
type Shown struct {
	Due     cutover.Date        `json:"due,omitempty"`
	State   cutover.ActionState `json:"state"`
	Open    []string            `json:"open,omitempty"`
	Cleared []string            `json:"cleared,omitempty"`
}

// ShownOf is what telling a now shows.
func ShownOf(a cutover.Action) Shown {
	s := Shown{Due: a.Due, State: a.State}
	for _, it := range a.Items {
		if it.Cleared == "" {
			s.Open = append(s.Open, short(it))
		} else {
			s.Cleared = append(s.Cleared, short(it))
		}
	}
	return s
}

func short(it cutover.Item) string { return cutover.Digest(it.Kind, it.ID)[:10] }

// String is the form in which it is kept.
func (s Shown) String() string {
	b, err := json.Marshal(s)
	if err != nil { // strings only: cannot happen, and nothing shown is the safe reading
		return ""
	}
	return string(b)
}

// ParseShown reads what String wrote; false if there is nothing to read.
func ParseShown(kept string) (Shown, bool) {
	var s Shown
	if kept == "" || json.Unmarshal([]byte(kept), &s) != nil {
		return Shown{}, false
	}
	return s, true
}

// Change is what is new about an action since it was last shown.
type Change struct {
	DueMoved        bool
	DueFrom, DueTo  cutover.Date
	From, To        cutover.ActionState
	Added           []cutover.Item // never shown before
	Cleared         []cutover.Item // struck out since
	Returned        []cutover.Item // was struck out, stands again
	Left            int            // no longer part of the action
	Ended, Reopened bool
	Unacknowledged  bool // an acknowledgement fell, because the demand grew
	StateMatters    bool // somebody besides the one who said it must know
}

// Since compares a with what was last shown.
func Since(old Shown, a cutover.Action) Change {
	c := Change{DueMoved: old.Due != a.Due, DueFrom: old.Due, DueTo: a.Due, From: old.State, To: a.State}
	was := make(map[string]bool, len(old.Open)+len(old.Cleared)) // true: it was open
	for _, id := range old.Cleared {
		was[id] = false
	}
	for _, id := range old.Open {
		was[id] = true
	}
	for _, it := range a.Items {
		open, known := was[short(it)]
		delete(was, short(it))
		switch {
		case !known:
			c.Added = append(c.Added, it)
		case open && it.Cleared != "":
			c.Cleared = append(c.Cleared, it)
		case !open && it.Cleared == "":
			c.Returned = append(c.Returned, it)
		}
	}
	c.Left = len(was)
	c.Ended = !old.State.Ended() && a.State.Ended()
	c.Reopened = (old.State.Ended() || old.State == cutover.ActionDone) && a.State == cutover.ActionOpen
	c.Unacknowledged = old.State == cutover.ActionAcknowledged && a.State == cutover.ActionOpen
	c.StateMatters = c.Ended || c.Reopened || c.Unacknowledged || (c.From != c.To && a.State == cutover.ActionWaived)
	return c
}

// Matters reports whether a person must be told in so many words, not only by an
// edited text.
func (c Change) Matters() bool {
	return c.DueMoved || len(c.Added) > 0 || len(c.Returned) > 0 || c.StateMatters
}

// DueWords says how the date moved; empty when it did not.
func (c Change) DueWords() string {
	switch {
	case !c.DueMoved:
		return ""
	case c.DueFrom == "":
		return "There is a due date now: " + Day(c.DueTo) + "."
	case c.DueTo == "":
		return "The due date " + Day(c.DueFrom) + " no longer holds; no other is known."
	case c.DueTo < c.DueFrom:
		return "The due date is earlier now: " + Day(c.DueTo) + " instead of " + Day(c.DueFrom) + "."
	}
	return "The due date is later now: " + Day(c.DueTo) + " instead of " + Day(c.DueFrom) + "."
}
