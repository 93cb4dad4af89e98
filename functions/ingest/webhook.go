package ingest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"cutover/shared/cutover"
)

// WebhookPath is where Azure Monitor action groups post to. The secret may follow
// as the last part of the path.
const WebhookPath = "/webhook/azure"

// Limits of the endpoint. Azure's payloads end at 256 KB.
const (
	maxBody     = 1 << 20
	keepTimeout = 8 * time.Second // the sender waits for little more than that
	maxInFlight = 64
	retryAfter  = "10" // seconds; the sender tries again for about 75 s
)

// Webhook is the endpoint for Azure Monitor action groups. They sign nothing: the
// only proof a plain webhook can carry is a secret in its URL (headers are taken
// too, for proxies that add one). They also give up on every answer but 408, 429,
// 503 and 504, so that whatever goes wrong on our side is told as 503.
//
// What is posted is kept as it came, JSON or not; reading it comes later. The
// answers are 202, 401, 403, 405, 413 and 503, no others.
type Webhook struct {
	Keep    func(ctx context.Context, d cutover.Delivery) (id string, fresh bool, err error)
	Secrets []string // any of them proves the sender (two while one replaces the other); none: nobody is proven
	Now     func() time.Time
	Log     *slog.Logger // nil: silent; never sees the secret
}

// Handler serves WebhookPath and what lies below it; mount it under both
// WebhookPath and WebhookPath + "/".
func (w Webhook) Handler() http.Handler {
	var secrets [][sha256.Size]byte
	for _, s := range w.Secrets {
		if s != "" {
			secrets = append(secrets, sha256.Sum256([]byte(s)))
		}
	}
	log := w.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &webhook{Webhook: w, secrets: secrets, log: log, slots: make(chan struct{}, maxInFlight)}
}

type webhook struct {
	Webhook
	secrets [][sha256.Size]byte
	log     *slog.Logger
	slots   chan struct{}
}

// answer is a status with the words beside it.
type answer struct {
	code     int
	text     string
	delivery string
	err      error // for the log only
}

func (h *webhook) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	begin := h.Now()
	a := h.serve(w, req)
	switch a.code {
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(a.code)
	_, _ = fmt.Fprintln(w, a.text) // the status is out; a peer that left will ask again

	level := slog.LevelInfo
	if a.code == http.StatusServiceUnavailable {
		level = slog.LevelError
	}
	// The path is a constant here: the one that was asked for may hold the secret.
	attrs := []any{"method", method(req.Method), "path", WebhookPath, "status", a.code, "remote", remote(req), "took", h.Now().Sub(begin)}
	if a.delivery != "" {
		attrs = append(attrs, "delivery", a.delivery)
	}
	if a.err != nil {
		attrs = append(attrs, "error", a.err.Error())
	}
	h.log.Log(req.Context(), level, "webhook", attrs...)
}

func (h *webhook) serve(w http.ResponseWriter, req *http.Request) (a answer) {
	defer func() {
		if p := recover(); p != nil {
			a = unavailable(fmt.Errorf("handling a webhook: panic: %v", p))
		}
	}()
	if req.Method != http.MethodPost {
		return answer{code: http.StatusMethodNotAllowed, text: "only POST"}
	}
	auth, refused := h.authenticate(req)
	if refused != nil {
		return *refused
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	default:
		return unavailable(errors.New("too many webhooks at once"))
	}
	if req.ContentLength > maxBody {
		return tooLong()
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxBody))
	if tooMany := new(http.MaxBytesError); errors.As(err, &tooMany) {
		return tooLong()
	}
	if err != nil {
		return unavailable(fmt.Errorf("reading the body of a webhook: %w", err))
	}
	ctx, cancel := context.WithTimeout(req.Context(), keepTimeout)
	defer cancel()
	id, _, err := h.Keep(ctx, cutover.Delivery{
		Channel: cutover.ChannelWebhook, Name: "webhook from " + remote(req),
		Received: h.Now().UTC(), Auth: auth, Raw: raw,
	})
	if err != nil {
		return unavailable(fmt.Errorf("keeping a webhook: %w", err))
	}
	return answer{code: http.StatusAccepted, text: "kept as " + id, delivery: id}
}

func tooLong() answer {
	return answer{code: http.StatusRequestEntityTooLarge, text: "the body is larger than 1 MB"}
}

func unavailable(err error) answer {
	return answer{code: http.StatusServiceUnavailable, text: "try again", err: err}
}

func remote(req *http.Request) string {
	if host, _, err := net.SplitHostPort(req.RemoteAddr); err == nil {
		return host
	}
	return req.RemoteAddr
}

// method keeps foreign words out of the log.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}
