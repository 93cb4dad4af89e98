package api_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cutover/shared/slack"
	"cutover/shared/slack/api"
	"cutover/shared/slack/api/slacktest"
)

// TestTokenStaysSecret makes everything fail: no error shows the token, in none of
// the ways to print it, and none of what wraps it.
func TestTokenStaysSecret(t *testing.T) {
	check := func(t *testing.T, token string, err error) {
		t.Helper()
		if err == nil {
			t.Error("no error: the test looks at nothing")
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			if s := fmt.Sprintf("%v %+v %#v %q", e, e, e, e); strings.Contains(s, token) {
				t.Errorf("the token stands in an error: %s", s)
			}
		}
	}
	for _, fault := range []slacktest.Fault{slacktest.TooMany, slacktest.ServerError, slacktest.Hang, slacktest.Garbled, slacktest.Dropped, slacktest.Unreadable, "invalid_auth"} {
		a, s, c := open(t)
		s.Fail("", fault)
		_, err := a.Post(under(t, s, fault), draft("e"))
		check(t, s.Token(), err)
		wait(t, err, c)
		s.Fail("", fault)
		_, _, err = a.Find(under(t, s, fault), "#one", "", "e", c.now())
		check(t, s.Token(), err)
		if strings.Contains(fmt.Sprintf("%v %+v %#v", a, a, a), s.Token()) {
			t.Error("the token stands in the printed API")
		}
	}
	// A server (or a proxy) that throws the token back, and one that sends us elsewhere.
	const token = "xoxb-1234567890-echo"
	for name, answer := range map[string]func(w http.ResponseWriter, r *http.Request){
		"as a code": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"ok":false,"error":%q}`, r.Header.Get("Authorization"))
		},
		"in messages": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":[%q]}}`, r.Header.Get("Authorization"))
		},
		"as errors": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"ok":false,"error":"x","errors":[{"what":%q}]}`, r.Header.Get("Authorization"))
		},
		"as status": func(w http.ResponseWriter, r *http.Request) {
			raw(t, w, "HTTP/1.1 500 "+r.Header.Get("Authorization")+"\r\nContent-Length: 0\r\n\r\n")
		},
		"as location": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/"+r.Header.Get("Authorization"), http.StatusTemporaryRedirect)
		},
		"as protocol": func(w http.ResponseWriter, r *http.Request) { raw(t, w, r.Header.Get("Authorization")+"\r\n\r\n") },
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(answer))
			defer srv.Close()
			_, _, c := open(t)
			a, err := api.New(api.Config{Token: token, URL: srv.URL, Now: c.now, Sleep: c.sleep})
			if err != nil {
				t.Fatal(err)
			}
			_, err = a.Post(t.Context(), draft("e"))
			check(t, token, err)
		})
	}
}

// TestRedirect leads nowhere: the token and the message do not go along.
func TestRedirect(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
	defer elsewhere.Close()
	srv := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusFound))
	defer srv.Close()
	_, _, c := open(t)
	a, err := api.New(api.Config{Token: "xoxb-1", URL: srv.URL, Now: c.now, Sleep: c.sleep})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Post(t.Context(), draft("e")); err == nil || !slack.Undone(err) || !strings.Contains(err.Error(), "status 302") {
		t.Errorf("Post: %v", err)
	}
}

func raw(t *testing.T, w http.ResponseWriter, s string) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, s)
}
