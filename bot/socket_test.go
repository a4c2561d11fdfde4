package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"footnote/knowledge/match"
)

// socketServer opens sockets and serves each with the given function.
func socketServer(t *testing.T, serve func(*websocket.Conn)) *Bot {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	mux.HandleFunc("POST /api/apps.connections.open", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"ok":true,"url":"ws%s/link"}`, strings.TrimPrefix(srv.URL, "http"))
	})
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	mux.HandleFunc("GET /link", func(w http.ResponseWriter, r *http.Request) {
		c, err := up.Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		c.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello","num_connections":1}`))
		serve(c)
	})
	b, err := New(Config{
		BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: srv.URL + "/api/",
		Index:  func() *match.Index { return nil },
		Ledger: struct{ Ledger }{}, // never asked
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The client drops what it has only queued when it is told to stop.
func TestAcksLeaveBeforeTheSocketIsClosed(t *testing.T) {
	const n = 50
	got := make(chan string, n)
	b := socketServer(t, func(c *websocket.Conn) {
		for i := range n {
			c.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, `{"type":"interactive","envelope_id":"e%d","payload":{}}`, i))
		}
		for {
			_, message, err := c.ReadMessage()
			if err != nil {
				close(got)
				return
			}
			var ack struct {
				Envelope string `json:"envelope_id"`
			}
			if err := json.Unmarshal(message, &ack); err != nil {
				t.Error(err)
			}
			got <- ack.Envelope
		}
	})
	s := b.newSocket(1)
	ctx, cancel := context.WithCancel(t.Context())
	frames := make(chan frame, n)
	ended := make(chan error)
	go func() { ended <- s.run(ctx, func(_ *socket, f frame) { frames <- f }) }()
	for range n {
		if err := s.ack(ctx, <-frames, nil); err != nil {
			t.Fatal(err)
		}
	}
	s.flush(ctx)
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("run = %v, want nil", err)
	}
	seen := map[string]bool{}
	for e := range got {
		seen[e] = true
	}
	if len(seen) != n {
		t.Errorf("%d acks left, want %d", len(seen), n)
	}
}

func TestToldToGoAwayItTakesItsTime(t *testing.T) {
	opened := make(chan time.Time, 3)
	b := socketServer(t, func(c *websocket.Conn) {
		opened <- time.Now()
		c.WriteMessage(websocket.TextMessage, []byte(`{"type":"disconnect","reason":"too_many_websockets"}`))
		c.ReadMessage()
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- b.newSocket(1).run(ctx, func(*socket, frame) {}) }()
	first, second := <-opened, <-opened
	cancel()
	<-ended
	if gap := second.Sub(first); gap < minGap-100*time.Millisecond {
		t.Errorf("it came back after %v, want %v at least", gap, minGap)
	}
}

func TestTooMuchAtOnceIsLeftToSlack(t *testing.T) {
	for _, tt := range []struct {
		kind string
		room int
	}{{"events_api", holding}, {"slash_commands", urgency}, {"interactive", urgency}} {
		b := socketServer(t, nil)
		take := b.take(t.Context())
		for i := range tt.room + 3 {
			take(nil, frame{Type: tt.kind, Envelope: fmt.Sprint(i)}) // nobody works: it must not block
		}
		if taken := len(b.intake.messages) + len(b.intake.urgent); taken != tt.room || b.Stats().Missed != 3 {
			t.Errorf("%s: %d taken, %d missed, want %d and 3", tt.kind, taken, b.Stats().Missed, tt.room)
		}
	}
}

func TestWhatWaitsIsNotTakenTwice(t *testing.T) {
	b := socketServer(t, nil)
	take := b.take(t.Context())
	f := frame{Type: "events_api", Envelope: "e"}
	take(nil, f)
	take(nil, f)
	if n := len(b.intake.messages); n != 1 {
		t.Errorf("%d wait, want 1", n)
	}
	b.intake.drop(<-b.intake.messages)
	take(nil, f)
	if n := len(b.intake.messages); n != 1 {
		t.Error("a message that was let go of is not taken when it comes again")
	}
}

func TestNothingIsTakenAfterTheEnd(t *testing.T) {
	b := socketServer(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b.take(ctx)(nil, frame{Type: "events_api", Envelope: "e"})
	if len(b.intake.messages) != 0 {
		t.Error("a frame was taken after the end")
	}
}

// A socket on which nothing comes is dead, however open it looks.
func TestASilentSocketIsLeft(t *testing.T) {
	opened := make(chan struct{}, 8)
	b := socketServer(t, func(c *websocket.Conn) {
		opened <- struct{}{}
		c.ReadMessage() // until the other side leaves
	})
	b.quiet, b.pace = 50*time.Millisecond, pace{min: time.Millisecond, max: time.Millisecond}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- b.newSocket(1).run(ctx, func(*socket, frame) {}) }()
	<-opened
	<-opened // it came back
	cancel()
	<-ended
}

// Pings are bytes: a workspace in which nobody speaks is no dead one.
func TestAQuietWorkspaceIsNoSilentSocket(t *testing.T) {
	opened := make(chan struct{}, 8)
	b := socketServer(t, func(c *websocket.Conn) {
		opened <- struct{}{}
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for range 20 {
			<-tick.C
			if c.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second)) != nil {
				return
			}
		}
		c.WriteMessage(websocket.TextMessage, []byte(`{"type":"interactive","envelope_id":"e","payload":{}}`))
		c.ReadMessage()
	})
	b.quiet = 200 * time.Millisecond // half of how long it is only pinged
	ctx, cancel := context.WithCancel(t.Context())
	frames, ended := make(chan frame, 1), make(chan error)
	go func() { ended <- b.newSocket(1).run(ctx, func(_ *socket, f frame) { frames <- f }) }()
	<-frames
	cancel()
	<-ended
	if n := len(opened); n != 1 {
		t.Errorf("connected %d times, want once", n)
	}
}

// Once a write has failed the client can send no ack and would read on.
func TestASocketThatCannotBeWrittenIsClosed(t *testing.T) {
	here, there := net.Pipe()
	there.Close()
	l := live{here, time.Second, new(atomic.Int64)}
	if _, err := l.Write([]byte("x")); err == nil {
		t.Fatal("written to nobody")
	}
	if _, err := here.Read(make([]byte, 1)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("Read = %v, want a closed connection", err)
	}
}

func TestRetryAfterIsObeyedByTheSocket(t *testing.T) {
	opened := make(chan time.Time, 2)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case opened <- time.Now():
		default:
		}
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer srv.Close()
	b, err := New(Config{BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: srv.URL + "/api/", Index: func() *match.Index { return nil }, Ledger: struct{ Ledger }{}})
	if err != nil {
		t.Fatal(err)
	}
	b.pace = pace{min: time.Millisecond, max: time.Millisecond}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- b.newSocket(1).run(ctx, func(*socket, frame) {}) }()
	first, second := <-opened, <-opened
	cancel()
	<-ended
	if gap := second.Sub(first); gap < 2*time.Second {
		t.Errorf("asked again after %v, want 2 s at least", gap)
	}
}
