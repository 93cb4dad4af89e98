package parse

import (
	"errors"
	"fmt"
	"slices"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// release wakes the proven mails that waited for a confirmation, when a notice
// becomes confirmed or a confirmed one gets further tracking IDs.
func (p *pass) release(before, n cutover.Notice) error {
	by := confirmedBy(n)
	if by == "" || confirmedBy(before) != "" && len(before.TrackingIDs) == len(n.TrackingIDs) {
		return nil
	}
	var ids []string
	for d, err := range p.tx.Deliveries(cutover.DeliveryWaiting) {
		if err != nil {
			return fmt.Errorf("listing waiting deliveries: %w", err)
		}
		if d.Channel == cutover.ChannelMail && d.Auth.Passed {
			ids = append(ids, d.ID)
		}
	}
	for _, id := range ids {
		named, err := p.names(id, n.TrackingIDs)
		if err != nil {
			return err
		}
		if named {
			p.emit = append(p.emit, cutover.NewEvent(cutover.TypeDeliveryKept, source, id, p.now,
				map[string]string{"confirmed_by": by}, append([]string{id, "confirmed", by}, n.TrackingIDs...)...))
		}
	}
	return nil
}

// names reports whether a delivery names one of the tracking IDs.
func (p *pass) names(delivery string, ids []string) (bool, error) {
	for i := 0; ; i++ {
		r, err := p.tx.Reading(readingID(delivery, i))
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("loading what delivery %s says: %w", delivery, err)
		}
		for _, id := range r.Notice.TrackingIDs {
			if slices.Contains(ids, id) {
				return true, nil
			}
		}
	}
}
