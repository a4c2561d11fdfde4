package bot

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"footnote/handlers"
)

// interaction is what somebody did with something that the bot showed.
type interaction struct {
	Type     string `json:"type"`
	Callback string `json:"callback_id"`
	Trigger  string `json:"trigger_id"`
	Team     struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID   string `json:"id"`
		Team string `json:"team_id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		Type      string `json:"type"`
		Message   string `json:"message_ts"`
		Channel   string `json:"channel_id"`
		Thread    string `json:"thread_ts"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	View    *view `json:"view"`
	Message said  `json:"message"`
	Actions []struct {
		ID       string `json:"action_id"`
		Block    string `json:"block_id"`
		Value    string `json:"value"`
		Selected struct {
			Value string `json:"value"`
		} `json:"selected_option"`
	} `json:"actions"`
	ResponseURL string `json:"response_url"`

	// Of a suggestion.
	ActionID string `json:"action_id"`
	Value    string `json:"value"`
}

type view struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Hash     string `json:"hash"`
	Callback string `json:"callback_id"`
	Meta     string `json:"private_metadata"`
	State    struct {
		Values map[string]map[string]struct {
			Value    string `json:"value"`
			Date     string `json:"selected_date"`
			Selected struct {
				Value string `json:"value"`
			} `json:"selected_option"`
		} `json:"values"`
	} `json:"state"`
}

func (v *view) seen() *handlers.View {
	if v == nil {
		return nil
	}
	out := &handlers.View{ID: v.ID, Hash: v.Hash, Home: v.Type == "home", Callback: v.Callback, Meta: v.Meta}
	for block, fields := range v.State.Values {
		for _, field := range fields {
			value := cmp.Or(field.Value, field.Date, field.Selected.Value)
			if value == "" {
				continue
			}
			if out.Values == nil {
				out.Values = map[string]string{}
			}
			out.Values[block] = strings.ReplaceAll(value, "\x00", "")
		}
	}
	return out
}

// decodeInteraction reads what somebody did with a button, a menu, a modal or
// a shortcut. All other interactions are none of the bot's.
func decodeInteraction(f frame) (handlers.Event, error) {
	var p interaction
	if err := json.Unmarshal(f.Payload, &p); err != nil {
		return handlers.Event{}, err
	}
	ev := handlers.Event{
		Key: f.Envelope, Team: cmp.Or(p.Team.ID, p.User.Team), User: p.User.ID,
		View: p.View.seen(), Trigger: p.Trigger, ResponseURL: p.ResponseURL,
	}
	switch p.Type {
	case "block_actions":
		return decodePress(ev, p)
	case "view_submission":
		if ev.View == nil {
			return handlers.Event{}, errors.New("view_submission without view")
		}
		ev.Kind = handlers.Submit
	case "block_suggestion":
		if p.ActionID != handlers.ActionFind {
			return handlers.Event{}, nil
		}
		ev.Kind, ev.Action, ev.Value = handlers.Suggest, p.ActionID, p.Value
	case "shortcut":
		if p.Callback != handlers.ShortcutSearch {
			return handlers.Event{}, nil
		}
		ev.Kind = handlers.Search
	case "message_action":
		kind, ours := map[string]handlers.Kind{handlers.ShortcutFind: handlers.Find, handlers.ShortcutAdd: handlers.Add}[p.Callback]
		if !ours {
			return handlers.Event{}, nil
		}
		ev.Kind, ev.Channel, ev.Message, ev.Text = kind, p.Channel.ID, p.Message.TS, p.Message.Text
		if p.Message.Thread != p.Message.TS {
			ev.Thread = p.Message.Thread
		}
	default:
		return handlers.Event{}, nil
	}
	if ev.User == "" {
		return handlers.Event{}, fmt.Errorf("%s without user", p.Type)
	}
	return ev, nil
}

// decodePress reads the press of a button, or the choice of a menu.
func decodePress(ev handlers.Event, p interaction) (handlers.Event, error) {
	if len(p.Actions) == 0 || p.User.ID == "" {
		return handlers.Event{}, errors.New("block_actions without action or user")
	}
	a, at := p.Actions[0], p.Container
	ev.Kind, ev.Action, ev.Block, ev.Value = handlers.Press, a.ID, a.Block, cmp.Or(a.Value, a.Selected.Value)
	switch at.Type {
	case "view":
		if ev.View == nil {
			return handlers.Event{}, errors.New("block_actions in a view without view")
		}
		return ev, nil
	case "message":
	default:
		return handlers.Event{}, nil
	}
	ev.View = nil
	ev.Channel = cmp.Or(at.Channel, p.Channel.ID)
	ev.Thread, ev.Message, ev.Ephemeral = at.Thread, at.Message, at.Ephemeral
	if ev.Channel == "" {
		return handlers.Event{}, errors.New("block_actions without channel")
	}
	if ev.Ephemeral && ev.Action == handlers.ActionShare {
		// An answer is shared once, however often its button is pressed.
		ev.Key = strings.Join([]string{ev.Team, ev.Channel, ev.Message, ev.User, handlers.ActionShare}, "/")
	}
	return ev, nil
}
