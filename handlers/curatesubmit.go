package handlers

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// wrong is an ack that says what is wrong with which fields.
func wrong(faults map[string]string) Decision {
	for id, text := range faults {
		faults[id] = shorten(text, maxContext)
	}
	return Decision{Silent: true, Ack: slack.NewErrorsViewSubmissionResponse(faults)}
}

// submitFact proposes what a modal says, if it checks.
func (h *Handler) submitFact(x *match.Index, ev Event, t task) Decision {
	b, v, w := x.Base(), ev.View.Values, curatorWords
	faults := map[string]string{}
	var f knowledge.Fact
	if t.ID != "" {
		old := t.fact(b)
		if old == nil {
			return Decision{Silent: true, Ack: became(w.gone)}
		}
		f = *old
	}
	fresh, source := newSource(b, v, faults)
	f.Answer, f.Certainty = oneLine(clean(v[fieldAnswer])), knowledge.Certainty(v[fieldCertainty])
	f.Questions = lined(v[fieldQuestions], unseen(ev.Memory.Curation, t, f.Questions))
	f.Quotes = quotesOf(v[fieldQuotes], f.Quotes, source)
	switch {
	case len(f.Quotes) == 0:
		faults[fieldQuotes] = w.needQuote
	case source != nil:
		for _, q := range f.Quotes {
			from := source
			if q.Source != source.ID {
				from = b.Source(q.Source)
			}
			if from != nil && !from.Holds(q.Text) {
				faults[fieldQuotes] = notInSource(from.Nearest(q.Text))
				break
			}
		}
	}
	if f.Answer == "" {
		faults[fieldAnswer] = w.needAnswer
	}
	if len(f.Questions) == 0 {
		faults[fieldQuestions] = w.needQuestions
	}
	if len(faults) > 0 {
		return wrong(faults)
	}
	if t.ID == "" {
		f.ID = freshID(b, f.Questions[0])
		f.About = about(b, f.Answer+" "+f.Quotes[0].Text)
	}
	c := b.Draw(f.ID, &f, nil)
	c.Source = fresh
	return h.propose(b, ev, t, c)
}

// newSource is the source that is chosen or pasted: fresh is not nil if it is
// pasted.
func newSource(b *knowledge.Base, v map[string]string, faults map[string]string) (fresh, source *knowledge.Source) {
	w := curatorWords
	chosen, text := b.Source(v[fieldSource]), strings.TrimSpace(v[fieldSourceText])
	switch {
	case text == "" && chosen == nil:
		faults[fieldSourceText] = w.noSource
		return nil, nil
	case text == "":
		return nil, chosen
	case chosen != nil && len(b.Sources) > 1:
		faults[fieldSourceText] = w.oneSource
		return nil, chosen
	}
	title := oneLine(clean(v[fieldSourceTitle]))
	published, err := time.Parse(time.DateOnly, v[fieldSourceDate])
	if title == "" {
		faults[fieldSourceTitle] = w.needTitle
	}
	if err != nil {
		faults[fieldSourceDate] = w.needDate
	}
	id := slug(title)
	for n := 2; b.Source(id) != nil && b.Source(id).Text != text; n++ {
		id = fmt.Sprintf("%s-%d", slug(title), n)
	}
	fresh = &knowledge.Source{ID: id, Kind: "source", Title: title, Published: published, Text: text, File: id + ".txt"}
	return fresh, fresh
}

var emptyLine = regexp.MustCompile(`\n[^\S\n]*\n`)

// quotesOf reads quotes, with empty lines between them. One that stood there
// before stays as it was, with its source.
func quotesOf(text string, old []knowledge.Quote, source *knowledge.Source) []knowledge.Quote {
	var out []knowledge.Quote
	for _, part := range emptyLine.Split(strings.ReplaceAll(text, "\r", ""), -1) {
		q := knowledge.Quote{Text: strings.TrimSpace(part)}
		if q.Text == "" {
			continue
		}
		if source != nil {
			q.Source = source.ID
		}
		for _, o := range old {
			if spaced(o.Text) == spaced(q.Text) {
				q.Text, q.Source = o.Text, o.Source
			}
		}
		out = append(out, q)
	}
	return out
}

// unseen are the questions that the form for a fact had no room for: of the
// change that was sent back, or of the fact as it is, which has these.
func unseen(c *Curation, t task, questions []string) []string {
	if r := c.find(t.In); r != nil && r.Change.Fact != nil {
		questions = r.Change.Fact.Questions
	}
	_, rest := fitting(questions)
	return rest
}

// lined returns the lines of a text that say something, and what goes on after
// them, each once.
func lined(text string, more []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, line := range append(strings.Split(text, "\n"), more...) {
		line = oneLine(line)
		if key := knowledge.Fold(line); key != "" && !seen[key] {
			seen[key] = true
			out = append(out, line)
		}
	}
	return out
}

// slug makes an id of some words.
func slug(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return cmp.Or(strings.Join(words[:min(len(words), 6)], "-"), "entry")
}

// freshID is an id that no entry of the base has.
func freshID(b *knowledge.Base, question string) string {
	id := slug(question)
	for n := 2; b.Fact(id) != nil || b.Gap(id) != nil; n++ {
		id = fmt.Sprintf("%s-%d", slug(question), n)
	}
	return id
}

// about are the names of the base that a text says.
func about(b *knowledge.Base, text string) []string {
	said := " " + knowledge.Fold(text) + " "
	var out []string
	for _, n := range b.Names {
		if slices.ContainsFunc(append([]string{n.ID}, n.Aliases...), func(a string) bool { return strings.Contains(said, " "+knowledge.Fold(a)+" ") }) {
			out = append(out, n.ID)
		}
	}
	return out
}

func (h *Handler) submitGap(x *match.Index, ev Event, t task) Decision {
	b, v := x.Base(), ev.View.Values
	g := knowledge.Gap{Missing: oneLine(clean(v[fieldMissing])), Questions: lined(v[fieldQuestions], nil)}
	if len(g.Questions) == 0 {
		return wrong(map[string]string{fieldQuestions: curatorWords.needQuestions})
	}
	g.ID = freshID(b, g.Questions[0])
	for _, m := range x.Rank(match.Question{Text: g.Questions[0]}, 1) {
		g.Near = append(g.Near, m.Fact.ID)
	}
	if len(g.Near) == 0 && len(b.Facts) > 0 {
		g.Near = []string{b.Facts[0].ID}
	}
	return h.propose(b, ev, t, b.Draw(g.ID, nil, &g))
}

func (h *Handler) submitRetire(x *match.Index, ev Event, t task) Decision {
	if t.fact(x.Base()) == nil {
		return Decision{Silent: true, Ack: became(curatorWords.gone)}
	}
	return h.propose(x.Base(), ev, t, x.Base().Draw(t.ID, nil, nil))
}

// propose puts a change forward, unless the base would not check with it.
func (h *Handler) propose(b *knowledge.Base, ev Event, t task, c knowledge.Change) Decision {
	if ev.Memory.Curation.find(t.changeID()) != nil { // it was sent off before
		return Decision{Silent: true, Ack: became(curatorWords.proposed)}
	}
	if len(h.Policy.Curators)-1 < max(1, h.Approvals) {
		return Decision{Silent: true, Ack: became(curatorWords.nobodyElse)}
	}
	if _, err := b.With(c); err != nil {
		return wrong(faultsOf(err, ev.View.Callback))
	}
	p := &Proposal{ID: t.changeID(), Change: c, Why: oneLine(clean(ev.View.Values[fieldWhy])), In: t.In}
	d := Decision{Ack: became(curatorWords.proposed), Verdict: match.Chat, Proposal: p}
	for _, curator := range h.Policy.Curators {
		if curator == ev.User {
			continue
		}
		text := fmt.Sprintf("<@%s> proposes a change of the facts: %s", ev.User, escape(headline(c)))
		button := slack.NewButtonBlockElement(ActionReview+":1", p.ID, plain(curatorWords.review))
		d.Actions = append(d.Actions, toPerson(curator, text, slack.NewActionBlock("", button)))
	}
	return d
}

// headline is a change in a line.
func headline(c knowledge.Change) string {
	what, kind := "", "New fact"
	switch {
	case c.Fact != nil:
		what = c.Fact.Answer
		if c.BeforeFact != nil {
			kind = "Edited fact"
		}
	case c.Gap != nil:
		what, kind = c.Gap.Missing, "Gap"
	case c.BeforeFact != nil:
		what, kind = c.BeforeFact.Answer, "Retired fact"
	case c.BeforeGap != nil:
		what, kind = c.BeforeGap.Missing, "Retired gap"
	}
	return kind + ": " + shorten(oneLine(what), maxQuestion)
}

// toPerson says something to somebody in a direct message.
func toPerson(user, markup string, more ...slack.Block) Action {
	markup = shorten(markup, maxText)
	return Action{Channel: user, Text: markup, Blocks: Blocks{Blocks: slack.Blocks{BlockSet: append([]slack.Block{section(markup)}, more...)}}}
}

// faultsOf puts the problems of a base to the fields of a modal.
func faultsOf(err error, callback string) map[string]string {
	faults := map[string]string{}
	add := func(id, text string) {
		if callback == callbackRetire || callback == callbackGap && id != fieldQuestions && id != fieldMissing {
			id = fieldWhy
		}
		faults[id] = strings.TrimSpace(faults[id] + " " + text)
	}
	var problems knowledge.Problems
	if !errors.As(err, &problems) {
		add(fieldWhy, err.Error())
	}
	for _, p := range problems {
		id := fieldWhy
		for begins, field := range map[string]string{"the answer": fieldAnswer, "the quote": fieldQuotes, "certainty": fieldCertainty, "missing": fieldMissing,
			"the question": fieldQuestions, "a question": fieldQuestions, "no questions": fieldQuestions} {
			if strings.HasPrefix(p.Msg, begins) {
				id = field
			}
		}
		add(id, strings.TrimSpace(p.Entry+": "+p.Msg)+".")
	}
	return faults
}

// submitReview counts what a curator says of somebody else's change.
func (h *Handler) submitReview(x *match.Index, ev Event, t task) Decision {
	c, v, w := ev.Memory.Curation, ev.View.Values, curatorWords
	r := c.find(t.ID)
	switch {
	case r == nil || r.Standing != Proposed, slices.ContainsFunc(r.Reviews, func(old ReviewRecord) bool { return old.Person == ev.User }):
		return Decision{Silent: true, Ack: became(w.gone)}
	case r.Author == ev.User:
		return Decision{Silent: true, Ack: became(w.own)}
	}
	out := &Review{Change: r.ID, Opinion: Opinion(v[fieldOpinion]), Why: strings.TrimSpace(clean(v[fieldWhy]))}
	d := Decision{Verdict: match.Chat, Review: out}
	toAuthor := func(outcome string, more ...slack.Block) Action {
		text := fmt.Sprintf("%s\n<@%s>: %s", escape(headline(r.Change)), ev.User, escape(outcome))
		return toPerson(r.Author, text, more...)
	}
	switch out.Opinion {
	case Return, Reject:
		if out.Why == "" {
			return wrong(map[string]string{fieldWhy: w.needReason})
		}
		if out.Opinion == Reject {
			d.Ack, d.Actions = became("The change "+w.rejected+"."), []Action{toAuthor(w.rejected + ". " + out.Why)}
			return d
		}
		button := slack.NewButtonBlockElement(ActionRevise+":1", r.ID, plain(w.revise))
		d.Ack, d.Actions = became("Sent back to its author."), []Action{toAuthor(w.returned+". "+out.Why, slack.NewActionBlock("", button))}
		return d
	case Approve:
	default:
		return wrong(map[string]string{fieldOpinion: w.verdict})
	}
	next, err := x.Base().With(r.Change)
	if err != nil {
		return wrong(map[string]string{fieldOpinion: "It does not go with the facts as they are now: " + err.Error()})
	}
	out.Needed, out.Revision = max(1, h.Approvals), x.Base().Revision
	if out.Revision != c.Revision {
		return wrong(map[string]string{fieldOpinion: "The facts have just changed. Please send it again in a few seconds."})
	}
	out.Tell = []Action{toAuthor(w.approved)}
	tell, told := h.tellAskers(next, ev, c, r.Change.Fact)
	out.Tell, out.Told = append(out.Tell, tell...), told
	d.Ack = became(w.counted)
	return d
}

// tellAskers answers those who have asked for a fact in vain: once in the thread
// where they asked, or in a direct message if nobody else saw that.
func (h *Handler) tellAskers(b *knowledge.Base, ev Event, c *Curation, f *knowledge.Fact) (tell []Action, keys []string) {
	if f == nil {
		return nil, nil
	}
	asks := map[string]bool{}
	for _, q := range f.Questions {
		asks[knowledge.Fold(q)] = true
	}
	told := map[string]bool{}
	for _, u := range c.Unanswered {
		if !asks[knowledge.Fold(echo(u.Question))] && !asks[knowledge.Fold(u.Question)] {
			continue
		}
		keys = append(keys, u.Key)
		channel, thread := u.Channel, u.Thread
		if u.Kind == Command || u.Kind == Find || u.Kind == Press {
			channel, thread = u.User, ""
		}
		if place := channel + "/" + thread + "/" + u.User; channel == "" || told[place] || h.Policy.manner(Event{Channel: u.Channel}) == NotAtAll {
			continue
		} else {
			told[place] = true
		}
		s := h.speaker(b, Event{Key: ev.Key, User: u.User, Came: ev.Came})
		answer := b.Fact(f.ID)
		r := s.fit(func(s speaker) reply {
			r := s.sentence(knownNow(shorten(echo(u.Question), maxQuestion)))
			r.add(s.answer(match.Answer{Verdict: match.Sure, Facts: []match.Match{{Fact: answer, Question: asked(answer), Score: 1}}}))
			return r
		})
		text, blocks := r.sent()
		a := Action{Channel: channel, Thread: thread, Text: text, Blocks: blocks}
		if u.User != "" && thread != "" && !strings.HasPrefix(channel, "D") {
			a.Text = "<@" + u.User + "> " + a.Text
			a.Blocks.prepend(section("<@" + u.User + ">"))
		}
		tell = append(tell, a)
	}
	return tell, keys
}

// Conflict tells a curator that files and people have changed the same entry. Its
// event is the same for the same files, so that nobody is told twice.
func Conflict(curator string, c knowledge.Change, files string) (Event, Decision) {
	ev := Event{Key: strings.Join([]string{"conflict", c.ID, files, curator}, "/"), Kind: "conflict"}
	text := fmt.Sprintf("The files and a change made here differ on %s (%s). Neither holds: what it said before both answers. Export the facts, put the files right, and start me again.",
		escape(c.ID), escape(headline(c)))
	return ev, Decision{Verdict: match.Chat, Actions: []Action{toPerson(curator, text)}}
}

// ImportConflict is [Conflict] for files that were not taken over.
func ImportConflict(curator string, c knowledge.Change, files string) (Event, Decision) {
	ev := Event{Key: strings.Join([]string{"import", c.ID, files, curator}, "/"), Kind: "conflict"}
	text := fmt.Sprintf("Files that were to be imported change %s (%s), which was changed here as well. Nothing was imported, and what holds here still answers.",
		escape(c.ID), escape(headline(c)))
	return ev, Decision{Verdict: match.Chat, Actions: []Action{toPerson(curator, text)}}
}
