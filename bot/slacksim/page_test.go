package slacksim

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"footnote/bot/slacksim/pagetest"
)

var update = flag.Bool("update", false, "write the screenshots that docs/workspace.md shows")

// everyBlock is a message with all kinds of blocks and elements. The action_id of
// each element begins with its type.
var everyBlock = `[
	{"type":"header","text":{"type":"plain_text","text":"Every block"}},
	{"type":"section","text":{"type":"mrkdwn","text":"A section with *bold*, _italic_, ~struck~ and ` + "`code`" + `, a <https://example.com|link>, <@U0CURATOR> and <#C0RANDOM>."},
		"accessory":{"type":"overflow","action_id":"overflow","options":[{"text":{"type":"plain_text","text":"Archive"},"value":"archive"},{"text":{"type":"plain_text","text":"Mute"},"value":"mute"}]}},
	{"type":"section","fields":[{"type":"mrkdwn","text":"*Certainty*\nReported"},{"type":"mrkdwn","text":"*Date*\n30 January 2026"}]},
	{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[{"type":"text","text":"What somebody said, word for word."}]},
		{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"first"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"second"}]}]}]},
	{"type":"actions","block_id":"actions","elements":[
		{"type":"button","action_id":"button","style":"primary","value":"1","text":{"type":"plain_text","text":"Open a form"}},
		{"type":"button","action_id":"button:sure","style":"danger","text":{"type":"plain_text","text":"Delete"},"confirm":{"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"plain_text","text":"It cannot be undone."},"confirm":{"type":"plain_text","text":"Delete it"},"deny":{"type":"plain_text","text":"Keep"}}},
		{"type":"static_select","action_id":"static_select","placeholder":{"type":"plain_text","text":"A topic"},"option_groups":[{"label":{"type":"plain_text","text":"Topics"},"options":[{"text":{"type":"plain_text","text":"Money"},"value":"money"},{"text":{"type":"plain_text","text":"People"},"value":"people"}]}]},
		{"type":"external_select","action_id":"external_select","min_query_length":1,"placeholder":{"type":"plain_text","text":"A fact"}},
		{"type":"multi_users_select","action_id":"multi_users_select","placeholder":{"type":"plain_text","text":"Some people"}},
		{"type":"datepicker","action_id":"datepicker","initial_date":"2026-01-30"}]},
	{"type":"actions","block_id":"choices","elements":[
		{"type":"radio_buttons","action_id":"radio_buttons","options":[{"text":{"type":"plain_text","text":"Yes"},"value":"yes"},{"text":{"type":"plain_text","text":"No"},"value":"no"}]},
		{"type":"checkboxes","action_id":"checkboxes","options":[{"text":{"type":"mrkdwn","text":"*Money*"},"value":"money"},{"text":{"type":"mrkdwn","text":"People"},"value":"people"}]},
		{"type":"timepicker","action_id":"timepicker"}]},
	{"type":"table","rows":[[{"type":"raw_text","text":"Who"},{"type":"raw_text","text":"How much"}],[{"type":"raw_text","text":"Amazon"},{"type":"raw_text","text":"50"}]],"column_settings":[null,{"align":"right"}]},
	{"type":"divider"},
	{"type":"image","image_url":"https://example.com/i.png","alt_text":"a chart"},
	{"type":"context","elements":[{"type":"mrkdwn","text":"A context, with a <https://example.com|source>"}]},
	{"type":"context_actions","elements":[{"type":"feedback_buttons","action_id":"feedback_buttons","positive_button":{"text":{"type":"plain_text","text":"Good answer"},"value":"good"},"negative_button":{"text":{"type":"plain_text","text":"Bad answer"},"value":"bad"}},
		{"type":"icon_button","action_id":"icon_button","icon":"trash","text":{"type":"plain_text","text":"Remove"}}]}
]`

// everyInput is a modal with all kinds of inputs.
func everyInput() object {
	options := []object{{"text": said("One"), "value": "1"}, {"text": said("Two"), "value": "2", "description": said("more than one")}}
	blocks := []object{{"type": "section", "text": object{"type": "mrkdwn", "text": "All that can be filled in."}}}
	for _, e := range []object{
		{"type": "plain_text_input", "placeholder": said("Say why")}, {"type": "plain_text_input", "multiline": true}, {"type": "email_text_input"}, {"type": "url_text_input"},
		{"type": "number_input", "is_decimal_allowed": false}, {"type": "rich_text_input"},
		{"type": "static_select", "options": options}, {"type": "multi_static_select", "options": options}, {"type": "external_select", "min_query_length": 1},
		{"type": "users_select"}, {"type": "channels_select"}, {"type": "conversations_select"}, {"type": "multi_channels_select"},
		{"type": "checkboxes", "options": options}, {"type": "radio_buttons", "options": options}, {"type": "datepicker"}, {"type": "timepicker"}, {"type": "datetimepicker"},
	} {
		kind := e["type"].(string)
		id := kind
		if e["multiline"] == true {
			id = "multiline"
		}
		e["action_id"] = id
		label := strings.ReplaceAll(id, "_", " ")
		blocks = append(blocks, object{"type": "input", "block_id": id, "label": said(strings.ToUpper(label[:1]) + label[1:]), "element": e})
	}
	return object{"type": "modal", "callback_id": "form", "title": said("A form"), "submit": said("Send"), "close": said("Cancel"), "blocks": blocks}
}

// showcase is an app that has something to show on every surface.
func showcase(t *testing.T, x *world, s *wire) {
	// The last answer may come when the test is over already, and its context done.
	call := func(method string, args object) {
		req, err := http.NewRequestWithContext(context.Background(), "POST", x.url+"/api/"+method, bytes.NewReader(frame(args)))
		if err != nil {
			t.Error(err)
			return
		}
		req.Header.Set("Content-Type", jsonKind)
		req.Header.Set("Authorization", "Bearer "+x.BotToken())
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		var answer object
		if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer["ok"] != true {
			t.Errorf("%s: %v %v", method, answer, err)
		}
	}
	tell := func(channel any, text string, more object) {
		args := object{"channel": channel, "text": text}
		for k, v := range more {
			args[k] = v
		}
		call("chat.postMessage", args)
	}
	for {
		_, data, err := s.conn.Read(context.Background())
		if err != nil {
			return // the workspace is closed
		}
		var e struct {
			ID      string `json:"envelope_id"`
			Payload object
		}
		if err := json.Unmarshal(data, &e); err != nil {
			t.Error(err)
		}
		if e.ID == "" {
			continue
		}
		p, ack := e.Payload, object(nil)
		event, _ := p["event"].(object)
		kind, _ := p["type"].(string)
		if event != nil {
			kind, _ = event["type"].(string)
		}
		after := func() {}
		switch kind {
		case "":
			ack = object{"text": "Only for you: " + p["text"].(string), "blocks": []any{object{"type": "section", "text": said("Only for you: " + p["text"].(string))}}}
		case "app_mention":
			after = func() { tell(event["channel"], "Every block", object{"blocks": json.RawMessage(everyBlock)}) }
		case "app_home_opened":
			after = func() {
				call("views.publish", object{"user_id": event["user"], "view": object{"type": "home", "blocks": []object{
					{"type": "header", "text": said("What is known")},
					{"type": "section", "text": object{"type": "mrkdwn", "text": "*36 facts* from one article, published on 30 January 2026."}},
					{"type": "input", "block_id": "search", "dispatch_action": true, "label": said("Find a fact"), "element": object{"type": "external_select", "action_id": "search", "min_query_length": 1, "placeholder": said("Type a word")}},
					{"type": "divider"},
					{"type": "section", "text": object{"type": "mrkdwn", "text": "Who is leading the negotiations?"}, "accessory": object{"type": "button", "action_id": "home", "text": said("Ask")}},
					{"type": "context", "elements": []object{{"type": "mrkdwn", "text": "Most asked this week"}}},
				}}})
			}
		case "assistant_thread_started":
			in := event["assistant_thread"].(object)
			after = func() {
				call("assistant.threads.setSuggestedPrompts", object{"channel_id": in["channel_id"], "thread_ts": in["thread_ts"], "title": "Ask for a fact", "prompts": []object{{"title": "Who leads?", "message": "Who is leading the negotiations?"}, {"title": "How much?", "message": "How much is it?"}}})
			}
		case "message":
			if event["bot_id"] == nil && event["thread_ts"] != nil && event["subtype"] == nil {
				after = func() {
					in := object{"channel_id": event["channel"], "thread_ts": event["thread_ts"]}
					call("assistant.threads.setTitle", object{"channel_id": in["channel_id"], "thread_ts": in["thread_ts"], "title": event["text"]})
					call("assistant.threads.setStatus", object{"channel_id": in["channel_id"], "thread_ts": in["thread_ts"], "status": "is looking it up…"})
					if event["text"] != "wait" {
						tell(event["channel"], "Sam Altman leads them.", object{"thread_ts": event["thread_ts"]})
					}
				}
			}
		case "block_suggestion":
			ack = object{"options": []object{{"text": said("The valuation of " + p["value"].(string)), "value": "valuation"}, {"text": said("The talks about " + p["value"].(string)), "value": "talks"}}}
		case "block_actions":
			a := p["actions"].([]any)[0].(object)
			after = func() {
				if a["action_id"] == "button" {
					call("views.open", object{"trigger_id": p["trigger_id"], "view": everyInput()})
					return
				}
				delete(a, "text")
				tell("C0RANDOM", fmt.Sprintf("Operated %s: %v", a["action_id"], a), nil)
			}
		case "shortcut":
			after = func() {
				call("views.open", object{"trigger_id": p["trigger_id"], "view": object{"type": "modal", "callback_id": "search", "title": said("Search"), "submit": said("Find"), "blocks": []object{
					{"type": "input", "block_id": "word", "label": said("Word"), "element": object{"type": "plain_text_input", "action_id": "word"}}}}})
			}
		case "message_action":
			after = func() {
				call("chat.postEphemeral", object{"channel": p["channel"].(object)["id"], "user": p["user"].(object)["id"], "text": "Found: " + p["message"].(object)["text"].(string)})
			}
		case "view_submission":
			v := p["view"].(object)
			values := v["state"].(object)["values"]
			word := fmt.Sprint(values)
			switch {
			case v["callback_id"] == "search" && strings.Contains(word, "value:x]"):
				ack = object{"response_action": "errors", "errors": object{"word": "One letter is too little"}}
			case v["callback_id"] == "search":
				ack = object{"response_action": "push", "view": object{"type": "modal", "callback_id": "found", "notify_on_close": true, "title": said("Found"), "close": said("Back"), "blocks": []object{{"type": "section", "text": said("Nothing for " + word)}}}}
			default:
				after = func() { tell("C0RANDOM", "Form: "+word, nil) }
			}
		case "view_closed":
			after = func() { tell("C0RANDOM", "Closed", nil) }
		}
		answer := object{"envelope_id": e.ID}
		if ack != nil {
			answer["payload"] = ack
		}
		if err := s.conn.Write(context.Background(), websocket.MessageText, frame(answer)); err != nil {
			return
		}
		after()
	}
}

// shown opens the page of a workspace with the showcase in it.
func shown(t *testing.T) (*world, pagetest.Tab) {
	t.Helper()
	app := Everything()
	app.Events = []string{"app_mention", "app_home_opened", "message.im", "assistant_thread_started"}
	app.Commands = []Command{{Command: "/ask", Hint: "[question]", Description: "Ask privately"}}
	app.Shortcuts = []Shortcut{{Name: "Search the facts", Kind: "global", CallbackID: "search", Description: "In all sources"}, {Name: "Find the fact", Kind: "message", CallbackID: "find"}}
	x := start(t, Config{App: app})
	s := x.connect(t)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		showcase(t, x, s)
	}()
	t.Cleanup(func() {
		_ = s.conn.CloseNow()
		<-ended
	})
	b := pagetest.Open(t, x.url+"/")
	b.Shows("#sockets.up")
	return x, b
}

// operated waits until the showcase has heard of something.
func operated(t *testing.T, messages <-chan object, holds ...string) {
	t.Helper()
	got := fmt.Sprint(expect(t, messages, holds[0]))
	for _, part := range holds[1:] {
		if !strings.Contains(got, part) {
			t.Errorf("%s lacks %q", got, part)
		}
	}
}

func TestPageOperatesEveryElement(t *testing.T) {
	x, b := shown(t)
	messages := x.follow(t, "message")
	b.Write("@footnote show")
	b.Reads("#messages .header", "Every block")
	if *update {
		b.Picture("../../docs/workspace-blocks.png", 1280, 1000, false)
	}
	in := func(action string) string { return `#messages [data-action-id="` + action + `"]` }
	choose := func(action, typed, value string) {
		b.Click(in(action))
		b.Type(in(action), typed)
		b.Click(`.options [data-value="` + value + `"]`)
	}
	b.Click(in("overflow"))
	b.Click(`.popup [data-key="mute"]`)
	operated(t, messages, "Operated overflow", "value:mute")
	b.Click(in("button:sure"))
	b.Click(`dialog[open] [value="yes"]`)
	operated(t, messages, "Operated button:sure")
	choose("static_select", "peo", "people")
	operated(t, messages, "Operated static_select", "value:people")
	choose("external_select", "OpenAI", "talks")
	operated(t, messages, "Operated external_select", "value:talks")
	choose("multi_users_select", "cur", "U0CURATOR")
	operated(t, messages, "Operated multi_users_select", "selected_users:[U0CURATOR]")
	b.Set(in("datepicker"), "2026-02-01")
	operated(t, messages, "Operated datepicker", "selected_date:2026-02-01")
	b.Click(in("radio_buttons") + `[value="no"]`)
	operated(t, messages, "Operated radio_buttons", "value:no")
	b.Click(in("checkboxes") + `[value="money"]`)
	operated(t, messages, "Operated checkboxes", "value:money")
	b.Set(in("timepicker"), "14:30")
	operated(t, messages, "Operated timepicker", "selected_time:14:30")
	b.Click(in("feedback_buttons") + `[data-value="bad"]`)
	operated(t, messages, "Operated feedback_buttons", "value:bad")
	b.Shows(in("feedback_buttons") + `[data-value="bad"][aria-pressed="true"]`)
	b.Click(in("icon_button"))
	operated(t, messages, "Operated icon_button")
}

func TestPageFillsEveryInput(t *testing.T) {
	x, b := shown(t)
	messages := x.follow(t, "message")
	b.Write("@footnote show")
	b.Click(`#messages [data-action-id="button"]`)
	b.Shows(`[data-testid="modal"] .view`)
	if *update {
		b.Picture("../../docs/workspace-modal.png", 1280, 800, false)
	}
	in := func(action string) string { return `.modal [data-action-id="` + action + `"]` }
	// What is missing is said below each input, and nothing is sent.
	b.Click(`[data-testid="submit"]`)
	b.Reads(".modal .wrong .press-error", "Please complete this required field.")
	for action, text := range map[string]string{
		"plain_text_input": "because", "multiline": "a longer reason", "email_text_input": "asker@example.com", "url_text_input": "https://example.com", "number_input": "7", "rich_text_input": "rich",
	} {
		b.Type(in(action), text)
	}
	for _, c := range [][3]string{
		{"static_select", "tw", "2"}, {"multi_static_select", "", "1"}, {"external_select", "x", "talks"}, {"users_select", "cur", "U0CURATOR"},
		{"channels_select", "ran", "C0RANDOM"}, {"conversations_select", "gen", "C0GENERAL"}, {"multi_channels_select", "ran", "C0RANDOM"},
	} {
		b.Click(in(c[0]))
		b.Type(in(c[0]), c[1])
		b.Click(`.options [data-value="` + c[2] + `"]`)
	}
	b.Click(in("checkboxes") + `[value="2"]`)
	b.Click(in("radio_buttons") + `[value="1"]`)
	b.Set(in("datepicker"), "2026-02-01")
	b.Set(in("timepicker"), "14:30")
	b.Set(in("datetimepicker"), "2026-02-01T14:30")
	b.Click(`[data-testid="submit"]`)
	operated(t, messages, "Form: ", "value:because", "value:a longer reason", "value:asker@example.com", "value:https://example.com", "value:7", "text:rich",
		"selected_user:U0CURATOR", "selected_channel:C0RANDOM", "selected_conversation:C0GENERAL", "selected_channels:[C0RANDOM]", "value:talks", "selected_date:2026-02-01", "selected_time:14:30", "selected_date_time:1.7")
	b.Until(`!document.querySelector("dialog[open]")`)
}

func TestPageSurfaces(t *testing.T) {
	x, b := shown(t)
	messages := x.follow(t, "message")

	// The global shortcut opens a modal; errors, a view on top and closing work.
	b.Click(`[data-testid="shortcuts"]`)
	b.Click(`.popup [data-key="search"]`)
	b.Type(`.modal [data-action-id="word"]`, "x")
	b.Click(`[data-testid="submit"]`)
	b.Reads(".modal .press-error", "One letter is too little")
	b.Type(`.modal [data-action-id="word"]`, "yz")
	b.Click(`[data-testid="submit"]`)
	b.Reads(".modal h2", "Found")
	b.Click(`[data-testid="modal-close"]`)
	operated(t, messages, "Closed")
	b.Reads(".modal h2", "Search")
	b.Click(`[data-testid="modal-x"]`)
	b.Until(`!document.querySelector("dialog[open]")`)

	// The slash command completes and is answered to one alone, who dismisses it.
	b.Type(`[data-testid="composer"]`, "/as")
	b.Reads(".menu li", "Ask privately")
	b.Key("Enter", 13)
	b.Type(`[data-testid="composer"]`, "who")
	b.Key("Enter", 13)
	b.Reads("#messages .ephemeral", "Only visible to you")
	b.Click(`#messages .ephemeral [aria-label="Dismiss message"]`)
	b.Until(`!document.querySelector(".ephemeral")`)

	// A message of one's own: react, use a shortcut on it, edit, delete.
	b.Write("A message")
	b.Click(`#messages .message [aria-label="Add a reaction"]`)
	b.Click(`.popup [data-key="eyes"]`)
	b.Shows(`.reaction[aria-pressed="true"]`)
	b.Click(`.reaction`)
	b.Until(`!document.querySelector(".reaction")`)
	b.Click(`#messages .message [aria-label="More actions"]`)
	b.Click(`.popup [data-key="find"]`)
	b.Reads("#messages .ephemeral", "Found: A message")
	b.Click(`#messages .message:not(.ephemeral) [aria-label="Edit message"]`)
	b.Type(`#messages .editor textarea`, " that is")
	x.must(t, "reactions.add", object{"channel": "C0GENERAL", "timestamp": x.messages(t, "C0GENERAL", "")[0].TS, "name": "eyes"})
	b.Shows(`.message.editing .reaction`) // what is half typed stays, and where
	b.Until(`document.activeElement === document.querySelector("#messages .editor textarea")`)
	b.Type(`#messages .editor textarea`, " longer")
	b.Click(`#messages .editor .primary`)
	b.Reads("#messages .content", "A message that is longer")
	b.Click(`#messages .message:not(.ephemeral) [aria-label="Delete message"]`)
	b.Click(`dialog[open] [value="yes"]`)
	b.Until(`!document.querySelector("#messages .message:not(.ephemeral)")`)

	// The Home tab is there once it is opened, and its menu searches.
	b.Click(`[data-channel="@U0BOT"], [data-channel="D0ASKER"]`)
	b.Click(`[data-testid="tab-home"]`)
	b.Reads("#home", "What is known")
	if *update {
		b.Picture("../../docs/workspace-home.png", 1280, 640, false)
	}
	b.Click(`#home [data-action-id="search"]`)
	b.Type(`#home [data-action-id="search"]`, "Amazon")
	b.Click(`.options [data-value="valuation"]`)
	operated(t, messages, "Operated search", "value:valuation")
	b.Click(`#home [data-action-id="home"]`)
	operated(t, messages, "Operated home")
	b.Click(`[data-testid="tab-messages"]`)
	b.Shows("#composer")

	// An assistant that does not open says so where it can be seen.
	b.Click(`[data-channel="C0GENERAL"]`)
	b.Until(`(window.kept = fetch, window.fetch = (url, ...rest) => url.endsWith("/assistant") ? Promise.reject() : kept(url, ...rest), true)`)
	b.Click(`[data-testid="assistant-toggle"]`)
	b.Reads("#composer .notice", "The assistant did not open: the workspace does not answer")
	b.Until(`(window.fetch = kept, true)`)

	// The assistant's pane: prompts, a question, a title, somebody at work.
	b.Click(`[data-testid="assistant-toggle"]`)
	b.Reads("#pane .prompts", "Ask for a fact")
	b.Click("#pane .chip")
	b.Reads("#pane .message", "Sam Altman leads them.")
	b.Reads("#pane h2", "Who is leading the negotiations?")
	b.WriteIn(`[data-testid="pane-composer"]`, "wait")
	b.Reads("#pane .working", "is looking it up")
	if *update {
		b.Picture("../../docs/workspace-assistant.png", 1280, 700, true)
	}
	b.Click(`#pane [aria-label="Close the assistant"]`)
	b.Until(`document.querySelector("#pane").hidden`)

	// Somebody else has unread messages; the keyboard goes from channel to channel.
	b.Set("#user-switch", "U0CURATOR")
	b.Reads(`[data-channel="C0RANDOM"]`, "random")
	x.say(t, "C0RANDOM", "hello")
	b.Shows(`[data-channel="C0RANDOM"] .count`)

	// The inspector shows what passed, in full.
	b.Click(`[data-testid="inspector-toggle"]`)
	b.Reads("#inspector", "app_home_opened")
	b.Click("#inspector details summary")
	b.Shows("#inspector details pre")
}

// What can be done without a mouse, and where there is no room for everything.
func TestPageByKeyboardAndPhone(t *testing.T) {
	_, b := shown(t)
	const escape, up, down = 27, 38, 40

	// Up in an empty box edits the last own message, Esc leaves it as it was.
	b.Write("A question")
	b.Reads("#messages .message", "A question")
	b.Key("ArrowUp", up)
	b.Shows("#messages .editor textarea")
	b.Key("Escape", escape)
	b.Until(`!document.querySelector(".editor")`)
	b.Until(`document.activeElement.id === "composer" || document.activeElement.dataset.testid === "composer"`)

	// So it does in a thread, which Esc closes.
	b.Click(`#messages .message [aria-label="Reply in thread"]`)
	b.WriteIn(`#thread textarea`, "A reply")
	b.Reads("#thread .message", "A reply")
	b.Key("ArrowUp", up)
	b.Type("#thread .editor textarea", " that is longer")
	b.Key("Enter", 13)
	b.Reads("#thread .content", "A reply that is longer")
	b.Key("Escape", escape)
	b.Until(`document.querySelector("#thread").hidden`)
	b.Reads("#messages .replies", "1 reply")

	// Alt with Down or Up goes to the next channel or the one before.
	here := func() string { return `document.querySelector(".places [aria-current]").dataset.channel` }
	b.Until(here() + ` === "C0GENERAL"`)
	b.Alt("ArrowDown", down)
	b.Until(here() + ` !== "C0GENERAL"`)
	b.Alt("ArrowUp", up)
	b.Until(here() + ` === "C0GENERAL"`)

	// On a telephone the channels lie over what is open, until one is chosen or Esc.
	b.Size(390, 780)
	b.Click("#menu")
	b.Until(`document.querySelector("#menu").ariaExpanded === "true"`)
	b.Key("Escape", escape)
	b.Until(`document.querySelector("#menu").ariaExpanded === "false"`)
	b.Click("#menu")
	b.Click(`[data-channel="C0RANDOM"]`)
	b.Until(here() + ` === "C0RANDOM" && document.querySelector("#menu").ariaExpanded === "false"`)
	b.Reads("#title", "random")
}
