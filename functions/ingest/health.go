package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// HealthPath answers load balancers and people.
const HealthPath = "/healthz"

const healthTimeout = 5 * time.Second

// Health answers 200 while check (the store, as a rule) does, and 503 otherwise.
// The reason goes into the log, not to whoever asks.
func Health(check func(context.Context) error, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if req.Method != http.MethodGet && req.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		ctx, cancel := context.WithTimeout(req.Context(), healthTimeout)
		defer cancel()
		if err := guarded(ctx, check); err != nil {
			if log != nil {
				log.Error("health check failed", "error", err.Error())
			}
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = fmt.Fprintln(w, "unavailable")
			return
		}
		_, _ = fmt.Fprintln(w, "ok")
	})
}

func guarded(ctx context.Context, check func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("checking health: panic: %v", p)
		}
	}()
	return check(ctx)
}

// HTTPServer is a server with limits on how long a peer may take: a slow one must
// not hold a connection for ever. The caller serves and shuts it down.
func HTTPServer(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
	}
}
