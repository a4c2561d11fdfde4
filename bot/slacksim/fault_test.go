package slacksim

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// hear runs a client that acks all events and returns what it gets.
func (x *world) hear(t *testing.T) <-chan socketmode.Event {
	t.Helper()
	got := make(chan socketmode.Event, 1000)
	x.run(t, func(client *socketmode.Client, e socketmode.Event) {
		if e.Type == socketmode.EventTypeEventsAPI {
			// An ack that is lost with its socket brings the event again.
			_ = client.Ack(*e.Request)
		}
		got <- e
	})
	return got
}

// next returns the next event of a kind.
func next(got <-chan socketmode.Event, kind socketmode.EventType) socketmode.Event {
	for e := range got {
		if e.Type == kind {
			return e
		}
	}
	return socketmode.Event{}
}

// heard returns the text of the next message that arrives, and its envelope.
func heard(got <-chan socketmode.Event) (string, *socketmode.Request) {
	e := next(got, socketmode.EventTypeEventsAPI)
	switch m := e.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(type) {
	case *slackevents.AppMentionEvent:
		return strings.TrimPrefix(m.Text, "<@U0BOT> "), e.Request
	case *slackevents.MessageEvent:
		return m.Text, e.Request
	}
	return "", e.Request
}

// fault sets a fault.
func (x *world) fault(t *testing.T, body object) {
	t.Helper()
	x.act(t, "fault", body)
}

// faults is what the workspace says about its faults.
func (x *world) faults(t *testing.T) object {
	t.Helper()
	return x.request(t, "GET", "/_sim/fault", "", "")
}

func TestDeliverTwice(t *testing.T) {
	x := start(t, Config{})
	got := x.hear(t)
	x.fault(t, object{"kind": "deliver_twice", "count": 1})
	x.say(t, "C0GENERAL", "<@U0BOT> one")
	_, first := heard(got)
	if text, second := heard(got); text != "one" || second.EnvelopeID != first.EnvelopeID || second.RetryAttempt != 0 {
		t.Errorf("second delivery is %q in %+v, want that of %+v", text, second, first)
	}
	x.say(t, "C0GENERAL", "<@U0BOT> two")
	x.say(t, "C0GENERAL", "<@U0BOT> three")
	heard(got)
	if text, _ := heard(got); text != "three" {
		t.Errorf("%q is delivered twice beyond the count", text)
	}
}

func TestLostAckBringsTheEventAgain(t *testing.T) {
	x := start(t, Config{RetryDelays: []time.Duration{10 * time.Millisecond}})
	acks := x.follow(t, "ack")
	got := x.hear(t)
	x.fault(t, object{"kind": "lose_ack", "count": 1})
	x.say(t, "C0GENERAL", "<@U0BOT> hi")
	_, first := heard(got)
	_, again := heard(got)
	if again.EnvelopeID != first.EnvelopeID || again.RetryAttempt != 1 {
		t.Errorf("after a lost ack of %s: %+v", first.EnvelopeID, again)
	}
	if acked := <-acks; acked["envelope_id"] != first.EnvelopeID {
		t.Errorf("acked: %v", acked)
	}
}

func TestLostAckOfACommandIsAnError(t *testing.T) {
	x := start(t, Config{})
	x.patience = 50 * time.Millisecond
	commands(t, x, func(slack.SlashCommand) any { return object{"text": "answer"} })
	x.fault(t, object{"kind": "lose_ack", "method": "slash_commands", "count": 1})
	ask := object{"user": "U0ASKER", "channel": "C0GENERAL", "command": "/ask", "text": "hi"}
	if got := x.ask(t, "command", ask)["error"]; got != "operation_timeout" {
		t.Errorf("error = %v", got)
	}
	if seen := x.messages(t, "C0GENERAL", ""); len(seen) != 0 {
		t.Errorf("messages = %+v, want none", seen)
	}
	x.act(t, "command", ask)
}

func TestDelayedEventIsOvertaken(t *testing.T) {
	x := start(t, Config{})
	got := x.hear(t)
	x.fault(t, object{"kind": "delay_event", "channel": "C0GENERAL", "delay_ms": 100})
	x.say(t, "C0GENERAL", "<@U0BOT> early")
	x.say(t, "C0RANDOM", "<@U0BOT> late")
	var order []string
	for range 2 {
		text, _ := heard(got)
		order = append(order, text)
	}
	if !slices.Equal(order, []string{"late", "early"}) {
		t.Errorf("order = %v", order)
	}
}

func TestSocketFaultsLoseNothing(t *testing.T) {
	for _, fault := range []object{
		{"kind": "close_socket"},
		{"kind": "disconnect"},
		{"kind": "disconnect", "reason": "warning", "delay_ms": 5},
		{"kind": "disconnect", "reason": "link_disabled"},
		{"kind": "disconnect", "reason": "too_many_websockets"},
	} {
		t.Run(fmt.Sprint(fault["kind"], fault["reason"]), func(t *testing.T) {
			x := start(t, Config{RetryForever: 50 * time.Millisecond})
			got := x.hear(t)
			fault["count"] = 1
			x.fault(t, fault)
			fault["count"], fault["p"], fault["seed"] = 3, 0.5, 1
			x.fault(t, fault)
			missing := map[string]bool{}
			for i := range 30 {
				text := fmt.Sprint("question ", i)
				missing[text] = true
				x.say(t, "C0GENERAL", "<@U0BOT> "+text)
			}
			for len(missing) > 0 {
				text, _ := heard(got)
				delete(missing, text)
			}
			if struck := x.faults(t)["struck"].(object)[fault["kind"].(string)]; struck != 4.0 {
				t.Errorf("struck %v times, want 4", struck)
			}
		})
	}
}

func TestFaultStrikesOpenSocketsAtOnce(t *testing.T) {
	for _, fault := range []object{
		{"kind": "close_socket", "count": 1},
		{"kind": "disconnect", "reason": "refresh_requested", "count": 1},
	} {
		x := start(t, Config{})
		got := x.hear(t)
		next(got, socketmode.EventTypeHello)
		x.fault(t, fault)
		next(got, socketmode.EventTypeHello) // it is back
	}
}

func TestDisconnectReasons(t *testing.T) {
	for _, tt := range []struct{ reason, want string }{
		{"", "refresh_requested"},
		{"warning", "warning refresh_requested"},
		{"refresh_requested", "refresh_requested"},
		{"link_disabled", "link_disabled"},
		{"too_many_websockets", "too_many_websockets"},
	} {
		x := start(t, Config{})
		s := x.connect(t)
		x.fault(t, object{"kind": "disconnect", "reason": tt.reason, "delay_ms": 1, "count": 1})
		for want := range strings.SplitSeq(tt.want, " ") {
			if f := s.next(); f["type"] != "disconnect" || f["reason"] != want {
				t.Errorf("reason %q: frame %v, want %s", tt.reason, f, want)
			}
		}
		// What comes then goes to others.
		x.say(t, "C0GENERAL", "<@U0BOT> hi")
		if e := x.connect(t).next(); event(e)["text"] != "<@U0BOT> hi" {
			t.Errorf("reason %q: the next socket gets %v", tt.reason, e)
		}
	}
}

func TestDisconnectRightAfterTheGreeting(t *testing.T) {
	x := start(t, Config{})
	x.fault(t, object{"kind": "disconnect", "reason": "link_disabled", "count": 2})
	for range 2 {
		if f := x.connect(t).next(); f["reason"] != "link_disabled" {
			t.Errorf("frame after the greeting: %v", f)
		}
	}
	s := x.connect(t)
	x.say(t, "C0GENERAL", "<@U0BOT> hi")
	s.next()
}

func TestRefusedConnection(t *testing.T) {
	for _, method := range []string{"", "apps.connections.open", "websocket"} {
		x := start(t, Config{})
		x.fault(t, object{"kind": "refuse_connection", "method": method, "count": 2})
		x.hear(t) // returns when it is connected
		if struck := x.faults(t)["struck"].(object)["refuse_connection"]; struck != 2.0 {
			t.Errorf("method %q: struck %v times, want 2", method, struck)
		}
	}
}

func TestRateLimitAndServerError(t *testing.T) {
	x := start(t, Config{})
	post := func(channel string) error {
		_, _, err := x.api.PostMessage(channel, slack.MsgOptionText("hi", false))
		return err
	}
	x.fault(t, object{"kind": "ratelimit", "method": "chat.postMessage", "channel": "C0GENERAL", "count": 1, "delay_ms": 1500})
	if err := post("C0RANDOM"); err != nil {
		t.Errorf("in another channel: %v", err)
	}
	var limited *slack.RateLimitedError
	if err := post("#general"); !errors.As(err, &limited) || limited.RetryAfter != 2*time.Second {
		t.Errorf("error %v, want a rate limit of 2 s", err)
	}
	x.fault(t, object{"kind": "http_500", "channel": "D0ASKER", "count": 1})
	var status slack.StatusCodeError
	if err := post("U0ASKER"); !errors.As(err, &status) || status.Code != http.StatusInternalServerError {
		t.Errorf("error %v, want status 500", err)
	}
	x.act(t, "message", object{"user": "U0ASKER", "channel": "@U0BOT", "text": "the only one"})
	for channel, want := range map[string]int{"C0GENERAL": 0, "D0ASKER": 1, "C0RANDOM": 1} {
		if seen := x.messages(t, channel, ""); len(seen) != want {
			t.Errorf("%d messages in %s, want %d", len(seen), channel, want)
		}
	}
	if err := errors.Join(post("C0GENERAL"), post("U0ASKER")); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// impatient posts a message and gives up soon.
func (x *world) impatient(t *testing.T, channel string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, _, err := x.api.PostMessageContext(ctx, channel, slack.MsgOptionText("hi", false)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("post: %v, want a timeout", err)
	}
}

func TestTimeoutAfterEffect(t *testing.T) {
	x := start(t, Config{})
	x.fault(t, object{"kind": "timeout_after_effect", "method": "chat.postMessage", "count": 1})
	x.impatient(t, "C0GENERAL")
	if seen := x.messages(t, "C0GENERAL", ""); len(seen) != 1 {
		t.Errorf("messages = %+v, want the one that was posted", seen)
	}
}

func TestLateEffect(t *testing.T) {
	x := start(t, Config{})
	posted := x.follow(t, "message")
	x.fault(t, object{"kind": "late_effect", "method": "chat.postMessage", "count": 1, "delay_ms": 300})
	x.impatient(t, "C0GENERAL")
	if seen := x.messages(t, "C0GENERAL", ""); len(seen) != 0 {
		t.Errorf("messages before its time: %+v", seen)
	}
	if got := <-posted; got["channel"] != "C0GENERAL" {
		t.Errorf("posted: %v", got)
	}
	if seen := x.messages(t, "C0GENERAL", ""); len(seen) != 1 {
		t.Errorf("messages = %+v, want one", seen)
	}
}

func TestFaultsOfResponseURLs(t *testing.T) {
	x := start(t, Config{})
	urls := make(chan string, 1)
	commands(t, x, func(c slack.SlashCommand) any {
		urls <- c.ResponseURL
		return nil
	})
	x.act(t, "command", object{"user": "U0ASKER", "channel": "C0LOBBY", "command": "/ask", "text": "hi"})
	url := <-urls
	x.fault(t, object{"kind": "http_500", "method": "response_url", "channel": "C0GENERAL"})
	x.fault(t, object{"kind": "ratelimit", "method": "response_url", "channel": "C0LOBBY", "count": 1})
	for _, want := range []int{http.StatusTooManyRequests, http.StatusOK} {
		if status, code := respond(t, url, object{"text": "late"}); status != want {
			t.Errorf("response: %d %s, want %d", status, code, want)
		}
	}
	if seen := x.messages(t, "C0LOBBY", ""); len(seen) != 1 {
		t.Errorf("messages = %+v, want one", seen)
	}
}

func TestEndOfFaults(t *testing.T) {
	x := start(t, Config{})
	posted := x.follow(t, "message")
	x.fault(t, object{"kind": "timeout_after_effect", "channel": "C0GENERAL"})
	x.fault(t, object{"kind": "late_effect", "channel": "C0RANDOM", "delay_ms": 1})
	answers := map[string]chan error{"C0GENERAL": make(chan error, 1), "C0RANDOM": make(chan error, 1)}
	for channel, answer := range answers {
		go func() {
			_, _, err := x.api.PostMessage(channel, slack.MsgOptionText("hi", false))
			answer <- err
		}()
	}
	for x.faults(t)["hanging"] != 2.0 {
	}
	ended := x.request(t, "DELETE", "/_sim/fault", "", "")
	if len(ended["faults"].([]any)) != 0 || ended["struck"].(object)["late_effect"] != 1.0 {
		t.Errorf("end: %v", ended)
	}
	if err := <-answers["C0GENERAL"]; err != nil {
		t.Errorf("what had its effect: %v", err)
	}
	if err := <-answers["C0RANDOM"]; err == nil {
		t.Error("what has no effect yet is answered")
	}
	<-posted
	<-posted
	if _, _, err := x.api.PostMessage("C0RANDOM", slack.MsgOptionText("hi", false)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if got := x.faults(t); got["hanging"] != 0.0 || got["late"] != 0.0 {
		t.Errorf("afterwards: %v", got)
	}
}

func TestSeedRepeatsAFault(t *testing.T) {
	pattern := func(seed int) string {
		x := start(t, Config{})
		x.fault(t, object{"kind": "http_500", "method": "auth.test", "p": 0.5, "seed": seed})
		var out strings.Builder
		for range 40 {
			if _, err := x.api.AuthTest(); err == nil {
				out.WriteByte('.')
			} else {
				out.WriteByte('x')
			}
		}
		return out.String()
	}
	one, again, other := pattern(1), pattern(1), pattern(2)
	if one != again || one == other || !strings.Contains(one, ".") || !strings.Contains(one, "x") {
		t.Errorf("seed 1 gives %s and %s, seed 2 gives %s", one, again, other)
	}
}

func TestFaultsAreListedUntilTheyAreSpent(t *testing.T) {
	x := start(t, Config{})
	x.fault(t, object{"kind": "http_500", "method": "auth.test", "count": 2})
	x.fault(t, object{"kind": "lose_ack", "p": 0.25, "seed": 7})
	for left := 2; left > 0; left-- {
		if got := x.faults(t)["faults"].([]any); len(got) != 2 || got[0].(object)["struck"] != float64(2-left) || got[1].(object)["seed"] != 7.0 || got[1].(object)["p"] != 0.25 {
			t.Errorf("faults = %v", got)
		}
		if _, err := x.api.AuthTest(); err == nil {
			t.Error("no fault")
		}
	}
	got := x.faults(t)
	if all := got["faults"].([]any); len(all) != 1 || all[0].(object)["kind"] != "lose_ack" || got["struck"].(object)["http_500"] != 2.0 {
		t.Errorf("faults = %v", got)
	}
}

func TestFaultSaysWhatIsWrong(t *testing.T) {
	x := start(t, Config{})
	for _, tt := range []struct{ body, want string }{
		{`{}`, `kind "" is unknown: use one of close_socket, delay_event, deliver_twice, disconnect, http_500, late_effect, lose_ack, ratelimit, refuse_connection, timeout_after_effect`},
		{`{"kind":"earthquake"}`, `kind "earthquake" is unknown`},
		{`{"kind":"http_500","often":3}`, `unknown field "often"`},
		{`{"kind":"http_500","p":0}`, "p must be more than 0 and at most 1"},
		{`{"kind":"http_500","p":1.1,"count":0}`, "p must be more than 0 and at most 1\ncount must be at least 1"},
		{`{"kind":"http_500","count":-1}`, "count must be at least 1"},
		{`{"kind":"http_500","delay_ms":-1}`, "delay_ms of http_500 must be from 0 to 600000"},
		{`{"kind":"late_effect","delay_ms":10001}`, "delay_ms of late_effect must be from 0 to 10000"},
		{`{"kind":"lose_ack","delay_ms":1}`, "lose_ack has no delay_ms"},
		{`{"kind":"http_500","method":"chat.shout"}`, `method "chat.shout" is none that http_500 befalls: use one of apps.connections.open, assistant`},
		{`{"kind":"refuse_connection","method":"chat.postMessage"}`, "use one of apps.connections.open, websocket"},
		{`{"kind":"deliver_twice","method":"chat.postMessage"}`, "use one of events_api, slash_commands, interactive"},
		{`{"kind":"close_socket","method":"websocket"}`, "close_socket has no method"},
		{`{"kind":"disconnect","channel":"C0GENERAL"}`, "disconnect has no channel"},
		{`{"kind":"http_500","channel":"general"}`, `channel "general" is no id of a channel`},
		{`{"kind":"disconnect","reason":"boredom"}`, `reason "boredom" is unknown: use one of warning, `},
		{`{"kind":"close_socket","reason":"warning"}`, "close_socket has no reason"},
		{`{"kind":"http_500","seed":-1}`, "read request"},
	} {
		answer := x.request(t, "POST", "/_sim/fault", jsonKind, tt.body)
		if got, _ := answer["error"].(string); answer["ok"] != false || !strings.Contains(got, tt.want) {
			t.Errorf("%s = %v, want error %q", tt.body, answer, tt.want)
		}
	}
	if all := x.faults(t)["faults"].([]any); len(all) != 0 {
		t.Errorf("faults = %v, want none", all)
	}
}

func TestRetryForever(t *testing.T) {
	x := start(t, Config{RetryForever: time.Millisecond})
	s := x.connect(t)
	x.say(t, "C0GENERAL", "<@U0BOT> hi")
	first := s.next()
	for attempt := 1.0; attempt <= 20; attempt++ {
		if again := s.next(); again["envelope_id"] != first["envelope_id"] || again["retry_attempt"] != attempt {
			t.Errorf("retry = %v", again)
		}
	}
}

func TestRateLimitOfAChannel(t *testing.T) {
	clock := time.Now()
	x := start(t, Config{RateLimit: true, Now: func() time.Time { return clock }})
	for i, tt := range []struct {
		wait    time.Duration
		channel string
		limited time.Duration // what Retry-After says
	}{
		{0, "C0GENERAL", 0},
		{0, "C0GENERAL", 0}, // one more at a time
		{0, "C0GENERAL", time.Second},
		{0, "C0RANDOM", 0},
		{time.Second, "C0GENERAL", 0},
		{0, "C0GENERAL", time.Second},
		{time.Minute, "C0GENERAL", 0},
	} {
		x.mu.Lock()
		clock = clock.Add(tt.wait)
		x.mu.Unlock()
		_, _, err := x.api.PostMessage(tt.channel, slack.MsgOptionText("hi", false))
		var limited *slack.RateLimitedError
		if errors.As(err, &limited) != (tt.limited > 0) || limited != nil && limited.RetryAfter != tt.limited {
			t.Errorf("message %d: %v, want a limit of %s", i+1, err, tt.limited)
		}
	}
}

func TestCloseDoesNotWaitForFaults(t *testing.T) {
	x := start(t, Config{})
	x.fault(t, object{"kind": "late_effect", "delay_ms": 10_000, "count": 1})
	x.impatient(t, "C0GENERAL")
	x.connect(t)
	x.fault(t, object{"kind": "delay_event", "delay_ms": 600_000})
	x.say(t, "C0GENERAL", "<@U0BOT> hi")
	if err := x.Close(); err != nil { // or the test would take ten minutes
		t.Error(err)
	}
}
