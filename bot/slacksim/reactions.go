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
	in, err := w.readable(c.args["channel"])
	if err != nil {
		return nil, nil, err
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
	i := slices.IndexFunc(m.reactions, func(r reaction) bool { return r.Name == c.args["name"] })
	if i < 0 {
		i = len(m.reactions)
		m.reactions = append(m.reactions, reaction{Name: c.args["name"]})
	}
	if slices.Contains(m.reactions[i].Users, botUser) {
		return nil, refuse("already_reacted")
	}
	m.reactions[i].Users = append(m.reactions[i].Users, botUser)
	w.publish("changed", object{"channel": in.id, "message": m.shown()})
	return object{}, nil
}

func (w *Workspace) removeReaction(c call) (object, error) {
	in, m, err := w.reactable(c)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(m.reactions, func(r reaction) bool { return r.Name == c.args["name"] && slices.Contains(r.Users, botUser) })
	if i < 0 {
		return nil, refuse("no_reaction")
	}
	// Only the bot reacts, so that its reaction was the only one.
	m.reactions = slices.Delete(m.reactions, i, i+1)
	w.publish("changed", object{"channel": in.id, "message": m.shown()})
	return object{}, nil
}
