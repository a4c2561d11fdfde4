package slacksim

import (
	"crypto/rand"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// references are a user, channel, broadcast or link in a message's text.
var references = regexp.MustCompile(`<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>`)

// mentionsBot reports whether a text names the bot.
func mentionsBot(text string) bool {
	return slices.ContainsFunc(references.FindAllStringSubmatch(text, -1), func(m []string) bool {
		return m[1] == "@" && m[2] == botUser
	})
}

// announce tells the bot of a new message.
func (w *Workspace) announce(c *channel, m *message) {
	w.mention(c, m, m.ts)
	e := w.wire(c, m)
	maps.Copy(e, object{"channel": c.id, "channel_type": c.kind, "event_ts": m.ts})
	w.emit(c, subscription(c), e)
}

// announceChange tells the bot of an edit.
func (w *Workspace) announceChange(c *channel, m *message, before object) {
	w.mention(c, m, m.edited.TS)
	w.announceNew(c, m, before, m.edited.TS)
}

// announceNew tells the bot that a message is another.
func (w *Workspace) announceNew(c *channel, m *message, before object, ts string) {
	w.emit(c, subscription(c), object{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": c.id, "channel_type": c.kind,
		"message": w.wire(c, m), "previous_message": before, "ts": ts, "event_ts": ts,
	})
}

// announceRemoval tells the bot that a message is gone.
func (w *Workspace) announceRemoval(c *channel, m *message, before object) {
	ts := formatTS(w.tick())
	w.emit(c, subscription(c), object{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": c.id, "channel_type": c.kind,
		"deleted_ts": m.ts, "previous_message": before, "ts": ts, "event_ts": ts,
	})
}

// subscription names the event type of a channel's messages.
func subscription(c *channel) string {
	switch c.kind {
	case kindChannel:
		return "message.channels"
	case kindPrivate:
		return "message.groups"
	}
	return "message." + c.kind
}

// mention tells the bot that somebody else mentions it. In direct messages,
// that is no event of its own.
func (w *Workspace) mention(c *channel, m *message, eventTS string) {
	if c.kind == kindDirect || m.user == botUser || !mentionsBot(m.content.text) {
		return
	}
	e := w.wire(c, m)
	// The event says nothing of what came after the message.
	maps.DeleteFunc(e, func(name string, _ any) bool {
		return strings.HasPrefix(name, "reply_") || name == "latest_reply" || name == "reactions"
	})
	maps.Copy(e, object{"type": "app_mention", "channel": c.id, "event_ts": eventTS})
	w.emit(c, "app_mention", e)
}

// emit sends an event if the bot is in the channel and the app subscribes to it.
func (w *Workspace) emit(c *channel, name string, event object) {
	if !c.has(botUser) || !slices.Contains(w.cfg.App.Events, name) {
		return
	}
	w.send(kindEvent, c.id, object{
		"token": "verification-token", "team_id": teamID, "context_team_id": teamID, "context_enterprise_id": nil,
		"api_app_id": appID, "event": event, "type": "event_callback",
		"event_id": "Ev" + rand.Text()[:10], "event_time": w.cfg.Now().Unix(),
		"authorizations":        []object{{"enterprise_id": nil, "team_id": teamID, "user_id": botUser, "is_bot": true, "is_enterprise_install": false}},
		"is_ext_shared_channel": c.shared, "event_context": "4-" + rand.Text(),
	}, nil)
}

// richText is what Slack's editor makes of a text; its block_id comes from the
// message, so that it stays the same.
func richText(ts, text string) object {
	var parts []object
	say := func(s string) {
		if s != "" {
			parts = append(parts, object{"type": "text", "text": unescape.Replace(s)})
		}
	}
	rest := 0
	for _, at := range references.FindAllStringSubmatchIndex(text, -1) {
		say(text[rest:at[0]])
		rest = at[1]
		what := text[at[4]:at[5]]
		switch text[at[2]:at[3]] {
		case "@":
			parts = append(parts, object{"type": "user", "user_id": what})
		case "#":
			parts = append(parts, object{"type": "channel", "channel_id": what})
		case "!":
			parts = append(parts, object{"type": "broadcast", "range": what})
		default:
			link := object{"type": "link", "url": unescape.Replace(what)}
			if at[6] >= 0 {
				link["text"] = unescape.Replace(text[at[6]:at[7]])
			}
			parts = append(parts, link)
		}
	}
	say(text[rest:])
	if parts == nil {
		parts = []object{}
	}
	return object{
		"type": "rich_text", "block_id": "rt" + strings.Replace(ts, ".", "", 1),
		"elements": []object{{"type": "rich_text_section", "elements": parts}},
	}
}

// unescape takes back what clients do to a text.
var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
