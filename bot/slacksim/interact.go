package slacksim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// outcome is what became of a person's command or interaction.
type outcome struct {
	response json.RawMessage // the payload of a command's ack; nil if it has none
	answer   object          // what the person gets to see of it otherwise
	err      error           // why it is refused
}

// command sends a slash command to the bot. The outcome comes when it acks.
func (w *Workspace) command(u *user, c *channel, command Command, text, base string) (*envelope, <-chan outcome) {
	if command.Escape {
		text = w.escapeNames(text)
	}
	r := w.newResponse(c, u, nil)
	came := make(chan outcome, 1)
	e := w.send(kindCommand, c.id, object{
		"token": "verification-token", "team_id": teamID, "team_domain": domain,
		"channel_id": c.id, "channel_name": c.label(), "user_id": u.id, "user_name": u.name,
		"command": command.Command, "text": text, "api_app_id": appID, "is_enterprise_install": "false",
		"response_url": r.url(cmp.Or(w.base, base)), "trigger_id": w.trigger(u),
	}, func(payload json.RawMessage) {
		if string(payload) == "null" {
			payload = nil
		}
		came <- outcome{response: payload, err: w.showAck(r, payload)}
	})
	return e, came
}

// escapeNames turns the names of users and channels into references.
func (w *Workspace) escapeNames(text string) string {
	return named.ReplaceAllStringFunc(text, func(typed string) string {
		at := strings.IndexAny(typed, "@#")
		before, name := typed[:at], typed[at+1:]
		if typed[at] == '@' {
			if i := slices.IndexFunc(w.users, func(u *user) bool { return u.name == name }); i >= 0 {
				return before + "<@" + w.users[i].id + "|" + name + ">"
			}
		} else if c := w.named(name); c != nil {
			return before + "<#" + c.id + "|" + name + ">"
		}
		return typed
	})
}

// named is what may be the name of a user or a channel in a typed text.
var named = regexp.MustCompile(`(^|\s)[@#][\w.-]*\w`)

// showAck shows the message in the ack of a command, if there is one.
func (w *Workspace) showAck(r *response, payload json.RawMessage) error {
	var said reply
	if len(payload) > 0 {
		if err := json.Unmarshal(payload, &said); err != nil {
			return refuse("invalid_command_response", err.Error())
		}
	}
	if said.empty() {
		return nil
	}
	return w.respond(r, said)
}

// interaction is what all payloads of interactions have in common.
func (w *Workspace) interaction(kind string, u *user) object {
	return object{
		"type": kind, "user": object{"id": u.id, "username": u.name, "name": u.name, "team_id": u.teamID()},
		"api_app_id": appID, "token": "verification-token", "team": object{"id": teamID, "domain": domain},
		"enterprise": nil, "is_enterprise_install": false,
	}
}

// interact sends an interaction to the bot. acked takes the payload of its ack
// and says what comes of it.
func (w *Workspace) interact(channel string, payload object, acked func(json.RawMessage) outcome) (*envelope, <-chan outcome) {
	came := make(chan outcome, 1)
	return w.send(kindInteraction, channel, payload, func(payload json.RawMessage) {
		if string(payload) == "null" {
			payload = nil
		}
		came <- acked(payload)
	}), came
}

// nothing is what comes of an ack that has no payload.
func nothing(json.RawMessage) outcome { return outcome{} }

// stage is where interactive elements stand: a message, as somebody sees it, or
// a view.
type stage struct {
	channel *channel // nil for a view
	message *message
	view    *view
}

func (s stage) blocks() []object {
	if s.view != nil {
		return s.view.blocks
	}
	return s.message.content.blocks
}

// held is what somebody has put into the elements.
func (s stage) held(u *user) chosen {
	if s.view != nil {
		return s.view.held
	}
	if s.message.held[u.id] == nil {
		if s.message.held == nil {
			s.message.held = map[string]chosen{}
		}
		s.message.held[u.id] = chosen{}
	}
	return s.message.held[u.id]
}

// options are those that the app suggested for an element.
func (s stage) options(u *user) func(spot) []object {
	return func(at spot) []object {
		if s.view != nil {
			return s.view.offered[at]
		}
		return s.message.offered[u.id][at]
	}
}

// offer notes the options that the app suggests for an element.
func (s stage) offer(u *user, at spot, options []object) {
	switch m := s.message; {
	case s.view != nil:
		s.view.offered[at] = options
	case m.offered[u.id] != nil:
		m.offered[u.id][at] = options
	case m.offered != nil:
		m.offered[u.id] = map[spot][]object{at: options}
	default:
		m.offered = map[string]map[spot][]object{u.id: {at: options}}
	}
}

// id is the channel's, "" for a view.
func (s stage) id() string {
	if s.channel == nil {
		return ""
	}
	return s.channel.id
}

// describe adds to a payload where the elements stand.
func (w *Workspace) describe(payload object, s stage) {
	if s.view != nil {
		payload["container"] = object{"type": "view", "view_id": s.view.id}
		payload["view"] = s.view.wire()
		return
	}
	c, m := s.channel, s.message
	container := object{"type": "message", "message_ts": m.ts, "channel_id": c.id, "is_ephemeral": m.to != ""}
	if m.thread != "" {
		container["thread_ts"] = m.thread
	} else if len(m.replies) > 0 {
		container["thread_ts"] = m.ts
	}
	payload["container"], payload["channel"] = container, object{"id": c.id, "name": c.label()}
	// Slack does not repeat an ephemeral message.
	if m.to == "" {
		payload["message"] = w.wire(c, m)
	}
}

// press sends the press of an element to the bot.
func (w *Workspace) press(u *user, s stage, action object, base string) (*envelope, <-chan outcome) {
	action["action_ts"] = formatTS(w.tick())
	payload := w.interaction("block_actions", u)
	w.describe(payload, s)
	payload["trigger_id"], payload["actions"] = w.trigger(u), []object{action}
	if s.view == nil {
		payload["state"] = s.held(u).state(s.blocks())
		payload["response_url"] = w.newResponse(s.channel, u, s.message).url(cmp.Or(w.base, base))
	}
	return w.interact(s.id(), payload, nothing)
}

// pick says which element somebody operates, and how; an empty block or value
// leaves it to the others.
type pick struct {
	block, action string
	value         typed
}

// pressed finds the element that is meant and returns the action that its
// press causes, without action_ts. What it then holds is noted.
func (w *Workspace) pressed(u *user, s stage, p pick) (object, error) {
	var wrong error
	for _, block := range s.blocks() {
		if p.block != "" && block["block_id"] != p.block {
			continue
		}
		for _, element := range elementsOf(block) {
			if element["action_id"] != p.action {
				continue
			}
			action, err := w.actionOf(u, s, block, element, p.value)
			if err == nil {
				action["action_id"], action["block_id"] = element["action_id"], block["block_id"]
				return action, nil
			}
			wrong = err
		}
	}
	if wrong == nil {
		wrong = fmt.Errorf("no element has the action_id %q", p.action)
	}
	return nil, wrong
}

// elementsOf returns the interactive elements of a block.
func elementsOf(block object) []object {
	var all []object
	add := func(v any) {
		if e, ok := v.(object); ok {
			all = append(all, e)
		}
	}
	if list, ok := block["elements"].([]any); ok {
		for _, v := range list {
			add(v)
		}
	}
	add(block["accessory"])
	add(block["element"])
	return all
}

// actionOf is what the press of an element says.
func (w *Workspace) actionOf(u *user, s stage, block, element object, put typed) (object, error) {
	value := ""
	if len(put) > 0 {
		value = put[0]
	}
	action := object{"type": element["type"]}
	switch element["type"] {
	case "button", "icon_button", "workflow_button":
		own, _ := element["value"].(string)
		if value != "" && value != own {
			return nil, fmt.Errorf("no element has the action_id %q and the value %q", element["action_id"], value)
		}
		action["text"] = element["text"]
		if own != "" {
			action["value"] = own
		}
		return action, nil
	case "feedback_buttons":
		for _, side := range []string{"positive_button", "negative_button"} {
			if b, ok := element[side].(object); ok && b["value"] == value {
				action["value"], action["text"] = value, b["text"]
				return action, nil
			}
		}
		return nil, fmt.Errorf("the element %q is pressed with the value of one of its buttons", element["action_id"])
	case "overflow":
		for _, option := range optionsOf(element) {
			if option["value"] == value {
				action["selected_option"] = option
				return action, nil
			}
		}
		return nil, fmt.Errorf("the element %q has no option with the value %q", element["action_id"], value)
	}
	at := spotOf(block, element)
	held, err := w.hold(element, put, s.options(u)(at))
	if err != nil {
		return nil, err
	}
	s.held(u)[at] = held
	if dispatches, _ := block["dispatch_action"].(bool); block["type"] == "input" && !dispatches {
		return nil, fmt.Errorf("the element %q is an input, which is sent with its form; give it in \"values\"", element["action_id"])
	}
	maps.Copy(action, held)
	return action, nil
}

// optionsOf returns the options of an element, those in groups included.
func optionsOf(element object) []object {
	var all []object
	list, _ := element["options"].([]any)
	groups, _ := element["option_groups"].([]any)
	for _, g := range groups {
		if group, ok := g.(object); ok {
			more, _ := group["options"].([]any)
			list = append(list, more...)
		}
	}
	for _, v := range list {
		if o, ok := v.(object); ok {
			all = append(all, o)
		}
	}
	return all
}
