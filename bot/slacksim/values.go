package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// typed is what a person types or chooses: in JSON a string, a list of strings
// or, for a choice taken back, null.
type typed []string

func (t *typed) UnmarshalJSON(data []byte) error {
	var one *string
	if json.Unmarshal(data, &one) == nil {
		*t = nil
		if one != nil && *one != "" {
			*t = typed{*one}
		}
		return nil
	}
	var many []string
	if err := json.Unmarshal(data, &many); err != nil {
		return fmt.Errorf("%s is neither a string nor a list of strings", data)
	}
	*t = many
	return nil
}

// spot names an element by its block_id and its action_id.
type spot struct{ block, action string }

// chosen is what one person has put into the elements of a message or a view,
// as Slack's state shows it.
type chosen map[spot]object

// holding is how the state of a kind of element shows what it holds, and which
// field of the element says what it holds at first.
type holding struct{ field, initial string }

var holdings = map[string]holding{
	"plain_text_input": {"value", "initial_value"},
	"email_text_input": {"value", "initial_value"},
	"url_text_input":   {"value", "initial_value"},
	"number_input":     {"value", "initial_value"},
	"rich_text_input":  {"rich_text_value", "initial_value"},
	"file_input":       {"files", ""},
	"datepicker":       {"selected_date", "initial_date"},
	"timepicker":       {"selected_time", "initial_time"},
	"datetimepicker":   {"selected_date_time", "initial_date_time"},

	"radio_buttons":        {"selected_option", "initial_option"},
	"static_select":        {"selected_option", "initial_option"},
	"external_select":      {"selected_option", "initial_option"},
	"users_select":         {"selected_user", "initial_user"},
	"channels_select":      {"selected_channel", "initial_channel"},
	"conversations_select": {"selected_conversation", "initial_conversation"},

	"checkboxes":                 {"selected_options", "initial_options"},
	"multi_static_select":        {"selected_options", "initial_options"},
	"multi_external_select":      {"selected_options", "initial_options"},
	"multi_users_select":         {"selected_users", "initial_users"},
	"multi_channels_select":      {"selected_channels", "initial_channels"},
	"multi_conversations_select": {"selected_conversations", "initial_conversations"},
}

// many reports whether an element may hold several values.
func (h holding) many() bool { return h.field == "files" || h.field[len(h.field)-1] == 's' }

// state is what all elements of some blocks hold, by block_id and action_id.
func (c chosen) state(blocks []object) object {
	all := map[string]map[string]object{}
	for _, block := range blocks {
		for _, element := range elementsOf(block) {
			kind, _ := element["type"].(string)
			h, ok := holdings[kind]
			if !ok {
				continue
			}
			at := spotOf(block, element)
			held := object{"type": kind, h.field: element[h.initial]}
			if mine := c[at]; mine != nil && mine["type"] == kind {
				held = maps.Clone(mine)
			} else if held[h.field] == nil && h.many() {
				held[h.field] = []any{}
			}
			if all[at.block] == nil {
				all[at.block] = map[string]object{}
			}
			all[at.block][at.action] = held
		}
	}
	return object{"values": all}
}

func spotOf(block, element object) spot {
	b, _ := block["block_id"].(string)
	a, _ := element["action_id"].(string)
	return spot{b, a}
}

// hold returns the state of an element once a person has put something into it.
// offered are the options that the bot suggested for it.
func (w *Workspace) hold(element object, put typed, offered []object) (object, error) {
	kind, _ := element["type"].(string)
	h, ok := holdings[kind]
	if !ok {
		return nil, fmt.Errorf("the element %q, of type %s, holds nothing", element["action_id"], kind)
	}
	wrong := func(what string) error { return fmt.Errorf("the element %q %s", element["action_id"], what) }
	if len(put) > 1 && !h.many() {
		return nil, wrong("takes one value")
	}
	if most, ok := element["max_selected_items"].(float64); ok && len(put) > int(most) {
		return nil, wrong(fmt.Sprintf("takes at most %.0f values", most))
	}
	held := []any{}
	for _, value := range put {
		one, err := w.heldAs(element, h, value, offered)
		if err != nil {
			return nil, err
		}
		held = append(held, one)
	}
	state := object{"type": kind, h.field: held}
	if !h.many() {
		state[h.field] = nil
		if len(held) > 0 {
			state[h.field] = held[0]
		}
	}
	return state, nil
}

// heldAs turns one value that a person types or chooses into what Slack makes
// of it.
func (w *Workspace) heldAs(element object, h holding, value string, offered []object) (any, error) {
	none := func(what string) error {
		return fmt.Errorf("the element %q has no %s %q", element["action_id"], what, value)
	}
	switch h.field {
	case "value":
		return value, inputProblem(element, value)
	case "rich_text_value":
		return richText("0", value), nil
	case "files":
		return nil, fmt.Errorf("the element %q takes files, which this workspace does not have", element["action_id"])
	case "selected_date":
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return nil, fmt.Errorf("the element %q takes a date such as 2026-01-30", element["action_id"])
		}
		return value, nil
	case "selected_time":
		if _, err := time.Parse("15:04", value); err != nil {
			return nil, fmt.Errorf("the element %q takes a time such as 14:30", element["action_id"])
		}
		return value, nil
	case "selected_date_time":
		at, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("the element %q takes a time in seconds since 1970", element["action_id"])
		}
		return at, nil
	case "selected_user", "selected_users":
		if w.user(value) == nil {
			return nil, none("user")
		}
		return value, nil
	case "selected_channel", "selected_channels", "selected_conversation", "selected_conversations":
		if w.channels[value] == nil {
			return nil, none("channel")
		}
		return value, nil
	}
	for _, option := range slices.Concat(optionsOf(element), offered, initialOptions(element)) {
		if option["value"] == value {
			return option, nil
		}
	}
	return nil, none("option with the value")
}

// initialOptions are the options that an element holds at first, which a menu
// without options of its own knows from there only.
func initialOptions(element object) []object {
	var all []object
	list, _ := element["initial_options"].([]any)
	for _, v := range append(list, element["initial_option"]) {
		if o, ok := v.(object); ok {
			all = append(all, o)
		}
	}
	return all
}
