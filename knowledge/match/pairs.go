package match

import "math/bits"

// pairTable numbers pairs of terms that stand in a row: an open hash table, for
// most pairs of a question are looked for in vain.
type pairTable struct {
	entries []pairEntry
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
	return pairTable{entries: make([]pairEntry, 1<<size), shift: 64 - size}
}

func pairHash(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 }

// add takes up a pair.
func (t *pairTable) add(e pairEntry) {
	at := pairHash(e.key) >> t.shift
	for t.entries[at].id != 0 {
		at = (at + 1) & uint64(len(t.entries)-1)
	}
	t.entries[at] = e
}

// first returns what stands where a pair's entry would stand if it is the only
// one there.
func (t *pairTable) first(key uint64) pairEntry { return t.entries[pairHash(key)>>t.shift] }

// find returns a pair's entry, or one that is free.
func (t *pairTable) find(key uint64) pairEntry { return t.from(t.first(key), key) }

// from does so, given the first.
func (t *pairTable) from(e pairEntry, key uint64) pairEntry {
	for at := pairHash(key) >> t.shift; e.key != key && e.id != 0; e = t.entries[at] {
		at = (at + 1) & uint64(len(t.entries)-1)
	}
	return e
}

// id returns the number of a pair, or unknown.
func (t *pairTable) id(key uint64) int32 { return t.find(key).id - 1 }

// has reports whether a pair stands in the table.
func (t *pairTable) has(key uint64) bool { return t.find(key).id != 0 }
