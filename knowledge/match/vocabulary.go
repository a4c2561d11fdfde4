package match

import "math/bits"

// vocabulary is the words of a base, a to z alone, as questions are read by: an
// open hash table, so that all that is known of a word is found at once.
type vocabulary []knownWord

// knownWord is a word of a vocabulary, or a free place if its text is empty.
type knownWord struct {
	text          string // lower case
	hash          uint32
	term, meaning int32 // see word
	part          part
	short         bool // it is spelled out: see shortForms
}

// newVocabulary returns the words of a lexicon that is complete.
func newVocabulary(l *lexicon) vocabulary {
	v := make(vocabulary, 1<<bits.Len(uint(2*len(l.surface))))
	for text, w := range l.surface {
		if !plainWord(text) {
			continue
		}
		_, short := shortForms[text]
		hash := hashWithout(text, -1, -1)
		*v.place(text, hash) = knownWord{text, hash, w.term, w.meaning, w.part, short}
	}
	return v
}

// find returns what is known of a word in letters of either case with the hash of
// its lower case, or nil.
func (v vocabulary) find(word string, hash uint32) *knownWord {
	if k := v.place(word, hash); k.text != "" {
		return k
	}
	return nil
}

// place returns where a word stands, or the free place where it would.
func (v vocabulary) place(word string, hash uint32) *knownWord {
	for at := hash; ; at++ {
		k := &v[at&uint32(len(v)-1)]
		if k.text == "" || k.hash == hash && k.is(word) {
			return k
		}
	}
}

// is reports whether a word in letters of either case is k.
func (k *knownWord) is(word string) bool {
	if len(k.text) != len(word) {
		return false
	}
	for i := range len(word) {
		if word[i]|0x20 != k.text[i] {
			return false
		}
	}
	return true
}
