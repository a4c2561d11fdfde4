package vector

// longestEdited is the length in bytes up to which a word's edits are looked for.
const longestEdited = 32

// base is what a letter's weight in a print grows by with its place.
const base = 0x9E3779B97F4A7C15

// powers are those of base.
var powers = func() (out [longestEdited + 1]uint64) {
	out[0] = 1
	for i := range longestEdited {
		out[i+1] = out[i] * base
	}
	return out
}()

// prints is a set of words by a hash, the sum of their letters times the powers
// of base, that one edit changes in one step. It may hold a word too many.
type prints []uint64

const printBits = 20

func (p prints) add(word string) {
	sum, power := uint64(0), uint64(1)
	for i := range len(word) {
		sum += uint64(word[i]) * power
		power *= base
	}
	first, second := places(sum * base)
	p[first/64] |= 1 << (first % 64)
	p[second/64] |= 1 << (second % 64)
}

// has reports whether p holds a word whose sum is spread so.
func (p prints) has(spread uint64) bool {
	first, second := places(spread)
	return p[first/64]>>(first%64)&1 != 0 && p[second/64]>>(second%64)&1 != 0
}

// places are where the bits of a sum stand (a filter as of Bloom 1970).
func places(spread uint64) (first, second uint64) {
	return spread >> (64 - printBits), spread >> (64 - 2*printBits) % (1 << printBits)
}

// Edits calls yield with the rank of each word that is one edit away from a word
// of the letters a to z: one letter put in, changed, taken out or swapped with
// the one before. Some may come more than once.
func (t *Table) Edits(word string, yield func(rank int)) {
	n := len(word)
	if n >= longestEdited {
		return
	}
	var head, tail [longestEdited + 1]uint64 // prints of what stands before each letter, and from it on
	for i := range n {
		head[i+1] = head[i] + uint64(word[i])*powers[i]
	}
	for i := n - 1; i >= 0; i-- {
		tail[i] = tail[i+1]*base + uint64(word[i])
	}
	var buffer [longestEdited]byte
	try := func(i int, letters string, behind string) {
		at := copy(buffer[:], word[:i])
		at += copy(buffer[at:], letters)
		at += copy(buffer[at:], behind)
		if rank, ok := t.RankBytes(buffer[:at]); ok {
			yield(rank)
		}
	}
	// put tries all letters between the first i and what stands behind them.
	put := func(i int, tail uint64, behind string) {
		spread := (head[i] + tail*powers[i+1] + uint64(alphabet[0])*powers[i]) * base
		for c := range alphabet {
			if t.prints.has(spread) {
				try(i, alphabet[c:c+1], behind)
			}
			spread += powers[i+1] // the next letter's
		}
	}
	for i := range n + 1 {
		put(i, tail[i], word[i:])
	}
	for i := range n {
		behind := word[i+1:]
		put(i, tail[i+1], behind)
		if i > 0 {
			swapped := head[i-1] + uint64(word[i])*powers[i-1] + uint64(word[i-1])*powers[i] + tail[i+1]*powers[i+1]
			if t.prints.has(swapped * base) {
				try(i-1, string([]byte{word[i], word[i-1]}), behind)
			}
		}
		if t.prints.has((head[i] + tail[i+1]*powers[i]) * base) {
			try(i, "", behind)
		}
	}
}

const alphabet = "abcdefghijklmnopqrstuvwxyz"
