// Package handlers is Footnote's manner of speaking: it turns an [Event] into a
// [Decision], which is the words of a reply and where they go. It posts
// nothing, knows no socket and no database; the bot writes a Decision down and
// then carries it out.
package handlers

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"footnote/knowledge/match"
)

// Kind is what a person did.
type Kind string

// The kinds of events that reach a Handler.
const (
	Mention Kind = "mention" // a message in a channel or group DM that mentions the bot
	Direct  Kind = "direct"  // a message in the bot's own DM
	Command Kind = "command" // the slash command
	Press   Kind = "press"   // a button
)

// Event is one thing that one person did in Slack.
type Event struct {
	Key     string // what makes it one: team/channel/ts of a message, else the envelope's id
	Kind    Kind
	Team    string
	Channel string
	User    string
	Text    string // what was written, Slack's markup included
	TS      string // of the message; empty for a command or press
	Thread  string // ts of the thread's first message; empty outside of a thread

	Action    string // action_id of the pressed button
	Value     string // its value
	Message   string // ts of the message that the button stands in
	Ephemeral bool   // that message is seen by User alone

	ResponseURL string      // where a command or press may be answered for 30 minutes; a secret
	Prior       match.Prior // what the thread was about, recalled by the bot
}

// Action is one thing to say in Slack. It is data: written down before it is
// done, as JSON.
type Action struct {
	Channel string       `json:"channel,omitempty"` // posted with chat.postMessage…
	Thread  string       `json:"thread,omitempty"`  // …in this thread, if any
	Respond *Respond     `json:"respond,omitempty"` // or else sent to a response URL
	Text    string       `json:"text"`              // a full sentence: the notification, and what a screen reader reads
	Blocks  slack.Blocks `json:"blocks"`
}

// Respond sends an action to the response URL of a command or press.
type Respond struct {
	URL       string `json:"url"` // a secret, wiped when the action is done
	InChannel bool   `json:"in_channel,omitempty"`
}

// Decision is all that follows from an event: the payload of its ack, nil for
// none, and what to say afterwards. Asked is what the ledger keeps for the
// thread's memory.
type Decision struct {
	Ack     any
	Actions []Action
	Asked   match.Prior // the question and the facts it was answered with; zero if it was no question
	Verdict match.Verdict
}

// Handler answers events out of an index. It is a plain value, never changes
// and is safe for concurrent use.
type Handler struct {
	Bot     string // the bot's user id; its mentions are taken out of what is asked
	Command string // the slash command that help names, "/ask"; empty if there is none
}

// Handle decides what to say to an event. It is a pure function of its
// arguments: it reads no clock, posts nothing, and gives the same Decision for
// the same index and event. It fails for an event that nobody can be answered
// for: one of an unknown kind, or a press that is to be answered privately
// without a response URL.
func (h *Handler) Handle(x *match.Index, ev Event) (Decision, error) {
	switch ev.Kind {
	case Mention, Direct:
		r, d := h.answer(x, match.Question{Text: h.strip(ev.Text), Prior: ev.Prior}, inPublic)
		d.Actions = []Action{post(ev, r)}
		return d, nil
	case Command:
		r, d := h.answer(x, match.Question{Text: h.strip(ev.Text)}, inPrivate)
		d.Ack = private(r)
		return d, nil
	case Press:
		return h.press(x, ev)
	}
	return Decision{}, fmt.Errorf("handle event %s: unknown kind %q; known are %s, %s, %s and %s", ev.Key, ev.Kind, Mention, Direct, Command, Press)
}

// Apologise is what follows from an event that could not be answered, be it
// that Handle panicked or that its Decision could not be carried out. It does
// nothing where only a response URL that is missing could reach the person.
func Apologise(ev Event) Decision {
	r := plainly(english.apology)
	switch {
	case ev.Kind == Command:
		return Decision{Ack: private(r)}
	case ev.Kind == Press && ev.Ephemeral && ev.ResponseURL == "":
		return Decision{}
	case ev.Kind == Press:
		return Decision{Actions: []Action{whisper(ev, r)}}
	}
	return Decision{Actions: []Action{post(ev, r)}}
}

// audience is who sees a reply.
type audience int

const (
	inPublic  audience = iota // everyone who sees the question
	inPrivate                 // the asker, who may share it
)

// answer answers a question, or helps if there is none.
func (h *Handler) answer(x *match.Index, q match.Question, to audience) (reply, Decision) {
	s := speaker{base: x.Base(), command: h.Command, words: english}
	if asksForHelp(q.Text) {
		return s.help(), Decision{Verdict: match.Chat}
	}
	a := x.Answer(q)
	d := Decision{Verdict: a.Verdict}
	if a.Verdict != match.Chat {
		d.Asked.Question = q.Text
	}
	if a.Verdict == match.Sure {
		d.Asked.Facts = ids(a.Facts)
	}
	if to == inPrivate {
		return s.offer(a, q.Text), d
	}
	return s.say(a), d
}

// strip returns what is asked: the text without the bot's mentions and the
// punctuation after them.
func (h *Handler) strip(text string) string {
	text = mention.ReplaceAllStringFunc(text, func(found string) string {
		if mention.FindStringSubmatch(found)[1] != h.Bot {
			return found
		}
		return " "
	})
	return strings.TrimSpace(text)
}

func asksForHelp(text string) bool {
	return !hasWord(text) || strings.EqualFold(strings.Trim(text, " ?!./"), "help")
}

// Message is the payload of a command's ack: a message that its user alone
// sees.
type Message struct {
	ResponseType string       `json:"response_type"`
	Text         string       `json:"text"`
	Blocks       slack.Blocks `json:"blocks"`
}

func private(r reply) Message {
	text, blocks := r.sent()
	return Message{ResponseType: slack.ResponseTypeEphemeral, Text: text, Blocks: blocks}
}

// post says r where the event happened, to everyone who is there.
func post(ev Event, r reply) Action {
	text, blocks := r.sent()
	return Action{Channel: ev.Channel, Thread: thread(ev), Text: text, Blocks: blocks}
}

// thread is the thread that an event is answered in; empty for none, which is
// how one answers in a DM.
func thread(ev Event) string {
	switch {
	case ev.Kind == Mention:
		return cmp.Or(ev.Thread, ev.TS)
	case ev.Kind == Press && !strings.HasPrefix(ev.Channel, "D"):
		return cmp.Or(ev.Thread, ev.Message)
	}
	return ev.Thread
}

// whisper says r to the person who pressed a button and to nobody else, or, in
// want of a response URL, where the button stands.
func whisper(ev Event, r reply) Action {
	if ev.ResponseURL == "" {
		return post(ev, r)
	}
	return respond(ev, r, false)
}

func respond(ev Event, r reply, inChannel bool) Action {
	text, blocks := r.sent()
	return Action{Thread: ev.Thread, Respond: &Respond{URL: ev.ResponseURL, InChannel: inChannel}, Text: text, Blocks: blocks}
}
