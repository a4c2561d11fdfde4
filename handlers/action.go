package handlers

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"
)

// Deed is what an [Action] does.
type Deed string

// What is written down before it is done.
const (
	Post   Deed = ""       // a message in Channel, in Thread if there is one
	Update Deed = "update" // the same in place of the reply to an earlier version of the message; posts if there is none
	Remove Deed = "remove" // takes the reply to an earlier version of the message away; nothing if there is none
	Show   Deed = "show"   // the same as Post, to User alone
)

// What is worth doing at once or not at all: it is tried once and never written
// down.
const (
	Open       Deed = "open"    // Modal on top of what the person with Trigger sees
	Push       Deed = "push"    // Modal on top of the modal that the person with Trigger sees
	Turn       Deed = "turn"    // the modal ViewID into Modal, unless it is no longer the one with Hash
	Publish    Deed = "publish" // Home as the home tab of User
	SetStatus  Deed = "status"  // Text as what the bot is doing in Thread
	SetTitle   Deed = "title"   // Text as the title of Thread
	SetPrompts Deed = "prompts" // Prompts in Thread, under the heading Text
)

// Action is one thing to do in Slack. It is data, as JSON if it is written down.
type Action struct {
	Do      Deed     `json:"do,omitempty"`
	Channel string   `json:"channel,omitempty"`
	Thread  string   `json:"thread,omitempty"`
	User    string   `json:"user,omitempty"`
	Respond *Respond `json:"respond,omitempty"` // posts to a response URL instead
	Text    string   `json:"text"`              // a full sentence: the notification, and what a screen reader reads
	Blocks  Blocks   `json:"blocks"`

	// Of what is never written down.
	Trigger string                    `json:"-"` // good for three seconds and one view; a secret
	ViewID  string                    `json:"-"`
	Hash    string                    `json:"-"`
	Modal   *slack.ModalViewRequest   `json:"-"`
	Home    *slack.HomeTabViewRequest `json:"-"`
	Prompts []Prompt                  `json:"-"`
}

// Encode returns the action as JSON, as [json.Marshal] would; but that reads
// blocks through which are JSON already.
func (a Action) Encode() (string, error) {
	rest, err := json.Marshal(struct {
		Action
		Blocks *Blocks `json:"blocks,omitempty"`
	}{Action: a})
	if err != nil {
		return "", err
	}
	blocks, err := a.Blocks.MarshalJSON()
	if err != nil {
		return "", err
	}
	return string(rest[:len(rest)-len("}")]) + `,"blocks":` + string(blocks) + "}", nil // never empty: there is a text
}

// Prompt is a question that the assistant pane suggests.
type Prompt struct {
	Title   string
	Message string // what is asked when it is chosen
}

// Respond sends an action to the response URL of a command or press.
type Respond struct {
	URL       string `json:"url"` // a secret, wiped when the action is done
	InChannel bool   `json:"in_channel,omitempty"`
	Replace   bool   `json:"replace,omitempty"` // the message that the pressed button stands in
}

// Replaces reports whether the action needs the ts of an earlier reply.
func (a Action) Replaces() bool { return a.Do == Update || a.Do == Remove }

// Once reports whether an action is not repeated after an unclear outcome:
// nobody can look whether it was done.
func (a Action) Once() bool { return a.Respond != nil || a.Do == Show || a.toPerson() }

// toPerson reports whether an action goes to the direct messages of a person who
// is named instead of the channel.
func (a Action) toPerson() bool {
	return strings.HasPrefix(a.Channel, "U") || strings.HasPrefix(a.Channel, "W")
}

// post says r where the event happened, to everyone who is there, in place of
// what was said to an earlier version of it.
func post(ev Event, r reply) Action {
	text, blocks := r.sent()
	a := Action{Channel: ev.Channel, Thread: thread(ev), Text: text, Blocks: blocks}
	if ev.Version != "" {
		a.Do = Update
	}
	return a
}

// remove takes away what was said to a message.
func remove(ev Event) Decision {
	return Decision{Actions: []Action{{Do: Remove, Channel: ev.Channel, Thread: thread(ev)}}}
}

// thread is the thread that an event is answered in; empty for none, which is
// how one answers in a DM.
func thread(ev Event) string {
	switch {
	case strings.HasPrefix(ev.Channel, "D"):
		return ev.Thread
	case ev.Kind == Press:
		return cmp.Or(ev.Thread, ev.Message)
	}
	return cmp.Or(ev.Thread, ev.TS)
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
