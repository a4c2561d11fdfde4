package match

import (
	"math"
	"math/bits"
	"slices"
)

// speller mends words against those of the base. It finds, for each of them,
// what is left when one or two letters are taken out: two words that are a
// small edit apart have such a rest in common (the symmetric delete method of
// W. Garbe's SymSpell). Rests are kept as hashes in one open table; what they
// find is checked by its distance.
type speller struct {
	words      []string
	likelihood []float64 // of each word: the logarithm of how likely it is written
	terms      []int32   // of each word, or unknown
	table      []rest
}

// rest says that a word leaves something with a hash: the word's index plus one and,
// above it, the first bits of the hash. Zero is a free place.
type rest uint32

// wordBits is how many bits a word's number has: more words do not fit into memory.
const wordBits = 24

func restOf(hash uint32, word int) rest { return rest(hash>>wordBits<<wordBits | uint32(word+1)) }

// of reports whether r may be a rest with this hash.
func (r rest) of(hash uint32) bool { return (uint32(r)^hash)>>wordBits == 0 }

func (r rest) word() int { return int(r&(1<<wordBits-1)) - 1 }

const (
	minMend  = 3  // shorter words are left alone: too many others are near
	minTwice = 5  // from this length on two edits are mended…
	apart    = 2  // …and no more
	maxMend  = 24 // longer words are left alone
)

func newSpeller(l *lexicon, counts map[string]int) *speller {
	s := &speller{}
	places, total := 0, 0.0
	for w := range counts {
		if len(w) >= minMend && len(w) <= maxMend && plainWord(w) {
			s.words = append(s.words, w)
			total += float64(counts[w])
			places += 1 + len(w) + len(w)*(len(w)-1)/2
		}
	}
	slices.Sort(s.words)
	s.table = make([]rest, 1<<bits.Len(uint(places*3/2)))
	var left rests
	for id, w := range s.words {
		s.likelihood = append(s.likelihood, math.Log(ofBase*float64(counts[w])/total))
		s.terms = append(s.terms, l.termOf(w))
		left.of(w, len(w) >= minTwice-2)
		for _, hash := range left.hashes[:left.n] {
			at := hash
			for ; *s.at(at) != 0; at++ {
			}
			*s.at(at) = restOf(hash, id)
		}
	}
	return s
}

func (s *speller) at(place uint32) *rest { return &s.table[place&uint32(len(s.table)-1)] }

// Most words that people write are the base's; the others are as common as in
// the table, where frequency falls with rank (Zipf's law).
const (
	ofBase  = 0.9
	ofTable = 0.1 / 10 // over rank, which adds up to ten
	topRank = 10       // as common as the words before this rank are all of them
)

// What mistakes cost, as logarithms of how rarely they are made: a letter left
// out, put in twice or swapped with the next is commoner than another one in its
// place or between; the first letter is seldom wrong. And what a neighbour is
// worth that stands next to the word in the base.
const (
	slip      = 5.0
	wrong     = 7.0
	initial   = 1.5
	neighbour = 2.5
)

// mend returns the word that w most likely means: one of the base, or of the
// table, that few and likely mistakes away is common and stands beside the
// neighbours. It returns nothing if that is less likely than least, the logarithm
// of a likelihood, or if it stands beside none and must.
func (l *lexicon) mend(w string, near neighbours, least float64, must bool) string {
	if must && near.strange() {
		return ""
	}
	best, top := "", least
	s := l.speller
	enough := func(id, edits int, gain float64) bool { return s.likelihood[id]-slip*float64(edits)+gain >= top } // no edit costs less
	likely := func(id, edits int) bool { return enough(id, edits, 2*neighbour) }
	s.find(w, likely, func(id, edits int) {
		gain := l.beside(s.terms[id], near)
		if !enough(id, edits, gain) {
			return
		}
		c := s.words[id]
		p := s.likelihood[id] - mistakes(w, c) + gain
		if p > top || p == top && (best == "" || c < best) {
			best, top = c, p
		}
	})
	if top < likelihood(0)-slip && len(w) > minMend && len(w) <= maxMend && plainWord(w) {
		l.table.Edits(w, func(rank int) {
			c := l.table.Word(rank)
			if p := likelihood(rank) - mistakes(w, c); (p > top || p == top && best == "") && !misspelt[c] {
				best, top = c, p
			}
		})
	}
	if must && best != "" && l.beside(l.termOf(best), near) == 0 {
		return ""
	}
	return best
}

func likelihood(rank int) float64 { return math.Log(ofTable / float64(rank+topRank)) }

// neighbours are the terms before and behind a word; unknown stands for the ends.
type neighbours struct{ before, behind int32 }

// strange reports whether no pair of the base holds either.
func (n neighbours) strange() bool { return n.before < unknown && n.behind < unknown }

// beside is what a word of the base gains by its neighbours.
func (l *lexicon) beside(term int32, near neighbours) float64 {
	if term == unknown {
		return 0 // of a name
	}
	gain := 0.0
	if l.pairs.has(pair(near.before, term)) {
		gain += neighbour
	}
	if l.pairs.has(pair(term, near.behind)) {
		gain += neighbour
	}
	return gain
}

// termOf is the term of a word of the base, or unknown.
func (l *lexicon) termOf(word string) int32 {
	if w, ok := l.surface[word]; ok {
		return w.term
	}
	return unknown
}

// find calls yield with each word of the base that is few enough edits from w and
// worth it, being so many edits away. Some come more than once.
func (s *speller) find(w string, worth func(id, edits int) bool, yield func(id, edits int)) {
	if len(w) < minMend || len(w) > maxMend || !plainWord(w) {
		return
	}
	limit := 1
	if len(w) >= minTwice {
		limit = 2
	}
	var left rests
	left.of(w, limit == 2)
	var first [mostRests]rest
	for i, hash := range left.hashes[:left.n] { // nothing here waits for a place in memory before it looks at the next
		first[i] = *s.at(hash)
	}
	pattern := newPattern(w)
	var seen [64]rest // those looked at last, for near words leave many rests in common
	for i, hash := range left.hashes[:left.n] {
		for at, r := hash, first[i]; r != 0; r = *s.at(at) {
			at++
			id := r.word()
			if !r.of(hash) || seen[id%len(seen)] == rest(id+1) {
				continue
			}
			seen[id%len(seen)] = rest(id + 1)
			if !worth(id, max(1, left.without(i))) {
				continue
			}
			if edits := pattern.distance(s.words[id]); edits <= limit && worth(id, edits) {
				yield(id, edits)
			}
		}
	}
}

// mistakes is what it costs to write typed, of at most maxMend letters, for meant, a
// word at most apart edits away: an optimal string alignment distance by weight. More
// edits than those never cost less.
func mistakes(typed, meant string) float64 {
	const far = math.MaxInt32 / 2
	var rows [3][maxMend + apart + 1]int // in halves
	for i := range rows {
		for j := range rows[i] {
			rows[i][j] = far
		}
	}
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range min(apart, len(meant)) + 1 {
		last[j] = 2 * slip * j
	}
	for i := 1; i <= len(typed); i++ {
		extra := int(2 * wrong)
		if i > 1 && typed[i-1] == typed[i-2] {
			extra = 2 * slip
		}
		from := max(1, i-apart)
		row[from-1] = far
		if i <= apart {
			row[0] = last[0] + extra
		}
		for j := from; j <= min(len(meant), i+apart); j++ {
			change := int(2 * wrong)
			if typed[i-1] == meant[j-1] {
				change = 0
			}
			row[j] = min(row[j-1]+2*slip, last[j]+extra, last[j-1]+change)
			if i > 1 && j > 1 && typed[i-1] == meant[j-2] && typed[i-2] == meant[j-1] {
				row[j] = min(row[j], before[j-2]+2*slip)
			}
		}
		before, last, row = last, row, before
	}
	cost := float64(last[len(meant)]) / 2
	if typed[0] != meant[0] {
		cost += initial
	}
	return cost
}

// mostRests is how many rests a word of maxMend letters has.
const mostRests = 1 + maxMend + maxMend*(maxMend-1)/2

// rests is a word's, as hashes: of itself, of what is left without each of its
// letters and, if twice, without each two of them.
type rests struct {
	letters int // of the word
	n       int
	hashes  [mostRests]uint32
}

// of sets r to the rests of a word of at most maxMend letters. A rest's hash is a
// polynomial of its letters, so that it is put together from those of the
// word's parts.
func (r *rests) of(w string, twice bool) {
	var head [maxMend + 1]uint32 // of what stands before each letter
	for i := range len(w) {
		head[i+1] = head[i]*restBase + uint32(w[i])
	}
	var powers [maxMend + 1]uint32
	powers[0] = 1
	for i := range len(w) {
		powers[i+1] = powers[i] * restBase
	}
	n := len(w)
	part := func(from, to int) uint32 { return head[to] - head[from]*powers[to-from] }
	r.n, r.letters = 0, n
	r.add(head[n])
	for i := range n {
		r.add(head[i]*powers[n-i-1] + part(i+1, n))
	}
	if !twice {
		return
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			r.add((head[i]*powers[j-i-1]+part(i+1, j))*powers[n-j-1] + part(j+1, n))
		}
	}
}

// without is how many letters are taken out for rest i. The word itself is the first.
func (r *rests) without(i int) int {
	switch {
	case i == 0:
		return 0
	case i <= r.letters:
		return 1
	}
	return 2
}

// restBase is what a letter's weight in a rest's hash grows by with its place.
const restBase = 0x01000193

func (r *rests) add(hash uint32) {
	hash *= 0x9E3779B1 // spreads the letters over all bits
	r.hashes[r.n] = hash ^ hash>>15
	r.n++
}

// plainWord reports whether w is letters of a to z alone: others are names,
// numbers or other languages, and are not mended.
func plainWord(w string) bool {
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}
