package slacksim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// respond posts to a response URL and returns the status and the error.
func respond(t *testing.T, url string, body object) (int, string) {
	t.Helper()
	resp, err := http.Post(url, jsonKind, bytes.NewReader(frame(body)))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	var answer struct{ Error string }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Error(err)
	}
	return resp.StatusCode, answer.Error
}

// commands answers slash commands with what reply says, which is called before
// the ack.
func commands(t *testing.T, x *world, reply func(slack.SlashCommand) any) {
	t.Helper()
	x.run(t, func(client *socketmode.Client, e socketmode.Event) {
		if e.Type != socketmode.EventTypeSlashCommand {
			return
		}
		var err error
		if payload := reply(e.Data.(slack.SlashCommand)); payload != nil {
			err = client.Ack(*e.Request, payload)
		} else {
			err = client.Ack(*e.Request)
		}
		if err != nil {
			t.Error(err)
		}
	})
}

func TestCommandIsAnsweredInItsAck(t *testing.T) {
	for _, tt := range []struct {
		claim   string
		channel string
		ack     any
		want    string // the text that appears
		to      string // who alone sees it
		fails   string
	}{
		{claim: "only to its user", channel: "C0GENERAL", ack: object{"text": "secret"}, want: "secret", to: "U0ASKER"},
		{claim: "to everybody", channel: "C0GENERAL", ack: object{"text": "public", "response_type": "in_channel"}, want: "public"},
		{claim: "where the bot is not", channel: "C0LOBBY", ack: object{"text": "secret"}, want: "secret", to: "U0ASKER"},
		{claim: "in direct messages", channel: "@U0BOT", ack: object{"text": "secret"}, want: "secret", to: "U0ASKER"},
		{claim: "not at all", channel: "C0GENERAL", ack: nil},
		{claim: "with an empty object", channel: "C0GENERAL", ack: object{}},
		{claim: "with bad blocks", channel: "C0GENERAL", ack: object{"blocks": []object{{"type": "section"}}}, fails: "invalid_blocks"},
		{claim: "with no message", channel: "C0GENERAL", ack: []string{"secret"}, fails: "invalid_command_response"},
	} {
		x := start(t, Config{App: &App{Commands: []Command{{Command: "/facts"}}, Interactive: true, MessagesTab: true}})
		commands(t, x, func(c slack.SlashCommand) any {
			if c.Command != "/facts" || c.Text != "who leads?" || c.UserID != "U0ASKER" || c.UserName != "asker" || c.TeamID != teamID || c.TriggerID == "" || c.IsEnterpriseInstall {
				t.Errorf("%s: command = %+v", tt.claim, c)
			}
			if want := map[string]string{"C0GENERAL": "general", "C0LOBBY": "lobby", "D0ASKER": "directmessage"}[c.ChannelID]; c.ChannelName != want {
				t.Errorf("%s: channel_name = %q, want %q", tt.claim, c.ChannelName, want)
			}
			return tt.ack
		})
		answer := x.ask(t, "command", object{"user": "U0ASKER", "channel": tt.channel, "command": "/facts", "text": "who leads?"})
		if tt.fails != "" {
			if got, _ := answer["error"].(string); !strings.HasPrefix(got, tt.fails) {
				t.Errorf("%s: answer = %v, want %s", tt.claim, answer, tt.fails)
			}
			continue
		}
		response, ok := answer["response"].(object)
		if got, _ := response["text"].(string); !ok || got != tt.want {
			t.Errorf("%s: answer = %v", tt.claim, answer)
		}
		seen := x.messages(t, tt.channel, "U0ASKER")
		if tt.want == "" && len(seen) != 0 || tt.want != "" && (len(seen) != 1 || seen[0].Text != tt.want || seen[0].EphemeralTo != tt.to) {
			t.Errorf("%s: messages = %+v", tt.claim, seen)
		}
	}
}

func TestUnansweredIsATimeout(t *testing.T) {
	x := start(t, Config{})
	x.patience = 20 * time.Millisecond
	_, ts, err := x.api.PostMessage("C0GENERAL", slack.MsgOptionBlocks(button("a", "1")))
	if err != nil {
		t.Fatal(err)
	}
	x.connect(t)
	for path, body := range map[string]object{
		"command": {"user": "U0ASKER", "channel": "C0GENERAL", "command": "/ask", "text": "hi"},
		"action":  {"user": "U0ASKER", "channel": "C0GENERAL", "message_ts": ts, "action_id": "a"},
	} {
		if answer := x.ask(t, path, body); answer["error"] != "operation_timeout" {
			t.Errorf("%s = %v", path, answer)
		}
	}
	if answer := x.request(t, "GET", "/_sim/state", "", ""); answer["unacked"] != 0.0 {
		t.Errorf("unacked = %v, want 0: neither is sent again", answer["unacked"])
	}
}

// button is a block with one button.
func button(action, value string) *slack.ActionBlock {
	return slack.NewActionBlock("", slack.NewButtonBlockElement(action, value, slack.NewTextBlockObject(slack.PlainTextType, "Go", false, false)))
}

func TestPress(t *testing.T) {
	x := start(t, Config{})
	came := make(chan slack.InteractionCallback, 1)
	x.run(t, func(client *socketmode.Client, e socketmode.Event) {
		if e.Type != socketmode.EventTypeInteractive {
			return
		}
		came <- e.Data.(slack.InteractionCallback)
		if err := client.Ack(*e.Request); err != nil {
			t.Error(err)
		}
	})
	asked := x.say(t, "C0GENERAL", "asked")
	text := slack.NewTextBlockObject(slack.PlainTextType, "text", false, false)
	feedback := slack.NewContextActionsBlock("", slack.NewFeedbackButtonsBlockElement("f", slack.NewFeedbackButton(text, "good"), slack.NewFeedbackButton(text, "bad")))
	menu := slack.NewSectionBlock(text, nil, slack.NewAccessory(slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, text, "s",
		slack.NewOptionBlockObject("one", text, nil), slack.NewOptionBlockObject("two", text, nil))))
	_, public, err := x.api.PostMessage("C0GENERAL", slack.MsgOptionTS(asked), slack.MsgOptionBlocks(button("a", "1"), button("a", "2"), feedback, menu))
	if err != nil {
		t.Fatal(err)
	}
	private, err := x.api.PostEphemeral("C0GENERAL", "U0ASKER", slack.MsgOptionText("for you", false), slack.MsgOptionBlocks(button("a", "3")))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		claim           string
		user, ts        string
		action, value   string
		want, wantError string // the value that arrives
	}{
		{claim: "the first of its action_id", user: "U0ASKER", ts: public, action: "a", want: "1"},
		{claim: "the one with the value", user: "U0CURATOR", ts: public, action: "a", value: "2", want: "2"},
		{claim: "one side of the feedback", user: "U0ASKER", ts: public, action: "f", value: "bad", want: "bad"},
		{claim: "an option of a menu", user: "U0ASKER", ts: public, action: "s", value: "two", want: "two"},
		{claim: "an ephemeral one", user: "U0ASKER", ts: private, action: "a", want: "3"},
		{claim: "ephemeral to another", user: "U0CURATOR", ts: private, action: "a", wantError: "message_not_found"},
		{claim: "no such value", user: "U0ASKER", ts: public, action: "a", value: "9", wantError: "no element has the action_id \"a\" and the value \"9\""},
		{claim: "no such element", user: "U0ASKER", ts: public, action: "b", wantError: "no element has the action_id \"b\""},
		{claim: "no side of the feedback", user: "U0ASKER", ts: public, action: "f", wantError: "with the value of one of its buttons"},
		{claim: "no such message", user: "U0ASKER", ts: "1.2", action: "a", wantError: "message_not_found"},
	} {
		answer := x.ask(t, "action", object{"user": tt.user, "channel": "C0GENERAL", "message_ts": tt.ts, "action_id": tt.action, "value": tt.value})
		if tt.wantError != "" {
			if got, _ := answer["error"].(string); !strings.Contains(got, tt.wantError) {
				t.Errorf("%s: %v, want error %q", tt.claim, answer, tt.wantError)
			}
			continue
		}
		if answer["ok"] != true {
			t.Errorf("%s: %v", tt.claim, answer)
			continue
		}
		got := <-came
		action := got.ActionCallback.BlockActions[0]
		if got.Type != slack.InteractionTypeBlockActions || got.User.ID != tt.user || got.Channel.ID != "C0GENERAL" || got.Channel.Name != "general" ||
			got.ResponseURL == "" || got.TriggerID == "" || action.ActionID != tt.action || action.Value+action.SelectedOption.Value != tt.want || action.BlockID == "" || action.ActionTs == "" {
			t.Errorf("%s: %+v with action %+v", tt.claim, got, action)
		}
		ephemeral := tt.ts == private
		if got.Container.MessageTs != tt.ts || bool(got.Container.IsEphemeral) != ephemeral || (got.Message.Timestamp == "") != ephemeral || (got.Container.ThreadTs == asked) == ephemeral {
			t.Errorf("%s: container %+v and message %q", tt.claim, got.Container, got.Message.Timestamp)
		}
	}
}

func TestResponseURLWorksFiveTimes(t *testing.T) {
	clock := time.Now()
	x := start(t, Config{Now: func() time.Time { return clock }})
	urls := make(chan string, 2)
	commands(t, x, func(c slack.SlashCommand) any {
		// It works before the ack already, and where the bot is no member.
		if status, code := respond(t, c.ResponseURL, object{"text": "1"}); status != http.StatusOK {
			t.Errorf("before the ack: %d %s", status, code)
		}
		urls <- c.ResponseURL
		return nil
	})
	ask := object{"user": "U0ASKER", "channel": "C0LOBBY", "command": "/ask", "text": "hi"}
	x.act(t, "command", ask)
	url := <-urls
	for _, tt := range []struct {
		body   object
		status int
		code   string
	}{
		{object{"text": "2", "response_type": "in_channel"}, 200, ""},
		{object{"blocks": []object{{"type": "poster"}}}, 400, "invalid_blocks"}, // what is refused is no use
		{object{"text": ""}, 400, "no_text"},
		{object{"text": "x", "thread_ts": "1.2"}, 400, "cannot_reply_to_message"},
		{object{"text": "x", "response_type": "loud"}, 400, "invalid_response_type"},
		{object{"text": "1, better", "replace_original": true}, 200, ""},
		{object{"blocks": []object{{"type": "markdown", "text": "4"}}}, 200, ""},
		{object{"delete_original": true}, 200, ""},
		{object{"text": "6"}, 404, "used_url"},
	} {
		if status, code := respond(t, url, tt.body); status != tt.status || code != tt.code {
			t.Errorf("%v: %d %q, want %d %q", tt.body, status, code, tt.status, tt.code)
		}
	}
	var got []string
	for _, m := range x.messages(t, "C0LOBBY", "") {
		got = append(got, fmt.Sprintf("%s %d %s", m.Text, len(m.Blocks), m.EphemeralTo))
	}
	if want := "[2 0   1 U0ASKER]"; fmt.Sprint(got) != want {
		t.Errorf("messages = %v, want %v", got, want)
	}

	x.act(t, "command", ask)
	url = <-urls
	x.mu.Lock()
	clock = clock.Add(responseLife + time.Second)
	x.mu.Unlock()
	if status, code := respond(t, url, object{"text": "late"}); status != http.StatusNotFound || code != "expired_url" {
		t.Errorf("after half an hour: %d %q", status, code)
	}
}

func TestPressReplacesItsMessage(t *testing.T) {
	x := start(t, Config{})
	x.run(t, func(client *socketmode.Client, e socketmode.Event) {
		if e.Type != socketmode.EventTypeInteractive {
			return
		}
		press := e.Data.(slack.InteractionCallback)
		if status, code := respond(t, press.ResponseURL, object{"text": "done", "replace_original": true}); status != http.StatusOK {
			t.Errorf("respond: %d %s", status, code)
		}
		if err := client.Ack(*e.Request); err != nil {
			t.Error(err)
		}
	})
	_, public, err := x.api.PostMessage("C0GENERAL", slack.MsgOptionBlocks(button("a", "1")))
	if err != nil {
		t.Fatal(err)
	}
	private, err := x.api.PostEphemeral("C0RANDOM", "U0ASKER", slack.MsgOptionBlocks(button("a", "1")))
	if err != nil {
		t.Fatal(err)
	}
	for channel, ts := range map[string]string{"C0GENERAL": public, "C0RANDOM": private} {
		x.act(t, "action", object{"user": "U0ASKER", "channel": channel, "message_ts": ts, "action_id": "a"})
		if seen := x.messages(t, channel, "U0ASKER"); len(seen) != 1 || seen[0].TS != ts || seen[0].Text != "done" || len(seen[0].Blocks) != 0 {
			t.Errorf("messages of %s = %+v", channel, seen)
		}
	}
}
