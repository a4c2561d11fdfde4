package match

import "math"

// likeTerm says that a term of the base is like one of the question's.
type likeTerm struct {
	at     int32   // the question's term
	square float32 // of the cosine of the two; 1 of a term with itself
	next   int32   // the next of the same term of the base, plus one; or 0
}

// scoreBoth sets how much of the question and of its best variant the best of the
// base's own classes hold in common, if words are expanded.
func (x *Index) scoreBoth(s *scratch, except int32) {
	if x.neighbours == nil {
		return
	}
	b := x.blend()
	s.best.reset(mostNear)
	for _, c := range s.found {
		if int(c) >= x.own {
			continue
		}
		r := &s.rank[c]
		s.best.add(pick{class: c, sum: float32(b.withoutNear(r) + b.near*r.near)})
	}
	x.listLike(s)
	for _, p := range s.best.picks {
		s.rank[p.class].both = x.both(s, p.class, except)
	}
	x.clearLike(s)
}

// listLike lists for each term of the base the question's terms that are like it.
func (x *Index) listLike(s *scratch) {
	s.like, s.likeAt = s.like[:0], sized(s.likeAt, len(x.idf))
	add := func(term int32, l likeTerm) {
		l.next = s.likeAt[term]
		s.like = append(s.like, l)
		s.likeAt[term] = int32(len(s.like))
	}
	for i, t := range s.terms {
		if t.id != unknown {
			add(t.id, likeTerm{at: int32(i), square: 1})
		}
		for _, n := range x.neighboursOf(t) {
			add(n.Term, likeTerm{at: int32(i), square: n.cosine() * n.cosine()})
		}
	}
}

func (x *Index) clearLike(s *scratch) {
	for _, t := range s.terms {
		if t.id != unknown {
			s.likeAt[t.id] = 0
		}
		for _, n := range x.neighboursOf(t) {
			s.likeAt[n.Term] = 0
		}
	}
}

// both returns the most that a variant of a class and the question have in common:
// the geometric mean of the shares of each's weight that the other holds, a word
// that it holds only a neighbour of counting as the square of their cosine.
func (x *Index) both(s *scratch, c, except int32) float64 {
	total, most := float32(1e-6), float32(0)
	for i := range s.terms {
		total += s.lookup.weight[i]
	}
	for v := x.classes[c].from; v < x.classes[c].to; v++ {
		if int32(v) == except {
			continue
		}
		s.heard = sized(s.heard, len(s.terms))
		clear(s.heard)
		said, all, heard := float32(0), float32(1e-6), float32(0)
		for _, t := range x.termsOf(int32(v)) {
			if t&termAgain != 0 {
				continue
			}
			t &= termBits
			square := float32(0)
			for l := s.likeAt[t]; l > 0; l = s.like[l-1].next {
				like := &s.like[l-1]
				square = max(square, like.square)
				s.heard[like.at] = max(s.heard[like.at], like.square)
			}
			all += float32(x.idf[t])
			said += float32(x.idf[t]) * square
		}
		for i, square := range s.heard {
			heard += s.lookup.weight[i] * square
		}
		most = max(most, said/all*heard/total)
	}
	return math.Sqrt(float64(most))
}
