package match

import (
	"cmp"
	"slices"

	"footnote/knowledge/match/vector"
)

// manyClasses is the number of classes from which on meanings are compared
// with only those classes that share the most words with the question.
const (
	manyClasses = 1000
	mostLikely  = 256
)

// meaning is the direction of the words of tokens in the table's space;
// quantities have none.
func (x *Index) meaning(tokens []token) vector.Vector {
	var v vector.Vector
	for _, t := range tokens {
		switch t.kind {
		case wordToken:
			x.table.Add(&v, t.text)
		case nameToken:
			for _, w := range words(t.text[1:]) {
				x.table.Add(&v, w.text)
			}
		}
	}
	v.Unit()
	return v
}

// scoreMeaning sets how alike in meaning the base's own classes are.
func (x *Index) scoreMeaning(s *scratch) {
	if x.softmax != nil {
		s.logits = zeroed(s.logits, x.own)
		x.softmax.logits(x, s)
		for i, z := range s.logits {
			s.rank[i].alike = float64(z)
		}
		return
	}
	s.best = s.best[:0]
	for i := range x.own {
		if x.own < manyClasses || s.rank[i].cover > 0 {
			s.best = append(s.best, int32(i))
		}
	}
	if x.own >= manyClasses && len(s.best) > mostLikely {
		slices.SortFunc(s.best, func(a, b int32) int { return cmp.Compare(s.rank[b].words, s.rank[a].words) })
		s.best = s.best[:mostLikely]
	}
	for _, i := range s.best {
		s.rank[i].alike = float64(s.meaning.Dot(&x.centroids[i]))
	}
}
