package slacksim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Whatever is sent to the control API, it is answered in JSON and says whether
// it was done; the workspace goes on.
func FuzzControl(f *testing.F) {
	w := New(Config{})
	w.patience = time.Millisecond // no bot is there to answer
	f.Cleanup(func() { w.Close() })
	h := w.Handler()
	f.Add("message", `{"user":"U0ASKER","channel":"C0GENERAL","text":"<@U0BOT> who?"}`)
	f.Add("message", `{"user":"U0ASKER","channel":"@U0BOT","text":"who?","ts":"1.2"}`)
	f.Add("command", `{"user":"U0ASKER","channel":"C0GENERAL","command":"/ask","text":"who?"}`)
	f.Add("action", `{"user":"U0ASKER","message_ts":"1.2","action_id":"a","value":["x"],"values":{"b":{"a":"c"}}}`)
	f.Add("submit", `{"user":"U0ASKER","view_id":"V1","values":{"a":["b"]}}`)
	f.Add("close", `{"user":"U0ASKER","all":true}`)
	f.Add("suggest", `{"user":"U0ASKER","view_id":"V1","action_id":"a","value":"x"}`)
	f.Add("home", `{"user":"U0ASKER","tab":"messages"}`)
	f.Add("shortcut", `{"user":"U0ASKER","callback_id":"search"}`)
	f.Add("assistant", `{"user":"U0ASKER","channel":"C0GENERAL","thread_ts":"1.2"}`)
	f.Add("reaction", `{"user":"U0ASKER","channel":"C0GENERAL","ts":"1.2","name":"eyes","remove":true}`)
	f.Add("delete", `{"channel":"C0GENERAL","ts":"1.2"}`)
	f.Add("user", `{"user":"U0GUEST","name":"guest","guest":true}`)
	f.Add("channel", `{"channel":"C0NEW","name":"new","ext_shared":true,"members":["U0ASKER"]}`)
	f.Add("fault", `{"kind":"ratelimit","method":"chat.update","count":1,"p":1e-300,"seed":1}`)
	f.Add("fault", `{"kind":"ratelimit","p":1e999,"delay_ms":-1}`)
	f.Fuzz(func(t *testing.T, what, body string) {
		if what == "" || strings.ContainsFunc(what, func(r rune) bool { return r < 'a' || r > 'z' }) {
			t.Skip() // a path of its own
		}
		r := httptest.NewRequest(http.MethodPost, "/_sim/"+what, strings.NewReader(body))
		r.Host = "127.0.0.1:8080"
		r.Header.Set("Content-Type", "application/json")
		got := httptest.NewRecorder()
		h.ServeHTTP(got, r)
		if got.Code == http.StatusNotFound || got.Code == http.StatusMethodNotAllowed {
			t.Skip()
		}
		var answer struct{ OK *bool }
		if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil || answer.OK == nil {
			t.Errorf("%s %s: %d %s", what, body, got.Code, got.Body)
		}
	})
}
