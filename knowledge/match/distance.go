package match

// pattern is a word of at most 64 letters of a to z that others are compared with.
type pattern struct {
	size   int
	places ['z' - 'a' + 1]uint64 // of each letter: a bit for each place where it stands
}

func newPattern(w string) pattern {
	p := pattern{size: len(w)}
	for i := range len(w) {
		p.places[w[i]-'a'] |= 1 << i
	}
	return p
}

// distance is the optimal string alignment distance of a word of such letters: how
// many are put in, taken out, changed or swapped with the next. A column of the
// table of distances is two words of bits, where a distance exceeds the one above
// it by one and where it falls short (Myers 1999, Hyyrö 2003).
func (p *pattern) distance(w string) int {
	if p.size == 0 {
		return len(w)
	}
	edits, last := p.size, p.size-1
	more, less, diagonal, before := ^uint64(0), uint64(0), uint64(0), uint64(0)
	for i := range len(w) {
		same := p.places[w[i]-'a']
		swapped := (^diagonal & same) << 1 & before
		diagonal = (same&more + more) ^ more | same | less | swapped
		right, left := less|^(diagonal|more), diagonal&more // the same of the distances beside each other
		edits += int(right>>last&1) - int(left>>last&1)
		right = right<<1 | 1
		more, less = left<<1|^(diagonal|right), right&diagonal
		before = same
	}
	return edits
}
