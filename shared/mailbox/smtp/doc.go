// Package smtp receives mail for Cutover: a listener that hands each message to
// Keep and answers 250 only after Keep has returned nil. If the store fails, the
// sender is told 451 and tries again; nothing is lost in between.
//
// The listener relays nothing and offers no AUTH. It may be bound to recipients
// of its own; without any it takes what arrives, which is right for an address
// behind a mail gateway and for nothing else.
//
// How far the sender is proven is found out by DKIM (RFC 6376) with the rules of
// verify.go. A signature that cannot be checked, for want of DNS too, is "not
// proven": the mail is kept all the same, and waits for a person.
package smtp
