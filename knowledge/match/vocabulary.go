package match

import (
	"math/bits"

	"footnote/knowledge/quantity"
)

// vocabulary is the words of a base, short and of a to z alone, as questions are
// read by: an open hash table, so that all that is known of a word is found at
// once, and in one place.
type vocabulary struct {
	words []knownWord
	texts []string // of each
	shift int
}

// knownWord is a word of a vocabulary, or a free place if it has no letters.
type knownWord struct {
	letters       letters
	part          part
	careful       bool  // there is more to it: it is spelled out or may begin a quantity
	filler        bool  // see fillers
	term, meaning int32 // see word
}

// letters is a word of at most mostLetters letters, in lower case: a byte each, the
// last one lowest.
type letters struct{ high, low uint64 }

const mostLetters = 16

// add puts a letter behind the others.
func (w *letters) add(c byte) {
	w.high = w.high<<8 | w.low>>56
	w.low = w.low<<8 | uint64(c)
}

// lettersOf returns those of a word in lower case.
func lettersOf(word string) letters {
	var w letters
	for i := range len(word) {
		w.add(word[i])
	}
	return w
}

// newVocabulary returns the words of a lexicon that is complete.
func newVocabulary(l *lexicon) vocabulary {
	size := bits.Len(uint(2 * len(l.surface)))
	v := vocabulary{make([]knownWord, 1<<size), make([]string, 1<<size), 64 - size}
	for text, w := range l.surface {
		if len(text) > mostLetters || !plainWord(text) {
			continue
		}
		_, short := shortForms[text]
		k := knownWord{lettersOf(text), w.part, short || quantity.May(text), fillers[text], w.term, w.meaning}
		at := v.place(k.letters)
		v.words[at], v.texts[at] = k, text
	}
	return v
}

// known returns the place of a word, if there is no more to it than what stands
// there; or -1.
func (v *vocabulary) known(w letters) int {
	if len(v.words) == 0 {
		return -1
	}
	at := v.place(w)
	if k := &v.words[at]; k.letters == w && !k.careful {
		return at
	}
	return -1
}

// place returns where a word stands, or the free place where it would.
func (v *vocabulary) place(w letters) int {
	hash := (w.low ^ w.high*0xC2B2AE3D27D4EB4F) * 0x9E3779B97F4A7C15
	for at := int(hash >> v.shift); ; at++ {
		at &= len(v.words) - 1
		if k := &v.words[at]; k.letters == w || k.letters == (letters{}) {
			return at
		}
	}
}
