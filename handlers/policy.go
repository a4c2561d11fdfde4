package handlers

import (
	"time"

	"footnote/knowledge/match"
)

// Manner is how somebody is answered.
type Manner string

// The manners. The zero Manner is Openly.
const (
	Openly    Manner = ""        // where everybody sees it
	Privately Manner = "private" // so that the asker alone sees it
	NotAtAll  Manner = "silent"
)

// Policy says who is answered where. The zero Policy answers everybody openly.
type Policy struct {
	Silent   []string // channels in which the bot says nothing
	External Manner   // in channels that people of other companies see
	Guests   Manner   // to guests of the workspace
	Rate     Rate
	Curators []string // users who may change facts
}

// Rate is how much one person may ask. The zero Rate is no limit.
type Rate struct {
	Questions int
	Per       time.Duration
}

// manner is how whoever did ev is answered there.
func (p Policy) manner(ev Event) Manner {
	manner := Openly
	for _, c := range p.Silent {
		if ev.Channel == c {
			return NotAtAll
		}
	}
	if ev.External {
		manner = p.External
	}
	if ev.Guest && (manner == Openly || p.Guests == NotAtAll) {
		manner = p.Guests
	}
	return manner
}

// refuse returns what follows from an event that is not to be answered at all,
// or nil if it is. Nothing is said to a channel; who alone would see the answer
// is told why there is none.
func (h *Handler) refuse(ev Event) *Decision {
	switch {
	case h.Policy.manner(ev) == NotAtAll:
		return alone(ev, plainly(english.notHere))
	case h.Policy.Rate.Questions > 0 && ev.Memory.Recent >= h.Policy.Rate.Questions && ev.asks():
		d := alone(ev, plainly(english.tooMany(h.Policy.Rate.Per)))
		if ev.Kind == Mention || ev.Kind == Direct {
			d = &Decision{Actions: []Action{show(ev, plainly(english.tooMany(h.Policy.Rate.Per)))}}
		}
		return d
	}
	return nil
}

// asks reports whether an event asks for an answer, and counts as a question.
func (ev Event) asks() bool {
	switch ev.Kind {
	case Mention, Direct, Follow, Command, Find:
		return true
	case Press:
		kind := ev.action()
		return kind == ActionAnswer || kind == ActionAsk || kind == ActionFind
	}
	return false
}

// alone says r to who waits for an answer that nobody else would see. Others
// are told nothing.
func alone(ev Event, r reply) *Decision {
	switch {
	case ev.Kind == Command:
		return &Decision{Ack: private(r), Verdict: match.Chat}
	case ev.View != nil && ev.Kind == Press && ev.Trigger != "":
		return &Decision{AtOnce: []Action{onTop(ev, modal(english.views.searchTitle, r.blocks))}}
	case (ev.Kind == Find || ev.Kind == Press) && ev.ResponseURL != "":
		return &Decision{Actions: []Action{respond(ev, r, false)}}
	}
	return &Decision{Silent: true}
}

// show says r where the event happened to who did it and to nobody else. In
// direct messages that is said as ever.
func show(ev Event, r reply) Action {
	a := post(ev, r)
	if ev.Kind != Direct {
		a.Do, a.User = Show, ev.User
	}
	return a
}
