package slacksim

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Slack's own client checks what is typed before the bot hears of it.

// inputProblem says what a client would find wrong with a typed text.
func inputProblem(element object, value string) error {
	switch element["type"] {
	case "email_text_input":
		if a, err := mail.ParseAddress(value); err != nil || a.Address != value {
			return inputError("Enter an email address.")
		}
	case "url_text_input":
		if u, err := url.Parse(value); err != nil || u.Scheme == "" || u.Host == "" {
			return inputError("Enter a web address, with http:// or https://.")
		}
	case "number_input":
		return numberProblem(element, value)
	}
	n := utf8.RuneCountInString(value)
	if least, ok := element["min_length"].(float64); ok && n < int(least) {
		return inputError(fmt.Sprintf("Enter at least %.0f characters.", least))
	}
	most, ok := element["max_length"].(float64)
	if !ok {
		most = 3000
	}
	if n > int(most) {
		return inputError(fmt.Sprintf("Enter at most %.0f characters.", most))
	}
	return nil
}

func numberProblem(element object, value string) error {
	n, err := strconv.ParseFloat(value, 64)
	switch decimal, _ := element["is_decimal_allowed"].(bool); {
	case err != nil:
		return inputError("Enter a number.")
	case !decimal && strings.ContainsAny(value, ".eE"):
		return inputError("Enter a whole number.")
	}
	bound := func(name string) (float64, bool) {
		s, _ := element[name].(string)
		b, err := strconv.ParseFloat(s, 64)
		return b, err == nil
	}
	if least, ok := bound("min_value"); ok && n < least {
		return inputError(fmt.Sprintf("Enter a number of at least %s.", element["min_value"]))
	}
	if most, ok := bound("max_value"); ok && n > most {
		return inputError(fmt.Sprintf("Enter a number of at most %s.", element["max_value"]))
	}
	return nil
}

// inputError is what a client says below an input.
type inputError string

func (e inputError) Error() string { return string(e) }

// inputErrors is what keeps a form from being sent, by block_id.
type inputErrors map[string]string

func (e inputErrors) Error() string {
	return "invalid_input: " + string(frame(map[string]string(e)))
}

// fill is what somebody puts into the elements of a message or a view: by
// action_id a value, or by block_id an object of those.
type fill map[string]json.RawMessage

// put finds the element that each value is for and notes what it then holds.
// What a client would not take is an inputErrors.
func (w *Workspace) put(into chosen, blocks []object, all fill, offered func(spot) []object) error {
	wrong := inputErrors{}
	one := func(block, action string, value json.RawMessage) error {
		var v typed
		if err := json.Unmarshal(value, &v); err != nil {
			return fmt.Errorf("value of %q: %w", action, err)
		}
		for _, b := range blocks {
			for _, e := range elementsOf(b) {
				at := spotOf(b, e)
				if at.action != action || block != "" && at.block != block {
					continue
				}
				held, err := w.hold(e, v, offered(at))
				if bad, ok := err.(inputError); ok {
					wrong[at.block] = string(bad)
					return nil
				} else if err != nil {
					return err
				}
				into[at] = held
				return nil
			}
		}
		return fmt.Errorf("no element has the action_id %q", action)
	}
	for name, value := range all {
		var inner map[string]json.RawMessage
		if json.Unmarshal(value, &inner) != nil || inner == nil {
			if err := one("", name, value); err != nil {
				return err
			}
			continue
		}
		for action, value := range inner {
			if err := one(name, action, value); err != nil {
				return err
			}
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// unfilled finds the inputs that must be filled and are not.
func unfilled(blocks []object, held chosen) inputErrors {
	missing := inputErrors{}
	values := held.state(blocks)["values"].(map[string]map[string]object)
	for _, block := range blocks {
		if optional, _ := block["optional"].(bool); block["type"] != "input" || optional {
			continue
		}
		element, ok := block["element"].(object)
		if !ok {
			continue
		}
		at := spotOf(block, element)
		state := values[at.block][at.action]
		h, ok := holdings[fmt.Sprint(state["type"])]
		if !ok {
			continue
		}
		switch v := state[h.field].(type) {
		case nil:
		case []any:
			if len(v) > 0 {
				continue
			}
		case string:
			if strings.TrimSpace(v) != "" {
				continue
			}
		default:
			continue
		}
		missing[at.block] = "Please complete this required field."
	}
	return missing
}
