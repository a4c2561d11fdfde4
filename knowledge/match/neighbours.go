package match

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"footnote/knowledge/match/vector"
)

// nearTerm is a neighbour: a term of the base that is near a word in meaning.
type nearTerm struct {
	Term int32
	Like uint8 // the cosine of the two in the word table, times 255
}

func (n nearTerm) cosine() float32 { return float32(n.Like) / 255 }

// How near a neighbour is, and how many a word has. Where the softmax looks, a
// neighbour is given spread times the cosine of the word's weight. All chosen on
// training parts of CLINC150 and BANKING77.
const (
	leastCosine    = 0.3
	mostNeighbours = 6
	spread         = 0.8
)

// strangers are the table's words that the base does not hold, with their
// neighbours as they become known.
type strangers struct {
	begin      sync.Once
	vectors    []vector.Vector // of the base's terms
	neighbours []atomic.Pointer[[]nearTerm]
}

// expand makes an index expand words by the neighbours of its terms, or not at
// all if there are none.
func (x *Index) expand(neighbours [][]nearTerm) {
	x.neighbours, x.strangers, x.stresses = neighbours, nil, nil
	if neighbours != nil {
		x.stresses = x.tableStresses()
		x.strangers = &strangers{neighbours: make([]atomic.Pointer[[]nearTerm], x.table.Words())}
	}
}

// neighboursOf returns those of a term of a question: none if words are not
// expanded.
func (x *Index) neighboursOf(t term) []nearTerm {
	switch {
	case x.neighbours == nil:
		return nil
	case t.id != unknown:
		return x.neighbours[t.id]
	case t.rank == unknown:
		return nil
	}
	known := &x.strangers.neighbours[t.rank]
	if list := known.Load(); list != nil {
		return *list
	}
	x.strangers.begin.Do(func() { x.strangers.vectors = x.termVectors() })
	var v vector.Vector
	x.table.AddRank(&v, int(t.rank))
	v.Unit()
	list := nearestTerms(x.strangers.vectors, &v, unknown)
	known.Store(&list)
	return list
}

// allNeighbours returns those of each term of the base.
func (x *Index) allNeighbours() [][]nearTerm {
	vectors := x.termVectors()
	out := make([][]nearTerm, len(vectors))
	for t := range vectors {
		out[t] = nearestTerms(vectors, &vectors[t], int32(t))
	}
	return out
}

// nearestTerms returns the terms nearest to a word, the nearest first, but for
// itself.
func nearestTerms(terms []vector.Vector, word *vector.Vector, self int32) []nearTerm {
	var out []nearTerm
	for t := range terms {
		if c := word.Dot(&terms[t]); c >= leastCosine && int32(t) != self {
			out = append(out, nearTerm{int32(t), uint8(255 * min(1, c))})
		}
	}
	slices.SortStableFunc(out, func(a, b nearTerm) int { return cmp.Compare(b.Like, a.Like) })
	return slices.Clip(out[:min(len(out), mostNeighbours)])
}

// termVectors returns where each term of the base stands in the word table: in
// the middle of its words, as often as the base uses them.
func (x *Index) termVectors() []vector.Vector {
	out := make([]vector.Vector, len(x.lexicon.ids))
	for _, text := range slices.Sorted(maps.Keys(x.lexicon.surface)) {
		w := x.lexicon.surface[text]
		if w.meaning == unknown { // a quantity
			continue
		}
		v := x.meaning([]token{{meaning: w.meaning}})
		for d := range v {
			out[w.term][d] += float32(w.count) * v[d]
		}
	}
	for t := range out {
		out[t].Unit()
	}
	return out
}

// scoreExpanded sets how much of the question's weight the base's own classes
// carry if each word is expanded by its neighbours. Of a word and those a class
// is given the one that is worth most to it: a neighbour the square of its cosine.
func (x *Index) scoreExpanded(s *scratch, except int32) {
	if x.neighbours == nil {
		return
	}
	s.worth = sized(s.worth, x.own)
	total := float32(1e-6)
	for i := range s.terms {
		total += s.lookup.weight[i]
	}
	for i, t := range s.terms {
		s.touched = s.touched[:0]
		if t.id != unknown {
			x.addWorth(s, nearTerm{t.id, 255}, except)
		}
		for _, n := range x.neighboursOf(t) {
			x.addWorth(s, n, except)
		}
		for _, c := range s.touched {
			s.rank[c].expanded += float64(s.lookup.weight[i] / total * s.worth[c])
			s.worth[c] = 0
		}
	}
	s.touched = s.touched[:0]
}

// addWorth notes what a term is worth to the classes that hold it.
func (x *Index) addWorth(s *scratch, n nearTerm, except int32) {
	square := n.cosine() * n.cosine()
	for _, h := range x.holdersOf(n.Term) {
		if int(h.at) >= x.own {
			continue
		}
		impact := h.impact
		if except != none && x.variants[except].class == h.at {
			tf := x.frequency(h.at, n.Term, except)
			impact = float32(tf / (tf + x.shape[h.at]))
		}
		if w := square * impact; w > s.worth[h.at] {
			if s.worth[h.at] == 0 {
				s.touched = append(s.touched, h.at)
			}
			s.worth[h.at] = w
		}
	}
}
