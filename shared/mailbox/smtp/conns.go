package smtp

import (
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// conns knows the open connections: to limit them, and to tell on shutdown the
// idle ones from those with a message on its way.
type conns struct {
	max, perIP int

	mu     sync.Mutex
	ending bool
	doors  []net.Listener
	open   map[*conn]bool
	byIP   map[string]int
}

// past is a deadline that is over, whatever the clock says.
var past = time.Unix(1, 0)

// listen lets drain close the listener too, also one that came late.
func (cs *conns) listen(l net.Listener) net.Listener {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.doors = append(cs.doors, l)
	if cs.ending {
		_ = l.Close()
	}
	return &listener{Listener: l, conns: cs}
}

func (cs *conns) draining() bool {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return cs.ending
}

// drain wakes the connections that wait for a command; the library answers the
// expired deadline with 421. From now on every wait for a command is over at once.
func (cs *conns) drain() {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.ending = true
	for _, l := range cs.doors {
		_ = l.Close()
	}
	for c := range cs.open {
		if !c.busy {
			_ = c.Conn.SetReadDeadline(past) // a closed connection is as good
		}
	}
}

func (cs *conns) closeAll() {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for c := range cs.open {
		_ = c.Conn.Close()
	}
}

// busy marks a connection as carrying a message until done is called.
func (cs *conns) busy(nc net.Conn) (done func()) {
	if t, ok := nc.(*tls.Conn); ok {
		nc = t.NetConn()
	}
	c, ok := nc.(*conn)
	if !ok {
		return func() {}
	}
	set := func(v bool) {
		cs.mu.Lock()
		defer cs.mu.Unlock()
		c.busy = v
	}
	set(true)
	return func() { set(false) }
}

// admit takes a new connection, or says why not.
func (cs *conns) admit(nc net.Conn) (*conn, string) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	c := &conn{Conn: nc, conns: cs, ip: host(nc.RemoteAddr())}
	switch {
	case cs.ending:
		return nil, "421 4.3.2 Shutting down, try again later\r\n"
	case len(cs.open) >= cs.max, cs.byIP[c.ip] >= cs.perIP:
		return nil, "421 4.7.0 Too many connections, try again later\r\n"
	}
	cs.open[c] = true
	cs.byIP[c.ip]++
	return c, ""
}

func (cs *conns) leave(c *conn) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if !cs.open[c] {
		return
	}
	delete(cs.open, c)
	if cs.byIP[c.ip]--; cs.byIP[c.ip] == 0 {
		delete(cs.byIP, c.ip)
	}
}

type listener struct {
	net.Listener
	conns *conns
}

func (l *listener) Accept() (net.Conn, error) {
	for {
		nc, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		c, refused := l.conns.admit(nc)
		if c != nil {
			return c, nil
		}
		// One short line fits every send buffer, so this does not wait for the peer.
		_, _ = nc.Write([]byte(refused))
		_ = nc.Close()
	}
}

// conn is one connection. busy is guarded by conns.mu.
type conn struct {
	net.Conn
	conns *conns
	ip    string
	busy  bool
}

// SetReadDeadline is called by the library before it waits for a command.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.conns.mu.Lock()
	defer c.conns.mu.Unlock()
	if c.conns.ending && !c.busy {
		t = past
	}
	return c.Conn.SetReadDeadline(t)
}

func (c *conn) Close() error {
	c.conns.leave(c)
	return c.Conn.Close()
}
