package match

import (
	"math"

	"footnote/knowledge"
)

// field is the few classes of a ranking that a decision is about. A class that
// is not there is -1.
type field struct {
	first, second int32 // the best facts; second says something else than first
	gap           int32
	chat          int32
	off           int32 // what the base is not about
}

// survey picks the field from a ranking, as if the class except were not there.
func (x *Index) survey(s *scratch, except int32) field {
	f := field{-1, -1, -1, -1, -1}
	better := func(a *int32, b int32) {
		if *a < 0 || s.rank[b].sum > s.rank[*a].sum {
			*a = b
		}
	}
	facts := int32(len(x.base.Facts))
	for _, i := range s.found {
		switch {
		case i == except || s.rank[i].words == 0:
		case i < facts:
			better(&f.first, i)
		case int(i) < x.own:
			better(&f.gap, i)
		case x.classes[i].chat != "":
			better(&f.chat, i)
		default:
			better(&f.off, i)
		}
	}
	for _, i := range s.found {
		if i >= facts || i == except || i == f.first || s.rank[i].words == 0 {
			continue
		}
		if f.second < 0 || s.rank[i].sum > s.rank[f.second].sum { // else what it says does not matter
			if !x.sameAnswer(f.first, i) {
				f.second = i
			}
		}
	}
	return f
}

// sameAnswer reports whether two facts rest on a quote in common: either is
// then a right answer to a question for the other.
func (x *Index) sameAnswer(a, b int32) bool {
	if a == b || !x.shared[a] || !x.shared[b] {
		return a == b
	}
	for _, q := range x.classes[a].fact.Quotes {
		for _, r := range x.classes[b].fact.Quotes {
			if q.Source == r.Source && q.Offset == r.Offset && q.Text == r.Text {
				return true
			}
		}
	}
	return false
}

// sharing tells which facts rest on a quote that another fact rests on as well.
func sharing(facts []knowledge.Fact) []bool {
	type place struct {
		source string
		offset int
		text   string
	}
	first := map[place]int{}
	shared := make([]bool, len(facts))
	for i, f := range facts {
		for _, q := range f.Quotes {
			at := place{q.Source, q.Offset, q.Text}
			if j, known := first[at]; !known {
				first[at] = i
			} else if j != i {
				shared[i], shared[j] = true, true
			}
		}
	}
	return shared
}

// signals are what the confidence in the best fact is computed from.
type signals [9]float64

// signalNames are what [Explanation] calls them.
var signalNames = [len(signals{})]string{
	"bias", "familiar", "share among facts and gaps (log)", "lead over the next fact", "lead over the nearest gap",
	"lead in words over small talk", "lead in words over other subjects", "names or numbers unknown to the fact",
	"kind of answer the fact is asked for (log)",
}

// measure takes the signals of a question and its field, as if the base had
// neither the variant nor the class that are left out.
func (x *Index) measure(s *scratch, f field, exceptVariant, exceptClass int32) signals {
	best := s.rank[f.first]
	lead := func(other int32, alone float64) float64 {
		if other < 0 {
			return alone
		}
		return leadOver(best.sum, s.rank[other].sum)
	}
	leadInWords := func(other int32) float64 {
		if other < 0 {
			return 10
		}
		return leadOver(best.words, s.rank[other].words)
	}
	words, marks := x.foreign(s, f.first, exceptVariant)
	alike := best.alike
	if x.softmax != nil {
		alike = float64(s.meaning.Dot(&x.centroids[f.first]))
	}
	share := 0.0
	if exceptVariant != none || x.weights.useShare() {
		share = x.share(s, f.first, exceptClass)
	}
	return signals{1, familiar(best.sum, words, alike), share, lead(f.second, 10), lead(f.gap, noGap),
		leadInWords(f.chat), leadInWords(f.off), marks, x.fitting(s.kind, f.first, exceptVariant)}
}

// noGap is the lead over gaps in a base without any: as good as none.
const noGap = 0

// familiar is how familiar a question is by the best fact's score, the share of
// words that the fact does not hold and the cosine in meaning with it.
func familiar(sum, strange, alike float64) float64 { return sum - 6*strange + 2*alike }

func leadOver(sum, other float64) float64 { return max(-6, min(sum-other, 10)) }

// share is the logarithm of the best fact's part in the softmax of the sums of
// the base's own classes.
func (x *Index) share(s *scratch, first, except int32) float64 {
	top, sum := s.rank[first].sum, 0.0
	for _, i := range s.found {
		if int(i) < x.own && i != except {
			sum += math.Exp(min(s.rank[i].sum-top, 20))
		}
	}
	return -math.Log(sum)
}

// foreign returns the share of the question's words that the class does not
// hold, by weight, and how many of its names and numbers.
func (x *Index) foreign(s *scratch, c, except int32) (words, marks float64) {
	total := 1e-6
	held := s.rank[c].held
	for i, t := range s.terms {
		w := float64(s.lookup.weight[i])
		total += w
		if except == none && i < mostPaired {
			if held>>i&1 != 0 {
				continue
			}
		} else if t.id != unknown && x.frequency(c, t.id, except) > 0 {
			continue
		}
		words += w
		if t.marked {
			marks += t.weight
		}
	}
	return words / total, marks
}

// strange reports whether the question holds a name or quantity that the class
// does not hold and that gaps are often asked with: it is about that.
func (x *Index) strange(s *scratch, c int32) bool {
	for _, t := range s.terms {
		if t.id == unknown || !t.marked || t.weight < 1 || x.frequency(c, t.id, none) > 0 {
			continue
		}
		n := int32(0)
		for _, p := range x.holdersOf(t.id) {
			if x.classes[p.at].gap != nil {
				n += p.count
			}
		}
		if n >= often {
			return true
		}
	}
	return false
}

// often is how many times gaps' questions say what they are about.
const often = 3

// weights turn signals into confidences: logistic functions of their products.
// They come from [Index.fit].
type weights struct {
	In  signals // that the base has an answer
	One signals // if so, that the best fact is it
	Two signals // or the best or the second one
}

// useShare reports whether a confidence depends on the best fact's share, which
// takes long to compute.
func (w *weights) useShare() bool { return w.In[2] != 0 || w.One[2] != 0 || w.Two[2] != 0 }

func confidence(w, f signals) float64 { return 1 / (1 + math.Exp(-logit(w, f))) }

func logit(w, f signals) float64 {
	z := 0.0
	for i := range w {
		z += w[i] * f[i]
	}
	return z
}

// generalWeights serve a base without a model of its own. They were fitted on
// the shipped base without its softmax.
var generalWeights = weights{
	In:  signals{0: -1.585, 1: 0.182, 4: 0.391, 7: -0.843},
	One: signals{0: -0.275, 1: 0.013, 3: 0.804, 8: 0.078},
	Two: signals{0: 1.054, 1: 0.062, 3: 0.576},
}
