package handlers

import (
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"

	"footnote/knowledge/match"
)

// below is what stands under an answer.
func (s speaker) below(a match.Answer, question string, to audience) []slack.Block {
	if a.Verdict != match.Sure && a.Verdict != match.Abstain {
		return nil
	}
	var out []slack.Block
	var row []slack.BlockElement
	if b := s.lookUp(a); b != nil {
		row = append(row, b)
	}
	if to == inPrivate {
		if b := s.share(a, question); b != nil {
			row = append(row, b)
		}
	}
	if len(row) > 0 {
		out = append(out, slack.NewActionBlock(s.bind(ActionShare), row...))
	}
	return append(out, s.vote(to)...)
}

// lookUp is the button that shows where an answer stands, or nil if it stands
// nowhere.
func (s speaker) lookUp(a match.Answer) slack.BlockElement {
	said := a.Facts[:min(len(a.Facts), maxFacts)]
	if a.Verdict != match.Sure {
		said = a.Near[:min(len(a.Near), 1)]
		if a.Gap == nil {
			return nil // it says none
		}
	}
	value := strings.Join(ids(said), " ")
	if value == "" || len(value) > maxValue {
		return nil
	}
	kind := kindOf(nil)
	if places := s.passages(said[0].Fact.Quotes); len(places) > 0 {
		kind = kindOf(places[0].source)
	}
	label := s.words.showSource(s.name(kind))
	return slack.NewButtonBlockElement(ActionSource, value, plain(shorten(brackets.Replace(label), maxLabel)))
}

// share is the button that makes a private answer public, or nil if there is
// nothing to share.
func (s speaker) share(a match.Answer, question string) slack.BlockElement {
	if a.Verdict != match.Sure || len(a.Facts) == 0 {
		return nil
	}
	v := share{Question: shorten(echo(question), maxQuestion), Facts: ids(a.Facts), Thread: s.thread}
	if !s.came.IsZero() {
		v.Until = s.came.Add(shareFor).Unix()
	}
	value, err := json.Marshal(v)
	if err != nil || len(value) > maxValue {
		return nil // with ids so long there is no naming it in a button
	}
	return slack.NewButtonBlockElement(ActionShare, string(value), plain(s.words.share)).WithStyle(slack.StylePrimary)
}

// vote asks what is thought of an answer. On a private one its reader alone may
// vote, on a public one everybody.
func (s speaker) vote(to audience) []slack.Block {
	up, down := voteUp+s.key, voteDown+s.key
	if s.key == "" || clean(s.key) != s.key || len(down) > maxValue {
		return nil
	}
	block := ""
	if to == inPrivate {
		block = s.bind(ActionVote)
	}
	return []slack.Block{slack.NewContextActionsBlock(block, slack.NewFeedbackButtonsBlockElement(ActionVote,
		slack.NewFeedbackButton(plain(s.words.helpful), up).WithAccessibilityLabel(s.words.helpfulLabel),
		slack.NewFeedbackButton(plain(s.words.unhelpful), down).WithAccessibilityLabel(s.words.unhelpfulLabel)))}
}

// What the value of a vote's button begins with; the key of the event follows.
const (
	voteUp   = "up "
	voteDown = "down "
)

// readVote reads the value of a vote's button.
func readVote(value string) (Vote, bool) {
	if key, ok := strings.CutPrefix(value, voteUp); ok && key != "" {
		return Vote{Event: key, Up: true}, true
	}
	key, ok := strings.CutPrefix(value, voteDown)
	return Vote{Event: key}, ok && key != ""
}
