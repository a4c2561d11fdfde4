package slacksim

import (
	"fmt"
	"strings"
	"testing"
)

const someManifest = `
features:
  app_home: {home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false}
  bot_user: {display_name: bot}
  slash_commands: [{command: /facts, description: Ask, usage_hint: "[question]", should_escape: true}]
  shortcuts:
    - {name: Find, type: message, callback_id: find, description: Find it}
oauth_config: {scopes: {bot: [app_mentions:read, chat:write, commands, im:history, channels:history, channels:read]}}
settings:
  event_subscriptions: {bot_events: [app_mention, message.im]}
  interactivity: {is_enabled: true}
  socket_mode_enabled: true
`

func installed(t *testing.T, manifest string) *world {
	t.Helper()
	app, err := ReadManifest([]byte(manifest))
	if err != nil {
		t.Fatal(err)
	}
	return start(t, Config{App: app})
}

func TestManifestsThatCannotWork(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{"socket_mode_enabled: true", "socket_mode_enabled: false", "socket_mode_enabled is off"},
		{"app_mentions:read, ", "", "the event app_mention needs the scope app_mentions:read"},
		{"commands, ", "", "need the scope commands"},
		{"message.im]", "message.imm]", "does not know the event message.imm"},
		{"type: message", "type: both", `the shortcut "Find" needs`},
		{"bot_user: {display_name: bot}", "", "bot_user is missing"},
		{"features:", "features: [", "read manifest"},
	} {
		if _, err := ReadManifest([]byte(strings.Replace(someManifest, tt.from, tt.to, 1))); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q for %q: %v, want %q", tt.to, tt.from, err, tt.want)
		}
	}
}

func TestScopes(t *testing.T) {
	x := installed(t, someManifest)
	x.act(t, "message", object{"user": "U0ASKER", "channel": "@U0BOT", "text": "hi"})
	x.act(t, "channel", object{"channel": "C0SECRET", "private": true})
	for _, tt := range []struct{ call, needed string }{
		{"chat.postMessage?channel=C0GENERAL&text=hi", ""},
		{"reactions.add?channel=C0GENERAL&timestamp=1.2&name=eyes", "reactions:write"},
		{"users.info?user=U0ASKER", "users:read"},
		{"conversations.history?channel=C0GENERAL", ""},
		{"conversations.history?channel=D0ASKER", ""},
		{"conversations.history?channel=C0SECRET", "groups:history"},
		{"conversations.info?channel=D0ASKER", "im:read"},
		{"conversations.list", ""},
		{"conversations.list?types=public_channel,im", "im:read"},
		{"conversations.open?users=U0ASKER", "im:write,mpim:write"},
		{"assistant.threads.setTitle?channel_id=D0ASKER&thread_ts=1.2&title=hi", "assistant:write"},
	} {
		method, query, _ := strings.Cut(tt.call, "?")
		answer := x.request(t, "POST", "/api/"+method, formKind, query)
		if tt.needed == "" {
			if answer["ok"] != true {
				t.Errorf("%s: %v", tt.call, answer)
			}
			continue
		}
		if answer["error"] != "missing_scope" || answer["needed"] != tt.needed || !strings.HasPrefix(fmt.Sprint(answer["provided"]), "app_mentions:read,chat:write") {
			t.Errorf("%s: %v, want %s to be needed", tt.call, answer, tt.needed)
		}
	}
}

func TestWhatTheManifestDoesNotAskForDoesNotCome(t *testing.T) {
	x := installed(t, someManifest)
	s := x.connect(t)
	// Neither a plain message nor the Home tab is an event of this app.
	x.say(t, "C0GENERAL", "hi")
	if answer := x.ask(t, "home", object{"user": "U0ASKER"}); !strings.Contains(fmt.Sprint(answer["error"]), "no Home tab") {
		t.Errorf("home: %v", answer)
	}
	x.act(t, "home", object{"user": "U0ASKER", "tab": "messages"})
	x.say(t, "C0GENERAL", "<@U0BOT> hi")
	if e := s.next()["payload"].(object)["event"].(object); e["type"] != "app_mention" {
		t.Errorf("event = %v", e)
	}
	for path, body := range map[string]object{
		"command":   {"user": "U0ASKER", "channel": "C0GENERAL", "command": "/ask"},
		"shortcut":  {"user": "U0ASKER", "callback_id": "find"},
		"assistant": {"user": "U0ASKER"},
	} {
		if answer := x.ask(t, path, body); answer["ok"] != false {
			t.Errorf("%s: %v", path, answer)
		}
	}
	if got := x.call(t, "views.publish", object{"user_id": "U0ASKER", "view": object{"type": "home", "blocks": []object{}}})["error"]; got != "not_enabled" {
		t.Errorf("publish: %v", got)
	}
	// Names in a command become references, since the manifest says so.
	x.during(t, "command", object{"user": "U0ASKER", "channel": "C0GENERAL", "command": "/facts", "text": "ask @curator in #random"}, s, func(p object) any {
		if p["text"] != "ask <@U0CURATOR|curator> in <#C0RANDOM|random>" {
			t.Errorf("text = %v", p["text"])
		}
		return nil
	})
}

func TestMessagesTab(t *testing.T) {
	x := installed(t, strings.Replace(someManifest, "messages_tab_enabled: true", "messages_tab_enabled: false", 1))
	if got := x.call(t, "chat.postMessage", object{"channel": "U0ASKER", "text": "hi"})["error"]; got != "messages_tab_disabled" {
		t.Errorf("post: %v", got)
	}
	if answer := x.ask(t, "message", object{"user": "U0ASKER", "channel": "@U0BOT", "text": "hi"}); answer["ok"] != false {
		t.Errorf("message: %v", answer)
	}
	x = installed(t, strings.Replace(someManifest, "read_only_enabled: false", "read_only_enabled: true", 1))
	x.must(t, "chat.postMessage", object{"channel": "U0ASKER", "text": "hi"})
	if answer := x.ask(t, "message", object{"user": "U0ASKER", "channel": "@U0BOT", "text": "hi"}); answer["ok"] != false {
		t.Errorf("message: %v", answer)
	}
}

func TestWithoutInteractivityNothingIsHeard(t *testing.T) {
	x := installed(t, strings.Replace(someManifest, "is_enabled: true", "is_enabled: false", 1))
	ts := x.must(t, "chat.postMessage", object{"channel": "C0GENERAL", "text": "hi", "blocks": []any{button("a", "1")}})["ts"]
	if answer := x.ask(t, "action", object{"user": "U0ASKER", "message_ts": ts, "action_id": "a"}); !strings.Contains(fmt.Sprint(answer["error"]), "interactivity is off") {
		t.Errorf("press: %v", answer)
	}
}
