package match

import (
	_ "embed" // the weights
	"math"
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
	for i := range x.classes {
		c, i := &x.classes[i], int32(i)
		switch {
		case i == except || s.rank[i].sum == 0:
		case c.fact != nil:
			better(&f.first, i)
		case c.gap != nil:
			better(&f.gap, i)
		case c.chat != "":
			better(&f.chat, i)
		default:
			better(&f.off, i)
		}
	}
	for i := range x.classes {
		if i := int32(i); f.first >= 0 && i != except && x.classes[i].fact != nil && s.rank[i].sum > 0 && !x.sameAnswer(f.first, i) {
			better(&f.second, i)
		}
	}
	return f
}

// sameAnswer reports whether two facts rest on a quote in common: either is
// then a right answer to a question for the other.
func (x *Index) sameAnswer(a, b int32) bool {
	if a == b {
		return true
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

// features are what the confidence in the best fact is computed from.
type features [9]float64

// featureNames are what [Explanation] calls them.
var featureNames = [len(features{})]string{
	"bias", "cover", "near", "lead over the next fact", "lead over the nearest gap", "lead over small talk",
	"lead over other subjects", "words unknown to the fact", "names or numbers unknown to the fact",
}

// measure takes the features of a question and its field.
func (x *Index) measure(s *scratch, f field, except int32) features {
	best := s.rank[f.first]
	lead := func(other int32) float64 {
		if other < 0 {
			return best.sum
		}
		return best.sum - s.rank[other].sum
	}
	words, marks := x.foreign(s, f.first, except)
	return features{1, best.cover, best.near, lead(f.second), clamp(lead(f.gap), -6, 10), clamp(lead(f.chat), -6, 10),
		clamp(lead(f.off), -6, 10), words, marks}
}

// foreign returns the share of the question's words that the class does not
// hold, by weight, and how many of its names and numbers.
func (x *Index) foreign(s *scratch, c, except int32) (words, marks float64) {
	total := 1e-6
	for _, t := range s.terms {
		w := x.weigh(t)
		total += w
		if t.id != unknown && x.frequency(c, t.id, except) > 0 {
			continue
		}
		words += w
		if t.marked {
			marks += t.weight
		}
	}
	return words / total, marks
}

// frequency is how often a class holds a term, the variant except left out.
func (x *Index) frequency(c, t, except int32) float64 {
	for _, p := range x.inDoc[t] {
		if p.at == c {
			return float64(p.weight) - x.without(c, t, except)
		}
	}
	return 0
}

// without is how often a term of a class stands in its variant except.
func (x *Index) without(c, t, except int32) float64 {
	if except == none || x.variants[except].class != c {
		return 0
	}
	n := 0.0
	for _, u := range x.variants[except].terms {
		if u.id == t {
			n++
		}
	}
	return n
}

func clamp(v, lo, hi float64) float64 { return max(lo, min(v, hi)) }

// weights turn features into a confidence: the logistic function of their
// product. They come from [Index.fit].
type weights struct {
	One features `json:"one"` // that the best fact answers
	Two features `json:"two"` // that the best or the second one does
}

// shippedWeights were fitted on the shipped base, and serve other bases until
// they have their own; a test fits them again.
//
//go:embed weights.json
var shippedWeights []byte

func confidence(w, f features) float64 {
	z := 0.0
	for i := range w {
		z += w[i] * f[i]
	}
	return 1 / (1 + math.Exp(-z))
}
