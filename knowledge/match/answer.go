package match

import (
	"slices"

	"footnote/knowledge"
)

// From these values on a question is answered, asked back, called small talk or
// declined with a gap, and a fact is offered as near. They were chosen on
// labelled questions about the shipped base, a wrong answer taken to cost about
// twice as much as a missed one.
const (
	answerFrom   = 0.4  // confidence in the best fact
	overGapFrom  = 0.7  // the same, where a gap fits better than it…
	strangeFrom  = 0.8  // …or where it does not know a name that a gap is about
	askFrom      = 0.45 // confidence in the best two…
	askLead      = 0.6  // …of which the first leads by less than this
	chatFrom     = 0.5  // cosine with the nearest small talk…
	overChatFrom = 0.7  // …unless the base itself is as sure of an answer
	ownFrom      = 0.6  // cosine with the nearest question of a fact, over a very phrase of small talk
	gapFrom      = 0.3  // cosine with the nearest question of the gap
	nearFrom     = 2.0  // score
	nearMost     = 3    // facts offered when abstaining
)

// answer finds the answer to a question as if nothing that the base holds had
// ever changed.
func (x *Index) answer(s *scratch, q Question) Answer {
	parts := x.answerEach(s, q)
	if len(parts.Facts) > 1 {
		return parts
	}
	whole := x.answerOne(s, q)
	if len(parts.Facts) == 1 && whole.Verdict != Sure {
		return parts
	}
	return whole
}

// answerOne answers a question and checks what it claims: one with a number
// that is not so is asked again without it.
func (x *Index) answerOne(s *scratch, q Question) Answer {
	c := x.consider(s, q)
	a := c.answer
	if wrong := x.misnamed(c.tokens); wrong.Correction != nil {
		return wrong
	}
	quantities := mayHoldQuantities(c.tokens)
	if a.Verdict == Sure && a.Correction == nil && quantities {
		a.Correction = contradict(q.Text, a.Facts[0].Fact)
	}
	if a.Verdict == Chat || a.Verdict == Sure || !quantities || !c.ranked || !x.measured(s) {
		return a
	}
	bare := withoutClaims(q.Text, kindOf(c.tokens))
	if bare == "" {
		return a
	}
	b := x.consider(s, Question{Text: bare, Prior: q.Prior}).answer
	if b.Verdict == Sure {
		if b.Correction = contradict(q.Text, b.Facts[0].Fact); b.Correction != nil {
			return b
		}
	}
	return a
}

// measured reports whether one of the facts that were ranked may say how much it
// is, and so correct a question.
func (x *Index) measured(s *scratch) bool {
	return slices.ContainsFunc(s.found, func(c int32) bool { return int(c) < len(x.measures) && x.measures[c] })
}

// answerEach answers a message that asks several things, each in the light of
// the one before, with the facts that it is sure of. It abstains if the message
// does not.
func (x *Index) answerEach(s *scratch, q Question) Answer {
	var all Answer
	parts := questions(q.Text)
	if len(parts) < 2 || x.isOwn(s, q.Text) {
		return all
	}
	prior := q.Prior
	for _, part := range parts[:min(len(parts), mostParts)] {
		a := x.answerOne(s, Question{Text: part, Prior: prior})
		prior, s.goesOn = Prior{Question: part}, true
		for _, m := range a.Facts {
			prior.Facts = append(prior.Facts, m.Fact.ID)
		}
		if a.Verdict != Sure || a.Facts[0].Score < partFrom {
			continue
		}
		if slices.ContainsFunc(all.Facts, func(m Match) bool { return m.Fact == a.Facts[0].Fact }) {
			continue
		}
		if len(all.Facts) == 0 {
			all.Correction = a.Correction
		}
		all.Verdict = Sure
		all.Facts = append(all.Facts, a.Facts[0])
	}
	s.goesOn = false
	return all
}

// isOwn reports whether the base holds a question as it is.
func (x *Index) isOwn(s *scratch, text string) bool {
	tokens, _ := x.read(s, text)
	_, known := x.verbatim(s, tokens)
	return known
}

// Of a message that asks several things so many are answered, each from this
// confidence on.
const (
	mostParts = 4
	partFrom  = 0.6
)

// Rank returns the facts that fit a question best, best first, at most n of
// them, whether or not they would be said. The first one's score is the
// confidence in it.
func (x *Index) Rank(q Question, n int) []Match {
	s := x.borrow()
	defer x.scratch.Put(s)
	c := x.consider(s, q)
	if !c.ranked {
		return c.answer.Facts[:min(n, len(c.answer.Facts))]
	}
	var out []Match
	for _, class := range x.top(s, n, 0) {
		out = append(out, x.match(s, class, c.one))
		c.one = 0
	}
	return out
}

// Covers returns how sure it is, 0..1, that the base has an answer to a
// question at all, whichever it is.
func (x *Index) Covers(q Question) float64 {
	s := x.borrow()
	defer x.scratch.Put(s)
	c := x.consider(s, q)
	if !c.ranked && c.answer.Verdict == Sure {
		return 1
	}
	return c.in
}

// consideration is an answer with what led to it.
type consideration struct {
	answer   Answer
	repairs  []Repair
	tokens   []token  // of the whole question
	part     []token  // the part of it that asks
	asked    []term   // of that part
	prior    []string // of a follow-up: the facts that it follows
	against  string   // the rule that speaks against the best fact
	ranked   bool     // and not an exact match
	field    field
	signals  signals
	in       float64 // confidence that the base has an answer
	one, two float64 // confidence in the best fact, and in the best two
}

func (x *Index) consider(s *scratch, q Question) consideration {
	var c consideration
	c.tokens, c.repairs = x.read(s, q.Text)
	own := x.ask(s, c.tokens, 1)
	threaded := q.Prior.Question != "" || len(q.Prior.Facts) > 0
	followUp := threaded && follows(c.tokens, own.terms)
	v, known := x.verbatim(s, c.tokens)
	if known && !followUp && int(x.variants[v].class) < x.own {
		c.answer = x.exactly(x.variants[v])
		if c.answer.Verdict == Sure && x.variants[v].kind == whether {
			c.answer.Correction = x.recast(s, x.variants[v].class, own.terms)
		}
		return c
	}
	c.ranked = true
	s.kind, s.followUp = kindOf(c.tokens), followUp
	c.part, c.asked = c.tokens, own.terms
	switch {
	case followUp:
		t := x.recall(s, q.Prior)
		c.prior = t.facts
		if a, ok := x.meta(c.tokens, t.facts); ok {
			c.answer, c.ranked = a, false
			return c
		}
		x.score(s, t.before(own), none)
		x.favour(s, t.facts)
		x.assess(s, &c)
	default:
		x.score(s, own, none)
		x.assess(s, &c)
		if part := x.asking(s, &c, q.Text); part != "" {
			c.part, _ = x.read(s, part)
			s.kind = kindOf(c.part)
			own = x.ask(s, c.part, 1)
			c.asked = own.terms
			own.terms = append(x.around(s, c.tokens, own.terms), own.terms...)
			x.score(s, own, none)
			x.assess(s, &c)
		}
	}
	x.decide(s, &c, q.Text)
	if !followUp && len(c.part) == len(c.tokens) && len(c.tokens) >= shortest {
		s.parts = append(s.parts, askedPart{q.Text, c.one})
	}
	if terms := bare(c.part, c.asked); len(terms) > 0 && !followUp {
		x.listBare(s, &c, terms)
	}
	if small := known && int(x.variants[v].class) >= x.own; small && !(x.isOverview(v) && c.answer.Verdict == Sure) && (c.field.first < 0 || s.rank[c.field.first].near < ownFrom) {
		c.answer = x.exactly(x.variants[v])
	}
	return c
}

// exactly answers a question that the base holds as it is.
func (x *Index) exactly(v variant) Answer {
	switch c := x.classes[v.class]; {
	case c.fact != nil:
		return Answer{Verdict: Sure, Facts: []Match{{Fact: c.fact, Question: v.text, Score: 1}}}
	case c.gap != nil:
		return x.declined(c.gap)
	case c.chat != "":
		return x.chat(c.chat)
	}
	return Answer{}
}

// isOverview reports whether a variant asks what the base is about.
func (x *Index) isOverview(v int32) bool { return x.classes[x.variants[v].class].chat == "overview" }

// chat answers small talk.
func (x *Index) chat(kind string) Answer {
	if kind == "overview" {
		return x.overview()
	}
	return Answer{Verdict: Chat, Chat: kind}
}

// assess picks the field from a ranking, and says how sure it is of the best fact.
func (x *Index) assess(s *scratch, c *consideration) {
	c.field, c.in, c.one = x.survey(s, none), 0, 0
	if c.field.first >= 0 {
		c.signals = x.measure(s, c.field, none, none)
		c.in = confidence(x.weights.In, c.signals)
		c.one = c.in * confidence(x.weights.One, c.signals)
	}
}

// decide answers, asks back or abstains.
func (x *Index) decide(s *scratch, c *consideration, text string) {
	f := c.field
	if x.chats(s, f) && c.one < overChatFrom {
		c.answer = x.chat(x.classes[f.chat].chat)
		return
	}
	if f.first < 0 {
		c.answer.offerAll(x.alike(text))
		return
	}
	close := f.second >= 0 && s.sum(f.first)-s.sum(f.second) < askLead && s.sum(f.second) > s.sum(f.gap)
	if close {
		c.two = c.in * confidence(x.weights.Two, c.signals)
	}
	enough := x.enough(s, f)
	if close && c.two >= askFrom || c.one >= enough {
		c.against = x.object(s, f.first, c.part, c.asked, s.kind)
		if c.against == "" && x.strays(f.first, c.part, c.asked, c.prior) {
			c.against = "the thread was about something else"
		}
	}
	if c.against != "" && (s.kind == whether || s.kind == whatever) {
		if c.answer.Correction = x.recast(s, f.first, c.asked); c.answer.Correction != nil {
			c.answer.Verdict, c.answer.Facts = Sure, []Match{x.match(s, f.first, c.one)}
			return
		}
	}
	switch {
	case c.against != "":
		c.answer.offerAll(x.ranked(s, 0))
	case close && c.two >= askFrom:
		c.answer = Answer{Verdict: Ambiguous, Facts: []Match{x.match(s, f.first, c.one), x.match(s, f.second, max(0, c.two-c.one))}}
	case c.one >= enough:
		c.answer = Answer{Verdict: Sure, Facts: []Match{x.match(s, f.first, c.one)}}
	default:
		if f.gap >= 0 && s.rank[f.gap].near >= gapFrom && s.sum(f.gap) >= s.sum(f.first) && s.words(f.gap) >= max(s.words(f.off), s.words(f.chat)) {
			c.answer = x.declined(x.classes[f.gap].gap)
		}
		c.answer.offerAll(x.ranked(s, c.one))
		if len(c.answer.Near) < nearMost {
			c.answer.offerAll(x.alike(text))
		}
	}
}

// enough is the confidence from which on the best fact of a field is said.
func (x *Index) enough(s *scratch, f field) float64 {
	switch {
	case x.strange(s, f.first) || s.words(f.off) > s.words(f.first):
		return strangeFrom
	case s.sum(f.gap) > s.sum(f.first):
		return overGapFrom
	}
	return answerFrom
}

// chats reports whether a question is small talk rather than anything else.
func (x *Index) chats(s *scratch, f field) bool {
	return f.chat >= 0 && s.rank[f.chat].near >= chatFrom && s.words(f.chat) > max(s.words(f.first), s.words(f.gap), s.words(f.off))
}

// sum is a class's score, zero for the class that is not there.
func (s *scratch) sum(class int32) float64 {
	if class < 0 {
		return 0
	}
	return s.rank[class].sum
}

// words is the same for the score by words alone.
func (s *scratch) words(class int32) float64 {
	if class < 0 {
		return 0
	}
	return s.rank[class].words
}

func (x *Index) match(s *scratch, class int32, p float64) Match {
	m := Match{Fact: x.classes[class].fact, Score: p}
	if r := &s.rank[class]; r.near > 0 {
		m.Question = x.variants[r.nearest].text
	} else {
		m.Question = m.Fact.Questions[0]
	}
	return m
}

// declined abstains with a gap and offers the facts that say the nearest thing.
func (x *Index) declined(g *knowledge.Gap) Answer {
	a := Answer{Gap: g}
	for _, id := range g.Near {
		f := x.base.Fact(id)
		a.Near = append(a.Near, Match{Fact: f, Question: f.Questions[0]})
	}
	return a
}

// ranked returns the facts that the ranking holds for near, best first, until
// the next question. The confidence p is the best one's; the others have none of
// their own.
func (x *Index) ranked(s *scratch, p float64) []Match {
	s.offers = s.offers[:0]
	for _, class := range x.top(s, nearMost, nearFrom) {
		s.offers = append(s.offers, x.match(s, class, p))
		p = 0
	}
	return s.offers
}

// offerAll offers facts that are not offered yet, up to nearMost in all.
func (a *Answer) offerAll(more []Match) {
	for _, m := range more {
		known := slices.ContainsFunc(a.Near, func(o Match) bool { return o.Fact == m.Fact })
		if len(a.Near) < nearMost && !known {
			a.Near = slices.Grow(a.Near, nearMost-len(a.Near))
			a.Near = append(a.Near, m)
		}
	}
}
