package slacksim

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
)

const (
	maxSockets = 10
	maxAck     = 20_480  // bytes; a larger ack is dropped
	maxFrame   = maxBody // bytes; a larger frame ends the socket
	pingEvery  = 10 * time.Second
	backlog    = 4096             // frames that wait to be written to one socket; more are lost
	warnedFor  = 10 * time.Second // between a warning and the refresh that it announces
	linger     = 5 * time.Second  // how long a socket stays open that was told to go
)

// socket is a connection of the bot.
type socket struct {
	frames  chan []byte // to be written, in order
	greeted chan struct{}
	cancel  context.CancelFunc
	leaving bool // it was told to go, or soon will be; guarded by Workspace.mu
}

// put gives a frame to the socket. It reports false if the client reads too
// slowly and loses it.
func (s *socket) put(data []byte) bool {
	select {
	case s.frames <- data:
		return true
	default:
		return false
	}
}

// openConnection is apps.connections.open: a ticket for one socket.
func (w *Workspace) openConnection(c call) (object, error) {
	ticket := uuid.NewString()
	w.tickets[ticket] = c.base
	return object{"url": "ws" + strings.TrimPrefix(c.base, "http") + "/link/?ticket=" + ticket + "&app_id=" + appID}, nil
}

// redeem takes a ticket and reports whether it was good.
func (w *Workspace) redeem(ticket string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	base, ok := w.tickets[ticket]
	if ok {
		w.base = base
		delete(w.tickets, ticket)
	}
	return ok
}

// refused returns the fault that keeps a socket from opening, nil if there is
// none.
func (w *Workspace) refused() *fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.strike(socketMethod, "", refuseConnection)
}

// serveSocket runs one socket until it breaks or the workspace is closed.
func (w *Workspace) serveSocket(rw http.ResponseWriter, r *http.Request) {
	if !w.enter() {
		http.Error(rw, "the workspace is closed", http.StatusServiceUnavailable)
		return
	}
	defer w.running.Done()
	if f := w.refused(); f != nil {
		w.holdUp(r, f, f.delay(0))
		fail(rw, &trouble{status: http.StatusServiceUnavailable})
		return
	}
	if !w.redeem(r.URL.Query().Get("ticket")) {
		http.Error(rw, "the ticket is unknown or used: call apps.connections.open again", http.StatusForbidden)
		return
	}
	// Clients send the origin of Slack itself; the ticket is what counts.
	conn, err := websocket.Accept(rw, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		w.cfg.Log.Warn("socket refused", "err", err)
		return
	}
	defer conn.CloseNow()
	conn.SetReadLimit(maxFrame)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	s := &socket{frames: make(chan []byte, backlog), greeted: make(chan struct{}), cancel: cancel}
	if !w.connect(s) {
		_ = conn.Write(ctx, websocket.MessageText, disconnect("too_many_websockets"))
		_ = conn.Close(websocket.StatusNormalClosure, "")
		return
	}
	var sides sync.WaitGroup
	sides.Go(func() { s.write(ctx, conn) })
	sides.Go(func() { s.ping(ctx, conn) })
	w.read(ctx, conn)
	cancel()
	sides.Wait()
	w.disconnected(s)
}

// connect makes a socket live, with the greeting as its first frame. It
// reports false if there are enough of them.
func (w *Workspace) connect(s *socket) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.sockets) >= maxSockets {
		return false
	}
	w.sockets = append(w.sockets, s)
	s.frames <- hello(len(w.sockets))
	if w.closed {
		s.cancel()
	}
	w.publish("sockets", object{"sockets": len(w.sockets)})
	w.upset(s, w.faults...)
	queued := w.queue
	w.queue = nil
	for _, e := range queued {
		// What was sent to nobody counts as a first try that failed.
		e.attempt = max(e.attempt, 1)
		w.deliver(e)
	}
	return true
}

func (w *Workspace) disconnected(s *socket) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.retire(s)
}

// retire keeps a socket from deliveries and reports whether it was live.
func (w *Workspace) retire(s *socket) bool {
	i := slices.Index(w.sockets, s)
	if i < 0 {
		return false
	}
	w.sockets = slices.Delete(w.sockets, i, i+1)
	w.publish("sockets", object{"sockets": len(w.sockets)})
	return true
}

// upset ends a socket if one of some faults befalls it.
func (w *Workspace) upset(s *socket, faults ...*fault) {
	for _, f := range faults {
		if f.Kind != closeSocket && f.Kind != dismissSocket || s.leaving || !w.befalls(f, "", "") {
			continue
		}
		s.leaving = true
		switch {
		case f.Kind == closeSocket:
			w.in(f.delay(0), func() {
				w.retire(s)
				s.cancel()
			})
		case f.Reason == "warning":
			s.put(disconnect(f.Reason))
			w.in(f.delay(warnedFor), func() { w.dismiss(s, "refresh_requested") })
		default:
			w.in(f.delay(0), func() { w.dismiss(s, f.Reason) })
		}
	}
}

// dismiss tells the client of a socket to go.
func (w *Workspace) dismiss(s *socket, reason string) {
	if w.retire(s) {
		s.put(disconnect(reason))
		w.in(linger, s.cancel)
	}
}

// write sends the frames of a socket as they come.
func (s *socket) write(ctx context.Context, conn *websocket.Conn) {
	defer s.cancel()
	send := func(frame []byte) error {
		ctx, cancel := context.WithTimeout(ctx, pingEvery)
		defer cancel()
		return conn.Write(ctx, websocket.MessageText, frame)
	}
	for first := true; ; first = false {
		select {
		case frame := <-s.frames:
			if send(frame) != nil {
				return
			}
		case <-ctx.Done():
			return
		}
		if first {
			close(s.greeted)
		}
	}
}

// ping pings a socket after the greeting and ever after; one that does not
// answer is dead.
func (s *socket) ping(ctx context.Context, conn *websocket.Conn) {
	defer s.cancel()
	select {
	case <-s.greeted:
	case <-ctx.Done():
		return
	}
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		answer, cancel := context.WithTimeout(ctx, pingEvery)
		err := conn.Ping(answer)
		cancel()
		if err != nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// read takes the acks that come over a socket.
func (w *Workspace) read(ctx context.Context, conn *websocket.Conn) {
	for {
		_, frame, err := conn.Read(ctx)
		if err != nil {
			return
		}
		if len(frame) > maxAck {
			w.cfg.Log.Warn("ack dropped: too large", "bytes", len(frame))
			continue
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(frame, &ack); err != nil {
			w.cfg.Log.Warn("frame dropped: no ack", "err", err)
			continue
		}
		w.ack(ack.EnvelopeID, ack.Payload)
	}
}

func hello(sockets int) []byte {
	return frame(object{
		"type": "hello", "num_connections": sockets,
		"debug_info":      object{"host": "applink-local", "build_number": 10, "approximate_connection_time": 18060},
		"connection_info": object{"app_id": appID},
	})
}

func disconnect(reason string) []byte {
	return frame(object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "applink-local"}})
}

// frame is the JSON of a value that is known to have one.
func frame(v any) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // all that we send was made here or read from JSON
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
