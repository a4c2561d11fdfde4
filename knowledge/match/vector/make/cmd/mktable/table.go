package main

import (
	"hash/fnv"
	"math/rand"
	"strings"
)

// Parts of words: all n-grams of these lengths in bytes, of the word between ^
// and $, hashed into this many buckets.
const (
	shortest, longest = 3, 5
	buckets           = 20_000
)

// table gives words and buckets of n-grams their vectors. A sentence's vector
// is the sum of its words'; how much a word counts is its row's length.
type table struct {
	words []string // by falling frequency
	ranks map[string]int32
	rows  [][]float32 // the words', then the buckets'; all of one length
}

// newTable takes words and rows over.
func newTable(words []string, rows [][]float32) *table {
	t := &table{words: words, ranks: make(map[string]int32, len(words)), rows: rows}
	for i, w := range words {
		t.ranks[w] = int32(i)
	}
	return t
}

// clone copies the rows and shares the words.
func (t *table) clone() *table {
	c := *t
	c.rows = make([][]float32, len(t.rows))
	for i, row := range t.rows {
		c.rows[i] = append([]float32(nil), row...)
	}
	return &c
}

func (t *table) dims() int { return len(t.rows[0]) }

// term is a row and its share in a sentence's sum.
type term struct {
	row    int32
	weight float32
}

// terms are the rows that words stand for: a known word's own, an unknown
// word's n-grams in equal shares. A known word is taken for an unknown one with
// probability drop, so that the n-grams learn too; rng may be nil if drop is 0.
func (t *table) terms(words []string, drop float64, rng *rand.Rand) []term {
	var terms []term
	for _, w := range words {
		if rank, ok := t.ranks[w]; ok && (drop == 0 || rng.Float64() >= drop) {
			terms = append(terms, term{rank, 1})
			continue
		}
		grams := t.grams(w)
		for _, row := range grams {
			terms = append(terms, term{row, 1 / float32(len(grams))})
		}
	}
	return terms
}

// grams returns the rows of a word's n-grams.
func (t *table) grams(word string) []int32 {
	framed := "^" + word + "$"
	n := uint32(len(t.rows) - len(t.words))
	var rows []int32
	for size := shortest; size <= longest; size++ {
		for i := 0; i+size <= len(framed); i++ {
			h := fnv.New32a()
			h.Write([]byte(framed[i : i+size]))
			rows = append(rows, int32(len(t.words))+int32(h.Sum32()%n))
		}
	}
	return rows
}

// sum writes the sum of terms to v.
func (t *table) sum(terms []term, v []float32) {
	clear(v)
	for _, f := range terms {
		for i, x := range t.rows[f.row] {
			v[i] += f.weight * x
		}
	}
}

// sentence returns a text's vector, of length 1 unless the text has no word.
func (t *table) sentence(text string) []float32 {
	v := make([]float32, t.dims())
	t.sum(t.terms(tokenize(text), 0, nil), v)
	return unit(v)
}

// reduce returns the table with only as many dimensions, those along which the
// vectors of texts differ most.
func (t *table) reduce(dims int, texts []string) *table {
	vectors := make([][]float32, len(texts))
	for i, s := range texts {
		vectors[i] = t.sentence(s)
	}
	axes := principal(vectors, dims, 12)
	rows := make([][]float32, len(t.rows))
	for i, row := range t.rows {
		rows[i] = project(row, axes)
	}
	return newTable(t.words, rows)
}

// tokenize returns a text's words in lower case: runs of letters, digits and
// bytes beyond ASCII, with apostrophes inside that a letter follows.
func tokenize(text string) []string {
	text = strings.ToLower(strings.ReplaceAll(text, "’", "'"))
	var words []string
	start := -1
	for i := 0; i <= len(text); i++ {
		in := i < len(text) && (isWord(text[i]) || text[i] == '\'' && start >= 0 && i+1 < len(text) && isLetter(text[i+1]))
		if in && start < 0 {
			start = i
		} else if !in && start >= 0 {
			words = append(words, text[start:i])
			start = -1
		}
	}
	return words
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func isWord(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' || c >= 0x80 }
