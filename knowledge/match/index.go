package match

import (
	"slices"
	"strings"
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
	exact    map[string]int32 // exact form of a variant -> its number

	idf     []float64   // of each term, over classes
	maxIDF  float64     // of a term that the base does not hold
	inDoc   [][]holding // of each term: the classes that hold it
	most    []float32   // of each term: its greatest impact
	columns [][]uint8   // of a term that many classes hold: the step of its impact on each class
	holds   []holding   // the terms of each class, one class after the other
	holdsAt []int32     // where each class's begin, and the end
	inOther []uint16    // of each term: a bit for each class that is not the base's own and holds it
	shape   []float64   // of each class: BM25's length normalisation

	sequence   []int32          // the terms of each variant in their order, one variant after the other
	roleParts  []rolePart       // of each term of sequence
	sequenceAt []int32          // where each variant's begin, and the end
	inverse    []float32        // of each variant: 1 / its length as a vector
	pairs      map[uint64]int32 // of two terms in a row: their number
	pairIDF    []float64        // of each pair, over variants
	maxPairIDF float64          // of a pair that the base does not hold

	centroids []vector.Vector // of the base's own classes: the middle of their variants
	softmax   *softmax        // or nil
	wordRows  int             // how many of its rows are for terms and pairs
	pairRow   []int32         // of each pair: its row, or -1

	answers [][]int32            // of each fact: the terms of its answer
	roles   map[roleKey][]filler // of names in facts
	names   names
	related map[[2]int32]bool // names that stand for each other

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
			x.softmax, x.weights, x.centroids = m.Softmax, m.Weights, m.Centroids
		}
	}
}

// NewIndex returns the index of a base. Without a model that fits it, one given
// or the one that ships, it ranks and decides by general weights.
func NewIndex(b *knowledge.Base, opts ...Option) (*Index, error) {
	x, err := newIndex(b)
	if err != nil {
		return nil, err
	}
	shipped, err := Shipped()
	if err != nil {
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
		exact:   map[string]int32{},
		pairs:   map[uint64]int32{},
		scratch: &sync.Pool{New: func() any { return new(scratch) }},
		weights: generalWeights,
		typed:   newTyped(b.Facts),
	}
	counts := map[string]int{}
	docs := x.collect(counts)
	for w := range x.lexicon.names.words {
		counts[w] += aliasCount
	}
	x.lexicon.speller = newSpeller(counts)
	x.lexicon.pairs = x.pairs
	x.weighDocs(docs)
	x.weighVariants()
	x.learnRoles()
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

// aliasCount is what a word of an alias counts when spelling is mended, against
// one use of a word in the base: names are asked for more often.
const aliasCount = 20

// Base returns the base that the index was made from.
func (x *Index) Base() *knowledge.Base { return x.base }

// collect reads the classes and their variants and returns the terms of each
// class: those of its variants, and of a fact also its answer and names.
func (x *Index) collect(counts map[string]int) [][]int32 {
	var docs [][]int32
	var form []byte
	add := func(c class, questions, more []string) {
		c.from, c.to = len(x.variants), len(x.variants)+len(questions)
		var doc []int32
		for _, q := range questions {
			tokens := x.lexicon.read(q)
			from := len(doc)
			doc = x.appendTerms(doc, tokens, counts)
			form = appendExact(form[:0], tokens)
			if _, known := x.exact[string(form)]; !known {
				x.exact[string(form)] = int32(len(x.variants))
			}
			x.variants = append(x.variants, variant{text: q, class: int32(len(x.classes)), kind: kindOf(tokens)})
			x.sequenceAt = append(x.sequenceAt, int32(len(x.sequence)))
			x.sequence = append(x.sequence, doc[from:]...)
			for _, t := range tokens {
				x.roleParts = append(x.roleParts, rolePart{partOf(t), strings.HasSuffix(t.text, "ing")})
			}
		}
		for i, text := range more {
			from := len(doc)
			doc = x.appendTerms(doc, x.lexicon.read(text), counts)
			if c.fact != nil && i == 0 {
				x.answers = append(x.answers, slices.Clone(doc[from:]))
			}
		}
		x.classes = append(x.classes, c)
		docs = append(docs, doc)
	}
	for i := range x.base.Facts {
		f := &x.base.Facts[i]
		add(class{fact: f}, f.Questions, append([]string{f.Answer}, f.About...))
	}
	for i := range x.base.Gaps {
		g := &x.base.Gaps[i]
		add(class{gap: g}, g.Questions, []string{g.Missing})
	}
	x.own = len(x.classes)
	for _, s := range sections(smalltalk) {
		add(class{chat: s.kind}, s.phrases, nil)
	}
	for _, s := range sections(offtopic) {
		add(class{}, s.phrases, nil)
	}
	x.sequenceAt = append(x.sequenceAt, int32(len(x.sequence)))
	return docs
}

func (x *Index) appendTerms(doc []int32, tokens []token, counts map[string]int) []int32 {
	for _, t := range tokens {
		doc = append(doc, x.lexicon.add(t))
		if t.kind == wordToken {
			counts[t.text]++
		}
	}
	return doc
}
