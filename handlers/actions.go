package handlers

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// What the buttons do. Slack wants an action_id to be unique in its block, so
// that one of these is followed by a colon and a number where there are several.
const (
	ActionAnswer = "answer" // answer with the fact whose id is the value
	ActionAsk    = "ask"    // ask the question that is the value
	ActionShare  = "share"  // show a private answer to the channel
	ActionSource = "source" // show where the facts stand whose ids are the value, with spaces between
	ActionVote   = "vote"   // count a vote
	ActionFind   = "find"   // the search: suggests facts, and shows the one that is chosen
)

// The shortcuts, by their callback_id.
const (
	ShortcutSearch = "search" // for everywhere: opens the search
	ShortcutFind   = "find"   // on a message
)

// press answers a pressed button where the button stands: in public if its
// message is and it was made for who pressed it, else to them alone.
func (h *Handler) press(x *match.Index, ev Event) (Decision, error) {
	kind := ev.action()
	switch {
	case h.foreign(ev), ev.Ephemeral && ev.forSomebodyElse():
		return Decision{Silent: true}, nil
	case strings.HasPrefix(kind, curating):
		return h.curatorPress(x, ev), nil
	case kind == ActionVote:
		return h.vote(ev), nil
	case kind == ActionSource:
		return h.lookUp(x.Base(), ev), nil
	case ev.View != nil:
		return h.pressInView(x, ev, kind), nil
	case ev.ResponseURL == "" && (ev.Ephemeral || ev.forSomebodyElse() || kind == ActionShare):
		return Decision{}, fmt.Errorf("handle press %s of %s: no response url to answer it with", ev.Key, kind)
	}
	to, say := inPublic, post
	if ev.Ephemeral || ev.forSomebodyElse() || h.Policy.manner(ev) == Privately {
		to, say = inPrivate, whisper
	}
	switch kind {
	case ActionAnswer:
		if f := x.Base().Fact(ev.Value); f != nil {
			r, d := h.choose(x.Base(), ev, f, to)
			d.Actions = []Action{say(ev, r)}
			return d, nil
		}
	case ActionAsk:
		if hasWord(ev.Value) {
			r, d := h.answer(x, ev, match.Question{Text: ev.Value}, to)
			d.Actions = []Action{say(ev, r)}
			return d, nil
		}
	case ActionShare:
		return h.shareOut(x, ev), nil
	}
	return Decision{Actions: []Action{whisper(ev, plainly(english.stale))}}, nil
}

// action is what a button does, without its number.
func (ev Event) action() string {
	kind, _, _ := strings.Cut(ev.Action, ":")
	return kind
}

// foreign reports whether something happened in a workspace that is not the
// bot's.
func (h *Handler) foreign(ev Event) bool { return h.Team != "" && ev.Team != h.Team }

// shareOut makes a private answer public, and leaves a note in its place.
func (h *Handler) shareOut(x *match.Index, ev Event) Decision {
	var v share
	if json.Unmarshal([]byte(ev.Value), &v) == nil && v.Until > 0 && ev.Came.Unix() > v.Until {
		return Decision{Actions: []Action{whisper(ev, plainly(english.shareOver))}}
	}
	a, question, ok := unshare(x, v)
	if !ok || !ev.Ephemeral {
		return Decision{Actions: []Action{whisper(ev, plainly(english.stale))}}
	}
	s := h.speaker(x.Base(), ev)
	public := respond(ev, s.shared(a, question, ev.User), true)
	public.Thread = cmp.Or(v.Thread, public.Thread)
	note := respond(ev, plainly(english.shared), false)
	note.Respond.Replace = true
	return Decision{Verdict: match.Sure, Actions: []Action{public, note}}
}

// choose answers with the fact that was chosen.
func (h *Handler) choose(b *knowledge.Base, ev Event, f *knowledge.Fact, to audience) (reply, Decision) {
	a := match.Answer{Verdict: match.Sure, Facts: []match.Match{{Fact: f, Question: asked(f), Score: 1}}}
	d := Decision{Verdict: match.Sure, Asked: match.Prior{Question: asked(f), Facts: []string{f.ID}}}
	return h.speaker(b, ev).offer(a, asked(f), to), d
}

// share is the value of the button that shares an answer.
type share struct {
	Question string   `json:"question,omitempty"` // as it may be echoed
	Facts    []string `json:"facts"`
	Thread   string   `json:"thread,omitempty"` // to share it in, if it is not the button's own
	Until    int64    `json:"until,omitempty"`  // seconds since 1970 after which it is too late
}

// shareFor is how long an answer may be shared: as long as Slack lets a command
// be answered.
const shareFor = 30 * time.Minute

// unshare returns the answer that a share button stands for. It reports false
// if it stands for none or the base no longer has all of its facts.
func unshare(x *match.Index, v share) (a match.Answer, question string, ok bool) {
	if len(v.Facts) == 0 {
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
