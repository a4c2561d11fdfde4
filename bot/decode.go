package bot

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack/socketmode"

	"footnote/handlers"
)

// frame is what Slack sends through a socket and wants an ack for.
type frame struct {
	Type           string          `json:"type"`
	Envelope       string          `json:"envelope_id"`
	Payload        json.RawMessage `json:"payload"`
	AcceptsPayload bool            `json:"accepts_response_payload"`
}

// readFrame takes the frame out of what the socket's client says. It reports
// false for everything that is no frame or names no envelope.
func readFrame(ev socketmode.Event) (frame, bool) {
	if bad, ok := ev.Data.(*socketmode.ErrorBadMessage); ok {
		// The client gives up on what it has no type for. Read it again, and if
		// it is beyond reading find the envelope: unacked, it would come again.
		var f frame
		if json.Unmarshal(bad.Message, &f) != nil {
			var just struct {
				Envelope string `json:"envelope_id"`
			}
			_ = json.Unmarshal(bad.Message, &just) // no envelope, no ack
			f = frame{Envelope: just.Envelope}
		}
		return f, f.Envelope != ""
	}
	if ev.Request == nil || ev.Request.EnvelopeID == "" {
		return frame{}, false
	}
	r := ev.Request
	return frame{Type: r.Type, Envelope: r.EnvelopeID, Payload: r.Payload, AcceptsPayload: r.AcceptsResponsePayload}, true
}

// identity is who the bot is in Slack.
type identity struct {
	Team string
	User string
	Bot  string // the id that its own messages bear besides its user id
}

// decode reads the event out of a frame. The zero Event is nothing that the bot
// answers: other people's business, its own echo, or other bots'. It fails for
// a frame that is not what Slack documents.
func decode(f frame, me identity) (handlers.Event, error) {
	var ev handlers.Event
	var err error
	switch f.Type {
	case socketmode.RequestTypeEventsAPI:
		ev, err = decodeMessage(f, me)
	case socketmode.RequestTypeSlashCommands:
		ev, err = decodeCommand(f)
	case socketmode.RequestTypeInteractive:
		ev, err = decodePress(f)
	default:
		err = fmt.Errorf("unknown type %q", f.Type)
	}
	if err != nil {
		return handlers.Event{}, fmt.Errorf("decode envelope %s: %w", f.Envelope, err)
	}
	// No database takes it everywhere, and nobody means it.
	ev.Text, ev.Value = strings.ReplaceAll(ev.Text, "\x00", ""), strings.ReplaceAll(ev.Value, "\x00", "")
	return ev, nil
}

func decodeMessage(f frame, me identity) (handlers.Event, error) {
	// The type comes first: other events give these names to other things.
	var kind struct {
		Event struct {
			Type string `json:"type"`
		} `json:"event"`
	}
	if err := json.Unmarshal(f.Payload, &kind); err != nil {
		return handlers.Event{}, err
	}
	if t := kind.Event.Type; t != "app_mention" && t != "message" {
		return handlers.Event{}, nil
	}
	var p struct {
		Team  string `json:"team_id"`
		Event struct {
			Type        string `json:"type"`
			Subtype     string `json:"subtype"`
			Channel     string `json:"channel"`
			ChannelType string `json:"channel_type"`
			User        string `json:"user"`
			BotID       string `json:"bot_id"`
			AppID       string `json:"app_id"`
			Text        string `json:"text"`
			TS          string `json:"ts"`
			Thread      string `json:"thread_ts"`
		} `json:"event"`
	}
	if err := json.Unmarshal(f.Payload, &p); err != nil {
		return handlers.Event{}, err
	}
	m := p.Event
	if m.BotID != "" || m.AppID != "" || m.User == me.User {
		return handlers.Event{}, nil
	}
	switch m.Subtype {
	case "", "file_share", "thread_broadcast": // somebody wrote something
	default:
		return handlers.Event{}, nil
	}
	ev := handlers.Event{
		Key:  cmp.Or(p.Team, me.Team) + "/" + m.Channel + "/" + m.TS,
		Team: cmp.Or(p.Team, me.Team), Channel: m.Channel, User: m.User,
		Text: m.Text, TS: m.TS, Thread: m.Thread,
	}
	switch {
	case m.Type == "app_mention":
		ev.Kind = handlers.Mention
	case m.ChannelType == "im":
		ev.Kind = handlers.Direct
	case m.ChannelType == "mpim" && mentions(m.Text, me.User):
		ev.Kind = handlers.Mention
	default:
		return handlers.Event{}, nil
	}
	if m.Channel == "" || m.TS == "" || m.User == "" {
		return handlers.Event{}, fmt.Errorf("%s without channel, ts or user", m.Type)
	}
	return ev, nil
}

func mentions(text, user string) bool {
	return strings.Contains(text, "<@"+user+">") || strings.Contains(text, "<@"+user+"|")
}

func decodeCommand(f frame) (handlers.Event, error) {
	var p struct {
		Team        string `json:"team_id"`
		Channel     string `json:"channel_id"`
		User        string `json:"user_id"`
		Text        string `json:"text"`
		ResponseURL string `json:"response_url"`
	}
	if err := json.Unmarshal(f.Payload, &p); err != nil {
		return handlers.Event{}, err
	}
	if p.User == "" {
		return handlers.Event{}, fmt.Errorf("command without user")
	}
	return handlers.Event{
		Key: f.Envelope, Kind: handlers.Command,
		Team: p.Team, Channel: p.Channel, User: p.User, Text: p.Text, ResponseURL: p.ResponseURL,
	}, nil
}

// decodePress reads a button or a menu of a message. Those of views, and all
// other interactions, are none of the bot's.
func decodePress(f frame) (handlers.Event, error) {
	var p struct {
		Type string `json:"type"`
		Team struct {
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
		Actions []struct {
			ID       string `json:"action_id"`
			Value    string `json:"value"`
			Selected struct {
				Value string `json:"value"`
			} `json:"selected_option"`
		} `json:"actions"`
		ResponseURL string `json:"response_url"`
	}
	if err := json.Unmarshal(f.Payload, &p); err != nil {
		return handlers.Event{}, err
	}
	if p.Type != "block_actions" || p.Container.Type != "message" {
		return handlers.Event{}, nil
	}
	channel := cmp.Or(p.Container.Channel, p.Channel.ID)
	if len(p.Actions) == 0 || p.User.ID == "" || channel == "" {
		return handlers.Event{}, fmt.Errorf("block_actions without action, user or channel")
	}
	a := p.Actions[0]
	return handlers.Event{
		Key: f.Envelope, Kind: handlers.Press,
		Team: cmp.Or(p.Team.ID, p.User.Team), Channel: channel, User: p.User.ID,
		Thread: p.Container.Thread, Message: p.Container.Message, Ephemeral: p.Container.Ephemeral,
		Action: a.ID, Value: cmp.Or(a.Value, a.Selected.Value), ResponseURL: p.ResponseURL,
	}, nil
}
