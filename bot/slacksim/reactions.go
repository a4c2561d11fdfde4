package slacksim

import (
	"regexp"
	"slices"
)

// emojiName is what an emoji may be called, a skin tone included.
var emojiName = regexp.MustCompile(`^[a-z0-9_'+-]+(::skin-tone-[2-6])?$`)

// reactable finds the message that a reaction is for.
func (w *Workspace) reactable(c call) (*channel, *message, error) {
	if c.args["channel"] == "" || c.args["timestamp"] == "" {
		return nil, nil, refuse("no_item_specified")
	}
	if !emojiName.MatchString(c.args["name"]) {
		return nil, nil, refuse("invalid_name")
	}
	in, err := w.visible(c.args["channel"])
	if err != nil {
		return nil, nil, err
	}
	if !in.has(botUser) {
		return nil, nil, refuse("channel_not_found")
	}
	if _, ok := parseTS(c.args["timestamp"]); !ok {
		return nil, nil, refuse("bad_timestamp")
	}
	m := in.find(c.args["timestamp"])
	if m == nil || m.to != "" {
		return nil, nil, refuse("message_not_found")
	}
	return in, m, nil
}

func (w *Workspace) addReaction(c call) (object, error) {
	in, m, err := w.reactable(c)
	if err != nil {
		return nil, err
	}
	return object{}, w.react(in, m, botUser, c.args["name"], false)
}

func (w *Workspace) removeReaction(c call) (object, error) {
	in, m, err := w.reactable(c)
	if err != nil {
		return nil, err
	}
	return object{}, w.react(in, m, botUser, c.args["name"], true)
}

// react puts somebody's emoji on a message, or takes it back, and tells everybody.
func (w *Workspace) react(c *channel, m *message, user, name string, back bool) error {
	i := slices.IndexFunc(m.reactions, func(r reaction) bool { return r.Name == name })
	there := i >= 0 && slices.Contains(m.reactions[i].Users, user)
	event := "reaction_added"
	switch {
	case back && !there:
		return refuse("no_reaction")
	case back:
		event = "reaction_removed"
		m.reactions[i].Users = slices.DeleteFunc(slices.Clone(m.reactions[i].Users), func(u string) bool { return u == user })
		if len(m.reactions[i].Users) == 0 {
			m.reactions = slices.Delete(m.reactions, i, i+1)
		}
	case there:
		return refuse("already_reacted")
	case i < 0:
		m.reactions = append(m.reactions, reaction{Name: name, Users: []string{user}})
	default:
		m.reactions[i].Users = append(m.reactions[i].Users, user)
	}
	w.publish("changed", object{"channel": c.id, "message": m.shown()})
	w.emit(c, event, object{
		"type": event, "user": user, "reaction": name, "item_user": m.user, "event_ts": formatTS(w.tick()),
		"item": object{"type": "message", "channel": c.id, "ts": m.ts},
	})
	return nil
}
