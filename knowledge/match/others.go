package match

// phraseLists says which ways of saying small talk and of asking about other
// subjects hold what. There are hundreds, and nearly all of their words are
// common, so that for a question all of them are gone through at once.
type phraseLists struct {
	first  int // variant
	n      int
	ofTerm lists
	ofPair lists
}

// lists are numbers of phrases under numbers of terms or pairs, one list behind
// the other.
type lists struct {
	at []int32
	in []uint16
}

func (l lists) of(i int32) []uint16 { return l.in[l.at[i]:l.at[i+1]] }

// newLists makes n lists of what each calls put with, twice in the same order.
func newLists(n int, each func(put func(list int32, phrase int))) lists {
	l := lists{at: make([]int32, n+1)}
	each(func(list int32, _ int) { l.at[list+1]++ })
	for i := range n {
		l.at[i+1] += l.at[i]
	}
	l.in = make([]uint16, l.at[n])
	next := append([]int32(nil), l.at...)
	each(func(list int32, phrase int) {
		l.in[next[list]] = uint16(phrase)
		next[list]++
	})
	return l
}

// listPhrases makes the lists of the classes that are not the base's own.
func (x *Index) listPhrases() {
	p := phraseLists{first: len(x.variants)}
	if x.own < len(x.classes) {
		p.first = x.classes[x.own].from
	}
	p.n = len(x.variants) - p.first
	var terms []term
	var pairs []weightedPair
	p.ofTerm = newLists(len(x.idf), func(put func(int32, int)) {
		for i := range p.n {
			terms = x.appendVariant(terms[:0], p.first+i)
			for _, t := range appendDistinct(nil, terms) {
				put(t.id, i)
			}
		}
	})
	p.ofPair = newLists(len(x.pairIDF), func(put func(int32, int)) {
		for i := range p.n {
			pairs = appendPairs(pairs[:0], x.appendVariant(terms[:0], p.first+i))
			for _, pair := range pairs {
				put(x.pairs.id(pair.key), i)
			}
		}
	})
	x.phrases = p
}

// addPhrases fills s.spoken with what each phrase has in common with the
// question.
func (x *Index) addPhrases(s *scratch) {
	s.spoken = sized(s.spoken, x.phrases.n)
	clear(s.spoken)
	for i, t := range s.terms {
		if t.id == unknown {
			continue
		}
		gain := s.lookup.gain[firstTerm+i]
		for _, v := range x.phrases.ofTerm.of(t.id) {
			s.spoken[v] += gain
		}
	}
	for i := range s.pairs {
		p := &s.pairs[i]
		if p.at == 0 {
			continue
		}
		gain := s.lookup.pair[p.at]
		for _, v := range x.phrases.ofPair.of(p.id) {
			s.spoken[v] += gain
		}
	}
}

// nearestPhrase sets the cosine and the nearest variant of a class that is not
// the base's own.
func (x *Index) nearestPhrase(s *scratch, c int32) {
	class := &x.classes[c]
	top, found := float32(0), unknown
	spoken := s.spoken[class.from-x.phrases.first : class.to-x.phrases.first]
	for i, inverse := range x.inverse[class.from:class.to] {
		if cos := spoken[i] * inverse; cos > top {
			top, found = cos, int32(class.from+i)
		}
	}
	s.rank[c].near, s.rank[c].nearest = float64(top/s.lookup.length), found
}
