package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"

	"cutover/shared/slack"
)

const (
	// maxAnswer is the largest answer that is read, in bytes; a page of history is
	// far smaller.
	maxAnswer = 16 << 20
	// maxWait is the longest wait that is believed.
	maxWait = 24 * time.Hour
)

// wire stands between slack-go and the network: it keeps the token out of the
// bodies, and answers are capped and looked at before slack-go decodes them.
type wire struct {
	http  http.Client
	token string
}

func newWire(c *http.Client, token string) *wire {
	w := &wire{http: *c, token: token}
	w.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // the token follows nowhere
	return w
}

// Do makes one request.
func (w *wire) Do(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, slack.Refused{Err: err}
	}
	form.Del("token")
	body := form.Encode()
	r = r.Clone(r.Context())
	r.Body, r.GetBody, r.ContentLength = io.NopCloser(strings.NewReader(body)), nil, int64(len(body))
	r.Header.Set("Authorization", "Bearer "+w.token)
	r.Header.Set("User-Agent", "cutover")
	resp, err := w.http.Do(r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		resp.Header.Set("Retry-After", strconv.Itoa(int(retryAfter(resp.Header.Get("Retry-After"))/time.Second)))
	}
	if resp.StatusCode != http.StatusOK {
		return resp, nil
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("reading Slack's answer: %w", err)
	}
	if len(answer) > maxAnswer {
		return nil, fmt.Errorf("reading Slack's answer: it is longer than %d bytes", maxAnswer)
	}
	if answer, err = look(path.Base(r.URL.Path), answer); err != nil {
		return nil, fmt.Errorf("reading Slack's answer: %w", err)
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(answer)), int64(len(answer))
	return resp, nil
}

func retryAfter(header string) time.Duration {
	s, err := strconv.Atoi(header)
	if err != nil || s < 0 {
		return unsaid
	}
	return max(time.Second, min(time.Duration(min(s, int(maxWait/time.Second)))*time.Second, maxWait))
}

// look refuses what is no answer of Slack's (slack-go takes {} for a success), and
// makes of a history only what Find needs: other apps' blocks may be of a kind that
// slack-go cannot decode.
func look(method string, raw []byte) ([]byte, error) {
	var head struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, errors.New("it is no JSON of Slack's; something else may have answered")
	}
	if head.OK == nil || !*head.OK && head.Error == "" {
		return nil, errors.New("it says neither that it was done nor why not")
	}
	if !*head.OK || method != "conversations.history" && method != "conversations.replies" {
		return raw, nil
	}
	var page history
	if err := json.Unmarshal(raw, &page); err != nil || page.Messages == nil {
		return nil, errors.New("it holds no list of messages")
	}
	for i, m := range page.Messages {
		var meta slack.Metadata
		if json.Unmarshal(m.Metadata, &meta) != nil || meta.EventType != slack.EventType {
			page.Messages[i].Metadata = nil
		}
	}
	return json.Marshal(page)
}

// history is what Find needs of an answer.
type history struct {
	OK       bool `json:"ok"`
	HasMore  bool `json:"has_more"`
	Metadata struct {
		Next string `json:"next_cursor"`
	} `json:"response_metadata"`
	Messages []struct {
		TS       string          `json:"ts"`
		Thread   string          `json:"thread_ts,omitempty"`
		Metadata json.RawMessage `json:"metadata,omitempty"`
	} `json:"messages"`
}

// clean gives an error that shows no token, whatever stands in its text.
func (w *wire) clean(err error) error {
	if !strings.Contains(err.Error(), w.token) && len(err.Error()) <= maxWords {
		return err
	}
	return errors.New(w.word(err.Error()))
}

const maxWords = 500

// word makes foreign words fit for an error: without token, short, in one line.
func (w *wire) word(s string) string {
	s = strings.ReplaceAll(s, w.token, "[token]")
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
	if rs := []rune(s); len(rs) > maxWords {
		s = string(rs[:maxWords]) + "…"
	}
	return s
}
