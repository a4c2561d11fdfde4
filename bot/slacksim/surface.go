package slacksim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// statusLife is how long an app is shown to be at work.
const statusLife = 2 * time.Minute

// pane is what the app made of a thread in the assistant's pane.
type pane struct {
	Title   string          `json:"title"`
	Prompts json.RawMessage `json:"prompts,omitempty"` // as the app gave them
	Heading string          `json:"prompts_title,omitempty"`
	Context object          `json:"context"`
}

// newThread is what Slack calls a thread of the pane that has no title yet.
const newThread = "New Assistant Thread"

type homeRequest struct {
	User string `json:"user"`
	Tab  string `json:"tab"`
}

// actHome opens a tab of the app's Home.
func (w *Workspace) actHome(_ *http.Request, in homeRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.newcomer(in.User)
	if err != nil {
		return nil, err
	}
	tab := cmp.Or(in.Tab, "home")
	if tab != "home" && tab != "messages" {
		return nil, fmt.Errorf("tab %q is unknown: use home or messages", tab)
	}
	if tab == "home" && !w.cfg.App.HomeTab {
		return nil, fmt.Errorf("the app has no Home tab")
	}
	c := w.direct(u)
	event := object{"type": "app_home_opened", "user": u.id, "channel": c.id, "tab": tab, "event_ts": formatTS(w.tick())}
	if v := w.homes[u.id]; v != nil && tab == "home" {
		event["view"] = v.wire()
	}
	w.emit(c, "app_home_opened", event)
	return object{"channel": c.id}, nil
}

type shortcutRequest struct {
	User       string `json:"user"`
	CallbackID string `json:"callback_id"`
	Channel    string `json:"channel"`
	MessageTS  string `json:"message_ts"`
}

// actShortcut uses a shortcut, on a message if one is named.
func (w *Workspace) actShortcut(r *http.Request, in shortcutRequest) (object, error) {
	if in.CallbackID == "" {
		return nil, fmt.Errorf("callback_id is missing")
	}
	return w.interactAs(r, in.User, func(u *user) (*envelope, <-chan outcome, error) {
		kind, of := "shortcut", "global"
		if in.MessageTS != "" {
			kind, of = "message_action", "message"
		}
		if err := w.cfg.App.owns(of, in.CallbackID); err != nil {
			return nil, nil, err
		}
		payload := w.interaction(kind, u)
		payload["callback_id"], payload["trigger_id"], payload["action_ts"] = in.CallbackID, w.trigger(u), formatTS(w.tick())
		if in.MessageTS == "" {
			e, came := w.interact("", payload, nothing)
			return e, came, nil
		}
		c, m, err := w.seen(u, in.Channel, in.MessageTS)
		if err != nil {
			return nil, nil, err
		}
		if m.to != "" {
			return nil, nil, fmt.Errorf("%s is ephemeral, which has no shortcuts", m.ts)
		}
		payload["channel"], payload["message_ts"], payload["message"] = object{"id": c.id, "name": c.label()}, m.ts, w.wire(c, m)
		payload["response_url"] = w.newResponse(c, u, m).url(cmp.Or(w.base, "http://"+r.Host))
		e, came := w.interact(c.id, payload, nothing)
		return e, came, nil
	})
}

type assistantRequest struct {
	User     string `json:"user"`
	ThreadTS string `json:"thread_ts"`
	Channel  string `json:"channel"` // that the user looks at meanwhile
}

// actAssistant opens the assistant's pane with a new thread, or goes to another
// channel while one is open.
func (w *Workspace) actAssistant(_ *http.Request, in assistantRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.newcomer(in.User)
	if err != nil {
		return nil, err
	}
	if !w.cfg.App.Agent {
		return nil, fmt.Errorf("the app is no assistant: its manifest has no assistant_view")
	}
	looking := object{}
	if in.Channel != "" {
		at, err := w.place(in.Channel, u)
		if err != nil {
			return nil, err
		}
		looking = object{"channel_id": at.id, "team_id": teamID, "enterprise_id": nil}
	}
	c, name := w.direct(u), "assistant_thread_started"
	var m *message
	if in.ThreadTS == "" {
		m = w.insert(c, &message{user: botUser, content: content{text: newThread}, pane: &pane{Title: newThread}})
	} else if m = c.find(in.ThreadTS); m == nil || m.pane == nil {
		return nil, fmt.Errorf("thread_not_found: %s is no thread of the assistant's pane", in.ThreadTS)
	} else {
		name = "assistant_thread_context_changed"
	}
	m.pane.Context = looking
	w.emit(c, name, object{
		"type": name, "event_ts": formatTS(w.tick()),
		"assistant_thread": object{"user_id": u.id, "context": looking, "channel_id": c.id, "thread_ts": m.ts},
	})
	return object{"channel": c.id, "thread_ts": m.ts}, nil
}

// thread finds the head of a thread that an assistant's method names.
func (w *Workspace) thread(c call) (*channel, *message, error) {
	of := w.channels[c.args["channel_id"]]
	if of == nil || !of.has(botUser) {
		return nil, nil, refuse("channel_not_found")
	}
	m := of.find(c.args["thread_ts"])
	if m == nil || m.thread != "" || m.to != "" {
		return nil, nil, refuse("invalid_thread_ts")
	}
	return of, m, nil
}

// setStatus is assistant.threads.setStatus, which works in every thread.
func (w *Workspace) setStatus(c call) (object, error) {
	of, m, err := w.thread(c)
	if err != nil {
		return nil, err
	}
	var messages []string
	if s := c.args["loading_messages"]; s != "" && (json.Unmarshal([]byte(s), &messages) != nil || len(messages) > 10) {
		return nil, refuse("invalid_arguments", "[ERROR] must be an array of at most 10 strings [json-pointer:/loading_messages]")
	}
	w.work(of, m, c.args["status"], messages)
	return object{}, nil
}

// work shows what the app is doing in a thread, until it has done it.
func (w *Workspace) work(c *channel, m *message, status string, messages []string) {
	if status == "" && m.status == "" {
		return
	}
	w.stop(m.over)
	m.over = nil
	m.status, m.doing = status, messages
	if status != "" {
		m.over = w.in(statusLife, func() {
			m.over = nil
			w.work(c, m, "", nil)
		})
	}
	w.publish("changed", object{"channel": c.id, "message": m.shown()})
}

// ofPane finds the thread of the pane that a method names.
func (w *Workspace) ofPane(c call) (*channel, *message, error) {
	of, m, err := w.thread(c)
	if err == nil && m.pane == nil {
		err = refuse("invalid_thread_ts")
	}
	return of, m, err
}

func (w *Workspace) setPaneTitle(c call) (object, error) {
	of, m, err := w.ofPane(c)
	if err != nil {
		return nil, err
	}
	before := w.wire(of, m)
	m.pane.Title, m.content = c.args["title"], content{text: c.args["title"]}
	w.publish("changed", object{"channel": of.id, "message": m.shown()})
	w.announceNew(of, m, before, formatTS(w.tick()))
	return object{}, nil
}

// maxPrompts is how many prompts are shown.
const maxPrompts = 4

func (w *Workspace) setPrompts(c call) (object, error) {
	if !w.cfg.App.Agent {
		return nil, refuse("not_agent_app")
	}
	of := w.channels[c.args["channel_id"]]
	if of == nil || !of.has(botUser) {
		return nil, refuse("channel_not_found")
	}
	var all any
	if err := json.Unmarshal([]byte(c.args["prompts"]), &all); err != nil {
		return nil, refuse("invalid_arguments", "[ERROR] invalid JSON [json-pointer:/prompts]")
	}
	var p problems
	list(1, maxPrompts, fields{"title!": text(1, 3000), "message!": text(1, maxText)}.check)(&p, "/prompts", all)
	if p != nil {
		return nil, refuse("invalid_arguments", p...)
	}
	m := latestPane(of)
	if c.args["thread_ts"] != "" {
		var err error
		if of, m, err = w.ofPane(c); err != nil {
			return nil, err
		}
	}
	if m == nil {
		return nil, refuse("invalid_thread_ts")
	}
	m.pane.Prompts, m.pane.Heading = json.RawMessage(c.args["prompts"]), c.args["title"]
	w.publish("changed", object{"channel": of.id, "message": m.shown()})
	return object{}, nil
}

// latestPane is the head of the newest thread of the assistant's pane in direct
// messages, nil if there is none.
func latestPane(c *channel) *message {
	for _, m := range slices.Backward(c.messages) {
		if m.pane != nil && !m.gone {
			return m
		}
	}
	return nil
}

type channelRequest struct {
	Channel   string   `json:"channel"`
	Name      string   `json:"name"`
	Private   bool     `json:"private"`
	ExtShared bool     `json:"ext_shared"`
	Members   []string `json:"members"`
}

// actChannel makes a channel, or changes one.
func (w *Workspace) actChannel(_ *http.Request, in channelRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !channelID.MatchString(in.Channel) {
		return nil, fmt.Errorf("channel %q is no id of a channel: C and capital letters and digits", in.Channel)
	}
	for _, id := range in.Members {
		if w.user(id) == nil {
			return nil, fmt.Errorf("user_not_found: %q", id)
		}
	}
	c := w.channels[in.Channel]
	if c == nil {
		c = w.addChannel(&channel{id: in.Channel, name: cmp.Or(in.Name, strings.ToLower(in.Channel)), kind: kindChannel, members: w.insiders()})
	}
	c.name, c.shared = cmp.Or(in.Name, c.name), in.ExtShared
	if in.Private {
		c.kind = kindPrivate
	}
	if in.Members != nil {
		c.members = in.Members
	}
	w.publish("channel", object{"channel": c.shown()})
	return object{"channel": c.shown()}, nil
}

type userRequest struct {
	User     string `json:"user"`
	Name     string `json:"name"`
	RealName string `json:"real_name"`
	Guest    bool   `json:"guest"`
	Team     string `json:"team"`
}

// actUser makes somebody, or changes who they are. Guests and people of another
// company are in no channel until they are made its members.
func (w *Workspace) actUser(_ *http.Request, in userRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !userID.MatchString(in.User) || in.User == botUser {
		return nil, fmt.Errorf("user %q is no id of a person: U and capital letters and digits", in.User)
	}
	u := w.user(in.User)
	if u == nil {
		name := cmp.Or(in.Name, strings.ToLower(in.User))
		u = &user{id: in.User, name: name, realName: name, guest: in.Guest, team: in.Team}
		w.addUser(u)
	}
	u.name, u.realName = cmp.Or(in.Name, u.name), cmp.Or(in.RealName, u.realName)
	u.guest, u.team = in.Guest, in.Team
	w.publish("user", object{"user": u.id})
	return object{"user": u.shown()}, nil
}

type reactionRequest struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	Name    string `json:"name"`
	Remove  bool   `json:"remove"`
}

// actReaction puts an emoji on a message, or takes it back.
func (w *Workspace) actReaction(_ *http.Request, in reactionRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, c, err := w.actor(in.User, in.Channel)
	if err != nil {
		return nil, err
	}
	m := c.find(in.TS)
	switch {
	case m == nil || m.to != "":
		return nil, refuse("message_not_found")
	case !emojiName.MatchString(in.Name):
		return nil, refuse("invalid_name")
	}
	return object{}, w.react(c, m, u.id, in.Name, in.Remove)
}
