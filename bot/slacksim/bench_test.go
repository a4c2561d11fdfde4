package slacksim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/slack-go/slack"
)

// BenchmarkQuestion asks in one of 1,000 channels, acks the event and answers
// in the thread, one question after the other.
func BenchmarkQuestion(b *testing.B) {
	w := New(Config{})
	srv := httptest.NewServer(w.Handler())
	defer srv.Close()
	defer w.Close()
	api := slack.New(w.BotToken(), slack.OptionAPIURL(srv.URL+"/api/"), slack.OptionAppLevelToken(w.AppToken()))
	_, link, err := api.StartSocketModeContext(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	conn, _, err := websocket.Dial(b.Context(), link, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.CloseNow()
	if _, _, err := conn.Read(b.Context()); err != nil { // the greeting
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		channel := fmt.Sprint("C0BENCH", i%1000)
		resp, err := http.Post(srv.URL+"/_sim/message", jsonKind, strings.NewReader(`{"user":"U0ASKER","channel":"`+channel+`","text":"<@U0BOT> who?"}`))
		if err != nil {
			b.Fatal(err)
		}
		var asked struct{ TS string }
		if err := json.NewDecoder(resp.Body).Decode(&asked); err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
		_, data, err := conn.Read(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		var e struct {
			ID string `json:"envelope_id"`
		}
		if err := json.Unmarshal(data, &e); err != nil {
			b.Fatal(err)
		}
		if err := conn.Write(b.Context(), websocket.MessageText, frame(object{"envelope_id": e.ID})); err != nil {
			b.Fatal(err)
		}
		if _, _, err := api.PostMessage(channel, slack.MsgOptionText("them", false), slack.MsgOptionTS(asked.TS)); err != nil {
			b.Fatal(err)
		}
	}
}
