package match

import (
	"cmp"
	"slices"

	"footnote/knowledge"
)

// From these values on a question is answered, asked back, called small talk or
// declined with a gap, and a fact is offered as near. They were chosen on
// labelled questions about the shipped base, a wrong answer taken to cost about
// twice as much as a missed one.
const (
	answerFrom  = 0.35 // confidence in the best fact
	overGapFrom = 0.5  // the same, where a gap fits better than it
	askFrom     = 0.45 // confidence in the best two…
	askLead     = 0.6  // …of which the first leads by less than this
	chatFrom    = 0.5  // cosine with the nearest small talk
	gapFrom     = 0.3  // cosine with the nearest question of the gap
	nearFrom    = 2.0  // score
	nearMost    = 3    // facts offered when abstaining
)

// Answer finds the answer to a question.
func (x *Index) Answer(q Question) Answer {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	return x.consider(s, q).answer
}

// consideration is an answer with what led to it.
type consideration struct {
	answer   Answer
	repairs  []Repair
	tokens   []token // of the whole question
	terms    []term  // that it was ranked by; empty for an exact match
	field    field
	features features
	one, two float64 // confidence in the best fact, and in the best two
}

func (x *Index) consider(s *scratch, q Question) consideration {
	var c consideration
	c.tokens, c.repairs = x.read(q.Text)
	own := x.find(c.tokens, 1)
	threaded := q.Prior.Question != "" || len(q.Prior.Facts) > 0
	followUp := threaded && follows(c.tokens, own)
	if v, ok := x.exact[exactForm(c.tokens)]; ok && (!followUp || x.classes[x.variants[v].class].chat != "") {
		c.answer = x.exactly(x.variants[v])
		return c
	}
	switch {
	case followUp:
		t := x.recall(q.Prior)
		c.terms = append(t.terms, own...)
		x.score(s, c.terms, none)
		x.favour(s, t.facts)
	case len(c.tokens) >= long:
		c.terms = x.asking(s, q.Text, own)
		x.score(s, c.terms, none)
	default:
		c.terms = own
		x.score(s, c.terms, none)
	}
	c.field = x.survey(s, none)
	x.decide(s, &c, q.Text)
	return c
}

// read turns a question into tokens, its spelling mended and its names
// resolved, and says what was mended.
func (x *Index) read(text string) ([]token, []Repair) {
	tokens, repairs := x.lexicon.repair(words(plainText(text)))
	return x.lexicon.names.resolve(tokens), repairs
}

func (x *Index) find(tokens []token, weight float64) []term {
	terms := make([]term, len(tokens))
	for i, t := range tokens {
		id := x.lexicon.find(t)
		terms[i] = term{id: id, weight: weight, marked: x.lexicon.marks(t, id)}
	}
	return terms
}

// exactly answers a question that the base holds as it is.
func (x *Index) exactly(v variant) Answer {
	switch c := x.classes[v.class]; {
	case c.fact != nil:
		return Answer{Verdict: Sure, Facts: []Match{{Fact: c.fact, Question: v.text, Score: 1}}}
	case c.gap != nil:
		return x.declined(c.gap)
	case c.chat != "":
		return Answer{Verdict: Chat, Chat: c.chat}
	}
	return Answer{}
}

// decide answers, asks back or abstains.
func (x *Index) decide(s *scratch, c *consideration, text string) {
	f := c.field
	if f.chat >= 0 && s.rank[f.chat].near >= chatFrom && s.sum(f.chat) > max(s.sum(f.first), s.sum(f.gap), s.sum(f.off)) {
		c.answer = Answer{Verdict: Chat, Chat: x.classes[f.chat].chat}
		return
	}
	if f.first < 0 {
		c.answer.offerAll(x.alike(text))
		return
	}
	c.features = x.measure(s, f, none)
	c.one, c.two = confidence(x.weights.One, c.features), confidence(x.weights.Two, c.features)
	close := f.second >= 0 && s.sum(f.first)-s.sum(f.second) < askLead && s.sum(f.second) > s.sum(f.gap)
	enough := answerFrom
	if s.sum(f.gap) > s.sum(f.first) {
		enough = overGapFrom
	}
	switch {
	case close && c.two >= askFrom:
		c.answer = Answer{Verdict: Ambiguous, Facts: []Match{x.match(s, f.first, c.one), x.match(s, f.second, max(0, c.two-c.one))}}
	case c.one >= enough:
		c.answer = Answer{Verdict: Sure, Facts: []Match{x.match(s, f.first, c.one)}}
	default:
		if f.gap >= 0 && s.rank[f.gap].near >= gapFrom && s.sum(f.gap) >= max(s.sum(f.first), s.sum(f.off), s.sum(f.chat)) {
			c.answer = x.declined(x.classes[f.gap].gap)
		}
		c.answer.offerAll(x.ranked(s, c.one))
		if len(c.answer.Near) < nearMost {
			c.answer.offerAll(x.alike(text))
		}
	}
}

// sum is a class's score, zero for the class that is not there.
func (s *scratch) sum(class int32) float64 {
	if class < 0 {
		return 0
	}
	return s.rank[class].sum
}

func (x *Index) match(s *scratch, class int32, p float64) Match {
	m := Match{Fact: x.classes[class].fact, Score: p}
	m.Question = m.Fact.Questions[0]
	if v := s.rank[class].nearest; v != unknown {
		m.Question = x.variants[v].text
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

// ranked returns the facts that the ranking holds for near, best first. The
// confidence p is the best one's; the others have none of their own.
func (x *Index) ranked(s *scratch, p float64) []Match {
	var order []int32
	for i := range x.classes {
		if x.classes[i].fact != nil && s.rank[i].sum >= nearFrom {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(s.rank[b].sum, s.rank[a].sum) })
	var out []Match
	for _, class := range order[:min(nearMost, len(order))] {
		out = append(out, x.match(s, class, p))
		p = 0
	}
	return out
}

// offerAll offers facts that are not offered yet, up to nearMost in all.
func (a *Answer) offerAll(more []Match) {
	for _, m := range more {
		known := slices.ContainsFunc(a.Near, func(o Match) bool { return o.Fact == m.Fact })
		if len(a.Near) < nearMost && !known {
			a.Near = append(a.Near, m)
		}
	}
}
