package match

import (
	"math"
	"math/bits"
)

// mostTerms is how many distinct terms of a question count, and mostPaired up to
// which of them pairs do.
const (
	mostTerms  = 254
	mostPaired = 64
)

// pairWeight is what two terms in a row count against one term.
const pairWeight = 0.5

// lookup says of every term which of the question's it is. It is zero between
// questions but for its lengths.
type lookup struct {
	place  []uint8                          // of each term of the base: its number in the question, from 1
	weight [mostTerms + 1]float32           // of each of the question's terms, by its number
	gain   [mostTerms + 1]float32           // the same, times its weight in a variant
	pair   [mostPaired * mostPaired]float32 // the same of the pair of two terms by number; 0 stands for the ends
	length float32                          // of the question as a vector

	mask uint64      // the signature of the question's terms
	most [64]float32 // of each bit of it: what its terms, and the pairs that they end, add at most
}

// signature is the bit of a term, so that those of a variant's terms together
// say which terms it does not hold.
func signature(t int32) int { return int(uint32(t) * 0x9E3779B1 >> 26) } // Fibonacci hashing

// prepare fills the lookup; clear undoes it.
func (x *Index) prepare(s *scratch) {
	l := &s.lookup
	l.place = sized(l.place, len(x.idf))
	sum := 0.0
	for i, t := range s.terms {
		w := x.weigh(t)
		sum += w * w
		l.weight[i+1] = float32(w)
		if t.id != unknown {
			l.place[t.id] = uint8(i + 1)
			l.gain[i+1] = float32(w * x.idf[t.id])
			l.expect(t.id, l.gain[i+1])
		}
	}
	for i := range s.pairs {
		p := &s.pairs[i]
		w := p.weight * pairWeight * x.maxPairIDF
		p.id = x.findPair(p.key)
		if p.id != unknown {
			idf := pairWeight * x.pairIDF[p.id]
			w = p.weight * idf
			if at, ok := l.at(p.key); ok {
				l.pair[at] = float32(w * idf)
				if ends := int32(p.key); ends != unknown {
					l.expect(ends, l.pair[at])
				} else {
					l.expect(int32(p.key>>32), l.pair[at])
				}
			}
		}
		sum += w * w
	}
	l.length = float32(math.Sqrt(sum) + 1e-9)
}

// expect notes that a variant that holds a term may gain so much by it.
func (l *lookup) expect(t int32, gain float32) {
	bit := signature(t)
	l.mask |= 1 << bit
	l.most[bit] += gain
}

// bound is the most that a variant with a signature can gain.
func (l *lookup) bound(signs uint64) float32 {
	sum := float32(0)
	for both := signs & l.mask; both != 0; both &= both - 1 {
		sum += l.most[bits.TrailingZeros64(both)]
	}
	return sum
}

func (x *Index) clear(s *scratch) {
	s.lookup.mask, s.lookup.most = 0, [64]float32{}
	for _, p := range s.pairs {
		if at, ok := s.lookup.at(p.key); ok {
			s.lookup.pair[at] = 0
		}
	}
	for _, t := range s.terms {
		if t.id != unknown {
			s.lookup.place[t.id] = 0
		}
	}
}

// at is where a pair of the question stands in l.pair, if it does.
func (l *lookup) at(key uint64) (int, bool) {
	a, b := int32(key>>32), int32(key)
	i, j := 0, 0
	if a != unknown {
		i = int(l.place[a])
	}
	if b != unknown {
		j = int(l.place[b])
	}
	return i*mostPaired + j, i < mostPaired && j < mostPaired
}

// In the list of a variant's terms these say that a term, or it with the one
// before it, stood in the variant already.
const (
	termAgain = 1 << 30
	pairAgain = 1 << 29
	termBits  = pairAgain - 1
)

// mostNear is how many of the best facts and gaps have their cosines taken, and
// so are sure to be the best.
const mostNear = 4

// scoreNear takes the cosine with the nearest variant of the classes that it
// could bring to the top: of facts, of gaps, and of the others.
func (x *Index) scoreNear(s *scratch, except int32) {
	facts := int32(len(x.base.Facts))
	fact := x.nearestOf(s, 0, facts, except)
	gap := x.nearestOf(s, facts, int32(x.own), except)
	least := fact
	if gap > 0 {
		least = min(fact, gap)
	}
	for _, c := range s.found {
		if int(c) < x.own {
			continue
		}
		bound := x.nearBound(s, int(c)-x.own)
		cover := s.rank[c].cover
		if x.classes[c].chat != "" {
			cover = chatCover * bound
		}
		if wordsAlone.cover*cover+wordsAlone.near*bound >= least {
			x.nearest(s, c, except)
		}
	}
}

// nearestOf does so for the classes of a range, the likeliest first, and
// returns the greatest score by words.
func (x *Index) nearestOf(s *scratch, from, to, except int32) float64 {
	b := x.blend()
	s.order = s.order[:0]
	for _, c := range s.found {
		if c >= from && c < to {
			s.rank[c].sum = b.cover*s.rank[c].cover + b.alike*s.rank[c].alike
			s.order = append(s.order, c)
		}
	}
	s.best.reset(mostNear)
	greatest := 0.0
	for len(s.order) > 0 {
		first := 0
		for i, c := range s.order {
			if s.rank[c].sum > s.rank[s.order[first]].sum {
				first = i
			}
		}
		c := s.order[first]
		r := &s.rank[c]
		if len(s.best.picks) == mostNear && r.sum+b.near < float64(s.best.least) {
			break
		}
		s.order[first] = s.order[len(s.order)-1]
		s.order = s.order[:len(s.order)-1]
		x.nearest(s, c, except)
		greatest = max(greatest, wordsAlone.cover*r.cover+wordsAlone.near*r.near)
		if sum := float32(r.sum + b.near*r.near); len(s.best.picks) < mostNear || sum > s.best.least {
			s.best.push(c, sum)
		}
	}
	return greatest
}

// rounding is by how much a sum may come out greater in another order.
const rounding = 1.00001

// nearest sets a class's cosine and nearest variant.
func (x *Index) nearest(s *scratch, c, except int32) {
	l := &s.lookup
	top, found := float32(0), unknown
	for v := x.classes[c].from; v < x.classes[c].to; v++ {
		if l.bound(x.signs[v])*x.inverse[v]*rounding <= top {
			continue
		}
		sum, last := float32(0), 0
		for _, t := range x.sequence[x.sequenceAt[v]:x.sequenceAt[v+1]] {
			place := int(l.place[t&termBits])
			if place == 0 {
				last = -1
				continue
			}
			if t&termAgain == 0 {
				sum += l.gain[place]
			}
			if last >= 0 && last < mostPaired && place < mostPaired && t&pairAgain == 0 {
				sum += l.pair[last*mostPaired+place]
			}
			last = place
		}
		if last > 0 && last < mostPaired {
			sum += l.pair[last*mostPaired]
		}
		if cos := sum * x.inverse[v]; cos > top && int32(v) != except {
			top, found = cos, int32(v)
		}
	}
	s.rank[c].near, s.rank[c].nearest = float64(top/l.length), found
}

// nearBound is the most that the cosine with a class other than the base's own
// can be, by the terms of the question that it holds.
func (x *Index) nearBound(s *scratch, other int) float64 {
	held := func(t int32) bool { return t == unknown || x.inOther[t]>>other&1 != 0 }
	sum := float32(0)
	for i, t := range s.terms {
		if t.id != unknown && held(t.id) {
			sum += s.lookup.weight[i+1] * s.lookup.weight[i+1]
		}
	}
	for _, p := range s.pairs {
		if p.id != unknown && held(int32(p.key>>32)) && held(int32(p.key)) {
			w := float32(p.weight * pairWeight * x.pairIDF[p.id])
			sum += w * w
		}
	}
	return math.Sqrt(float64(sum)) / float64(s.lookup.length)
}
