package handlers

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"footnote/knowledge/match"
)

// A press or a submission of somebody who may not, or of another workspace,
// changes nothing.
func TestForgeries(t *testing.T) {
	x := testIndex(t)
	h := &Handler{Bot: "UBOT", Team: "T1", Command: "/ask"}
	mine := Event{Key: "k", Kind: Press, Team: "T1", Channel: "C1", User: "U1", Message: "2.1", ResponseURL: respondAt, Trigger: "x"}
	with := func(change func(*Event)) Event {
		ev := mine
		change(&ev)
		return ev
	}
	share := string(must(json.Marshal(share{Facts: []string{"amount"}})))
	why := string(must(json.Marshal(why{Event: "e", User: "U1"})))
	old := map[string]string{whyField: "It is old."}
	for name, ev := range map[string]Event{
		"another user's private choice": with(func(ev *Event) {
			ev.Ephemeral, ev.Action, ev.Block, ev.Value = true, "answer:1", "answer:U2", "amount"
		}),
		"another user's share": with(func(ev *Event) {
			ev.Ephemeral, ev.Action, ev.Block, ev.Value = true, ActionShare, "share:U2", share
		}),
		"another user's vote": with(func(ev *Event) {
			ev.Ephemeral, ev.Action, ev.Block, ev.Value = true, ActionVote, "vote:U2", "up e"
		}),
		"a vote from another workspace":   with(func(ev *Event) { ev.Team, ev.Action, ev.Value = "T2", ActionVote, "up e" }),
		"a choice from another workspace": with(func(ev *Event) { ev.Team, ev.Action, ev.Value = "T2", "answer:1", "amount" }),
		"a press in another user's view":  with(func(ev *Event) { ev.View, ev.Action, ev.Value = &View{Meta: "U2"}, ActionFind, "amount" }),
		"a press in a view of nobody":     with(func(ev *Event) { ev.View, ev.Action, ev.Value = &View{}, ActionFind, "amount" }),
		"a press in a view without trigger": with(func(ev *Event) {
			ev.View, ev.Trigger, ev.Action, ev.Value = &View{Meta: "U1"}, "", ActionFind, "amount"
		}),
		"another user's submission": with(func(ev *Event) {
			ev.Kind, ev.User, ev.View = Submit, "U2", &View{Callback: callbackWhy, Meta: why, Values: old}
		}),
		"a submission from elsewhere": with(func(ev *Event) {
			ev.Kind, ev.Team, ev.View = Submit, "T2", &View{Callback: callbackWhy, Meta: why, Values: old}
		}),
		"a submission of another modal": with(func(ev *Event) { ev.Kind, ev.View = Submit, &View{Callback: "other", Meta: why, Values: old} }),
		"a submission about nothing":    with(func(ev *Event) { ev.Kind, ev.View = Submit, &View{Callback: callbackWhy, Meta: "{}", Values: old} }),
		"a submission of nonsense":      with(func(ev *Event) { ev.Kind, ev.View = Submit, &View{Callback: callbackWhy, Meta: "[", Values: old} }),
		"a submission without a word":   with(func(ev *Event) { ev.Kind, ev.View = Submit, &View{Callback: callbackWhy, Meta: why} }),
		"a search from elsewhere":       with(func(ev *Event) { ev.Kind, ev.Team = Search, "T2" }),
		"a shortcut from elsewhere":     with(func(ev *Event) { ev.Kind, ev.Team, ev.Text = Find, "T2", "how much?" }),
	} {
		d := must(h.Handle(x, ev))
		if !d.Silent || d.Ack != nil || len(d.Actions)+len(d.AtOnce) > 0 || d.Vote != nil || d.Asked.Question != "" {
			t.Errorf("%s: %+v, want nothing", name, d)
		}
	}
	d := must(h.Handle(x, with(func(ev *Event) { ev.Team, ev.Kind, ev.Value = "T2", Suggest, "amazon" })))
	if got := d.Ack.(slack.OptionsResponse); len(got.Options) > 0 {
		t.Errorf("what was typed in another workspace: %d options", len(got.Options))
	}
	// The same by who may.
	for name, ev := range map[string]Event{
		"a vote": with(func(ev *Event) { ev.Action, ev.Block, ev.Value = ActionVote, "vote:U1", "up e" }),
		"a submission": with(func(ev *Event) {
			ev.Kind, ev.View = Submit, &View{Callback: callbackWhy, Meta: why, Values: old}
		}),
	} {
		if d := must(h.Handle(x, ev)); d.Vote == nil || d.Vote.Event != "e" {
			t.Errorf("%s: %+v, want a vote", name, d)
		}
	}
}

// Somebody else's press is answered to them alone.
func TestABystandersPress(t *testing.T) {
	x := testIndex(t)
	asked := handle(t, x, Event{Key: "k", Kind: Mention, Channel: "C1", TS: "1.1", User: "U1", Text: "help"})
	var block string
	for _, b := range asked.Actions[0].Blocks.BlockSet {
		if row, ok := b.(*slack.ActionBlock); ok {
			block = row.BlockID
		}
	}
	press := Event{Key: "k2", Kind: Press, Channel: "C1", Message: "1.2", Thread: "1.1", Block: block,
		Action: "answer:1", Value: "amount", ResponseURL: respondAt}
	for user, want := range map[string]string{"U1": "post C1 1.1", "U2": "respond " + respondAt + " 1.1"} {
		press.User = user
		if got := where(handle(t, x, press)); got != want {
			t.Errorf("%s pressed: %q, want %q", user, got, want)
		}
	}
}

func TestShareIsOver(t *testing.T) {
	x := testIndex(t)
	came := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	private := handle(t, x, Event{Key: "k", Kind: Command, Channel: "C1", User: "U1", Came: came, Text: "how much does Amazon want to invest in OpenAI"})
	b := button(t, private, ActionShare)
	for after, want := range map[time.Duration]string{
		29 * time.Minute: "respond in channel " + respondAt + ", respond " + respondAt,
		31 * time.Minute: "respond " + respondAt,
	} {
		d := handle(t, x, Event{Key: "s", Kind: Press, Channel: "C1", User: "U1", Ephemeral: true, Came: came.Add(after), Action: b.ActionID, Block: "share:U1", Value: b.Value, ResponseURL: respondAt})
		if got := where(d); got != want {
			t.Errorf("after %v: %q, want %q", after, got, want)
		}
		if over := strings.Contains(said(d), "30 minutes"); over != (after > shareFor) {
			t.Errorf("after %v: says %q", after, said(d))
		}
	}
}

func TestVote(t *testing.T) {
	x := testIndex(t)
	press := Event{Key: "k", Kind: Press, Channel: "C1", User: "U1", Message: "2.1", Action: ActionVote, ResponseURL: respondAt, Trigger: "x"}
	press.Value = "up T1/C1/1.1"
	if d := handle(t, x, press); *d.Vote != (Vote{Event: "T1/C1/1.1", Up: true}) || where(d) != "respond "+respondAt || len(d.AtOnce) > 0 {
		t.Errorf("helpful: %+v", d)
	}
	press.Value = "down T1/C1/1.1"
	d := handle(t, x, press)
	if *d.Vote != (Vote{Event: "T1/C1/1.1"}) || len(d.Actions) > 0 || len(d.AtOnce) != 1 || d.AtOnce[0].Do != Open || d.AtOnce[0].Trigger != "x" {
		t.Fatalf("not helpful: %+v", d)
	}
	m := d.AtOnce[0].Modal
	d = handle(t, x, Event{Key: "s", Kind: Submit, User: "U1", View: &View{Callback: m.CallbackID, Meta: m.PrivateMetadata, Values: map[string]string{whyField: "because"}}})
	if *d.Vote != (Vote{Event: "T1/C1/1.1", Why: "because"}) {
		t.Errorf("why: %+v", d.Vote)
	}
	press.Value = "sideways"
	if d := handle(t, x, press); d.Vote != nil || !strings.HasPrefix(said(d), "That button is out of date") {
		t.Errorf("nonsense: %+v", d)
	}
}

func TestShowSource(t *testing.T) {
	x := testIndex(t)
	press := Event{Key: "k", Kind: Press, Channel: "C1", User: "U1", Message: "2.1", Action: ActionSource, Value: "amount negotiator gone", Trigger: "x"}
	d := handle(t, x, press)
	if len(d.AtOnce) != 1 || d.AtOnce[0].Do != Open {
		t.Fatalf("%+v, want a modal", d)
	}
	shows := string(must(json.Marshal(d.AtOnce[0].Modal)))
	for _, f := range []string{"amount", "negotiator"} {
		for _, q := range x.Base().Fact(f).Quotes {
			if !strings.Contains(shows, string(must(json.Marshal(q.Text)))[1:20]) {
				t.Errorf("the modal lacks %q", q.Text)
			}
		}
	}
	press.View = &View{Meta: "U1"}
	if d := handle(t, x, press); d.AtOnce[0].Do != Push {
		t.Errorf("over a modal: %q, want it pushed", d.AtOnce[0].Do)
	}
	press.Value = "gone"
	if d := handle(t, x, press); !strings.Contains(string(must(json.Marshal(d.AtOnce[0].Modal))), "no longer in my sources") {
		t.Errorf("a fact that is gone: %+v", d.AtOnce[0].Modal)
	}
}

// The same words find the same fact however they are said.
func TestEverySurfaceGivesTheSameFacts(t *testing.T) {
	x := testIndex(t)
	for _, q := range []string{"how much does Amazon want to invest in OpenAI", "who leads the negotiations for Amazon?", "what is OpenAI worth?", "zyzzyva?"} {
		want := ids(x.Answer(match.Question{Text: q}).Facts)
		for _, ev := range []Event{
			{Key: "k", Kind: Mention, Channel: "C1", TS: "1.1", Text: "<@UBOT> " + q},
			{Key: "k", Kind: Direct, Channel: "D1", TS: "1.1", Text: q},
			{Key: "k", Kind: Direct, Channel: "D1", TS: "1.2", Thread: "1.1", Text: q, Memory: Memory{Pane: true}},
			{Key: "k", Kind: Command, Channel: "C1", Text: q},
			{Key: "k", Kind: Find, Channel: "C1", Message: "1.1", Text: q, ResponseURL: respondAt},
			{Key: "k", Kind: Press, View: &View{Home: true}, Trigger: "x", Action: "ask:1", Value: q},
		} {
			d := handle(t, x, ev)
			if strings.Join(d.Asked.Facts, " ") != strings.Join(want, " ") {
				t.Errorf("%s %q: %v, want %v", ev.Kind, q, d.Asked.Facts, want)
			}
		}
	}
}
