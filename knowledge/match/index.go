package match

import (
	"errors"
	"sync"
	"sync/atomic"

	"footnote/knowledge"
	"footnote/knowledge/match/vector"
)

// Index finds facts. It is immutable and safe for concurrent use.
type Index struct {
	base     *knowledge.Base
	lexicon  lexicon
	table    *vector.Table
	classes  []class
	own      int // the first classes are the base's own: its facts, then its gaps
	variants []variant
	signs    []uint32 // of the facts' variants, if there are few
	exact    exactForms

	idf     []float64 // of each term, over classes
	maxIDF  float64   // of a term that the base does not hold
	lists   []list    // of each term
	holders []holding // of its lists
	columns []byte    // of its common terms
	holds   []holding // the terms of each class, one class after the other
	holdsAt []int32   // where each class's begin, and the end
	shape   []float64 // of each class: BM25's length normalisation

	sequence   []int32    // each variant's head and its terms in their order, one variant after the other
	roleParts  []rolePart // of each term of sequence
	sequenceAt []int32    // where each variant's begin, and the end
	inverse    []float32  // of each variant: 1 / its length as a vector
	spans      []span     // of each class
	pairs      pairTable  // of two terms in a row
	pairIDF    []float64  // of each pair, over variants
	maxPairIDF float64    // of a pair that the base does not hold
	phrases    phraseLists

	centroids  []vector.Vector // of the base's own classes: the middle of their variants
	softmax    *softmax        // or nil
	neighbours [][]nearTerm    // of each term; nil if words are not expanded
	strangers  *strangers      // the neighbours of words that the base does not hold; nil as well
	stresses   []float64       // of each term; nil as well
	meanings   []vector.Vector // of the base's own classes: the softmax's weights of the meaning
	wordRows   int             // how many of its rows are for terms and pairs
	pairRow    []int32         // of each pair: its row, or -1

	answers  [][]int32            // of each fact: the terms of its answer
	measures []bool               // of each fact: its answer may say a quantity
	shared   []bool               // of each fact: see sharing
	roles    map[roleKey][]filler // of names in facts
	names    names
	related  map[[2]int32]bool // names that stand for each other

	weights weights
	scratch *sync.Pool
	typed   typed
}

// class is what a question can turn out to be: a fact, a gap, a kind of small
// talk, or something else altogether.
type class struct {
	fact *knowledge.Fact
	gap  *knowledge.Gap
	chat string // kind of small talk
	from int    // its variants are [from, to)
	to   int
}

// variant is one way of asking for a class.
type variant struct {
	text  string
	class int32
	kind  kind
}

// Option changes how an index is made.
type Option func(*Index)

// WithModel makes an index use what a model learned, if the model was trained
// on the index's base.
func WithModel(m *Model) Option {
	return func(x *Index) {
		if m.Fits(x.base) && m.hasRows(x) {
			x.weights, x.centroids = m.Weights, m.Centroids
			x.expand(m.Neighbours)
			x.learn(m.Softmax)
		}
	}
}

// learn makes an index use a softmax, or none if it is nil.
func (x *Index) learn(m *softmax) {
	x.softmax, x.meanings = m, nil
	if m != nil {
		x.meanings = m.byClass(x.own)
	}
}

// NewIndex returns the index of a base. Without a model that fits it, one given
// or the one that ships, it ranks and decides by general weights.
func NewIndex(b *knowledge.Base, opts ...Option) (*Index, error) {
	var shipped *Model
	var unread error
	var reading sync.WaitGroup
	reading.Go(func() { shipped, unread = Shipped() })
	x, err := newIndex(b)
	reading.Wait()
	if err := errors.Join(unread, err); err != nil {
		return nil, err
	}
	for _, apply := range append([]Option{WithModel(shipped)}, opts...) {
		apply(x)
	}
	if x.centroids == nil {
		x.centroids = x.centre(func(int) bool { return false })
	}
	return x, nil
}

// newIndex returns an index that has only the words of its base.
func newIndex(b *knowledge.Base) (*Index, error) {
	table, err := vector.English()
	if err != nil {
		return nil, err
	}
	x := &Index{
		base:    b,
		lexicon: lexicon{ids: map[string]int32{}, surface: map[string]*word{}, stems: make([]atomic.Int32, table.Words()), names: newResolver(b.Names), table: table},
		table:   table,
		scratch: &sync.Pool{New: func() any { return new(scratch) }},
		weights: generalWeights,
		typed:   newTyped(b.Facts),
		shared:  sharing(b.Facts),
	}
	docs := x.collect()
	x.lexicon.complete()
	counts := x.lexicon.counts()
	weighed := make(chan struct{})
	var spelling sync.WaitGroup
	spelling.Go(func() {
		x.weighDocs(docs)
		close(weighed)
		x.lexicon.speller = newSpeller(&x.lexicon, counts)
	})
	x.weighPairs()
	x.lexicon.pairs = x.pairs
	x.learnRoles()
	x.listSigns()
	<-weighed
	x.weighVariants()
	spelling.Wait()
	return x, nil
}

// centre returns the middle of each class's variants, but for those that are
// left out.
func (x *Index) centre(left func(variant int) bool) []vector.Vector {
	out := make([]vector.Vector, x.own)
	for i, v := range x.variants {
		if int(v.class) < x.own && !left(i) {
			meaning := x.meaning(x.lexicon.read(v.text))
			out[v.class].Plus(&meaning)
		}
	}
	for i := range out {
		out[i].Unit()
	}
	return out
}

// Base returns the base that the index was made from.
func (x *Index) Base() *knowledge.Base { return x.base }
