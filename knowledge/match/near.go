package match

import (
	"math"
)

// mostTerms is how many distinct terms of a question count, and mostPaired up to
// which of them pairs do and classes say whether they hold them.
const (
	mostTerms  = 253
	mostPaired = 62
)

// pairWeight is what two terms in a row count against one term.
const pairWeight = 0.5

// The numbers of a question's terms begin behind those of no term of it and of
// its ends.
const (
	foreignTerm = iota
	endTerm
	firstTerm
	pairedTerms = firstTerm + mostPaired
)

// lookup says of every term which of the question's it is.
type lookup struct {
	place  []uint8                            // of each term of the base: its number in the question
	weight [mostTerms]float32                 // of each of the question's terms
	square [mostFours]fourSquares             // of each four terms
	gain   [2 * (again)]float32               // by number: the same, times its weight in a variant; none with again
	pair   [pairedTerms * pairedTerms]float32 // the same of the pair of two terms by number
	length float32                            // of the question as a vector
	fours  int                                // how many of square are the question's
	beyond uint64                             // the squares of the terms that have no bit
	pairs  []boundPair                        // that the base knows
	least  float64                            // the least weight of a term
}

// again is added to the number of a term that stood in a variant already.
const again = 256

// prepare fills the lookup; clear undoes it and the sums before the next question.
func (x *Index) prepare(s *scratch) {
	l := &s.lookup
	for i := range s.pairs { // nothing here waits for a place in memory before it looks at the next
		s.pairs[i].entry = x.pairs.first(s.pairs[i].key)
	}
	l.place = sized(l.place, len(x.idf))
	l.beyond, l.pairs, l.least = 0, l.pairs[:0], 1
	sum := 0.0
	for i, t := range s.terms {
		w, square := t.weight*x.maxIDF, uint64(0)
		if t.id != unknown {
			idf := x.lists[t.id].idf
			w = t.weight * idf
			square = whole(w * w)
			l.place[t.id] = uint8(firstTerm + i)
			l.gain[firstTerm+i] = float32(w * idf)
		}
		sum += w * w
		l.weight[i] = float32(w)
		l.least = min(l.least, t.weight)
		if i >= mostPaired {
			l.beyond += square
			continue
		}
		if i%4 == 0 {
			l.square[i/4][0] = 0 // the first of four
		}
		l.square[i/4].add(i%4, square)
	}
	l.fours = (min(len(s.terms), mostPaired) + 3) / 4
	for i := range s.pairs {
		p := &s.pairs[i]
		w := p.weight * pairWeight * x.maxPairIDF
		known := x.pairs.from(p.entry, p.key)
		p.id, p.at = known.id-1, 0
		if p.id != unknown {
			idf := pairWeight * float64(known.idf)
			w = p.weight * idf
			bound := boundPair{square: whole(w * w)}
			a, b := l.end(int32(p.key>>32)), l.end(int32(p.key))
			if a < pairedTerms && b < pairedTerms {
				p.at = int32(a*pairedTerms + b)
				bound.needs = (1<<a | 1<<b) >> firstTerm
				l.pair[p.at] = float32(w * idf)
			}
			l.pairs = append(l.pairs, bound)
		}
		sum += w * w
	}
	l.length = float32(math.Sqrt(sum) + 1e-9)
}

func (x *Index) clear(s *scratch) {
	for _, p := range s.pairs {
		s.lookup.pair[p.at] = 0
	}
	for _, t := range s.terms {
		if t.id != unknown {
			s.lookup.place[t.id] = foreignTerm
		}
	}
	for _, c := range s.listed {
		s.sums[c], s.held[c] = 0, 0
	}
	s.listed = s.listed[:0]
}

// end is the number of one end of a pair.
func (l *lookup) end(t int32) int {
	if t == unknown {
		return endTerm
	}
	return int(l.place[t])
}

// In the list of a variant's terms these say that a term, or it with the one
// before it, stood in the variant already.
const (
	termAgain = 1 << 30
	pairAgain = 1 << 29
	termBits  = pairAgain - 1
)

// headWords is how many words stand in the sequence before a variant's terms: the
// bits of its inverse, and how many terms there are.
const headWords = 2

// termsOf returns a variant's terms as they stand in the sequence.
func (x *Index) termsOf(v int32) []int32 {
	return x.sequence[x.sequenceAt[v]+headWords : x.sequenceAt[v+1]]
}

// span says where a class's variants stand.
type span struct {
	first    int32   // of them
	from, to int32   // in the sequence
	steepest float32 // the greatest of their inverses
}

// mostNear is how many of the best facts and gaps have their cosines taken, and
// so are sure to be the best, where more than the leaders matter: in a trained
// ranking, whose confidences depend on all scores, and where a thread favours some.
const mostNear = 4

// leaders are the best two of the classes whose cosines were taken.
type leaders struct{ first, second pick }

func (l *leaders) add(p pick) {
	switch {
	case p.sum > l.first.sum:
		l.first, l.second = p, l.first
	case p.sum > l.second.sum:
		l.second = p
	}
}

// lead reports whether nothing else that scores at most so much matters: of gaps
// the best one is known, of facts also the best that says something else.
func (x *Index) lead(l *leaders, most float32) bool {
	if int(l.first.class) >= len(x.base.Facts) {
		return most < l.first.sum
	}
	return most < l.second.sum && !x.sameAnswer(l.first.class, l.second.class)
}

// scoreNear takes the cosine with the nearest variant of the classes that it
// could bring to the top: of facts, of gaps, and of the others.
func (x *Index) scoreNear(s *scratch, except int32) {
	s.leadersOnly = x.softmax == nil && !s.followUp && except == none
	facts := int32(len(x.base.Facts))
	fact := x.nearestOf(s, 0, facts, except)
	gap := 0.0
	if int(facts) < x.own {
		gap = x.nearestOf(s, facts, int32(x.own), except)
	}
	least := fact
	if gap > 0 {
		least = min(fact, gap)
	}
	if s.talkLeft && (wordsAlone.cover*chatCover+wordsAlone.near)*s.lookup.nearBound(s.chatHeld, loosest) >= least {
		x.findTalk(s)
	}
	added := false
	for _, c := range s.found {
		if int(c) < x.own {
			continue
		}
		bound := s.lookup.nearBound(s.rank[c].held, loosest)
		cover := s.rank[c].cover
		if x.classes[c].chat != "" {
			cover = chatCover * bound
		}
		if wordsAlone.cover*cover+wordsAlone.near*bound >= least {
			if !added {
				x.addPhrases(s)
				added = true
			}
			x.nearestPhrase(s, c)
		}
	}
}

// findTalk finds the kinds of small talk, which findBest leaves.
func (x *Index) findTalk(s *scratch) {
	first := len(s.found)
	for c := range x.classes[x.own:] {
		if class := int32(x.own + c); x.classes[class].chat != "" {
			s.findOther(class)
		}
	}
	for _, c := range s.found[first:] {
		s.rank[c].nearest = unknown
	}
}

// scoreFollowers takes the cosines of the facts behind the leaders, where they
// were not taken and now matter.
func (x *Index) scoreFollowers(s *scratch) {
	if !s.leadersOnly {
		return
	}
	s.leadersOnly = false
	facts := int32(len(x.base.Facts))
	x.nearestOf(s, 0, facts, none)
	b := x.blend()
	for _, c := range s.found {
		if c < facts {
			x.total(s, c, b)
		}
	}
}

// nearestOf does so for the classes of a range, the likeliest first, and
// returns the greatest score by words.
func (x *Index) nearestOf(s *scratch, from, to, except int32) float64 {
	b := x.blend()
	s.hopes = sized(s.hopes, len(s.found))
	for i, c := range s.found {
		s.hopes[i] = 0
		if c >= from && c < to {
			r := &s.rank[c]
			r.sum = b.withoutNear(r)
			s.hopes[i] = hopeOf(float32(r.sum+b.near*s.lookup.nearBound(r.held, x.tightest(c))), i)
		}
	}
	s.best.reset(mostNear)
	var leaders leaders
	greatest := 0.0
	for {
		h := greatestHope(s.hopes)
		if h == 0 || len(s.best.picks) == mostNear && h.sum() < s.best.least || s.leadersOnly && x.lead(&leaders, h.sum()) {
			break
		}
		s.hopes[h.at()] = 0
		class := s.found[h.at()]
		r := &s.rank[class]
		if r.nearest == unknown {
			x.nearest(s, class, except)
		}
		greatest = max(greatest, wordsAlone.cover*r.cover+wordsAlone.near*r.near)
		p := pick{class: class, sum: float32(r.sum + b.near*r.near)}
		leaders.add(p)
		s.best.add(p)
	}
	return greatest
}

// hope is what one of some classes scores or can score at most, and where it stands
// among them, so that the greatest is found without a branch; zero is none.
type hope uint64

func hopeOf(sum float32, at int) hope {
	bits := math.Float32bits(sum)
	bits ^= uint32(int32(bits)>>31) | 1<<31 // in the order of the sums
	return hope(bits)<<32 | hope(at)
}

func (h hope) sum() float32 {
	bits := uint32(h >> 32)
	return math.Float32frombits(bits ^ (uint32(int32(^bits)>>31) | 1<<31))
}

func (h hope) at() int { return int(uint32(h)) }

func greatestHope(hopes []hope) hope {
	h := hope(0)
	for i := range hopes {
		h = max(h, hopes[i])
	}
	return h
}

// nearest sets a class's cosine and nearest variant. Nothing branches on what a
// variant holds, for no processor could foresee that.
func (x *Index) nearest(s *scratch, c, except int32) {
	l := &s.lookup
	top, found := float32(0), unknown
	span := x.spans[c]
	sequence := x.sequence[span.from:span.to]
	for v := span.first; len(sequence) > 0; v++ {
		inverse, terms := math.Float32frombits(uint32(sequence[0])), sequence[headWords:headWords+sequence[1]]
		sequence = sequence[headWords+len(terms):]
		sum, pairs, row := float32(0), float32(0), uint(endTerm*pairedTerms)
		for _, t := range terms {
			place := uint(l.place[t&termBits])
			sum += l.gain[place|uint(t>>22)&again]
			if place >= pairedTerms {
				place = foreignTerm
			}
			if t&pairAgain != 0 {
				row = foreignTerm
			}
			pairs += l.pair[(row+place)%uint(len(l.pair))]
			row = place * pairedTerms
		}
		pairs += l.pair[(row+endTerm)%uint(len(l.pair))]
		if cos := (sum + pairs) * inverse; cos > top && v != except {
			top, found = cos, v
		}
	}
	s.rank[c].near, s.rank[c].nearest = float64(top/l.length), found
}

// rounding is by how much a sum may come out greater in another order.
const rounding = 1.00001

// fourSquares is, of four terms, the sum of the squares of the weights of those
// whose bits are set; of a term that the base does not know it is zero.
type fourSquares [1 << 4]uint64

// add adds a term behind those with lower bits.
func (f *fourSquares) add(bit int, square uint64) {
	for i, sum := range f[:1<<bit] {
		f[1<<bit|i] = sum + square
	}
}

const mostFours = (mostPaired + 3) / 4

// boundPair is what a pair of terms may add to a cosine.
type boundPair struct {
	needs  uint64 // the bits of its terms
	square uint64 // of its weight
}

// nearBound is the most that the cosine with a class can be that holds these of
// the question's terms, and whose shortest variant has this length, over one. It
// is taken of every candidate, and so adds up in whole numbers, without a branch.
func (l *lookup) nearBound(held uint64, inverse float32) float64 {
	sum, all := l.beyond, held
	for i := range l.square[:l.fours] {
		sum += l.square[i][held&15]
		held >>= 4
	}
	for i := range l.pairs {
		p := &l.pairs[i]
		square := p.square
		if p.needs&^all != 0 {
			square = 0
		}
		sum += square
	}
	// A variant weighs its terms as the question does, or more.
	common := float64(sum) / wholes
	return rounding * min(math.Sqrt(common), common/l.least*float64(inverse)) / float64(l.length)
}

// tightest is the greatest inverse of a class's variants. The confidences of a
// trained ranking were fitted with the cosines of more classes, and are left so.
func (x *Index) tightest(c int32) float32 {
	if x.softmax != nil {
		return loosest
	}
	return x.spans[c].steepest
}

// loosest is the inverse of a variant that could have any length.
const loosest = math.MaxFloat32

// wholes are what squares are counted in, over one.
const wholes = 1 << 20

func whole(square float64) uint64 { return uint64(square*wholes) + 1 }
