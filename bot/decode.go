package bot

import (
	"cmp"
	"encoding/json"
	"errors"
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
	Attempt        int             `json:"retry_attempt"` // 0 the first time
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
	return frame{Type: r.Type, Envelope: r.EnvelopeID, Payload: r.Payload, Attempt: r.RetryAttempt, AcceptsPayload: r.AcceptsResponsePayload}, true
}

// identity is who the bot is in Slack.
type identity struct {
	Team   string
	User   string
	Bot    string // the id that its own messages bear besides its user id
	Follow bool   // it listens to threads in channels in which nobody mentions it
}

// decode reads the event out of a frame. The zero Event is nothing that the bot
// answers: other people's business, its own echo, or other bots'. It fails for
// a frame that is not what Slack documents.
func decode(f frame, me identity) (handlers.Event, error) {
	var ev handlers.Event
	var err error
	switch f.Type {
	case socketmode.RequestTypeEventsAPI:
		ev, err = decodeEvent(f, me)
	case socketmode.RequestTypeSlashCommands:
		ev, err = decodeCommand(f)
	case socketmode.RequestTypeInteractive:
		ev, err = decodeInteraction(f)
	default:
		err = fmt.Errorf("unknown type %q", f.Type)
	}
	if err != nil {
		return handlers.Event{}, fmt.Errorf("decode envelope %s: %w", f.Envelope, err)
	}
	ev.Again = ev.Kind != "" && f.Attempt > 0
	// No database takes it everywhere, and nobody means it.
	ev.Text, ev.Value = strings.ReplaceAll(ev.Text, "\x00", ""), strings.ReplaceAll(ev.Value, "\x00", "")
	return ev, nil
}

func decodeEvent(f frame, me identity) (handlers.Event, error) {
	// Most events are messages, which are not worth reading twice.
	var p message
	err := json.Unmarshal(f.Payload, &p)
	switch p.Event.Type {
	case "app_mention", "message":
		if err != nil {
			return handlers.Event{}, err
		}
		return p.decode(me)
	case "app_home_opened":
		return decodeHome(f, me)
	case "assistant_thread_started", "assistant_thread_context_changed":
		return decodePane(f, me)
	case "":
		return handlers.Event{}, err
	}
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return handlers.Event{}, nil // it gives these names to other things
	}
	return handlers.Event{}, err
}

// message is the payload of an event that is one.
type message struct {
	Team     string `json:"team_id"`
	External bool   `json:"is_ext_shared_channel"`
	Event    struct {
		said
		Type        string `json:"type"`
		Channel     string `json:"channel"`
		ChannelType string `json:"channel_type"`
		Message     said   `json:"message"`
		Previous    said   `json:"previous_message"`
	} `json:"event"`
}

// said is a message, as an event of its own or as what an edit made of it.
type said struct {
	Subtype string `json:"subtype"`
	User    string `json:"user"`
	BotID   string `json:"bot_id"`
	AppID   string `json:"app_id"`
	Text    string `json:"text"`
	TS      string `json:"ts"`
	Thread  string `json:"thread_ts"`
	Edited  struct {
		TS string `json:"ts"`
	} `json:"edited"`
}

// byPerson reports whether a person wrote the message.
func (m said) byPerson(me identity) bool {
	if m.BotID != "" || m.AppID != "" || m.User == me.User {
		return false
	}
	return m.Subtype == "" || m.Subtype == "file_share" || m.Subtype == "thread_broadcast"
}

func (p *message) decode(me identity) (handlers.Event, error) {
	m, was, version := p.Event.said, said{}, p.Event.Edited.TS
	deleted := m.Subtype == "message_deleted"
	switch {
	case deleted:
		m, was, version = p.Event.Previous, p.Event.Previous, handlers.Deleted
	case m.Subtype == "message_changed":
		m, was = p.Event.Message, p.Event.Previous
		version = cmp.Or(m.Edited.TS, p.Event.TS)
		if m.Text == was.Text {
			return handlers.Event{}, nil // a link was unfolded, or somebody replied
		}
	}
	if !m.byPerson(me) || deleted && m.TS == "" { // of whom is not said
		return handlers.Event{}, nil
	}
	if m.Thread == m.TS {
		m.Thread = "" // it has replies, and is none
	}
	team := cmp.Or(p.Team, me.Team)
	ev := handlers.Event{
		Key: team + "/" + p.Event.Channel + "/" + m.TS, Team: team, Channel: p.Event.Channel, User: m.User,
		Text: m.Text, TS: m.TS, Thread: m.Thread, Version: version, External: p.External,
	}
	if version != "" {
		ev.Key += "@" + version
	}
	addressed := mentions(m.Text, me.User) || mentions(was.Text, me.User)
	switch kind := p.Event.ChannelType; {
	case p.Event.Type == "app_mention":
		ev.Kind = handlers.Mention
	case kind == "im":
		ev.Kind = handlers.Direct
	case kind == "mpim" && addressed, me.Follow && addressed:
		ev.Kind = handlers.Mention
	case me.Follow && m.Thread != "":
		ev.Kind = handlers.Follow
	default:
		return handlers.Event{}, nil
	}
	if deleted {
		ev.Kind, ev.Text = handlers.Delete, ""
	}
	if ev.Channel == "" || ev.TS == "" || ev.User == "" {
		return handlers.Event{}, fmt.Errorf("%s without channel, ts or user", p.Event.Type)
	}
	return ev, nil
}

func decodeHome(f frame, me identity) (handlers.Event, error) {
	var p struct {
		Team  string `json:"team_id"`
		Event struct {
			User string `json:"user"`
			Tab  string `json:"tab"`
			TS   string `json:"event_ts"`
		} `json:"event"`
	}
	if err := json.Unmarshal(f.Payload, &p); err != nil {
		return handlers.Event{}, err
	}
	if p.Event.Tab != "home" {
		return handlers.Event{}, nil
	}
	if p.Event.User == "" {
		return handlers.Event{}, errors.New("app_home_opened without user")
	}
	return handlers.Event{
		Key: f.Envelope, Kind: handlers.Home, Team: cmp.Or(p.Team, me.Team), User: p.Event.User,
	}, nil
}

func decodePane(f frame, me identity) (handlers.Event, error) {
	var p struct {
		Team  string `json:"team_id"`
		Event struct {
			Type   string `json:"type"`
			Thread struct {
				User    string `json:"user_id"`
				Channel string `json:"channel_id"`
				TS      string `json:"thread_ts"`
			} `json:"assistant_thread"`
		} `json:"event"`
	}
	if err := json.Unmarshal(f.Payload, &p); err != nil {
		return handlers.Event{}, err
	}
	t := p.Event.Thread
	if t.User == "" || t.Channel == "" || t.TS == "" {
		return handlers.Event{}, fmt.Errorf("%s without user, channel or thread", p.Event.Type)
	}
	team := cmp.Or(p.Team, me.Team)
	ev := handlers.Event{
		Key: team + "/" + t.Channel + "/" + t.TS, Kind: handlers.Pane,
		Team: team, Channel: t.Channel, User: t.User, TS: t.TS, Thread: t.TS,
	}
	if p.Event.Type != "assistant_thread_started" {
		ev.Key, ev.Kind = f.Envelope, handlers.PaneMoved
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
		Trigger     string `json:"trigger_id"`
	}
	if err := json.Unmarshal(f.Payload, &p); err != nil {
		return handlers.Event{}, err
	}
	if p.User == "" {
		return handlers.Event{}, errors.New("command without user")
	}
	return handlers.Event{
		Key: f.Envelope, Kind: handlers.Command,
		Team: p.Team, Channel: p.Channel, User: p.User, Text: p.Text, ResponseURL: p.ResponseURL, Trigger: p.Trigger,
	}, nil
}
