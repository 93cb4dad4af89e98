package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"cutover/functions/ingest"
	"cutover/functions/match"
	"cutover/shared/cutover"
	"cutover/shared/mailbox/smtp"
	"cutover/shared/store"
)

// serveCmd is `cutover serve`.
type serveCmd struct {
	configured
	Every time.Duration `default:"5m" help:"How often folders, inventory and repositories are looked at again."`
}

// Help is what --help adds.
func (serveCmd) Help() string {
	return `Example, with the lines that it reads in the configuration:

    cutover serve --config cutover.yaml
    serve: {smtp: "127.0.0.1:2525", http: "127.0.0.1:8080", webhook_secret_env: CUTOVER_WEBHOOK_SECRET}

Mail is answered with 250, and webhooks with 202, only after their bytes are kept.

SIGTERM or Ctrl-C: no new work is taken in, what is under way is finished.`
}

// Limits of stopping and waiting.
const (
	stopWithin = 20 * time.Second // for what is under way
	idleQueue  = time.Second      // between two looks at an empty queue
	relayEvery = 200 * time.Millisecond
)

// Run serves until the process is told to stop.
func (c *serveCmd) Run(e *env) (err error) {
	cfg, err := load(e, c.Config)
	if err != nil {
		return err
	}
	log := jsonLogger(e.err, false)
	now := func() time.Time { return e.now().UTC() }
	a, err := open(e.ctx, cfg, wiring{now: now, log: log})
	if err != nil {
		return exit{exitFailed, err}
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.alone(e.ctx); err != nil {
		return exit{exitFailed, err}
	}
	file, err := os.Stat(a.store.Path())
	if err != nil {
		return exit{exitFailed, fmt.Errorf("looking at the store: %w", err)}
	}
	s := &server{app: a, every: c.Every, file: file}
	if err := s.listen(); err != nil {
		return usage(err)
	}
	log.Info("serving", "smtp", s.addr(s.mail), "http", s.addr(s.web), "store", cfg.Store.Path.Given)
	return s.serve(e.ctx)
}

// server is an app with its listeners and loops.
type server struct {
	*app
	every     time.Duration
	file      os.FileInfo // the store's, as it was opened
	mail, web net.Listener
	wg        sync.WaitGroup
}

// listen takes the addresses before anything starts, so that a wrong one is told
// at once.
func (s *server) listen() error {
	for _, l := range []struct {
		key, addr string
		to        *net.Listener
	}{{"serve.smtp", s.cfg.Serve.SMTP, &s.mail}, {"serve.http", s.cfg.Serve.HTTP, &s.web}} {
		if l.addr == "" {
			continue
		}
		ln, err := net.Listen("tcp", l.addr)
		if err != nil {
			return fmt.Errorf("listening on %s (%s in %s): %w", l.addr, l.key, s.cfg.File, err)
		}
		*l.to = ln
	}
	return nil
}

func (s *server) addr(l net.Listener) string {
	if l == nil {
		return ""
	}
	return l.Addr().String()
}

func (s *server) goes(f func()) {
	s.wg.Add(1)
	go func() { defer s.wg.Done(); f() }()
}

// serve runs until ctx ends: first the listeners stop taking in, then the rooms
// finish what they hold.
func (s *server) serve(ctx context.Context) error {
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	stopWeb := s.serveWeb()
	stopMail := s.serveMail()
	s.goes(func() { s.remind.Run(work, func(err error) { s.log.Error("ticking", "error", err) }) })
	s.goes(func() { s.relayLoop(work) })
	s.goes(func() { s.lookLoop(work) })
	for _, w := range s.workers(func(r match.Result) {
		if r.Stopped != "" {
			s.log.Warn("nothing opened", "why", r.Stopped, "case", r.Case)
		}
	}) {
		s.goes(func() { s.host.loop(work, w, idleQueue) })
	}
	<-ctx.Done()
	s.log.Info("stopping: taking nothing more in, finishing what is under way")
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	err := errors.Join(stopWeb(end), stopMail(end))
	stopWork()
	s.wg.Wait()
	s.log.Info("stopped")
	return err
}

func (s *server) serveWeb() func(context.Context) error {
	if s.web == nil {
		return func(context.Context) error { return nil }
	}
	hook := ingest.Webhook{Keep: s.keep, Secrets: s.webhookSecrets(), Now: s.now, Log: s.log}.Handler()
	mux := http.NewServeMux()
	mux.Handle(ingest.WebhookPath, hook)
	mux.Handle(ingest.WebhookPath+"/", hook)
	mux.Handle(ingest.HealthPath, ingest.Health(s.healthy, s.log))
	srv := ingest.HTTPServer("", mux)
	s.goes(func() {
		if err := srv.Serve(s.web); err != nil && !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("serving http", "error", err)
		}
	})
	return srv.Shutdown
}

// webhookSecrets reads the secret that the webhook's URL must carry; without one
// deliveries are kept, and wait for a person.
func (s *server) webhookSecrets() []string {
	name := s.cfg.Serve.WebhookSecretEnv
	if name == "" {
		return nil
	}
	secret := os.Getenv(name)
	if secret == "" {
		s.log.Warn("the webhook's secret is not set: every webhook waits for a person", "env", name)
		return nil
	}
	return []string{secret}
}

// keep keeps a delivery, unless the store's file was taken away under the process:
// what is written then is lost with it, and no sender may be told otherwise.
func (s *server) keep(ctx context.Context, d cutover.Delivery) (string, bool, error) {
	if err := s.present(); err != nil {
		return "", false, err
	}
	return s.ingest.Keep(ctx, d)
}

func (s *server) present() error {
	info, err := os.Stat(s.store.Path())
	if err == nil && !os.SameFile(info, s.file) {
		err = errors.New("it is another file now")
	}
	if err != nil {
		return fmt.Errorf("the store %s was taken away under the process, restart it: %w", s.cfg.Store.Path.Given, err)
	}
	return nil
}

func (s *server) healthy(ctx context.Context) error {
	if err := s.present(); err != nil {
		return err
	}
	return s.store.View(ctx, func(rd store.Reader) error {
		_, err := rd.Generation()
		return err
	})
}

func (s *server) serveMail() func(context.Context) error {
	if s.mail == nil {
		return func(context.Context) error { return nil }
	}
	srv := &smtp.Server{
		Domain: hostname(), Now: s.now, Log: s.log,
		Keep: func(ctx context.Context, raw []byte, env smtp.Envelope) error {
			_, _, err := s.keep(ctx, env.Delivery(raw))
			return err
		},
	}
	s.goes(func() {
		if err := srv.Serve(s.mail); err != nil {
			s.log.Error("serving smtp", "error", err)
		}
	})
	return srv.Shutdown
}

func hostname() string {
	if h, err := os.Hostname(); err == nil {
		return h
	}
	return "localhost"
}

// relayLoop carries committed messages over to the bus, soon after they were
// committed; a tick sweeps what was left.
func (s *server) relayLoop(ctx context.Context) {
	t := time.NewTicker(relayEvery)
	defer t.Stop()
	for ctx.Err() == nil {
		if err := s.relay(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("relaying", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-t.C:
		}
	}
}

// lookLoop looks at folders, inventory and repositories again and again.
func (s *server) lookLoop(ctx context.Context) {
	for ctx.Err() == nil {
		var p passed
		err := s.takeIn(ctx, &p)
		if err == nil {
			err = errors.Join(s.parse.Sweep(ctx), s.refresh(ctx, &p, func(string) {}))
		}
		p.fail(err)
		for _, err := range p.errs {
			s.log.Error("looking at a source", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(s.every):
		}
	}
}
