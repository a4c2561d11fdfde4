package match

import (
	"math"
	"math/rand/v2"
	"slices"

	"footnote/knowledge/match/vector"
)

// softmax is a softmax regression over a base's own classes. Its features are
// terms by their stress, pairs of terms by tf-idf, and the components of the
// meaning's place in a space. It is kept in eight bits a weight.
type softmax struct {
	Space  *space    // or nil: the word table's own
	Rows   []byte    // of each feature the weights of all classes, each an int8
	Scales []float32 // of each feature: what its weights are multiplied with
}

// Training: stochastic gradient descent with a falling rate.
const (
	epochs       = 40
	firstRate    = 0.7
	penalty      = 3e-5 // on the weights' squares
	meaningShare = 1.25 // length of the meaning next to that of the words, which is 1
)

// feature is one component of a question as the softmax sees it.
type feature struct {
	row   int
	value float32
}

// features are those of a question's words, each once.
type features struct {
	list []feature
	at   []int32 // of each row: behind where it stands in the list; zero if it does not
}

func (f *features) add(row int, value float64) {
	if i := f.at[row]; i > 0 {
		f.list[i-1].value += float32(value)
		return
	}
	f.list = append(f.list, feature{row, float32(value)})
	f.at[row] = int32(len(f.list))
}

// featuresOf sets f to the features of a question's words, which have length 1
// together. A word lends some of its weight to its neighbours.
func (x *Index) featuresOf(f *features, terms []term, pairs []weightedPair) {
	f.list, f.at = f.list[:0], sized(f.at, x.wordRows)
	for _, t := range terms {
		if t.id != unknown {
			f.add(int(t.id), t.weight*x.stress(t.id))
		}
		for _, n := range x.neighboursOf(t) {
			f.add(int(n.Term), spread*float64(n.cosine())*t.weight*x.stress(n.Term))
		}
	}
	for _, p := range pairs {
		if p.id != unknown && x.pairRow[p.id] >= 0 {
			f.add(int(x.pairRow[p.id]), p.weight*x.pairIDF[p.id])
		}
	}
	sum := float32(0)
	for _, g := range f.list {
		sum += g.value * g.value
		f.at[g.row] = 0
	}
	length := float32(1 / (math.Sqrt(float64(sum)) + 1e-9))
	for i := range f.list {
		f.list[i].value *= length
	}
}

// byClass returns the weights of the meaning's components, a vector for each of
// n classes.
func (m *softmax) byClass(n int) []vector.Vector {
	out := make([]vector.Vector, n)
	first := len(m.Scales) - vector.Dims
	for d := range vector.Dims {
		scale := meaningShare * m.Scales[first+d]
		for c, v := range m.Rows[(first+d)*n : (first+d+1)*n] {
			out[c][d] = scale * float32(int8(v))
		}
	}
	return out
}

// logits sets s.logits to each class's logit, less their mean.
func (m *softmax) logits(x *Index, s *scratch) {
	x.featuresOf(&s.features, s.terms, s.pairs)
	n := x.own
	place := m.Space.place(&s.meaning)
	for c := range s.logits {
		s.logits[c] = place.Dot(&x.meanings[c])
	}
	for _, f := range s.features.list {
		w := f.value * m.Scales[f.row]
		row := m.Rows[f.row*n : (f.row+1)*n]
		z := s.logits[:len(row)]
		for c, v := range row {
			z[c] += w * float32(int8(v))
		}
	}
	mean := float32(0)
	for _, z := range s.logits {
		mean += z
	}
	mean /= float32(n)
	for c := range s.logits {
		s.logits[c] -= mean
	}
}

// trainSoftmax learns from the variants of the base's own classes, but for
// those that are left out.
func (x *Index) trainSoftmax(left func(variant int) bool) *softmax {
	n := x.own
	rows := x.wordRows + vector.Dims
	w := make([]float32, rows*n)
	var samples [][]feature
	var words features
	var meanings []vector.Vector
	var classes []int32
	for i, v := range x.variants {
		if int(v.class) >= n || left(i) {
			continue
		}
		terms := x.appendVariant(nil, i)
		pairs := appendPairs(nil, terms)
		for i := range pairs {
			pairs[i].id = x.pairs.id(pairs[i].key)
		}
		x.featuresOf(&words, appendDistinct(nil, terms), pairs)
		samples = append(samples, slices.Clone(words.list))
		meanings = append(meanings, x.meaning(x.lexicon.read(v.text)))
		classes = append(classes, v.class)
	}
	var within *space
	if x.neighbours != nil {
		within = newSpace(meanings, classes, n)
	}
	for i := range samples {
		for d, v := range within.place(&meanings[i]) {
			samples[i] = append(samples[i], feature{x.wordRows + d, meaningShare * v})
		}
	}
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(1, 2))
	z := make([]float32, n)
	shrink := float32(1) // the penalty so far, kept apart from w
	for step, steps := 0, epochs*len(samples); step < steps; step++ {
		if step%len(samples) == 0 {
			random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		}
		i := order[step%len(samples)]
		rate := float32(firstRate * (1 - float64(step)/float64(steps)))
		clear(z)
		for _, f := range samples[i] {
			addScaled(z, w[f.row*n:(f.row+1)*n], f.value*shrink)
		}
		toProbabilities(z)
		z[classes[i]]--
		shrink *= 1 - rate*penalty
		for _, f := range samples[i] {
			addScaled(w[f.row*n:(f.row+1)*n], z, -f.value*rate/shrink)
		}
	}
	m := quantised(w, shrink, n)
	m.Space = within
	return m
}

func addScaled(to, from []float32, by float32) {
	to = to[:len(from)]
	for i, v := range from {
		to[i] += by * v
	}
}

func toProbabilities(z []float32) {
	top := z[0]
	for _, v := range z {
		top = max(top, v)
	}
	sum := float32(0)
	for i, v := range z {
		z[i] = float32(math.Exp(float64(v - top)))
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
}

// quantised brings weights to eight bits, each row by its largest.
func quantised(w []float32, shrink float32, n int) *softmax {
	m := &softmax{Rows: make([]byte, len(w)), Scales: make([]float32, len(w)/n)}
	for r := range m.Scales {
		row, top := w[r*n:(r+1)*n], float32(0)
		for _, v := range row {
			top = max(top, v, -v)
		}
		if top == 0 {
			continue
		}
		m.Scales[r] = shrink * top / math.MaxInt8
		for c, v := range row {
			m.Rows[r*n+c] = byte(int8(math.Round(float64(v / top * math.MaxInt8))))
		}
	}
	return m
}
