package handlers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// How much of a thing one reply shows.
const (
	maxFacts    = 5
	maxQuotes   = 4 // of a fact
	maxChoices  = 5
	maxExamples = 3
	maxNames    = 3   // that a choice is about
	maxSources  = 3   // in what the bot says of itself
	maxName     = 200 // characters of a title or a name
	maxQuestion = 300 // characters of a question that is shown
)

// speaker says what a base has to say, in the words of one language.
type speaker struct {
	base    *knowledge.Base
	command string
	words   words
	to      string // the user who is spoken to, if buttons are for that one alone
	key     string // of the event that is answered; empty: votes on it cannot be counted
	came    time.Time
	thread  string // to share a private answer in; empty: where its button stands
	room    int    // for one piece of text; set by fit
}

// fit says it with ever less room for each piece of text until Slack takes it.
func (s speaker) fit(say func(speaker) reply) reply {
	var r reply
	for s.room = maxText; s.room > 20; s.room /= 2 {
		if r = say(s); r.fits() {
			break
		}
	}
	return r
}

// say renders an answer.
func (s speaker) say(a match.Answer) reply {
	return s.fit(func(s speaker) reply { return s.answer(a) })
}

// help renders what the bot can do.
func (s speaker) help() reply { return s.fit(speaker.explain) }

// offer renders an answer with what can be done about it: to look it up, to
// share it if its asker alone sees it, and to judge it. The question is as it
// was written.
func (s speaker) offer(a match.Answer, question string, to audience) reply {
	s.room = maxText
	below := s.below(a, question, to)
	return s.fit(func(s speaker) reply {
		r := s.answer(a)
		r.blocks = append(r.blocks, below...)
		return r
	})
}

// shared renders an answer that user shares with everybody, under the question
// it answers. It is the only reply that mentions a person.
func (s speaker) shared(a match.Answer, question, user string) reply {
	var by []slack.MixedElement
	if userID.MatchString(user) {
		by = append(by, mrkdwn(s.words.sharedBy("<@"+user+">")))
	}
	if hasWord(question) {
		by = append(by, plain(s.words.question(shorten(question, maxQuestion))))
	}
	return s.fit(func(s speaker) reply {
		r := s.answer(a)
		if len(by) > 0 {
			r.blocks = slices.Insert(r.blocks, 0, slack.Block(slack.NewContextBlock("", by...)))
		}
		return r
	})
}

func (s speaker) answer(a match.Answer) reply {
	switch {
	case a.Verdict == match.Chat:
		return s.chat(a.Chat)
	case a.Verdict == match.Sure && len(a.Facts) > 0:
		return s.facts(a)
	case a.Verdict == match.Ambiguous && len(a.Facts) > 1:
		return s.askBack(a.Facts)
	case a.Gap != nil:
		return s.gap(a)
	}
	if !a.AsOf.IsZero() {
		return s.sentence(s.words.unknownThen(s.date(a.AsOf)))
	}
	return s.unknown(slices.Concat(a.Facts, a.Near)) // facts only where too few to choose from
}

func (s speaker) facts(a match.Answer) reply {
	var r reply
	if !a.AsOf.IsZero() {
		r.add(s.sentence(s.words.knownThen(s.date(a.AsOf))))
	}
	if a.Correction != nil {
		r.add(s.sentence(strings.TrimRight(oneLine(a.Correction.Text), ". ") + "."))
	}
	for _, m := range a.Facts[:min(len(a.Facts), maxFacts)] {
		r.add(s.stated(m.Fact, a.AsOf))
	}
	return r
}

// fact says a sentence that carries f, with f's quotes and where they stand.
func (s speaker) fact(f *knowledge.Fact, sentence string) reply {
	r := s.sentence(sentence)
	quotes := f.Quotes[:min(len(f.Quotes), maxQuotes)]
	for _, q := range quotes {
		if text := strings.TrimSpace(clean(q.Text)); text != "" {
			r.blocks = append(r.blocks, quote(shorten(text, s.room)))
		}
	}
	r.add(s.context(f, quotes))
	return r
}

// passage is where some quotes stand in one source.
type passage struct {
	source     *knowledge.Source
	paragraphs []int
}

// passages returns where quotes stand, in their order.
func (s speaker) passages(quotes []knowledge.Quote) []passage {
	var out []passage
	for _, q := range quotes {
		source := s.base.Source(q.Source)
		if source == nil {
			continue
		}
		i := slices.IndexFunc(out, func(p passage) bool { return p.source == source })
		if i < 0 {
			i = len(out)
			out = append(out, passage{source: source})
		}
		if q.Paragraph > 0 && !slices.Contains(out[i].paragraphs, q.Paragraph) {
			out[i].paragraphs = append(out[i].paragraphs, q.Paragraph)
			slices.Sort(out[i].paragraphs)
		}
	}
	return out
}

// context says where quotes stand, and how sure what f says is and since when.
func (s speaker) context(f *knowledge.Fact, quotes []knowledge.Quote) reply {
	var markup, text []string
	var latest time.Time
	kind := kindOf(nil)
	for i, p := range s.passages(quotes) {
		title, publisher, date := s.name(cmp.Or(oneLine(p.source.Title), kindOf(p.source))), s.name(p.source.Publisher), s.date(p.source.Published)
		markup = append(markup, s.words.place(linked(title, p.source.URL, s.room), escape(publisher), date, p.paragraphs))
		text = append(text, s.words.place(title, publisher, date, p.paragraphs))
		if p.source.Published.After(latest) {
			latest = p.source.Published
		}
		if i == 0 {
			kind = kindOf(p.source)
		}
	}
	standing := s.words.standing(f.Certainty, s.name(f.ReportedBy), s.name(kind), s.date(latest))
	if len(text) == 0 && standing == "" {
		return reply{}
	}
	line := func(places []string, standing string) string {
		if len(places) == 0 {
			return standing
		}
		return strings.TrimSpace(s.words.sources(places) + " " + standing)
	}
	return reply{
		text:   line(text, standing),
		blocks: []slack.Block{slack.NewContextBlock("", mrkdwn(line(markup, escape(standing))))},
	}
}

// gap declines with what is missing, and says the nearest thing that is there.
func (s speaker) gap(a match.Answer) reply {
	kind := ""
	if len(s.base.Sources) == 1 {
		kind = s.name(kindOf(&s.base.Sources[0]))
	}
	r := s.sentence(s.words.missing(kind, a.Gap.Missing))
	if len(a.Near) > 0 {
		nearest := a.Near[0].Fact
		r.add(s.fact(nearest, s.words.nearest(kind, nearest.Answer)))
		r.add(s.suggest(s.words.alsoAsk, ActionAnswer, s.questions(a.Near[1:])))
	}
	return r
}

func (s speaker) unknown(near []match.Match) reply {
	r := s.sentence(s.words.unknown)
	if len(near) == 0 {
		r.add(s.sentence(s.words.onlyKnows(s.topic(), s.command)))
		return r
	}
	r.add(s.suggest(s.words.didYouMean, ActionAnswer, s.questions(near)))
	return r
}

func (s speaker) chat(kind string) reply {
	if kind == "about" {
		return s.explain()
	}
	text, known := s.words.chat[kind]
	if !known {
		text = s.words.chatOther
	}
	return s.sentence(strings.ReplaceAll(text, "{topic}", s.topic()))
}

func (s speaker) explain() reply {
	r := s.sentence(s.words.help(s.topic(), s.command))
	r.add(s.suggest(s.words.forExample, ActionAsk, s.examples()))
	return r
}

// askBack asks which of the facts was meant. What is on the buttons is said in
// full above them.
func (s speaker) askBack(facts []match.Match) reply {
	facts = facts[:min(len(facts), maxChoices)]
	choices := s.questions(facts)
	r := s.sentence(s.words.whichOne(len(choices)))
	distinct := slices.ContainsFunc(facts, func(m match.Match) bool { return !slices.Equal(m.Fact.About, facts[0].Fact.About) })
	var list []string
	for i, c := range choices {
		line := c.text
		if names := facts[i].Fact.About; distinct && len(names) > 0 {
			line = s.words.about(line, s.words.list(names[:min(len(names), maxNames)]))
		}
		list = append(list, line)
	}
	r.add(s.numbered(list))
	r.blocks = append(r.blocks, s.buttons(ActionAnswer, choices))
	return r
}

// suggest offers choices after a few words of introduction, and spells them
// out if their buttons cannot. It says nothing if there are none.
func (s speaker) suggest(lead, action string, choices []choice) reply {
	if len(choices) == 0 {
		return reply{}
	}
	choices = choices[:min(len(choices), maxChoices)]
	var list []string
	spell := false
	for _, c := range choices {
		list = append(list, c.text)
		spell = spell || width(c.text) > maxLabel
	}
	r := s.sentence(lead)
	spelled := s.numbered(list)
	if !spell {
		spelled.blocks = nil
	}
	r.add(spelled)
	r.blocks = append(r.blocks, s.buttons(action, choices))
	return r
}

// numbered lists lines.
func (s speaker) numbered(list []string) reply {
	var lines []string
	for i, line := range list {
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, shorten(oneLine(line), s.room/len(list))))
	}
	return reply{
		text:   strings.Join(lines, " "),
		blocks: []slack.Block{section(escape(shorten(strings.Join(lines, "\n"), s.room)))},
	}
}

// questions makes of each fact the choice to ask for it.
func (s speaker) questions(facts []match.Match) []choice {
	var out []choice
	for _, m := range facts {
		question := cmp.Or(oneLine(asked(m.Fact)), oneLine(m.Question), oneLine(m.Fact.Answer), m.Fact.ID)
		out = append(out, choice{text: s.asQuestion(question), value: m.Fact.ID})
	}
	return out
}

// examples are questions from all over the base, on different things.
func (s speaker) examples() []choice {
	var out []choice
	var topics [][]string
	n := len(s.base.Facts)
	for part := range maxExamples {
		for _, f := range s.base.Facts[part*n/maxExamples : (part+1)*n/maxExamples] {
			known := slices.ContainsFunc(topics, func(about []string) bool { return slices.Equal(about, f.About) })
			if q := oneLine(asked(&f)); !known && hasWord(q) && width(q) <= maxQuestion {
				out = append(out, choice{text: s.asQuestion(q), value: q})
				topics = append(topics, f.About)
				break
			}
		}
	}
	return out
}

// topic is what the base is about: its sources.
func (s speaker) topic() string {
	var out []string
	for _, source := range s.base.Sources[:min(len(s.base.Sources), maxSources)] {
		out = append(out, s.words.topic(s.name(source.Title), s.date(source.Published)))
	}
	if more := len(s.base.Sources) - maxSources; more > 0 {
		out = append(out, s.words.more(more))
	}
	return s.words.list(out)
}

// sentence says one piece of text, and nothing if it is empty.
func (s speaker) sentence(text string) reply {
	if text = oneLine(text); text == "" {
		return reply{}
	}
	return reply{text: text, blocks: []slack.Block{section(escape(shorten(text, s.room)))}}
}

func (s speaker) asQuestion(q string) string {
	return shorten(s.words.asQuestion(oneLine(q)), min(s.room, maxQuestion))
}

func (s speaker) name(name string) string { return shorten(oneLine(name), min(s.room, maxName)) }

func (s speaker) date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return s.words.date(t)
}

func kindOf(source *knowledge.Source) string {
	if source == nil || source.Kind == "" {
		return "source"
	}
	return source.Kind
}

// asked is a fact's own question, the first of the ways to ask for it.
func asked(f *knowledge.Fact) string {
	if len(f.Questions) == 0 {
		return ""
	}
	return f.Questions[0]
}

func ids(facts []match.Match) []string {
	var out []string
	for _, m := range facts {
		out = append(out, m.Fact.ID)
	}
	return out
}
