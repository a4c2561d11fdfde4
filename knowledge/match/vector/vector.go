// Package vector turns English sentences into vectors whose cosine says how
// alike they are in meaning, by a static table of words that is part of the
// program. NOTICE names the table's sources and licences.
package vector

import (
	_ "embed" // the table
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// Dims is the number of components of a vector.
const Dims = 128

// Vector is a sentence's place. Of unit vectors the dot product is the cosine.
type Vector [Dims]float32

//go:embed en-128.bin
var english []byte

// Table is words and parts of words with their vectors. It is read where it
// lies and safe for concurrent use.
type Table struct {
	ranks             map[string]int32 // of each word, by falling frequency from 0
	words             int
	buckets           uint32
	shortest, longest int    // n-grams of unknown words, in bytes
	scales            []byte // float32 of each row
	rows              []byte // int8, words first, then buckets of n-grams
}

// The table's header: magic, version, dims, words, buckets, shortest and
// longest n-gram, bytes of the list of words.
const headerLen = 32

// English returns the table that is part of the program.
func English() (*Table, error) { return newTable(english) }

func newTable(data []byte) (*Table, error) {
	if len(data) < headerLen || string(data[:4]) != "SEVT" {
		return nil, fmt.Errorf("word table: not in the format SEVT")
	}
	var header [7]int
	for i := range header {
		header[i] = int(binary.LittleEndian.Uint32(data[4+4*i:]))
	}
	version, dims, words, buckets, list := header[0], header[1], header[2], header[3], header[6]
	rows := words + buckets
	if version != 1 || dims != Dims || len(data) != headerLen+list+4*rows+rows*dims {
		return nil, fmt.Errorf("word table: version %d with %d dimensions and %d bytes is not what this program reads", version, dims, len(data))
	}
	t := &Table{
		ranks: make(map[string]int32, words), words: words, buckets: uint32(buckets), shortest: header[4], longest: header[5],
		scales: data[headerLen+list : headerLen+list+4*rows],
		rows:   data[headerLen+list+4*rows:],
	}
	rank := int32(0)
	for word := range strings.SplitSeq(strings.TrimRight(string(data[headerLen:headerLen+list]), "\n"), "\n") {
		t.ranks[word] = rank
		rank++
	}
	if int(rank) != words {
		return nil, fmt.Errorf("word table: %d words, want %d", rank, words)
	}
	return t, nil
}

// Rank returns a lower-case word's place by falling frequency, from 0.
func (t *Table) Rank(word string) (int, bool) {
	rank, ok := t.ranks[word]
	return int(rank), ok
}

// Add adds a lower-case word to a sentence's sum: its row or, if the table does
// not hold it, the mean of the rows of its n-grams.
func (t *Table) Add(sum *Vector, word string) {
	if rank, ok := t.ranks[word]; ok {
		t.addRow(sum, int(rank), 1)
		return
	}
	framed := "^" + word + "$"
	grams := 0
	for n := t.shortest; n <= t.longest; n++ {
		grams += max(0, len(framed)-n+1)
	}
	for n := t.shortest; n <= t.longest; n++ {
		for i := 0; i+n <= len(framed); i++ {
			t.addRow(sum, t.words+int(hash(framed[i:i+n])%t.buckets), 1/float32(grams))
		}
	}
}

func (t *Table) addRow(sum *Vector, row int, weight float32) {
	scale := weight * math.Float32frombits(binary.LittleEndian.Uint32(t.scales[4*row:]))
	for i, b := range t.rows[row*Dims : (row+1)*Dims] {
		sum[i] += scale * float32(int8(b))
	}
}

// hash is FNV-1a.
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

// Unit makes the vector's length 1; the zero vector stays as it is.
func (v *Vector) Unit() {
	if n := v.Dot(v); n > 0 {
		inverse := float32(1 / math.Sqrt(float64(n)))
		for i := range v {
			v[i] *= inverse
		}
	}
}

// Dot is the dot product.
func (v *Vector) Dot(w *Vector) float32 {
	var a, b, c, d float32 // four sums at once keep the processor busy
	for i := 0; i < Dims; i += 4 {
		a += v[i] * w[i]
		b += v[i+1] * w[i+1]
		c += v[i+2] * w[i+2]
		d += v[i+3] * w[i+3]
	}
	return a + b + c + d
}

// Plus adds w.
func (v *Vector) Plus(w *Vector) {
	for i := range v {
		v[i] += w[i]
	}
}
