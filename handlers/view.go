package handlers

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// Slack's limits for views, in characters where nothing else is said.
const (
	maxTitle       = 24  // and what is on a modal's own buttons
	maxPlaceholder = 150 // of a field
	maxViewBlocks  = 100
	maxViewSize    = 200_000 // bytes of a view's blocks as JSON: Slack takes 250 KB of the whole
	maxOption      = 75      // of an option
	maxOptionValue = 150
	maxOptions     = 20 // suggested at a time: Slack takes 100
)

// modal shows blocks under a title.
func modal(title string, blocks []slack.Block) *slack.ModalViewRequest {
	return &slack.ModalViewRequest{
		Type:   slack.VTModal,
		Title:  plain(shorten(title, maxTitle)),
		Close:  plain(shorten(english.views.close, maxTitle)),
		Blocks: slack.Blocks{BlockSet: blocks[:min(len(blocks), maxViewBlocks)]},
	}
}

// onTop shows a modal on top of where the button stands.
func onTop(ev Event, m *slack.ModalViewRequest) Action {
	a := Action{Do: Open, Trigger: ev.Trigger, Modal: m}
	if ev.View != nil && !ev.View.Home {
		a.Do = Push
	}
	return a
}

// fitsView reports whether Slack takes these blocks as a view.
func fitsView(blocks []slack.Block) bool {
	data, err := json.Marshal(blocks)
	return err == nil && len(blocks) <= maxViewBlocks && len(data) <= maxViewSize
}

// metaUser is whom a modal was opened for. It is what private_metadata holds:
// nobody else can write it, and who presses something in a view of somebody
// else's is not that user.
func (ev Event) metaUser() bool { return ev.View.Meta == ev.User }

// pressInView shows, in a modal, what was chosen in one or in the home tab.
func (h *Handler) pressInView(x *match.Index, ev Event, kind string) Decision {
	if ev.Trigger == "" || !ev.View.Home && !ev.metaUser() {
		return Decision{Silent: true}
	}
	s := h.speaker(x.Base(), ev)
	s.to = "" // a view is one person's anyway
	switch kind {
	case ActionAnswer, ActionFind:
		if f := x.Base().Fact(ev.Value); f != nil {
			a := match.Answer{Verdict: match.Sure, Facts: []match.Match{{Fact: f, Question: asked(f), Score: 1}}}
			d := asking(a, match.Question{Text: asked(f)})
			m := s.found(a, asked(f))
			if h.isCurator(ev.User) && len(m.Blocks.BlockSet) < maxViewBlocks {
				m.Blocks.BlockSet = append(m.Blocks.BlockSet, care(f))
			}
			d.AtOnce = []Action{turned(ev, m)}
			return d
		}
	case ActionAsk:
		if hasWord(ev.Value) {
			q := match.Question{Text: ev.Value}
			a := x.Answer(q)
			d := asking(a, q)
			d.AtOnce = []Action{turned(ev, s.found(a, q.Text))}
			return d
		}
	}
	return Decision{AtOnce: []Action{turned(ev, s.search(plainly(s.words.stale)))}}
}

// turned shows a modal in place of the one in which something was chosen, or on
// top of the home tab.
func turned(ev Event, m *slack.ModalViewRequest) Action {
	m.PrivateMetadata = ev.User
	if ev.View == nil || ev.View.Home {
		return Action{Do: Open, Trigger: ev.Trigger, Modal: m}
	}
	return Action{Do: Turn, ViewID: ev.View.ID, Hash: ev.View.Hash, Modal: m}
}

// found renders an answer under the search.
func (s speaker) found(a match.Answer, question string) *slack.ModalViewRequest {
	return s.search(s.fit(func(s speaker) reply {
		r := reply{blocks: []slack.Block{section(bold(shorten(s.asQuestion(echo(question)), maxQuestion)))}}
		r.add(s.answer(a))
		if b := s.lookUp(a); b != nil {
			r.blocks = append(r.blocks, slack.NewActionBlock("", b))
		}
		return r
	}))
}

// search is the modal in which facts are looked for, with r under the field.
func (s speaker) search(r reply) *slack.ModalViewRequest {
	return modal(s.words.views.searchTitle, append([]slack.Block{s.searchField()}, r.blocks...))
}

// searchField suggests facts while somebody types. See [Handler.suggest].
func (s speaker) searchField() slack.Block {
	w := s.words.views
	field := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain(shorten(w.searchHint(len(s.base.Facts)), maxPlaceholder)), ActionFind)
	least := 1
	field.MinQueryLength = &least
	return slack.NewSectionBlock(plain(w.searchLabel), nil, slack.NewAccessory(field))
}

// suggest lists the facts that what was typed may mean: those that answer it,
// should it be a question, before those that it is merely a part of.
func (h *Handler) suggest(x *match.Index, ev Event) slack.OptionsResponse {
	out := slack.OptionsResponse{Options: []*slack.OptionBlockObject{}}
	if h.foreign(ev) {
		return out
	}
	var facts []*knowledge.Fact
	if len(strings.Fields(ev.Value)) > 1 {
		a := x.Answer(match.Question{Text: shorten(ev.Value, maxQuestion)})
		for _, m := range a.Facts {
			facts = append(facts, m.Fact)
		}
	}
	s := h.speaker(x.Base(), ev)
	s.room = maxOption
	for _, f := range append(facts, x.Suggest(ev.Value, maxOptions)...) {
		known := slices.ContainsFunc(out.Options, func(o *slack.OptionBlockObject) bool { return o.Value == f.ID })
		if known || len(f.ID) > maxOptionValue || len(out.Options) == maxOptions {
			continue // without a value there is no naming it
		}
		text := shorten(brackets.Replace(s.questions([]match.Match{{Fact: f}})[0].text), maxOption)
		out.Options = append(out.Options, slack.NewOptionBlockObject(f.ID, plain(text), nil))
	}
	return out
}
