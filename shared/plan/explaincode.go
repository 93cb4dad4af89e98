package plan

import (
	"strconv"
	"strings"

	"cutover/shared/cutover"
)

// subscription asks whether a service means whole subscriptions.
func (e *Explanation) subscription(b *builder, n *notice, sub cutover.Subscription) {
	e.Owner, e.Trace = b.owners.OwnerOfSubscription(sub.ID)
	e.given(b, n, cutover.Item{Kind: cutover.ItemSubscription, ID: sub.ID})
	acts := n.idle == "" && n.past == "" && !n.n.PinningCondition
	whole := false
	for _, i := range n.order {
		s := &n.services[i]
		if s.entry == nil || !s.entry.Whole {
			continue
		}
		whole = true
		switch code := n.unnamed(n.cloudOut(sub.Cloud), sub.ID, b.in.Policy); code {
		case outExcluded, outCloud:
			e.say("service", s.name+": the notice does not concern "+sub.Cloud, false)
		case outUnnamed:
			e.say("service", s.name+": the notice does not name this subscription, and by policy only those count", false)
		default:
			e.say("service", s.name+" has no resources of its own: the notice concerns the whole subscription", acts)
			e.Item = acts
		}
	}
	if !whole {
		e.say("service", "no service of the notice means whole subscriptions; ask about a resource in it", true)
	}
}

// place asks what was found in a file.
func (e *Explanation) place(b *builder, n *notice) {
	repository, path, _ := strings.Cut(e.Thing, ":")
	path, fingerprint, _ := strings.Cut(path, "#")
	if i := strings.LastIndexByte(path, ':'); i >= 0 {
		if _, err := strconv.Atoi(path[i+1:]); err == nil { // repository:path:line
			path = path[:i]
		}
	}
	if l := b.looks.repo(repository); !l.ok {
		e.say("scan", "the scan cannot be relied on: "+l.why, false)
	}
	if n.certs == nil {
		e.say("topic", "the notice is not about certificates, so code is not concerned", true)
		return
	}
	found, best, nearest := false, placeOther, 0
	for i := range b.found.all {
		f := &b.found.all[i]
		if f.Repository != repository || f.Path != path || fingerprint != "" && !strings.HasPrefix(f.Fingerprint, fingerprint) {
			continue
		}
		found = true
		if e.Owner == "" {
			e.Owner, e.Trace = b.owners.OwnerOfPath(f.Repository, f.OwnerHints, f.OwnerRule)
			e.given(b, n, cutover.Item{Kind: cutover.ItemFinding, ID: f.ID()})
		}
		p := b.place(n, i)
		at := f.Path
		if f.Line > 0 {
			at += ":" + strconv.Itoa(f.Line)
		}
		item := p.as == placeItem && n.idle == ""
		e.say("certificate", "the place "+at+" "+e.placed(n, f, p), item)
		e.Item = e.Item || item
		if p.as >= best && !e.Item && n.idle == "" { // what came nearest to an item settles it
			best, nearest = p.as, len(e.Rules)-1
		}
	}
	if !e.Item && nearest > 0 {
		e.Rules[nearest].Won = true
	}
	if !found {
		e.say("certificate", "nothing was found in this file that the notice names or that stands under it", n.idle == "")
	}
}

func (e *Explanation) placed(n *notice, f *cutover.Finding, p placed) string {
	switch p.as {
	case placeOther:
		return "names " + cmpOr(f.Identity, f.Kind) + ", which the notice does not retire"
	case placeMentions:
		return f.Direction + " " + p.identity + " and does not trust it"
	case placeAside:
		return "trusts " + p.identity + " in a file of role " + f.Role + ", which never counts"
	case placeHolds:
		return "trusts " + p.identity + ", and trusts " + needs(n.certs) + " as well: it is clear"
	}
	return findingWhy(n, f, p)
}

// given says that a person sent the item to another team.
func (e *Explanation) given(b *builder, n *notice, it cutover.Item) {
	o, ok := b.moves[n][itemKey(it)]
	if !ok {
		o, ok = b.whole[accKey{n, e.Owner}]
	}
	if ok {
		e.Owner, e.Trace = o.team, handed(e.Trace, o.step)
	}
}

// ledger says what stands about the thing in the known actions.
func (e *Explanation) ledger(b *builder, n *notice) {
	for _, k := range b.known.actions {
		if k.n != n {
			continue
		}
		for _, it := range k.a.Items {
			file := it.Kind == cutover.ItemFinding && it.Repository+":"+it.Path == strings.SplitN(e.Thing, "#", 2)[0]
			if cutover.Fold(it.ID) != cutover.Fold(e.Thing) && !file {
				continue
			}
			says := "stands in " + k.a.Key + " (" + string(k.a.State) + ")"
			switch {
			case it.Cleared != "":
				says += ", struck out on " + day(it.Cleared) + ": " + it.Proof
			case it.Unknown != "":
				says += ", and cannot be told at present: " + it.Unknown
			}
			e.Known = append(e.Known, sentence(says))
		}
	}
}

// settle puts the answer in front.
func (e *Explanation) settle() {
	if e.Thing == "" {
		e.Answer = e.Rules[0].Says
		return
	}
	for _, r := range e.Rules {
		if r.Won {
			e.Answer = r.Says
			break
		}
	}
	if e.Answer == "" {
		e.Answer = e.Rules[len(e.Rules)-1].Says
	}
	if e.Item {
		e.Answer = "It is an item. " + e.Answer
	} else {
		e.Answer = "It is not an item. " + e.Answer
	}
}
