package slacksim

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"
)

// Limits of the blocks of one message.
const (
	maxBlocks     = 50
	maxTableText  = 10_000 // characters in all cells
	maxBlocksJSON = 13_200 // characters of all blocks, as JSON
)

// The parts that blocks are made of.
var (
	id    = text(1, 255)
	style = among("primary", "danger")

	confirmation = fields{
		"title!": plain(100), "text!": words(300), "confirm!": plain(30), "deny!": plain(30), "style": style,
	}.check
	option = fields{"text!": words(75), "value!": text(1, 150), "description": plain(75), "url": link(3000)}.check
	groups = list(1, 100, fields{"label!": plain(75), "options!": list(1, 100, option)}.check)
	filter = fields{
		"include":                          list(1, 4, among("im", "mpim", "private", "public")),
		"exclude_external_shared_channels": boolean, "exclude_bot_users": boolean,
	}.check
	slackFile = fields{"id": text(1, 255), "url": link(3000)}.check
	dispatch  = fields{"trigger_actions_on": list(1, 2, among("on_enter_pressed", "on_character_entered"))}.check
	users     = list(1, 100, text(1, 255))
)

// plain is a text object without formatting.
func plain(most int) check { return oneOf(map[string]check{"plain_text": plainText(most)}) }

// words is a text object with or without formatting.
func words(most int) check {
	return oneOf(map[string]check{
		"plain_text": plainText(most),
		"mrkdwn":     fields{"text!": text(1, most), "verbatim": boolean}.check,
	})
}

func plainText(most int) check {
	return fields{"text!": text(1, most), "emoji": boolean}.check
}

// elements are what people operate, and images.
var elements = func() map[string]check {
	base := fields{"action_id": id, "focus_on_load": boolean}
	asks := base.with(fields{"confirm": confirmation})
	menu := asks.with(fields{"placeholder": plain(150)})
	many := menu.with(fields{"max_selected_items": number(1, 100)})
	input := base.with(fields{"placeholder": plain(150), "dispatch_action_config": dispatch})
	button := fields{
		"action_id": id, "text!": plain(75), "value": text(1, 2000), "url": link(3000), "style": style, "confirm": confirmation,
		"accessibility_label": text(1, 75), "agent_prompt": text(1, 3000), "agent_prompt_display": text(1, 3000), "visible_to_user_ids": users,
	}
	feedback := fields{"text!": plain(75), "value!": text(1, 2000), "accessibility_label": text(1, 75)}.check
	choices := fields{"options": list(1, 100, option), "option_groups": groups}
	someChoices := func(f fields) check { return both(f.with(choices).check, atLeastOne("options", "option_groups")) }
	conversations := fields{"default_to_current_conversation": boolean, "filter": filter}
	return map[string]check{
		"button":           button.check,
		"workflow_button":  fields{"action_id": id, "text!": plain(75), "style": style, "accessibility_label": text(1, 75), "workflow!": anyObject}.check,
		"icon_button":      fields{"action_id": id, "icon!": among("trash"), "text!": plain(75), "value": text(1, 2000), "confirm": confirmation, "accessibility_label": text(1, 75), "visible_to_user_ids": users}.check,
		"feedback_buttons": fields{"action_id": id, "positive_button!": feedback, "negative_button!": feedback}.check,
		"image":            image.check,
		"overflow":         fields{"action_id": id, "options!": list(1, 5, option), "confirm": confirmation}.check,
		"checkboxes":       asks.with(fields{"options!": list(1, 10, option), "initial_options": list(1, 10, option), "visible_to_user_ids": users}).check,
		"radio_buttons":    asks.with(fields{"options!": list(1, 10, option), "initial_option": option}).check,
		"datepicker":       menu.with(fields{"initial_date": text(10, 10)}).check,
		"timepicker":       menu.with(fields{"initial_time": text(5, 5), "timezone": text(1, 255)}).check,
		"datetimepicker":   asks.with(fields{"initial_date_time": number(1e9, 1e10)}).check,

		"static_select":              someChoices(menu.with(fields{"initial_option": option})),
		"external_select":            menu.with(fields{"initial_option": option, "min_query_length": number(0, 100)}).check,
		"users_select":               menu.with(fields{"initial_user": id}).check,
		"channels_select":            menu.with(fields{"initial_channel": id, "response_url_enabled": boolean}).check,
		"conversations_select":       menu.with(conversations).with(fields{"initial_conversation": id, "response_url_enabled": boolean}).check,
		"multi_static_select":        someChoices(many.with(fields{"initial_options": list(1, 100, option)})),
		"multi_external_select":      many.with(fields{"initial_options": list(1, 100, option), "min_query_length": number(0, 100)}).check,
		"multi_users_select":         many.with(fields{"initial_users": users}).check,
		"multi_channels_select":      many.with(fields{"initial_channels": users}).check,
		"multi_conversations_select": many.with(conversations).with(fields{"initial_conversations": users}).check,

		"plain_text_input": input.with(fields{"initial_value": text(0, 3000), "multiline": boolean, "min_length": number(0, 3000), "max_length": number(1, 3000)}).check,
		"email_text_input": input.with(fields{"initial_value": text(0, 3000)}).check,
		"url_text_input":   input.with(fields{"initial_value": text(0, 3000)}).check,
		"number_input":     input.with(fields{"is_decimal_allowed!": boolean, "initial_value": text(1, 64), "min_value": text(1, 64), "max_value": text(1, 64)}).check,
		"rich_text_input":  input.with(fields{"initial_value": richTextBlock.check, "min_lines": number(1, 100), "max_lines": number(1, 100)}).check,
		"file_input":       fields{"action_id": id, "filetypes": list(1, 100, text(1, 255)), "max_files": number(1, 10)}.check,
	}
}()

var image = fields{"alt_text!": text(1, 2000), "image_url": link(3000), "slack_file": slackFile}

func anyObject(p *problems, at string, v any) {
	if _, ok := v.(object); !ok {
		p.add(at, "must be an object")
	}
}

// richTextBlock is formatted text, which is not parsed.
var richTextBlock = func() fields {
	marks := fields{}
	for _, name := range []string{"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"} {
		marks[name] = boolean
	}
	styled := fields{"style": marks.check}
	inline := oneOf(map[string]check{
		"text":      styled.with(fields{"text!": text(1, maxText)}).check,
		"link":      styled.with(fields{"url!": link(3000), "text": text(0, maxText), "unsafe": boolean}).check,
		"emoji":     styled.with(fields{"name!": id, "skin_tone": number(1, 6), "unicode": id, "url": link(3000)}).check,
		"user":      styled.with(fields{"user_id!": id}).check,
		"usergroup": styled.with(fields{"usergroup_id!": id}).check,
		"team":      styled.with(fields{"team_id!": id}).check,
		"channel":   styled.with(fields{"channel_id!": id}).check,
		"broadcast": styled.with(fields{"range!": among("here", "channel", "everyone")}).check,
		"color":     styled.with(fields{"value!": id}).check,
		"date":      styled.with(fields{"timestamp!": number(0, 1e11), "format!": id, "url": link(3000), "fallback": text(1, 3000), "timezone": id}).check,
	})
	// Slack has no limit of its own here; that of all blocks holds.
	line := fields{"elements!": list(0, maxText, inline)}
	section := line.check
	bordered := line.with(fields{"border": number(0, 1)})
	return fields{"block_id": id, "elements!": list(1, maxText, oneOf(map[string]check{
		"rich_text_section":      section,
		"rich_text_quote":        bordered.check,
		"rich_text_preformatted": bordered.with(fields{"language": id}).check,
		"rich_text_list": fields{
			"style!": among("bullet", "ordered"), "indent": number(0, 8), "offset": number(0, 1e6), "border": number(0, 1),
			"elements!": list(1, maxText, oneOf(map[string]check{"rich_text_section": section})),
		}.check,
	}))}
}()

// cell is a cell of a table.
var cell = orNull(oneOf(map[string]check{
	"raw_text":   fields{"text!": text(0, maxTableText)}.check,
	"raw_number": fields{"value!": anyNumber, "text": text(0, maxTableText)}.check,
	"rich_text":  richTextBlock.check,
}))

// messageBlocks are the blocks that a message may have.
var messageBlocks = map[string]check{
	"section": both(fields{
		"block_id": id, "text": words(3000), "fields": list(1, 10, words(2000)), "expand": boolean,
		"accessory": oneOf(only(elements, "button", "workflow_button", "image", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker",
			"static_select", "external_select", "users_select", "channels_select", "conversations_select",
			"multi_static_select", "multi_external_select", "multi_users_select", "multi_channels_select", "multi_conversations_select")),
	}.check, atLeastOne("text", "fields")),
	"header":  fields{"block_id": id, "text!": plain(150), "level": number(1, 6)}.check,
	"divider": fields{"block_id": id}.check,
	"context": fields{"block_id": id, "elements!": list(1, 10, oneOf(map[string]check{
		"image":      image.check,
		"plain_text": plainText(3000),
		"mrkdwn":     fields{"text!": text(1, 3000), "verbatim": boolean}.check,
	}))}.check,
	"actions": fields{"block_id": id, "elements!": list(1, 25, oneOf(only(elements, "button", "workflow_button", "overflow", "checkboxes", "radio_buttons",
		"datepicker", "timepicker", "datetimepicker", "rich_text_input",
		"static_select", "external_select", "users_select", "channels_select", "conversations_select",
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_channels_select", "multi_conversations_select")))}.check,
	"context_actions": fields{"block_id": id, "elements!": list(1, 5, oneOf(only(elements, "feedback_buttons", "icon_button")))}.check,
	"image":           both(image.with(fields{"block_id": id, "title": plain(2000)}).check, atLeastOne("image_url", "slack_file")),
	"input": fields{
		"block_id": id, "label!": plain(2000), "hint": plain(2000), "optional": boolean, "dispatch_action": boolean,
		"element!": oneOf(only(elements, "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input",
			"checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker",
			"static_select", "external_select", "users_select", "channels_select", "conversations_select",
			"multi_static_select", "multi_external_select", "multi_users_select", "multi_channels_select", "multi_conversations_select")),
	}.check,
	"markdown":  fields{"block_id": id, "text!": text(1, maxMarkdown)}.check,
	"rich_text": richTextBlock.check,
	"table": fields{
		"block_id": id, "rows!": list(1, 100, list(1, 20, cell)),
		"column_settings": list(1, 20, orNull(fields{"align": among("left", "center", "right", ""), "is_wrapped": boolean}.check)),
	}.check,
	"video": fields{
		"block_id": id, "title!": plain(200), "title_url": link(3000), "description": plain(200), "video_url!": link(3000), "thumbnail_url!": link(3000),
		"alt_text!": text(1, 2000), "author_name": text(1, 50), "provider_name": text(1, 50), "provider_icon_url": link(3000),
	}.check,
}

// readBlocks checks the blocks of a message and gives ids to those that have none.
func readBlocks(data []byte) ([]object, error) {
	var all []any
	if err := json.Unmarshal(data, &all); err != nil || all == nil {
		return nil, refuse("invalid_blocks_format")
	}
	var p problems
	list(0, maxBlocks, oneOf(messageBlocks))(&p, "/blocks", all)
	if p == nil {
		p = together("/blocks", all)
	}
	if p != nil {
		return nil, refuse("invalid_blocks", p...)
	}
	blocks := []object{}
	for _, v := range all {
		block := v.(object)
		fillIDs(block)
		blocks = append(blocks, block)
	}
	return blocks, nil
}

// tooLong reports whether blocks are more than a method of the Web API takes.
// Response URLs take more.
func tooLong(blocks []object) bool {
	return len(blocks) > 0 && utf8.RuneCount(frame(blocks)) > maxBlocksJSON
}

// together finds what is wrong between blocks that are each right and stand at
// a JSON pointer.
func together(where string, all []any) problems {
	var p problems
	markdown, tables := 0, 0
	var ids []any
	for i, v := range all {
		at, block := fmt.Sprintf("%s/%d", where, i), v.(object)
		if id := block["block_id"]; id != nil {
			if slices.Contains(ids, id) {
				p.add(at+"/block_id", "block_id %q already exists", id)
			}
			ids = append(ids, id)
		}
		var actions []any
		for _, e := range elementsOf(block) {
			if id := e["action_id"]; id != nil {
				if slices.Contains(actions, id) {
					p.add(at, "action_id %q already exists in this block", id)
				}
				actions = append(actions, id)
			}
		}
		switch block["type"] {
		case "markdown":
			markdown += utf8.RuneCountInString(block["text"].(string))
		case "table":
			if tables++; tables > 1 {
				p.add(at, "only_one_table_allowed")
			}
			if count(block["rows"]) > maxTableText {
				p.add(at+"/rows", "must be less than %d characters", maxTableText+1)
			}
		}
	}
	if markdown > maxMarkdown {
		p.add(where, "markdown blocks must be less than %d characters together", maxMarkdown+1)
	}
	return p
}

// count returns how many characters of text a value holds.
func count(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, each := range v {
			n += count(each)
		}
	case object:
		if s, ok := v["text"].(string); ok {
			n += utf8.RuneCountInString(s)
		}
		n += count(v["elements"])
	}
	return n
}

// fillIDs gives a block and its elements the ids that they lack.
func fillIDs(block object) {
	if block["block_id"] == nil {
		block["block_id"] = rand.Text()[:5]
	}
	// Text and images have no action_id.
	if block["type"] == "context" || block["type"] == "rich_text" {
		return
	}
	for _, e := range elementsOf(block) {
		if e["action_id"] == nil && e["type"] != "image" {
			e["action_id"] = rand.Text()[:5]
		}
	}
}
