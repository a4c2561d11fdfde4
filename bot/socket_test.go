package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
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
	b := socketServer(t, nil)
	take := b.take(t.Context())
	for range waiting + 3 {
		take(nil, frame{Envelope: "e"}) // nobody works: it must not block
	}
	if len(b.queue) != waiting || b.missed.Load() != 3 {
		t.Errorf("%d taken, %d missed, want %d and 3", len(b.queue), b.missed.Load(), waiting)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	<-b.queue
	b.take(ctx)(nil, frame{Envelope: "e"})
	if len(b.queue) != waiting-1 {
		t.Error("a frame was taken after the end")
	}
}
