package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestBlocksAreChecked(t *testing.T) {
	x := func(n int) string { return strings.Repeat("ü", n) }
	many := func(n int, each string) string { return strings.TrimSuffix(strings.Repeat(each+",", n), ",") }
	plain := func(text string) string { return `{"type":"plain_text","text":"` + text + `"}` }
	option := func(text string) string { return `{"text":` + plain(text) + `,"value":"v"}` }
	section := func(text string) string { return `{"type":"section","text":{"type":"mrkdwn","text":"` + text + `"}}` }
	button := func(rest string) string { return `{"type":"button","text":` + plain("Go") + rest + `}` }
	actions := func(elements string) string { return `{"type":"actions","elements":[` + elements + `]}` }
	rich := func(elements string) string {
		return `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[` + elements + `]}]}`
	}
	menu := func(options string) string {
		return actions(`{"type":"static_select","options":[` + options + `]}`)
	}
	for _, tt := range []struct{ claim, blocks, want string }{
		{"section", section("hi"), ""},
		{"unknown block", `{"type":"poster"}`, "unsupported type: poster [json-pointer:/blocks/0/type]"},
		{"block without type", `{"text":"hi"}`, "missing required field: type [json-pointer:/blocks/0]"},
		{"block that is a string", `"divider"`, "must be an object [json-pointer:/blocks/0]"},
		{"section without text", `{"type":"section"}`, "missing required field: text or fields [json-pointer:/blocks/0]"},
		{"section with fields", `{"type":"section","fields":[` + many(10, plain("f")) + `]}`, ""},
		{"section with 11 fields", `{"type":"section","fields":[` + many(11, plain("f")) + `]}`, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"},
		{"empty section", section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		{"3,000 characters", section(x(3000)), ""},
		{"3,001 characters", section(x(3001)), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{"the second block", `{"type":"divider"},` + section(x(3001)), "must be less than 3001 characters [json-pointer:/blocks/1/text/text]"},
		{"text of an unknown kind", `{"type":"section","text":{"type":"html","text":"hi"}}`, "unsupported type: html [json-pointer:/blocks/0/text/type]"},
		{"property that is not there", `{"type":"divider","colour":"red"}`, "invalid additional property: colour [json-pointer:/blocks/0]"},
		{"50 blocks", many(50, `{"type":"divider"}`), ""},
		{"51 blocks", many(51, `{"type":"divider"}`), "no more than 50 items allowed [json-pointer:/blocks]"},
		{"header of 150", `{"type":"header","text":` + plain(x(150)) + `}`, ""},
		{"header of 151", `{"type":"header","text":` + plain(x(151)) + `}`, "must be less than 151 characters [json-pointer:/blocks/0/text/text]"},
		{"header with mrkdwn", `{"type":"header","text":{"type":"mrkdwn","text":"hi"}}`, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"},
		{"context of 10", `{"type":"context","elements":[` + many(10, plain("c")) + `]}`, ""},
		{"context of 11", `{"type":"context","elements":[` + many(11, plain("c")) + `]}`, "no more than 10 items allowed [json-pointer:/blocks/0/elements]"},
		{"button in a context", `{"type":"context","elements":[` + button("") + `]}`, "unsupported type: button [json-pointer:/blocks/0/elements/0/type]"},
		{"actions of 25", actions(many(25, button(""))), ""},
		{"actions of 26", actions(many(26, button(""))), "no more than 25 items allowed [json-pointer:/blocks/0/elements]"},
		{"no actions", actions(""), "no fewer than 1 items required [json-pointer:/blocks/0/elements]"},
		{"button text of 76", actions(`{"type":"button","text":` + plain(x(76)) + `}`), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"},
		{"button without text", actions(`{"type":"button","action_id":"a"}`), "missing required field: text [json-pointer:/blocks/0/elements/0]"},
		{"button in red", actions(button(`,"style":"red"`)), "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]"},
		{"button value of 2,000", actions(button(`,"value":"` + x(2000) + `"`)), ""},
		{"button value of 2,001", actions(button(`,"value":"` + x(2001) + `"`)), "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"},
		{"button with a number for a value", actions(button(`,"value":1`)), "must be a string [json-pointer:/blocks/0/elements/0/value]"},
		{"button to a script", actions(button(`,"url":"javascript:alert(1)"`)), "invalid url [json-pointer:/blocks/0/elements/0/url]"},
		{"action_id of 256", actions(button(`,"action_id":"` + x(256) + `"`)), "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]"},
		{"action_id twice", actions(many(2, button(`,"action_id":"a"`))), `action_id "a" already exists in this block [json-pointer:/blocks/0]`},
		{"action_id in two blocks", many(2, actions(button(`,"action_id":"a"`))), ""},
		{"block_id of 256", `{"type":"divider","block_id":"` + x(256) + `"}`, "must be less than 256 characters [json-pointer:/blocks/0/block_id]"},
		{"block_id twice", many(2, `{"type":"divider","block_id":"b"}`), `block_id "b" already exists [json-pointer:/blocks/1/block_id]`},
		{"100 options", menu(many(100, option("o"))), ""},
		{"101 options", menu(many(101, option("o"))), "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]"},
		{"option text of 76", menu(option(x(76))), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]"},
		{"menu without options", actions(`{"type":"static_select"}`), "missing required field: options or option_groups [json-pointer:/blocks/0/elements/0]"},
		{"feedback", `{"type":"context_actions","elements":[{"type":"feedback_buttons","action_id":"f","positive_button":{"text":` + plain("Good") + `,"value":"good"},"negative_button":{"text":` + plain("Bad") + `,"value":"bad"}}]}`, ""},
		{"half a feedback", `{"type":"context_actions","elements":[{"type":"feedback_buttons","positive_button":{"text":` + plain("Good") + `,"value":"good"}}]}`, "missing required field: negative_button [json-pointer:/blocks/0/elements/0]"},
		{"six context actions", `{"type":"context_actions","elements":[` + many(6, `{"type":"icon_button","icon":"trash","text":`+plain("Remove")+`}`) + `]}`, "no more than 5 items allowed [json-pointer:/blocks/0/elements]"},
		{"button among context actions", `{"type":"context_actions","elements":[` + button("") + `]}`, "unsupported type: button [json-pointer:/blocks/0/elements/0/type]"},
		{"rich text", rich(`{"type":"text","text":"hi","style":{"bold":true}},{"type":"link","url":"https://example.com","text":"there"},{"type":"user","user_id":"U0ASKER"}`), ""},
		{"rich text of an unknown kind", rich(`{"type":"video"}`), "unsupported type: video [json-pointer:/blocks/0/elements/0/elements/0/type]"},
		{"rich text that says nothing", rich(`{"type":"text","text":""}`), "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]"},
		{"rich text without a section", `{"type":"rich_text","elements":[{"type":"text","text":"hi"}]}`, "unsupported type: text [json-pointer:/blocks/0/elements/0/type]"},
		{"list of sections", `{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[]}]}]}`, ""},
		{"list of quotes", `{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_quote","elements":[]}]}]}`, "unsupported type: rich_text_quote [json-pointer:/blocks/0/elements/0/elements/0/type]"},
		{"markdown of 12,000", `{"type":"markdown","text":"` + x(12_000) + `"}`, ""},
		{"markdown of 12,001", `{"type":"markdown","text":"` + x(12_001) + `"}`, "must be less than 12001 characters [json-pointer:/blocks/0/text]"},
		{"12,001 in two markdowns", `{"type":"markdown","text":"` + x(12_000) + `"},{"type":"markdown","text":"x"}`, "markdown blocks must be less than 12001 characters together [json-pointer:/blocks]"},
		{"image without alt text", `{"type":"image","image_url":"https://example.com/i.png"}`, "missing required field: alt_text [json-pointer:/blocks/0]"},
		{"table", `{"type":"table","rows":[[{"type":"raw_text","text":"a"},null],[{"type":"raw_number","value":1.5},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[]}]}]],"column_settings":[null,{"align":"right","is_wrapped":true}]}`, ""},
		{"table of 21 columns", `{"type":"table","rows":[[` + many(21, `{"type":"raw_text","text":"a"}`) + `]]}`, "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]"},
		{"two tables", many(2, `{"type":"table","rows":[[{"type":"raw_text","text":"a"}]]}`), "only_one_table_allowed [json-pointer:/blocks/1]"},
		{"table of 10,001 characters", `{"type":"table","rows":[[{"type":"raw_text","text":"` + x(10_000) + `"},{"type":"raw_text","text":"a"}]]}`, "must be less than 10001 characters [json-pointer:/blocks/0/rows]"},
	} {
		_, err := readBlocks([]byte("[" + tt.blocks + "]"))
		var no *refusal
		var got []string
		if errors.As(err, &no) {
			got = no.messages
		}
		if tt.want == "" && err != nil || tt.want != "" && !slices.Equal(got, []string{"[ERROR] " + tt.want}) {
			t.Errorf("%s: %v, want %q", tt.claim, err, tt.want)
		}
	}
}

func TestBlocksOfRealClientPass(t *testing.T) {
	text := slack.NewTextBlockObject(slack.PlainTextType, "text", true, false)
	markup := slack.NewTextBlockObject(slack.MarkdownType, "*text*", false, true)
	option := slack.NewOptionBlockObject("v", text, text)
	inline := slack.NewRichTextSection(
		slack.NewRichTextSectionTextElement("quote", &slack.RichTextSectionTextStyle{Italic: true}),
		slack.NewRichTextSectionLinkElement("https://example.com", "source", nil),
		slack.NewRichTextSectionUserElement("U0ASKER", nil),
		slack.NewRichTextSectionEmojiElement("eyes", 1, nil),
	)
	blocks := slack.Blocks{BlockSet: []slack.Block{
		slack.NewHeaderBlock(text),
		slack.NewDividerBlock(),
		slack.NewSectionBlock(markup, []*slack.TextBlockObject{text, markup}, slack.NewAccessory(slack.NewImageBlockElement("https://example.com/i.png", "image"))),
		slack.NewContextBlock("", markup, text),
		slack.NewActionBlock("", slack.NewButtonBlockElement("a", "v", text).WithStyle(slack.StylePrimary).WithConfirm(slack.NewConfirmationBlockObject(text, markup, text, text)),
			slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, text, "s", option), slack.NewOverflowBlockElement("o", option, option)),
		slack.NewContextActionsBlock("", slack.NewFeedbackButtonsBlockElement("f", slack.NewFeedbackButton(text, "good"), slack.NewFeedbackButton(text, "bad"))),
		slack.NewRichTextBlock("", inline, slack.NewRichTextList(slack.RTEListBullet, 0, inline), &slack.RichTextQuote{Type: slack.RTEQuote, Elements: inline.Elements},
			&slack.RichTextPreformatted{Type: slack.RTEPreformatted, Elements: inline.Elements}),
		slack.NewMarkdownBlock("", "**text**"),
		slack.NewTableBlock("").AddRow(slack.NewTableRichTextCell(inline), nil),
	}}
	data, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readBlocks(data)
	if err != nil || len(got) != len(blocks.BlockSet) {
		t.Fatal(err)
	}
	for _, block := range got {
		if id, _ := block["block_id"].(string); id == "" {
			t.Errorf("block %v has no id", block)
		}
	}
}

func TestBlocksAltogetherTooLong(t *testing.T) {
	x := start(t, Config{})
	for n, want := range map[int]string{4: "", 5: "msg_blocks_too_long"} {
		var blocks []slack.Block
		for range n {
			blocks = append(blocks, slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, strings.Repeat("<", 2900), false, false), nil, nil))
		}
		if _, _, err := x.api.PostMessage("C0GENERAL", slack.MsgOptionBlocks(blocks...)); code(err) != want {
			t.Errorf("%d sections of 2,900: %v, want %q", n, err, want)
		}
	}
}

func TestRefusedBlocksAnswerWithDetails(t *testing.T) {
	x := start(t, Config{})
	answer := x.request(t, "POST", "/api/chat.postMessage", jsonKind, `{"channel":"C0GENERAL","text":"hi","blocks":[{"type":"section"}]}`)
	details, _ := answer["response_metadata"].(object)
	if answer["error"] != "invalid_blocks" || fmt.Sprint(details["messages"]) != "[[ERROR] missing required field: text or fields [json-pointer:/blocks/0]]" {
		t.Errorf("answer = %v", answer)
	}
	if seen := x.messages(t, "C0GENERAL", ""); len(seen) != 0 {
		t.Errorf("it was posted all the same: %v", seen)
	}
}
