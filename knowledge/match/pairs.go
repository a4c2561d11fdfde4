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

// find returns the place of a pair's entry, or of the free one where it would be.
func (t pairTable) find(key uint64) *pairEntry {
	at := key * 0x9E3779B97F4A7C15 >> t.shift
	for {
		e := &t.entries[at]
		if e.key == key || e.id == 0 {
			return e
		}
		at = (at + 1) & uint64(len(t.entries)-1)
	}
}

// id returns the number of a pair, or unknown.
func (t pairTable) id(key uint64) int32 { return t.find(key).id - 1 }

// has reports whether a pair stands in the table.
func (t pairTable) has(key uint64) bool { return t.find(key).id != 0 }
