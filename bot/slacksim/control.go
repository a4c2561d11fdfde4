package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// What an id must look like for its channel or user to be made on first use.
var (
	channelID = regexp.MustCompile(`^C[A-Z0-9]{2,20}$`)
	userID    = regexp.MustCompile(`^U[A-Z0-9]{2,20}$`)
)

// errTimeout is what a person sees when the bot does not ack.
var errTimeout = errors.New("operation_timeout")

// control serves the API with which scripts and the page act as people.
func (w *Workspace) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_sim/message", act(w.actMessage))
	mux.HandleFunc("POST /_sim/delete", act(w.actDelete))
	mux.HandleFunc("POST /_sim/command", act(w.actCommand))
	mux.HandleFunc("POST /_sim/action", act(w.actPress))
	mux.HandleFunc("POST /_sim/submit", act(w.actSubmit))
	mux.HandleFunc("POST /_sim/close", act(w.actClose))
	mux.HandleFunc("POST /_sim/suggest", act(w.actSuggest))
	mux.HandleFunc("POST /_sim/home", act(w.actHome))
	mux.HandleFunc("POST /_sim/shortcut", act(w.actShortcut))
	mux.HandleFunc("POST /_sim/assistant", act(w.actAssistant))
	mux.HandleFunc("POST /_sim/reaction", act(w.actReaction))
	mux.HandleFunc("POST /_sim/channel", act(w.actChannel))
	mux.HandleFunc("POST /_sim/user", act(w.actUser))
	mux.HandleFunc("GET /_sim/views", w.serveViews)
	mux.HandleFunc("POST /_sim/fault", act(w.actFault))
	mux.HandleFunc("DELETE /_sim/fault", w.endFaults)
	mux.HandleFunc("GET /_sim/fault", w.serveFaults)
	mux.HandleFunc("GET /_sim/messages", w.serveMessages)
	mux.HandleFunc("GET /_sim/state", w.serveState)
	mux.HandleFunc("GET /_sim/stream", w.serveStream)
	return mux
}

// act answers a request whose JSON body is a T.
func act[T any](do func(*http.Request, T) (object, error)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		var in T
		dec := json.NewDecoder(r.Body)
		dec.DisallowUnknownFields()
		err := dec.Decode(&in)
		if err == nil {
			if _, more := dec.Token(); !errors.Is(more, io.EOF) {
				err = errors.New("more than one JSON value")
			}
		}
		if err != nil {
			tell(rw, nil, fmt.Errorf("read request: %w", err))
			return
		}
		answer, err := do(r, in)
		tell(rw, answer, err)
	}
}

// tell writes the answer of the control API.
func tell(rw http.ResponseWriter, answer object, err error) {
	if err != nil {
		answer = object{"error": err.Error()}
		complaint(answer, err)
	}
	answer["ok"] = err == nil
	writeJSON(rw, http.StatusOK, answer)
}

// person finds somebody; the bot does not act here.
func (w *Workspace) person(id string) (*user, error) {
	u := w.user(id)
	switch {
	case u == nil:
		return nil, fmt.Errorf("user_not_found: %q", id)
	case u.bot:
		return nil, fmt.Errorf("%s is the bot, which acts through the Web API", id)
	}
	return u, nil
}

// place finds where somebody acts. Direct messages with the bot and channels
// with a new id are made.
func (w *Workspace) place(id string, u *user) (*channel, error) {
	if id == "@"+botUser || id == "@"+botName {
		return w.direct(u), nil
	}
	c := w.channels[id]
	if c == nil {
		if !channelID.MatchString(id) {
			return nil, fmt.Errorf("channel_not_found: %q", id)
		}
		c = w.addChannel(&channel{id: id, name: strings.ToLower(id), kind: kindChannel, members: w.insiders()})
	}
	if !c.has(u.id) {
		return nil, fmt.Errorf("user_not_in_channel: %s is not in %s", u.id, c.id)
	}
	return c, nil
}

// newcomer finds who acts. Somebody with a new id joins.
func (w *Workspace) newcomer(id string) (*user, error) {
	if w.user(id) == nil && userID.MatchString(id) {
		name := strings.ToLower(id)
		w.addUser(&user{id: id, name: name, realName: name})
	}
	return w.person(id)
}

// actor finds who acts and where.
func (w *Workspace) actor(id, channel string) (*user, *channel, error) {
	u, err := w.newcomer(id)
	if err != nil {
		return nil, nil, err
	}
	c, err := w.place(channel, u)
	return u, c, err
}

type messageRequest struct {
	User     string `json:"user"`
	Channel  string `json:"channel"`
	Text     string `json:"text"`
	ThreadTS string `json:"thread_ts"`
	TS       string `json:"ts"` // of the message to edit
}

func (w *Workspace) actMessage(_ *http.Request, in messageRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, c, err := w.actor(in.User, in.Channel)
	if err != nil {
		return nil, err
	}
	if c.kind == kindDirect && (!w.cfg.App.MessagesTab || w.cfg.App.ReadOnly) {
		return nil, errors.New("nobody can write to the app: the Messages tab of its Home is off or read-only in the manifest")
	}
	said, err := readContent(in.Text, "", maxText)
	if err != nil {
		return nil, err
	}
	if in.TS != "" {
		return w.actEdit(u, c, in.TS, said)
	}
	if err := c.checkThread(in.ThreadTS); err != nil {
		return nil, err
	}
	m := w.post(c, &message{user: u.id, thread: in.ThreadTS, content: said})
	return object{"channel": c.id, "ts": m.ts}, nil
}

// actEdit changes a person's own message. The same text again is no edit.
func (w *Workspace) actEdit(u *user, c *channel, ts string, said content) (object, error) {
	m := c.find(ts)
	switch {
	case m == nil:
		return nil, refuse("message_not_found")
	case m.user != u.id:
		return nil, refuse("cant_update_message", m.ts+" is not a message of "+u.id)
	case m.content.text != said.text:
		w.change(c, m, u.id, said)
	}
	return object{"channel": c.id, "ts": m.ts}, nil
}

type deleteRequest struct {
	User    string `json:"user"` // who deletes; anybody if left out
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

func (w *Workspace) actDelete(_ *http.Request, in deleteRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channels[in.Channel]
	if c == nil {
		return nil, refuse("channel_not_found")
	}
	m := c.find(in.TS)
	switch {
	case m == nil:
		return nil, refuse("message_not_found")
	case in.User != "" && in.User != m.user && in.User != m.to:
		return nil, refuse("cant_delete_message", m.ts+" is not a message of "+in.User)
	}
	w.remove(c, m)
	return object{"channel": c.id, "ts": m.ts}, nil
}

type commandRequest struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	Command string `json:"command"`
	Text    string `json:"text"`
}

func (w *Workspace) actCommand(r *http.Request, in commandRequest) (object, error) {
	command, err := w.cfg.App.command(in.Command)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	u, c, err := w.actor(in.User, in.Channel)
	if err != nil {
		w.mu.Unlock()
		return nil, err
	}
	e, came := w.command(u, c, command, in.Text, "http://"+r.Host)
	w.mu.Unlock()
	got, err := w.wait(r, e, came)
	if err != nil {
		return nil, err
	}
	if len(got.response) == 0 {
		got.response = json.RawMessage("{}")
	}
	return object{"response": got.response}, nil
}

type actionRequest struct {
	User      string `json:"user"`
	Channel   string `json:"channel"`
	MessageTS string `json:"message_ts"`
	ViewID    string `json:"view_id"`
	BlockID   string `json:"block_id"`
	ActionID  string `json:"action_id"`
	Value     typed  `json:"value"`
	Values    fill   `json:"values"`
}

// actPress operates an element, after other elements were filled.
func (w *Workspace) actPress(r *http.Request, in actionRequest) (object, error) {
	return w.interactAs(r, in.User, func(u *user) (*envelope, <-chan outcome, error) {
		s, err := w.stageOf(u, in.ViewID, in.Channel, in.MessageTS)
		if err != nil {
			return nil, nil, err
		}
		if err := w.put(s.held(u), s.blocks(), in.Values, s.options(u)); err != nil {
			return nil, nil, err
		}
		action, err := w.pressed(u, s, pick{in.BlockID, in.ActionID, in.Value})
		if err != nil {
			return nil, nil, err
		}
		e, came := w.press(u, s, action, "http://"+r.Host)
		return e, came, nil
	})
}

// wait returns what became of an envelope, or errTimeout.
func (w *Workspace) wait(r *http.Request, e *envelope, came <-chan outcome) (outcome, error) {
	late := time.NewTimer(w.patience)
	defer late.Stop()
	select {
	case got := <-came:
		return got, got.err
	case <-late.C:
	case <-r.Context().Done():
	case <-w.done:
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settle(e)
	select {
	case got := <-came: // it came just now
		return got, got.err
	default:
		return outcome{}, errTimeout
	}
}

// serveMessages lists a channel: everything, or what one user sees.
func (w *Workspace) serveMessages(rw http.ResponseWriter, r *http.Request) {
	answer, err := w.listMessages(r.URL.Query().Get("channel"), r.URL.Query().Get("user"))
	tell(rw, answer, err)
}

func (w *Workspace) listMessages(id, viewer string) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if viewer != "" {
		u, err := w.person(viewer)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(id, "@") {
			c, err := w.place(id, u)
			if err != nil {
				return nil, err
			}
			id = c.id
		}
	}
	c := w.channels[id]
	if c == nil {
		return nil, fmt.Errorf("channel_not_found: %q", id)
	}
	if viewer != "" && !c.has(viewer) {
		return nil, fmt.Errorf("user_not_in_channel: %s is not in %s", viewer, c.id)
	}
	seen := []shownMessage{}
	for _, m := range c.messages {
		if !m.gone && (viewer == "" || m.to == "" || m.to == viewer) {
			seen = append(seen, m.shown())
		}
	}
	return object{"messages": seen}, nil
}

// serveState answers with all that a page needs beside the messages.
func (w *Workspace) serveState(rw http.ResponseWriter, _ *http.Request) {
	w.mu.Lock()
	users, channels := []object{}, []object{}
	for _, u := range w.users {
		users = append(users, u.shown())
	}
	for _, c := range w.order {
		channels = append(channels, c.shown())
	}
	answer := object{
		"team":  object{"id": teamID, "name": teamName, "domain": domain},
		"users": users, "channels": channels, "bot_user": botUser,
		"app":     w.cfg.App.shown(),
		"sockets": len(w.sockets), "unacked": len(w.envelopes),
	}
	w.mu.Unlock()
	tell(rw, answer, nil)
}
