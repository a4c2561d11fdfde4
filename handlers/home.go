package handlers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"footnote/knowledge/match"
)

// How much of a thing the home tab shows.
const (
	maxTopics  = 20
	maxPopular = 5
	maxOwn     = 5
	maxShelf   = 20 // sources
)

// home shows what the bot knows to whoever opened its home tab.
func (h *Handler) home(x *match.Index, ev Event) Decision {
	s := h.speaker(x.Base(), ev)
	s.to, s.room = "", maxText
	blocks := s.home(ev.Memory)
	if c := ev.Memory.Curation; c != nil && h.isCurator(ev.User) {
		all := append(s.curatorHome(x, ev.User, c), blocks...)
		blocks = all[:min(len(all), maxViewBlocks)]
	}
	view := &slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}}
	return Decision{Silent: true, AtOnce: []Action{{Do: Publish, User: ev.User, Home: view}}}
}

func (s speaker) home(m Memory) []slack.Block {
	w := s.words.views
	blocks := []slack.Block{
		slack.NewHeaderBlock(plain(w.homeTitle)),
		slack.NewSectionBlock(plain(w.homeLead(len(s.base.Facts), s.command)), nil, nil),
		s.searchField(),
	}
	popular := s.known(m.Popular)
	lead := w.popular
	if len(popular) == 0 {
		popular, lead = s.examples(), w.examples
	}
	blocks = append(blocks, s.shelf(lead, ActionAnswer, popular[:min(len(popular), maxPopular)])...)

	var own []choice
	for _, q := range m.Own[:min(len(m.Own), maxOwn)] {
		if text := echo(q); hasWord(text) {
			own = append(own, choice{text: s.asQuestion(text), value: shorten(text, maxQuestion)})
		}
	}
	blocks = append(blocks, s.shelf(w.own, ActionAsk, own)...)

	blocks = append(blocks, slack.NewDividerBlock(), slack.NewHeaderBlock(plain(w.sources)))
	for _, source := range s.base.Sources[:min(len(s.base.Sources), maxShelf)] {
		title := cmp.Or(s.name(source.Title), w.untitled)
		blocks = append(blocks, section(s.words.place(linked(title, source.URL, s.room), escape(s.name(source.Publisher)), s.date(source.Published), nil)))
	}
	if more := len(s.base.Sources) - maxShelf; more > 0 {
		blocks = append(blocks, slack.NewContextBlock("", plain(s.words.more(more))))
	}
	if topics := s.topics(); len(topics) > 0 {
		blocks = append(blocks, slack.NewContextBlock("", plain(shorten(w.topics(s.words.list(topics)), maxContext))))
	}
	return blocks
}

// shelf lists choices with a button each, under a heading; nothing if there are
// none.
func (s speaker) shelf(lead, action string, choices []choice) []slack.Block {
	if len(choices) == 0 {
		return nil
	}
	out := []slack.Block{slack.NewDividerBlock(), slack.NewHeaderBlock(plain(lead))}
	for i, c := range choices {
		label := s.words.views.show
		button := slack.NewButtonBlockElement(fmt.Sprintf("%s:%d", action, i+1), c.value, plain(label))
		button.AccessibilityLabel = shorten(label+": "+c.text, maxLabel)
		out = append(out, slack.NewSectionBlock(plain(c.text), nil, slack.NewAccessory(button)))
	}
	return out
}

// known makes choices of the facts with these ids, as far as the base has them.
func (s speaker) known(ids []string) []choice {
	var facts []match.Match
	for _, id := range ids {
		if f := s.base.Fact(id); f != nil {
			facts = append(facts, match.Match{Fact: f})
		}
	}
	return s.questions(facts)
}

// topics are the names that most facts are about, most first.
func (s speaker) topics() []string {
	count := map[string]int{}
	for _, f := range s.base.Facts {
		for _, name := range f.About {
			count[name]++
		}
	}
	names := make([]string, 0, len(count))
	for name := range count {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(count[b]-count[a], strings.Compare(a, b))
	})
	names = names[:min(len(names), maxTopics)]
	for i, name := range names {
		names[i] = s.name(name)
	}
	return names
}

// openSearch opens the search on its own.
func (h *Handler) openSearch(x *match.Index, ev Event) Decision {
	if h.foreign(ev) || ev.Trigger == "" {
		return Decision{Silent: true}
	}
	s := h.speaker(x.Base(), ev)
	m := s.search(plainly(s.words.views.homeLead(len(s.base.Facts), s.command)))
	return Decision{AtOnce: []Action{turned(ev, m)}}
}

// find answers somebody's message to whoever wants to know, and to nobody else.
func (h *Handler) find(x *match.Index, ev Event) (Decision, error) {
	if h.foreign(ev) {
		return Decision{Silent: true}, nil
	}
	if ev.ResponseURL == "" {
		return Decision{}, fmt.Errorf("handle shortcut %s: no response url to answer it with", ev.Key)
	}
	q := match.Question{Text: h.strip(ev.Text)}
	s := h.speaker(x.Base(), ev)
	s.thread = cmp.Or(ev.Thread, ev.Message)
	if !hasWord(q.Text) {
		return Decision{Actions: []Action{respond(ev, plainly(s.words.noWords), false)}}, nil
	}
	a := x.Answer(q)
	d := asking(a, q)
	d.Actions = []Action{respond(ev, s.offer(a, q.Text, inPrivate), false)}
	return d, nil
}

// maxPrompts is how many questions Slack lets the assistant pane suggest.
const maxPrompts = 4

// pane greets in a new thread of the assistant pane and suggests questions.
func (h *Handler) pane(x *match.Index, ev Event) Decision {
	s := h.speaker(x.Base(), ev)
	s.room = maxText
	choices := s.known(ev.Memory.Popular)
	for i := range choices {
		choices[i].value = choices[i].text
	}
	for _, example := range s.examples() { // until people have asked
		if !slices.ContainsFunc(choices, func(c choice) bool { return c.text == example.text }) {
			choices = append(choices, example)
		}
	}
	prompts := Action{Do: SetPrompts, Channel: ev.Channel, Thread: ev.Thread, Text: s.words.views.promptsTitle}
	for _, c := range choices[:min(len(choices), maxPrompts)] {
		prompts.Prompts = append(prompts.Prompts, Prompt{Title: shorten(c.text, maxLabel), Message: c.value})
	}
	d := Decision{Silent: ev.Kind == PaneMoved, Verdict: match.Chat}
	if len(prompts.Prompts) > 0 {
		d.AtOnce = []Action{prompts}
	}
	if ev.Kind == Pane {
		d.Actions = []Action{post(ev, s.chat("greeting"))}
	}
	return d
}
