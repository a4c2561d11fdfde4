package bot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// ackPatience is how long Slack waits for an ack, and we for its way out.
const ackPatience = 3 * time.Second

// socket is one connection to Slack that is made again whenever it is lost.
type socket struct {
	n      int
	client *socketmode.Client
	acks   *acks
	heard  atomic.Pointer[atomic.Int64] // of the connection that was made last
	counts *counts
	log    *slog.Logger
}

// lastHeard is when a byte came last on the connection; the zero time if none
// has, or it is closed.
func (s *socket) lastHeard() time.Time {
	if heard := s.heard.Load(); heard != nil && heard.Load() != 0 {
		return time.Unix(0, heard.Load())
	}
	return time.Time{}
}

func (b *Bot) newSocket(n int) *socket {
	s := &socket{n: n, acks: &acks{gone: make(chan struct{}, 1)}, counts: &b.counts, log: b.log.With("socket", n)}
	dial := &net.Dialer{Timeout: 10 * time.Second}
	s.client = socketmode.New(b.client(&paced{next: b.base, pace: b.pace}),
		socketmode.OptionPingInterval(time.Hour), // live sees to it
		socketmode.OptionDialer(&websocket.Dialer{
			Proxy: http.ProxyFromEnvironment,
			NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				c, err := dial.DialContext(ctx, network, addr)
				if err != nil {
					return nil, err
				}
				heard := new(atomic.Int64)
				s.heard.Store(heard)
				return live{c, b.quiet, heard}, nil
			},
			HandshakeTimeout: 10 * time.Second,
			WriteBufferSize:  32 << 10, // Slack wants an ack in one piece
			WriteBufferPool:  s.acks,
		}))
	return s
}

// silence is how long a socket may be given nothing to read: Slack pings it
// more often.
const silence = 30 * time.Second

// live is a connection that ends when it is dead: no byte came for a while, or
// one could not be written. The client would go on reading what it can no
// longer acknowledge.
type live struct {
	net.Conn
	quiet time.Duration
	heard *atomic.Int64 // when a byte came last, in nanoseconds since 1970
}

func (l live) Read(p []byte) (int, error) {
	if err := l.SetReadDeadline(time.Now().Add(l.quiet)); err != nil {
		return 0, err
	}
	n, err := l.Conn.Read(p)
	if n > 0 {
		l.heard.Store(time.Now().UnixNano())
	}
	return n, err
}

func (l live) Write(p []byte) (int, error) {
	n, err := l.Conn.Write(p)
	if err != nil {
		l.Close() // the write's error says more
	}
	return n, err
}

func (l live) Close() error {
	l.heard.Store(0)
	return l.Conn.Close()
}

// run stays connected until ctx is done or the token is refused, and hands
// every frame to take, which must not block: a socket that is not read answers
// no pings.
func (s *socket) run(ctx context.Context, take func(*socket, frame)) error {
	for ctx.Err() == nil {
		err := s.connect(ctx, take)
		if fault := appToken.fault(err); fault != nil {
			return fault
		}
		if ctx.Err() != nil {
			return nil
		}
		wait := retryAfter(err) // beside the pace of the calls
		s.log.Warn("cannot connect", "retry", wait, "error", err)
		if sleep(ctx, wait) != nil {
			return nil
		}
	}
	return nil
}

// connect runs the client until it fails to connect. The client would go on by
// itself, but stops at some faults of a token only and waits up to five minutes.
func (s *socket) connect(ctx context.Context, take func(*socket, frame)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := make(chan error, 1)
	go func() { ended <- s.client.RunContext(ctx) }()
	for {
		select {
		case err := <-ended:
			if cause := context.Cause(ctx); cause != nil {
				return cause
			}
			return err
		case ev := <-s.client.Events:
			if failed, ok := ev.Data.(*slack.ConnectionErrorEvent); ok {
				cancel(failed.ErrorObj)
				continue
			}
			if f, ok := readFrame(ev); ok {
				take(s, f)
				continue
			}
			s.note(ev)
		}
	}
}

// note logs what the client has to say about itself.
func (s *socket) note(ev socketmode.Event) {
	switch ev.Type {
	case socketmode.EventTypeHello:
		s.log.Info("connected", "connections", ev.Request.NumConnections)
	case socketmode.EventTypeConnecting:
		s.log.Info("connecting")
	case socketmode.EventTypeErrorWriteFailed:
		if failed, ok := ev.Data.(*socketmode.ErrorWriteFailed); ok {
			s.counts.acksLost.Add(1)
			s.log.Warn("ack lost, Slack will send again", "envelope", failed.Response.EnvelopeID, "error", failed.Cause)
		}
	case socketmode.EventTypeErrorBadMessage:
		s.counts.malformed.Add(1)
		s.log.Warn("frame without an envelope")
	case socketmode.EventTypeIncomingError:
		failed, ok := ev.Data.(*slack.IncomingEventError)
		if !ok {
			return
		}
		if _, ok := errors.AsType[*json.SyntaxError](failed.ErrorObj); ok {
			s.counts.malformed.Add(1)
			s.log.Warn("frame that is no JSON")
			return
		}
		s.log.Info("disconnected", "error", failed.ErrorObj)
	}
}

// ack acknowledges a frame, with a payload if the frame may be answered so.
// That it returns nil does not mean that the ack has left: see flush.
func (s *socket) ack(ctx context.Context, f frame, payload any) error {
	ctx, cancel := context.WithTimeout(ctx, ackPatience)
	defer cancel()
	if !f.AcceptsPayload {
		payload = nil
	}
	s.acks.pending.Add(1)
	err := s.client.AckCtx(ctx, f.Envelope, payload)
	if err != nil {
		s.acks.pending.Add(-1)
	}
	return err
}

// flush waits until all acks have left, though not for ever: those of a lost
// connection never do.
func (s *socket) flush(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, ackPatience)
	defer cancel()
	for s.acks.pending.Load() > 0 {
		select {
		case <-s.acks.gone:
		case <-ctx.Done():
			s.log.Warn("acks lost, Slack will send again", "acks", s.acks.pending.Load())
			return
		}
	}
}

// acks counts the acks that have not left. The client only queues them, but as
// the connection's pool of write buffers one is given each buffer back when the
// message in it was written; acks are all that the client writes messages for.
type acks struct {
	buffers sync.Pool
	pending atomic.Int64
	gone    chan struct{} // a signal that pending fell
}

var _ websocket.BufferPool = (*acks)(nil)

// Get implements [websocket.BufferPool].
func (a *acks) Get() any { return a.buffers.Get() }

// Put implements [websocket.BufferPool].
func (a *acks) Put(buffer any) {
	a.buffers.Put(buffer)
	a.pending.Add(-1)
	select {
	case a.gone <- struct{}{}:
	default:
	}
}
