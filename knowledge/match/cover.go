package match

import (
	"math"
	"slices"
)

// A base with at most fewClasses classes of its own is ranked as a whole. In
// others mostCandidates are ranked: those whose words carry most of the question.
const (
	fewClasses     = 256
	mostCandidates = 12
)

// holding says how much of a term a class holds.
type holding struct {
	at     int32   // the class, or in a class's own list the term
	count  int32   // how often
	impact float32 // what BM25 makes of it, 0..1, in steps of 1/255
}

// list says which classes hold a term. It is small, for those of a question lie far
// apart.
type list struct {
	idf      float64 // as in the index: read with the others
	from, to int32   // where in the index's holders they stand
	column   int32   // of a common term: the number of its column; else none
	chat     bool    // small talk holds it
}

// holdersOf returns the classes that hold a term.
func (x *Index) holdersOf(t int32) []holding { return x.holders[x.lists[t].from:x.lists[t].to] }

// columnOf returns the column of a common term.
func (x *Index) columnOf(t int32) column {
	n := columnSize(len(x.classes))
	at := int(x.lists[t].column) * n
	return column(x.columns[at : at+n])
}

// impact is that of its step.
func impact(step uint8) float32 { return float32(step) / 255 }

// scoreCover finds the classes to rank and how much of the question's weight
// their words carry: BM25's sum, divided by the largest that there could be.
func (x *Index) scoreCover(s *scratch, except int32) {
	total := float32(1e-6)
	for i := range s.terms {
		total += s.lookup.weight[i]
	}
	if x.own <= fewClasses || x.softmax != nil {
		for i, t := range s.terms {
			if t.id != unknown {
				x.addList(s, i)
			}
		}
		s.common, s.talkLeft = s.common[:0], false
		x.findAll(s)
	} else {
		x.findBest(s)
	}
	if except != none {
		x.coverWithout(s, except)
	}
	for _, c := range s.found {
		s.rank[c].cover /= float64(total)
		s.rank[c].nearest = unknown
	}
}

// addList adds what the question's term i gives to the sums of the classes that
// hold it.
func (x *Index) addList(s *scratch, i int) {
	weight, bit := s.lookup.weight[i], bitOf(i)
	for _, p := range x.holdersOf(s.terms[i].id) {
		sum := s.sums[p.at]
		if sum == 0 {
			s.listed = append(s.listed, p.at)
		}
		s.sums[p.at] = sum + weight*p.impact
		s.held[p.at] |= bit
	}
}

func (x *Index) findAll(s *scratch) {
	for c := range x.classes {
		if c < x.own || s.sums[c] > 0 {
			s.find(int32(c), s.sums[c], s.held[c])
		}
	}
}

// findBest finds the best of the base's own classes, and of the others those of
// other subjects that hold a word of the question. Small talk is left to
// scoreNear, for its words count by its nearness alone. The lists of the rare
// terms are added up; of the common terms there are columns, see sweep.
func (x *Index) findBest(s *scratch) {
	s.common, s.chatHeld, s.talkLeft = s.common[:0], 0, true
	for i, t := range s.terms {
		if t.id == unknown {
			continue
		}
		l := &x.lists[t.id]
		if l.chat {
			s.chatHeld |= bitOf(i)
		}
		if l.column == none {
			x.addList(s, i)
		} else {
			s.common = append(s.common, commonTerm{x.columnOf(t.id), s.lookup.weight[i] / 255, bitOf(i)})
		}
	}
	s.best.reset(mostCandidates)
	if len(s.common) > 0 {
		x.sweep(s)
	} else {
		for _, c := range s.listed {
			if int(c) < x.own {
				s.take(c)
			}
		}
	}
	s.best.trim()
	for _, c := range s.best.picks {
		s.find(c.class, c.sum, c.held)
	}
	for c := range x.classes[x.own:] {
		if class := int32(x.own + c); x.classes[class].chat == "" {
			s.findOther(class)
		}
	}
}

// findOther finds a class that is not the base's own if it holds a word of the
// question.
func (s *scratch) findOther(c int32) {
	if p := s.added(c); p.sum > 0 {
		s.find(c, p.sum, p.held)
	}
}

// take takes a class for one of the best, until trim.
func (s *scratch) take(c int32) {
	p := s.added(c)
	if p.sum <= s.best.least {
		return
	}
	s.best.picks = append(s.best.picks, p)
	if len(s.best.picks) == 4*s.best.most {
		s.best.trim()
	}
}

// added returns a class with what the lists and the common terms give.
func (s *scratch) added(c int32) pick {
	p := pick{c, s.sums[c], s.held[c]}
	for i := range s.common { // nothing here branches on what the class holds
		t := &s.common[i]
		step := t.column[c]
		p.sum += t.weight * float32(step)
		p.held |= t.bit & -uint64((uint32(step)+255)>>8)
	}
	return p
}

// bitOf is the bit of the question's term i in a class's score, or none.
func bitOf(i int) uint64 {
	if i < mostPaired {
		return 1 << i
	}
	return 0
}

func (s *scratch) find(c int32, sum float32, held uint64) {
	s.found = append(s.found, c)
	s.rank[c].cover = float64(sum)
	s.rank[c].held = held
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

// best is the so many classes with the greatest sums, in no order, and more of them
// until they are trimmed.
type best struct {
	most  int
	least float32 // the least sum of those that were left by trim, if so many were
	picks []pick
}

type pick struct {
	class int32
	sum   float32
	held  uint64 // see score
}

func (b *best) reset(most int) { b.most, b.least, b.picks = most, 0, b.picks[:0] }

// trim leaves so many of the classes as b is for.
func (b *best) trim() {
	for ; len(b.picks) > b.most; b.picks = b.picks[:len(b.picks)-1] {
		b.picks[b.last()] = b.picks[len(b.picks)-1]
	}
	if len(b.picks) == b.most {
		b.least = b.picks[b.last()].sum
	}
}

// last is where the class with the least sum stands. No processor could foresee
// which of two is less.
func (b *best) last() int {
	least := hope(math.MaxUint64)
	for i := range b.picks {
		least = min(least, hopeOf(b.picks[i].sum, i))
	}
	return least.at()
}

// add adds a class, and trims.
func (b *best) add(p pick) {
	if len(b.picks) < b.most || p.sum > b.least {
		b.picks = append(b.picks, p)
		b.trim()
	}
}
