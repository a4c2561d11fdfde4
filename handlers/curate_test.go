package handlers

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// curators is a bot with two curators, and what they work on: a fact that author
// proposes, and another that was sent back to them.
func curators(t *testing.T) (*Handler, *match.Index, *Curation) {
	t.Helper()
	base, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	x, err := match.NewIndex(base)
	if err != nil {
		t.Fatal(err)
	}
	fact := base.Facts[0]
	fact.ID, fact.Questions, fact.Related = "added", []string{"zebra crossing?"}, nil
	other := fact
	other.ID, other.Questions = "returned", []string{"zebra crossing, again?"}
	h := &Handler{Team: "T1", Bot: "U0BOT", Policy: Policy{Curators: []string{"U0AUTHOR", "U0REVIEWER"}}, Secret: []byte("secret")}
	return h, x, &Curation{
		Unanswered: []Unanswered{
			{Key: "q1", Kind: Mention, Question: "Zebra crossing", Channel: "C1", Thread: "1.0", User: "U0ASKER"},
			{Key: "q2", Kind: Mention, Question: "zebra crossing?", Channel: "C1", Thread: "1.0", User: "U0ASKER"},
			{Key: "q3", Kind: Command, Question: "zebra crossing", Channel: "C1", User: "U0ASKER"},
			{Key: "q4", Kind: Mention, Question: "something else", Channel: "C1", Thread: "2.0", User: "U0ASKER"},
		},
		Open: []ChangeRecord{
			{ID: "c1", Author: "U0AUTHOR", Standing: Proposed, Change: base.Draw(fact.ID, &fact, nil)},
			{ID: "c2", Author: "U0AUTHOR", Standing: Returned, Change: base.Draw(other.ID, &other, nil)},
		},
	}
}

// sends is what somebody sends off with a modal, as the bot has opened it.
func sends(h *Handler, c *Curation, user, callback string, t task, values map[string]string) Event {
	t.User, t.Key = user, "opened"
	ev := Event{Key: "e1", Kind: Submit, Team: "T1", User: user, View: &View{ID: "V1", Callback: callback, Meta: h.seal(callback, t), Values: values}}
	if h.Ready(&ev); ev.Curates {
		ev.Memory.Curation = c
	}
	return ev
}

// goodForms are what a curator sends off, and is taken.
func goodForms(b *knowledge.Base) map[string]struct {
	user, callback string
	task           task
	values         map[string]string
} {
	f := b.Facts[0]
	var quotes []string
	for _, q := range f.Quotes {
		quotes = append(quotes, q.Text)
	}
	fact := map[string]string{fieldSource: f.Quotes[0].Source, fieldQuotes: strings.Join(quotes, "\n\n"), fieldAnswer: f.Answer,
		fieldCertainty: string(f.Certainty), fieldQuestions: "a zebra?\nwhat of zebras?"}
	type form = struct {
		user, callback string
		task           task
		values         map[string]string
	}
	return map[string]form{
		"add":     {"U0AUTHOR", callbackFact, task{}, fact},
		"edit":    {"U0AUTHOR", callbackFact, task{}.on(&f), fact},
		"revise":  {"U0AUTHOR", callbackFact, task{In: "c2"}, fact},
		"gap":     {"U0AUTHOR", callbackGap, task{}, map[string]string{fieldMissing: "what zebras eat", fieldQuestions: "what do zebras eat?"}},
		"retire":  {"U0AUTHOR", callbackRetire, task{}.on(&b.Facts[len(b.Facts)-1]), map[string]string{fieldWhy: "old"}},
		"approve": {"U0REVIEWER", callbackReview, task{ID: "c1"}, map[string]string{fieldOpinion: string(Approve)}},
		"return":  {"U0REVIEWER", callbackReview, task{ID: "c1"}, map[string]string{fieldOpinion: string(Return), fieldWhy: "say where"}},
		"reject":  {"U0REVIEWER", callbackReview, task{ID: "c1"}, map[string]string{fieldOpinion: string(Reject), fieldWhy: "wrong"}},
	}
}

// Nobody but a curator changes a fact, nobody approves what is their own, and
// what was forged changes nothing, whatever the action.
func TestForgedCuration(t *testing.T) {
	h, x, c := curators(t)
	for name, form := range goodForms(x.Base()) {
		good := func() Event { return sends(h, c, form.user, form.callback, form.task, form.values) }
		if d, err := h.Handle(x, good()); err != nil || d.Proposal == nil && d.Review == nil {
			ack, _ := json.Marshal(d.Ack)
			t.Errorf("%s is not taken: %v, %s", name, err, ack)
			continue
		}
		for forgery, forge := range map[string]func(*Event){
			"by somebody else": func(ev *Event) { ev.User = "U0REVIEWER" + ev.User },
			"by the other curator": func(ev *Event) {
				ev.User = map[string]string{"U0AUTHOR": "U0REVIEWER", "U0REVIEWER": "U0AUTHOR"}[ev.User]
			},
			"from another workspace":       func(ev *Event) { ev.Team = "T2" },
			"without metadata":             func(ev *Event) { ev.View.Meta = "" },
			"with another task":            func(ev *Event) { ev.View.Meta = strings.Replace(ev.View.Meta, `"key":"opened"`, `"key":"forged"`, 1) },
			"with another signature":       func(ev *Event) { ev.View.Meta = "0" + ev.View.Meta[1:len(ev.View.Meta)-1] + "}" + " " },
			"with the task of another one": func(ev *Event) { ev.View.Meta = h.seal("curate_other", task{User: ev.User, Key: "opened"}) },
			"signed by another bot": func(ev *Event) {
				other := Handler{Team: "T1", Secret: []byte("guessed")}
				ev.View.Meta = other.seal(ev.View.Callback, task{User: ev.User, Key: "opened", ID: form.task.ID})
			},
			"once they are no curator": func(ev *Event) {
				ev.User = "U0ASKER"
				ev.View.Meta = h.seal(ev.View.Callback, task{User: "U0ASKER", Key: "opened", ID: form.task.ID})
			},
			"without the ledger": func(ev *Event) { ev.Memory.Curation = nil },
		} {
			ev := good()
			forge(&ev)
			d, err := h.Handle(x, ev)
			if err != nil || d.Proposal != nil || d.Review != nil || len(d.Actions) > 0 || len(d.AtOnce) > 0 || d.Vote != nil {
				t.Errorf("%s %s: %v, %+v", name, forgery, err, d)
			}
		}
	}
	for name, ev := range map[string]Event{
		"one's own":       sends(h, c, "U0AUTHOR", callbackReview, task{ID: "c1"}, map[string]string{fieldOpinion: string(Approve)}),
		"decided":         sends(h, c, "U0REVIEWER", callbackReview, task{ID: "c2"}, map[string]string{fieldOpinion: string(Approve)}),
		"unknown":         sends(h, c, "U0REVIEWER", callbackReview, task{ID: "c9"}, map[string]string{fieldOpinion: string(Approve)}),
		"no opinion":      sends(h, c, "U0REVIEWER", callbackReview, task{ID: "c1"}, map[string]string{fieldOpinion: "whatever"}),
		"without reason":  sends(h, c, "U0REVIEWER", callbackReview, task{ID: "c1"}, map[string]string{fieldOpinion: string(Reject)}),
		"another's draft": sends(h, c, "U0REVIEWER", callbackFact, task{In: "c2"}, goodForms(x.Base())["add"].values),
		"changed since":   sends(h, c, "U0AUTHOR", callbackFact, task{ID: x.Base().Facts[0].ID, Was: "something else"}, goodForms(x.Base())["edit"].values),
		"retired since":   sends(h, c, "U0AUTHOR", callbackRetire, task{ID: x.Base().Facts[0].ID, Was: "something else"}, goodForms(x.Base())["retire"].values),
		"gone":            sends(h, c, "U0AUTHOR", callbackFact, task{ID: "gone"}, goodForms(x.Base())["add"].values),
	} {
		if d, err := h.Handle(x, ev); err != nil || d.Proposal != nil || d.Review != nil || len(d.Actions) > 0 || d.Ack == nil {
			t.Errorf("%s: %v, %+v", name, err, d)
		}
	}
}

// Whoever is no curator opens nothing, and a curator only what is theirs to do.
func TestForgedPresses(t *testing.T) {
	h, x, c := curators(t)
	for _, tt := range []struct{ action, value, user string }{
		{ActionAdd, "a question", "U0AUTHOR"},
		{ActionGap, "a question", "U0AUTHOR"},
		{ActionEdit, x.Base().Facts[0].ID, "U0AUTHOR"},
		{ActionRetire, x.Base().Facts[0].ID, "U0AUTHOR"},
		{ActionReview, "c1", "U0REVIEWER"},
		{ActionRevise, "c2", "U0AUTHOR"},
	} {
		press := func(user, team string) Decision {
			ev := Event{Key: "e", Kind: Press, Team: team, User: user, Action: tt.action + ":1", Value: tt.value, Trigger: "1.2", View: &View{ID: "V", Home: true}}
			if h.Ready(&ev); ev.Curates {
				ev.Memory.Curation = c
			}
			d, err := h.Handle(x, ev)
			if err != nil || d.Proposal != nil || d.Review != nil || !d.Silent {
				t.Errorf("%s: %v, %+v", tt.action, err, d)
			}
			return d
		}
		if d := press(tt.user, "T1"); len(d.AtOnce) != 1 || d.AtOnce[0].Modal.Submit == nil || !fitsView(d.AtOnce[0].Modal.Blocks.BlockSet) {
			t.Errorf("%s opens no form: %+v", tt.action, d)
		}
		for _, forged := range []Decision{press("U0ASKER", "T1"), press(tt.user, "T2"), press("", "T1")} {
			if len(forged.AtOnce)+len(forged.Actions) > 0 || forged.Ack != nil {
				t.Errorf("%s, forged: %+v", tt.action, forged)
			}
		}
	}
	own := Event{Key: "e", Kind: Press, Team: "T1", User: "U0AUTHOR", Action: ActionReview + ":1", Value: "c1", Trigger: "1.2", View: &View{ID: "V", Home: true}}
	own.Memory.Curation = c
	if d, err := h.Handle(x, own); err != nil || d.AtOnce[0].Modal.Submit != nil {
		t.Errorf("one's own change can be reviewed: %v, %+v", err, d)
	}
}

// pressed is the form that a curator's button opens.
func pressed(t *testing.T, h *Handler, x *match.Index, c *Curation, user, action, value string) *slack.ModalViewRequest {
	t.Helper()
	ev := Event{Key: "e", Kind: Press, Team: "T1", User: user, Action: action + ":1", Value: value, Trigger: "1.2", View: &View{ID: "V", Home: true}}
	h.Ready(&ev)
	ev.Memory.Curation = c
	d, err := h.Handle(x, ev)
	if err != nil || len(d.AtOnce) != 1 || d.AtOnce[0].Modal.Submit == nil {
		t.Fatalf("%s %s opens no form: %v, %+v", action, value, err, d)
	}
	return d.AtOnce[0].Modal
}

// unchanged sends a form off as it was opened.
func unchanged(h *Handler, c *Curation, user string, m *slack.ModalViewRequest) Event {
	values := map[string]string{fieldWhy: "so"}
	for _, b := range m.Blocks.BlockSet {
		in, ok := b.(*slack.InputBlock)
		if !ok {
			continue
		}
		switch e := in.Element.(type) {
		case *slack.PlainTextInputBlockElement:
			values[in.BlockID] = cmp.Or(e.InitialValue, values[in.BlockID])
		case *slack.SelectBlockElement:
			if e.InitialOption != nil {
				values[in.BlockID] = e.InitialOption.Value
			}
		}
	}
	ev := Event{Key: "e1", Kind: Submit, Team: "T1", User: user, View: &View{ID: "V1", Callback: m.CallbackID, Meta: m.PrivateMetadata, Values: values}}
	h.Ready(&ev)
	ev.Memory.Curation = c
	return ev
}

// A form has less room than a fact may have questions: those that it does not
// show stay with the fact.
func TestEditKeepsEveryQuestion(t *testing.T) {
	h, x, c := curators(t)
	long := *x.Base().Fact("amount")
	long.Answer += " So it is."
	c.Open = append(c.Open, ChangeRecord{ID: "long", Author: "U0AUTHOR", Standing: Returned, Change: x.Base().Draw("amount", &long, nil)})
	for _, tt := range []struct{ action, value string }{{ActionEdit, "amount"}, {ActionRevise, "long"}} {
		d, err := h.Handle(x, unchanged(h, c, "U0AUTHOR", pressed(t, h, x, c, "U0AUTHOR", tt.action, tt.value)))
		if err != nil || d.Proposal == nil {
			ack, _ := json.Marshal(d.Ack)
			t.Fatalf("%s is not taken: %v, %s", tt.action, err, ack)
		}
		if got, want := d.Proposal.Change.Fact.Questions, long.Questions; !slices.Equal(got, want) {
			t.Errorf("%s: %d questions, want %d", tt.action, len(got), len(want))
		}
	}
}

// Quotes are told apart by empty lines, whatever is in those, and one that has
// an empty line in itself stays whole when its fact is edited.
func TestQuotesOf(t *testing.T) {
	old := []knowledge.Quote{{Text: "One paragraph.\n\nAnother.\n", Source: "a"}, {Text: "The last.", Source: "b"}}
	s := speaker{base: &knowledge.Base{}, words: english}
	m := (&Handler{}).factModal(s, task{}, draft{fact: knowledge.Fact{Quotes: old}})
	shown := unchanged(&Handler{}, nil, "U0AUTHOR", m).View.Values[fieldQuotes]
	if got := quotesOf(shown, old, nil); !slices.Equal(got, old) {
		t.Errorf("unchanged: %+v, want %+v", got, old)
	}
	source := &knowledge.Source{ID: "c"}
	want := []knowledge.Quote{{Text: "One.", Source: "c"}, {Text: "Two,\non two lines.", Source: "c"}, {Text: "The last.", Source: "b"}}
	if got := quotesOf("One.\r\n \t\r\nTwo,\non two lines.\n\n\n\nThe last.", old, source); !slices.Equal(got, want) {
		t.Errorf("typed: %+v, want %+v", got, want)
	}
}

// A reviewer sees the question that an edit adds among a hundred.
func TestDifferenceOfQuestions(t *testing.T) {
	_, x, _ := curators(t)
	edited := *x.Base().Fact("amount")
	gone := edited.Questions[50]
	edited.Questions = append(slices.Delete(slices.Clone(edited.Questions), 50, 51), "a zebra?")
	data, err := json.Marshal(difference(speaker{base: x.Base()}, x.Base().Draw("amount", &edited, nil)))
	if said := string(data); err != nil || strings.Count(said, `"text":"*`) != 2 || !strings.Contains(said, "Questions*\\n"+gone+`"`) || !strings.Contains(said, `Questions*\na zebra?"`) {
		t.Errorf("%v: %s", err, said)
	}
}

// Votes against what was declined, or is retired by now, take no place of those
// against facts.
func TestHomeShowsVotesAgainstFacts(t *testing.T) {
	_, x, c := curators(t)
	for i := range maxAgainst {
		c.Judged = append(c.Judged, Judgement{Facts: []string{fmt.Sprint("retired-", i)}, Down: 9})
	}
	c.Judged = append(c.Judged, Judgement{Down: 8})
	for _, f := range x.Base().Facts[:maxAgainst+1] {
		c.Judged = append(c.Judged, Judgement{Facts: []string{f.ID}, Down: 1})
	}
	data, err := json.Marshal(speaker{base: x.Base()}.curatorHome(x, "U0AUTHOR", c))
	if n := strings.Count(string(data), ActionEdit); err != nil || n != maxAgainst {
		t.Errorf("%d facts, want %d: %v", n, maxAgainst, err)
	}
}

// Whatever is sent back can be changed and sent off again.
func TestReviseEveryChange(t *testing.T) {
	h, x, c := curators(t)
	fact, gap := x.Base().Facts[0], knowledge.Gap{ID: "zebras", Missing: "what zebras eat", Near: []string{"amount"}, Questions: []string{"what do zebras eat?"}}
	edited := fact
	edited.Questions = append(slices.Clone(fact.Questions), "zebra?")
	for name, change := range map[string]knowledge.Change{
		"retire": x.Base().Draw(fact.ID, nil, nil),
		"edit":   x.Base().Draw(fact.ID, &edited, nil),
		"gap":    x.Base().Draw(gap.ID, nil, &gap),
	} {
		c.Open = append(c.Open, ChangeRecord{ID: name, Author: "U0AUTHOR", Standing: Returned, Change: change})
		d, err := h.Handle(x, unchanged(h, c, "U0AUTHOR", pressed(t, h, x, c, "U0AUTHOR", ActionRevise, name)))
		if err != nil || d.Proposal == nil || d.Proposal.In != name || headline(d.Proposal.Change) != headline(change) {
			ack, _ := json.Marshal(d.Ack)
			t.Errorf("%s: %v, %s, %+v", name, err, ack, d.Proposal)
		}
	}
}

// What nobody could approve is not taken.
func TestTooFewCurators(t *testing.T) {
	h, x, c := curators(t)
	form := goodForms(x.Base())["add"]
	for _, tt := range []struct {
		curators  string
		approvals int
		taken     bool
	}{
		{"U0AUTHOR", 0, false},
		{"U0AUTHOR U0REVIEWER", 0, true},
		{"U0AUTHOR U0REVIEWER", 2, false},
	} {
		h.Policy.Curators, h.Approvals = strings.Fields(tt.curators), tt.approvals
		d, err := h.Handle(x, sends(h, c, form.user, form.callback, form.task, form.values))
		if ack, _ := json.Marshal(d.Ack); err != nil || (d.Proposal != nil) != tt.taken || strings.Contains(string(ack), "too few") == tt.taken {
			t.Errorf("%s, %d approvals: %v, %s", tt.curators, tt.approvals, err, ack)
		}
	}
}

// The source of a fact is offered, however many others there are.
func TestOfferedSources(t *testing.T) {
	b := &knowledge.Base{}
	for i := range 2 * maxListed {
		b.Sources = append(b.Sources, knowledge.Source{ID: fmt.Sprint(i)})
	}
	for _, chosen := range []string{"0", "99", "100", "199"} {
		got := offered(b, chosen)
		if len(got) != maxListed || !slices.ContainsFunc(got, func(s knowledge.Source) bool { return s.ID == chosen }) {
			t.Errorf("%s: %d sources, that one not among them", chosen, len(got))
		}
	}
}

func TestApproval(t *testing.T) {
	h, x, c := curators(t)
	d, err := h.Handle(x, sends(h, c, "U0REVIEWER", callbackReview, task{ID: "c1"}, map[string]string{fieldOpinion: string(Approve)}))
	if err != nil || d.Review == nil {
		t.Fatal(err, d)
	}
	if got := fmt.Sprint(d.Review.Told); got != "[q1 q2 q3]" {
		t.Errorf("told %s, want those who asked", got)
	}
	var places []string
	for _, a := range d.Review.Tell {
		places = append(places, a.Channel+"/"+a.Thread)
	}
	if got := fmt.Sprint(places); got != "[U0AUTHOR/ C1/1.0 U0ASKER/]" {
		t.Errorf("told in %s", got)
	}
	c.Revision = 1 // the facts here are older
	if d, _ := h.Handle(x, sends(h, c, "U0REVIEWER", callbackReview, task{ID: "c1"}, map[string]string{fieldOpinion: string(Approve)})); d.Review != nil {
		t.Error("approved on facts that have changed")
	}
}

func TestWrongFacts(t *testing.T) {
	h, x, c := curators(t)
	good := goodForms(x.Base())["add"].values
	for _, tt := range []struct{ field, value, at, says string }{
		{fieldQuotes, strings.Replace(good[fieldQuotes], " ", " not ", 1), fieldQuotes, "nearest passage"},
		{fieldQuotes, "zebras", fieldQuotes, "nothing like it"},
		{fieldQuotes, " ", fieldQuotes, "needs a quote"},
		{fieldAnswer, "It is 4321 dollars.", fieldAnswer, "4321"},
		{fieldAnswer, "", fieldAnswer, "needs an answer"},
		{fieldQuestions, x.Base().Facts[1].Questions[0], fieldQuestions, "stands at"},
		{fieldQuestions, "?", fieldQuestions, "at least one"},
		{fieldCertainty, "sure", fieldCertainty, "none of"},
		{fieldSource, "", fieldSourceText, "Choose a source"},
		{fieldSourceText, "A new source.", fieldSourceDate, "date"},
		{fieldSourceText, "A new source.", fieldSourceTitle, "title"},
	} {
		values := map[string]string{}
		for k, v := range good {
			values[k] = v
		}
		values[tt.field] = tt.value
		d, err := h.Handle(x, sends(h, c, "U0AUTHOR", callbackFact, task{}, values))
		data, _ := json.Marshal(d.Ack)
		var ack struct{ Errors map[string]string }
		if json.Unmarshal(data, &ack); err != nil || d.Proposal != nil || !strings.Contains(ack.Errors[tt.at], tt.says) {
			t.Errorf("%s %q: %v, %s; want %q at %s", tt.field, tt.value, err, data, tt.says, tt.at)
		}
	}
}
