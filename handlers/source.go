package handlers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"footnote/knowledge"
)

// around is how many paragraphs before and behind a quoted one are shown.
const around = 6

// lookUp shows where facts stand: the source, with the quoted paragraphs marked.
func (h *Handler) lookUp(b *knowledge.Base, ev Event) Decision {
	if ev.Trigger == "" {
		return Decision{Silent: true}
	}
	var quotes []knowledge.Quote
	for _, id := range strings.Fields(ev.Value) {
		if f := b.Fact(id); f != nil {
			quotes = append(quotes, f.Quotes[:min(len(f.Quotes), maxQuotes)]...)
		}
	}
	s := h.speaker(b, ev)
	return Decision{AtOnce: []Action{onTop(ev, s.source(s.passages(quotes)))}}
}

// source renders the sources of passages.
func (s speaker) source(places []passage) *slack.ModalViewRequest {
	w := s.words.views
	if len(places) == 0 {
		return modal(w.sourceTitle(kindOf(nil)), []slack.Block{section(escape(w.noSource))})
	}
	s.room = maxText
	places = places[:min(len(places), maxSources)]
	title := w.sourceTitle(s.name(kindOf(places[0].source)))
	for around := around; ; around /= 2 {
		var blocks []slack.Block
		for _, p := range places {
			blocks = append(blocks, s.pages(p, around)...)
		}
		if around == 0 || fitsView(blocks) {
			return modal(title, blocks)
		}
	}
}

// pages renders the quoted paragraphs of one source and some around them.
func (s speaker) pages(p passage, around int) []slack.Block {
	w := s.words.views
	title := cmp.Or(s.name(oneLine(p.source.Title)), w.untitled)
	where := s.words.place(linked(title, p.source.URL, s.room), escape(s.name(p.source.Publisher)), s.date(p.source.Published), nil)
	out := []slack.Block{section(where)}
	left := 0
	for i, text := range strings.Split(p.source.Text, "\n") {
		n := i + 1
		if text = strings.TrimSpace(clean(text)); text == "" {
			continue
		}
		if !slices.ContainsFunc(p.paragraphs, func(at int) bool { return at-around <= n && n <= at+around }) {
			left++
			continue
		}
		out = append(out, s.gapOf(left)...)
		left = 0
		if slices.Contains(p.paragraphs, n) {
			out = append(out, section(bold(w.quoted(n))), quote(shorten(text, maxText)))
			continue
		}
		out = append(out, slack.NewSectionBlock(plain(shorten(text, maxText)), nil, nil))
	}
	return append(out, s.gapOf(left)...)
}

// gapOf says that paragraphs are left out.
func (s speaker) gapOf(n int) []slack.Block {
	if n == 0 {
		return nil
	}
	return []slack.Block{slack.NewContextBlock("", plain(s.words.views.leftOut(n)))}
}

func bold(text string) string { return fmt.Sprintf("*%s*", escape(text)) }
