package parse

import (
	"errors"
	"fmt"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// rule asks what Admit has to know, and Admit.
func (p *pass) rule(d cutover.Delivery, readings []cutover.Reading) (Ruling, []string, error) {
	said, err := p.said(d)
	if err != nil {
		return "", nil, err
	}
	q := Question{Delivery: d, Sender: readings[0].Sender, Said: said}
	for _, r := range readings {
		q.IDs = append(q.IDs, r.Notice.TrackingIDs...)
		for _, id := range r.Notice.TrackingIDs {
			f, err := p.find(keyOf(r.Notice.Provider, id))
			if err != nil {
				return "", nil, err
			}
			if f != nil && confirmedBy(f.notice) != "" {
				q.Confirmed = true
			}
		}
	}
	ruling, why := Admit(p.trust, q)
	return ruling, why, nil
}

// said is the last word of a person on a delivery. Without a case there was nothing
// to say anything about, which is the rule and cheap to see.
func (p *pass) said(d cutover.Delivery) (string, error) {
	id := cutover.CaseID(cutover.CaseWaiting, d.ID)
	if _, err := p.tx.Case(id); errors.Is(err, store.ErrNotFound) {
		return "", nil
	} else if err != nil {
		return "", fmt.Errorf("loading case %s: %w", id, err)
	}
	last := ""
	for dec, err := range p.tx.Decisions(id) {
		if err != nil {
			return "", fmt.Errorf("loading decisions on delivery %s: %w", d.ID, err)
		}
		if dec.Kind == cutover.DecideApprove || dec.Kind == cutover.DecideReject {
			last = dec.Kind
		}
	}
	return last, nil
}
