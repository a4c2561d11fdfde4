package handlers

import (
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// Plain returns what the bot says to an answer as lines of text: the same words
// as in Slack, with quotes set in and suggestions listed.
func Plain(b *knowledge.Base, a match.Answer) string {
	s := speaker{base: b, words: english}
	var out strings.Builder
	for _, block := range s.say(a).blocks {
		for _, line := range lines(block) {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

var markedLink = regexp.MustCompile(`<([^|>]*)\|([^>]*)>`)

// lines returns one of our own blocks as text.
func lines(block slack.Block) []string {
	switch b := block.(type) {
	case *slack.SectionBlock:
		return strings.Split(unmarked(b.Text.Text), "\n")
	case *slack.RichTextBlock:
		return []string{"", "    “" + quoted(b) + "”"}
	case *slack.ContextBlock:
		var out []string
		for _, e := range b.ContextElements.Elements {
			if text, ok := e.(*slack.TextBlockObject); ok {
				out = append(out, "    "+unmarked(text.Text), "")
			}
		}
		return out
	case *slack.ActionBlock:
		var out []string
		for _, e := range b.Elements.ElementSet {
			if button, ok := e.(*slack.ButtonBlockElement); ok {
				out = append(out, "  • "+button.Text.Text)
			}
		}
		return out
	}
	return nil
}

func quoted(b *slack.RichTextBlock) string {
	var out strings.Builder
	for _, e := range b.Elements {
		if q, ok := e.(*slack.RichTextQuote); ok {
			for _, e := range q.Elements {
				if text, ok := e.(*slack.RichTextSectionTextElement); ok {
					out.WriteString(text.Text)
				}
			}
		}
	}
	return out.String()
}

func unmarked(markup string) string {
	return entities.Replace(markedLink.ReplaceAllString(markup, "$2 <$1>"))
}
