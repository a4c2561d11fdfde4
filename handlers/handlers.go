// Package handlers is Footnote's manner of speaking: it turns an [Event] into a
// [Decision], which is the words of a reply and where they go. It posts
// nothing, knows no socket and no database; the bot writes a Decision down and
// then carries it out.
package handlers

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// Kind is what a person did.
type Kind string

// The kinds of events that reach a Handler.
const (
	Mention Kind = "mention" // a message in a channel or group DM that mentions the bot
	Direct  Kind = "direct"  // a message in the bot's own DM
	Follow  Kind = "follow"  // a message in a channel's thread that mentions nobody, where threads are followed
	Delete  Kind = "delete"  // a message was deleted
	Command Kind = "command" // the slash command
	Press   Kind = "press"   // a button or a menu
	Submit  Kind = "submit"  // a modal was sent off
	Suggest Kind = "suggest" // something was typed into the search

	Home      Kind = "home"       // the home tab was opened
	Search    Kind = "search"     // the global shortcut, which opens the search
	Find      Kind = "find"       // the shortcut on somebody's message, which is Text
	Add       Kind = "add"        // the shortcut on somebody's message, which is Text, that proposes a fact
	Pane      Kind = "pane"       // a thread of the assistant pane was begun
	PaneMoved Kind = "pane_moved" // the person looks at another channel beside the pane
)

// Urgent reports whether somebody waits for the ack, and sees an error if there
// is none in three seconds: Slack does not send it again.
func (k Kind) Urgent() bool {
	switch k {
	case Command, Press, Submit, Suggest, Search, Find, Add:
		return true
	}
	return false
}

// recalls reports whether what follows from an event depends on what was
// before it, whatever the policy.
func (k Kind) recalls() bool {
	switch k {
	case Mention, Direct, Follow, Delete, Home, Pane, PaneMoved:
		return true
	}
	return false
}

// Ready completes an event with what the policy asks to be recalled, and reports
// whether anything is to be recalled at all.
func (h *Handler) Ready(ev *Event) bool {
	if h.Policy.Rate.Questions > 0 && ev.asks() {
		ev.Within = h.Policy.Rate.Per
	}
	ev.Curates = h.curates(*ev)
	return ev.Kind.recalls() || ev.Within > 0 || ev.Curates
}

// Fleeting reports whether an event is answered now or never, and never written
// down: there will be another one.
func (k Kind) Fleeting() bool { return k == Home || k == PaneMoved || k == Suggest }

// Event is one thing that one person did in Slack.
type Event struct {
	Key     string // what makes it one: team/channel/ts of a message, else the envelope's id
	Kind    Kind
	Team    string
	Channel string
	User    string
	Text    string // what was written, Slack's markup included
	TS      string // of the message; empty for a command or press
	Again   bool   // Slack says that it has sent this before
	Thread  string // ts of the thread's first message; empty outside of a thread
	Version string // of a message that was edited or deleted, growing; Key is the message's own, "@" and it

	Came     time.Time // when it reached the bot
	External bool      // people of other companies see the channel
	Guest    bool      // the user is a guest of the workspace; looked up only where the policy asks for it

	Action    string // action_id of the pressed button
	Block     string // block_id of the block that it stands in
	Value     string // its value
	Message   string // ts of the message that the button stands in
	Ephemeral bool   // that message is seen by User alone

	View *View // the view that it stands in, if it is in none of the above

	ResponseURL string        // where a command or press may be answered for 30 minutes; a secret
	Trigger     string        // with which a view may be opened, for three seconds and once; a secret
	Curates     bool          // Memory.Curation is to be recalled
	Within      time.Duration // for how long back Memory.Recent counts; 0: not at all
	Memory      Memory        // what was before it, recalled by the bot
}

// View is a modal or a home tab.
type View struct {
	ID       string
	Hash     string // changes whenever the view does
	Home     bool
	Callback string            // what it is for
	Meta     string            // what was put into it when it was made; nobody else can
	Values   map[string]string // what was written into it, by block_id
}

// Deleted is the Version of a message that was deleted: no edit is newer.
const Deleted = "deleted"

// Memory is what the bot recalls of what was before an event.
type Memory struct {
	Prior match.Prior // what the conversation was about
	Seen  bool        // of an edited or deleted message: the bot knew it before
	Pane  bool        // of a message: it stands in a thread of the assistant pane

	Recent int // questions of the user within the policy's time, if it limits them

	Popular []string // ids of the facts that were asked for most of late, most first
	Own     []string // what the user asked last, the last first

	Curation *Curation // nil if the event does not curate
}

// Decision is all that follows from an event: the payload of its ack, nil for
// none, and what to do afterwards. Asked is what the ledger keeps for the
// thread's memory.
type Decision struct {
	Ack     any
	Actions []Action
	AtOnce  []Action    // what is tried once, now, and never written down
	Asked   match.Prior // the question and the facts it was answered with; zero if it was no question
	Verdict match.Verdict
	Vote    *Vote

	Proposal *Proposal
	Review   *Review

	Silent bool // nothing follows, and nothing is worth writing down
}

// Vote is what somebody thinks of an answer. The latest counts.
type Vote struct {
	Event string // key of the event that was answered
	Up    bool
	Why   string // in the person's own words; a reason changes no vote for the answer
}

// Handler answers events out of an index. It is a plain value, never changes
// and is safe for concurrent use.
type Handler struct {
	Team    string // the bot's workspace; presses from others mean nothing
	Bot     string // the bot's user id; its mentions are taken out of what is asked
	Command string // the slash command that help names, "/ask"; empty if there is none
	Policy  Policy

	Approvals int    // of other curators, that a change of the facts needs; 1 if less
	Secret    []byte // signs what curators' modals were opened for
}

// Handle decides what to say to an event. It is a pure function of its
// arguments: it reads no clock, posts nothing, and gives the same Decision for
// the same index and event. It fails for an event that nobody can be answered
// for: one of an unknown kind, or a press that is to be answered privately
// without a response URL.
func (h *Handler) Handle(x *match.Index, ev Event) (Decision, error) {
	if d := h.refuse(ev); d != nil {
		return *d, nil
	}
	switch ev.Kind {
	case Mention, Direct:
		return h.message(x, ev), nil
	case Follow:
		return h.follow(x, ev), nil
	case Delete:
		if !ev.Memory.Seen && !strings.HasPrefix(ev.Channel, "D") {
			return Decision{Silent: true}, nil // it was nobody's question
		}
		return remove(ev), nil
	case Command:
		r, d := h.answer(x, ev, match.Question{Text: h.strip(ev.Text)}, inPrivate)
		d.Ack = private(r)
		return d, nil
	case Press:
		return h.press(x, ev)
	case Submit:
		if ev.View != nil && strings.HasPrefix(ev.View.Callback, curating) {
			return h.curatorSubmit(x, ev), nil
		}
		return h.submit(ev), nil
	case Add:
		return h.add(x, ev), nil
	case Suggest:
		return Decision{Ack: h.suggest(x, ev), Silent: true}, nil
	case Home:
		return h.home(x, ev), nil
	case Search:
		return h.openSearch(x, ev), nil
	case Find:
		return h.find(x, ev)
	case Pane, PaneMoved:
		return h.pane(x, ev), nil
	}
	return Decision{}, fmt.Errorf("handle event %s: unknown kind %q", ev.Key, ev.Kind)
}

// Apologise is what follows from an event that could not be answered, be it
// that Handle panicked or that its Decision could not be carried out. It does
// nothing where only a response URL that is missing could reach the person.
func Apologise(ev Event) Decision {
	r := plainly(english.apology)
	switch {
	case ev.Kind == Follow || ev.Kind == Delete || ev.Kind.Fleeting():
		return Decision{Silent: true} // nobody asked
	case ev.View != nil || ev.Kind == Search:
		return Decision{} // there is no place to say it
	case ev.Kind == Command:
		return Decision{Ack: private(r)}
	case (ev.Kind == Press && ev.Ephemeral || ev.Kind == Find) && ev.ResponseURL == "":
		return Decision{}
	case ev.Kind == Press || ev.Kind == Find:
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
func (h *Handler) answer(x *match.Index, ev Event, q match.Question, to audience) (reply, Decision) {
	s := h.speaker(x.Base(), ev)
	if asksForHelp(q.Text) {
		return s.help(), Decision{Verdict: match.Chat}
	}
	a := x.Answer(q)
	return s.offer(a, q.Text, to), asking(a, q)
}

// asking is the part of a decision that the ledger keeps of a question.
func asking(a match.Answer, q match.Question) Decision {
	d := Decision{Verdict: a.Verdict}
	if a.Verdict != match.Chat {
		d.Asked.Question = q.Text
	}
	if a.Verdict == match.Sure {
		d.Asked.Facts = ids(a.Facts)
	}
	return d
}

// speaker speaks to whoever did ev.
func (h *Handler) speaker(b *knowledge.Base, ev Event) speaker {
	return speaker{base: b, command: h.Command, words: english, to: ev.User, key: ev.Key, came: ev.Came}
}

// strip returns what is asked: the text without the bot's mentions and the
// punctuation after them.
func (h *Handler) strip(text string) string {
	if !strings.Contains(text, "<@") {
		return strings.TrimSpace(text)
	}
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
	ResponseType string `json:"response_type"`
	Text         string `json:"text"`
	Blocks       Blocks `json:"blocks"`
}

func private(r reply) Message {
	text, blocks := r.sent()
	return Message{ResponseType: slack.ResponseTypeEphemeral, Text: text, Blocks: blocks}
}
