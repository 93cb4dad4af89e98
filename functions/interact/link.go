package interact

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// Link says which tracking ID a notice without one has. Parse then makes them one
// notice, and every later copy goes there.
func (r Room) Link(ctx context.Context, noticeKey, trackingID, who string) error {
	who, err := person(who)
	if err != nil {
		return err
	}
	id := canonical(trackingID)
	if !plausible(id) {
		return fmt.Errorf("linking notice %s: %w", noticeKey, refuse("%q does not look like a tracking ID (like 3SYG-JCG)", line(trackingID)))
	}
	now := r.Now().UTC()
	err = r.Store.Update(ctx, func(tx store.Tx) error {
		n, err := tx.Notice(noticeKey)
		if errors.Is(err, store.ErrNotFound) {
			return refuse("there is no notice %s; `cutover inbox list` shows those to link", noticeKey)
		}
		if err != nil {
			return fmt.Errorf("loading notice %s: %w", noticeKey, err)
		}
		if provider, _, _ := strings.Cut(n.Key, ":"); n.Key == provider+":"+id {
			return nil // linked before
		}
		if _, name, _ := strings.Cut(noticeKey, ":"); !strings.HasPrefix(name, "~") {
			return refuse("notice %s has a tracking ID; only a notice without one (its key has a ~) is linked", noticeKey)
		}
		if n.Key != noticeKey {
			return refuse("notice %s is linked to %s already", noticeKey, n.Key)
		}
		if said, err := lastSaid(tx, noticeKey); err != nil || said.Kind == cutover.DecideLink && said.To == id {
			return err
		}
		d := cutover.Decision{Kind: cutover.DecideLink, Target: noticeKey, Who: who, At: now, To: id}
		if err := r.say(tx, d); err != nil {
			return err
		}
		return relook(tx, noticeKey, d)
	})
	if err != nil {
		return fmt.Errorf("linking notice %s to %s: %w", noticeKey, id, err)
	}
	return nil
}

// relook has parse look anew at the deliveries of a notice, and closes its case.
func relook(tx store.Tx, key string, d cutover.Decision) error {
	var ids []string
	for dl, err := range tx.Deliveries(cutover.DeliveryRead) {
		if err != nil {
			return fmt.Errorf("listing the deliveries of notice %s: %w", key, err)
		}
		if dl.Notice == key {
			ids = append(ids, dl.ID)
		}
	}
	for _, id := range ids {
		if err := again(tx, id, d); err != nil {
			return err
		}
	}
	c, err := tx.Case(cutover.CaseID(cutover.CaseUnlinked, key))
	if errors.Is(err, store.ErrNotFound) || err == nil && c.State != caseOpen {
		return nil
	}
	if err != nil {
		return fmt.Errorf("loading the case of notice %s: %w", key, err)
	}
	c.State, c.Decided = caseApproved, fmt.Sprintf("linked to %s by %s on %s", d.To, d.Who, d.At.Format("2006-01-02 15:04 UTC"))
	return tx.PutCase(c)
}

// canonical is a tracking ID as notices carry it: upper case, but for GUIDs.
func canonical(id string) string {
	id = strings.ToUpper(strings.TrimSpace(id))
	if len(id) == 36 && strings.Count(id, "-") == 4 {
		return strings.ToLower(id)
	}
	return id
}

// plausible reports the shape of a tracking ID: letters, digits, _ and -, as the
// known ones and GUIDs have it. It keeps typing errors like a whole sentence out.
func plausible(id string) bool {
	if len(id) < 4 || len(id) > 40 || !strings.Contains(id, "-") {
		return false
	}
	for _, c := range strings.ToUpper(id) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return true
}
