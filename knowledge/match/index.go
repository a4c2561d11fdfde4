package match

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

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

	idf     []float64        // of each term, over classes
	maxIDF  float64          // of a term that the base does not hold
	inDoc   [][]posting      // of each term: the classes that hold it, and how often
	inAsk   [][]posting      // of each term: the variants that hold it, with its weight in them
	pairs   map[uint64]int32 // of two terms in a row: their number in inPair
	inPair  [][]posting      // the same as inAsk for pairs
	pairIDF []float64        // of each pair, over variants
	shape   []float64        // of each class: BM25's length normalisation

	centroids []vector.Vector // of the base's own classes: the middle of their variants
	softmax   *softmax        // or nil
	wordRows  int             // how many of its rows are for terms and pairs
	pairRow   []int32         // of each pair: its row, or -1

	roles   map[roleKey][]filler // of names in facts
	names   names
	related map[[2]int32]bool // names that stand for each other

	weights weights
	scratch *sync.Pool
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
	terms []term
	kind  kind
}

// posting says how much of a term a class or variant holds.
type posting struct {
	at     int32
	weight float32
}

// BM25's constants: how soon a repeated term adds nothing, and how much the
// length of a class counts (Robertson and Zaragoza 2009).
const (
	bm25K = 1.2
	bm25B = 0.5
)

// Option changes how an index is made.
type Option func(*Index)

// WithModel makes an index use what a model learned, if the model was trained
// on the index's base.
func WithModel(m *Model) Option {
	return func(x *Index) {
		if m.Fits(x.base) {
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
		lexicon: lexicon{ids: map[string]int32{}, surface: map[string]int32{}, names: newResolver(b.Names), table: table},
		table:   table,
		exact:   map[string]int32{},
		pairs:   map[uint64]int32{},
		scratch: &sync.Pool{New: func() any { return new(scratch) }},
		weights: generalWeights,
	}
	counts := map[string]int{}
	docs := x.collect(counts)
	for w := range x.lexicon.names.words {
		counts[w] += aliasCount
	}
	x.lexicon.speller = newSpeller(counts)
	x.mark()
	x.weighDocs(docs)
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
func (x *Index) collect(counts map[string]int) [][]term {
	var docs [][]term
	add := func(c class, questions, more []string) {
		c.from, c.to = len(x.variants), len(x.variants)+len(questions)
		var doc []term
		for _, q := range questions {
			tokens := x.lexicon.read(q)
			terms := x.terms(tokens, counts)
			if key := exactForm(tokens); !x.hasExact(key) {
				x.exact[key] = int32(len(x.variants))
			}
			x.variants = append(x.variants, variant{text: q, class: int32(len(x.classes)), terms: terms, kind: kindOf(tokens)})
			doc = append(doc, terms...)
		}
		for _, text := range more {
			doc = append(doc, x.terms(x.lexicon.read(text), counts)...)
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
	return docs
}

func (x *Index) hasExact(key string) bool {
	_, ok := x.exact[key]
	return ok
}

func (x *Index) terms(tokens []token, counts map[string]int) []term {
	terms := make([]term, len(tokens))
	for i, t := range tokens {
		terms[i] = term{id: x.lexicon.add(t), weight: 1, part: partOf(t), ing: strings.HasSuffix(t.text, "ing")}
		if t.kind == wordToken {
			counts[t.text]++
		}
	}
	return terms
}

// mark notes which terms of the variants set them apart, now that it is known
// how the whole base writes them.
func (x *Index) mark() {
	for _, v := range x.variants {
		for i, t := range v.terms {
			v.terms[i].marked = x.lexicon.marks(token{}, t.id)
		}
	}
}

// weighDocs fills the posting lists.
func (x *Index) weighDocs(docs [][]term) {
	n := float64(len(docs))
	x.inDoc = make([][]posting, len(x.lexicon.ids))
	total := 0
	for c, doc := range docs {
		total += len(doc)
		for _, t := range doc {
			list := x.inDoc[t.id]
			if k := len(list); k > 0 && list[k-1].at == int32(c) {
				list[k-1].weight++
				continue
			}
			x.inDoc[t.id] = append(list, posting{int32(c), 1})
		}
	}
	x.maxIDF = math.Log(1 + (n+0.5)/0.5)
	x.idf = make([]float64, len(x.inDoc))
	for t, list := range x.inDoc {
		df := float64(len(list))
		x.idf[t] = math.Log(1 + (n-df+0.5)/(df+0.5))
	}
	average := float64(total) / n
	x.shape = make([]float64, len(docs))
	for c, doc := range docs {
		x.shape[c] = bm25K * (1 - bm25B + bm25B*float64(len(doc))/average)
	}
	x.weighVariants()
}

// weighVariants makes a unit tf-idf vector of each variant's terms and pairs of
// terms.
func (x *Index) weighVariants() {
	n := float64(len(x.variants))
	df := map[uint64]int{}
	for _, v := range x.variants {
		for _, p := range appendPairs(nil, v.terms) {
			df[p.key]++
		}
	}
	x.wordRows = len(x.lexicon.ids)
	for _, p := range slices.Sorted(maps.Keys(df)) {
		x.pairs[p] = int32(len(x.pairIDF))
		x.pairIDF = append(x.pairIDF, math.Log((n+1)/(float64(df[p])+0.5)))
		row := int32(-1)
		if df[p] > 1 { // a pair that stands once teaches nothing
			row = int32(x.wordRows)
			x.wordRows++
		}
		x.pairRow = append(x.pairRow, row)
	}
	x.inAsk = make([][]posting, len(x.lexicon.ids))
	x.inPair = make([][]posting, len(x.pairIDF))
	for i, v := range x.variants {
		terms, pairs := appendDistinct(nil, v.terms), appendPairs(nil, v.terms)
		sum := 0.0
		for _, t := range terms {
			sum += x.idf[t.id] * x.idf[t.id]
		}
		for _, p := range pairs {
			w := pairWeight * x.pairIDF[x.pairs[p.key]]
			sum += w * w
		}
		length := math.Sqrt(sum)
		for _, t := range terms {
			x.inAsk[t.id] = append(x.inAsk[t.id], posting{int32(i), float32(x.idf[t.id] / length)})
		}
		for _, p := range pairs {
			id := x.pairs[p.key]
			x.inPair[id] = append(x.inPair[id], posting{int32(i), float32(pairWeight * x.pairIDF[id] / length)})
		}
	}
}

// pairWeight is what two terms in a row count against one term.
const pairWeight = 0.5
