package parse

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// pass is the work on one batch in one transaction. Notices are folded in memory
// and written once, however many deliveries of the batch say the same.
type pass struct {
	tx    store.Tx
	trust Trust
	now   time.Time

	open   map[string]*folded // by key
	leads  map[string]string  // alias → key, of the open ones
	emit   []cutover.Event
	report func(*slog.Logger)
	notes  []note
}

// note is a line for the log, written once the transaction stands.
type note struct {
	text string
	args []any
}

func newPass(tx store.Tx, trust Trust, now time.Time) *pass {
	p := &pass{tx: tx, trust: trust, now: now, open: map[string]*folded{}, leads: map[string]string{}}
	p.report = func(log *slog.Logger) {
		for _, n := range p.notes {
			log.Info(n.text, n.args...)
		}
	}
	return p
}

func (p *pass) note(text string, args ...any) { p.notes = append(p.notes, note{text, args}) }

// take rules over one delivery and does what follows from it.
func (p *pass) take(it *item) error {
	d := it.delivery
	for _, r := range it.readings {
		if err := p.tx.PutReading(r); err != nil {
			return fmt.Errorf("keeping what delivery %s says: %w", d.ID, err)
		}
	}
	notices := slices.Collect(func(yield func(cutover.Reading) bool) {
		for _, r := range it.readings {
			if (r.Notice.Verdict == cutover.VerdictRead || r.Notice.Verdict == cutover.VerdictPartial) && !yield(r) {
				return
			}
		}
	})
	if len(notices) == 0 {
		return p.unread(d, it.readings)
	}
	ruling, why, err := p.rule(d, notices)
	if err != nil {
		return err
	}
	p.note("delivery ruled", "delivery", d.ID, "name", d.Name, "ruling", string(ruling), "why", why)
	switch ruling {
	case Act:
		return p.act(d, notices)
	case Wait:
		return p.wait(d, notices, why)
	}
	if err := p.closeCases(d, "rejected: "+why[0], cutover.CaseWaiting, cutover.CaseFailed); err != nil {
		return err
	}
	return p.set(d, cutover.DeliveryRejected, "")
}

// unread is the end of a delivery that holds no notice, or cannot be read.
func (p *pass) unread(d cutover.Delivery, readings []cutover.Reading) error {
	failed := slices.IndexFunc(readings, func(r cutover.Reading) bool { return r.Notice.Verdict != cutover.VerdictIrrelevant })
	if failed < 0 {
		if err := p.closeCases(d, "it holds no notice", cutover.CaseWaiting, cutover.CaseFailed); err != nil {
			return err
		}
		p.note("delivery is irrelevant", "delivery", d.ID, "name", d.Name)
		return p.set(d, cutover.DeliveryIrrelevant, "")
	}
	reasons := readings[failed].Notice.Reasons
	p.note("delivery cannot be read", "delivery", d.ID, "name", d.Name, "why", reasons)
	if err := p.putCase(cutover.Case{Kind: cutover.CaseFailed, Title: "Cannot be read: " + d.Name, Delivery: d.ID, Reasons: reasons}); err != nil {
		return err
	}
	return p.set(d, cutover.DeliveryFailed, "")
}

// wait makes a case of a delivery; the notice it is about stays as it was.
func (p *pass) wait(d cutover.Delivery, readings []cutover.Reading, why []string) error {
	n := readings[0].Notice
	names, err := p.namesOf(readings[0])
	if err != nil {
		return err
	}
	title := n.Title
	if title == "" {
		title = d.Name
	}
	c := cutover.Case{Kind: cutover.CaseWaiting, Title: title, Delivery: d.ID, Notice: names[0], Reasons: why, Due: dueOf(readings)}
	if err := p.closeCases(d, "it can be read by now", cutover.CaseFailed); err != nil {
		return err
	}
	if err := p.putCase(c); err != nil {
		return err
	}
	return p.set(d, cutover.DeliveryWaiting, names[0])
}

// act folds a delivery into its notices.
func (p *pass) act(d cutover.Delivery, readings []cutover.Reading) error {
	if err := p.closeCases(d, "it acts by now", cutover.CaseWaiting, cutover.CaseFailed); err != nil {
		return err
	}
	var first string
	for _, r := range readings {
		f, err := p.fold(d, r)
		if err != nil {
			return err
		}
		if first == "" {
			first = f.notice.Key
		}
	}
	return p.set(d, cutover.DeliveryRead, first)
}

func (p *pass) set(d cutover.Delivery, state cutover.DeliveryState, key string) error {
	if d.State == state && d.Notice == key {
		return nil
	}
	if err := p.tx.SetDelivery(d.ID, state, key); err != nil {
		return fmt.Errorf("recording delivery %s as %s: %w", d.ID, state, err)
	}
	return nil
}

// finish writes the notices and what is to be said about them.
func (p *pass) finish() error {
	if err := p.flush(); err != nil {
		return err
	}
	if err := p.tx.Emit(p.emit...); err != nil {
		return fmt.Errorf("announcing revised notices: %w", err)
	}
	return nil
}

// flush writes what changed and forgets all, so that the store is the truth again.
func (p *pass) flush() error {
	for _, key := range slices.Sorted(maps.Keys(p.open)) {
		if f := p.open[key]; !f.untouched() {
			if err := p.put(f); err != nil {
				return err
			}
		}
	}
	clear(p.open)
	clear(p.leads)
	return nil
}

// put writes a notice, and says so if its revision changed.
func (p *pass) put(f *folded) error {
	n := f.notice
	if err := p.tx.PutNotice(n, f.known); err != nil {
		return fmt.Errorf("writing notice %s: %w", n.Key, err)
	}
	if err := p.release(f.before, n); err != nil {
		return err
	}
	if n.Revision == f.known {
		return nil // only where a fact comes from has changed
	}
	changed := slices.Sorted(maps.Keys(f.changed))
	p.note("notice revised", "notice", n.Key, "revision", n.Revision, "verdict", string(n.Verdict), "changed", changed)
	p.emit = append(p.emit, cutover.NewEvent(cutover.TypeNoticeRevised, source, n.Key, p.now,
		map[string]any{"verdict": n.Verdict, "changed": changed}, n.Key, strconv.Itoa(n.Revision)))
	return p.standBeside(n)
}
