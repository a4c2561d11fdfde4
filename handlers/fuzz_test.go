package handlers

import (
	"testing"
	"time"

	"github.com/slack-go/slack"

	"footnote/knowledge/match"
)

// kinds are all that Handle knows.
var kinds = []Kind{Mention, Direct, Follow, Delete, Command, Press, Submit, Suggest, Home, Search, Find, Pane, PaneMoved}

// FuzzHandle has anything happen on any surface: what is said is something
// that Slack takes and that pings nobody.
func FuzzHandle(f *testing.F) {
	for i, text := range append(hostile, "how much does Amazon want to invest in OpenAI", "help", "what is OpenAI worth?") {
		f.Add(uint8(i), text, "answer:1", "amount", "share:U1", "U1", "T1/C1/1.1")
	}
	f.Add(uint8(5), "", "share", `{"facts":["amount"],"question":"<!here>","until":1}`, "share:U1", "", "k")
	f.Add(uint8(5), "", "vote", "down T1/C1/1.1", "", "", "k")
	f.Add(uint8(5), "", "source", "amount negotiator", "", "", "k")
	f.Add(uint8(6), "", "", "", "", `{"event":"e","user":"U1"}`, "k")
	x, err := match.NewIndex(load(f, testFiles))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, kind uint8, text, action, value, block, meta, key string) {
		ev := Event{
			Key: key, Kind: kinds[int(kind)%len(kinds)], Team: "T1", Channel: "C1", User: "U1", TS: "1.1", Text: text, Came: time.Unix(1, 0),
			Action: action, Block: block, Value: value, Message: "1.2", Ephemeral: kind&64 != 0, ResponseURL: respondAt, Trigger: "x",
			Memory: Memory{Prior: match.Prior{Question: meta, Facts: []string{"amount", value}}, Seen: true, Pane: kind&32 != 0, Popular: []string{"amount", value}, Own: []string{text, value}},
		}
		if kind&128 != 0 || ev.Kind == Submit {
			ev.View = &View{ID: "V1", Meta: meta, Callback: callbackWhy, Home: kind&64 != 0, Values: map[string]string{whyField: text}}
		}
		h := &Handler{Bot: "UBOT", Team: "T1", Command: "/ask"}
		d, err := h.Handle(x, ev)
		if err != nil {
			t.Fatal(err)
		}
		if options, ok := d.Ack.(slack.OptionsResponse); ok {
			for _, o := range options.Options {
				if err := check("option", o.Text.Text, 75); err != nil || len(o.Value) > 150 {
					t.Error(o.Value, err)
				}
			}
			return
		}
		for _, a := range d.Actions {
			if a.Do == Remove {
				continue
			}
			one := Decision{Actions: []Action{a}}
			if err := unsafe(t, one); err != nil {
				t.Error(err)
			}
			if err := unsendable(one); err != nil {
				t.Error(err)
			}
		}
		if d.Ack != nil {
			if err := unsafe(t, Decision{Ack: d.Ack}); err != nil {
				t.Error(err)
			}
		}
		if err := unsendable(Decision{Ack: d.Ack, AtOnce: d.AtOnce}); err != nil {
			t.Error(err)
		}
		if d.Vote != nil && units(d.Vote.Why) > 3000 {
			t.Errorf("a reason of %d characters", units(d.Vote.Why))
		}
	})
}
