package match

import (
	"math"
	"math/bits"
)

// sparse is one in how many classes hold a term for which a column is kept: the
// term is common.
const sparse = 64

// column is a step of a term's impact for each class, up to a whole number of
// blocks, so that those of a block can be added up together.
type column []byte

// block is how many classes are looked at at once.
const block = 32

// columnSize is the length of a column.
func columnSize(classes int) int { return (classes + block - 1) / block * block }

// commonTerm is a term of a question that many classes hold.
type commonTerm struct {
	column column
	weight float32 // of a step
	bit    uint64  // see bitOf
}

// A sweep adds up in 16 bits a class, four classes in a word, steps times weights
// of at most topWeight over 256. The highest bit stays free, so that many terms have
// smaller weights.
const (
	topWeight = 1<<10 - 1
	topSum    = 1<<15 - 1
	highest   = 0x8000800080008000
	one       = 0x0001000100010001
)

// sweep takes the base's best classes. It adds up roughly, in whole numbers, and
// looks closely only where that would do.
func (x *Index) sweep(s *scratch) {
	n, greatest := len(s.common), float32(0)
	for i := range s.common {
		greatest = max(greatest, s.common[i].weight)
	}
	top := float32(min(topWeight, topSum/n))
	s.rough = sized(s.rough, len(s.common[0].column)/4)
	clear(s.rough)
	for _, t := range s.common {
		addSteps(s.rough, t.column, uint16(math.Ceil(float64(top*t.weight/greatest))))
	}
	s.addListed(greatest * 256 / top)
	for c := x.own; c < len(x.classes); c++ {
		s.rough[c/4] &^= 0xffff << (c % 4 * 16)
	}
	// A term's part, or that of the lists, may be too low by less than one, or too high.
	least := roughFloor(s.rough) - 2*(n+1)
	s.reached = sized(s.reached, len(s.rough)*4/block)
	markFrom(s.reached, s.rough, uint16(max(0, least)))
	for i, hits := range s.reached {
		for ; hits != 0; hits &= hits - 1 {
			if c := int32(block*i + bits.TrailingZeros32(hits)); int(c) < x.own {
				s.take(c)
			}
		}
	}
}

// addListed adds to the rough sums, which are counted in a unit, what the lists gave,
// as far as there is room.
func (s *scratch) addListed(unit float32) {
	for _, c := range s.listed {
		place := c % 4 * 16
		sum := s.rough[c/4] >> place & topSum
		s.rough[c/4] += min(topSum-sum, uint64(min(topSum, s.sums[c]/unit))) << place
	}
}

// roughFloor is a sum that mostCandidates classes reach, and few more: so many
// of the greatest sums at each place of a block, which are twice as many, to within
// closely.
func roughFloor(sums []uint64) int {
	var groups [block / 4]uint64
	greatest(&groups, sums)
	all := uint64(0)
	for _, g := range groups {
		all |= g
	}
	all |= all>>32 | all>>16 | all>>48
	floor := 0
	for bit := 1 << bits.Len16(uint16(all)) >> 1; bit >= closely; bit >>= 1 {
		reach := 0
		for _, g := range groups {
			reach += bits.OnesCount64((g + highest - one*uint64(floor|bit)) & highest)
		}
		floor |= bit & ((mostCandidates - 1 - reach) >> 62) // the bit if there are so many
	}
	return floor
}

// closely is a power of two that is little in the rough sums.
const closely = 8

// addStepsPlainly is what addSteps does.
func addStepsPlainly(sums []uint64, steps column, weight uint16) {
	for i, step := range steps {
		sums[i/4] += uint64(step) * uint64(weight) >> 8 << (i % 4 * 16)
	}
}

// greatestPlainly is what greatest does.
func greatestPlainly(groups *[block / 4]uint64, sums []uint64) {
	for i, b := range sums {
		group := &groups[i%len(groups)]
		a := *group
		from := ((a | highest) - b) & highest // set where a is not less
		from -= from >> 15
		*group = a&from | b&^from
	}
}

// markFromPlainly is what markFrom does.
func markFromPlainly(marks []uint32, sums []uint64, least uint16) {
	clear(marks)
	for i, four := range sums {
		reached := (four + highest - one*uint64(least)) & highest
		for ; reached != 0; reached &= reached - 1 {
			c := 4*i + bits.TrailingZeros64(reached)/16
			marks[c/block] |= 1 << (c % block)
		}
	}
}
