package main

import (
	"reflect"
	"testing"
	"time"
)

// reply is what the bot says to the message at ts in channel C, in its thread.
func reply(ts, text string) said {
	m := said{TS: "9", Thread: ts, BotID: "B", Text: text}
	m.Metadata.Payload.Key = "T0SIM/C/" + ts
	return m
}

func TestCountOfQuestions(t *testing.T) {
	right := facts[0].answer + " And where it stands."
	inDirect := reply("1", right)
	inDirect.Thread = ""
	toOne := reply("1", right)
	toOne.To = "U"
	apology := reply("1", "Sorry")
	apology.Metadata.Payload.Key += "/apology"
	unasked := reply("1", right)
	unasked.Metadata.Payload.Key = "T0SIM/C/2"
	for _, tt := range []struct {
		claim string
		said  []said
		want  tally
	}{
		{"once", []said{reply("1", right)}, tally{once: 1}},
		{"nothing", nil, tally{lost: 1}},
		{"only what people said", []said{{TS: "1", Text: right}}, tally{lost: 1}},
		{"the same twice", []said{reply("1", right), reply("1", right)}, tally{twice: 1}},
		{"an answer and an apology", []said{reply("1", right), apology}, tally{twice: 1}},
		{"an apology", []said{apology}, tally{wrong: 1}},
		{"the answer to something else", []said{reply("1", facts[1].answer)}, tally{wrong: 1}},
		{"outside of its thread", []said{inDirect}, tally{lost: 1, wrong: 1}},
		{"to one person only", []said{toOne}, tally{lost: 1, wrong: 1}},
		{"a second answer, to what was never asked", []said{reply("1", right), unasked}, tally{once: 1, wrong: 1}},
		{"a second answer without a key", []said{reply("1", right), {BotID: "B", Thread: "1", Text: right}}, tally{once: 1, wrong: 1}},
	} {
		got := count([]asked{{ask: ask{user: "U"}, in: "C", ts: "1", thread: "1"}}, map[string][]said{"C": tt.said})
		if ok := reflect.DeepEqual(tt.want, tally{once: 1}); got.kept() != ok || (len(got.findings) == 0) != ok {
			t.Errorf("%s: kept %t with findings %v", tt.claim, got.kept(), got.findings)
		}
		tt.want.questions, tt.want.conversations, got.findings = 1, 1, nil
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.claim, got, tt.want)
		}
	}
}

func TestCountOfCommandsAndPresses(t *testing.T) {
	public, private := said{BotID: "B"}, said{BotID: "B", To: "U"}
	pressed := said{BotID: "B", Thread: "1"}
	pressed.Metadata.Payload.Key = "an envelope's id"
	for _, tt := range []struct {
		claim    string
		asked    asked
		said     []said
		commands outcomes
		presses  outcomes
		kept     bool
	}{
		{"answered", asked{ask: ask{kind: command}, acked: true}, []said{private}, outcomes{answered: 1}, outcomes{}, true},
		{"answered and shared", asked{ask: ask{kind: command}, acked: true}, []said{private, public}, outcomes{answered: 1}, outcomes{}, true},
		{"shared twice", asked{ask: ask{kind: command}, acked: true}, []said{private, public, public}, outcomes{twice: 1}, outcomes{}, false},
		{"refused", asked{ask: ask{kind: command}, errored: true}, nil, outcomes{errored: 1}, outcomes{}, true},
		{"acked without an answer", asked{ask: ask{kind: command}, acked: true}, nil, outcomes{lost: 1}, outcomes{}, false},
		{"refused and answered", asked{ask: ask{kind: command}, errored: true}, []said{private}, outcomes{lost: 1}, outcomes{}, false},
		{"pressed", asked{ask: ask{kind: press}, ts: "1", thread: "1", acked: true}, []said{reply("1", help.answer), pressed}, outcomes{}, outcomes{answered: 1}, true},
		{"press lost", asked{ask: ask{kind: press}, ts: "1", thread: "1", acked: true}, []said{reply("1", help.answer)}, outcomes{}, outcomes{lost: 1}, true},
		{"press refused", asked{ask: ask{kind: press}, ts: "1", thread: "1", errored: true}, []said{reply("1", help.answer)}, outcomes{}, outcomes{errored: 1}, true},
		{"press answered twice", asked{ask: ask{kind: press}, ts: "1", thread: "1", acked: true}, []said{reply("1", help.answer), pressed, pressed}, outcomes{}, outcomes{twice: 1}, false},
	} {
		tt.asked.user, tt.asked.in = "U", "C"
		got := count([]asked{tt.asked}, map[string][]said{"C": tt.said})
		if got.commands != tt.commands || got.presses != tt.presses || got.kept() != tt.kept {
			t.Errorf("%s: commands %+v, presses %+v, kept %t; want %+v, %+v, %t", tt.claim, got.commands, got.presses, got.kept(), tt.commands, tt.presses, tt.kept)
		}
	}
}

func TestPlanFollowsFromTheSeed(t *testing.T) {
	o, err := parse([]string{"-seed", "7", "-questions", "300", "-conversations", "40", "-users", "10", "-kills", "9", "-db", "postgres"})
	if err != nil {
		t.Fatal(err)
	}
	p := newPlan(o)
	if !reflect.DeepEqual(p, newPlan(o)) {
		t.Error("one seed gives two plans")
	}
	other := o
	other.seed++
	if reflect.DeepEqual(p, newPlan(other)) {
		t.Error("two seeds give one plan")
	}

	places, kinds, kills := map[string]bool{}, map[string]bool{}, 0
	for _, a := range p.asks {
		if a.kind != message {
			continue
		}
		place := a.channel
		if place == botMark {
			place += a.user
		}
		places[place] = true
		if a.under >= 0 && (p.asks[a.under].channel != a.channel || p.asks[a.under].under >= 0 || p.asks[a.under].at > a.at) {
			t.Errorf("%+v continues %+v", a, p.asks[a.under])
		}
	}
	for _, f := range p.faults {
		kinds[f.Kind+f.Reason] = true
	}
	for _, times := range p.kills {
		kills += len(times)
	}
	if len(places) != 40 || kills != 9 || len(p.asks) != 300+300/20+300/50 {
		t.Errorf("%d conversations, %d kills, %d asks", len(places), kills, len(p.asks))
	}
	for _, k := range every {
		if !kinds[k.Kind+k.Reason] {
			t.Errorf("no fault %s %s", k.Kind, k.Reason)
		}
	}
	if p.length != 15*time.Second || p.outage <= 0 || p.outage >= p.length {
		t.Errorf("length %s, outage at %s", p.length, p.outage)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, args := range [][]string{
		{"-db", "mysql"}, {"-replicas", "2"}, {"-questions", "0"}, {"-rate", "0"}, {"-kills", "-1"}, {"-faults", "earthquake"}, {"more"},
	} {
		if _, err := parse(args); err == nil {
			t.Errorf("parse(%q) takes it", args)
		}
	}
}
