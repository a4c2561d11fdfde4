package handlers

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"footnote/knowledge"
)

// stated says a fact and how it stands among other sources on a day: who says
// the same, what was said before, and beside it what others say against it.
func (s speaker) stated(f *knowledge.Fact, day time.Time) reply {
	r := s.fact(f, f.Answer)
	standing, known := s.base.Standing(f, day)
	if !known {
		return r
	}
	if len(standing.Confirmed) > 0 {
		var places []string
		for _, other := range standing.Confirmed[:min(len(standing.Confirmed), maxSources)] {
			places = append(places, s.places(other))
		}
		r.add(s.aside(s.words.confirmed(places)))
	}
	for _, before := range standing.Earlier[:min(len(standing.Earlier), maxSources)] {
		r.add(s.aside(s.words.earlier(oneLine(before.Answer), s.places(before))))
	}
	for i, other := range standing.Against[:min(len(standing.Against), maxSources)] {
		if i == 0 {
			r.add(s.sentence(s.words.disagree))
		}
		r.add(s.fact(other, other.Answer))
	}
	return r
}

// aside is a remark in small print.
func (s speaker) aside(text string) reply {
	text = shorten(text, s.room)
	return reply{text: text, blocks: []slack.Block{slack.NewContextBlock("", mrkdwn(escape(text)))}}
}

// places names the sources of a fact with their days.
func (s speaker) places(f *knowledge.Fact) string {
	var out []string
	for _, p := range s.passages(f.Quotes) {
		out = append(out, s.words.place(s.name(oneLine(p.source.Title)), s.name(p.source.Publisher), s.date(p.source.Published), nil))
	}
	return strings.Join(out, "; ")
}
