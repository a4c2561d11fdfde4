package slacksim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// object is a JSON object of Slack's, which has too many optional fields for a
// type of its own.
type object = map[string]any

// user is a person or the bot.
type user struct {
	id, name, realName string
	bot                bool
	guest              bool
	team               string // another company's; "" for this one
}

// The kinds of conversations, as events name them in channel_type.
const (
	kindChannel = "channel"
	kindPrivate = "group"
	kindDirect  = "im"
	kindGroup   = "mpim"
)

// channel is a conversation of any kind.
type channel struct {
	id, name string
	kind     string
	created  int64
	members  []string   // user ids; in a direct message first the person
	messages []*message // by their ts; ephemeral ones and replies too
	shared   bool       // with another company
	free     time.Time  // until when the bot's messages take their seconds
}

// message is what somebody said.
type message struct {
	at        int64 // its ts in microseconds
	ts        string
	thread    string // the ts of the message that it replies to
	user      string
	clientID  string // what a person's client gave it
	content   content
	edited    *edit
	to        string // the only one who sees it, if it is ephemeral
	gone      bool   // it was deleted and only its thread is left
	reactions []reaction
	replies   []*message
	held      map[string]chosen            // by user, what they put into its elements
	offered   map[string]map[spot][]object // by user, the options that the app suggested
	status    string                       // what the app says that it is doing in this thread
	doing     []string                     // the same, to be shown one after the other
	over      *time.Timer                  // takes the status away; nil if there is none
	pane      *pane                        // of the assistant's thread that it heads
}

// edit is the last change of a message.
type edit struct {
	User string `json:"user"`
	TS   string `json:"ts"`
}

// reaction is an emoji on a message and who put it there.
type reaction struct {
	Name  string   `json:"name"`
	Count int      `json:"count"`
	Users []string `json:"users"`
}

func (w *Workspace) user(id string) *user { return w.people[id] }

// addUser lets somebody join the workspace and all its channels.
func (w *Workspace) addUser(u *user) *user {
	w.users = append(w.users, u)
	w.people[u.id] = u
	for _, c := range w.order {
		if c.kind == kindChannel && u.insider() {
			c.members = append(c.members, u.id)
		}
	}
	return u
}

// insider reports whether somebody is in all channels from the beginning.
func (u *user) insider() bool { return !u.guest && u.team == "" }

func (u *user) teamID() string { return cmp.Or(u.team, teamID) }

// insiders are the ids of all who are in a new channel.
func (w *Workspace) insiders() []string {
	var all []string
	for _, u := range w.users {
		if u.insider() {
			all = append(all, u.id)
		}
	}
	return all
}

// direct is the id of the direct messages between the bot and a user.
func (u *user) direct() string { return "D" + u.id[1:] }

func (w *Workspace) addChannel(c *channel) *channel {
	c.created = w.cfg.Now().Unix()
	w.channels[c.id] = c
	w.order = append(w.order, c)
	w.publish("channel", object{"channel": c.shown()})
	return c
}

// direct returns the direct messages between the bot and a user.
func (w *Workspace) direct(u *user) *channel {
	id := u.direct()
	if c := w.channels[id]; c != nil {
		return c
	}
	return w.addChannel(&channel{id: id, kind: kindDirect, members: []string{u.id, botUser}})
}

// group returns the direct messages of the bot with several users.
func (w *Workspace) group(users []string) *channel {
	members := append(slices.Sorted(slices.Values(users)), botUser)
	for _, c := range w.order {
		if c.kind == kindGroup && slices.Equal(c.members, members) {
			return c
		}
	}
	n := strconv.Itoa(len(w.order))
	return w.addChannel(&channel{id: "C0GROUP" + n, name: "mpdm-" + n, kind: kindGroup, members: members})
}

// label is what commands and presses call a channel.
func (c *channel) label() string {
	if c.kind == kindDirect {
		return "directmessage"
	}
	return c.name
}

func (c *channel) has(user string) bool { return slices.Contains(c.members, user) }

// find returns the message with a ts, nil if there is none or it is deleted.
func (c *channel) find(ts string) *message {
	if m := c.stone(ts); m != nil && !m.gone {
		return m
	}
	return nil
}

// stone is find for deleted messages that still head a thread, too.
func (c *channel) stone(ts string) *message {
	at, ok := parseTS(ts)
	if !ok {
		return nil
	}
	i, ok := slices.BinarySearchFunc(c.messages, at, byTime)
	if !ok {
		return nil
	}
	return c.messages[i]
}

func byTime(m *message, at int64) int {
	switch {
	case m.at < at:
		return -1
	case m.at > at:
		return 1
	}
	return 0
}

// tick returns a new ts: the time, but later than every ts before it.
func (w *Workspace) tick() int64 {
	w.last = max(w.last+1, w.cfg.Now().UnixMicro())
	return w.last
}

func formatTS(at int64) string { return fmt.Sprintf("%d.%06d", at/1e6, at%1e6) }

// parseTS reads a ts as Slack does: the fraction may be short or missing.
func parseTS(ts string) (int64, bool) {
	whole, fraction, _ := strings.Cut(ts, ".")
	if len(fraction) > 6 || len(whole) > 12 {
		return 0, false
	}
	at, err := strconv.ParseUint(whole+fraction+strings.Repeat("0", 6-len(fraction)), 10, 63)
	return int64(at), err == nil
}

// post gives a message its ts, puts it into a channel and tells everybody.
func (w *Workspace) post(c *channel, m *message) *message {
	w.insert(c, m)
	if m.to == "" {
		if root := c.stone(m.thread); root != nil && m.user == botUser {
			w.work(c, root, "", nil)
		}
		w.announce(c, m)
	}
	return m
}

// insert is post without telling the bot.
func (w *Workspace) insert(c *channel, m *message) *message {
	m.at = w.tick()
	m.ts = formatTS(m.at)
	if m.user != botUser {
		m.clientID = uuid.NewString()
	}
	c.messages = append(c.messages, m)
	if m.to != "" {
		w.publish("ephemeral", object{"channel": c.id, "message": m.shown()})
		return m
	}
	if root := c.stone(m.thread); root != nil {
		root.replies = append(root.replies, m)
	}
	w.publish("message", object{"channel": c.id, "message": m.shown()})
	return m
}

// change replaces what a message says.
func (w *Workspace) change(c *channel, m *message, by string, new content) {
	before := w.wire(c, m)
	m.content = new
	m.edited = &edit{User: by, TS: formatTS(w.tick())}
	w.publish("changed", object{"channel": c.id, "message": m.shown()})
	if m.to == "" {
		w.announceChange(c, m, before)
	}
}

// remove deletes a message. If it heads a thread, a stone stays in its place.
func (w *Workspace) remove(c *channel, m *message) {
	before := w.wire(c, m)
	w.publish("deleted", object{"channel": c.id, "message": m.shown()})
	if root := c.stone(m.thread); root != nil {
		root.replies = slices.DeleteFunc(root.replies, func(r *message) bool { return r == m })
	}
	if len(m.replies) > 0 {
		m.gone, m.content, m.reactions, m.edited = true, content{text: "This message was deleted."}, nil, nil
	} else if i, ok := slices.BinarySearchFunc(c.messages, m.at, byTime); ok {
		c.messages = slices.Delete(c.messages, i, i+1)
	}
	if m.to == "" {
		w.announceRemoval(c, m, before)
	}
}

// wire returns a message as the Web API and events show it, without its
// metadata. The result does not change when the message does.
func (w *Workspace) wire(c *channel, m *message) object {
	o := object{"type": "message", "user": m.user, "text": m.content.text, "ts": m.ts, "team": teamID}
	if u := w.user(m.user); u != nil && u.team != "" {
		o["team"], o["user_team"], o["source_team"] = u.team, u.team, u.team
	}
	if m.pane != nil {
		o["subtype"], o["assistant_app_thread"] = "assistant_app_thread", object{"title": m.pane.Title, "title_blocks": []object{}}
	}
	if m.gone {
		o["subtype"], o["hidden"], o["user"] = "tombstone", true, "USLACKBOT"
	}
	if m.user == botUser {
		o["bot_id"], o["app_id"] = botID, appID
		o["bot_profile"] = object{"id": botID, "deleted": false, "name": botName, "updated": 0, "app_id": appID, "team_id": teamID}
	}
	if m.clientID != "" && !m.gone {
		o["client_msg_id"] = m.clientID
	}
	switch {
	case m.content.blocks != nil:
		o["blocks"] = m.content.blocks
	case m.user != botUser:
		o["blocks"] = []object{richText(m.ts, m.content.text)}
	}
	if m.edited != nil {
		o["edited"] = *m.edited
	}
	if len(m.reactions) > 0 {
		o["reactions"] = m.reactionsNow()
	}
	if m.thread != "" {
		o["thread_ts"] = m.thread
		if root := c.stone(m.thread); root != nil {
			o["parent_user_id"] = root.user
		}
	}
	if n := len(m.replies); n > 0 {
		var who []string
		for _, r := range m.replies {
			if !slices.Contains(who, r.user) {
				who = append(who, r.user)
			}
		}
		o["thread_ts"], o["reply_count"], o["latest_reply"] = m.ts, n, m.replies[n-1].ts
		o["reply_users"], o["reply_users_count"] = who, len(who)
	}
	return o
}

func (m *message) reactionsNow() []reaction {
	all := slices.Clone(m.reactions)
	for i := range all {
		all[i].Users = slices.Clone(all[i].Users)
		all[i].Count = len(all[i].Users)
	}
	return all
}

// shown is a message as the control API and the page see it.
func (m *message) shown() shownMessage {
	s := shownMessage{
		TS: m.ts, ThreadTS: m.thread, User: m.user, Text: m.content.text, Blocks: m.content.blocks,
		EphemeralTo: m.to, Metadata: m.content.metadata, Reactions: m.reactionsNow(),
		Status: m.status, Doing: m.doing,
	}
	if m.user == botUser {
		s.BotID = botID
	}
	if m.pane != nil {
		copied := *m.pane
		s.Pane = &copied
	}
	if m.edited != nil {
		copied := *m.edited
		s.Edited = &copied
	}
	if s.Blocks == nil {
		s.Blocks = []object{}
	}
	return s
}

type shownMessage struct {
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts,omitempty"`
	User        string          `json:"user"`
	BotID       string          `json:"bot_id,omitempty"`
	Text        string          `json:"text"`
	Blocks      []object        `json:"blocks"`
	EphemeralTo string          `json:"ephemeral_to,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
	Edited      *edit           `json:"edited,omitempty"`
	Reactions   []reaction      `json:"reactions,omitempty"`
	Status      string          `json:"status,omitempty"`
	Doing       []string        `json:"loading_messages,omitempty"`
	Pane        *pane           `json:"assistant,omitempty"`
}

// shown is a channel as the control API and the page see it.
func (c *channel) shown() object {
	o := object{"id": c.id, "name": c.name, "is_im": c.kind == kindDirect, "is_mpim": c.kind == kindGroup,
		"is_private": c.kind == kindPrivate, "is_ext_shared": c.shared, "members": slices.Clone(c.members)}
	if c.kind == kindDirect {
		o["user"] = c.members[0]
	}
	return o
}

// shown is somebody as the control API and the page see them.
func (u *user) shown() object {
	o := object{"id": u.id, "name": u.name, "real_name": u.realName, "is_bot": u.bot, "is_guest": u.guest}
	if u.team != "" {
		o["team"] = u.team
	}
	return o
}
