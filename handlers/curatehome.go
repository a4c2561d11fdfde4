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
	var b numbered
	return slices.Concat(
		[]slack.Block{slack.NewHeaderBlock(plain(curatorWords.homeTitle)), slack.NewActionBlock("", b.button(ActionAdd, "", curatorWords.add))},
		b.open(user, c.Open),
		b.unanswered(unansweredGroups(x, c.Unanswered)),
		b.against(s.base, c.Judged),
		[]slack.Block{slack.NewDividerBlock()},
	)
}

// numbered makes the buttons of a view, whose ids differ.
type numbered struct{ n int }

func (b *numbered) button(action, value, label string) *slack.ButtonBlockElement {
	b.n++
	return slack.NewButtonBlockElement(fmt.Sprintf("%s:%d", action, b.n), value, plain(label))
}

// open are the changes that wait for other curators, and those that were sent
// back to the user.
func (b *numbered) open(user string, changes []ChangeRecord) []slack.Block {
	w := curatorWords
	var blocks []slack.Block
	for _, part := range []struct {
		title, action, label string
		wants                func(ChangeRecord) bool
	}{
		{w.homeWaiting, ActionReview, w.review, func(r ChangeRecord) bool { return r.Standing == Proposed }},
		{w.homeReturned, ActionRevise, w.revise, func(r ChangeRecord) bool { return r.Standing == Returned && r.Author == user }},
	} {
		var list []ChangeRecord
		for _, r := range changes {
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
				text.Accessory = slack.NewAccessory(b.button(part.action, r.ID, part.label))
			}
			blocks = append(blocks, text)
		}
	}
	return blocks
}

// unanswered are the questions that were asked most in vain.
func (b *numbered) unanswered(groups []unansweredGroup) []slack.Block {
	w := curatorWords
	blocks := []slack.Block{slack.NewHeaderBlock(plain(w.homeUnanswered))}
	if len(groups) == 0 {
		blocks = append(blocks, slack.NewSectionBlock(plain(w.homeNothing), nil, nil))
	}
	for _, g := range groups[:min(len(groups), maxGroups)] {
		value := strings.Join(g.questions, "\n")
		text := fmt.Sprintf("“%s”\n%s: %s", escape(g.questions[0]), askedTimes(g.count), strings.Join(g.places, ", "))
		blocks = append(blocks, section(shorten(text, maxText)),
			slack.NewActionBlock("", b.button(ActionAdd, value, w.add), b.button(ActionGap, value, w.gap)))
	}
	return blocks
}

// against are the facts of the base that most people voted against.
func (b *numbered) against(base *knowledge.Base, judged []Judgement) []slack.Block {
	w := curatorWords
	var blocks []slack.Block
	shown := 0
	for _, j := range judged {
		if j.Down == 0 || len(j.Facts) == 0 {
			continue
		}
		f := base.Fact(j.Facts[0])
		if f == nil || shown == maxAgainst {
			continue // retired since, or enough
		}
		if shown++; shown == 1 {
			blocks = append(blocks, slack.NewHeaderBlock(plain(w.homeAgainst)))
		}
		text := fmt.Sprintf("%s\n%d against, %d for.", escape(shorten(f.Answer, maxQuestion)), j.Down, j.Up)
		for _, why := range j.Whys[:min(len(j.Whys), 3)] {
			text += "\n“" + escape(shorten(oneLine(why), maxQuestion)) + "”"
		}
		blocks = append(blocks, section(shorten(text, maxText)),
			slack.NewActionBlock("", b.button(ActionEdit, f.ID, w.edit), b.button(ActionRetire, f.ID, w.retire)))
	}
	return blocks
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
