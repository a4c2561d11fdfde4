package handlers

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// What the buttons do. Slack wants an action_id to be unique in its block, so
// that one of these is followed by a colon and a number where there are several.
const (
	ActionAnswer = "answer" // answer with the fact whose id is the value
	ActionAsk    = "ask"    // ask the question that is the value
	ActionShare  = "share"  // show a private answer to the channel
)

// press answers a pressed button where the button stands: in public if its
// message is, else to its user alone.
func (h *Handler) press(x *match.Index, ev Event) (Decision, error) {
	kind, _, _ := strings.Cut(ev.Action, ":")
	if ev.ResponseURL == "" && (ev.Ephemeral || kind == ActionShare) {
		return Decision{}, fmt.Errorf("handle press %s of %s: no response url to answer it with", ev.Key, kind)
	}
	to, say := inPublic, post
	if ev.Ephemeral {
		to, say = inPrivate, whisper
	}
	switch kind {
	case ActionAnswer:
		if f := x.Base().Fact(ev.Value); f != nil {
			r, d := h.choose(x.Base(), f, to)
			d.Actions = []Action{say(ev, r)}
			return d, nil
		}
	case ActionAsk:
		if hasWord(ev.Value) {
			r, d := h.answer(x, match.Question{Text: ev.Value}, to)
			d.Actions = []Action{say(ev, r)}
			return d, nil
		}
	case ActionShare:
		if a, question, ok := unshare(x, ev.Value); ok {
			s := speaker{base: x.Base(), command: h.Command, words: english}
			return Decision{Verdict: match.Sure, Actions: []Action{respond(ev, s.shared(a, question, ev.User), true)}}, nil
		}
	}
	return Decision{Actions: []Action{whisper(ev, plainly(english.stale))}}, nil
}

// choose answers with the fact that was chosen.
func (h *Handler) choose(b *knowledge.Base, f *knowledge.Fact, to audience) (reply, Decision) {
	s := speaker{base: b, command: h.Command, words: english}
	a := match.Answer{Verdict: match.Sure, Facts: []match.Match{{Fact: f, Question: asked(f), Score: 1}}}
	d := Decision{Verdict: match.Sure, Asked: match.Prior{Question: asked(f), Facts: []string{f.ID}}}
	if to == inPrivate {
		return s.offer(a, asked(f)), d
	}
	return s.say(a), d
}

// share is the value of the button that shares an answer.
type share struct {
	Question string   `json:"question,omitempty"` // as it may be echoed
	Facts    []string `json:"facts"`
}

// unshare returns the answer that a share button stands for. It reports false
// if the value is none of ours or the base no longer has all of its facts.
func unshare(x *match.Index, value string) (a match.Answer, question string, ok bool) {
	var v share
	if err := json.Unmarshal([]byte(value), &v); err != nil || len(v.Facts) == 0 {
		return match.Answer{}, "", false
	}
	question = echo(v.Question)
	// Asked again, the question brings its correction along.
	if again := x.Answer(match.Question{Text: question}); again.Verdict == match.Sure && slices.Equal(ids(again.Facts), v.Facts) {
		return again, question, true
	}
	a.Verdict = match.Sure
	for _, id := range v.Facts {
		f := x.Base().Fact(id)
		if f == nil {
			return match.Answer{}, "", false
		}
		a.Facts = append(a.Facts, match.Match{Fact: f, Question: asked(f), Score: 1})
	}
	return a, question, true
}
