package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"unicode/utf8"
)

type submitRequest struct {
	User   string `json:"user"`
	ViewID string `json:"view_id"`
	Values fill   `json:"values"`
}

// modal finds an open view of somebody, which must lie on top.
func (w *Workspace) modal(user, id string) (*view, error) {
	stack := w.modals[user]
	switch v := w.views[id]; {
	case v == nil || v.kind != modalView:
		return nil, fmt.Errorf("view_not_found: %q", id)
	case v.user.id != user:
		return nil, fmt.Errorf("view_not_found: %s is not open for %s", id, user)
	case stack[len(stack)-1] != v:
		return nil, fmt.Errorf("view_not_found: another view lies on %s", id)
	default:
		return v, nil
	}
}

// actSubmit fills a modal and sends it.
func (w *Workspace) actSubmit(r *http.Request, in submitRequest) (object, error) {
	return w.interactAs(r, in.User, func(u *user) (*envelope, <-chan outcome, error) {
		v, err := w.modal(u.id, in.ViewID)
		switch {
		case err != nil:
			return nil, nil, err
		case v.content["submit"] == nil:
			return nil, nil, fmt.Errorf("the view %s has nothing to submit", v.id)
		}
		if err := w.put(v.held, v.blocks, in.Values, stage{view: v}.options(u)); err != nil {
			return nil, nil, err
		}
		if missing := unfilled(v.blocks, v.held); len(missing) > 0 {
			return nil, nil, missing
		}
		payload := w.interaction("view_submission", u)
		payload["view"], payload["trigger_id"] = v.wire(), w.trigger(u)
		payload["response_urls"] = w.responseURLs(u, v, "http://"+r.Host)
		e, came := w.interact("", payload, func(ack json.RawMessage) outcome { return w.submitted(v, ack) })
		return e, came, nil
	})
}

// responseURLs are those of the menus of channels that ask for one.
func (w *Workspace) responseURLs(u *user, v *view, base string) []object {
	urls := []object{}
	for _, block := range v.blocks {
		for _, e := range elementsOf(block) {
			asks, _ := e["response_url_enabled"].(bool)
			at := spotOf(block, e)
			held := v.held.state([]object{block})["values"].(map[string]map[string]object)[at.block][at.action]
			id, _ := held[holdings[fmt.Sprint(e["type"])].field].(string)
			if c := w.channels[id]; asks && c != nil {
				if w.base != "" {
					base = w.base
				}
				urls = append(urls, object{"block_id": at.block, "action_id": at.action, "channel_id": id, "response_url": w.newResponse(c, u, nil).url(base)})
			}
		}
	}
	return urls
}

// submitted does what the app answers to a submission.
func (w *Workspace) submitted(v *view, ack json.RawMessage) outcome {
	if w.views[v.id] != v {
		return outcome{answer: object{}} // it was closed meanwhile
	}
	var said struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(ack) > 0 {
		if err := json.Unmarshal(ack, &said); err != nil {
			return outcome{err: refuse("invalid_response_action", err.Error())}
		}
	}
	stack := w.modals[v.user.id]
	at := slices.Index(stack, v)
	answer := object{}
	if said.Action != "" {
		answer["response_action"] = said.Action
	}
	switch said.Action {
	case "":
		w.drop(v.user, at)
	case "clear":
		w.drop(v.user, 0)
	case "update":
		if err := w.replaceView(v, said.View); err != nil {
			return outcome{err: err}
		}
		answer["view"] = v.wire()
	case "push":
		top, err := w.pushView(v.user, said.View)
		if err != nil {
			return outcome{err: err}
		}
		answer["view"] = top.wire()
	case "errors":
		if err := errorsFit(v, said.Errors); err != nil {
			return outcome{err: err}
		}
		answer["errors"] = said.Errors
	default:
		return outcome{err: refuse("invalid_response_action", fmt.Sprintf("%q is none", said.Action))}
	}
	return outcome{answer: answer}
}

// errorsFit refuses errors that a client could show nowhere.
func errorsFit(v *view, errors map[string]string) error {
	if len(errors) == 0 {
		return refuse("invalid_response_action", "there are no errors")
	}
	for _, id := range slices.Sorted(maps.Keys(errors)) {
		if !slices.ContainsFunc(v.blocks, func(b object) bool { return b["type"] == "input" && b["block_id"] == id }) {
			return refuse("invalid_response_action", fmt.Sprintf("the view has no input with the block_id %q", id))
		}
	}
	return nil
}

type closeRequest struct {
	User   string `json:"user"`
	ViewID string `json:"view_id"`
	All    bool   `json:"all"`
}

// actClose closes a modal, or all that lie on each other.
func (w *Workspace) actClose(_ *http.Request, in closeRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	v, err := w.modal(in.User, in.ViewID)
	if err != nil {
		return nil, err
	}
	stack := w.modals[in.User]
	left := len(stack) - 1
	if in.All || v.flag("clear_on_close") {
		left = 0
	}
	closed := slices.Clone(stack[left:])
	w.drop(v.user, left)
	for _, v := range slices.Backward(closed) {
		if !v.flag("notify_on_close") {
			continue
		}
		payload := w.interaction("view_closed", v.user)
		payload["view"], payload["is_cleared"] = v.wire(), in.All || v.flag("clear_on_close")
		// Nobody waits for the ack.
		e, _ := w.interact("", payload, nothing)
		e.timer = w.in(w.patience, func() { w.settle(e) })
	}
	return object{}, nil
}

type suggestRequest struct {
	User      string `json:"user"`
	ViewID    string `json:"view_id"`
	MessageTS string `json:"message_ts"`
	BlockID   string `json:"block_id"`
	ActionID  string `json:"action_id"`
	Value     string `json:"value"`
}

// minQuery is how much is typed before a menu asks the app, unless it says so.
const minQuery = 3

// actSuggest types into a menu whose options the app suggests.
func (w *Workspace) actSuggest(r *http.Request, in suggestRequest) (object, error) {
	return w.interactAs(r, in.User, func(u *user) (*envelope, <-chan outcome, error) {
		s, err := w.stageOf(u, in.ViewID, "", in.MessageTS)
		if err != nil {
			return nil, nil, err
		}
		for _, block := range s.blocks() {
			for _, e := range elementsOf(block) {
				if e["action_id"] != in.ActionID || in.BlockID != "" && block["block_id"] != in.BlockID {
					continue
				}
				if e["type"] != "external_select" && e["type"] != "multi_external_select" {
					return nil, nil, fmt.Errorf("the element %q suggests nothing: it is of type %s", in.ActionID, e["type"])
				}
				least, ok := e["min_query_length"].(float64)
				if !ok {
					least = minQuery
				}
				if utf8.RuneCountInString(in.Value) < int(least) {
					return nil, nil, fmt.Errorf("the element %q asks after %.0f characters (min_query_length)", in.ActionID, least)
				}
				envelope, came := w.suggest(u, s, block, e, in.Value)
				return envelope, came, nil
			}
		}
		return nil, nil, fmt.Errorf("no element has the action_id %q", in.ActionID)
	})
}

func (w *Workspace) suggest(u *user, s stage, block, element object, typed string) (*envelope, <-chan outcome) {
	payload := w.interaction("block_suggestion", u)
	w.describe(payload, s)
	at := spotOf(block, element)
	payload["action_id"], payload["block_id"], payload["value"] = at.action, at.block, typed
	return w.interact(s.id(), payload, func(ack json.RawMessage) outcome {
		options, answer, err := readSuggestions(ack)
		if err != nil {
			return outcome{err: err}
		}
		s.offer(u, at, options)
		return outcome{answer: answer}
	})
}

// readSuggestions checks the options in an ack.
func readSuggestions(ack json.RawMessage) ([]object, object, error) {
	answer := object{"options": []any{}}
	if len(ack) > 0 {
		if err := json.Unmarshal(ack, &answer); err != nil {
			return nil, nil, refuse("invalid_options", err.Error())
		}
	}
	var p problems
	if answer["option_groups"] != nil {
		delete(answer, "options")
		fields{"option_groups!": list(0, 100, fields{"label!": plain(75), "options!": list(0, 100, option)}.check)}.check(&p, "", answer)
	} else {
		fields{"options!": list(0, 100, option)}.check(&p, "", answer)
	}
	if p != nil {
		return nil, nil, refuse("invalid_options", p...)
	}
	return optionsOf(answer), answer, nil
}

// interactAs lets somebody do what the bot is asked to ack, and returns what
// comes of it.
func (w *Workspace) interactAs(r *http.Request, id string, do func(*user) (*envelope, <-chan outcome, error)) (object, error) {
	w.mu.Lock()
	u, err := w.newcomer(id)
	if err != nil {
		w.mu.Unlock()
		return nil, err
	}
	if !w.cfg.App.Interactive {
		w.mu.Unlock()
		return nil, errors.New("the app hears nothing of this: interactivity is off in its manifest")
	}
	e, came, err := do(u)
	w.mu.Unlock()
	if err != nil {
		return nil, err
	}
	got, err := w.wait(r, e, came)
	if err != nil {
		return nil, err
	}
	if got.answer == nil {
		got.answer = object{}
	}
	return got.answer, nil
}

// stageOf finds the message or view that somebody acts on.
func (w *Workspace) stageOf(u *user, viewID, channel, ts string) (stage, error) {
	if viewID != "" {
		v := w.views[viewID]
		if v == nil || v.user != u {
			return stage{}, fmt.Errorf("view_not_found: %q is not open for %s", viewID, u.id)
		}
		if v.kind == modalView {
			if _, err := w.modal(u.id, viewID); err != nil {
				return stage{}, err
			}
		}
		return stage{view: v}, nil
	}
	c, m, err := w.seen(u, channel, ts)
	return stage{channel: c, message: m}, err
}

// seen finds a message that somebody can see, in any channel if that is "".
func (w *Workspace) seen(u *user, channel, ts string) (*channel, *message, error) {
	if channel != "" {
		c, err := w.place(channel, u)
		if err != nil {
			return nil, nil, err
		}
		m := c.find(ts)
		switch {
		case m == nil:
			return nil, nil, refuse("message_not_found")
		case m.to != "" && m.to != u.id:
			return nil, nil, fmt.Errorf("message_not_found: %s is visible to %s only", m.ts, m.to)
		}
		return c, m, nil
	}
	for _, c := range w.order {
		if m := c.find(ts); m != nil && c.has(u.id) && (m.to == "" || m.to == u.id) {
			return c, m, nil
		}
	}
	return nil, nil, refuse("message_not_found")
}

// serveViews lists the views of somebody: the modals that are open, the lowest
// first, and the Home tab.
func (w *Workspace) serveViews(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	u, err := w.person(r.URL.Query().Get("user"))
	answer := object{}
	if err == nil {
		modals := []object{}
		for _, v := range w.modals[u.id] {
			modals = append(modals, v.wire())
		}
		answer["modals"], answer["home"] = modals, nil
		if v := w.homes[u.id]; v != nil {
			answer["home"] = v.wire()
		}
	}
	w.mu.Unlock()
	tell(rw, answer, err)
}

// complaint adds what is wrong with single inputs to an answer.
func complaint(answer object, err error) {
	var wrong inputErrors
	if errors.As(err, &wrong) {
		answer["error"], answer["errors"] = "invalid_input", map[string]string(wrong)
	}
}
