package handlers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"footnote/knowledge"
)

// The fields of curators' modals, by block_id.
const (
	fieldSource      = "source"
	fieldSourceText  = "source_text"
	fieldSourceTitle = "source_title"
	fieldSourceDate  = "source_date"
	fieldQuotes      = "quotes"
	fieldAnswer      = "answer"
	fieldCertainty   = "certainty"
	fieldQuestions   = "questions"
	fieldWhy         = "why"
	fieldMissing     = "missing"
	fieldOpinion     = "opinion"
)

// maxListed is how many sources a menu offers.
const maxListed = 100

// maxInput is how much Slack lets somebody write into a field.
const maxInput = 3000

// draft is what a modal is filled in with.
type draft struct {
	fact      knowledge.Fact
	questions []string
	source    *knowledge.Source // a new one, not yet in the base
}

func draftOf(f *knowledge.Fact) draft { return draft{fact: *f, questions: f.Questions} }

// certainties in the order of the menu.
var certainties = []struct {
	certainty knowledge.Certainty
	text      string
}{
	{knowledge.Confirmed, "Confirmed: said officially by whom it concerns"},
	{knowledge.Reported, "Reported, not confirmed"},
	{knowledge.UnderDiscussion, "Under discussion, not decided"},
	{knowledge.Possible, "Possible: could, may or might be"},
}

func (h *Handler) form(callback, title string, t task, blocks []slack.Block) *slack.ModalViewRequest {
	m := modal(title, blocks)
	m.CallbackID, m.Submit, m.PrivateMetadata = callback, plain(curatorWords.send), h.seal(callback, t)
	return m
}

// field is a field for text.
func field(id, label, value string, lines, optional bool) *slack.InputBlock {
	e := slack.NewPlainTextInputBlockElement(nil, id).WithMultiline(lines).WithMaxLength(maxInput)
	e.InitialValue = shorten(value, maxInput)
	b := slack.NewInputBlock(id, plain(label), nil, e)
	b.Optional = optional
	return b
}

// menu is a field for a choice.
func menu(id, label string, options []*slack.OptionBlockObject, chosen string, optional bool) *slack.InputBlock {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, id, options...)
	for _, o := range options {
		if o.Value == chosen {
			e.InitialOption = o
		}
	}
	b := slack.NewInputBlock(id, plain(label), nil, e)
	b.Optional = optional
	return b
}

// offered are the sources that a menu has room for, the chosen one among them.
func offered(b *knowledge.Base, chosen string) []knowledge.Source {
	var out []knowledge.Source
	for _, source := range b.Sources {
		switch {
		case len(source.ID) > maxOptionValue:
		case len(out) < maxListed:
			out = append(out, source)
		case source.ID == chosen:
			out[maxListed-1] = source
		}
	}
	return out
}

// fitting parts questions in those that a field takes, one a line, and the rest.
func fitting(questions []string) (shown, rest []string) {
	size := 0
	for i, q := range questions {
		if size += width(q) + 1; size > maxInput {
			return questions[:i], questions[i:]
		}
	}
	return questions, nil
}

// factModal proposes a fact, or another wording of the one that t names.
func (h *Handler) factModal(s speaker, t task, d draft) *slack.ModalViewRequest {
	w := curatorWords
	var sources []*slack.OptionBlockObject
	chosen := ""
	if d.source == nil && len(d.fact.Quotes) > 0 {
		chosen = d.fact.Quotes[0].Source
	}
	for _, source := range offered(s.base, chosen) {
		title := fmt.Sprintf("%s (%s)", cmp.Or(oneLine(source.Title), source.ID), s.date(source.Published))
		sources = append(sources, slack.NewOptionBlockObject(source.ID, plain(shorten(title, maxOption)), nil))
	}
	if d.source == nil && len(sources) == 1 {
		chosen = sources[0].Value
	}
	var quotes []string
	for _, q := range d.fact.Quotes {
		quotes = append(quotes, spaced(q.Text)) // an empty line would part it
	}
	var sure []*slack.OptionBlockObject
	for _, c := range certainties {
		sure = append(sure, slack.NewOptionBlockObject(string(c.certainty), plain(c.text), nil))
	}
	var fresh knowledge.Source
	date := slack.NewDatePickerBlockElement(fieldSourceDate)
	if d.source != nil {
		fresh = *d.source
		date.InitialDate = fresh.Published.Format(time.DateOnly)
	}
	dated := slack.NewInputBlock(fieldSourceDate, plain(w.newSourceDate), nil, date)
	dated.Optional = true
	quoted := field(fieldQuotes, w.quotes, strings.Join(quotes, "\n\n"), true, false)
	quoted.Hint = plain(w.quotesHint)
	shown, rest := fitting(d.questions)
	asked := field(fieldQuestions, w.questions, strings.Join(shown, "\n"), true, false)
	if len(rest) > 0 {
		asked.Hint = plain(andMore(len(rest)))
	}
	var blocks []slack.Block
	if len(sources) > 0 {
		blocks = append(blocks, menu(fieldSource, w.source, sources, chosen, true))
	}
	blocks = append(blocks,
		quoted,
		field(fieldAnswer, w.answer, d.fact.Answer, true, false),
		menu(fieldCertainty, w.certainty, sure, string(cmp.Or(d.fact.Certainty, knowledge.Reported)), false),
		asked,
		field(fieldWhy, w.why, "", false, true),
		field(fieldSourceText, w.newSource, fresh.Text, true, true),
		field(fieldSourceTitle, w.newSourceTitle, fresh.Title, false, true),
		dated,
	)
	return h.form(callbackFact, w.factTitle, t, blocks)
}

func (h *Handler) gapModal(t task, missing string, questions []string) *slack.ModalViewRequest {
	w := curatorWords
	return h.form(callbackGap, w.gapTitle, t, []slack.Block{
		field(fieldMissing, w.missing, missing, false, false),
		field(fieldQuestions, w.questions, strings.Join(questions, "\n"), true, false),
		field(fieldWhy, w.why, "", false, true),
	})
}

func (h *Handler) retireModal(t task, f *knowledge.Fact) *slack.ModalViewRequest {
	return h.form(callbackRetire, curatorWords.retireTitle, t, []slack.Block{
		section(escape(shorten(f.Answer, maxText))),
		field(fieldWhy, curatorWords.why, "", false, false),
	})
}

// reviewModal shows a change to somebody else than its author.
func (h *Handler) reviewModal(s speaker, t task, r ChangeRecord) *slack.ModalViewRequest {
	w := curatorWords
	blocks := []slack.Block{section(fmt.Sprintf("<@%s>: %s", r.Author, escape(shorten(cmp.Or(r.Why, curatorWords.noWhy), maxQuestion))))}
	blocks = append(blocks, difference(s, r.Change)...)
	opinions := []*slack.OptionBlockObject{
		slack.NewOptionBlockObject(string(Approve), plain("Approve"), nil),
		slack.NewOptionBlockObject(string(Return), plain("Ask for a change"), nil),
		slack.NewOptionBlockObject(string(Reject), plain("Reject"), nil),
	}
	blocks = append(blocks,
		slack.NewInputBlock(fieldOpinion, plain(w.verdict), nil, slack.NewRadioButtonsBlockElement(fieldOpinion, opinions...)),
		field(fieldWhy, w.reason, "", true, true))
	return h.form(callbackReview, w.reviewTitle, t, blocks)
}

// row is one thing that an entry says.
type row struct{ name, text string }

func rows(s speaker, f *knowledge.Fact, g *knowledge.Gap, fresh *knowledge.Source) []row {
	switch {
	case f != nil:
		out := []row{{curatorWords.answer, f.Answer}}
		for _, q := range f.Quotes {
			where := q.Source
			if source := s.base.Source(q.Source); source != nil {
				where = source.Title
			} else if fresh != nil && fresh.ID == q.Source {
				where = fresh.Title + " (new, " + s.date(fresh.Published) + ")"
			}
			out = append(out, row{curatorWords.quote, "“" + q.Text + "” – " + where})
		}
		return append(out, row{curatorWords.certainty, string(f.Certainty)}, row{curatorWords.asked, strings.Join(f.Questions, "\n")})
	case g != nil:
		return []row{{curatorWords.missing, g.Missing}, {curatorWords.asked, strings.Join(g.Questions, "\n")}}
	}
	return nil
}

// without is the lines of a text that another one has not.
func without(text, other string) string {
	lines, known := strings.Split(text, "\n"), strings.Split(other, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return slices.Contains(known, l) }), "\n")
}

// difference shows what a change takes away and what it brings.
func difference(s speaker, c knowledge.Change) []slack.Block {
	before, after := rows(s, c.BeforeFact, c.BeforeGap, nil), rows(s, c.Fact, c.Gap, c.Source)
	var out []slack.Block
	show := func(mark string, list, other []row) {
		for _, r := range list {
			if i := slices.IndexFunc(other, func(o row) bool { return o.name == r.name }); i >= 0 && r.name == curatorWords.asked {
				r.text = without(r.text, other[i].text)
			}
			if r.text != "" && !slices.Contains(other, r) {
				out = append(out, section("*"+escape(mark+r.name)+"*\n"+escape(shorten(r.text, maxText/2))))
			}
		}
	}
	switch {
	case len(before) == 0:
		show("", after, nil)
	case len(after) == 0:
		show(curatorWords.retired, before, nil)
	default:
		show(curatorWords.before, before, after)
		show(curatorWords.after, after, before)
	}
	return out[:min(len(out), maxViewBlocks-5)]
}
