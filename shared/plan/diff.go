package plan

import (
	"cmp"
	"slices"
	"time"

	"cutover/shared/cutover"
)

// ChangeKind says what happens to an action.
type ChangeKind string

const (
	None     ChangeKind = "none"
	Create   ChangeKind = "create"
	Update   ChangeKind = "update"
	Resolve  ChangeKind = "resolve"  // every item is proved done
	Reopen   ChangeKind = "reopen"   // said to be done, and a look found it still standing
	Move     ChangeKind = "move"     // its items are with another action now
	Withdraw ChangeKind = "withdraw" // the provider gave it up, and a person confirmed
)

// Change is one action's new state with what changed. Action.Notes are the Reasons,
// in plain words. DueBefore is the due date before the change, also when it stays.
type Change struct {
	Kind           ChangeKind
	Action         cutover.Action
	Added          []cutover.Item
	Removed        []cutover.Item // without proof: moved or withdrawn
	Cleared        []cutover.Item // struck out, each with its proof
	DueBefore      cutover.Date
	Reasons        []string
	Unacknowledged bool
}

// Diff subtracts what is known from what ought to be. It gives nothing for an
// action that stays as it is; applying its changes and planning again on the same
// facts gives nothing at all. Changes come by action key and id.
func Diff(p Plan, known []cutover.Action, decisions []cutover.Decision, now time.Time) []Change {
	d := &differ{p: p, now: now.UTC(), decisions: map[string][]cutover.Decision{}, desired: map[string]*cutover.Action{}, of: map[string]*cutover.Action{}, ids: map[string]string{}}
	for _, x := range sortedDecisions(decisions) {
		d.decisions[x.Target] = append(d.decisions[x.Target], x)
	}
	for i := range p.Actions {
		d.desired[p.Actions[i].Key] = &p.Actions[i]
	}
	d.pair(known)
	var out []Change
	for i := range d.known {
		if c := d.change(d.known[i]); c.Kind != None {
			out = append(out, c)
		}
	}
	for i := range p.Actions {
		if want := &p.Actions[i]; d.of[want.Key] == nil && len(want.Items) > 0 {
			out = append(out, d.create(*want))
		}
	}
	slices.SortStableFunc(out, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Action.Key, b.Action.Key), cmp.Compare(a.Action.ID, b.Action.ID))
	})
	return out
}

// differ is one run of Diff.
type differ struct {
	p         Plan
	now       time.Time
	known     []*cutover.Action // by id
	decisions map[string][]cutover.Decision
	desired   map[string]*cutover.Action // by key
	of        map[string]*cutover.Action // key → the known action that carries it on
	ids       map[string]string          // key → its id
}

// pair finds for each wanted action the known one that carries it on: the one of
// the same notice and owner, else the one of a team that was renamed.
func (d *differ) pair(known []cutover.Action) {
	for i := range known {
		if !known[i].State.Ended() {
			d.known = append(d.known, &known[i])
		}
	}
	slices.SortFunc(d.known, func(a, b *cutover.Action) int { return cmp.Compare(a.ID, b.ID) })
	for _, exact := range []bool{true, false} { // the one that bore this very key before one that was merged into it
		for _, a := range d.known {
			if key := d.key(a); d.of[key] == nil && (a.Key == key) == exact {
				d.of[key] = a
			}
		}
	}
	for _, a := range d.known {
		if key := d.renamed(a); key != "" && d.of[key] == nil {
			if d.of[d.key(a)] == a {
				delete(d.of, d.key(a))
			}
			d.of[key] = a
		}
	}
	for key, want := range d.desired {
		d.ids[key] = want.ID
	}
	for key, a := range d.of {
		d.ids[key] = a.ID
	}
}

// key is an action's key with its notice as it is called now.
func (d *differ) key(a *cutover.Action) string {
	return cutover.ActionKey(d.notice(a), a.Owner)
}

func (d *differ) notice(a *cutover.Action) string { return cmpOr(d.p.alias[a.Notice], a.Notice) }

// renamed is the key under which an action goes on whose team is gone and whose
// items all went to one other.
func (d *differ) renamed(a *cutover.Action) string {
	if _, ok := d.p.owners.Team(a.Owner); ok || d.desired[d.key(a)] != nil {
		return ""
	}
	team := ""
	for _, it := range a.Items {
		v := d.p.verdicts[itemRef{a.ID, itemKey(it)}]
		switch {
		case it.Cleared != "" || v.kind == verdictCleared:
		case v.kind != verdictMoved || team != "" && team != v.text:
			return ""
		default:
			team = v.text
		}
	}
	key := cutover.ActionKey(d.notice(a), team)
	if team == "" || d.desired[key] == nil {
		return ""
	}
	return key
}
