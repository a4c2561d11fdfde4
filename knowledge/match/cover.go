package match

import (
	"cmp"
	"slices"
)

// A base with at most fewClasses classes of its own is ranked as a whole. In
// others mostCandidates are ranked: those whose words carry most of the question.
const (
	fewClasses     = 256
	mostCandidates = 16
)

// promising is the share of the greatest sum so far below which what is left may
// well be less than the least sum of the best: only then is that looked at.
const promising = 0.6

// holding says how much of a term a class holds.
type holding struct {
	at     int32   // the class, or in a class's own list the term
	count  int32   // how often
	impact float32 // what BM25 makes of it, 0..1, in steps of 1/255
}

// impact is that of its step.
func impact(step uint8) float32 { return float32(step) / 255 }

// scoreCover finds the classes to rank and how much of the question's weight
// their words carry: BM25's sum, divided by the largest that there could be.
//
// The lists of the question's terms are added up, the rarest first. Once the
// terms that are left can no longer lift a class that none of the lists held
// among the best, their lists, which are the longest, need not be read: they
// are looked up for the classes at hand (MaxScore, Turtle and Flood 1995).
func (x *Index) scoreCover(s *scratch, except int32) {
	total, rest := float32(1e-6), float32(0)
	s.order = s.order[:0]
	for i, t := range s.terms {
		w := s.lookup.weight[i+1]
		total += w
		if t.id != unknown {
			s.order = append(s.order, int32(i))
			rest += w * x.most[t.id]
		}
	}
	slices.SortFunc(s.order, func(a, b int32) int {
		return cmp.Compare(s.lookup.weight[b+1], s.lookup.weight[a+1])
	})
	all := x.own <= fewClasses || x.softmax != nil
	s.touched = s.touched[:0]
	s.best.reset(mostCandidates)
	left, top := len(s.order), float32(0)
	for n, i := range s.order {
		t := s.terms[i].id
		list := x.inDoc[t]
		if !all && rest < promising*top && x.columns[t] != nil && len(s.touched) > mostCandidates {
			s.raiseFloor(x.own)
			if rest < s.best.least {
				left = n
				break
			}
		}
		w := s.lookup.weight[i+1]
		for _, p := range list {
			if s.sums[p.at] == 0 {
				s.touched = append(s.touched, p.at)
			}
			sum := s.sums[p.at] + w*p.impact
			s.sums[p.at] = sum
			top = max(top, sum)
		}
		rest -= w * x.most[t]
	}
	if all {
		x.findAll(s)
	} else {
		x.findBest(s, s.order[left:], rest)
	}
	for _, c := range s.touched {
		s.sums[c] = 0
	}
	if except != none {
		x.coverWithout(s, except)
	}
	for _, c := range s.found {
		s.rank[c].cover /= float64(total)
		s.rank[c].nearest = unknown
	}
}

// raiseFloor brings s.best.least to the least sum of the best of the base's own
// classes so far.
func (s *scratch) raiseFloor(own int) {
	floor := s.best.least
	s.best.picks = s.best.picks[:0]
	for _, c := range s.touched {
		if sum := s.sums[c]; sum >= floor && int(c) < own && (sum > s.best.least || len(s.best.picks) < s.best.most) {
			s.best.push(c, sum)
		}
	}
}

func (x *Index) findAll(s *scratch) {
	for c := range x.classes {
		if c < x.own || s.sums[c] > 0 {
			s.find(int32(c), s.sums[c])
		}
	}
}

// findBest adds the terms that are left, which weigh up to rest, to the sums of
// the classes at hand, and finds the best of them.
func (x *Index) findBest(s *scratch, left []int32, rest float32) {
	floor := s.best.least
	s.best.picks = s.best.picks[:0]
	for _, c := range s.touched {
		sum, more, own := s.sums[c], rest, int(c) < x.own
		for _, i := range left {
			if own && sum+more < floor {
				break
			}
			t, w := s.terms[i].id, s.lookup.weight[i+1]
			sum += w * impact(x.columns[t][c])
			more -= w * x.most[t]
		}
		switch {
		case !own:
			s.find(c, sum)
		case sum >= floor && (sum > s.best.least || len(s.best.picks) < s.best.most):
			s.best.push(c, sum)
			floor = max(floor, s.best.least)
		}
	}
	for _, c := range s.best.picks {
		s.find(c.class, c.sum)
	}
}

func (s *scratch) find(c int32, sum float32) {
	s.found = append(s.found, c)
	s.rank[c].cover = float64(sum)
}

// coverWithout sets the sum of a variant's class to what it is without it.
func (x *Index) coverWithout(s *scratch, except int32) {
	c := x.variants[except].class
	if !slices.Contains(s.found, c) {
		return
	}
	sum := 0.0
	for _, t := range s.terms {
		if t.id == unknown {
			continue
		}
		if tf := x.frequency(c, t.id, except); tf > 0 {
			sum += x.weigh(t) * tf / (tf + x.shape[c])
		}
	}
	s.rank[c].cover = sum
}

// best is the so many classes with the greatest sums: a heap, the least first.
type best struct {
	most  int
	least float32 // the least sum, once there are so many
	picks []pick
}

type pick struct {
	class int32
	sum   float32
}

func (b *best) reset(most int) { b.most, b.least, b.picks = most, 0, b.picks[:0] }

// push adds a class. If there are so many already its sum must exceed the least.
func (b *best) push(class int32, sum float32) {
	if len(b.picks) < b.most {
		b.picks = append(b.picks, pick{class, sum})
		for i := len(b.picks) - 1; i > 0 && b.picks[i].sum < b.picks[(i-1)/2].sum; i = (i - 1) / 2 {
			b.picks[i], b.picks[(i-1)/2] = b.picks[(i-1)/2], b.picks[i]
		}
	} else {
		i := 0
		for {
			child := 2*i + 1
			if child >= len(b.picks) {
				break
			}
			if child+1 < len(b.picks) && b.picks[child+1].sum < b.picks[child].sum {
				child++
			}
			if b.picks[child].sum >= sum {
				break
			}
			b.picks[i] = b.picks[child]
			i = child
		}
		b.picks[i] = pick{class, sum}
	}
	if len(b.picks) == b.most {
		b.least = b.picks[0].sum
	}
}
