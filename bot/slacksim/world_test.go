package slacksim

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"footnote/bot/slacksim/reference"
)

// world is a running workspace and a client of its Web API.
type world struct {
	*Workspace
	url string
	api *slack.Client
}

func start(t *testing.T, cfg Config) *world {
	t.Helper()
	cfg.OnCall = func(c Call) {
		if c.Error != "" {
			if err := reference.Undocumented(c.Method, c.Error); err != nil {
				t.Error(err)
			}
		}
	}
	w := New(cfg)
	srv := httptest.NewServer(w.Handler())
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		srv.Close()
	})
	return &world{w, srv.URL, slack.New(w.BotToken(), slack.OptionAPIURL(srv.URL+"/api/"), slack.OptionAppLevelToken(w.AppToken()))}
}

// hearing is an app that may do everything and hears some events.
func hearing(events ...string) *App {
	app := Everything()
	app.Events = events
	return app
}

// ask calls the control API and returns its answer, ok or not.
func (x *world) ask(t *testing.T, path string, body object) object {
	t.Helper()
	return x.request(t, "POST", "/_sim/"+path, "application/json", string(frame(body)))
}

// act is ask for what must succeed.
func (x *world) act(t *testing.T, path string, body object) object {
	t.Helper()
	answer := x.ask(t, path, body)
	if answer["ok"] != true {
		t.Fatalf("%s %v = %v", path, body, answer)
	}
	return answer
}

// say lets the asker write into a channel and returns the message's ts.
func (x *world) say(t *testing.T, channel, text string) string {
	t.Helper()
	return x.act(t, "message", object{"user": "U0ASKER", "channel": channel, "text": text})["ts"].(string)
}

// messages is what a user sees of a channel, everything if it is "".
func (x *world) messages(t *testing.T, channel, user string) []shownMessage {
	t.Helper()
	answer := x.request(t, "GET", "/_sim/messages?channel="+channel+"&user="+user, "", "")
	var seen []shownMessage
	if err := json.Unmarshal(frame(answer["messages"]), &seen); err != nil || answer["ok"] != true {
		t.Fatalf("messages of %s: %v %v", channel, answer, err)
	}
	return seen
}

// request sends a request with the bot's token and decodes the answer.
func (x *world) request(t *testing.T, method, path, kind, body string) object {
	t.Helper()
	return x.requestAs(t, x.BotToken(), method, path, kind, body)
}

func (x *world) requestAs(t *testing.T, token, method, path, kind, body string) object {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, x.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer object
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatalf("%s %s: status %d: %v", method, path, resp.StatusCode, err)
	}
	return answer
}

// code is Slack's name of an error that the client returns, "" for none.
func code(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// wire is a bare socket, for what clients hide.
type wire struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial opens a socket and returns it before its first frame is read.
func (x *world) dial(t *testing.T) *wire {
	t.Helper()
	answer := x.requestAs(t, x.AppToken(), "POST", "/api/apps.connections.open", "", "")
	link, ok := answer["url"].(string)
	if !ok {
		t.Fatalf("apps.connections.open: %v", answer)
	}
	conn, _, err := websocket.Dial(t.Context(), link, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &wire{t, conn}
}

// connect opens a socket and reads its greeting.
func (x *world) connect(t *testing.T) *wire {
	t.Helper()
	s := x.dial(t)
	if got := s.next()["type"]; got != "hello" {
		t.Fatalf("first frame is %v, want hello", got)
	}
	return s
}

// next reads one frame.
func (s *wire) next() object {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	_, data, err := s.conn.Read(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	var o object
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&o); err != nil {
		s.t.Fatal(err)
	}
	return o
}

// ack acks an envelope, with a payload unless it is nil.
func (s *wire) ack(envelope object, payload any) {
	s.t.Helper()
	o := object{"envelope_id": envelope["envelope_id"]}
	if payload != nil {
		o["payload"] = payload
	}
	if err := s.conn.Write(s.t.Context(), websocket.MessageText, frame(o)); err != nil {
		s.t.Fatal(err)
	}
}

// run runs slack-go's socket client, hands its events to handle, and returns
// once it is connected.
func (x *world) run(t *testing.T, handle func(*socketmode.Client, socketmode.Event)) {
	t.Helper()
	client := socketmode.New(x.api)
	ctx, cancel := context.WithCancel(t.Context())
	var once sync.Once
	connected, ended := make(chan struct{}), make(chan struct{}, 2)
	go func() {
		defer func() { ended <- struct{}{} }()
		if err := client.RunContext(ctx); err != nil && ctx.Err() == nil {
			t.Errorf("socket client: %v", err)
		}
	}()
	go func() {
		defer func() { ended <- struct{}{} }()
		for {
			select {
			case e := <-client.Events:
				if e.Type == socketmode.EventTypeHello {
					once.Do(func() { close(connected) })
				}
				handle(client, e)
			case <-ctx.Done():
				return
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		<-ended
	})
	<-connected
}

// follow opens the stream and returns its events of one type. The channel is
// closed when the stream ends.
func (x *world) follow(t *testing.T, kind string) <-chan object {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", x.url+"/_sim/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("stream: %s", resp.Status)
	}
	events := make(chan object, 100)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer close(events)
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			if !ok {
				continue
			}
			var o object
			if err := json.Unmarshal([]byte(data), &o); err != nil {
				t.Errorf("stream: %v", err)
			}
			if o["type"] == kind {
				events <- o
			}
		}
	}()
	t.Cleanup(func() {
		_ = resp.Body.Close()
		<-ended
	})
	return events
}
