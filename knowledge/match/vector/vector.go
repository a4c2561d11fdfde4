// Package vector turns English sentences into vectors whose cosine says how
// alike they are in meaning, by a static table of words that is part of the
// program. NOTICE names the table's sources and licences.
package vector

import (
	_ "embed" // the table
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
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
	list              string   // the words, by falling frequency, each ended by a line feed
	starts            []uint32 // where each stands in list, and the end
	places            []uint16 // hash table of each word's rank plus one; zero is free
	prints            prints   // of the words
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
		list:  strings.TrimRight(string(data[headerLen:headerLen+list]), "\n") + "\n",
		words: words, buckets: uint32(buckets), shortest: header[4], longest: header[5],
		scales: data[headerLen+list : headerLen+list+4*rows],
		rows:   data[headerLen+list+4*rows:],
	}
	if err := t.number(); err != nil {
		return nil, err
	}
	return t, nil
}

// number makes the table's hash table: open addressing, at most half full.
func (t *Table) number() error {
	if t.words >= math.MaxUint16 {
		return fmt.Errorf("word table: %d words, want fewer than %d", t.words, math.MaxUint16)
	}
	t.places = make([]uint16, 1<<bits.Len(uint(2*t.words)))
	t.starts = make([]uint32, 0, t.words+1)
	t.prints = make(prints, 1<<printBits/64)
	for at := 0; at < len(t.list); {
		end := at + strings.IndexByte(t.list[at:], '\n')
		t.starts = append(t.starts, uint32(at))
		t.prints.add(t.list[at:end])
		place := hash(t.list[at:end])
		for t.places[place&uint32(len(t.places)-1)] != 0 {
			place++
		}
		t.places[place&uint32(len(t.places)-1)] = uint16(len(t.starts))
		at = end + 1
	}
	if len(t.starts) != t.words {
		return fmt.Errorf("word table: %d words, want %d", len(t.starts), t.words)
	}
	t.starts = append(t.starts, uint32(len(t.list)))
	return nil
}

// Rank returns a lower-case word's place by falling frequency, from 0.
func (t *Table) Rank(word string) (int, bool) {
	for place := hash(word); ; place++ {
		rank := int(t.places[place&uint32(len(t.places)-1)]) - 1
		if rank < 0 || t.Word(rank) == word {
			return rank, rank >= 0
		}
	}
}

// RankBytes is [Table.Rank] without a string.
func (t *Table) RankBytes(word []byte) (int, bool) {
	place := uint32(2166136261)
	for _, b := range word {
		place = (place ^ uint32(b)) * 16777619
	}
	for ; ; place++ {
		rank := int(t.places[place&uint32(len(t.places)-1)]) - 1
		if rank < 0 || t.Word(rank) == string(word) {
			return rank, rank >= 0
		}
	}
}

// Word returns the word of a rank that [Table.Rank] returned.
func (t *Table) Word(rank int) string { return t.list[t.starts[rank] : t.starts[rank+1]-1] }

// Words is how many words the table holds.
func (t *Table) Words() int { return t.words }

// AddRank adds the word of a rank to a sentence's sum.
func (t *Table) AddRank(sum *Vector, rank int) { t.addRow(sum, rank, 1) }

// Add adds a lower-case word to a sentence's sum: its row or, if the table does
// not hold it, the mean of the rows of its n-grams.
func (t *Table) Add(sum *Vector, word string) {
	if rank, ok := t.Rank(word); ok {
		t.addRow(sum, rank, 1)
		return
	}
	var buffer [64]byte
	framed := append(append(append(buffer[:0], '^'), word...), '$')
	grams := 0
	for n := t.shortest; n <= t.longest; n++ {
		grams += max(0, len(framed)-n+1)
	}
	for n := t.shortest; n <= t.longest; n++ {
		for i := 0; i+n <= len(framed); i++ {
			t.addRow(sum, t.words+int(hash(string(framed[i:i+n]))%t.buckets), 1/float32(grams))
		}
	}
}

func (t *Table) addRow(sum *Vector, row int, weight float32) {
	scale := weight * math.Float32frombits(binary.LittleEndian.Uint32(t.scales[4*row:]))
	addScaled(sum, (*[Dims]byte)(t.rows[row*Dims:]), scale)
}

// Row is a vector in eight bits a component, a quarter of its size.
type Row struct {
	scale float32
	parts [Dims]byte // each an int8
}

// Row returns v in eight bits a component.
func (v *Vector) Row() Row {
	top := float32(0)
	for _, c := range v {
		top = max(top, c, -c)
	}
	r := Row{scale: top / math.MaxInt8}
	if top > 0 {
		for i, c := range v {
			r.parts[i] = byte(int8(math.Round(float64(c / r.scale))))
		}
	}
	return r
}

// AddRow adds a row.
func (v *Vector) AddRow(r *Row) { addScaled(v, &r.parts, r.scale) }

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
func (v *Vector) Dot(w *Vector) float32 { return dot(v, w) }

// Plus adds w.
func (v *Vector) Plus(w *Vector) {
	for i := range v {
		v[i] += w[i]
	}
}
