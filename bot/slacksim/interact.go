package slacksim

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
)

// outcome is what became of a person's command or press.
type outcome struct {
	response json.RawMessage // the ack's payload; nil if it has none
	err      error           // why it is refused
}

// command sends a slash command to the bot. The outcome comes when it acks.
func (w *Workspace) command(u *user, c *channel, text, base string) (*envelope, <-chan outcome) {
	r := w.newResponse(c, u, nil)
	came := make(chan outcome, 1)
	e := w.send(kindCommand, c, object{
		"token": "verification-token", "team_id": teamID, "team_domain": domain,
		"channel_id": c.id, "channel_name": c.label(), "user_id": u.id, "user_name": u.name,
		"command": w.cfg.Command, "text": text, "api_app_id": appID, "is_enterprise_install": "false",
		"response_url": r.url(cmp.Or(w.base, base)), "trigger_id": w.trigger(),
	}, func(payload json.RawMessage) {
		if string(payload) == "null" {
			payload = nil
		}
		came <- outcome{payload, w.showAck(r, payload)}
	})
	return e, came
}

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

// press sends the press of an element in a message to the bot.
func (w *Workspace) press(u *user, c *channel, m *message, action object, base string) (*envelope, <-chan outcome) {
	r := w.newResponse(c, u, m)
	action["action_ts"] = formatTS(w.tick())
	container := object{"type": "message", "message_ts": m.ts, "channel_id": c.id, "is_ephemeral": m.to != ""}
	if m.thread != "" {
		container["thread_ts"] = m.thread
	} else if len(m.replies) > 0 {
		container["thread_ts"] = m.ts
	}
	payload := object{
		"type": "block_actions", "user": object{"id": u.id, "username": u.name, "name": u.name, "team_id": teamID},
		"api_app_id": appID, "token": "verification-token", "container": container, "trigger_id": w.trigger(),
		"team": object{"id": teamID, "domain": domain}, "enterprise": nil, "is_enterprise_install": false,
		"channel": object{"id": c.id, "name": c.label()}, "state": object{"values": object{}},
		"response_url": r.url(cmp.Or(w.base, base)), "actions": []object{action},
	}
	// Slack does not repeat an ephemeral message.
	if m.to == "" {
		payload["message"] = w.wire(c, m)
	}
	came := make(chan outcome, 1)
	return w.send(kindInteraction, c, payload, func(json.RawMessage) { came <- outcome{} }), came
}

// trigger returns a new trigger_id.
func (w *Workspace) trigger() string {
	return strconv.FormatInt(w.cfg.Now().UnixMilli(), 10) + "." + teamID + "." + rand.Text()
}

// pick says which element of a message somebody presses; an empty block or
// value leaves it to the others.
type pick struct{ block, action, value string }

// pressed finds the element that is meant and returns the action that its
// press causes, without action_ts.
func (m *message) pressed(p pick) (object, error) {
	known := false
	for _, block := range m.content.blocks {
		if p.block != "" && block["block_id"] != p.block {
			continue
		}
		for _, element := range elementsOf(block) {
			if element["action_id"] != p.action {
				continue
			}
			known = true
			if action := actionOf(element, p.value); action != nil {
				action["block_id"] = block["block_id"]
				return action, nil
			}
		}
	}
	switch {
	case !known:
		return nil, fmt.Errorf("message %s has no element with action_id %q", m.ts, p.action)
	case p.value == "":
		return nil, fmt.Errorf("the element %q of message %s cannot be pressed without a value", p.action, m.ts)
	}
	return nil, fmt.Errorf("message %s has no element with action_id %q and value %q", m.ts, p.action, p.value)
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

// actionOf is what a press of an element says; nil if the element has no such
// value or is of a kind that is not pressed.
func actionOf(element object, value string) object {
	action := object{"type": element["type"], "action_id": element["action_id"]}
	switch element["type"] {
	case "button", "icon_button":
		own, _ := element["value"].(string)
		if value != "" && value != own {
			return nil
		}
		action["text"] = element["text"]
		if own != "" {
			action["value"] = own
		}
		return action
	case "feedback_buttons":
		for _, side := range []string{"positive_button", "negative_button"} {
			if b, ok := element[side].(object); ok && b["value"] == value {
				action["value"], action["text"] = value, b["text"]
				return action
			}
		}
	case "static_select", "overflow", "radio_buttons":
		for _, option := range optionsOf(element) {
			if option["value"] == value {
				action["selected_option"] = option
				return action
			}
		}
	}
	return nil
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
