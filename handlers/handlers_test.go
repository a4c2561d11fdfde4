package handlers

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"footnote/knowledge/match"
)

const respondAt = "https://hooks.example.com/1"

func testIndex(t *testing.T) *match.Index {
	t.Helper()
	x, err := match.NewIndex(testBase(t))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

var handler = &Handler{Bot: "UBOT", Command: "/ask"}

func handle(t *testing.T, x *match.Index, ev Event) Decision {
	t.Helper()
	d, err := handler.Handle(x, ev)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// where tells who sees what a decision says.
func where(d Decision) string {
	var out []string
	if d.Ack != nil {
		out = append(out, "ack "+d.Ack.(Message).ResponseType)
	}
	for _, a := range d.Actions {
		switch {
		case a.Respond == nil:
			out = append(out, "post "+a.Channel+" "+cmp.Or(a.Thread, "top"))
		case a.Respond.InChannel:
			out = append(out, "respond in channel "+a.Respond.URL)
		default:
			out = append(out, strings.TrimSpace("respond "+a.Respond.URL+" "+a.Thread))
		}
	}
	return strings.Join(out, ", ")
}

func said(d Decision) string {
	if m, ok := d.Ack.(Message); ok {
		return m.Text
	}
	if len(d.Actions) == 0 {
		return ""
	}
	return d.Actions[0].Text
}

func TestHandle(t *testing.T) {
	const (
		question = "how much does Amazon want to invest in OpenAI"
		amount   = "Amazon is in advanced talks to invest up to $50 billion in OpenAI. "
		help     = "I'm an automated assistant and answer questions"
		stale    = "That button is out of date"
		unknown  = "I don't know: "
	)
	asked := match.Prior{Question: question, Facts: []string{"amount"}}
	x := testIndex(t)
	for name, tt := range map[string]struct {
		ev      Event
		where   string
		says    string // the beginning
		asked   match.Prior
		verdict match.Verdict
	}{
		"mention": {
			Event{Kind: Mention, Channel: "C1", TS: "1.1", Text: "<@UBOT> " + question},
			"post C1 1.1", amount, asked, match.Sure},
		"mention in a thread": {
			Event{Kind: Mention, Channel: "C1", TS: "1.2", Thread: "1.1", Text: "<@UBOT|footnote>: " + question},
			"post C1 1.1", amount, asked, match.Sure},
		"mention behind the question": {
			Event{Kind: Mention, Channel: "C1", TS: "1.1", Text: question + " <@UBOT>"},
			"post C1 1.1", amount, asked, match.Sure},
		"mention of others stays": {
			Event{Kind: Mention, Channel: "C1", TS: "1.1", Text: "<@UBOT> <@U2> zyzzyva?"},
			"post C1 1.1", unknown, match.Prior{Question: "<@U2> zyzzyva?"}, match.Abstain},
		"mention alone": {
			Event{Kind: Mention, Channel: "C1", TS: "1.1", Text: " <@UBOT> ?"},
			"post C1 1.1", help, match.Prior{}, match.Chat},
		"small talk": {
			Event{Kind: Mention, Channel: "C1", TS: "1.1", Text: "<@UBOT> hello"},
			"post C1 1.1", "Hello!", match.Prior{}, match.Chat},
		"known gap": {
			Event{Kind: Mention, Channel: "C1", TS: "1.1", Text: "<@UBOT> what is OpenAI worth?"},
			"post C1 1.1", "The article does not give OpenAI's valuation.", match.Prior{Question: "what is OpenAI worth?"}, match.Abstain},
		"direct": {
			Event{Kind: Direct, Channel: "D1", TS: "1.1", Text: question},
			"post D1 top", amount, asked, match.Sure},
		"direct in a thread": {
			Event{Kind: Direct, Channel: "D1", TS: "1.2", Thread: "1.1", Text: question},
			"post D1 1.1", amount, asked, match.Sure},
		"command": {
			Event{Kind: Command, Channel: "C1", Text: question, ResponseURL: respondAt},
			"ack ephemeral", amount, asked, match.Sure},
		"command alone": {
			Event{Kind: Command, Channel: "C1", ResponseURL: respondAt},
			"ack ephemeral", help, match.Prior{}, match.Chat},
		"command for help": {
			Event{Kind: Command, Channel: "C1", Text: "Help!", ResponseURL: respondAt},
			"ack ephemeral", help, match.Prior{}, match.Chat},
		"suggestion in a channel": {
			Event{Kind: Press, Channel: "C1", Message: "2.1", Action: "answer:1", Value: "amount", ResponseURL: respondAt},
			"post C1 2.1", amount, asked, match.Sure},
		"suggestion in a thread": {
			Event{Kind: Press, Channel: "C1", Message: "2.1", Thread: "1.1", Action: "answer:2", Value: "amount", ResponseURL: respondAt},
			"post C1 1.1", amount, asked, match.Sure},
		"suggestion in a DM": {
			Event{Kind: Press, Channel: "D1", Message: "2.1", Action: "answer:1", Value: "amount", ResponseURL: respondAt},
			"post D1 top", amount, asked, match.Sure},
		"suggestion in a DM's thread": {
			Event{Kind: Press, Channel: "D1", Message: "2.1", Thread: "1.1", Action: "answer:1", Value: "amount", ResponseURL: respondAt},
			"post D1 1.1", amount, asked, match.Sure},
		"private suggestion": {
			Event{Kind: Press, Channel: "C1", Message: "2.1", Ephemeral: true, Action: "answer:1", Value: "amount", ResponseURL: respondAt},
			"respond " + respondAt, amount, asked, match.Sure},
		"example": {
			Event{Kind: Press, Channel: "C1", Message: "2.1", Action: "ask:1", Value: question, ResponseURL: respondAt},
			"post C1 2.1", amount, asked, match.Sure},
		"private example": {
			Event{Kind: Press, Channel: "C1", Message: "2.1", Ephemeral: true, Action: "ask:3", Value: question, ResponseURL: respondAt},
			"respond " + respondAt, amount, asked, match.Sure},
		"share": {
			Event{Kind: Press, Channel: "C1", User: "U1", Message: "2.1", Ephemeral: true, Action: "share", Value: `{"question":"anything","facts":["amount"]}`, ResponseURL: respondAt},
			"respond in channel " + respondAt + ", respond " + respondAt, amount, match.Prior{}, match.Sure},
		"fact that is gone": {
			Event{Kind: Press, Channel: "C1", Message: "2.1", Action: "answer:1", Value: "gone", ResponseURL: respondAt},
			"respond " + respondAt, stale, match.Prior{}, match.Abstain},
		"fact that is gone from a thread": {
			Event{Kind: Press, Channel: "C1", Message: "2.1", Thread: "1.1", Action: "answer:1", Value: "gone", ResponseURL: respondAt},
			"respond " + respondAt + " 1.1", stale, match.Prior{}, match.Abstain},
		"fact that is gone, no response url": {
			Event{Kind: Press, Channel: "C1", Message: "2.1", Action: "answer:1", Value: "gone"},
			"post C1 2.1", stale, match.Prior{}, match.Abstain},
		"empty example": {
			Event{Kind: Press, Channel: "C1", Message: "2.1", Action: "ask:1", ResponseURL: respondAt},
			"respond " + respondAt, stale, match.Prior{}, match.Abstain},
		"share of a fact that is gone": {
			Event{Kind: Press, Channel: "C1", Ephemeral: true, Action: "share", Value: `{"facts":["amount","gone"]}`, ResponseURL: respondAt},
			"respond " + respondAt, stale, match.Prior{}, match.Abstain},
		"share of no facts": {
			Event{Kind: Press, Channel: "C1", Ephemeral: true, Action: "share", Value: `{}`, ResponseURL: respondAt},
			"respond " + respondAt, stale, match.Prior{}, match.Abstain},
		"share of nonsense": {
			Event{Kind: Press, Channel: "C1", Ephemeral: true, Action: "share", Value: "amount", ResponseURL: respondAt},
			"respond " + respondAt, stale, match.Prior{}, match.Abstain},
		"unknown button": {
			Event{Kind: Press, Channel: "C1", Message: "2.1", Action: "explode", Value: "amount", ResponseURL: respondAt},
			"respond " + respondAt, stale, match.Prior{}, match.Abstain},
	} {
		t.Run(name, func(t *testing.T) {
			d := handle(t, x, tt.ev)
			if got := where(d); got != tt.where {
				t.Errorf("where = %q, want %q", got, tt.where)
			}
			if got := said(d); !strings.HasPrefix(got, tt.says) {
				t.Errorf("says %q, want %q…", got, tt.says)
			}
			if diff := gocmp.Diff(tt.asked, d.Asked); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if d.Verdict != tt.verdict {
				t.Errorf("verdict = %v, want %v", d.Verdict, tt.verdict)
			}
		})
	}
}

func TestHandleRefuses(t *testing.T) {
	x := testIndex(t)
	for name, ev := range map[string]Event{
		"unknown kind":        {Key: "k1", Kind: "wink"},
		"private, no url":     {Key: "k2", Kind: Press, Ephemeral: true, Action: "answer:1", Value: "amount"},
		"share, nowhere to":   {Key: "k3", Kind: Press, Channel: "C1", Action: "share", Value: `{"facts":["amount"]}`},
		"private and unknown": {Key: "k4", Kind: Press, Ephemeral: true, Action: "explode"},
	} {
		d, err := handler.Handle(x, ev)
		if err == nil {
			t.Errorf("%s: Handle gave %+v, want an error", name, d)
		} else if !strings.Contains(err.Error(), ev.Key) {
			t.Errorf("%s: error %q does not name the event %s", name, err, ev.Key)
		}
	}
}

func TestApologise(t *testing.T) {
	for name, tt := range map[string]struct {
		ev   Event
		want string
	}{
		"mention":          {Event{Kind: Mention, Channel: "C1", TS: "1.1"}, "post C1 1.1"},
		"direct":           {Event{Kind: Direct, Channel: "D1", TS: "1.1"}, "post D1 top"},
		"command":          {Event{Kind: Command, Channel: "C1", ResponseURL: respondAt}, "ack ephemeral"},
		"press":            {Event{Kind: Press, Channel: "C1", Message: "2.1", ResponseURL: respondAt}, "respond " + respondAt},
		"press, no url":    {Event{Kind: Press, Channel: "C1", Message: "2.1"}, "post C1 2.1"},
		"private, no url":  {Event{Kind: Press, Channel: "C1", Message: "2.1", Ephemeral: true}, ""},
		"shortcut, no url": {Event{Kind: Find, Channel: "C1", Message: "2.1"}, ""},
		"shortcut":         {Event{Kind: Find, Channel: "C1", Message: "2.1", ResponseURL: respondAt}, "respond " + respondAt},
		"home":             {Event{Kind: Home, User: "U1"}, ""},
		"search":           {Event{Kind: Search, User: "U1"}, ""},
		"in a view":        {Event{Kind: Press, User: "U1", View: &View{}}, ""},
		"talk":             {Event{Kind: Follow, Channel: "C1", TS: "1.1", Thread: "1.0"}, ""},
		"deletion":         {Event{Kind: Delete, Channel: "D1", TS: "1.1"}, ""},
	} {
		if got := where(Apologise(tt.ev)); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// The same words follow different questions differently.
func TestPrior(t *testing.T) {
	x := testIndex(t)
	follow := func(kind Kind, question, fact string) string {
		prior := match.Prior{Question: question, Facts: []string{fact}}
		return said(handle(t, x, Event{Kind: kind, Channel: "D1", TS: "1.2", Thread: "1.1", Text: "and why?", Memory: Memory{Prior: prior}}))
	}
	for _, kind := range []Kind{Mention, Direct} {
		layoffs, talks := follow(kind, "how many people does Amazon lay off?", "layoffs"), follow(kind, "who leads the negotiations for Amazon?", "negotiator")
		if layoffs == talks {
			t.Errorf("%s: either way it says %q", kind, talks)
		}
	}
}

// A private answer is shared as it was, under the name of who shared it.
func TestShare(t *testing.T) {
	x := testIndex(t)
	const question = "how much does <@U9> Amazon &lt;!here&gt; want to invest in OpenAI"
	for name, ev := range map[string]Event{
		"a command's":    {Kind: Command, Channel: "C1", User: "U1", Text: "how much does Amazon want to invest in OpenAI", ResponseURL: respondAt},
		"a suggestion's": {Kind: Press, Channel: "C1", User: "U1", Ephemeral: true, Action: "answer:1", Value: "amount", ResponseURL: respondAt},
	} {
		private := handle(t, x, ev)
		b := button(t, private, ActionShare)
		shared := handle(t, x, Event{Kind: Press, Channel: "C1", User: "U1", Ephemeral: true, Action: b.ActionID, Value: b.Value, ResponseURL: respondAt})
		if got, want := said(shared), said(private); got != want {
			t.Errorf("%s: shared %q, want %q", name, got, want)
		}
		shows := strings.Join(shown(t, shared), "\n")
		for _, want := range []string{"Shared by <@U1>", "how much does Amazon want to invest in OpenAI"} {
			if !strings.Contains(shows, want) {
				t.Errorf("%s: shared without %q:\n%s", name, want, shows)
			}
		}
	}
	for _, text := range []string{"what is OpenAI worth?", "zyzzyva?", "hello", "help"} {
		if got := action(handle(t, x, Event{Kind: Command, Text: text}), ActionShare); got != nil {
			t.Errorf("the answer to %q can be shared", text)
		}
	}
	d := handle(t, x, Event{Kind: Press, User: "<!here>", Ephemeral: true, Action: "share", ResponseURL: respondAt,
		Value: string(must(json.Marshal(share{Question: question, Facts: []string{"amount"}})))})
	if shows := strings.Join(shown(t, d), "\n"); strings.Contains(shows, "Shared by") || !strings.Contains(shows, "how much does Amazon ‹!here› want") {
		t.Errorf("shared by nobody:\n%s", shows)
	}
}

// Every example answers surely when it is pressed, and every choice of a reply
// has a button of its own.
func TestExamplesAnswer(t *testing.T) {
	x := testIndex(t)
	d := handle(t, x, Event{Kind: Mention, Channel: "C1", TS: "1.1", Text: "<@UBOT>"})
	var ids []string
	for _, b := range pressable(d) {
		ids = append(ids, b.ActionID)
		pressed := handle(t, x, Event{Kind: Press, Channel: "C1", Message: "1.2", Action: b.ActionID, Value: b.Value})
		if pressed.Verdict != match.Sure {
			t.Errorf("example %q: verdict %v, want %v", b.Value, pressed.Verdict, match.Sure)
		}
	}
	if want := []string{"ask:1", "ask:2", "ask:3"}; !slices.Equal(ids, want) {
		t.Errorf("buttons %v, want %v", ids, want)
	}
}

func TestPure(t *testing.T) {
	x := testIndex(t)
	ev := Event{Kind: Mention, Channel: "C1", TS: "1.1", Text: "<@UBOT> what is OpenAI worth?"}
	first, second := must(json.Marshal(handle(t, x, ev))), must(json.Marshal(handle(t, x, ev)))
	if diff := gocmp.Diff(string(first), string(second)); diff != "" {
		t.Errorf("the same event twice:\n%s", diff)
	}
}
