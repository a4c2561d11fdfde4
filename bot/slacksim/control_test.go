package slacksim

import (
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestEphemeralIsForOne(t *testing.T) {
	x := start(t, Config{})
	if _, err := x.api.PostEphemeral("C0GENERAL", "U0ASKER", slack.MsgOptionText("secret", false)); err != nil {
		t.Fatal(err)
	}
	for user, want := range map[string]int{"": 1, "U0ASKER": 1, "U0CURATOR": 0} {
		if got := x.messages(t, "C0GENERAL", user); len(got) != want || want > 0 && got[0].EphemeralTo != "U0ASKER" {
			t.Errorf("%q sees %+v, want %d messages", user, got, want)
		}
	}
	page, err := x.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C0GENERAL"})
	if err != nil || len(page.Messages) != 0 {
		t.Errorf("history = %+v, %v", page, err)
	}
}

func TestControlSaysWhatIsWrong(t *testing.T) {
	x := start(t, Config{})
	ts := x.say(t, "C0GENERAL", "asked")
	for _, tt := range []struct{ path, body, want string }{
		{"message", `{`, "read request"},
		{"command", `{"user":"U0ASKER","channel":"C0GENERAL","command":"ask","text":""}`, `unknown command "ask": the app owns /ask`},
		{"message", `{"user":"U0ASKER","chanel":"C0GENERAL"}`, `unknown field "chanel"`},
		{"message", `{"user":"U0ASKER"}{}`, "more than one"},
		{"message", `{"user":"nobody","channel":"C0GENERAL","text":"hi"}`, `user_not_found: "nobody"`},
		{"message", `{"user":"U0BOT","channel":"C0GENERAL","text":"hi"}`, "is the bot"},
		{"message", `{"user":"U0ASKER","channel":"general","text":"hi"}`, `channel_not_found: "general"`},
		{"message", `{"user":"U0ASKER","channel":"C0GENERAL","text":""}`, "no_text"},
		{"message", `{"user":"U0ASKER","channel":"C0GENERAL","text":"hi","thread_ts":"1.2"}`, "cannot_reply_to_message"},
		{"message", `{"user":"U0CURATOR","channel":"C0GENERAL","text":"hi","ts":"` + ts + `"}`, "cant_update_message"},
		{"message", `{"user":"U0ASKER","channel":"C0GENERAL","text":"hi","ts":"1.2"}`, "message_not_found"},
		{"delete", `{"channel":"C0NOWHERE","ts":"1.2"}`, "channel_not_found"},
		{"delete", `{"channel":"C0GENERAL","ts":"1.2"}`, "message_not_found"},
	} {
		answer := x.request(t, "POST", "/_sim/"+tt.path, jsonKind, tt.body)
		if got, _ := answer["error"].(string); answer["ok"] != false || !strings.Contains(got, tt.want) {
			t.Errorf("%s %s = %v, want error %q", tt.path, tt.body, answer, tt.want)
		}
	}
	if got := x.request(t, "GET", "/_sim/messages?channel=C0NOWHERE", "", "")["error"]; got != `channel_not_found: "C0NOWHERE"` {
		t.Errorf("messages of an unknown channel: %v", got)
	}
}

func TestPeopleWithNewIDsJoin(t *testing.T) {
	x := start(t, Config{})
	x.say(t, "C0NEW", "before")
	for user, want := range map[string]string{"U0CHAOS1": "D0CHAOS1", "U0CHAOS2": "D0CHAOS2", "UOTHER": "DOTHER"} {
		if got := x.act(t, "message", object{"user": user, "channel": "@U0BOT", "text": "hi"})["channel"]; got != want {
			t.Errorf("direct messages of %s are in %v, want %s", user, got, want)
		}
		for _, channel := range []string{"C0GENERAL", "C0NEW", "C0NEWER"} {
			x.act(t, "message", object{"user": user, "channel": channel, "text": "hi"})
		}
	}
	if answer := x.request(t, "GET", "/_sim/messages?channel=C0GENERAL&user=U0STRANGER", "", ""); answer["ok"] != false {
		t.Error("who only reads has joined")
	}
}

func TestDirectMessagesAreOnesOwn(t *testing.T) {
	x := start(t, Config{})
	made := x.follow(t, "channel")
	mine := x.act(t, "message", object{"user": "U0ASKER", "channel": "@U0BOT", "text": "hi"})["channel"]
	again := x.act(t, "message", object{"user": "U0ASKER", "channel": mine, "text": "hi"})["channel"]
	other := x.act(t, "message", object{"user": "U0CURATOR", "channel": "@footnote", "text": "hi"})["channel"]
	if mine != again || mine == other {
		t.Errorf("direct messages are in %v, %v and %v", mine, again, other)
	}
	if got := (<-made)["channel"].(object); got["id"] != mine || got["is_im"] != true || got["user"] != "U0ASKER" {
		t.Errorf("new channel = %v", got)
	}
	if answer := x.ask(t, "message", object{"user": "U0CURATOR", "channel": mine, "text": "hi"}); answer["ok"] != false {
		t.Error("a stranger writes into direct messages")
	}
}

func TestState(t *testing.T) {
	x := start(t, Config{App: &App{Commands: []Command{{Command: "/facts"}}, Interactive: true, MessagesTab: true}})
	x.connect(t)
	got := x.request(t, "GET", "/_sim/state", "", "")
	if got["bot_user"] != x.BotUser() || got["sockets"] != 1.0 || len(got["users"].([]any)) != 3 || len(got["channels"].([]any)) != 3 ||
		got["app"].(object)["commands"].([]any)[0].(object)["command"] != "/facts" || got["team"].(object)["id"] != teamID {
		t.Errorf("state = %v", got)
	}
}

func TestStreamTellsWhatHappens(t *testing.T) {
	x := start(t, Config{})
	kinds := map[string]<-chan object{}
	for _, kind := range []string{"message", "changed", "deleted", "ephemeral", "sockets", "envelope", "ack", "api"} {
		kinds[kind] = x.follow(t, kind)
	}
	s := x.connect(t)
	ts := x.say(t, "C0GENERAL", "<@U0BOT> hi")
	e := s.next()
	s.ack(e, nil)
	x.act(t, "message", object{"user": "U0ASKER", "channel": "C0GENERAL", "ts": ts, "text": "never mind"})
	x.act(t, "delete", object{"channel": "C0GENERAL", "ts": ts})
	x.request(t, "POST", "/api/chat.postEphemeral", jsonKind, `{"channel":"C0GENERAL","user":"U0ASKER","text":"secret"}`)
	if got := <-kinds["sockets"]; got["sockets"] != 1.0 {
		t.Errorf("sockets: %v", got)
	}
	for kind, text := range map[string]string{"message": "<@U0BOT> hi", "changed": "never mind", "deleted": "never mind", "ephemeral": "secret"} {
		got := <-kinds[kind]
		if message, _ := got["message"].(object); got["channel"] != "C0GENERAL" || message["text"] != text {
			t.Errorf("%s: %v", kind, got)
		}
	}
	if got := <-kinds["envelope"]; got["envelope_id"] != e["envelope_id"] || got["kind"] != "events_api" || got["retry_attempt"] != 0.0 {
		t.Errorf("envelope: %v", got)
	}
	if got := <-kinds["ack"]; got["envelope_id"] != e["envelope_id"] {
		t.Errorf("ack: %v", got)
	}
	for _, want := range []string{"apps.connections.open", "chat.postEphemeral"} {
		if got := <-kinds["api"]; got["method"] != want || got["ok"] != true || strings.Contains(string(frame(got)), "xoxb") {
			t.Errorf("api: %v, want %s", got, want)
		}
	}
}

func TestSlowStreamIsCutOff(t *testing.T) {
	w := New(Config{})
	slow := &listener{lines: make(chan []byte, 1)}
	w.listeners[slow] = true
	w.publish("sockets", object{"sockets": 1})
	w.publish("sockets", object{"sockets": 2})
	<-slow.lines
	if line, open := <-slow.lines; open || len(w.listeners) != 0 {
		t.Errorf("the listener still gets %s", line)
	}
}

func TestOnlyTheOwnPageGetsIn(t *testing.T) {
	x := start(t, Config{})
	self := strings.TrimPrefix(x.url, "http://")
	for _, tt := range []struct {
		claim, path, host, origin, site string
		want                            int
	}{
		{"a script", "/_sim/state", "", "", "", 200},
		{"the page", "/_sim/state", "", "http://" + self, "same-origin", 200},
		{"the page itself", "/", "", "", "none", 200},
		{"by name", "/_sim/state", "localhost:1", "", "", 200},
		{"by its IPv6 address", "/_sim/state", "[::1]:1", "", "", 200},
		{"by its bare address", "/_sim/state", "127.0.0.1", "", "", 200},
		{"a name that leads here", "/_sim/state", "rebound.example", "", "", 403},
		{"a name that looks like it", "/_sim/state", "localhost.example:80", "", "", 403},
		{"the page by another name", "/", "rebound.example", "", "", 403},
		{"another site", "/_sim/state", "", "https://other.example", "", 403},
		{"another port", "/_sim/state", "", "http://127.0.0.1:1", "", 403},
		{"a sandbox", "/_sim/state", "", "null", "", 403},
		{"another site without an origin", "/_sim/state", "", "", "cross-site", 403},
		{"another port without an origin", "/_sim/stream", "", "", "same-site", 403},
		{"the page in another site", "/", "", "", "cross-site", 403},
		{"the Web API for any client", "/api/api.test", "", "https://api.slack.com", "", 200},
	} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", x.url+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = tt.host
		for name, value := range map[string]string{"Origin": tt.origin, "Sec-Fetch-Site": tt.site} {
			if value != "" {
				req.Header.Set(name, value)
			}
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != tt.want {
			t.Errorf("%s: %s, want %d", tt.claim, resp.Status, tt.want)
		}
		if policy := resp.Header.Get("Content-Security-Policy"); tt.path == "/" && !strings.HasPrefix(policy, "default-src 'self'") {
			t.Errorf("%s: policy %q", tt.claim, policy)
		}
	}
}
