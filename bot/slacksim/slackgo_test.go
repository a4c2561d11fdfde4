package slacksim

import (
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

func TestMentionIsAnsweredByRealClient(t *testing.T) {
	x := start(t, Config{})
	answered := make(chan string, 1)
	x.run(t, func(client *socketmode.Client, e socketmode.Event) {
		if e.Type != socketmode.EventTypeEventsAPI {
			return
		}
		if err := client.Ack(*e.Request); err != nil {
			t.Error(err)
		}
		ev, ok := e.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.AppMentionEvent)
		if !ok {
			t.Errorf("event %#v, want a mention", e.Data)
			return
		}
		_, ts, err := x.api.PostMessage(ev.Channel, slack.MsgOptionText("heard: "+ev.Text, false), slack.MsgOptionTS(ev.TimeStamp))
		if err != nil {
			t.Error(err)
		}
		answered <- ts
	})
	asked := x.say(t, "C0GENERAL", "<@U0BOT> who leads?")
	ts := <-answered
	seen := x.messages(t, "C0GENERAL", "U0ASKER")
	if len(seen) != 2 || seen[1].TS != ts || seen[1].ThreadTS != asked || seen[1].BotID != botID || seen[1].Text != "heard: <@U0BOT> who leads?" {
		t.Errorf("messages = %+v", seen)
	}
}
