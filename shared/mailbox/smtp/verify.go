package smtp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"cutover/shared/cutover"
)

// Limits that keep a hostile message from costing more than an ordinary one.
const (
	maxSignatures = 5
	maxRecord     = 4 << 10 // bytes of a key record; a key of 16,384 bits fits
	lookupTimeout = 10 * time.Second
	// The library keeps runs of line ends and copies them again and again.
	maxBlankRun = 64 << 10
)

// Verifier checks the DKIM signatures of a message.
//
// It proves the domain of the author, the one that people see and the sender list
// names, so it asks for more than a signature that is right: exactly one From
// with one address; the signing domain (d=) is the author's domain or a domain
// above it; From, Subject and Date are signed; no header that decides how the
// text is read stands twice; the whole body is signed (no l=); the signature has
// not expired; the key has 1,024 bits or more and is not for testing.
type Verifier struct {
	// LookupTXT asks DNS for the TXT records of a name, one string per record; nil
	// means the system's resolver. It is asked about the author's domain and those
	// above it only, never about a name of the message's choosing.
	LookupTXT func(ctx context.Context, name string) ([]string, error)
}

// Verify never fails: what cannot be proven is not proven, with the reason for
// people in Detail.
func (v Verifier) Verify(ctx context.Context, raw []byte, now time.Time) cutover.Authentication {
	domain, detail, err := v.prove(ctx, raw, now)
	if err != nil {
		return cutover.Authentication{Method: cutover.AuthDKIM, Detail: clean(err.Error())}
	}
	return cutover.Authentication{Method: cutover.AuthDKIM, Passed: true, Domain: domain, Detail: clean(detail)}
}

func (v Verifier) prove(ctx context.Context, raw []byte, now time.Time) (domain, detail string, err error) {
	head, err := readHead(raw)
	if err != nil {
		return "", "", err
	}
	author, err := head.author()
	if err != nil {
		return "", "", err
	}
	if head.count("dkim-signature") == 0 {
		return "", "", errors.New("the mail carries no DKIM signature")
	}
	if blankRun(raw[head.size:]) {
		return "", "", errors.New("the mail has too many empty lines in a row to be checked")
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	all, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{
		LookupTXT:        v.lookup(ctx, author),
		MaxVerifications: maxSignatures,
	})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return "", "", fmt.Errorf("checking the DKIM signatures: %w", err)
	}
	var why []string
	for _, sig := range all {
		if err := judge(sig, author, head, now); err != nil {
			why = append(why, err.Error())
			continue
		}
		d := canonical(sig.Domain)
		return d, fmt.Sprintf("signed by %s for an author at %s", d, author), nil
	}
	return "", "", errors.New(strings.Join(why, "; "))
}

// judge is what this package asks of a signature beside being right.
func judge(sig *dkim.Verification, author string, h head, now time.Time) error {
	d := canonical(sig.Domain)
	switch {
	case !aligned(author, d):
		return fmt.Errorf("the signature of %q does not speak for an author at %s", d, author)
	case sig.Err != nil:
		return fmt.Errorf("the signature of %s does not prove anything: %s", d, strings.TrimPrefix(sig.Err.Error(), "dkim: "))
	case !sig.Expiration.IsZero() && now.After(sig.Expiration):
		return fmt.Errorf("the signature of %s expired on %s", d, sig.Expiration.UTC().Format(time.DateOnly))
	}
	for _, name := range []string{"from", "subject", "date"} {
		if h.count(name) > 0 && !signs(sig.HeaderKeys, name) {
			return fmt.Errorf("the signature of %s leaves out %s, which anybody can have changed", d, name)
		}
	}
	return nil
}

func signs(keys []string, name string) bool {
	for _, k := range keys {
		if strings.EqualFold(k, name) {
			return true
		}
	}
	return false
}

// lookup hands the library a resolver that is bound to the author's domain.
func (v Verifier) lookup(ctx context.Context, author string) func(string) ([]string, error) {
	txt := v.LookupTXT
	if txt == nil {
		txt = net.DefaultResolver.LookupTXT
	}
	return func(name string) ([]string, error) {
		const label = "._domainkey."
		i := strings.LastIndex(name, label)
		if i < 0 || !aligned(author, canonical(name[i+len(label):])) {
			return nil, errors.New("not asked for, it is not the author's domain")
		}
		records, err := txt(ctx, name)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if len(r) > maxRecord {
				return nil, errors.New("the key record is too long")
			}
			if forTesting(r) {
				return nil, errors.New("the key is published for testing (t=y)")
			}
		}
		return records, nil
	}
}

// forTesting reports the flag y of a key record: RFC 6376, 3.6.1 wants such mail
// treated as if it were not signed.
func forTesting(record string) bool {
	for _, tag := range strings.Split(record, ";") {
		key, value, _ := strings.Cut(tag, "=")
		if strings.TrimSpace(key) != "t" {
			continue
		}
		for _, flag := range strings.Split(value, ":") {
			if strings.TrimSpace(flag) == "y" {
				return true
			}
		}
	}
	return false
}

func blankRun(body []byte) bool {
	run := 0
	for _, c := range body {
		if c != '\r' && c != '\n' {
			run = 0
		} else if run++; run > maxBlankRun {
			return true
		}
	}
	return false
}
