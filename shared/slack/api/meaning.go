package api

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"cutover/shared/slack"
)

// askedToWait reads from a refusal how long Slack wants to be left alone.
func askedToWait(err error) (time.Duration, bool) {
	var limited *slackgo.RateLimitedError
	if errors.As(err, &limited) {
		return max(limited.RetryAfter, time.Second), true
	}
	var answer slackgo.SlackErrorResponse
	if errors.As(err, &answer) {
		switch answer.Err {
		case "ratelimited", "rate_limited", "message_limit_exceeded":
			return unsaid, true
		}
	}
	return 0, false
}

// meaning sorts the other failures: gone, surely not done, or in doubt.
func (a *API) meaning(err error) error {
	var answer slackgo.SlackErrorResponse
	var status slackgo.StatusCodeError
	var dial *net.OpError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &answer):
		return a.answered(answer)
	case errors.As(err, &status) && status.Code < http.StatusInternalServerError:
		return slack.Refused{Err: fmt.Errorf("status %d from Slack: look at the address of the API and at what stands between: %w", status.Code, a.wire.clean(err))}
	case errors.As(err, &dial) && dial.Op == "dial", errors.As(err, &certificate):
		return slack.Refused{Err: a.wire.clean(err)}
	}
	return a.wire.clean(err)
}

var code = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)

// answered sorts the answers that name an error.
func (a *API) answered(answer slackgo.SlackErrorResponse) error {
	switch answer.Err {
	case "message_not_found", "cant_update_message", "edit_window_closed":
		return fmt.Errorf("%w (%s)", slack.ErrGone, answer.Err)
	case "fatal_error", "internal_error", "service_unavailable":
		// The documentation says of these that a part may have been done.
		return fmt.Errorf("failing inside of Slack with %s", answer.Err)
	}
	words := a.explain(answer)
	if !code.MatchString(answer.Err) {
		answer.Err = ""
	}
	return slack.Refused{Err: refusal{words, slackgo.SlackErrorResponse{Err: answer.Err}}}
}

// refusal is Slack's answer in words, with its code for errors.As.
type refusal struct {
	words  string
	answer slackgo.SlackErrorResponse
}

func (r refusal) Error() string { return r.words }

// Unwrap gives the answer.
func (r refusal) Unwrap() error { return r.answer }

func (a *API) explain(answer slackgo.SlackErrorResponse) string {
	if !code.MatchString(answer.Err) {
		return "Slack refuses, with a code that cannot be read"
	}
	words := "Slack refuses: " + answer.Err + "; " + advice(answer.Err)
	if answer.Err == "missing_scope" && scopes.MatchString(answer.Needed) {
		words += ", it needs " + answer.Needed
	}
	if len(answer.ResponseMetadata.Messages) > 0 {
		words += " (" + a.wire.word(strings.Join(answer.ResponseMetadata.Messages, "; ")) + ")"
	}
	return words
}

var scopes = regexp.MustCompile(`^[a-z:._,]{1,200}$`)

// advice says what to do next about a code (docs.slack.dev, reference/methods).
func advice(code string) string {
	switch code {
	case "channel_not_found":
		return "mend the team's slack channel, or invite the app there if the channel is private (/invite in the channel)"
	case "not_in_channel":
		return "invite the app to the channel (/invite in the channel)"
	case "is_archived", "is_inactive":
		return "unarchive the channel, or give the team another slack channel"
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired":
		return "Slack does not accept the token: install the app again and renew it"
	case "missing_scope", "not_allowed_token_type", "no_permission":
		return "the token lacks a right: add the scope to the app and install it again"
	case "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
		"restricted_action_non_threadable_channel", "restricted_action_thread_locked", "ekm_access_denied", "access_denied", "team_access_not_granted":
		return "a rule of the workspace forbids it: ask its administrators"
	case "msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "no_text", "invalid_arguments",
		"invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large":
		return "this message is a fault of Cutover: report it with the code"
	}
	return "look the code up in Slack's documentation of the method"
}
