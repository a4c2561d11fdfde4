package slacksim

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// event returns the event in an envelope.
func event(envelope object) object {
	return envelope["payload"].(object)["event"].(object)
}

func TestMentionEnvelope(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	ts := x.say(t, "C0GENERAL", "<@U0BOT> who &amp; why?")
	e := s.next()
	for name, want := range (object{"type": "events_api", "accepts_response_payload": false, "retry_attempt": 0.0, "retry_reason": ""}) {
		if e[name] != want {
			t.Errorf("%s = %v, want %v", name, e[name], want)
		}
	}
	for name, want := range (object{
		"type": "app_mention", "user": "U0ASKER", "channel": "C0GENERAL", "ts": ts, "event_ts": ts, "team": teamID,
		"text": "<@U0BOT> who &amp; why?", "channel_type": nil,
	}) {
		if got := event(e)[name]; got != want {
			t.Errorf("event %s = %v, want %v", name, got, want)
		}
	}
	parts := event(e)["blocks"].([]any)[0].(object)["elements"].([]any)[0].(object)["elements"].([]any)
	if len(parts) != 2 || parts[0].(object)["user_id"] != "U0BOT" || parts[1].(object)["text"] != " who & why?" {
		t.Errorf("rich text = %v", parts)
	}
	if answer := x.request(t, "GET", "/_sim/state", "", ""); answer["unacked"] != 1.0 || answer["sockets"] != 1.0 {
		t.Errorf("before the ack: %v", answer)
	}
}

func TestEventsByConversation(t *testing.T) {
	for _, tt := range []struct {
		claim, channel, text string
		events               []string // that the app subscribes to beside message.im
		want                 []string // the types that are delivered
	}{
		{"a mention where the bot is", "C0GENERAL", "<@U0BOT> hi", []string{"app_mention"}, []string{"app_mention"}},
		{"a mention in a new channel", "C0NEW", "<@U0BOT|footnote> hi", []string{"app_mention"}, []string{"app_mention"}},
		{"a mention as both kinds", "C0GENERAL", "<@U0BOT> hi", []string{"app_mention", "message.channels"}, []string{"app_mention", "message"}},
		{"talk among others", "C0GENERAL", "<@U0CURATOR> hi", []string{"app_mention"}, nil},
		{"where the bot is not", "C0LOBBY", "<@U0BOT> hi", []string{"app_mention", "message.channels"}, nil},
		{"direct, even a mention", "@U0BOT", "<@U0BOT> hi", []string{"app_mention"}, []string{"message"}},
	} {
		x := start(t, Config{App: hearing(append(tt.events, "message.im")...)})
		s := x.connect(t)
		x.say(t, tt.channel, tt.text)
		x.say(t, "@U0BOT", "the end")
		var got []string
		for e := event(s.next()); e["text"] != "the end"; e = event(s.next()) {
			got = append(got, e["type"].(string))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: events %v, want %v", tt.claim, got, tt.want)
		}
	}
}

func TestEditsAndDeletions(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	ts := x.say(t, "C0GENERAL", "<@U0BOT> one")
	s.ack(s.next(), nil)
	edit := object{"user": "U0ASKER", "channel": "C0GENERAL", "ts": ts, "text": "<@U0BOT> two"}
	x.act(t, "message", edit)
	x.act(t, "message", edit) // the same again is no edit
	again := event(s.next())
	if again["type"] != "app_mention" || again["ts"] != ts || again["text"] != "<@U0BOT> two" || again["edited"].(object)["user"] != "U0ASKER" {
		t.Errorf("edited mention = %v", again)
	}

	direct := x.act(t, "message", object{"user": "U0ASKER", "channel": "@U0BOT", "text": "three"})
	if got := event(s.next()); got["channel_type"] != "im" || got["channel"] != direct["channel"] {
		t.Errorf("direct message = %v", got)
	}
	x.act(t, "message", object{"user": "U0ASKER", "channel": direct["channel"], "ts": direct["ts"], "text": "four"})
	changed := event(s.next())
	if changed["subtype"] != "message_changed" || changed["message"].(object)["text"] != "four" || changed["previous_message"].(object)["text"] != "three" {
		t.Errorf("change = %v", changed)
	}
	x.act(t, "delete", object{"channel": direct["channel"], "ts": direct["ts"]})
	if deleted := event(s.next()); deleted["subtype"] != "message_deleted" || deleted["deleted_ts"] != direct["ts"] {
		t.Errorf("deletion = %v", deleted)
	}
	if left := x.messages(t, direct["channel"].(string), ""); len(left) != 0 {
		t.Errorf("messages = %v, want none", left)
	}
}

func TestBotHearsItselfInDirectMessages(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	x.request(t, "POST", "/api/chat.postMessage", "application/json", `{"channel":"U0ASKER","text":"hello"}`)
	if got := event(s.next()); got["bot_id"] != botID || got["user"] != botUser || got["app_id"] != appID || got["text"] != "hello" {
		t.Errorf("echo = %v", got)
	}
}

func TestUnackedEventIsSentAgain(t *testing.T) {
	x := start(t, Config{RetryDelays: []time.Duration{time.Millisecond, time.Millisecond}})
	s := x.connect(t)
	x.say(t, "C0GENERAL", "<@U0BOT> hi")
	first := s.next()
	for attempt := 1.0; attempt <= 2; attempt++ {
		again := s.next()
		if again["envelope_id"] != first["envelope_id"] || again["retry_attempt"] != attempt || again["retry_reason"] != "timeout" {
			t.Errorf("retry = %v", again)
		}
		if again["payload"].(object)["event_id"] != first["payload"].(object)["event_id"] {
			t.Error("a retry changes the event_id")
		}
	}
}

func TestEventIsGivenUpInTheEnd(t *testing.T) {
	log := make(logLines, 10)
	x := start(t, Config{RetryDelays: []time.Duration{time.Millisecond}, Log: slog.New(slog.NewTextHandler(log, nil))})
	x.patience = time.Millisecond
	s := x.connect(t)
	x.say(t, "C0GENERAL", "<@U0BOT> hi")
	first, last := s.next(), s.next()
	if line := <-log; !strings.Contains(line, "event given up") || !strings.Contains(line, "retry_attempt=1") {
		t.Errorf("log: %s", line)
	}
	if answer := x.request(t, "GET", "/_sim/state", "", ""); answer["unacked"] != 0.0 || first["envelope_id"] != last["envelope_id"] {
		t.Errorf("state: %v", answer)
	}
}

// logLines receives the lines of a log.
type logLines chan string

func (l logLines) Write(line []byte) (int, error) {
	l <- string(line)
	return len(line), nil
}

func TestUnreadableAckIsIgnored(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	acks := x.follow(t, "ack")
	x.say(t, "C0GENERAL", "<@U0BOT> hi")
	e := s.next()
	for _, ack := range []string{`{`, `[]`, `{"envelope_id":"unknown"}`} {
		if err := s.conn.Write(t.Context(), websocket.MessageText, []byte(ack)); err != nil {
			t.Fatal(err)
		}
	}
	s.ack(e, nil)
	if got := <-acks; got["envelope_id"] != e["envelope_id"] {
		t.Errorf("acked %v, want %v", got["envelope_id"], e["envelope_id"])
	}
}

func TestRichTextOfAMessage(t *testing.T) {
	for text, want := range map[string]string{
		"a &lt;b&gt; &amp;amp; c":          `[{"text":"a <b> &amp; c","type":"text"}]`,
		"<@U0BOT|footnote> hi":             `[{"type":"user","user_id":"U0BOT"},{"text":" hi","type":"text"}]`,
		"in <#C0GENERAL|general>":          `[{"text":"in ","type":"text"},{"channel_id":"C0GENERAL","type":"channel"}]`,
		"<!here><https://example.com|it>!": `[{"range":"here","type":"broadcast"},{"text":"it","type":"link","url":"https://example.com"},{"text":"!","type":"text"}]`,
		"<https://example.com?a=1&amp;b>":  `[{"type":"link","url":"https://example.com?a=1&b"}]`,
	} {
		block := richText("1.000002", text)
		if got := string(frame(block["elements"].([]object)[0]["elements"])); got != want {
			t.Errorf("richText(%q) = %s, want %s", text, got, want)
		}
	}
}

func TestEventWaitsForASocket(t *testing.T) {
	x := start(t, Config{RetryDelays: []time.Duration{time.Hour}})
	x.say(t, "C0GENERAL", "<@U0BOT> hi")
	e := x.connect(t).next()
	if event(e)["text"] != "<@U0BOT> hi" || e["retry_attempt"] != 1.0 || e["retry_reason"] != "timeout" {
		t.Errorf("envelope = %v", e)
	}
}

func TestAckFromAnotherSocketCounts(t *testing.T) {
	x := start(t, Config{RetryDelays: []time.Duration{time.Hour}})
	s, other := x.connect(t), x.connect(t)
	acks := x.follow(t, "ack")
	x.say(t, "C0GENERAL", "<@U0BOT> hi")
	e := s.next()
	other.ack(e, nil)
	if got := <-acks; got["envelope_id"] != e["envelope_id"] {
		t.Errorf("acked %v, want %v", got, e["envelope_id"])
	}
	if answer := x.request(t, "GET", "/_sim/state", "", ""); answer["unacked"] != 0.0 {
		t.Errorf("unacked = %v, want 0", answer["unacked"])
	}
}

func TestEachEnvelopeGoesToOneSocket(t *testing.T) {
	x := start(t, Config{RetryDelays: []time.Duration{}})
	sockets := []*wire{x.connect(t), x.connect(t), x.connect(t)}
	const each = 3
	for range each * len(sockets) {
		x.say(t, "C0GENERAL", "<@U0BOT> hi")
	}
	seen := map[any]bool{}
	for _, s := range sockets {
		for range each {
			seen[s.next()["envelope_id"]] = true
		}
	}
	if len(seen) != each*len(sockets) {
		t.Errorf("%d envelopes arrived at their share of sockets, want %d", len(seen), each*len(sockets))
	}
}

func TestOverlongAckIsDropped(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	acks := x.follow(t, "ack")
	x.say(t, "C0GENERAL", "<@U0BOT> one")
	long := s.next()
	x.say(t, "C0GENERAL", "<@U0BOT> two")
	short := s.next()
	s.ack(long, object{"text": strings.Repeat("x", maxAck)})
	s.ack(short, nil)
	if got := <-acks; got["envelope_id"] != short["envelope_id"] {
		t.Errorf("acked %v, want only %v", got["envelope_id"], short["envelope_id"])
	}
}

func TestEleventhSocketIsRefused(t *testing.T) {
	x := start(t, Config{})
	for range maxSockets {
		x.connect(t)
	}
	if got := x.dial(t).next(); got["type"] != "disconnect" || got["reason"] != "too_many_websockets" {
		t.Errorf("eleventh socket: %v", got)
	}
}

func TestTicketWorksOnce(t *testing.T) {
	x := start(t, Config{})
	link := x.requestAs(t, x.AppToken(), "POST", "/api/apps.connections.open", "", "")["url"].(string)
	for _, want := range []int{http.StatusSwitchingProtocols, http.StatusForbidden} {
		conn, resp, err := websocket.Dial(t.Context(), link, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {"https://api.slack.com"}}})
		if resp == nil || resp.StatusCode != want {
			t.Fatalf("dial: %v %v, want status %d", resp, err, want)
		}
		if conn != nil {
			_ = conn.CloseNow()
		}
	}
}

func TestSocketIsPingedAfterTheGreeting(t *testing.T) {
	x := start(t, Config{})
	link := x.requestAs(t, x.AppToken(), "POST", "/api/apps.connections.open", "", "")["url"].(string)
	pinged := make(chan struct{}, 1)
	conn, _, err := websocket.Dial(t.Context(), link, &websocket.DialOptions{OnPingReceived: func(context.Context, []byte) bool {
		pinged <- struct{}{}
		return true
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if _, _, err := conn.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn.CloseRead(t.Context())
	<-pinged
}

func TestCloseEndsSocketsAndStreams(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	stream := x.follow(t, "never")
	x.say(t, "C0GENERAL", "<@U0BOT> hi")
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	s.next() // the mention was sent before
	if _, _, err := s.conn.Read(t.Context()); err == nil {
		t.Error("the socket is still open")
	}
	if got, open := <-stream; open {
		t.Errorf("the stream is still open: %v", got)
	}
	resp, err := http.Get(x.url + "/api/api.test")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status after Close = %d, want 503", resp.StatusCode)
	}
}
