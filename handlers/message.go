package handlers

import (
	"strings"

	"footnote/knowledge/match"
)

// message answers what somebody wrote to the bot.
func (h *Handler) message(x *match.Index, ev Event) Decision {
	r, d := h.answer(x, ev, match.Question{Text: h.strip(ev.Text), Prior: ev.Memory.Prior}, inPublic)
	d.Actions = []Action{h.say(ev, r)}
	if ev.Memory.Pane && ev.Version == "" {
		d.AtOnce = atWork(ev, d.Asked)
	}
	return d
}

// say says r where it was asked, to those who may hear it.
func (h *Handler) say(ev Event, r reply) Action {
	if h.Policy.manner(ev) == Privately {
		return show(ev, r)
	}
	return post(ev, r)
}

// atWork shows in the assistant pane that the bot is at work, and what the
// thread is about once the first question is asked in it.
func atWork(ev Event, q match.Prior) []Action {
	w := english.views
	out := []Action{{Do: SetStatus, Channel: ev.Channel, Thread: ev.Thread, Text: w.working}}
	if title := echo(q.Question); title != "" && ev.Memory.Prior.Question == "" {
		out = append(out, Action{Do: SetTitle, Channel: ev.Channel, Thread: ev.Thread, Text: shorten(english.asQuestion(title), maxThreadTitle)})
	}
	return out
}

// maxThreadTitle is how much of a title the list of the pane's threads shows;
// Slack names no limit.
const maxThreadTitle = 100

// follow answers what somebody wrote in a thread in which the bot was asked
// before, if it may have been for the bot: what it knows is said to a question,
// or to words that need no thread to be understood; what it does not know, to
// what is clearly a question.
func (h *Handler) follow(x *match.Index, ev Event) Decision {
	q := match.Question{Text: strings.TrimSpace(ev.Text), Prior: ev.Memory.Prior}
	if q.Prior.Question == "" || reference.MatchString(q.Text) {
		return unsaid(ev)
	}
	a := x.Answer(q)
	switch {
	case a.Verdict == match.Sure && english.isQuestion(q.Text):
	case a.Verdict == match.Sure && x.Answer(match.Question{Text: q.Text}).Verdict == match.Sure:
	case strings.HasSuffix(q.Text, "?") && (a.Verdict == match.Ambiguous || a.Gap != nil):
	default:
		return unsaid(ev)
	}
	d := asking(a, q)
	d.Actions = []Action{h.say(ev, h.speaker(x.Base(), ev).offer(a, q.Text, inPublic))}
	return d
}

// unsaid says nothing to a message that is for somebody else, and takes away
// what was said to an earlier version of it.
func unsaid(ev Event) Decision {
	if ev.Version != "" && ev.Memory.Seen {
		return remove(ev)
	}
	return Decision{Silent: true}
}
