package github

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-github/v92/github"

	"cutover/shared/tracker"
)

// askedToWait reads from a refusal how long GitHub wants to be left alone.
func askedToWait(err error) (time.Duration, bool) {
	var primary *github.RateLimitError
	if errors.As(err, &primary) {
		return max(untilReset(primary.Response, primary.Rate), retryAfter(primary.Response), time.Second), true
	}
	var secondary *github.AbuseRateLimitError
	if errors.As(err, &secondary) {
		if d := retryAfter(secondary.Response); d > 0 {
			return d, true
		}
		return unsaid, true
	}
	var other *github.ErrorResponse
	if errors.As(err, &other) {
		switch code := other.Response.StatusCode; {
		case code == http.StatusTooManyRequests,
			code == http.StatusForbidden && strings.Contains(strings.ToLower(other.Message), "rate limit"),
			code == http.StatusForbidden && retryAfter(other.Response) > 0:
			if d := retryAfter(other.Response); d > 0 {
				return d, true
			}
			return unsaid, true
		}
	}
	return 0, false
}

func retryAfter(r *http.Response) time.Duration {
	if r == nil {
		return 0
	}
	s, err := strconv.Atoi(r.Header.Get("Retry-After"))
	if err != nil || s < 0 {
		return 0
	}
	return time.Duration(s) * time.Second
}

// untilReset measures by GitHub's own clock, which its answer carries.
func untilReset(r *http.Response, limit github.Rate) time.Duration {
	if r == nil {
		return unsaid
	}
	sent, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil || limit.Reset.IsZero() {
		return unsaid
	}
	return max(limit.Reset.Sub(sent)+time.Second, time.Second)
}

// meaning sorts the other failures: gone, surely not done, or in doubt.
func meaning(err error) error {
	var answer *github.ErrorResponse
	var dial *net.OpError
	switch {
	case errors.As(err, &answer):
		switch code := answer.Response.StatusCode; {
		case code == http.StatusGone:
			return fmt.Errorf("%w (%s)", tracker.ErrGone, answer.Message)
		case code == http.StatusUnauthorized:
			return tracker.Refused{Err: errors.New("GitHub does not accept the token: renew it")}
		case code == http.StatusNotFound, code == http.StatusForbidden:
			return tracker.Refused{Err: fmt.Errorf("there is no such thing, or the token has no right to it (status %d): look at the team's tracker and the token's rights to issues: %w", code, err)}
		case code < http.StatusInternalServerError:
			return tracker.Refused{Err: err}
		}
	case errors.As(err, &dial) && dial.Op == "dial":
		return tracker.Refused{Err: err}
	}
	return err
}
