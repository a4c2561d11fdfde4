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

// weighty is one of the question's terms, in a list of them by falling weight.
type weighty struct {
	weight float32
	at     int32
}

type byWeight []weighty

// add adds a term behind those that weigh as much.
func (b *byWeight) add(w weighty) {
	list := append(*b, w)
	i := len(list) - 1
	for ; i > 0 && list[i-1].weight < w.weight; i-- {
		list[i] = list[i-1]
	}
	list[i] = w
	*b = list
}

// A sweep adds up in 16 bits a class, four classes in a word, steps times weights
// of ten bits over 256. Of mostSwept terms that leaves the highest bit free.
const (
	mostSwept = 32
	topWeight = 1<<10 - 1
	highest   = 0x8000800080008000
	one       = 0x0001000100010001
)

// sweep takes the base's best classes. It adds up roughly, in whole numbers, and
// looks closely only where that would do.
func (x *Index) sweep(s *scratch) {
	n, beyond := min(len(s.common), mostSwept), float32(0)
	for _, t := range s.common[n:] {
		beyond += 255 * t.weight
	}
	greatest := s.common[0].weight
	unit := greatest * 256 / topWeight
	s.rough = sized(s.rough, len(s.common[0].column)/4)
	clear(s.rough)
	for _, t := range s.common[:n] {
		addSteps(s.rough, t.column, uint16(math.Ceil(float64(topWeight*t.weight/greatest))))
	}
	s.addListed(unit)
	for c := x.own; c < len(x.classes); c++ {
		s.rough[c/4] &^= 0xffff << (c % 4 * 16)
	}
	// A term's part, or that of the lists, may be too low by less than one, or too high.
	least := roughFloor(s.rough) - 2*(n+1) - int(beyond/unit) - 1
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

// addListed adds to the rough sums what the lists gave, as far as there is room.
func (s *scratch) addListed(unit float32) {
	const most = 1<<15 - 1 // leaves the highest bit free
	for _, c := range s.listed {
		place := c % 4 * 16
		sum := s.rough[c/4] >> place & most
		s.rough[c/4] += min(most-sum, uint64(min(most, s.sums[c]/unit))) << place
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
