package match

import "sync"

// example is what is known of one question when weights are fitted.
type example struct {
	signals
	weight   float64
	in       bool
	one, two bool // the best fact is right; it or the second one is
}

// What a question that no fact answers counts when fitting: one of a gap's, for
// the shipped lists hold more of them than people ask, and one whose own fact
// is left out.
const (
	gapWeight    = 0.12
	absentWeight = 0.05
)

// A base is cut into so many parts, which are left out one after the other. What
// is left is scarcer than the whole base, and its margins less: with more parts
// the confidences come out lower than they should.
const folds = 3

// most is how many questions of a part are looked at.
const most = 1500

// fit leaves the variants of the base out in turn, looks what an index of the
// rest would make of them, and returns the weights that foretell it best.
// Classes are left out whole as well, for people ask what nobody foresaw.
func (x *Index) fit(withSoftmax bool) weights {
	parts := make([][]example, folds)
	var running sync.WaitGroup
	for part := range folds {
		running.Go(func() {
			left := func(variant int) bool { return variant%folds == part }
			rest := *x // shares all but what is learned
			rest.centroids = x.centre(left)
			if withSoftmax {
				rest.learn(x.trainSoftmax(left))
			}
			parts[part] = rest.examples(left)
		})
	}
	running.Wait()
	var all []example
	for _, p := range parts {
		all = append(all, p...)
	}
	var in []example
	for _, e := range all {
		if e.in {
			in = append(in, e)
		}
	}
	return weights{
		In:  regress(all, func(e example) bool { return e.in }, familiarity),
		One: regress(in, func(e example) bool { return e.one }, comparison),
		Two: regress(in, func(e example) bool { return e.two }, comparison),
	}
}

// examples asks the questions that were left out.
func (x *Index) examples(left func(variant int) bool) []example {
	var out []example
	s := new(scratch)
	step := 1 + len(x.variants)/folds/most
	seen := 0
	for i, v := range x.variants {
		if !left(i) {
			continue
		}
		if seen++; seen%step != 0 {
			continue
		}
		c := &x.classes[v.class]
		s.kind = v.kind
		x.score(s, query{x.appendVariant(nil, i), x.meaning(x.lexicon.read(v.text))}, int32(i))
		absent := gapWeight
		if c.fact != nil {
			absent = absentWeight
			if f := x.survey(s, none); f.first >= 0 {
				one := x.sameAnswer(f.first, v.class)
				two := one || f.second >= 0 && x.sameAnswer(f.second, v.class)
				out = append(out, example{x.measure(s, f, int32(i), none), 1, true, one, two})
			}
		} else if f := x.survey(s, none); f.first >= 0 {
			out = append(out, example{x.measure(s, f, int32(i), none), gapWeight, false, false, false})
		}
		if f := x.survey(s, v.class); f.first >= 0 && (c.fact == nil || !x.sameAnswer(f.first, v.class)) {
			out = append(out, example{x.measure(s, f, int32(i), v.class), absent, false, false, false})
		}
	}
	return out
}

// speaks is which way each signal may speak: for the best fact, against it, or
// (the bias) either way. Without it, signals that say much the same would be
// played off against each other, and mean nothing on questions of another kind.
var speaks = signals{0, 1, 1, 1, 1, 1, 1, -1, 1}

// Which signals say whether the base has an answer at all, and which whether
// the best fact is it.
var (
	familiarity = [len(signals{})]bool{0: true, 1: true, 4: true, 7: true}
	comparison  = [len(signals{})]bool{0: true, 1: true, 2: true, 3: true, 8: true}
)

// regress is a weighted logistic regression on some signals. One that would
// speak the wrong way is left out.
func regress(examples []example, right func(example) bool, use [len(signals{})]bool) signals {
	for {
		w := newton(examples, right, use)
		wrong := false
		for i := range w {
			if w[i]*speaks[i] < 0 {
				use[i], wrong = false, true
			}
		}
		if !wrong {
			return w
		}
	}
}

// newton fits by Newton's method, with a small penalty on the weights' squares.
func newton(examples []example, right func(example) bool, use [len(signals{})]bool) signals {
	const penalty, steps, n = 1.0, 25, len(signals{})
	var w signals
	for range steps {
		var gradient signals
		var hessian [n][n]float64
		for i := range n {
			gradient[i], hessian[i][i] = -penalty*w[i], penalty
		}
		for _, e := range examples {
			p := confidence(w, e.signals)
			y := 0.0
			if right(e) {
				y = 1
			}
			for i := range n {
				gradient[i] += e.weight * (y - p) * e.signals[i]
				for j := range n {
					hessian[i][j] += e.weight * p * (1 - p) * e.signals[i] * e.signals[j]
				}
			}
		}
		for i := range n {
			if !use[i] {
				gradient[i] = 0
				for j := range n {
					hessian[i][j], hessian[j][i] = 0, 0
				}
				hessian[i][i] = 1
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
func solve(a [len(signals{})][len(signals{})]float64, b signals) signals {
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
