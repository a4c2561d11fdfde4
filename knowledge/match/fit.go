package match

// example is what is known of one question when weights are fitted.
type example struct {
	features
	weight   float64
	one, two bool // the best fact is right; it or the second one is
}

// gapWeight is what a question that no fact answers counts when fitting: the
// shipped lists hold more of them than people ask.
const gapWeight = 0.2

// fit leaves each variant of the base out in turn, looks what the rest would
// make of it, and returns the weights that foretell it best. Gaps are left out
// whole as well, for people ask what no gap foresaw.
func (x *Index) fit() weights {
	var examples []example
	s := new(scratch)
	for i, v := range x.variants {
		c := &x.classes[v.class]
		x.score(s, v.terms, int32(i))
		if c.fact != nil {
			f := x.survey(s, none)
			if f.first < 0 {
				continue
			}
			one := x.sameAnswer(f.first, v.class)
			two := one || f.second >= 0 && x.sameAnswer(f.second, v.class)
			examples = append(examples, example{x.measure(s, f, int32(i)), 1, one, two})
			continue
		}
		for _, except := range []int32{none, v.class} {
			if f := x.survey(s, except); f.first >= 0 {
				examples = append(examples, example{x.measure(s, f, int32(i)), gapWeight, false, false})
			}
		}
	}
	return weights{
		One: regress(examples, func(e example) bool { return e.one }),
		Two: regress(examples, func(e example) bool { return e.two }),
	}
}

// regress is a weighted logistic regression with a small penalty on the
// weights' squares, by Newton's method.
func regress(examples []example, right func(example) bool) features {
	const penalty, steps, n = 1.0, 25, len(features{})
	var w features
	for range steps {
		var gradient features
		var hessian [n][n]float64
		for i := range n {
			gradient[i], hessian[i][i] = -penalty*w[i], penalty
		}
		for _, e := range examples {
			p := confidence(w, e.features)
			y := 0.0
			if right(e) {
				y = 1
			}
			for i := range n {
				gradient[i] += e.weight * (y - p) * e.features[i]
				for j := range n {
					hessian[i][j] += e.weight * p * (1 - p) * e.features[i] * e.features[j]
				}
			}
		}
		step := solve(hessian, gradient)
		for i := range w {
			w[i] += step[i]
		}
	}
	return w
}

// solve returns the solution of a x = b by elimination; a is positive definite.
func solve(a [len(features{})][len(features{})]float64, b features) features {
	n := len(b)
	for i := range n {
		for j := i + 1; j < n; j++ {
			k := a[j][i] / a[i][i]
			for c := i; c < n; c++ {
				a[j][c] -= k * a[i][c]
			}
			b[j] -= k * b[i]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for c := i + 1; c < n; c++ {
			b[i] -= a[i][c] * b[c]
		}
		b[i] /= a[i][i]
	}
	return b
}
