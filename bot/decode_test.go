package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack/socketmode"

	"footnote/handlers"
)

var me = identity{Team: "T1", User: "UBOT", Bot: "BBOT"}

// event is the frame of an event in workspace T1.
func event(body string) frame {
	return frame{Type: "events_api", Envelope: "env-1", Payload: json.RawMessage(
		`{"token":"t","team_id":"T1","context_team_id":"T1","api_app_id":"A1","event":` + body + `,"type":"event_callback","event_id":"Ev1","event_time":1,"is_ext_shared_channel":false}`)}
}

func TestDecodeMessages(t *testing.T) {
	mention := handlers.Event{Key: "T1/C1/5.1", Kind: handlers.Mention, Team: "T1", Channel: "C1", User: "U1", Text: "<@UBOT> who?", TS: "5.1"}
	threaded := mention
	threaded.Thread = "4.0"
	direct := handlers.Event{Key: "T1/D1/5.1", Kind: handlers.Direct, Team: "T1", Channel: "D1", User: "U1", Text: "who?", TS: "5.1"}
	group := mention
	group.Key, group.Channel = "T1/G1/5.1", "G1"
	labelled := group
	labelled.Text = "<@UBOT|footnote> who?"
	edited := mention
	edited.Key, edited.Version = "T1/C1/5.1@6.0", "6.0"
	editedDirect := direct
	editedDirect.Key, editedDirect.Version = "T1/D1/5.1@6.0", "6.0"
	deleted := direct
	deleted.Kind, deleted.Key, deleted.Version, deleted.Text = handlers.Delete, "T1/D1/5.1@deleted", handlers.Deleted, ""
	external := mention
	external.External = true
	home := handlers.Event{Key: "env-1", Kind: handlers.Home, Team: "T1", User: "U1"}
	pane := handlers.Event{Key: "T1/D1/4.0", Kind: handlers.Pane, Team: "T1", Channel: "D1", User: "U1", TS: "4.0", Thread: "4.0"}
	moved := pane
	moved.Key, moved.Kind = "env-1", handlers.PaneMoved
	none := handlers.Event{}

	shared := event(`{"type":"app_mention","text":"<@UBOT> who?","user":"U1","ts":"5.1","channel":"C1"}`)
	shared.Payload = json.RawMessage(strings.Replace(string(shared.Payload), `channel":false`, `channel":true`, 1))
	if got, err := decode(shared, me); err != nil || !cmp.Equal(external, got) {
		t.Errorf("a mention that other companies see: %+v, %v", got, err)
	}

	for _, tt := range []struct {
		name, body string
		want       handlers.Event
	}{
		{"a mention", `{"client_msg_id":"m","type":"app_mention","text":"<@UBOT> who?","user":"U1","ts":"5.1","team":"T1","blocks":[{"type":"unheard_of"}],"channel":"C1","event_ts":"5.1"}`, mention},
		{"a mention in a thread", `{"type":"app_mention","text":"<@UBOT> who?","user":"U1","ts":"5.1","channel":"C1","thread_ts":"4.0","parent_user_id":"U2"}`, threaded},
		{"a mention that was edited, or edited in, is a version of its message", `{"type":"app_mention","text":"<@UBOT> who?","user":"U1","ts":"5.1","channel":"C1","edited":{"user":"U1","ts":"6.0"}}`, edited},
		{"a mention with a file", `{"type":"app_mention","subtype":"file_share","text":"<@UBOT> who?","user":"U1","ts":"5.1","channel":"C1","files":[{}]}`, mention},
		{"a DM", `{"type":"message","channel_type":"im","text":"who?","user":"U1","ts":"5.1","channel":"D1"}`, direct},
		{"a mention in a group DM", `{"type":"message","channel_type":"mpim","text":"<@UBOT> who?","user":"U1","ts":"5.1","channel":"G1"}`, group},
		{"a mention with a label", `{"type":"message","channel_type":"mpim","text":"<@UBOT|footnote> who?","user":"U1","ts":"5.1","channel":"G1"}`, labelled},
		{"a thread reply that is shown in the channel too", `{"type":"app_mention","subtype":"thread_broadcast","text":"<@UBOT> who?","user":"U1","ts":"5.1","channel":"C1","thread_ts":"4.0"}`, threaded},

		{"talk in a group DM", `{"type":"message","channel_type":"mpim","text":"<@UBOTTLE> who?","user":"U1","ts":"5.1","channel":"G1"}`, none},
		{"talk in a channel", `{"type":"message","channel_type":"channel","text":"<@UBOT> who?","user":"U1","ts":"5.1","channel":"C1"}`, none},
		{"its own echo", `{"type":"message","channel_type":"im","text":"hello","user":"UBOT","ts":"5.1","channel":"D1"}`, none},
		{"another bot", `{"type":"app_mention","text":"<@UBOT> who?","user":"U9","bot_id":"B9","ts":"5.1","channel":"C1"}`, none},
		{"another app", `{"type":"message","channel_type":"im","text":"who?","user":"U9","app_id":"A9","ts":"5.1","channel":"D1"}`, none},
		{"an edit in a DM", `{"type":"message","subtype":"message_changed","hidden":true,"channel":"D1","channel_type":"im","ts":"6.1","message":{"text":"who?","user":"U1","ts":"5.1","thread_ts":"5.1","edited":{"user":"U1","ts":"6.0"}},"previous_message":{"text":"y","user":"U1","ts":"5.1"}}`, editedDirect},
		{"an edit that does not say when", `{"type":"message","subtype":"message_changed","channel":"D1","channel_type":"im","ts":"6.0","message":{"text":"who?","user":"U1","ts":"5.1"},"previous_message":{"text":"y","user":"U1","ts":"5.1"}}`, editedDirect},
		{"an unfurl", `{"type":"message","subtype":"message_changed","channel":"D1","channel_type":"im","ts":"6.0","message":{"text":"x","user":"U1","ts":"5.1","attachments":[{}],"edited":{"ts":"5.5"}},"previous_message":{"text":"x","user":"U1","ts":"5.1"}}`, none},
		{"an edit of the bot's own message", `{"type":"message","subtype":"message_changed","channel":"D1","channel_type":"im","ts":"6.0","message":{"text":"x","user":"UBOT","bot_id":"BBOT","ts":"5.1"},"previous_message":{"text":"y"}}`, none},
		{"a deletion", `{"type":"message","subtype":"message_deleted","hidden":true,"channel":"D1","channel_type":"im","ts":"6.0","deleted_ts":"5.1","previous_message":{"text":"who?","user":"U1","ts":"5.1"}}`, deleted},
		{"a deletion of the bot's own message", `{"type":"message","subtype":"message_deleted","channel":"D1","channel_type":"im","ts":"6.0","deleted_ts":"5.1","previous_message":{"text":"who?","user":"UBOT","bot_id":"BBOT","ts":"5.1"}}`, none},
		{"a deletion that does not say of what", `{"type":"message","subtype":"message_deleted","channel":"D1","channel_type":"im","ts":"6.0","deleted_ts":"5.1"}`, none},
		{"the home tab", `{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home","event_ts":"5.1"}`, home},
		{"the messages tab", `{"type":"app_home_opened","user":"U1","channel":"D1","tab":"messages","event_ts":"5.1"}`, none},
		{"the pane", `{"type":"assistant_thread_started","assistant_thread":{"user_id":"U1","context":{"channel_id":"C7"},"channel_id":"D1","thread_ts":"4.0"},"event_ts":"4.1"}`, pane},
		{"the pane moved", `{"type":"assistant_thread_context_changed","assistant_thread":{"user_id":"U1","context":{"channel_id":"C7"},"channel_id":"D1","thread_ts":"4.0"},"event_ts":"4.1"}`, moved},
		{"somebody joined", `{"type":"message","subtype":"channel_join","channel":"D1","channel_type":"im","user":"U1","ts":"5.1","text":"joined"}`, none},
		{"an event of another type, whose channel is no string", `{"type":"channel_created","channel":{"id":"C9"},"user":{"id":"U1"}}`, none},
		{"no event at all", `null`, none},
	} {
		got, err := decode(event(tt.body), me)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", tt.name, diff)
		}
	}
}

// Where threads are followed, Slack tells of everything that is written.
func TestDecodeFollowed(t *testing.T) {
	following := me
	following.Follow = true
	for _, tt := range []struct {
		name, body string
		kind       handlers.Kind
		key        string
	}{
		{"talk", `{"type":"message","channel_type":"channel","text":"who?","user":"U1","ts":"5.1","channel":"C1"}`, "", ""},
		{"talk in a thread", `{"type":"message","channel_type":"group","text":"who?","user":"U1","ts":"5.1","thread_ts":"4.0","channel":"C1"}`, handlers.Follow, "T1/C1/5.1"},
		{"a mention", `{"type":"message","channel_type":"channel","text":"<@UBOT> who?","user":"U1","ts":"5.1","channel":"C1"}`, handlers.Mention, "T1/C1/5.1"},
		{"an edit that takes the mention away", `{"type":"message","subtype":"message_changed","channel_type":"channel","channel":"C1","ts":"6.1","message":{"text":"who?","user":"U1","ts":"5.1","edited":{"ts":"6.0"}},"previous_message":{"text":"<@UBOT> who?"}}`, handlers.Mention, "T1/C1/5.1@6.0"},
		{"an edit of talk", `{"type":"message","subtype":"message_changed","channel_type":"channel","channel":"C1","ts":"6.1","message":{"text":"who?","user":"U1","ts":"5.1","edited":{"ts":"6.0"}},"previous_message":{"text":"what?"}}`, "", ""},
		{"a mention is deleted", `{"type":"message","subtype":"message_deleted","channel_type":"channel","channel":"C1","ts":"6.1","previous_message":{"text":"<@UBOT> who?","user":"U1","ts":"5.1"}}`, handlers.Delete, "T1/C1/5.1@deleted"},
		{"talk in a thread is deleted", `{"type":"message","subtype":"message_deleted","channel_type":"channel","channel":"C1","ts":"6.1","previous_message":{"text":"who?","user":"U1","ts":"5.1","thread_ts":"4.0"}}`, handlers.Delete, "T1/C1/5.1@deleted"},
	} {
		got, err := decode(event(tt.body), following)
		if err != nil || got.Kind != tt.kind || got.Key != tt.key {
			t.Errorf("%s: %q %q, %v, want %q %q", tt.name, got.Kind, got.Key, err, tt.kind, tt.key)
		}
		if got, err := decode(event(tt.body), me); err != nil || got.Kind != "" {
			t.Errorf("%s, not followed: %q, %v", tt.name, got.Kind, err)
		}
	}
}

func TestDecodeCommandsAndPresses(t *testing.T) {
	command := handlers.Event{Key: "env-1", Kind: handlers.Command, Team: "T1", Channel: "C1", User: "U1", Text: "who?", ResponseURL: "https://r", Trigger: "x"}
	press := handlers.Event{Key: "env-1", Kind: handlers.Press, Team: "T1", Channel: "C1", User: "U1", Thread: "4.0", Message: "5.1", Action: "ask", Block: "b", Value: "who?", ResponseURL: "https://r"}
	private := press
	private.Thread, private.Ephemeral = "", true
	share := private
	share.Key, share.Action = "T1/C1/5.1/U1/share", "share"
	by := handlers.Event{Key: "env-1", Team: "T1", User: "U1"}
	inView, submission, typed, search, find := press, by, by, by, by
	inView.Channel, inView.Thread, inView.Message, inView.Trigger = "", "", "", "x"
	inView.View = &handlers.View{ID: "V1", Hash: "h", Home: true, Callback: "c", Meta: "m"}
	submission.Kind = handlers.Submit
	submission.View = &handlers.View{ID: "V1", Callback: "why", Meta: "m", Values: map[string]string{"why": "wrong"}}
	typed.Kind, typed.Action, typed.Value = handlers.Suggest, "find", "who"
	search.Kind, search.Trigger = handlers.Search, "x"
	find.Kind, find.Trigger, find.Channel, find.Message, find.Thread, find.Text, find.ResponseURL = handlers.Find, "x", "C1", "5.1", "4.0", "who?", "https://r"
	const head = `{"type":"block_actions","user":{"id":"U1","username":"u","name":"u","team_id":"T1"},"team":{"id":"T1","domain":"d"},"enterprise":null,"is_enterprise_install":false,"state":{"values":{}},"response_url":"https://r",`
	const button = `"actions":[{"action_id":"ask","block_id":"b","text":{"type":"plain_text","text":"Who?"},"value":"who?","type":"button","action_ts":"7.0"}]}`
	for _, tt := range []struct {
		name, kind, payload string
		want                handlers.Event
	}{
		{"a command", "slash_commands", `{"token":"t","team_id":"T1","channel_id":"C1","channel_name":"general","user_id":"U1","user_name":"u","command":"/ask","text":"who?","is_enterprise_install":"false","response_url":"https://r","trigger_id":"x"}`, command},
		{"a button in a thread", "interactive", head + `"container":{"type":"message","message_ts":"5.1","channel_id":"C1","is_ephemeral":false,"thread_ts":"4.0"},"channel":{"id":"C1","name":"general"},"message":{"ts":"5.1"},` + button, press},
		{"a button only its user sees", "interactive", head + `"container":{"type":"message","message_ts":"5.1","channel_id":"C1","is_ephemeral":true},"channel":{"id":"C1"},` + button, private},
		{"a menu", "interactive", head + `"container":{"type":"message","message_ts":"5.1","channel_id":"C1","thread_ts":"4.0"},"actions":[{"action_id":"ask","block_id":"b","type":"static_select","selected_option":{"value":"who?"}}]}`, press},
		{"a button of a view", "interactive", head + `"trigger_id":"x","container":{"type":"view","view_id":"V1"},"view":{"id":"V1","type":"home","hash":"h","callback_id":"c","private_metadata":"m","state":{"values":{}}},` + button, inView},
		{"a share", "interactive", head + `"container":{"type":"message","message_ts":"5.1","channel_id":"C1","is_ephemeral":true},"actions":[{"action_id":"share","block_id":"b","value":"who?"}]}`, share},
		{"a submission", "interactive", `{"type":"view_submission","user":{"id":"U1","team_id":"T1"},"team":{"id":"T1"},"view":{"id":"V1","type":"modal","callback_id":"why","private_metadata":"m","state":{"values":{"why":{"why":{"type":"plain_text_input","value":"wrong\u0000"}},"other":{"x":{"value":null}}}}}}`, submission},
		{"what was typed", "interactive", `{"type":"block_suggestion","user":{"id":"U1","team_id":"T1"},"team":{"id":"T1"},"container":{"type":"view"},"action_id":"find","block_id":"b","value":"who"}`, typed},
		{"what was typed elsewhere", "interactive", `{"type":"block_suggestion","user":{"id":"U1"},"action_id":"other","value":"who"}`, handlers.Event{}},
		{"a shortcut", "interactive", `{"type":"shortcut","callback_id":"search","trigger_id":"x","user":{"id":"U1","team_id":"T1"},"team":{"id":"T1"}}`, search},
		{"a shortcut on a message", "interactive", `{"type":"message_action","callback_id":"find","trigger_id":"x","user":{"id":"U1","team_id":"T1"},"team":{"id":"T1"},"channel":{"id":"C1"},"message_ts":"5.1","message":{"type":"message","user":"U2","ts":"5.1","thread_ts":"4.0","text":"who?"},"response_url":"https://r"}`, find},
		{"another app's shortcut", "interactive", `{"type":"shortcut","callback_id":"other","user":{"id":"U1"}}`, handlers.Event{}},
		{"a modal that was closed", "interactive", `{"type":"view_closed","user":{"id":"U1"},"view":{}}`, handlers.Event{}},
	} {
		got, err := decode(frame{Type: tt.kind, Envelope: "env-1", Payload: json.RawMessage(tt.payload)}, me)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", tt.name, diff)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, f := range []frame{
		{Type: "events_api", Payload: json.RawMessage(`[]`)},
		{Type: "events_api"},
		event(`{"type":"app_mention","text":"<@UBOT> who?","user":"U1","channel":"C1"}`),
		event(`{"type":"app_mention","text":7,"user":"U1","channel":"C1","ts":"5.1"}`),
		{Type: "slash_commands", Payload: json.RawMessage(`{}`)},
		{Type: "interactive", Payload: json.RawMessage(`{"type":"block_actions","container":{"type":"message"},"actions":[]}`)},
		{Type: "semaphore", Payload: json.RawMessage(`{}`)},
	} {
		if ev, err := decode(f, me); err == nil || ev.Kind != "" {
			t.Errorf("decode(%s %s) = %+v, %v, want an error", f.Type, f.Payload, ev, err)
		}
	}
}

// What the client gives up on is read again, or at least acked.
func TestReadFrame(t *testing.T) {
	bad := func(message string) socketmode.Event {
		return socketmode.Event{Type: socketmode.EventTypeErrorBadMessage, Data: &socketmode.ErrorBadMessage{Cause: errors.New("unknown"), Message: json.RawMessage(message)}}
	}
	request := func(r socketmode.Request) socketmode.Event {
		return socketmode.Event{Type: socketmode.EventType(r.Type), Request: &r}
	}
	for _, tt := range []struct {
		ev   socketmode.Event
		want string // type and envelope
	}{
		{request(socketmode.Request{Type: "events_api", EnvelopeID: "e1"}), "events_api e1"},
		{request(socketmode.Request{Type: "events_api", EnvelopeID: "e1", RetryAttempt: 2}), "events_api e1"},
		{request(socketmode.Request{Type: "hello"}), ""},
		{socketmode.Event{Type: socketmode.EventTypeConnecting}, ""},
		{bad(`{"type":"events_api","envelope_id":"e2","payload":{"event":{"type":"brand_new"}}}`), "events_api e2"},
		{bad(`{"type":"semaphore","envelope_id":"e3"}`), "semaphore e3"},
		{bad(`{"type":["x"],"envelope_id":"e4","retry_attempt":"many"}`), " e4"},
		{bad(`{"type":"events_api"}`), ""},
		{bad(`7`), ""},
	} {
		f, ok := readFrame(tt.ev)
		got := ""
		if ok {
			got = fmt.Sprint(f.Type, " ", f.Envelope)
		}
		if got != tt.want {
			t.Errorf("readFrame(%+v) = %q, want %q", tt.ev, got, tt.want)
		}
	}
}
