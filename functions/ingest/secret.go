package ingest

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"cutover/shared/cutover"
)

// authenticate compares the secret in constant time. Without a configured secret
// every delivery is kept, as one of an unknown sender.
func (h *webhook) authenticate(req *http.Request) (cutover.Authentication, *answer) {
	if len(h.secrets) == 0 {
		return cutover.Authentication{Method: cutover.AuthNone, Detail: "the endpoint has no secret configured"}, nil
	}
	given := secretOf(req)
	if given == "" {
		return cutover.Authentication{}, &answer{code: http.StatusUnauthorized, text: "a secret is needed"}
	}
	sum := sha256.Sum256([]byte(given))
	match := 0
	for _, s := range h.secrets {
		match |= subtle.ConstantTimeCompare(sum[:], s[:])
	}
	if match == 0 {
		return cutover.Authentication{}, &answer{code: http.StatusForbidden, text: "wrong secret"}
	}
	return cutover.Authentication{Method: cutover.AuthSharedSecret, Passed: true, Detail: "the secret of the webhook"}, nil
}

// secretOf finds the secret: after the path, in the query (code is what Azure
// Functions call it), or in a header.
func secretOf(req *http.Request) string {
	if rest, ok := strings.CutPrefix(req.URL.Path, WebhookPath+"/"); ok && rest != "" {
		return rest
	}
	q := req.URL.Query()
	for _, s := range []string{q.Get("secret"), q.Get("code"), req.Header.Get("X-Cutover-Secret")} {
		if s != "" {
			return s
		}
	}
	if scheme, token, ok := strings.Cut(req.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token)
	}
	return ""
}
