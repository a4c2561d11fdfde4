package slacksim

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// content is what a message says.
type content struct {
	text     string
	blocks   []object        // valid, with all ids filled in; never changed in place
	metadata json.RawMessage // nil if it has none
}

// Limits of a message, in characters.
const (
	maxText     = 40_000
	maxNewText  = 4_000 // of a text that replaces another
	maxMarkdown = 12_000
	maxMetadata = 64_000
)

// readContent checks text and blocks, which is JSON or empty.
func readContent(text, blocks string, most int) (content, error) {
	c := content{text: text}
	if blocks != "" {
		var err error
		if c.blocks, err = readBlocks([]byte(blocks)); err != nil {
			return content{}, err
		}
	}
	switch {
	case text == "" && len(c.blocks) == 0:
		return content{}, refuse("no_text")
	case utf8.RuneCountInString(text) > most:
		return content{}, refuse("msg_too_long")
	}
	return c, nil
}

// content reads what a message is to say from the arguments of a method.
func (c call) content(most int) (content, error) {
	text, blocks := c.args["text"], c.args["blocks"]
	if md := c.args["markdown_text"]; md != "" {
		if text != "" || blocks != "" {
			return content{}, refuse("markdown_text_conflict")
		}
		if utf8.RuneCountInString(md) > maxMarkdown {
			return content{}, refuse(c.tooLong())
		}
		block, err := json.Marshal([]object{{"type": "markdown", "text": md}})
		if err != nil {
			return content{}, refuse("internal_error", err.Error())
		}
		blocks = string(block)
	}
	if c.method == postMethod {
		text = cut(text, most)
	}
	said, err := readContent(text, blocks, most)
	if err != nil {
		return content{}, err
	}
	if tooLong(said.blocks) {
		return content{}, refuse(c.tooLong())
	}
	if c.method != "chat.postEphemeral" {
		said.metadata, err = readMetadata(c.args["metadata"])
	}
	return said, err
}

const postMethod = "chat.postMessage"

// tooLong is what a method calls blocks that are too long together.
func (c call) tooLong() string {
	if c.method == postMethod {
		return "msg_blocks_too_long"
	}
	return "msg_too_long"
}

// cut shortens a text to so many characters, as chat.postMessage does.
func cut(text string, most int) string {
	for i := range text {
		if most--; most < 0 {
			return text[:i]
		}
	}
	return text
}

// readMetadata returns the metadata of a message; nil for none or an empty object.
func readMetadata(arg string) (json.RawMessage, error) {
	if arg == "" {
		return nil, nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(arg), &fields); err != nil {
		return nil, refuse("invalid_metadata_format")
	}
	if len(fields) == 0 {
		return nil, nil
	}
	var kind string
	var payload object
	if json.Unmarshal(fields["event_type"], &kind) != nil || kind == "" ||
		json.Unmarshal(fields["event_payload"], &payload) != nil || payload == nil {
		return nil, refuse("invalid_metadata_schema")
	}
	if len(arg) > maxMetadata {
		return nil, refuse("metadata_too_large")
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(arg)); err != nil {
		return nil, refuse("invalid_metadata_format")
	}
	return compact.Bytes(), nil
}

// destination finds the conversation that a bot may post to: by its id, by its
// name, or by the user it is with.
func (w *Workspace) destination(ref string) (*channel, error) {
	if u := w.user(ref); u != nil {
		if u.bot {
			return nil, refuse("channel_not_found")
		}
		return w.direct(u), w.messagesTab()
	}
	c := w.named(ref)
	switch {
	case c == nil || c.kind == kindPrivate && !c.has(botUser):
		return nil, refuse("channel_not_found")
	case c.kind == kindDirect:
		return c, w.messagesTab()
	case !c.has(botUser) && !(c.kind == kindChannel && w.cfg.App.can("chat:write.public")):
		return nil, refuse("not_in_channel")
	}
	return c, nil
}

// messagesTab refuses to write to somebody through a tab that is not there.
func (w *Workspace) messagesTab() error {
	if !w.cfg.App.MessagesTab {
		return refuse("messages_tab_disabled")
	}
	return nil
}

// named finds a channel by its id or its name; nil if there is none.
func (w *Workspace) named(ref string) *channel {
	if c := w.channels[ref]; c != nil {
		return c
	}
	name := strings.TrimPrefix(ref, "#")
	if i := slices.IndexFunc(w.order, func(c *channel) bool { return (c.kind == kindChannel || c.kind == kindPrivate) && c.name == name }); i >= 0 {
		return w.order[i]
	}
	return nil
}

// channelOf is the id of the channel that a call is about; what it says itself
// if there is no such channel.
func (w *Workspace) channelOf(ref string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if u := w.user(ref); u != nil {
		return u.direct()
	}
	if c := w.named(ref); c != nil {
		return c.id
	}
	return ref
}

// checkThread refuses a thread_ts that names no message, a reply or an
// ephemeral message.
func (c *channel) checkThread(ts string) error {
	if ts == "" {
		return nil
	}
	root := c.stone(ts)
	if root == nil || root.thread != "" || root.to != "" {
		return refuse("cannot_reply_to_message")
	}
	return nil
}

func (w *Workspace) postMessage(c call) (object, error) {
	to, err := w.destination(c.args["channel"])
	if err != nil {
		return nil, err
	}
	said, err := c.content(maxText)
	if err != nil {
		return nil, err
	}
	if err := to.checkThread(c.args["thread_ts"]); err != nil {
		return nil, err
	}
	if w.cfg.RateLimit {
		if err := to.admit(w.cfg.Now()); err != nil {
			return nil, err
		}
	}
	m := w.post(to, &message{user: botUser, thread: c.args["thread_ts"], content: said})
	return object{"channel": to.id, "ts": m.ts, "message": w.withMetadata(to, m)}, nil
}

// admit lets one message a second into a channel, and one more at a time.
func (c *channel) admit(now time.Time) error {
	if soon := now.Add(time.Second); c.free.After(soon) {
		return tooMany(c.free.Sub(soon))
	}
	if c.free.Before(now) {
		c.free = now
	}
	c.free = c.free.Add(time.Second)
	return nil
}

func (w *Workspace) postEphemeral(c call) (object, error) {
	to, err := w.destination(c.args["channel"])
	if err != nil {
		return nil, err
	}
	if !to.has(c.args["user"]) {
		return nil, refuse("user_not_in_channel")
	}
	said, err := c.content(maxText)
	if err != nil {
		return nil, err
	}
	if err := to.checkThread(c.args["thread_ts"]); err != nil {
		return nil, err
	}
	m := w.post(to, &message{user: botUser, thread: c.args["thread_ts"], content: said, to: c.args["user"]})
	return object{"message_ts": m.ts}, nil
}

// own finds a message that the bot may change.
func (w *Workspace) own(c call, otherwise string) (*channel, *message, error) {
	in := w.channels[c.args["channel"]]
	if in == nil || in.kind != kindChannel && !in.has(botUser) {
		return nil, nil, refuse("channel_not_found")
	}
	m := in.find(c.args["ts"])
	switch {
	case m == nil || m.to != "":
		return nil, nil, refuse("message_not_found")
	case m.user != botUser:
		return nil, nil, refuse(otherwise)
	}
	return in, m, nil
}

func (w *Workspace) updateMessage(c call) (object, error) {
	in, m, err := w.own(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	said, err := c.content(maxNewText)
	if err != nil {
		return nil, err
	}
	if c.args["metadata"] == "" {
		said.metadata = m.content.metadata
	}
	w.change(in, m, botUser, said)
	return object{"channel": in.id, "ts": m.ts, "text": said.text, "message": w.withMetadata(in, m)}, nil
}

func (w *Workspace) deleteMessage(c call) (object, error) {
	in, m, err := w.own(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	w.remove(in, m)
	return object{"channel": in.id, "ts": m.ts}, nil
}

// withMetadata is wire with the message's metadata, which others do not see.
func (w *Workspace) withMetadata(c *channel, m *message) object {
	o := w.wire(c, m)
	if m.content.metadata != nil {
		o["metadata"] = m.content.metadata
	}
	return o
}

func (w *Workspace) getPermalink(c call) (object, error) {
	in := w.channels[c.args["channel"]]
	if in == nil {
		return nil, refuse("channel_not_found")
	}
	m := in.find(c.args["message_ts"])
	if m == nil || m.to != "" {
		return nil, refuse("message_not_found")
	}
	link := c.base + "/archives/" + in.id + "/p" + strings.Replace(m.ts, ".", "", 1)
	if m.thread != "" {
		link += "?thread_ts=" + m.thread + "&cid=" + in.id
	}
	return object{"channel": in.id, "permalink": link}, nil
}

// permalink opens the page at the channel of a message.
func permalink(rw http.ResponseWriter, r *http.Request) {
	http.Redirect(rw, r, "/#"+r.PathValue("channel"), http.StatusFound) // #nosec G710 -- to a fragment of our own page
}
