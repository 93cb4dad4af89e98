package parse

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"cutover/shared/cutover"
)

// Policies for what no channel vouches for (trust.unauthenticated).
const (
	UnauthApprove = "approve" // a person must
	UnauthAccept  = "accept"  // what lies in a folder acts, if its sender is listed
	UnauthReject  = "reject"
)

// Trust is who may act. The zero value trusts nobody: everything waits.
type Trust struct {
	Mail            []string // addresses whose mail may act, once authenticated
	Unauthenticated string   // approve where empty
}

// Ruling is what may become of a delivery.
type Ruling string

// Acting changes facts; waiting makes a case in the inbox and nothing else.
const (
	Act    Ruling = "act"
	Wait   Ruling = "wait"
	Reject Ruling = "reject"
)

// Question is what Admit has to know about a delivery.
type Question struct {
	Delivery  cutover.Delivery
	Sender    string   // the address in the one From, lower case; empty: none, or several
	IDs       []string // tracking IDs it names
	Confirmed bool     // an authenticated webhook or a live source named one of them
	Said      string   // the last decision of a person on it: approve, reject or nothing
}

// Admit rules who may change facts. A passing DKIM check alone is no proof of a
// notice, since the provider's own alerting has been used to send scam text:
// mail acts when its sender is proven and listed and its tracking ID is known
// from a source that cannot be talked into it, or when a person says so.
func Admit(t Trust, q Question) (Ruling, []string) {
	switch q.Said {
	case cutover.DecideApprove:
		return Act, []string{"a person approved it"}
	case cutover.DecideReject:
		return Reject, []string{"a person rejected it"}
	}
	switch q.Delivery.Channel {
	case cutover.ChannelMail:
		return t.mail(q)
	case cutover.ChannelWebhook, cutover.ChannelPoll:
		return t.machine(q)
	}
	return t.unproven(fmt.Sprintf("it came through %q, a channel that nobody vouches for", q.Delivery.Channel))
}

// machine rules over webhooks and live sources, which have no sender.
func (t Trust) machine(q Question) (Ruling, []string) {
	a := q.Delivery.Auth
	switch {
	case live(q.Delivery):
		return Act, []string{"its channel is authenticated (" + a.Method + ")"}
	case a.Method == cutover.AuthFolder:
		return t.folder("a webhook's body saved in a folder")
	case a.Detail != "":
		return t.unproven("nothing proves who sent it: " + a.Detail)
	}
	return t.unproven("nothing proves who sent it")
}

func (t Trust) mail(q Question) (Ruling, []string) {
	d := q.Delivery
	if d.Auth.Method == cutover.AuthFolder {
		if saved(q) {
			return t.folder("a text saved in a folder")
		}
		if why := t.unlisted(q.Sender); why != "" {
			return t.unproven(why)
		}
		return t.folder("a mail saved in a folder, from a listed sender")
	}
	if !d.Auth.Passed {
		why := "its sender is not proven"
		if d.Auth.Detail != "" {
			why += ": " + d.Auth.Detail
		}
		return t.unproven(why)
	}
	// From here on the sender is proven, and a policy about unproven ones says nothing.
	if why := t.unlisted(q.Sender); why != "" {
		return Wait, []string{why}
	}
	if _, domain, _ := strings.Cut(q.Sender, "@"); domain != d.Auth.Domain && !strings.HasSuffix(domain, "."+d.Auth.Domain) {
		return Wait, []string{fmt.Sprintf("what was proven is %q, not the domain of its sender %q", d.Auth.Domain, q.Sender)}
	}
	switch {
	case len(q.IDs) == 0:
		return Wait, []string{"it names no tracking ID that a live source could confirm"}
	case !q.Confirmed:
		return Wait, []string{fmt.Sprintf("no live source and no authenticated webhook has confirmed its tracking ID %s yet", strings.Join(q.IDs, ", "))}
	}
	return Act, []string{"its sender is proven and listed, and its tracking ID is confirmed"}
}

// folder rules over what lies in a folder: nothing authenticates it, so it is the
// policy's to say.
func (t Trust) folder(what string) (Ruling, []string) {
	switch t.Unauthenticated {
	case UnauthAccept:
		return Act, []string{"it is " + what + ", and those are accepted (trust.unauthenticated)"}
	case UnauthReject:
		return Reject, []string{"it is " + what + ", and those are rejected (trust.unauthenticated)"}
	}
	return Wait, []string{"it is " + what + ": nothing authenticates it, so a person must approve it"}
}

// unproven rules over what the policy's accept does not cover.
func (t Trust) unproven(why string) (Ruling, []string) {
	if t.Unauthenticated == UnauthReject {
		return Reject, []string{why + ", and such deliveries are rejected (trust.unauthenticated)"}
	}
	return Wait, []string{why}
}

// unlisted says why the sender is not on the list; nothing when it is. Only whole
// addresses compare, and only ASCII letters ignore case: a display name, a domain
// that ends alike or a letter of another script is not the address.
func (t Trust) unlisted(sender string) string {
	if sender == "" {
		return "it has no single address in From that could be compared with trust.mail"
	}
	for _, listed := range t.Mail {
		if lower(strings.TrimSpace(listed)) == lower(sender) {
			return ""
		}
	}
	return fmt.Sprintf("its sender %q is not listed in trust.mail", sender)
}

// live reports a source that confirms tracking IDs: one that proved itself and
// carries no text of strangers.
func live(d cutover.Delivery) bool {
	if d.Channel != cutover.ChannelWebhook && d.Channel != cutover.ChannelPoll {
		return false
	}
	return d.Auth.Passed && d.Auth.Method != cutover.AuthNone && d.Auth.Method != cutover.AuthFolder
}

// saved reports a text that somebody saved by hand, which has no sender. A mail is
// not one, and neither is a text with two From lines: that is a mail which hides
// its sender.
func saved(q Question) bool {
	if q.Sender != "" || strings.EqualFold(path.Ext(q.Delivery.Name), ".eml") {
		return false
	}
	from := 0
	head := q.Delivery.Raw[:min(len(q.Delivery.Raw), 64<<10)]
	for line := range bytes.Lines(head) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			break
		}
		if name, _, ok := bytes.Cut(line, []byte(":")); ok && strings.EqualFold(string(bytes.TrimSpace(name)), "from") {
			from++
		}
	}
	return from < 2
}

func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
