package match

import (
	"math"
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
}

// query is what a question is ranked by.
type query struct {
	terms   []term // in their order
	meaning vector.Vector
}

// scratch is the working space of one question, reused through a pool.
type scratch struct {
	terms     []term // the question's distinct terms, unknown ones as they come
	pairs     []weightedPair
	cosine    []float64
	logits    []float32
	best      []int32
	features  []feature
	rank      []score // one of each class
	kind      kind    // of the question
	meaning   vector.Vector
	relations []relation
}

// weightedPair is two terms in a row; it weighs as much as the lighter one.
type weightedPair struct {
	key    uint64
	weight float64
}

// score is how well a class fits a question.
type score struct {
	cover   float64 // share of the question's weight that the class's words carry, 0..1, by BM25
	near    float64 // cosine with the class's nearest variant, 0..1
	nearest int32   // that variant, or unknown
	alike   float64 // how alike in meaning: a logit of the softmax or, without one, a cosine
	words   float64 // cover and near, weighted: what small talk and other subjects are ranked by
	sum     float64 // all, weighted: what facts and gaps are ranked by
}

// blend is how much each part of a score weighs. Those with and without a
// softmax are listwise logistic regressions on questions left out of the
// shipped base and of the training parts of CLINC150 and BANKING77.
type blend struct{ cover, near, alike float64 }

var (
	withSoftmax    = blend{cover: 7, near: 1, alike: 1.3}
	withoutSoftmax = blend{cover: 12, near: 5, alike: 11}
	wordsAlone     = blend{cover: 16, near: 12}
)

// chatCover is what stands for the cover of small talk, of its nearness: all of
// its words taken together would cover anything.
const chatCover = 0.4

// none is the variant that is left out when nothing is.
const none int32 = -1

// score fills s.rank for a question, as if the base did not have the variant
// except.
func (x *Index) score(s *scratch, q query, except int32) {
	s.terms = appendDistinct(s.terms[:0], q.terms)
	s.pairs = appendPairs(s.pairs[:0], q.terms)
	s.rank = zeroed(s.rank, len(x.classes))
	s.cosine = zeroed(s.cosine, len(x.variants))

	x.scoreCover(s, except)
	x.scoreNear(s, except)
	for i := range s.rank {
		c := &s.rank[i]
		if x.classes[i].chat != "" {
			c.cover = chatCover * c.near
		}
		c.words = wordsAlone.cover*c.cover + wordsAlone.near*c.near
		c.sum = c.words
	}
	s.meaning = q.meaning
	x.scoreMeaning(s)
	b := x.blend()
	for i := range s.rank[:x.own] {
		c := &s.rank[i]
		c.sum = b.cover*c.cover + b.near*c.near + b.alike*c.alike
	}
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

// scoreCover sums BM25's weights over the question's terms and divides them by
// the largest sum there could be.
func (x *Index) scoreCover(s *scratch, except int32) {
	total := 0.0
	for _, t := range s.terms {
		w := x.weigh(t)
		total += w
		if t.id == unknown {
			continue
		}
		for _, p := range x.inDoc[t.id] {
			if tf := float64(p.weight) - x.without(p.at, t.id, except); tf > 0 {
				s.rank[p.at].cover += w * tf / (tf + x.shape[p.at])
			}
		}
	}
	for i := range s.rank {
		s.rank[i].cover /= total + 1e-6
	}
}

// scoreNear takes the cosine with each variant, and each class's largest.
func (x *Index) scoreNear(s *scratch, except int32) {
	sum := 0.0
	for _, t := range s.terms {
		w := x.weigh(t)
		sum += w * w
		if t.id == unknown {
			continue
		}
		for _, p := range x.inAsk[t.id] {
			s.cosine[p.at] += w * float64(p.weight)
		}
	}
	for _, p := range s.pairs {
		w := p.weight * pairWeight * math.Log(float64(len(x.variants)+1)/0.5)
		if id, ok := x.pairs[p.key]; ok {
			w = p.weight * pairWeight * x.pairIDF[id]
			for _, p := range x.inPair[id] {
				s.cosine[p.at] += w * float64(p.weight)
			}
		}
		sum += w * w
	}
	length := math.Sqrt(sum) + 1e-9
	for c := range s.rank {
		r := &s.rank[c]
		r.nearest = unknown
		for v := x.classes[c].from; v < x.classes[c].to; v++ {
			if cos := s.cosine[v] / length; cos > r.near && int32(v) != except {
				r.near, r.nearest = cos, int32(v)
			}
		}
	}
}

// appendDistinct appends each term once, at its greatest weight; but each
// unknown one, for those are words of their own.
func appendDistinct(out, terms []term) []term {
	for _, t := range terms {
		i := slices.IndexFunc(out, func(o term) bool { return o.id == t.id && t.id != unknown })
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
		p := weightedPair{pair(last.id, t.id), min(last.weight, t.weight)}
		if !slices.ContainsFunc(out, func(o weightedPair) bool { return o.key == p.key }) {
			out = append(out, p)
		}
		last = t
	}
	return out
}

// pair is two terms in a row as one number; unknown stands for the ends too.
func pair(a, b int32) uint64 { return uint64(uint32(a))<<32 | uint64(uint32(b)) }

func zeroed[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}
