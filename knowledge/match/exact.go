package match

import (
	"math/bits"
	"slices"
)

// exactForms finds a variant by its words in their order: an open hash table, in
// which of variants with one hash the first comes first.
type exactForms struct {
	places []exactPlace
	shift  int
}

// exactPlace is a variant, by its number plus one; zero is a free place.
type exactPlace struct {
	hash    uint32
	variant int32
}

// newExactForms returns a table for n variants.
func newExactForms(n int) exactForms {
	size := bits.Len(uint(2*n + 1))
	return exactForms{make([]exactPlace, 1<<size), 64 - size}
}

// add takes up a variant. Its tokens have their terms.
func (f *exactForms) add(tokens []token, variant int32) {
	hash, _ := formHash(tokens)
	at := f.first(hash)
	for f.places[at].variant != 0 {
		at = f.next(at)
	}
	f.places[at] = exactPlace{uint32(hash), variant + 1}
}

func (f *exactForms) first(hash uint64) int { return int(hash >> f.shift) }

func (f *exactForms) next(at int) int { return (at + 1) & (len(f.places) - 1) }

// verbatim returns the variant that is asked in the very words of a question.
func (x *Index) verbatim(s *scratch, tokens []token) (int32, bool) {
	hash, known := formHash(tokens)
	if !known {
		return 0, false
	}
	f := &x.exact
	for at := f.first(hash); f.places[at].variant != 0; at = f.next(at) {
		p := f.places[at]
		if p.hash == uint32(hash) && slices.EqualFunc(x.wordsOf(s, p.variant-1), tokens, func(a, b token) bool { return a.text == b.text }) {
			return p.variant - 1, true
		}
	}
	return 0, false
}

// wordsOf returns the tokens of a variant, without their terms.
func (x *Index) wordsOf(s *scratch, variant int32) []token {
	from := len(s.tokens)
	s.tokens = x.lexicon.appendTokens(s.tokens, plainText(x.variants[variant].text))
	return x.lexicon.names.resolve(s.tokens[from:len(s.tokens):len(s.tokens)])
}

// formHash is a hash of tokens by their terms. It reports whether the base knows
// them all.
func formHash(tokens []token) (hash uint64, known bool) {
	known = true
	for i := range tokens {
		known = known && tokens[i].term != unknown
		hash = (hash + uint64(tokens[i].term) + 1) * 0x9E3779B97F4A7C15
	}
	return hash, known
}
