package match

import "math/bits"

// pairTable numbers pairs of terms that stand in a row: an open hash table, for
// most pairs of a question are looked for in vain.
type pairTable struct {
	entries []pairEntry
	marks   []uint64 // a bit for each hash: the table may hold it
	shift   int
}

type pairEntry struct {
	key uint64
	id  int32   // plus one; zero is a free place
	idf float32 // of the pair, over variants
}

// newPairTable returns a table for n pairs.
func newPairTable(n int) pairTable {
	size := bits.Len(uint(2*n + 1))
	return pairTable{entries: make([]pairEntry, 1<<size), marks: make([]uint64, max(1, 1<<size*marksAnEntry/64)), shift: 64 - size}
}

// marksAnEntry is how many marks there are for each entry: their memory is small
// enough to stay in a processor's cache.
const marksAnEntry = 4

// mark returns where the mark of a hash stands.
func (t *pairTable) mark(hash uint64) (word *uint64, bit uint64) {
	at := hash >> (t.shift - 2)
	return &t.marks[at/64], 1 << (at % 64)
}

func pairHash(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 }

// add takes up a pair.
func (t *pairTable) add(e pairEntry) {
	hash := pairHash(e.key)
	word, bit := t.mark(hash)
	*word |= bit
	at := hash >> t.shift
	for t.entries[at].id != 0 {
		at = (at + 1) & uint64(len(t.entries)-1)
	}
	t.entries[at] = e
}

// find returns a pair's entry, or one that is free.
func (t *pairTable) find(key uint64) pairEntry {
	hash := pairHash(key)
	if word, bit := t.mark(hash); *word&bit == 0 {
		return pairEntry{}
	}
	for at := hash >> t.shift; ; at = (at + 1) & uint64(len(t.entries)-1) {
		if e := t.entries[at]; e.key == key || e.id == 0 {
			return e
		}
	}
}

// id returns the number of a pair, or unknown.
func (t *pairTable) id(key uint64) int32 { return t.find(key).id - 1 }

// has reports whether a pair stands in the table.
func (t *pairTable) has(key uint64) bool { return t.find(key).id != 0 }
