package handlers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// How much of a thing curators are shown at a time.
const (
	maxWaiting = 10
	maxGroups  = 10
	maxAgainst = 5
	maxWays    = 10 // of asking, of a group
)

// curatorHome is what a curator finds above what everybody sees.
func (s speaker) curatorHome(x *match.Index, user string, c *Curation) []slack.Block {
	w := curatorWords
	n := 0
	button := func(action, value, label string) *slack.ButtonBlockElement {
		n++
		return slack.NewButtonBlockElement(fmt.Sprintf("%s:%d", action, n), value, plain(label))
	}
	blocks := []slack.Block{slack.NewHeaderBlock(plain(w.homeTitle)), slack.NewActionBlock("", button(ActionAdd, "", w.add))}
	for _, part := range []struct {
		title, action, label string
		wants                func(ChangeRecord) bool
	}{
		{w.homeWaiting, ActionReview, w.review, func(r ChangeRecord) bool { return r.Standing == Proposed }},
		{w.homeReturned, ActionRevise, w.revise, func(r ChangeRecord) bool { return r.Standing == Returned && r.Author == user }},
	} {
		var list []ChangeRecord
		for _, r := range c.Open {
			if part.wants(r) {
				list = append(list, r)
			}
		}
		if len(list) > 0 {
			blocks = append(blocks, slack.NewHeaderBlock(plain(part.title)))
		}
		for _, r := range list[:min(len(list), maxWaiting)] {
			text := slack.NewSectionBlock(mrkdwn(fmt.Sprintf("%s\n<@%s>", escape(headline(r.Change)), r.Author)), nil, nil)
			if part.action != ActionReview || r.Author != user {
				text.Accessory = slack.NewAccessory(button(part.action, r.ID, part.label))
			}
			blocks = append(blocks, text)
		}
	}
	blocks = append(blocks, slack.NewHeaderBlock(plain(w.homeUnanswered)))
	groups := unansweredGroups(x, c.Unanswered)
	if len(groups) == 0 {
		blocks = append(blocks, slack.NewSectionBlock(plain(w.homeNothing), nil, nil))
	}
	for _, g := range groups[:min(len(groups), maxGroups)] {
		value := strings.Join(g.questions, "\n")
		text := fmt.Sprintf("“%s”\n%s: %s", escape(g.questions[0]), askedTimes(g.count), strings.Join(g.places, ", "))
		blocks = append(blocks, section(shorten(text, maxText)),
			slack.NewActionBlock("", button(ActionAdd, value, w.add), button(ActionGap, value, w.gap)))
	}
	title := true
	for _, j := range c.Judged[:min(len(c.Judged), maxAgainst)] {
		if j.Down == 0 || len(j.Facts) == 0 {
			continue
		}
		f := s.base.Fact(j.Facts[0])
		if f == nil {
			continue
		}
		if title {
			blocks = append(blocks, slack.NewHeaderBlock(plain(w.homeAgainst)))
			title = false
		}
		text := fmt.Sprintf("%s\n%d against, %d for.", escape(shorten(f.Answer, maxQuestion)), j.Down, j.Up)
		for _, why := range j.Whys[:min(len(j.Whys), 3)] {
			text += "\n“" + escape(shorten(oneLine(clean(why)), maxQuestion)) + "”"
		}
		blocks = append(blocks, section(shorten(text, maxText)), slack.NewActionBlock("", button(ActionEdit, f.ID, w.edit), button(ActionRetire, f.ID, w.retire)))
	}
	return append(blocks, slack.NewDividerBlock())
}

// unansweredGroup is one question in its wordings.
type unansweredGroup struct {
	questions []string
	places    []string
	count     int
}

// unansweredGroups puts together what is alike and still not answered, the most
// frequent first.
func unansweredGroups(x *match.Index, list []Unanswered) []unansweredGroup {
	var open []Unanswered
	var questions []string
	for _, u := range list {
		if q := shorten(echo(u.Question), maxQuestion); hasWord(q) && x.Answer(match.Question{Text: u.Question}).Verdict != match.Sure {
			open, questions = append(open, u), append(questions, q)
		}
	}
	var out []unansweredGroup
	for _, members := range x.Group(questions) {
		g := unansweredGroup{count: len(members)}
		size := 0
		seen := map[string]bool{}
		for _, i := range members {
			place := "in private"
			if strings.HasPrefix(open[i].Channel, "C") && open[i].Kind != Command && open[i].Kind != Find {
				place = "<#" + open[i].Channel + ">"
			}
			if !slices.Contains(g.places, place) {
				g.places = append(g.places, place)
			}
			key := knowledge.Fold(questions[i])
			if size+len(questions[i]) < maxValue-maxWays && len(g.questions) < maxWays && !seen[key] {
				seen[key] = true
				size += len(questions[i])
				g.questions = append(g.questions, questions[i])
			}
		}
		out = append(out, g)
	}
	slices.SortStableFunc(out, func(a, b unansweredGroup) int { return b.count - a.count })
	return out
}

// care are a curator's buttons under a fact.
func care(f *knowledge.Fact) slack.Block {
	return slack.NewActionBlock("",
		slack.NewButtonBlockElement(ActionEdit+":1", f.ID, plain(curatorWords.edit)),
		slack.NewButtonBlockElement(ActionRetire+":1", f.ID, plain(curatorWords.retire)))
}
