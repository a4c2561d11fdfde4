package match

import (
	"math"
	"math/bits"
)

// sparse is one in how many classes hold a term for which a column is kept: the
// term is common.
const sparse = 64

// column is a step of a term's impact for each class, eight of them in a word
// so that they can be added up together, and an even number of words.
type column []uint64

func newColumn(classes int) column { return make(column, (classes+15)/16*2) }

func (c column) set(class int, step uint8) { c[class/8] |= uint64(step) << (class % 8 * 8) }

func (c column) at(class int32) uint8 { return uint8(c[uint32(class)/8] >> (uint32(class) % 8 * 8)) }

// commonTerm is a term of a question that many classes hold.
type commonTerm struct {
	column column
	weight float32 // of a step
	bit    uint64  // see bitOf
	most   float32 // what it gives at most
	rest   float32 // the same, together with all terms behind it
}

// addCommon adds a common term behind those that weigh more.
func (s *scratch) addCommon(t commonTerm) {
	s.common = append(s.common, t)
	i := len(s.common) - 1
	for ; i > 0 && s.common[i-1].weight < t.weight; i-- {
		s.common[i] = s.common[i-1]
	}
	s.common[i] = t
}

// withCommon adds to a class's sum what the common terms give, unless that stays
// below floor: then it may return less.
func (s *scratch) withCommon(c int32, sum, floor float32) float32 {
	for i := range s.common {
		t := &s.common[i]
		if sum+t.rest < floor {
			return sum
		}
		sum += t.weight * float32(t.column.at(c))
	}
	return sum
}

// holdsCommon returns the bits of the common terms that a class holds.
func (s *scratch) holdsCommon(c int32) uint64 {
	held := uint64(0)
	for i := range s.common {
		t := &s.common[i]
		bit := t.bit
		if t.column.at(c) == 0 {
			bit = 0
		}
		held |= bit
	}
	return held
}

// A sweep adds up in 16 bits a class, four classes in a word, steps times weights
// of ten bits over 256. Of mostSwept terms that leaves the highest bit free.
const (
	mostSwept = 32
	topWeight = 1<<10 - 1
	highest   = 0x8000800080008000
	one       = 0x0001000100010001
)

// sweep offers the base's classes that no list held and that the common terms
// may lift among the best. It adds up roughly, in whole numbers, and looks
// closely only where that would do.
func (x *Index) sweep(s *scratch) {
	n, beyond := s.swept()
	if n == 0 {
		return
	}
	greatest := s.common[0].weight
	unit := greatest * 256 / topWeight
	s.rough = sized(s.rough, 2*len(s.common[0].column))
	clear(s.rough)
	for _, t := range s.common[:n] {
		addSteps(s.rough, t.column, uint16(math.Ceil(float64(topWeight*t.weight/greatest))))
	}
	for c := x.own; c < len(x.classes); c++ {
		s.rough[c/4] &^= 0xffff << (c % 4 * 16)
	}
	// A term's part may be too low by less than one, or too high.
	slack := n + int(beyond/unit) + 1
	least := max(int(s.best.least/unit), roughFloor(s.rough)-n) - slack
	lift := highest - one*uint64(max(0, least))
	for i, sums := range s.rough {
		for hits := (sums + lift) & highest; hits != 0; hits &= hits - 1 {
			c := int32(4*i + bits.TrailingZeros64(hits)/16)
			if int(c) < x.own && s.sums[c] == 0 {
				s.offer(c, 0)
			}
		}
	}
}

// swept is how many of the common terms are worth a sweep, and what all others
// give at most: once that is little, only few classes need a closer look.
func (s *scratch) swept() (n int, beyond float32) {
	for n < min(len(s.common), mostSwept) && s.common[n].rest > littleOf*s.best.least {
		n++
	}
	if n < len(s.common) {
		beyond = s.common[n].rest
	}
	return n, beyond
}

// littleOf is the share of the least sum of the best that counts as little.
const littleOf = 0.1

// roughFloor is a sum that mostCandidates classes reach, and few more: so many
// of the greatest sums of twice as many groups of classes.
func roughFloor(sums []uint64) int {
	var groups [mostCandidates / 2]uint64 // four in a word
	for i, b := range sums {
		group := &groups[i%len(groups)]
		a := *group
		from := ((a | highest) - b) & highest // set where a is not less
		from -= from >> 15
		*group = a&from | b&^from
	}
	floor := 0
	for bit := 1 << 14; bit > 0; bit >>= 1 {
		reach := 0
		for _, g := range groups {
			reach += bits.OnesCount64((g + highest - one*uint64(floor|bit)) & highest)
		}
		if reach >= mostCandidates {
			floor |= bit
		}
	}
	return floor
}

// addStepsPlainly is what addSteps does.
func addStepsPlainly(sums []uint64, steps column, weight uint16) {
	for i, eight := range steps {
		for j := range 8 {
			part := eight >> (8 * j) & 0xff * uint64(weight) >> 8
			sums[2*i+j/4] += part << (j % 4 * 16)
		}
	}
}
