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
}

// knownWord is a word of a vocabulary, or a free place if it has no letters.
type knownWord struct {
	letters       [20]byte // lower case
	size          uint8
	part          part
	careful       bool  // there is more to it: it is spelled out or may begin a quantity
	filler        bool  // see fillers
	term, meaning int32 // see word
}

// newVocabulary returns the words of a lexicon that is complete.
func newVocabulary(l *lexicon) vocabulary {
	n := 1 << bits.Len(uint(2*len(l.surface)))
	v := vocabulary{make([]knownWord, n), make([]string, n)}
	for text, w := range l.surface {
		k := knownWord{size: uint8(len(text)), part: w.part, filler: fillers[text], term: w.term, meaning: w.meaning}
		if len(text) > len(k.letters) || !plainWord(text) {
			continue
		}
		_, short := shortForms[text]
		k.careful = short || quantity.May(text)
		copy(k.letters[:], text)
		at := v.place(text, hashOf(text))
		v.words[at], v.texts[at] = k, text
	}
	return v
}

// find returns what is known of a word in letters of either case with the hash of
// its lower case, and the word in lower case; or nil.
func (v *vocabulary) find(word string, hash uint32) (*knownWord, string) {
	at := v.place(word, hash)
	k := &v.words[at]
	if k.size == 0 {
		return nil, ""
	}
	if string(k.letters[:k.size]) == word {
		return k, word
	}
	return k, v.texts[at]
}

// known returns what is known of a word of a to z and nothing more to it, as
// vocabulary.find does; the lexicon may be nil.
func (l *lexicon) known(word string, hash uint32) (*knownWord, string) {
	if l == nil {
		return nil, ""
	}
	k, lower := l.vocabulary.find(word, hash)
	if k == nil || k.careful {
		return nil, ""
	}
	return k, lower
}

// place returns where a word stands, or the free place where it would.
func (v *vocabulary) place(word string, hash uint32) uint32 {
	for at := hash; ; at++ {
		at &= uint32(len(v.words) - 1)
		if k := &v.words[at]; k.size == 0 || k.is(word) {
			return at
		}
	}
}

// is reports whether a word in letters of either case is k.
func (k *knownWord) is(word string) bool {
	if int(k.size) != len(word) {
		return false
	}
	for i := range len(word) {
		if word[i]|0x20 != k.letters[i] {
			return false
		}
	}
	return true
}
