package match

import "math/bits"

// exactForms finds a variant by its words in their order.
type exactForms struct {
	variants map[string]int32 // by form, the first of each
	hashes   []uint64         // of the forms
	marks    []uint64         // a bit for what each hash begins with: most questions have none
	shift    int
}

// spacious is how many bits the marks have for a form, at least.
const spacious = 16

// add takes up a variant. Its tokens have their terms.
func (f *exactForms) add(tokens []token, variant int32) {
	form := string(appendExact(nil, tokens))
	if _, known := f.variants[form]; !known {
		f.variants[form] = variant
		hash, _ := formHash(tokens)
		f.hashes = append(f.hashes, hash)
	}
}

// complete makes f ready, once all variants are added.
func (f *exactForms) complete() {
	size := max(6, bits.Len(uint(spacious*len(f.hashes))))
	f.marks, f.shift = make([]uint64, 1<<size/64), 64-size
	for _, h := range f.hashes {
		at := h >> f.shift
		f.marks[at/64] |= 1 << (at % 64)
	}
	f.hashes = nil
}

// find returns the variant that is asked in the words of a question.
func (f *exactForms) find(s *scratch, tokens []token) (int32, bool) {
	hash, known := formHash(tokens)
	at := hash >> f.shift
	if !known || f.marks[at/64]>>(at%64)&1 == 0 {
		return 0, false
	}
	s.form = appendExact(s.form[:0], tokens)
	v, ok := f.variants[string(s.form)]
	return v, ok
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

// appendExact appends a question with all that does not matter taken out: equal
// forms are the same question.
func appendExact(out []byte, tokens []token) []byte {
	for _, t := range tokens {
		out = append(append(out, t.text...), ' ')
	}
	return out
}
