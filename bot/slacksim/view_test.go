package slacksim

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"
)

// asks is a modal with one input, and whatever else it is given.
func asks(more object) object {
	v := object{
		"type": "modal", "callback_id": "why", "title": said("Why?"), "submit": said("Send"), "notify_on_close": true,
		"blocks": []object{{"type": "input", "block_id": "reason", "label": said("Reason"), "element": object{"type": "plain_text_input", "action_id": "text"}}},
	}
	maps.Copy(v, more)
	return v
}

func said(text string) object { return object{"type": "plain_text", "text": text} }

// call calls a method with JSON and returns the answer.
func (x *world) call(t *testing.T, method string, args object) object {
	t.Helper()
	return x.request(t, "POST", "/api/"+method, jsonKind, string(frame(args)))
}

// must is call for what must succeed.
func (x *world) must(t *testing.T, method string, args object) object {
	t.Helper()
	answer := x.call(t, method, args)
	if answer["ok"] != true {
		t.Fatalf("%s %v = %v", method, args, answer)
	}
	return answer
}

// shortcut lets the asker use a shortcut and returns the trigger.
func (x *world) shortcut(t *testing.T, s *wire) string {
	t.Helper()
	_, trigger := x.during(t, "shortcut", object{"user": "U0ASKER", "callback_id": "go"}, s, func(e object) any { return nil })
	return trigger
}

// during calls the control API, hands the envelope that this causes to a
// function that says what the payload of its ack is, and returns the answer and
// the trigger.
func (x *world) during(t *testing.T, path string, body object, s *wire, ack func(object) any) (object, string) {
	t.Helper()
	came := make(chan object, 1)
	go func() { came <- x.ask(t, path, body) }()
	e := s.next()
	payload := e["payload"].(object)
	trigger, _ := payload["trigger_id"].(string)
	s.ack(e, ack(payload))
	return <-came, trigger
}

// open opens a modal for the asker and returns its id.
func (x *world) open(t *testing.T, s *wire, v object) string {
	t.Helper()
	answer := x.must(t, "views.open", object{"trigger_id": x.shortcut(t, s), "view": v})
	return answer["view"].(object)["id"].(string)
}

// modals are the ids of the asker's open modals, the lowest first.
func (x *world) modalIDs(t *testing.T) []string {
	t.Helper()
	var ids []string
	for _, v := range x.request(t, "GET", "/_sim/views?user=U0ASKER", "", "")["modals"].([]any) {
		ids = append(ids, v.(object)["id"].(string))
	}
	return ids
}

func TestSubmission(t *testing.T) {
	ok := object{"reason": object{"text": "because"}}
	for _, tt := range []struct {
		claim  string
		view   object // what is special about it
		values object
		ack    any
		want   string // part of the answer
		open   int    // how many modals are left
	}{
		{"closes the modal", nil, ok, nil, "map[ok:true]", 0},
		{"with an empty object", nil, ok, object{}, "map[ok:true]", 0},
		{"by the action_id alone", nil, object{"text": "because"}, nil, "map[ok:true]", 0},
		{"with an error", nil, ok, object{"response_action": "errors", "errors": object{"reason": "too short"}}, "errors:map[reason:too short]", 1},
		{"with an error nowhere", nil, ok, object{"response_action": "errors", "errors": object{"other": "too short"}}, "invalid_response_action", 1},
		{"with no errors", nil, ok, object{"response_action": "errors"}, "invalid_response_action", 1},
		{"with another view", nil, ok, object{"response_action": "update", "view": asks(object{"callback_id": "more"})}, "callback_id:more", 1},
		{"with a bad view", nil, ok, object{"response_action": "update", "view": asks(object{"title": said(strings.Repeat("x", 25))})}, "invalid_arguments", 1},
		{"with a view on top", nil, ok, object{"response_action": "push", "view": asks(nil)}, "response_action:push", 2},
		{"with an end of it all", nil, ok, object{"response_action": "clear"}, "response_action:clear", 0},
		{"with nonsense", nil, ok, object{"response_action": "dance"}, "invalid_response_action", 1},
	} {
		x := start(t, Config{})
		s := x.connect(t)
		id := x.open(t, s, asks(tt.view))
		answer, _ := x.during(t, "submit", object{"user": "U0ASKER", "view_id": id, "values": tt.values}, s, func(p object) any {
			v := p["view"].(object)
			got := fmt.Sprint(v["state"])
			if p["type"] != "view_submission" || v["id"] != id || v["callback_id"] != "why" || got != "map[values:map[reason:map[text:map[type:plain_text_input value:because]]]]" {
				t.Errorf("%s: %s with state %s", tt.claim, p["type"], got)
			}
			return tt.ack
		})
		if !strings.Contains(fmt.Sprint(answer), tt.want) {
			t.Errorf("%s: %v, want %s", tt.claim, answer, tt.want)
		}
		if got := len(x.modalIDs(t)); got != tt.open {
			t.Errorf("%s: %d modals are open, want %d", tt.claim, got, tt.open)
		}
	}
}

func TestWhatAClientDoesNotSubmit(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	input := func(id string, element object) object {
		element["action_id"] = "a"
		return object{"type": "input", "block_id": id, "label": said(id), "element": element}
	}
	id := x.open(t, s, asks(object{"blocks": []object{
		input("text", object{"type": "plain_text_input", "min_length": 3, "max_length": 5}),
		input("mail", object{"type": "email_text_input"}),
		input("number", object{"type": "number_input", "is_decimal_allowed": false, "max_value": "9"}),
		input("link", object{"type": "url_text_input"}),
		input("some", object{"type": "checkboxes", "options": []object{{"text": said("One"), "value": "1"}}}),
	}}))
	good := map[string]any{"text": "four", "mail": "a@example.com", "number": "7", "link": "https://example.com", "some": []string{"1"}}
	for _, tt := range []struct {
		block string
		value any
		want  string
	}{
		{"text", "no", "at least 3 characters"},
		{"text", "too long", "at most 5 characters"},
		{"text", "", "required"},
		{"mail", "nobody", "email address"},
		{"number", "seven", "Enter a number"},
		{"number", "7.5", "whole number"},
		{"number", "10", "at most 9"},
		{"link", "example", "web address"},
		{"some", []string{}, "required"},
	} {
		values := object{}
		for block, value := range good {
			values[block] = object{"a": value}
		}
		values[tt.block] = object{"a": tt.value}
		answer := x.ask(t, "submit", object{"user": "U0ASKER", "view_id": id, "values": values})
		wrong, _ := answer["errors"].(object)
		if got, _ := wrong[tt.block].(string); answer["error"] != "invalid_input" || len(wrong) != 1 || !strings.Contains(got, tt.want) {
			t.Errorf("%s %q: %v, want %q", tt.block, tt.value, answer, tt.want)
		}
	}
	for claim, body := range map[string]object{
		"somebody else's":  {"user": "U0CURATOR", "view_id": id},
		"one that is not":  {"user": "U0ASKER", "view_id": "V0NONE"},
		"unknown elements": {"user": "U0ASKER", "view_id": id, "values": object{"none": "x"}},
		"a second value":   {"user": "U0ASKER", "view_id": id, "values": object{"text": object{"a": []string{"four", "five"}}}},
	} {
		if answer := x.ask(t, "submit", body); answer["ok"] != false {
			t.Errorf("submission of %s: %v", claim, answer)
		}
	}
}

func TestTriggers(t *testing.T) {
	clock := time.Now()
	x := start(t, Config{Now: func() time.Time { return clock }})
	s := x.connect(t)
	trigger := x.shortcut(t, s)
	open := func(trigger string) any {
		answer := x.call(t, "views.open", object{"trigger_id": trigger, "view": asks(nil)})
		return answer["error"]
	}
	for _, tt := range []struct {
		claim, trigger string
		later          time.Duration
		want           any
	}{
		{"none", "", 0, "invalid_arguments"},
		{"not one", "trigger", 0, "invalid_trigger_id"},
		{"not ours", "1.2.three", 0, "invalid_trigger_id"},
		{"in time", trigger, 3 * time.Second, nil},
		{"again", trigger, 0, "exchanged_trigger_id"},
	} {
		clock = clock.Add(tt.later)
		if got := open(tt.trigger); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.claim, got, tt.want)
		}
	}
	late := x.shortcut(t, s)
	clock = clock.Add(3*time.Second + time.Millisecond)
	if got := open(late); got != "expired_trigger_id" {
		t.Errorf("after 3 s: %v", got)
	}
	// What is refused for another reason does not use it up.
	trigger = x.shortcut(t, s)
	if got := x.call(t, "views.open", object{"trigger_id": trigger, "view": object{"type": "modal"}})["error"]; got != "invalid_arguments" {
		t.Errorf("a bad view: %v", got)
	}
	if got := open(trigger); got != nil {
		t.Errorf("after a bad view: %v", got)
	}
}

func TestViewsLieOnEachOther(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	push := func() object {
		return x.call(t, "views.push", object{"trigger_id": x.shortcut(t, s), "view": asks(nil)})
	}
	if got := push()["error"]; got != "not_found" {
		t.Errorf("push on nothing: %v", got)
	}
	root := x.open(t, s, asks(nil))
	second := push()["view"].(object)
	if second["previous_view_id"] != root || second["root_view_id"] != root {
		t.Errorf("the second view: %v", second)
	}
	push()
	if got := push()["error"]; got != "push_limit_reached" {
		t.Errorf("a fourth: %v", got)
	}
	// Closing the top one shows the one below; closing all tells so.
	ids := x.modalIDs(t)
	x.act(t, "close", object{"user": "U0ASKER", "view_id": ids[2]})
	if e := s.next()["payload"].(object); e["type"] != "view_closed" || e["is_cleared"] != false {
		t.Errorf("closed: %v", e)
	}
	if got := x.ask(t, "close", object{"user": "U0ASKER", "view_id": root}); got["ok"] != false {
		t.Errorf("a view below another was closed: %v", got)
	}
	x.act(t, "close", object{"user": "U0ASKER", "view_id": ids[1], "all": true})
	for range 2 {
		if e := s.next()["payload"].(object); e["is_cleared"] != true {
			t.Errorf("closed: %v", e)
		}
	}
	if got := x.modalIDs(t); len(got) != 0 {
		t.Errorf("still open: %v", got)
	}
}

func TestUpdateOfAView(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	trigger := x.shortcut(t, s)
	v := x.must(t, "views.open", object{"trigger_id": trigger, "view": asks(object{"external_id": "mine"})})["view"].(object)
	more := asks(object{"blocks": []object{
		asks(nil)["blocks"].([]object)[0],
		{"type": "section", "block_id": "s", "text": said("Pick"), "accessory": object{"type": "static_select", "action_id": "m", "options": []object{{"text": said("One"), "value": "1"}}}},
	}})
	for _, tt := range []struct {
		claim string
		args  object
		want  any
	}{
		{"by nothing", object{}, "not_found"},
		{"that is not there", object{"view_id": "V0"}, "not_found"},
		{"with an old hash", object{"view_id": v["id"], "hash": "1.2"}, "hash_conflict"},
		{"with its hash", object{"view_id": v["id"], "hash": v["hash"]}, nil},
		{"with the hash before", object{"view_id": v["id"], "hash": v["hash"]}, "hash_conflict"},
		{"into a Home tab", object{"view_id": v["id"], "view": object{"type": "home", "blocks": []object{}}}, "invalid_arguments"},
		{"by its external_id", object{"external_id": "mine", "view": more}, nil},
	} {
		if tt.args["view"] == nil {
			tt.args["view"] = asks(object{"external_id": "mine"})
		}
		if got := x.call(t, "views.update", tt.args)["error"]; got != tt.want {
			t.Errorf("update %s: %v, want %v", tt.claim, got, tt.want)
		}
	}
	// What was typed stays when the app changes the view.
	answer, _ := x.during(t, "action", object{"user": "U0ASKER", "view_id": v["id"], "action_id": "m", "value": "1", "values": object{"text": "typed"}}, s, func(p object) any {
		a := p["actions"].([]any)[0].(object)
		if p["container"].(object)["view_id"] != v["id"] || p["response_url"] != nil || a["selected_option"].(object)["value"] != "1" {
			t.Errorf("press in a view: %v", p)
		}
		return nil
	})
	if answer["ok"] != true {
		t.Fatal(answer)
	}
	updated := x.must(t, "views.update", object{"view_id": v["id"], "view": more})["view"].(object)
	if got := fmt.Sprint(updated["state"]); !strings.Contains(got, "value:typed") || !strings.Contains(got, "selected_option:map[") {
		t.Errorf("state = %s", got)
	}
	if got := x.call(t, "views.open", object{"trigger_id": x.shortcut(t, s), "view": asks(object{"external_id": "other"})})["error"]; got != nil {
		t.Errorf("open: %v", got)
	}
}

func TestHome(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	opened := func() object {
		x.act(t, "home", object{"user": "U0ASKER"})
		e := s.next()
		s.ack(e, nil)
		return e["payload"].(object)["event"].(object)
	}
	if e := opened(); e["type"] != "app_home_opened" || e["tab"] != "home" || e["channel"] != "D0ASKER" || e["view"] != nil {
		t.Errorf("event = %v", e)
	}
	home := object{"type": "home", "blocks": []object{{"type": "section", "text": said("Hello")}}}
	first := x.must(t, "views.publish", object{"user_id": "U0ASKER", "view": home})["view"].(object)
	again := x.must(t, "views.publish", object{"user_id": "U0ASKER", "view": home, "hash": first["hash"]})["view"].(object)
	if first["id"] != again["id"] || first["hash"] == again["hash"] {
		t.Errorf("published %v, then %v", first, again)
	}
	for _, tt := range []struct {
		claim string
		args  object
		want  any
	}{
		{"with an old hash", object{"user_id": "U0ASKER", "view": home, "hash": first["hash"]}, "hash_conflict"},
		{"for nobody", object{"user_id": "U0NOBODY", "view": home}, "invalid_arguments"},
		{"of a modal", object{"user_id": "U0ASKER", "view": asks(nil)}, "invalid_arguments"},
	} {
		if got := x.call(t, "views.publish", tt.args)["error"]; got != tt.want {
			t.Errorf("publish %s: %v, want %v", tt.claim, got, tt.want)
		}
	}
	if e := opened(); e["view"].(object)["id"] != first["id"] {
		t.Errorf("event = %v", e)
	}
	if got := x.request(t, "GET", "/_sim/views?user=U0ASKER", "", "")["home"].(object)["id"]; got != first["id"] {
		t.Errorf("home = %v", got)
	}
}

func TestSuggestions(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	menu := object{"type": "external_select", "action_id": "fact", "min_query_length": 1}
	id := x.open(t, s, asks(object{"blocks": []object{{"type": "input", "block_id": "b", "label": said("Fact"), "element": menu}}}))
	posted := x.must(t, "chat.postMessage", object{"channel": "C0GENERAL", "text": "pick", "blocks": []object{{"type": "actions", "block_id": "b", "elements": []object{menu}}}})
	options := object{"options": []object{{"text": said("Valuation"), "value": "v1"}}}
	for claim, where := range map[string]object{"a view": {"view_id": id}, "a message": {"message_ts": posted["ts"]}} {
		body := object{"user": "U0ASKER", "action_id": "fact", "value": "val"}
		maps.Copy(body, where)
		for _, tt := range []struct {
			ack  any
			want string
		}{
			{nil, "options:[]"},
			{object{"options": []object{{"text": said("no value")}}}, "invalid_options"},
			{object{"option_groups": []object{{"label": said("Facts"), "options": options["options"]}}}, "option_groups:["},
			{options, "value:v1"},
		} {
			answer, _ := x.during(t, "suggest", body, s, func(p object) any {
				if p["type"] != "block_suggestion" || p["value"] != "val" || p["action_id"] != "fact" || p["block_id"] != "b" || (p["view"] == nil) != (where["view_id"] == nil) || (p["message"] == nil) != (where["message_ts"] == nil) {
					t.Errorf("%s: %v", claim, p)
				}
				return tt.ack
			})
			if !strings.Contains(fmt.Sprint(answer), tt.want) {
				t.Errorf("%s with %v: %v", claim, tt.ack, answer)
			}
		}
		body["value"] = ""
		if answer := x.ask(t, "suggest", body); !strings.Contains(fmt.Sprint(answer["error"]), "min_query_length") {
			t.Errorf("%s asked too early: %v", claim, answer)
		}
	}
	// What was suggested can be chosen, and nothing else.
	if answer := x.ask(t, "submit", object{"user": "U0ASKER", "view_id": id, "values": object{"fact": "v2"}}); answer["ok"] != false {
		t.Errorf("an option of nobody: %v", answer)
	}
	answer, _ := x.during(t, "submit", object{"user": "U0ASKER", "view_id": id, "values": object{"fact": "v1"}}, s, func(p object) any {
		if got := fmt.Sprint(p["view"].(object)["state"]); !strings.Contains(got, "value:v1") {
			t.Errorf("state = %s", got)
		}
		return nil
	})
	if answer["ok"] != true {
		t.Error(answer)
	}
}

func TestShortcuts(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	asked := x.say(t, "C0LOBBY", "a message where the bot is not")
	answer, _ := x.during(t, "shortcut", object{"user": "U0ASKER", "callback_id": "find", "message_ts": asked}, s, func(p object) any {
		if p["type"] != "message_action" || p["callback_id"] != "find" || p["message_ts"] != asked || p["message"].(object)["text"] != "a message where the bot is not" || p["channel"].(object)["id"] != "C0LOBBY" {
			t.Errorf("message_action: %v", p)
		}
		if status, code := respond(t, p["response_url"].(string), object{"text": "found"}); status != http.StatusOK {
			t.Errorf("response: %d %s", status, code)
		}
		return nil
	})
	if seen := x.messages(t, "C0LOBBY", "U0ASKER"); answer["ok"] != true || len(seen) != 2 || seen[1].EphemeralTo != "U0ASKER" {
		t.Errorf("%v: %v", answer, seen)
	}
	if answer := x.ask(t, "shortcut", object{"user": "U0ASKER", "callback_id": "find", "message_ts": "1.2"}); answer["ok"] != false {
		t.Errorf("a message that is not there: %v", answer)
	}
}

func TestAssistantPane(t *testing.T) {
	x := start(t, Config{})
	s := x.connect(t)
	event := func() object {
		e := s.next()
		s.ack(e, nil)
		return e["payload"].(object)["event"].(object)
	}
	thread := x.act(t, "assistant", object{"user": "U0ASKER", "channel": "C0GENERAL"})
	in := object{"channel_id": thread["channel"], "thread_ts": thread["thread_ts"]}
	with := func(more object) object {
		more = maps.Clone(more)
		maps.Copy(more, in)
		return more
	}
	if e := event(); e["type"] != "assistant_thread_started" || fmt.Sprint(e["assistant_thread"].(object)["context"]) != "map[channel_id:C0GENERAL enterprise_id:<nil> team_id:T0SIM]" || e["assistant_thread"].(object)["thread_ts"] != in["thread_ts"] {
		t.Errorf("event = %v", e)
	}
	x.act(t, "assistant", object{"user": "U0ASKER", "channel": "C0RANDOM", "thread_ts": in["thread_ts"]})
	if e := event(); e["type"] != "assistant_thread_context_changed" {
		t.Errorf("event = %v", e)
	}
	x.must(t, "assistant.threads.setSuggestedPrompts", with(object{"title": "Ask", "prompts": []object{{"title": "Who?", "message": "Who leads?"}}}))
	x.must(t, "assistant.threads.setStatus", with(object{"status": "is looking…"}))
	head := func() shownMessage { return x.messages(t, "D0ASKER", "U0ASKER")[0] }
	if got := head(); got.Status != "is looking…" || string(got.Pane.Prompts) != `[{"message":"Who leads?","title":"Who?"}]` && string(got.Pane.Prompts) != `[{"title":"Who?","message":"Who leads?"}]` || got.Pane.Title != newThread {
		t.Errorf("head = %+v, pane %+v", got, got.Pane)
	}
	x.must(t, "assistant.threads.setTitle", with(object{"title": "The leader"}))
	if e := event(); e["subtype"] != "message_changed" || e["message"].(object)["subtype"] != "assistant_app_thread" {
		t.Errorf("event = %v", e)
	}
	// A question in the pane is a direct message in its thread; the answer ends the status.
	x.act(t, "message", object{"user": "U0ASKER", "channel": "D0ASKER", "text": "Who leads?", "thread_ts": in["thread_ts"]})
	if e := event(); e["thread_ts"] != in["thread_ts"] || e["channel_type"] != "im" {
		t.Errorf("event = %v", e)
	}
	x.must(t, "chat.postMessage", object{"channel": in["channel_id"], "thread_ts": in["thread_ts"], "text": "She does."})
	if got := head(); got.Status != "" || got.Pane.Title != "The leader" {
		t.Errorf("head = %+v", got)
	}
	for _, tt := range []struct {
		method string
		args   object
		want   any
	}{
		{"setStatus", object{"channel_id": "C0NONE", "thread_ts": "1.2", "status": "x"}, "channel_not_found"},
		{"setStatus", object{"channel_id": "D0ASKER", "thread_ts": "1.2", "status": "x"}, "invalid_thread_ts"},
		{"setTitle", object{"channel_id": "D0ASKER", "thread_ts": "1.2", "title": "x"}, "invalid_thread_ts"},
		{"setSuggestedPrompts", with(object{"prompts": []object{}}), "invalid_arguments"},
		{"setSuggestedPrompts", with(object{"prompts": []object{{"title": "no message"}}}), "invalid_arguments"},
	} {
		if got := x.call(t, "assistant.threads."+tt.method, tt.args)["error"]; got != tt.want {
			t.Errorf("%s %v: %v, want %v", tt.method, tt.args, got, tt.want)
		}
	}
}

func TestSharedAndPrivateChannels(t *testing.T) {
	x := start(t, Config{App: hearing("app_mention", "message.groups", "reaction_added")})
	s := x.connect(t)
	x.act(t, "user", object{"user": "U0PARTNER", "name": "partner", "team": "T0OTHER"})
	x.act(t, "user", object{"user": "U0GUEST", "guest": true})
	x.act(t, "channel", object{"channel": "C0SHARED", "name": "shared", "ext_shared": true, "members": []string{"U0ASKER", "U0PARTNER", botUser}})
	x.act(t, "channel", object{"channel": "C0SECRET", "private": true, "members": []string{"U0GUEST", botUser}})
	x.act(t, "message", object{"user": "U0PARTNER", "channel": "C0SHARED", "text": "<@U0BOT> hi"})
	p := s.next()["payload"].(object)
	if e := p["event"].(object); p["is_ext_shared_channel"] != true || e["team"] != "T0OTHER" || e["user_team"] != "T0OTHER" {
		t.Errorf("from outside: %v", p)
	}
	ts := x.act(t, "message", object{"user": "U0GUEST", "channel": "C0SECRET", "text": "psst"})["ts"]
	if e := s.next()["payload"].(object)["event"].(object); e["channel_type"] != "group" {
		t.Errorf("from a private channel: %v", e)
	}
	if answer := x.ask(t, "message", object{"user": "U0GUEST", "channel": "C0GENERAL", "text": "hi"}); answer["ok"] != false {
		t.Errorf("a guest is in no channel: %v", answer)
	}
	if got := x.must(t, "conversations.info", object{"channel": "C0SHARED"})["channel"].(object); got["is_ext_shared"] != true {
		t.Errorf("conversations.info: %v", got)
	}
	if got := x.must(t, "users.info", object{"user": "U0GUEST"})["user"].(object); got["is_restricted"] != true {
		t.Errorf("users.info: %v", got)
	}
	x.act(t, "reaction", object{"user": "U0GUEST", "channel": "C0SECRET", "ts": ts, "name": "eyes"})
	if e := s.next()["payload"].(object)["event"].(object); e["type"] != "reaction_added" || e["item"].(object)["ts"] != ts {
		t.Errorf("reaction: %v", e)
	}
	if answer := x.ask(t, "reaction", object{"user": "U0GUEST", "channel": "C0SECRET", "ts": ts, "name": "eyes"}); answer["error"] != "already_reacted" {
		t.Errorf("twice: %v", answer)
	}
	x.act(t, "reaction", object{"user": "U0GUEST", "channel": "C0SECRET", "ts": ts, "name": "eyes", "remove": true})
}
