package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"

	"github.com/slack-go/slack"
)

// Slack's limits, in characters where nothing else is said.
const (
	maxText    = 3_000  // of a section, and of the text beside the blocks
	maxBlocks  = 13_200 // of all blocks of a message, as JSON
	maxAck     = 20_000 // bytes; Slack drops an ack of more than 20,480
	maxLabel   = 75     // of a button
	maxContext = 2_000  // of a text in a context block
	maxValue   = 2_000  // of a button's value
)

// reply is what is said, whoever it is said to: blocks, and the same as text,
// which is plain until it is sent.
type reply struct {
	text     string
	blocks   []slack.Block
	rendered []byte // the blocks as JSON, or nil
}

// Blocks are a message's blocks. They are made JSON once, to be measured, written
// down and sent.
type Blocks struct {
	slack.Blocks
	rendered []byte // or nil
}

// MarshalJSON implements [json.Marshaler].
func (b Blocks) MarshalJSON() ([]byte, error) {
	if b.rendered != nil {
		return b.rendered, nil
	}
	return b.Blocks.MarshalJSON()
}

// prepend puts a block in front of the others.
func (b *Blocks) prepend(first slack.Block) {
	*b = Blocks{Blocks: slack.Blocks{BlockSet: append([]slack.Block{first}, b.BlockSet...)}}
}

// add says next after what has been said.
func (r *reply) add(next reply) {
	r.text = strings.TrimSpace(r.text + " " + next.text)
	r.blocks = append(r.blocks, next.blocks...)
	r.rendered = nil
}

// sent returns what Slack is given of the reply.
func (r reply) sent() (text string, blocks Blocks) {
	return escape(shorten(r.text, maxText)), Blocks{slack.Blocks{BlockSet: r.blocks}, r.rendered}
}

// What becomes of a byte of a reply's text at most, escaped for Slack and then
// for JSON as an ampersand is, and what JSON puts around text and blocks at most.
const (
	mostOfByte = len(`\u0026amp;`)
	maxFrame   = 100
)

// fits renders the reply and reports whether Slack takes it, be it as a message
// or in an ack.
func (r *reply) fits() bool {
	var err error
	if r.rendered, err = (slack.Blocks{BlockSet: r.blocks}).MarshalJSON(); err != nil {
		return false
	}
	if len(r.rendered)+mostOfByte*len(r.text) <= maxBlocks-maxFrame {
		return true
	}
	around := private(*r)
	around.Blocks = Blocks{rendered: []byte("[]")}
	ack, err := json.Marshal(around)
	size := len(ack) - len("[]") + len(r.rendered)
	if err != nil || size <= maxBlocks { // no text has more characters than bytes
		return err == nil
	}
	var blocks bytes.Buffer
	enc := json.NewEncoder(&blocks)
	enc.SetEscapeHTML(false) // Slack counts what it is told, not how
	return size <= maxAck &&
		enc.Encode(r.blocks) == nil && len(utf16.Encode([]rune(blocks.String()))) <= maxBlocks
}

// plainly says one sentence.
func plainly(sentence string) reply {
	return reply{text: sentence, blocks: []slack.Block{section(escape(shorten(sentence, maxText)))}}
}

// choice is what a button offers.
type choice struct {
	text  string
	value string
}

// section shows markup. Verbatim keeps Slack from making links and mentions of
// what is none.
func section(markup string) slack.Block {
	return slack.NewSectionBlock(mrkdwn(markup), nil, nil)
}

func mrkdwn(markup string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, markup, false, true)
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// quote shows text that Slack does not parse at all.
func quote(text string) slack.Block {
	return slack.NewRichTextBlock("", &slack.RichTextQuote{
		Type:     slack.RTEQuote,
		Elements: []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement(text, nil)},
	})
}

// buttons shows a row of buttons that all do the same to different values.
func (s speaker) buttons(action string, choices []choice) slack.Block {
	var row []slack.BlockElement
	for i, c := range choices {
		label := plain(shorten(brackets.Replace(c.text), maxLabel))
		row = append(row, slack.NewButtonBlockElement(fmt.Sprintf("%s:%d", action, i+1), c.value, label))
	}
	return slack.NewActionBlock(s.bind(action), row...)
}

// bind names a block so that a press of its buttons tells whom they are for;
// what names a block must be unique in its message. See [Event.forSomebodyElse].
func (s speaker) bind(name string) string {
	if !userID.MatchString(s.to) {
		return ""
	}
	return name + ":" + s.to
}

// forSomebodyElse reports whether the pressed button was made for another user.
func (ev Event) forSomebodyElse() bool {
	_, user, bound := strings.Cut(ev.Block, ":")
	return bound && user != ev.User
}

// linked makes a link of a title, or leaves it alone if the address is none
// that can be linked.
func linked(title, address string, room int) string {
	title = escape(title)
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return title
	}
	var target strings.Builder
	for _, c := range []byte(u.String()) {
		if c <= ' ' || c > '~' || strings.IndexByte("<>|", c) >= 0 {
			fmt.Fprintf(&target, "%%%02X", c)
		} else {
			target.WriteByte(c)
		}
	}
	markup := "<" + escape(target.String()) + "|" + title + ">"
	if len(markup) > room/4 {
		return title
	}
	return markup
}
