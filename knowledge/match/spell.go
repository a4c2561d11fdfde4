package match

import (
	"math/bits"
	"slices"
)

// speller mends words against those of the base. It finds, for each of them,
// what is left when one or two letters are taken out: two words that are a
// small edit apart have such a rest in common (the symmetric delete method of
// W. Garbe's SymSpell). Rests are kept as hashes in one open table; what they
// find is checked by its distance.
type speller struct {
	words []string
	count []int // how often the base uses the word
	table []rest
}

// rest says that a word leaves something with this hash.
type rest struct {
	hash uint32
	word int32 // index of the word plus one; zero is a free place
}

const (
	minMend  = 4  // shorter words are left alone: too many others are near
	minTwice = 7  // from this length on two edits are mended
	maxMend  = 24 // longer words are left alone
)

func newSpeller(counts map[string]int) *speller {
	s := &speller{}
	places := 0
	for w := range counts {
		if len(w) >= minMend-1 && len(w) <= maxMend && plainWord(w) {
			s.words = append(s.words, w)
			places += 1 + len(w) + len(w)*(len(w)-1)/2
		}
	}
	slices.Sort(s.words)
	s.table = make([]rest, 1<<bits.Len(uint(places*3/2)))
	for id, w := range s.words {
		s.count = append(s.count, counts[w])
		rests(w, len(w) >= minTwice-1, func(hash uint32) {
			at := hash
			for ; s.at(at).word != 0; at++ {
			}
			*s.at(at) = rest{hash, int32(id + 1)}
		})
	}
	return s
}

func (s *speller) at(place uint32) *rest { return &s.table[place&uint32(len(s.table)-1)] }

// mend returns the word of the base that w most likely means: the one that is
// the fewest edits away, then the one that begins alike, then the commonest.
func (s *speller) mend(w string) (string, bool) {
	if len(w) < minMend || len(w) > maxMend || !plainWord(w) {
		return "", false
	}
	limit := 1
	if len(w) >= minTwice {
		limit = 2
	}
	best, bestDistance, bestScore := -1, limit+1, 0
	rests(w, limit == 2, func(hash uint32) {
		for at := hash; s.at(at).word != 0; at++ {
			if s.at(at).hash != hash {
				continue
			}
			id := int(s.at(at).word - 1)
			d := distance(w, s.words[id])
			score := s.count[id]
			if s.words[id][0] == w[0] {
				score += 1000
			}
			if d < bestDistance || d == bestDistance && (score > bestScore || score == bestScore && id < best) {
				best, bestDistance, bestScore = id, d, score
			}
		}
	})
	if best < 0 {
		return "", false
	}
	return s.words[best], true
}

// rests calls yield with the FNV-1a hash of w, of w without each of its letters
// and, if twice, without each two of them.
func rests(w string, twice bool, yield func(hash uint32)) {
	yield(hashWithout(w, -1, -1))
	for i := range len(w) {
		yield(hashWithout(w, i, -1))
		if twice {
			for j := i + 1; j < len(w); j++ {
				yield(hashWithout(w, i, j))
			}
		}
	}
}

func hashWithout(w string, i, j int) uint32 {
	h := uint32(2166136261)
	for k := range len(w) {
		if k != i && k != j {
			h = (h ^ uint32(w[k])) * 16777619
		}
	}
	return h
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

// distance is the optimal string alignment distance of two words of at most
// maxMend bytes: how many letters are put in, taken out, changed or swapped
// with the next.
func distance(a, b string) int {
	var rows [3][maxMend + 1]int
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
