package smtp

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"cutover/shared/cutover"
)

// Defaults of the limits, where a field of Server is zero.
const (
	DefaultMaxBytes      = 25 << 20 // what the letterbox takes
	DefaultMaxRecipients = 50
	DefaultMaxConns      = 50
	DefaultMaxConnsPerIP = 20              // below the whole: one peer cannot take every place
	DefaultReadTimeout   = 5 * time.Minute // RFC 5321, 4.5.3.2: also for a whole DATA here
	DefaultWriteTimeout  = time.Minute

	maxLine     = 64 << 10 // gateways send longer lines than RFC 5321 allows
	maxReading  = 8        // messages held in memory at once
	keepTimeout = time.Minute
)

// Envelope is what the conversation said about a message, and what was proven.
type Envelope struct {
	From     string   // return path; empty for a bounce
	To       []string // as given
	Remote   string   // IP address of the peer
	Helo     string   // foreign text
	TLS      bool
	Received time.Time // UTC
	Auth     cutover.Authentication
}

// Delivery is the message as the letterbox takes it.
func (e Envelope) Delivery(raw []byte) cutover.Delivery {
	return cutover.Delivery{
		Channel: cutover.ChannelMail, Name: fmt.Sprintf("mail from <%s> by %s", e.From, e.Remote),
		Received: e.Received, Auth: e.Auth, Raw: raw,
	}
}

// Server is the listener. Set the fields, then Serve; a Server serves once.
type Server struct {
	Domain string // how it greets
	// Recipients that are taken: addresses, or whole domains (example.org or
	// @example.org). None: any.
	Recipients []string
	Keep       func(ctx context.Context, raw []byte, env Envelope) error
	Verifier   Verifier
	TLS        *tls.Config // for STARTTLS; nil: not offered
	Now        func() time.Time
	Log        *slog.Logger // nil: silent

	MaxBytes      int64
	MaxRecipients int
	MaxConns      int
	MaxConnsPerIP int
	ReadTimeout   time.Duration
	WriteTimeout  time.Duration

	once    sync.Once
	inner   *gosmtp.Server
	conns   *conns
	reading chan struct{}
	ctx     context.Context // of the work in hand; ends when Shutdown gives up
	cancel  context.CancelFunc
}

// LoadTLS reads the certificate and key files for STARTTLS.
func LoadTLS(certFile, keyFile string) (*tls.Config, error) {
	cert, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, fmt.Errorf("loading the certificate for STARTTLS from %s and %s: %w", certFile, keyFile, err)
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}, nil
}

// ListenAndServe serves on a TCP address until Shutdown.
func (s *Server) ListenAndServe(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listening for mail on %s: %w", addr, err)
	}
	return s.Serve(l)
}

// Serve takes mail from l until Shutdown, and then returns nil.
func (s *Server) Serve(l net.Listener) error {
	s.setUp()
	if err := s.inner.Serve(s.conns.listen(l)); err != nil && !s.conns.draining() {
		return fmt.Errorf("serving mail on %s: %w", l.Addr(), err)
	}
	return nil
}

// Shutdown stops taking connections, says good-bye to those that wait for a
// command, and lets a message that is on its way in arrive. When ctx ends first,
// the rest is cut off; their senders will try again, since no 250 was said.
func (s *Server) Shutdown(ctx context.Context) error {
	s.setUp()
	s.conns.drain()
	err := s.inner.Shutdown(ctx)
	s.cancel()
	if err != nil && ctx.Err() == nil {
		return nil // closed already: stopping twice is stopping
	}
	if err != nil {
		s.conns.closeAll()
		return fmt.Errorf("stopping the mail listener: %w", err)
	}
	return nil
}

func (s *Server) setUp() { s.once.Do(s.build) }

func (s *Server) build() {
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.reading = make(chan struct{}, maxReading)
	s.MaxBytes = or(s.MaxBytes, DefaultMaxBytes)
	s.conns = &conns{
		max: or(s.MaxConns, DefaultMaxConns), perIP: or(s.MaxConnsPerIP, DefaultMaxConnsPerIP),
		open: map[*conn]bool{}, byIP: map[string]int{},
	}
	inner := gosmtp.NewServer(gosmtp.BackendFunc(func(c *gosmtp.Conn) (gosmtp.Session, error) {
		return &session{server: s, conn: c}, nil
	}))
	inner.Domain = s.Domain
	if inner.Domain == "" {
		inner.Domain = "localhost"
	}
	inner.TLSConfig = s.TLS
	inner.MaxMessageBytes = s.MaxBytes
	inner.MaxRecipients = or(s.MaxRecipients, DefaultMaxRecipients)
	inner.MaxLineLength = maxLine
	inner.ReadTimeout = or(s.ReadTimeout, DefaultReadTimeout)
	inner.WriteTimeout = or(s.WriteTimeout, DefaultWriteTimeout)
	inner.ErrorLog = logger{s.Log}
	s.inner = inner
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// takes reports whether mail for the address is taken. Addresses compare without
// the case of ASCII letters.
func (s *Server) takes(address string) bool {
	if len(s.Recipients) == 0 {
		return true
	}
	address = asciiLower(address)
	_, domain, _ := strings.Cut(address, "@")
	for _, r := range s.Recipients {
		r = asciiLower(strings.TrimSpace(r))
		if strings.Contains(strings.TrimPrefix(r, "@"), "@") {
			if r == address {
				return true
			}
		} else if strings.TrimPrefix(r, "@") == domain {
			return true
		}
	}
	return false
}

// logger lends slog's shape to the library.
type logger struct{ log *slog.Logger }

func (l logger) Printf(format string, v ...any) {
	l.log.Warn("smtp: " + strings.TrimSpace(fmt.Sprintf(format, v...)))
}

func (l logger) Println(v ...any) { l.log.Warn("smtp: " + strings.TrimSpace(fmt.Sprintln(v...))) }
