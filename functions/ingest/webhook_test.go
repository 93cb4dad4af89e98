package ingest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cutover/shared/cutover"
	"cutover/shared/store"
)

// counting counts the transactions that write.
type counting struct {
	Store
	updates int
}

func (c *counting) Update(ctx context.Context, fn func(store.Tx) error) error {
	c.updates++
	return c.Store.Update(ctx, fn)
}

const secret = "s3cr3t/with+odd=chars"

func serve(t *testing.T, w Webhook) (*httptest.Server, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	w.Now = func() time.Time { return at }
	w.Log = slog.New(slog.NewJSONHandler(&log, nil))
	mux := http.NewServeMux()
	mux.Handle(WebhookPath, w.Handler())
	mux.Handle(WebhookPath+"/", w.Handler())
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv, &log
}

func ask(t *testing.T, method, url, body string, header http.Header) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		req.Header[k] = v
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(text)
}

func TestWebhook(t *testing.T) {
	h := open(t)
	srv, log := serve(t, Webhook{Keep: h.room.Keep, Secrets: []string{"", "old one", secret}})
	head := func(k, v string) http.Header { return http.Header{k: {v}} }
	tests := []struct {
		name, method, path, body string
		header                   http.Header
		want                     int
	}{
		{"in the path", "POST", "/" + secret, `{"a":1}`, nil, 202},
		{"in the query", "POST", "?secret=s3cr3t/with%2Bodd%3Dchars", `{"a":2}`, nil, 202},
		{"as a function's code", "POST", "?code=old+one", `{"a":3}`, nil, 202},
		{"in a header", "POST", "", `{"a":4}`, head("X-Cutover-Secret", secret), 202},
		{"as a bearer", "POST", "", `{"a":5}`, head("Authorization", "bearer "+secret), 202},
		{"the same again", "POST", "/" + secret, `{"a":1}`, nil, 202},
		{"no JSON", "POST", "/" + secret, "\xff not JSON", nil, 202},
		{"nothing", "POST", "/" + secret, "", nil, 202},
		{"as large as may be", "POST", "/" + secret, strings.Repeat("x", maxBody), nil, 202},
		{"without", "POST", "", `{}`, nil, 401},
		{"without, with a slash", "POST", "/", `{}`, nil, 401},
		{"basic credentials", "POST", "", `{}`, head("Authorization", "Basic "+secret), 401},
		{"wrong", "POST", "/s3cr3t", `{}`, nil, 403},
		{"longer", "POST", "/" + secret + "x", `{}`, nil, 403},
		{"wrong before right", "POST", "/wrong?secret=" + secret, `{}`, nil, 403},
		{"too large", "POST", "/" + secret, strings.Repeat("x", maxBody+1), nil, 413},
		{"GET", "GET", "/" + secret, "", nil, 405},
		{"PUT", "PUT", "/" + secret, "{}", nil, 405},
		{"odd method", "BREW", "/" + secret, "{}", nil, 405},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, header, text := ask(t, tt.method, srv.URL+WebhookPath+tt.path, tt.body, tt.header)
			if code != tt.want {
				t.Errorf("answer %d %q, want %d", code, text, tt.want)
			}
			id := cutover.DeliveryID(cutover.ChannelWebhook, "", []byte(tt.body))
			if code != 202 {
				if code == 405 && header.Get("Allow") != "POST" {
					t.Errorf("405 allows %q", header.Get("Allow"))
				}
				return
			}
			d := h.delivery(id)
			if want := (cutover.Authentication{Method: cutover.AuthSharedSecret, Passed: true, Detail: d.Auth.Detail}); string(d.Raw) != tt.body || d.Auth != want || !d.Received.Equal(at) || d.Name != "webhook from 127.0.0.1" {
				t.Errorf("kept %+v", d)
			}
			if !strings.Contains(text, id) {
				t.Errorf("the answer %q does not name delivery %s", text, id)
			}
		})
	}
	if n := len(h.pending()); n != 8 {
		t.Errorf("%d messages, want 8: what was refused or came twice is none", n)
	}
	if n := strings.Count(log.String(), "\n"); n != len(tests) {
		t.Errorf("%d lines in the access log, want %d", n, len(tests))
	}
	for _, leak := range []string{secret, "s3cr3t", "old one", "odd", "BREW"} {
		if strings.Contains(log.String(), leak) {
			t.Errorf("the log holds %q:\n%s", leak, log)
		}
	}
}

// Chunked bodies have no length to be judged by beforehand.
func TestWebhookTooLargeChunked(t *testing.T) {
	h := open(t)
	srv, _ := serve(t, Webhook{Keep: h.room.Keep})
	resp, err := http.Post(srv.URL+WebhookPath, "application/json", io.MultiReader(strings.NewReader(strings.Repeat("x", maxBody)), strings.NewReader("y")))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 413 || len(h.names()) != 0 {
		t.Errorf("answer %d, kept %v", resp.StatusCode, h.names())
	}
}

func TestWebhookWithoutSecret(t *testing.T) {
	h := open(t)
	srv, _ := serve(t, Webhook{Keep: h.room.Keep, Secrets: []string{""}})
	if code, _, _ := ask(t, "POST", srv.URL+WebhookPath+"/anything", "{}", nil); code != 202 {
		t.Fatalf("answer %d, want 202", code)
	}
	d := h.delivery(cutover.DeliveryID(cutover.ChannelWebhook, "", []byte("{}")))
	if d.Auth.Passed || d.Auth.Method != cutover.AuthNone || d.Auth.Detail == "" {
		t.Errorf("auth is %+v, want none, with the reason", d.Auth)
	}
}

func TestWebhookNeverFailsForGood(t *testing.T) {
	broken := map[string]func(context.Context, cutover.Delivery) (string, bool, error){
		"store fails": func(context.Context, cutover.Delivery) (string, bool, error) {
			return "", false, errors.New("disk full")
		},
		"store panics": func(context.Context, cutover.Delivery) (string, bool, error) { panic("boom") },
		"store hangs": func(ctx context.Context, _ cutover.Delivery) (string, bool, error) {
			if _, ok := ctx.Deadline(); !ok {
				return "", true, nil // nobody would ever wake it
			}
			return "", false, context.DeadlineExceeded
		},
	}
	for name, keep := range broken {
		t.Run(name, func(t *testing.T) {
			srv, log := serve(t, Webhook{Keep: keep, Secrets: []string{secret}})
			code, header, text := ask(t, "POST", srv.URL+WebhookPath+"/"+secret, "{}", nil)
			if code != 503 || header.Get("Retry-After") == "" {
				t.Errorf("answer %d, Retry-After %q; want 503 and a time", code, header.Get("Retry-After"))
			}
			if strings.Contains(text, "disk") || strings.Contains(text, "boom") {
				t.Errorf("our troubles are told: %q", text)
			}
			if !strings.Contains(log.String(), `"level":"ERROR"`) || strings.Contains(log.String(), secret) {
				t.Errorf("log: %s", log)
			}
		})
	}
}

func TestWebhookBurst(t *testing.T) {
	var mu sync.Mutex
	kept := map[string]bool{}
	keep := func(_ context.Context, d cutover.Delivery) (string, bool, error) {
		mu.Lock()
		defer mu.Unlock()
		kept[string(d.Raw)] = true
		return "id", true, nil
	}
	handler := Webhook{Keep: keep, Now: func() time.Time { return at }}.Handler()
	codes := make(chan int, 200)
	for i := range 200 {
		go func() {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest("POST", WebhookPath, strings.NewReader(strings.Repeat("x", i+1))))
			codes <- w.Code
		}()
	}
	accepted := 0
	for range 200 {
		switch code := <-codes; code {
		case 202:
			accepted++
		case 503: // told to come again
		default:
			t.Errorf("answer %d", code)
		}
	}
	if accepted == 0 || accepted != len(kept) {
		t.Errorf("%d accepted, %d kept", accepted, len(kept))
	}
}

func TestWebhookTooManyAtOnce(t *testing.T) {
	inside, release := make(chan struct{}, maxInFlight), make(chan struct{})
	keep := func(context.Context, cutover.Delivery) (string, bool, error) {
		inside <- struct{}{}
		<-release
		return "id", true, nil
	}
	handler := Webhook{Keep: keep, Now: func() time.Time { return at }}.Handler()
	post := func() int {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("POST", WebhookPath, strings.NewReader("{}")))
		return w.Code
	}
	codes := make(chan int, maxInFlight)
	for range maxInFlight {
		go func() { codes <- post() }()
	}
	for range maxInFlight {
		<-inside
	}
	if code := post(); code != 503 {
		t.Errorf("one too many is answered with %d, want 503", code)
	}
	close(release)
	for range maxInFlight {
		if code := <-codes; code != 202 {
			t.Errorf("answer %d, want 202", code)
		}
	}
}

func TestHealth(t *testing.T) {
	var log bytes.Buffer
	var state error
	h := Health(func(ctx context.Context) error {
		if _, ok := ctx.Deadline(); !ok {
			return errors.New("no deadline")
		}
		if state != nil && state.Error() == "panic" {
			panic(state)
		}
		return state
	}, slog.New(slog.NewTextHandler(&log, nil)))
	get := func(method string) int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, HealthPath, nil))
		if strings.Contains(w.Body.String(), "disk") {
			t.Errorf("the reason is told: %s", w.Body)
		}
		return w.Code
	}
	var got []int
	for _, state = range []error{nil, errors.New("disk full"), errors.New("panic")} {
		got = append(got, get("GET"))
	}
	state = nil
	got = append(got, get("HEAD"), get("POST"))
	if want := []int{200, 503, 503, 200, 405}; !slices.Equal(got, want) {
		t.Errorf("answers %v, want %v", got, want)
	}
	if !strings.Contains(log.String(), "disk full") {
		t.Error("the reason is not in the log")
	}
}

func FuzzWebhook(f *testing.F) {
	f.Add("/webhook/azure/x", "{}", "Bearer x")
	f.Add("/webhook/azure?secret=%ff", "\x00", "")
	f.Fuzz(func(t *testing.T, target, body, auth string) {
		req := httptest.NewRequest("POST", WebhookPath, strings.NewReader(body))
		req.URL.Path, req.URL.RawQuery, _ = strings.Cut(target, "?")
		req.Header.Set("Authorization", auth)
		w := httptest.NewRecorder()
		keep := func(context.Context, cutover.Delivery) (string, bool, error) { return "id", true, nil }
		Webhook{Keep: keep, Secrets: []string{"a very long secret that no input will hold"}, Now: func() time.Time { return at }}.Handler().ServeHTTP(w, req)
		if w.Code != 401 && w.Code != 403 {
			t.Errorf("answer %d to %q", w.Code, target)
		}
	})
}
