package match

import (
	"math"
	"slices"
)

// BM25's constants: how soon a repeated term adds nothing, and how much the
// length of a class counts (Robertson and Zaragoza 2009).
const (
	bm25K = 1.2
	bm25B = 0.5
)

// weighDocs weighs the terms of each class by BM25 and lists them both ways.
func (x *Index) weighDocs(docs [][]int32) {
	n := float64(len(docs))
	total := 0
	for _, doc := range docs {
		total += len(doc)
	}
	average := float64(total) / n
	x.shape = make([]float64, len(docs))
	df := make([]int32, len(x.lexicon.ids))
	for c, doc := range docs {
		x.shape[c] = bm25K * (1 - bm25B + bm25B*float64(len(doc))/average)
		x.holdsAt = append(x.holdsAt, int32(len(x.holds)))
		slices.Sort(doc)
		for len(doc) > 0 {
			same := 1
			for same < len(doc) && doc[same] == doc[0] {
				same++
			}
			tf := float64(same)
			x.holds = append(x.holds, holding{doc[0], int32(same), impact(uint8(math.Round(255 * tf / (tf + x.shape[c]))))})
			df[doc[0]]++
			doc = doc[same:]
		}
	}
	x.holdsAt = append(x.holdsAt, int32(len(x.holds)))
	x.holds = slices.Clip(x.holds)
	x.invert(df)

	x.maxIDF = math.Log(1 + (n+0.5)/0.5)
	x.idf = make([]float64, len(df))
	for t := range df {
		df := float64(df[t])
		x.idf[t] = math.Log(1 + (n-df+0.5)/(df+0.5))
		x.lists[t].idf = x.idf[t]
	}
}

// invert makes the terms' lists of the classes'; df is how long they are.
func (x *Index) invert(df []int32) {
	x.lists, x.holders = make([]list, len(df)), make([]holding, len(x.holds))
	at, columns := int32(0), int32(0)
	for t, n := range df {
		x.lists[t] = list{from: at, to: at, column: none}
		at += n
		if int(n) > len(x.classes)/sparse {
			x.lists[t].column = columns
			columns++
		}
	}
	x.columns = make([]byte, int(columns)*columnSize(len(x.classes)))
	for c := range x.classes {
		for _, h := range x.holds[x.holdsAt[c]:x.holdsAt[c+1]] {
			l := &x.lists[h.at]
			x.holders[l.to] = holding{int32(c), h.count, h.impact}
			l.to++
			l.chat = l.chat || x.classes[c].chat != ""
			if l.column != none {
				x.columnOf(h.at)[c] = uint8(math.Round(255 * float64(h.impact)))
			}
		}
	}
}

// weighVariants weighs the terms of each variant and their pairs, which have their
// weights, as tf-idf.
func (x *Index) weighVariants() {
	x.inverse = make([]float32, len(x.variants))
	x.spans = make([]span, len(x.classes))
	for c := range x.classes {
		first, to := x.classes[c].from, x.classes[c].to
		x.spans[c] = span{first: int32(first), from: x.sequenceAt[first], to: x.sequenceAt[to]}
	}
	var terms, distinct []term
	var pairs []weightedPair
	for v := range x.variants {
		terms = x.appendVariant(terms[:0], v)
		pairs = appendPairs(pairs[:0], terms)
		distinct = appendDistinct(distinct[:0], terms)
		sum := 0.0
		for _, t := range distinct {
			sum += x.idf[t.id] * x.idf[t.id]
		}
		for _, p := range pairs {
			w := pairWeight * x.pairIDF[x.pairs.id(p.key)]
			sum += w * w
		}
		x.inverse[v] = float32(1 / (math.Sqrt(sum) + 1e-9))
		x.sequence[x.sequenceAt[v]] = int32(math.Float32bits(x.inverse[v]))
		span := &x.spans[x.variants[v].class]
		span.steepest = max(span.steepest, x.inverse[v])
		x.markRepeats(int32(v))
	}
	x.listPhrases()
}

// weighPairs numbers the pairs of terms of the variants and weighs them.
func (x *Index) weighPairs() {
	n := float64(len(x.variants))
	all := make([]uint64, 0, len(x.sequence)+len(x.variants)) // each variant has one more than terms, the ends included
	var terms []term
	var pairs []weightedPair
	for v := range x.variants {
		terms = x.appendVariant(terms[:0], v)
		pairs = appendPairs(pairs[:0], terms)
		for _, p := range pairs {
			all = append(all, p.key)
		}
	}
	all = sortPairs(all, len(x.lexicon.ids))
	x.pairs = newPairTable(differing(all))
	x.maxPairIDF = math.Log((n + 1) / 0.5)
	x.wordRows = len(x.lexicon.ids)
	for len(all) > 0 {
		df := 1
		for df < len(all) && all[df] == all[0] {
			df++
		}
		idf := math.Log((n + 1) / (float64(df) + 0.5))
		x.pairIDF = append(x.pairIDF, idf)
		x.pairs.add(pairEntry{all[0], int32(len(x.pairIDF)), float32(idf)})
		row := int32(-1)
		if df > 1 { // a pair that stands once teaches nothing
			row = int32(x.wordRows)
			x.wordRows++
		}
		x.pairRow = append(x.pairRow, row)
		all = all[df:]
	}
}

// sortPairs returns pairs of so many terms in order: first by their first terms,
// for which there is room to count them.
func sortPairs(pairs []uint64, terms int) []uint64 {
	first := func(p uint64) int { return min(int(p>>32), terms) } // unknown comes last
	ends := make([]int, terms+2)
	for _, p := range pairs {
		ends[first(p)+1]++
	}
	for t := range terms + 1 {
		ends[t+1] += ends[t]
	}
	out := make([]uint64, len(pairs))
	for _, p := range pairs {
		out[ends[first(p)]] = p
		ends[first(p)]++
	}
	from := 0
	for _, to := range ends[:terms+1] {
		slices.Sort(out[from:to])
		from = to
	}
	return out
}

// differing counts the values of a sorted list.
func differing(sorted []uint64) int {
	n := 0
	for i := range sorted {
		if i == 0 || sorted[i] != sorted[i-1] {
			n++
		}
	}
	return n
}

// markRepeats notes which terms and pairs of a variant stand in it before.
func (x *Index) markRepeats(v int32) {
	terms := x.termsOf(v)
	for i := len(terms) - 1; i > 0; i-- {
		for j := range i {
			if terms[j] != terms[i]&termBits {
				continue
			}
			terms[i] |= termAgain
			if j > 0 && terms[j-1] == terms[i-1] {
				terms[i] |= pairAgain
			}
		}
	}
}

// appendVariant appends the terms of a variant.
func (x *Index) appendVariant(out []term, v int) []term {
	for i := x.sequenceAt[v] + headWords; i < x.sequenceAt[v+1]; i++ {
		id, role := x.sequence[i]&termBits, x.roleParts[i]
		out = append(out, term{id: id, weight: 1, marked: x.lexicon.marks(token{}, id), part: role.part, ing: role.ing})
	}
	return out
}

// frequency is how often a class holds a term, the variant except left out.
func (x *Index) frequency(c, t, except int32) float64 {
	terms := x.holds[x.holdsAt[c]:x.holdsAt[c+1]]
	i, ok := slices.BinarySearchFunc(terms, t, func(h holding, t int32) int { return int(h.at - t) })
	if !ok {
		return 0
	}
	return float64(terms[i].count) - x.without(c, t, except)
}

// without is how often a term of a class stands in its variant except.
func (x *Index) without(c, t, except int32) float64 {
	if except == none || x.variants[except].class != c {
		return 0
	}
	n := 0.0
	for _, u := range x.termsOf(except) {
		if u&termBits == t {
			n++
		}
	}
	return n
}
