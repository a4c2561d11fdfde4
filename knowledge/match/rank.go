package match

import (
	"slices"

	"footnote/knowledge/match/vector"
)

// term is one of the terms that a question is ranked by.
type term struct {
	id     int32
	weight float64 // 1, or less for one of the question before
	marked bool    // see lexicon.marks
	part   part    // what it is to the roles of names
	ing    bool    // its word ends so: behind "is" it is no passive
	rank   int32   // its word's in the table, if id is unknown; or unknown
}

// query is what a question is ranked by.
type query struct {
	terms   []term // in their order
	meaning vector.Vector
}

// scratch is the working space of one question, reused through a pool.
type scratch struct {
	tokens   []token // of all texts read for the question
	queried  []term  // of all queries made for it
	judged   []judgement
	parts    []askedPart
	terms    []term // the question's distinct terms, unknown ones as they come
	pairs    []weightedPair
	offers   []Match
	found    []int32      // the classes that are ranked, in no order
	rank     []score      // of each class; zero of those that are not found
	lookup   lookup       // of the question ranked last
	sums     []float32    // of each class, zero of those that are not listed
	touched  []int32      // see scoreExpanded
	listed   []int32      // the classes that lists hold
	held     []uint64     // of each class, as in score; zero of those that are not listed
	talkLeft bool         // the kinds of small talk were not looked for
	chatHeld uint64       // if so: as in score, of all of them together
	common   []commonTerm // of its terms
	rough    []uint64     // see sweep
	reached  []uint32     // see sweep
	spoken   []float32    // see addPhrases
	order    []int32
	hopes    []hope // of the classes found
	best     best

	leadersOnly bool // have their cosines taken; see mostNear
	logits      []float32
	features    features
	worth       []float32 // see scoreExpanded; zero between terms
	like        []likeTerm
	likeAt      []int32   // of each term of the base: behind its first in like; zero between questions
	heard       []float32 // see both
	kind        kind      // of the question
	followUp    bool      // it is one
	goesOn      bool      // it stands in one message with the question before, which was just answered
	meaning     vector.Vector
	relations   []relation
}

// borrow takes a scratch from the pool for a question.
func (x *Index) borrow() *scratch {
	s := x.scratch.Get().(*scratch)
	s.begin()
	return s
}

// begin makes room for a question.
func (s *scratch) begin() {
	s.tokens, s.queried, s.judged, s.parts, s.followUp = s.tokens[:0], s.queried[:0], s.judged[:0], s.parts[:0], false
}

// weightedPair is two terms in a row; it weighs as much as the lighter one.
type weightedPair struct {
	key    uint64
	weight float64

	// Set by prepare:
	entry pairEntry // the first where its own may stand
	id    int32     // of the pair
	at    int32     // where it stands in the lookup; 0 if nowhere
}

// score is how well a class fits a question.
type score struct {
	cover    float64 // share of the question's weight that the class's words carry, 0..1, by BM25
	near     float64 // cosine with the class's nearest variant, 0..1
	nearest  int32   // that variant, or unknown
	held     uint64  // a bit for each of the question's terms that the class holds
	alike    float64 // how alike in meaning: a logit of the softmax or, without one, a cosine
	expanded float64 // cover, with words near in meaning instead of those that are not there, 0..1; zero if words are not expanded
	both     float64 // what the question and a variant have in common, 0..1; zero of all but the best, and if words are not expanded
	words    float64 // cover and near, weighted: what small talk and other subjects are ranked by
	sum      float64 // all, weighted: what facts and gaps are ranked by
}

// blend is how much each part of a score weighs. Those with and without a
// softmax are listwise logistic regressions on questions left out of the
// shipped base and of the training parts of CLINC150 and BANKING77; the weights of
// the last two were chosen beside them, on other questions of those parts.
type blend struct{ cover, near, alike, expanded, both float64 }

var (
	withSoftmax    = blend{cover: 7, near: 1, alike: 1.3, expanded: 5, both: 2}
	withoutSoftmax = blend{cover: 12, near: 5, alike: 11}
	wordsAlone     = blend{cover: 16, near: 12}
)

// chatCover is what stands for the cover of small talk, of its nearness: all of
// its words taken together would cover anything.
const chatCover = 0.4

// none is the variant that is left out when nothing is.
const none int32 = -1

// score fills s.found and s.rank for a question, as if the base did not have
// the variant except.
func (x *Index) score(s *scratch, q query, except int32) {
	x.scoreClasses(s, q, except)
	x.scoreVariants(s, except)
}

// scoreClasses finds the classes to rank, and scores them as wholes.
func (x *Index) scoreClasses(s *scratch, q query, except int32) {
	x.clear(s)
	s.terms = appendDistinct(s.terms[:0], q.terms)
	s.terms = s.terms[:min(mostTerms, len(s.terms))]
	s.pairs = appendPairs(s.pairs[:0], q.terms)
	s.meaning = q.meaning
	for _, c := range s.found {
		s.rank[c] = score{}
	}
	s.found = s.found[:0]
	s.rank = sized(s.rank, len(x.classes))
	s.sums = sized(s.sums, len(x.classes))
	s.held = sized(s.held, len(x.classes))

	x.prepare(s)
	x.scoreCover(s, except)
	x.scoreMeaning(s)
	x.scoreExpanded(s, except)
}

// scoreVariants scores the best of them by their variants, and adds up.
func (x *Index) scoreVariants(s *scratch, except int32) {
	x.scoreNear(s, except)
	x.scoreBoth(s, except)
	b := x.blend()
	for _, c := range s.found {
		x.total(s, c, b)
	}
}

// total adds up the parts of a class's score.
func (x *Index) total(s *scratch, class int32, b blend) {
	c := &s.rank[class]
	if int(class) < x.own {
		c.words = wordsAlone.cover*c.cover + wordsAlone.near*c.near
		c.sum = b.withoutNear(c) + b.near*c.near + b.both*c.both
		return
	}
	if x.classes[class].chat != "" {
		c.cover = chatCover * c.near
	}
	c.words = wordsAlone.cover*c.cover + wordsAlone.near*c.near
	c.sum = c.words
}

// withoutNear adds up the parts of a score but for the cosine.
func (b blend) withoutNear(r *score) float64 {
	return b.cover*r.cover + b.alike*r.alike + b.expanded*r.expanded
}

func (x *Index) blend() blend {
	if x.softmax != nil {
		return withSoftmax
	}
	return withoutSoftmax
}

// weigh is how much a term of a question counts.
func (x *Index) weigh(t term) float64 {
	if t.id == unknown {
		return t.weight * x.maxIDF
	}
	return t.weight * x.idf[t.id]
}

// sized returns s with n elements, new ones zero.
func sized[T any](s []T, n int) []T {
	if len(s) < n {
		return append(s, make([]T, n-len(s))...)
	}
	return s[:n]
}

// appendDistinct appends each term once, at its greatest weight; but each
// unknown one, for those are words of their own.
func appendDistinct(out, terms []term) []term {
	for _, t := range terms {
		i := -1
		for j := range out {
			if out[j].id == t.id && t.id != unknown {
				i = j
				break
			}
		}
		if i < 0 {
			out = append(out, t)
			continue
		}
		out[i].weight = max(out[i].weight, t.weight)
		out[i].marked = out[i].marked || t.marked
	}
	return out
}

// appendPairs appends each pair of terms in a row once, the ends included.
func appendPairs(out []weightedPair, terms []term) []weightedPair {
	last := term{id: unknown, weight: 1}
	for i := range len(terms) + 1 {
		t := term{id: unknown, weight: 1}
		if i < len(terms) {
			t = terms[i]
		}
		p := weightedPair{key: pair(last.id, t.id), weight: min(last.weight, t.weight)}
		last = t
		if !slices.ContainsFunc(out, func(o weightedPair) bool { return o.key == p.key }) {
			out = append(out, p)
		}
	}
	return out
}

// pair is two terms in a row as one number; unknown stands for the ends too.
func pair(a, b int32) uint64 { return uint64(uint32(a))<<32 | uint64(uint32(b)) }

// top returns the facts whose words score at least so much, best first, at most n of
// them, until the next question. It takes the cosines of those that they may bring
// there.
func (x *Index) top(s *scratch, n int, atLeast float64) []int32 {
	near := x.blend().near
	s.hopes = sized(s.hopes, len(s.found))
	for i, c := range s.found {
		s.hopes[i] = 0
		if int(c) >= len(x.base.Facts) {
			continue
		}
		r, bound := &s.rank[c], 0.0
		if r.nearest == unknown {
			bound = s.lookup.nearBound(r.held, x.tightest(c))
		}
		if r.words+wordsAlone.near*bound >= atLeast {
			s.hopes[i] = hopeOf(float32(r.sum+near*bound), i)
		}
	}
	s.order = s.order[:0]
	for len(s.order) < n {
		h := greatestHope(s.hopes)
		if h == 0 {
			break
		}
		class := s.found[h.at()]
		r := &s.rank[class]
		x.nearestLate(s, class)
		s.hopes[h.at()] = 0
		switch {
		case float32(r.sum) < h.sum(): // less than it could be
			s.hopes[h.at()] = hopeOf(float32(r.sum), h.at())
		case r.words >= atLeast:
			s.order = append(s.order, class)
		}
	}
	return s.order
}

// nearestLate takes the cosine with a fact, if it seemed not to need it.
func (x *Index) nearestLate(s *scratch, c int32) {
	r := &s.rank[c]
	if r.nearest != unknown {
		return
	}
	x.nearest(s, c, none)
	r.words += wordsAlone.near * r.near
	r.sum += x.blend().near * r.near
}
