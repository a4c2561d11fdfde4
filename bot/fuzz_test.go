package bot

import (
	"encoding/json"
	"strings"
	"testing"

	"footnote/handlers"
)

// FuzzDecode reads any payload: what comes of it is nothing, an error, or an
// event that can be told from others and answered.
func FuzzDecode(f *testing.F) {
	for _, payload := range []string{
		`{"team_id":"T1","event":{"type":"app_mention","text":"<@UBOT> who?","user":"U1","ts":"5.1","channel":"C1"}}`,
		`{"team_id":"T1","event":{"type":"message","subtype":"message_changed","channel":"D1","channel_type":"im","ts":"6.1","message":{"text":"who?","user":"U1","ts":"5.1","edited":{"ts":"6.0"}},"previous_message":{"text":"y"}}}`,
		`{"team_id":"T1","event":{"type":"message","subtype":"message_deleted","channel":"D1","channel_type":"im","ts":"6.0","previous_message":{"text":"who?","user":"U1","ts":"5.1"}}}`,
		`{"event":{"type":"message","channel_type":"group","text":"who?","user":"U1","ts":"5.1","thread_ts":"4.0","channel":"C1"}}`,
		`{"event":{"type":"app_home_opened","user":"U1","tab":"home"}}`,
		`{"event":{"type":"assistant_thread_started","assistant_thread":{"user_id":"U1","channel_id":"D1","thread_ts":"4.0"}}}`,
		`{"type":"block_actions","user":{"id":"U1"},"team":{"id":"T1"},"container":{"type":"message","message_ts":"5.1","channel_id":"C1","is_ephemeral":true},"actions":[{"action_id":"share","value":"x"}]}`,
		`{"type":"block_actions","user":{"id":"U1"},"container":{"type":"view"},"view":{"id":"V1","type":"home"},"actions":[{"action_id":"find","selected_option":{"value":"x"}}]}`,
		`{"type":"view_submission","user":{"id":"U1"},"view":{"callback_id":"why","state":{"values":{"why":{"why":{"value":"x"}}}}}}`,
		`{"type":"block_suggestion","user":{"id":"U1"},"action_id":"find","value":"who"}`,
		`{"type":"shortcut","callback_id":"search","user":{"id":"U1"}}`,
		`{"type":"message_action","callback_id":"find","user":{"id":"U1"},"channel":{"id":"C1"},"message":{"ts":"5.1","text":"who?"}}`,
		`{"user_id":"U1","text":"who?","channel_id":"C1"}`, `null`, `[]`, `{"event":null}`,
	} {
		for _, kind := range []string{"events_api", "slash_commands", "interactive"} {
			f.Add(kind, []byte(payload), true)
		}
	}
	f.Fuzz(func(t *testing.T, kind string, payload []byte, follow bool) {
		me := me
		me.Follow = follow
		ev, err := decode(frame{Type: kind, Envelope: "env-1", Payload: json.RawMessage(payload)}, me)
		switch {
		case err != nil && ev.Kind != "":
			t.Errorf("an event and an error: %+v, %v", ev, err)
		case ev.Kind == "":
			return
		case ev.Key == "" || ev.User == "":
			t.Errorf("an event of nobody: %+v", ev)
		case strings.Contains(ev.Text+ev.Value, "\x00"):
			t.Errorf("no database takes %q, %q", ev.Text, ev.Value)
		case ev.Kind == handlers.Press && ev.View == nil && ev.Channel == "":
			t.Errorf("a press nowhere: %+v", ev)
		case ev.User == me.User && (ev.Kind == handlers.Mention || ev.Kind == handlers.Direct || ev.Kind == handlers.Follow):
			t.Errorf("the bot speaks to itself: %+v", ev)
		}
	})
}
