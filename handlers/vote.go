package handlers

import (
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"
)

// callbackWhy is the modal that asks what was wrong with an answer, whyField
// its only field.
const (
	callbackWhy = "why"
	whyField    = "why"
)

// why is what the modal remembers.
type why struct {
	Event string `json:"event"` // that was answered
	User  string `json:"user"`  // who is asked
}

// vote counts a vote, and asks why if it is against the answer.
func (h *Handler) vote(ev Event) Decision {
	v, ok := readVote(ev.Value)
	switch {
	case ev.forSomebodyElse():
		return Decision{Silent: true}
	case !ok && ev.ResponseURL == "":
		return Decision{Silent: true}
	case !ok:
		return Decision{Actions: []Action{whisper(ev, plainly(english.stale))}}
	}
	d := Decision{Vote: &v}
	switch {
	case !v.Up && ev.Trigger != "":
		d.AtOnce = []Action{{Do: Open, Trigger: ev.Trigger, Modal: askWhy(v.Event, ev.User)}}
	case ev.ResponseURL != "":
		d.Actions = []Action{whisper(ev, plainly(english.voted))}
	}
	return d
}

func askWhy(event, user string) *slack.ModalViewRequest {
	w := english.views
	field := slack.NewPlainTextInputBlockElement(plain(w.whyHint), whyField).WithMultiline(true).WithMaxLength(maxText)
	field.Placeholder = plain(shorten(w.whyHint, maxPlaceholder))
	m := modal(w.whyTitle, []slack.Block{
		section(escape(w.whyLead)),
		slack.NewInputBlock(whyField, plain(w.whyLabel), nil, field),
	})
	m.CallbackID, m.Submit = callbackWhy, plain(shorten(w.submit, maxTitle))
	meta, err := json.Marshal(why{event, user})
	if err == nil {
		m.PrivateMetadata = string(meta)
	}
	return m
}

// submit takes what a modal was sent off with. One that is none of ours, or was
// opened by somebody else, changes nothing.
func (h *Handler) submit(ev Event) Decision {
	var about why
	if h.foreign(ev) || ev.View == nil || ev.View.Callback != callbackWhy ||
		json.Unmarshal([]byte(ev.View.Meta), &about) != nil || about.Event == "" || about.User != ev.User {
		return Decision{Silent: true}
	}
	reason := shorten(clean(ev.View.Values[whyField]), maxText)
	if strings.TrimSpace(reason) == "" {
		return Decision{Silent: true} // the vote itself was counted when the button was pressed
	}
	return Decision{Vote: &Vote{Event: about.Event, Why: reason}}
}
