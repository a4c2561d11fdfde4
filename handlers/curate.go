package handlers

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// What curators' buttons do. Each is followed by a colon and a number.
const (
	ActionAdd    = "curate_add"    // propose a fact; the value is the questions that were asked, one a line
	ActionGap    = "curate_gap"    // propose a gap; the same
	ActionEdit   = "curate_edit"   // propose another wording of the fact whose id is the value
	ActionRetire = "curate_retire" // propose to retire that fact
	ActionReview = "curate_review" // look at the proposed change whose id is the value
	ActionRevise = "curate_revise" // change what one proposed and was sent back
)

// ShortcutAdd is the shortcut on somebody's message that proposes a fact.
const ShortcutAdd = "curate_add"

// The modals of curators, by callback_id.
const (
	callbackFact   = "curate_fact"
	callbackGap    = "curate_gap"
	callbackRetire = "curate_retire"
	callbackReview = "curate_review"
)

const curating = "curate_" // begins all of the above

// Unanswered is a question that the base did not answer.
type Unanswered struct {
	Key      string // of its event
	Kind     Kind
	Question string
	Channel  string
	Thread   string // ts of the thread that it was answered in; empty for none
	User     string
	At       time.Time
}

// isCurator reports whether a user may change facts.
func (h *Handler) isCurator(user string) bool {
	return user != "" && slices.Contains(h.Policy.Curators, user)
}

// curates reports whether a curator does something to the facts, or looks at
// what there is to do.
func (h *Handler) curates(ev Event) bool {
	switch {
	case !h.isCurator(ev.User) || h.foreign(ev):
		return false
	case ev.Kind == Press:
		return strings.HasPrefix(ev.Action, curating)
	case ev.Kind == Submit:
		return ev.View != nil && strings.HasPrefix(ev.View.Callback, curating)
	}
	return ev.Kind == Home
}

// task is what a curator's modal was opened for. It goes with the modal, signed:
// what is sent off with another task changes nothing.
type task struct {
	User string `json:"user"`
	Key  string `json:"key"`           // of the event that opened it: the change's id follows from it
	ID   string `json:"id,omitempty"`  // of the fact, or of the change
	Was  string `json:"was,omitempty"` // the imprint of the fact that the modal shows
	In   string `json:"in,omitempty"`  // the returned change that it takes the place of
}

// on is the task for a fact as it is now.
func (t task) on(f *knowledge.Fact) task {
	t.ID, t.Was = f.ID, imprint(f)
	return t
}

// fact is the one that the modal shows, or nil if it has been changed or retired
// since: whoever sent it off has not seen what they would take away.
func (t task) fact(b *knowledge.Base) *knowledge.Fact {
	f := b.Fact(t.ID)
	if f == nil || imprint(f) != t.Was {
		return nil
	}
	return f
}

// imprint tells two wordings of a fact apart.
func imprint(f *knowledge.Fact) string {
	data, err := json.Marshal(f)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

func (h *Handler) seal(callback string, t task) string {
	data, err := json.Marshal(t)
	if err != nil {
		return ""
	}
	return h.sum(callback, data) + string(data)
}

// open returns the task of a modal that was sent off. It reports false if that
// was not opened by this bot for this person and purpose.
func (h *Handler) open(ev Event) (t task, ok bool) {
	const size = 2 * sha256.Size
	if ev.View == nil || len(ev.View.Meta) < size {
		return t, false
	}
	sum, data := ev.View.Meta[:size], ev.View.Meta[size:]
	if !hmac.Equal([]byte(sum), []byte(h.sum(ev.View.Callback, []byte(data)))) || json.Unmarshal([]byte(data), &t) != nil {
		return task{}, false
	}
	return t, t.User == ev.User && t.Key != ""
}

func (h *Handler) sum(callback string, data []byte) string {
	mac := hmac.New(sha256.New, h.Secret)
	mac.Write([]byte(h.Team + "\x00" + callback + "\x00"))
	mac.Write(data)
	return hex.EncodeToString(mac.Sum(nil))
}

// changeID is the id of what is proposed with a task.
func (t task) changeID() string {
	sum := sha256.Sum256([]byte(t.User + "\x00" + t.Key))
	return hex.EncodeToString(sum[:6])
}

// curatorPress opens the modal that a curator's button is for.
func (h *Handler) curatorPress(x *match.Index, ev Event) Decision {
	c := ev.Memory.Curation
	if !h.isCurator(ev.User) || ev.Trigger == "" {
		return Decision{Silent: true}
	}
	if c == nil {
		return h.show(ev, modal(curatorWords.title, plainly(curatorWords.away).blocks))
	}
	s := h.speaker(x.Base(), ev)
	t := task{User: ev.User, Key: ev.Key}
	gone := modal(curatorWords.title, plainly(curatorWords.gone).blocks)
	switch ev.action() {
	case ActionAdd:
		return h.show(ev, h.factModal(s, t, draft{questions: strings.Split(ev.Value, "\n")}))
	case ActionGap:
		return h.show(ev, h.gapModal(t, "", strings.Split(ev.Value, "\n")))
	case ActionEdit, ActionRetire:
		f := x.Base().Fact(ev.Value)
		if f == nil {
			return h.show(ev, gone)
		}
		t = t.on(f)
		if ev.action() == ActionRetire {
			return h.show(ev, h.retireModal(t, f))
		}
		return h.show(ev, h.factModal(s, t, draftOf(f)))
	case ActionReview:
		r := c.find(ev.Value)
		switch {
		case r == nil || r.Standing != Proposed:
			return h.show(ev, gone)
		case r.Author == ev.User:
			return h.show(ev, modal(curatorWords.title, plainly(curatorWords.own).blocks))
		}
		t.ID = r.ID
		return h.show(ev, h.reviewModal(s, t, *r))
	case ActionRevise:
		r := c.find(ev.Value)
		if r == nil || r.Standing != Returned || r.Author != ev.User {
			return h.show(ev, gone)
		}
		return h.revise(x, ev, t, *r)
	}
	return Decision{Silent: true}
}

// revise opens the form of a change that was sent back, as its author sent it off.
func (h *Handler) revise(x *match.Index, ev Event, t task, r ChangeRecord) Decision {
	c := r.Change
	t.In = r.ID
	if c.Gap != nil {
		return h.show(ev, h.gapModal(t, c.Gap.Missing, c.Gap.Questions))
	}
	now := x.Base().Fact(c.ID)
	switch {
	case now != nil && c.BeforeFact != nil:
		t = t.on(now)
	case c.Fact == nil || c.BeforeFact != nil:
		return h.show(ev, modal(curatorWords.title, plainly(curatorWords.gone).blocks))
	}
	if c.Fact == nil {
		return h.show(ev, h.retireModal(t, now))
	}
	d := draftOf(c.Fact)
	d.source = c.Source
	return h.show(ev, h.factModal(h.speaker(x.Base(), ev), t, d))
}

// show opens a modal where the button stands.
func (h *Handler) show(ev Event, m *slack.ModalViewRequest) Decision {
	return Decision{Silent: true, AtOnce: []Action{onTop(ev, m)}}
}

// add opens the modal for a fact that answers somebody's message.
func (h *Handler) add(x *match.Index, ev Event) Decision {
	switch {
	case h.foreign(ev) || ev.Trigger == "":
		return Decision{Silent: true}
	case !h.isCurator(ev.User) && ev.ResponseURL == "":
		return Decision{Silent: true}
	case !h.isCurator(ev.User):
		return Decision{Actions: []Action{respond(ev, plainly(curatorWords.notYou), false)}}
	}
	question := shorten(oneLine(clean(h.strip(ev.Text))), maxQuestion)
	return h.show(ev, h.factModal(h.speaker(x.Base(), ev), task{User: ev.User, Key: ev.Key}, draft{questions: []string{question}}))
}

// find returns the open change with that id, or nil.
func (c *Curation) find(id string) *ChangeRecord {
	for i := range c.Open {
		if c.Open[i].ID == id {
			return &c.Open[i]
		}
	}
	return nil
}

// curatorSubmit takes what a curator's modal was sent off with.
func (h *Handler) curatorSubmit(x *match.Index, ev Event) Decision {
	t, ok := h.open(ev)
	switch {
	case h.foreign(ev), !ok:
		return Decision{Silent: true, Ack: became(curatorWords.gone)}
	case !h.isCurator(ev.User):
		return Decision{Silent: true, Ack: became(curatorWords.notYou)}
	case ev.Memory.Curation == nil:
		return Decision{Silent: true, Ack: became(curatorWords.away)}
	}
	if t.In != "" {
		if r := ev.Memory.Curation.find(t.In); r == nil || r.Standing != Returned || r.Author != ev.User {
			return Decision{Silent: true, Ack: became(curatorWords.gone)}
		}
	}
	switch ev.View.Callback {
	case callbackFact:
		return h.submitFact(x, ev, t)
	case callbackGap:
		return h.submitGap(x, ev, t)
	case callbackRetire:
		return h.submitRetire(x, ev, t)
	case callbackReview:
		return h.submitReview(x, ev, t)
	}
	return Decision{Silent: true}
}

// became is an ack that turns the modal into a sentence.
func became(sentence string) any {
	return slack.NewUpdateViewSubmissionResponse(modal(curatorWords.title, plainly(sentence).blocks))
}

// Unkept is what follows from a curator's submission that the ledger has not
// taken: nothing has changed, and the person is told so.
func Unkept(d Decision) Decision {
	if d.Proposal == nil && d.Review == nil {
		return d
	}
	return Decision{Ack: became(curatorWords.unkept), Verdict: d.Verdict}
}
