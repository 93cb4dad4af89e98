package parse

import (
	"strings"
	"testing"

	"cutover/shared/cutover"
)

func TestAdmit(t *testing.T) {
	const listed = "azure-noreply@microsoft.com"
	accept, approve, reject := UnauthAccept, UnauthApprove, UnauthReject
	folder := cutover.Authentication{Method: cutover.AuthFolder}
	dkim := cutover.Authentication{Method: cutover.AuthDKIM, Passed: true, Domain: "microsoft.com"}
	failed := cutover.Authentication{Method: cutover.AuthDKIM, Detail: "body hash did not verify"}
	secret := cutover.Authentication{Method: cutover.AuthSharedSecret, Passed: true}
	none := cutover.Authentication{Method: cutover.AuthNone}
	ids := []string{"3SYG-JCG"}
	mail := func(a cutover.Authentication, name string) cutover.Delivery {
		return cutover.Delivery{Channel: cutover.ChannelMail, Auth: a, Name: name}
	}
	hook := func(a cutover.Authentication) cutover.Delivery {
		return cutover.Delivery{Channel: cutover.ChannelWebhook, Auth: a, Name: "webhooks/a.json"}
	}
	twoFroms := mail(folder, "inbox/a.txt")
	twoFroms.Raw = []byte("From: azure-noreply@microsoft.com\r\nfrom : evil@evil.example\r\n\r\nFrom here on\r\n")
	oneFrom := mail(folder, "inbox/a.txt")
	oneFrom.Raw = []byte("From: Microsoft Azure\nSent: Monday\n\nText.\nFrom: nobody\n")

	tests := []struct {
		name   string
		policy string
		q      Question
		want   Ruling
		why    string
	}{
		// What a folder holds: the policy waives authentication, never the list.
		{"folder, listed, accept", accept, Question{Delivery: mail(folder, "a.eml"), Sender: listed}, Act, "accepted"},
		{"folder, listed, approve", approve, Question{Delivery: mail(folder, "a.eml"), Sender: listed}, Wait, "a person must approve"},
		{"folder, listed, no policy", "", Question{Delivery: mail(folder, "a.eml"), Sender: listed}, Wait, "a person must approve"},
		{"folder, listed, reject", reject, Question{Delivery: mail(folder, "a.eml"), Sender: listed}, Reject, "rejected"},
		{"folder, other, accept", accept, Question{Delivery: mail(folder, "a.eml"), Sender: "news@contoso.example"}, Wait, "not listed in trust.mail"},
		{"folder, other, approve", approve, Question{Delivery: mail(folder, "a.eml"), Sender: "news@contoso.example"}, Wait, "not listed"},
		{"folder, other, reject", reject, Question{Delivery: mail(folder, "a.eml"), Sender: "news@contoso.example"}, Reject, "not listed"},
		{"folder, no sender, accept", accept, Question{Delivery: mail(folder, "A.EML")}, Wait, "no single address"},
		{"folder, confirmed ID is no proof", approve, Question{Delivery: mail(folder, "a.eml"), Sender: listed, IDs: ids, Confirmed: true}, Wait, "nothing authenticates"},
		{"list ignores case and blanks", accept, Question{Delivery: mail(folder, "a.eml"), Sender: "alerts@contoso.example"}, Act, ""},
		// Look-alikes.
		{"longer domain", accept, Question{Delivery: mail(folder, "a.eml"), Sender: listed + ".evil.example"}, Wait, "not listed"},
		{"longer local part", accept, Question{Delivery: mail(folder, "a.eml"), Sender: "x" + listed}, Wait, "not listed"},
		{"domain below", accept, Question{Delivery: mail(folder, "a.eml"), Sender: "azure-noreply@mail.microsoft.com"}, Wait, "not listed"},
		{"long s", accept, Question{Delivery: mail(folder, "a.eml"), Sender: "azure-noreply@microſoft.com"}, Wait, "not listed"},
		{"Cyrillic o", accept, Question{Delivery: mail(folder, "a.eml"), Sender: "azure-noreply@micrоsoft.com"}, Wait, "not listed"},
		// Saved texts and webhooks have no sender.
		{"saved page, accept", accept, Question{Delivery: mail(folder, "inbox/a.html")}, Act, "accepted"},
		{"saved page, approve", approve, Question{Delivery: mail(folder, "inbox/a.html")}, Wait, "person must approve"},
		{"saved page, reject", reject, Question{Delivery: mail(folder, "inbox/a.html")}, Reject, "rejected"},
		{"saved text with a From line", accept, Question{Delivery: oneFrom}, Act, ""},
		{"saved text that hides its sender", accept, Question{Delivery: twoFroms}, Wait, "no single address"},
		{"mail saved as text, other sender", accept, Question{Delivery: mail(folder, "a.txt"), Sender: "x@y.example"}, Wait, "not listed"},
		{"saved webhook, accept", accept, Question{Delivery: hook(folder)}, Act, "accepted"},
		{"saved webhook, approve", approve, Question{Delivery: hook(folder)}, Wait, "person must approve"},
		{"saved webhook, reject", reject, Question{Delivery: hook(folder)}, Reject, "rejected"},
		// Mail over the network.
		{"proven, listed, confirmed", approve, Question{Delivery: mail(dkim, "m"), Sender: listed, IDs: ids, Confirmed: true}, Act, "confirmed"},
		{"proven, listed, not confirmed", accept, Question{Delivery: mail(dkim, "m"), Sender: listed, IDs: ids}, Wait, "3SYG-JCG yet"},
		{"proven, listed, no ID", accept, Question{Delivery: mail(dkim, "m"), Sender: listed}, Wait, "no tracking ID"},
		{"proven, not listed", accept, Question{Delivery: mail(dkim, "m"), Sender: "scam@microsoft.com", IDs: ids, Confirmed: true}, Wait, "not listed"},
		{"proven, not listed, reject", reject, Question{Delivery: mail(dkim, "m"), Sender: "scam@microsoft.com", IDs: ids}, Wait, "not listed"},
		{"proven by another domain", approve, Question{Delivery: mail(cutover.Authentication{Method: cutover.AuthDKIM, Passed: true, Domain: "evil.example"}, "m"), Sender: listed, IDs: ids, Confirmed: true}, Wait, "evil.example"},
		{"proven by the end of its domain", approve, Question{Delivery: mail(cutover.Authentication{Method: cutover.AuthDKIM, Passed: true, Domain: "soft.com"}, "m"), Sender: listed, IDs: ids, Confirmed: true}, Wait, "soft.com"},
		{"not proven, listed, confirmed, accept", accept, Question{Delivery: mail(failed, "m"), Sender: listed, IDs: ids, Confirmed: true}, Wait, "body hash"},
		{"not proven, reject", reject, Question{Delivery: mail(failed, "m"), Sender: listed}, Reject, "body hash"},
		{"not checked", accept, Question{Delivery: mail(none, "m.html"), Sender: listed, IDs: ids, Confirmed: true}, Wait, "not proven"},
		// Webhooks over the network, live sources, and the unknown.
		{"webhook with the secret", reject, Question{Delivery: hook(secret)}, Act, "shared-secret"},
		{"webhook without", accept, Question{Delivery: hook(none)}, Wait, "nothing proves"},
		{"webhook without, reject", reject, Question{Delivery: hook(none)}, Reject, "nothing proves"},
		{"poll", approve, Question{Delivery: cutover.Delivery{Channel: cutover.ChannelPoll, Auth: cutover.Authentication{Method: "entra", Passed: true}}}, Act, "entra"},
		{"unknown channel", accept, Question{Delivery: cutover.Delivery{Channel: "fax", Auth: secret}}, Wait, "fax"},
		// People.
		{"approved", reject, Question{Delivery: mail(failed, "m"), Said: cutover.DecideApprove}, Act, "a person approved"},
		{"rejected", accept, Question{Delivery: hook(secret), Said: cutover.DecideReject}, Reject, "a person rejected"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, why := Admit(Trust{Mail: []string{listed, " Alerts@CONTOSO.example "}, Unauthenticated: tt.policy}, tt.q)
			if got != tt.want {
				t.Errorf("ruling %s because %v, want %s", got, why, tt.want)
			}
			if len(why) == 0 || !strings.Contains(strings.Join(why, "; "), tt.why) {
				t.Errorf("reasons %q do not say %q", why, tt.why)
			}
		})
	}
}

// Nobody is trusted by a configuration that says nothing.
func TestAdmitZeroTrust(t *testing.T) {
	q := Question{Delivery: cutover.Delivery{Channel: cutover.ChannelMail, Auth: cutover.Authentication{Method: cutover.AuthFolder}, Name: "a.eml"}, Sender: "a@b.example"}
	if got, _ := Admit(Trust{}, q); got != Wait {
		t.Errorf("ruling %s, want wait", got)
	}
}
