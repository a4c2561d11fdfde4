package slacksim

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"footnote/bot/slacksim/reference"
)

// TestProbes pokes at the workspace as one would at Slack, to see whether it is
// the strict kind.
func TestProbes(t *testing.T) {
	clock := time.Now()
	x := start(t, Config{Now: func() time.Time { return clock }})
	s := x.connect(t)
	asked := x.say(t, "C0GENERAL", "hi")
	used, late := x.shortcut(t, s), x.shortcut(t, s)
	x.must(t, "views.open", object{"trigger_id": used, "view": asks(nil)})
	clock = clock.Add(4 * time.Second)
	good := x.shortcut(t, s)
	x.must(t, "reactions.add", object{"channel": "C0GENERAL", "timestamp": asked, "name": "eyes"})

	post := func(blocks string) url.Values { return url.Values{"channel": {"C0GENERAL"}, "blocks": {blocks}} }
	section := func(n int) string {
		return `[{"type":"section","text":{"type":"mrkdwn","text":"` + strings.Repeat("x", n) + `"}}]`
	}
	view := func(trigger string, more object) url.Values {
		return url.Values{"trigger_id": {trigger}, "view": {string(frame(asks(more)))}}
	}
	text := func(channel string) url.Values { return url.Values{"channel": {channel}, "text": {"hi"}} }
	with := func(v url.Values, name, value string) url.Values {
		v.Set(name, value)
		return v
	}
	for _, tt := range []struct {
		claim, method string
		args          url.Values
		want          string // the error
		detail        string // part of response_metadata
	}{
		{"bad token", "auth.test", url.Values{"token": {"xoxb-0"}}, "invalid_auth", ""},
		{"good token in the form", "auth.test", nil, "", ""},
		{"token of the other kind", "apps.connections.open", nil, "not_allowed_token_type", ""},
		{"unknown method", "chat.shout", nil, "unknown_method", ""},
		{"unknown block", "chat.postMessage", post(`[{"type":"poster"}]`), "invalid_blocks", "unsupported type: poster [json-pointer:/blocks/0/type]"},
		{"section without text", "chat.postMessage", post(`[{"type":"section"}]`), "invalid_blocks", "[json-pointer:/blocks/0]"},
		{"3,000 characters", "chat.postMessage", post(section(3000)), "", ""},
		{"3,001 characters", "chat.postMessage", post(section(3001)), "invalid_blocks", "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{"51 blocks", "chat.postMessage", post("[" + strings.Repeat(`{"type":"divider"},`, 50) + `{"type":"divider"}]`), "invalid_blocks", "no more than 50 items allowed [json-pointer:/blocks]"},
		{"broken JSON", "chat.postMessage", post(`[{"type":`), "invalid_blocks_format", ""},
		{"unknown thread", "chat.postMessage", with(text("C0GENERAL"), "thread_ts", "1700000000.000001"), "cannot_reply_to_message", ""},
		{"unknown thread to read", "conversations.replies", url.Values{"channel": {"C0GENERAL"}, "ts": {"1700000000.000001"}}, "thread_not_found", ""},
		{"unknown channel", "chat.postMessage", text("C0NOWHERE"), "channel_not_found", ""},
		{"not in the channel", "chat.postMessage", text("C0LOBBY"), "not_in_channel", ""},
		{"nobody to see it", "chat.postEphemeral", with(text("C0GENERAL"), "user", "U0NOBODY"), "user_not_in_channel", ""},
		{"nothing to say", "chat.postMessage", url.Values{"channel": {"C0GENERAL"}}, "no_text", ""},
		{"double reaction", "reactions.add", url.Values{"channel": {"C0GENERAL"}, "timestamp": {asked}, "name": {"eyes"}}, "already_reacted", ""},
		{"used trigger", "views.open", view(used, nil), "exchanged_trigger_id", ""},
		{"expired trigger", "views.open", view(late, nil), "expired_trigger_id", ""},
		{"trigger of nobody", "views.open", view("1.2.3", nil), "invalid_trigger_id", ""},
		{"title of 25", "views.open", view(good, object{"title": said(strings.Repeat("x", 25))}), "invalid_arguments", "must be less than 25 characters [json-pointer:/view/title/text]"},
		{"submit of 25", "views.open", view(good, object{"submit": said(strings.Repeat("x", 25))}), "invalid_arguments", "[json-pointer:/view/submit/text]"},
		{"private_metadata of 3,001", "views.open", view(good, object{"private_metadata": strings.Repeat("x", 3001)}), "invalid_arguments", "[json-pointer:/view/private_metadata]"},
		{"callback_id of 256", "views.open", view(good, object{"callback_id": strings.Repeat("x", 256)}), "invalid_arguments", "[json-pointer:/view/callback_id]"},
		{"101 blocks in a view", "views.open", view(good, object{"blocks": strings.Split(strings.Repeat("x", 101), "")}), "invalid_arguments", "no more than 100 items allowed [json-pointer:/view/blocks]"},
		{"input without submit", "views.open", view(good, object{"submit": nil}), "invalid_arguments", "missing required field: submit"},
		{"markdown in a view", "views.open", view(good, object{"blocks": []object{{"type": "markdown", "text": "x"}}}), "invalid_arguments", "unsupported type: markdown"},
		{"250,001 bytes of view", "views.open", view(good, object{"private_metadata": strings.Repeat("x", 250_000)}), "view_too_large", ""},
		{"a view in time", "views.open", view(good, nil), "", ""},
		{"a view that is not there", "views.update", with(view("", nil), "view_id", "V0"), "not_found", ""},
	} {
		if tt.args == nil {
			tt.args = url.Values{}
		}
		if !tt.args.Has("token") {
			tt.args.Set("token", x.BotToken())
		}
		answer := x.requestAs(t, "", "POST", "/api/"+tt.method, formKind, tt.args.Encode())
		got, _ := answer["error"].(string)
		if got != tt.want || answer["ok"] != (tt.want == "") || !strings.Contains(fmt.Sprint(answer["response_metadata"]), tt.detail) {
			t.Errorf("%s: %v, want %s %s", tt.claim, answer, tt.want, tt.detail)
		}
		if err := reference.Undocumented(tt.method, tt.want); tt.want != "" && err != nil {
			t.Errorf("%s: %v", tt.claim, err)
		}
	}
}

func TestAckOver20KilobytesIsDropped(t *testing.T) {
	x := start(t, Config{})
	x.patience = 100 * time.Millisecond
	s := x.connect(t)
	for size, want := range map[int]any{20_000: nil, 20_500: "operation_timeout"} {
		answer, _ := x.during(t, "command", object{"user": "U0ASKER", "channel": "C0GENERAL", "command": "/ask", "text": "hi"}, s, func(object) any {
			return object{"text": strings.Repeat("x", size)}
		})
		if answer["error"] != want {
			t.Errorf("an ack of %d bytes: %v, want %v", size, answer["error"], want)
		}
	}
}
