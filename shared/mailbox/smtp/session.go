package smtp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	gosmtp "github.com/emersion/go-smtp"
)

// The answers that are given beside 250. A 4xx makes the sender try again.
var (
	errRelay     = &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 7, 1}, Message: "No such recipient here, and nothing is relayed"}
	errTooLarge  = &gosmtp.SMTPError{Code: 552, EnhancedCode: gosmtp.EnhancedCode{5, 3, 4}, Message: "Message is too large"}
	errLine      = &gosmtp.SMTPError{Code: 554, EnhancedCode: gosmtp.EnhancedCode{5, 6, 0}, Message: "A line of the message is too long"}
	errEmpty     = &gosmtp.SMTPError{Code: 554, EnhancedCode: gosmtp.EnhancedCode{5, 6, 0}, Message: "The message is empty"}
	errCutShort  = &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 4, 2}, Message: "The message did not arrive whole, try again"}
	errNotKept   = &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 3, 0}, Message: "The message could not be kept, try again later"}
	errGoingDown = &gosmtp.SMTPError{Code: 421, EnhancedCode: gosmtp.EnhancedCode{4, 3, 2}, Message: "Shutting down, try again later"}
)

// session is one conversation. It has no Auth method, so AUTH is not offered.
type session struct {
	server *Server
	conn   *gosmtp.Conn
	from   string
	to     []string
}

func (s *session) Reset() { s.from, s.to = "", nil }

func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *gosmtp.MailOptions) error {
	if s.server.conns.draining() {
		return errGoingDown
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	if !s.server.takes(to) {
		return errRelay
	}
	s.to = append(s.to, to)
	return nil
}

// Data reads the message, has its signature checked and hands it to Keep. Only a
// nil from here becomes a 250.
func (s *session) Data(r io.Reader) error {
	done := s.server.conns.busy(s.conn.Conn())
	defer done()
	env := Envelope{From: s.from, To: s.to, Helo: s.conn.Hostname(), Remote: host(s.conn.Conn().RemoteAddr())}
	_, env.TLS = s.conn.TLSConnectionState()

	// Wait for room before reading, not after: the bytes stay with the sender.
	select {
	case s.server.reading <- struct{}{}:
		defer func() { <-s.server.reading }()
	case <-s.server.ctx.Done():
		return errGoingDown
	}
	raw, err := io.ReadAll(io.LimitReader(r, s.server.MaxBytes+1))
	switch {
	case errors.Is(err, gosmtp.ErrDataTooLarge), int64(len(raw)) > s.server.MaxBytes:
		return errTooLarge
	case errors.Is(err, gosmtp.ErrTooLongLine):
		return errLine
	case err != nil:
		s.server.Log.Info("mail cut short", "remote", env.Remote, "error", err.Error())
		return errCutShort
	case len(raw) == 0:
		return errEmpty
	}
	env.Received = s.server.Now().UTC()
	if err := s.keep(raw, env); err != nil {
		s.server.Log.Error("mail not kept, the sender will try again", "remote", env.Remote, "size", len(raw), "error", err.Error())
		return errNotKept
	}
	s.server.Log.Info("mail kept", "remote", env.Remote, "size", len(raw), "tls", env.TLS, "auth", env.Auth.Method, "passed", env.Auth.Passed, "detail", env.Auth.Detail)
	return nil
}

func (s *session) keep(raw []byte, env Envelope) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("keeping a mail: panic: %v", p)
		}
	}()
	ctx, cancel := context.WithTimeout(s.server.ctx, keepTimeout)
	defer cancel()
	env.Auth = s.server.Verifier.Verify(ctx, raw, env.Received)
	if err := s.server.Keep(ctx, raw, env); err != nil {
		return fmt.Errorf("keeping a mail: %w", err)
	}
	return nil
}

func host(a net.Addr) string {
	if h, _, err := net.SplitHostPort(a.String()); err == nil {
		return h
	}
	return a.String()
}
