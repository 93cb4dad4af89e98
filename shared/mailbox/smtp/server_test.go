package smtp

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	nsmtp "net/smtp"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"cutover/shared/cutover"
)

// box is a letterbox in memory.
type box struct {
	mu   sync.Mutex
	raw  [][]byte
	envs []Envelope
	err  error
	hook func()
}

func (b *box) keep(_ context.Context, raw []byte, env Envelope) error {
	b.mu.Lock()
	hook := b.hook
	b.mu.Unlock()
	if hook != nil {
		hook()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return b.err
	}
	b.raw, b.envs = append(b.raw, raw), append(b.envs, env)
	return nil
}

func (b *box) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.raw)
}

func start(t *testing.T, s *Server) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if s.Now == nil {
		s.Now = func() time.Time { return testNow }
	}
	if s.Verifier.LookupTXT == nil {
		s.Verifier.LookupTXT = (&zone{err: errors.New("no DNS here")}).lookup
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return l.Addr().String()
}

func send(addr, to, mail string) error {
	return nsmtp.SendMail(addr, nil, "bounce@contoso.example", []string{to}, []byte(mail))
}

func TestKeptBeforeAnswered(t *testing.T) {
	k := newKeys(t)
	b := &box{}
	addr := start(t, &Server{Keep: b.keep, Verifier: Verifier{LookupTXT: k.zone("contoso.example").lookup}})
	mail := sign(t, plainMail+".\r\n..a line with dots\r\n", "contoso.example", "r", k.rsa, nil)
	if err := send(addr, "notices@fabrikam.example", mail); err != nil {
		t.Fatal(err)
	}
	if b.count() != 1 {
		t.Fatalf("kept %d mails, want 1", b.count())
	}
	if got := string(b.raw[0]); got != mail {
		t.Errorf("the bytes changed on the way:\n%q\n%q", got, mail)
	}
	d := b.envs[0].Delivery(b.raw[0])
	want := cutover.Authentication{Method: cutover.AuthDKIM, Passed: true, Domain: "contoso.example", Detail: d.Auth.Detail}
	if d.Channel != cutover.ChannelMail || d.Auth != want || !d.Received.Equal(testNow) {
		t.Errorf("delivery is %+v", d)
	}
	if d.Name != "mail from <bounce@contoso.example> by 127.0.0.1" {
		t.Errorf("it is called %q", d.Name)
	}
}

func TestNotKeptIsNotAnswered(t *testing.T) {
	b := &box{err: errors.New("disk full")}
	addr := start(t, &Server{Keep: b.keep})
	for name, hook := range map[string]func(){"error": nil, "panic": func() { panic("store broke") }} {
		b.hook = hook
		err := send(addr, "a@b.example", plainMail)
		if err == nil || !strings.HasPrefix(err.Error(), "451") {
			t.Errorf("%s: answer %v, want 451", name, err)
		}
		if strings.Contains(fmt.Sprint(err), "disk full") {
			t.Errorf("%s: the sender was told our troubles: %v", name, err)
		}
	}
	b.hook, b.err = nil, nil
	if err := send(addr, "a@b.example", plainMail); err != nil || b.count() != 1 {
		t.Errorf("after recovery: %v, kept %d", err, b.count())
	}
}

func TestDNSFailureIsNoError(t *testing.T) {
	k := newKeys(t)
	b := &box{}
	addr := start(t, &Server{Keep: b.keep, Verifier: Verifier{LookupTXT: (&zone{err: errors.New("server misbehaving")}).lookup}})
	if err := send(addr, "a@b.example", sign(t, plainMail, "contoso.example", "r", k.rsa, nil)); err != nil {
		t.Fatal(err)
	}
	if a := b.envs[0].Auth; a.Passed || !strings.Contains(a.Detail, "server misbehaving") {
		t.Errorf("auth is %+v, want not proven with the reason", a)
	}
}

func TestRefusals(t *testing.T) {
	b := &box{}
	addr := start(t, &Server{Keep: b.keep, MaxBytes: 10_000, MaxRecipients: 2, Recipients: []string{"notices@fabrikam.example", "@cloud.example"}})
	tests := []struct{ name, to, mail, want string }{
		{"another recipient", "someone@fabrikam.example", plainMail, "550"},
		{"relay", "x@elsewhere.example", plainMail, "550"},
		{"domain as a part", "x@notcloud.example", plainMail, "550"},
		{"too large", "notices@fabrikam.example", plainMail + strings.Repeat("x\r\n", 4000), "552"},
		{"long line", "notices@fabrikam.example", plainMail + strings.Repeat("x", maxLine+10) + "\r\n", ""},
		{"its recipient", "Notices@Fabrikam.example", plainMail, "250"},
		{"its domain", "anyone@cloud.example", plainMail, "250"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := b.count()
			err := send(addr, tt.to, tt.mail)
			if tt.want == "250" {
				if err != nil || b.count() != before+1 {
					t.Errorf("got %v with %d kept, want it kept", err, b.count()-before)
				}
				return
			}
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) || b.count() != before {
				t.Errorf("got %v with %d kept, want %s and nothing kept", err, b.count()-before, tt.want)
			}
		})
	}
	t.Run("too many recipients", func(t *testing.T) {
		err := nsmtp.SendMail(addr, nil, "x@y.example", []string{"a@cloud.example", "b@cloud.example", "c@cloud.example"}, []byte(plainMail))
		if err == nil || !strings.HasPrefix(err.Error(), "452") {
			t.Errorf("got %v, want 452", err)
		}
	})
}

func TestDeclaredSizeAndAuth(t *testing.T) {
	b := &box{}
	c, err := gosmtp.Dial(start(t, &Server{Keep: b.keep, MaxBytes: 1000}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if ok, _ := c.Extension("AUTH"); ok {
		t.Error("AUTH is offered")
	}
	if ok, _ := c.Extension("STARTTLS"); ok {
		t.Error("STARTTLS is offered without a certificate")
	}
	var refused *gosmtp.SMTPError
	if err := c.Mail("a@b.example", &gosmtp.MailOptions{Size: 2000}); !errors.As(err, &refused) || refused.Code != 552 {
		t.Errorf("a declared size over the limit gives %v, want 552", err)
	}
}

// A message that was cut off is not a message.
func TestCutOffIsNotKept(t *testing.T) {
	b := &box{}
	addr := start(t, &Server{Keep: b.keep})
	for _, last := range []string{"DATA\r\n" + plainMail, "BDAT 20\r\nFrom: x@y.example\r\n\r\n", "BDAT 20\r\nFrom: x@y.example\r\n\r\nRSET\r\n"} {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(nc, "EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n%s", last)
		lines := bufio.NewScanner(nc)
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "354") && !strings.Contains(lines.Text(), "Continue") {
		}
		nc.Close()
	}
	// The listener has seen the ends once a later message is through.
	if err := send(addr, "a@b.example", plainMail); err != nil {
		t.Fatal(err)
	}
	if b.count() != 1 {
		t.Errorf("kept %d, want only the whole one", b.count())
	}
}

func TestConnectionLimits(t *testing.T) {
	b := &box{}
	addr := start(t, &Server{Keep: b.keep, MaxConnsPerIP: 2})
	var open []net.Conn
	greet := func() string {
		nc, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, nc)
		line, _ := bufio.NewReader(nc).ReadString('\n')
		return line
	}
	for i, want := range []string{"220", "220", "421"} {
		if got := greet(); !strings.HasPrefix(got, want) {
			t.Errorf("connection %d was greeted with %q, want %s", i+1, got, want)
		}
	}
	for _, nc := range open {
		nc.Close()
	}
	// Places come free again; the server notices the ends in its own time.
	for i := 0; ; i++ {
		err := send(addr, "a@b.example", plainMail)
		if err == nil {
			break
		}
		if i == 200 {
			t.Fatalf("no place came free: %v", err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestStartTLS(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile, pool := selfSigned(t, dir)
	conf, err := LoadTLS(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	b := &box{}
	addr := start(t, &Server{Keep: b.keep, TLS: conf})
	c, err := gosmtp.DialStartTLS(addr, &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SendMail("a@b.example", []string{"c@d.example"}, strings.NewReader(plainMail)); err != nil {
		t.Fatal(err)
	}
	if b.count() != 1 || !b.envs[0].TLS {
		t.Errorf("kept %d, envelope %+v; want one over TLS", b.count(), b.envs)
	}
	if _, err := LoadTLS(filepath.Join(dir, "none.pem"), keyFile); err == nil || !strings.Contains(err.Error(), "none.pem") {
		t.Errorf("a missing certificate gives %v, want the file's name", err)
	}
}

// Shutdown ends idle conversations at once and lets a message arrive.
func TestShutdown(t *testing.T) {
	var log bytes.Buffer
	b := &box{}
	reading, release := make(chan struct{}), make(chan struct{})
	b.hook = func() { close(reading); <-release }
	s := &Server{Keep: b.keep, Now: func() time.Time { return testNow }, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Verifier: Verifier{LookupTXT: (&zone{}).lookup}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()

	idle, err := gosmtp.Dial(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	if err := idle.Noop(); err != nil {
		t.Fatal(err)
	}
	sent := make(chan error, 1)
	go func() {
		c, err := gosmtp.Dial(l.Addr().String())
		if err == nil {
			defer c.Close()
			err = c.SendMail("a@b.example", []string{"c@d.example"}, strings.NewReader(plainMail))
		}
		sent <- err
	}()
	<-reading
	down := make(chan error, 1)
	go func() { down <- s.Shutdown(context.Background()) }()
	if err := <-ended; err != nil {
		t.Errorf("serve ended with %v", err)
	}
	close(release)
	if err := <-sent; err != nil {
		t.Errorf("the message on its way was refused: %v", err)
	}
	if err := <-down; err != nil {
		t.Errorf("shutdown: %v", err)
	}
	if b.count() != 1 {
		t.Errorf("kept %d, want 1", b.count())
	}
	if err := idle.Noop(); err == nil {
		t.Error("the idle conversation goes on")
	}
	if err := s.Shutdown(context.Background()); err != nil {
		t.Errorf("second shutdown: %v", err)
	}
}

// A shutdown that has no time left cuts off; the sender gets no 250.
func TestShutdownOutOfTime(t *testing.T) {
	b := &box{}
	reading := make(chan struct{})
	keep := func(ctx context.Context, raw []byte, env Envelope) error {
		close(reading)
		<-ctx.Done()
		return ctx.Err()
	}
	s := &Server{Keep: keep, Now: func() time.Time { return testNow }, Verifier: Verifier{LookupTXT: (&zone{}).lookup}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(l) }()
	sent := make(chan error, 1)
	go func() { sent <- send(l.Addr().String(), "a@b.example", plainMail) }()
	<-reading
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Shutdown(ctx); err == nil {
		t.Error("a shutdown that cut off a message said nothing")
	}
	if err := <-sent; err == nil {
		t.Error("the sender was told that the message was kept")
	}
	if b.count() != 0 {
		t.Error("the message was kept")
	}
}

func TestShutdownBeforeServe(t *testing.T) {
	s := &Server{Now: func() time.Time { return testNow }}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.ListenAndServe("127.0.0.1:0"); err != nil {
		t.Errorf("serving after shutdown: %v", err)
	}
}

func selfSigned(t *testing.T, dir string) (certFile, keyFile string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(cert)
	return certFile, keyFile, pool
}
