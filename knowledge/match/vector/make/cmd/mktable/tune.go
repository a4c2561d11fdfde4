package main

import (
	"fmt"
	"io"
	"math"
	"math/rand"
)

// How questions that ask the same are moved together.
const (
	tuneSteps   = 5_000 // of all threads together
	tuneRate    = 0.03
	temperature = 0.06 // of the softmax over a batch
	tuneDrop    = 0.05 // share of the words that are taken as n-grams
	typos       = 0.05 // share of the words that are mistyped
	stay        = 0.15 // how strongly general text is held where it was
)

// tune returns a copy of t in which the two texts of a pair are nearer to each
// other than to the rest of their batch, and texts stay near their old places.
// It reports the loss of the first thread.
func tune(t *table, texts []string, source *pairs, threads int, out io.Writer) *table {
	learned := newLearner(t.clone(), 1e-2)
	parallel(threads, func(thread int) {
		u := tuner{old: t, new: learned, rng: rand.New(rand.NewSource(int64(100 + thread)))}
		steps := tuneSteps / threads
		var loss float64
		for step := range steps {
			rate := tuneRate * (1 - float32(step)/float32(steps))
			batch := source.batch(u.rng)
			loss += u.meet(batch, rate)
			for range 2 * len(batch) {
				u.hold(texts[u.rng.Intn(len(texts))], rate)
			}
			if done := step + 1; thread == 0 && done%500 == 0 {
				fmt.Fprintf(out, "tune: step %d of %d, loss %.3f\n", done*threads, tuneSteps, loss/500)
				loss = 0
			}
		}
	})
	return learned.table
}

// tuner is one thread of tune.
type tuner struct {
	old *table
	new *learner
	rng *rand.Rand
}

// place is a text's terms, the unit vector of their sum, and its length.
type place struct {
	terms []term
	unit  []float32
	size  float32
}

func (u *tuner) place(words []string) place {
	p := place{terms: u.new.terms(words, tuneDrop, u.rng), unit: make([]float32, u.new.dims())}
	u.new.sum(p.terms, p.unit)
	p.size = length(p.unit) + 1e-6
	for i := range p.unit {
		p.unit[i] /= p.size
	}
	return p
}

// meet moves the texts of each pair together and the pairs apart. It returns
// the loss before.
func (u *tuner) meet(batch []pair, rate float32) float64 {
	var places []place
	var units [][]float32
	for _, p := range batch {
		for _, text := range p {
			words := tokenize(text)
			for i := range words {
				if u.rng.Float64() < typos {
					words[i] = mistype(words[i], u.rng)
				}
			}
			places = append(places, u.place(words))
			units = append(units, places[len(places)-1].unit)
		}
	}
	gradients, loss := contrast(units, temperature)
	for i, p := range places {
		u.move(p, gradients[i], rate)
	}
	return loss
}

// hold moves a text towards where the old table puts it.
func (u *tuner) hold(text string, rate float32) {
	words := tokenize(text)
	gradient := make([]float32, u.old.dims())
	u.old.sum(u.old.terms(words, 0, nil), gradient)
	unit(gradient)
	for i := range gradient {
		gradient[i] *= stay
	}
	u.move(u.place(words), gradient, rate)
}

// move takes a text along a gradient of its unit vector and holds the length of
// its sum gently near 1.
func (u *tuner) move(p place, gradient []float32, rate float32) {
	along := dot(gradient, p.unit)
	step := make([]float32, len(gradient))
	for i, z := range p.unit {
		step[i] = (gradient[i]-along*z)/p.size + 0.02*(1-p.size)*z
	}
	u.new.step(p.terms, step, rate)
}

// contrast returns how each vector has to move so that a softmax of its cosines
// with the others picks its partner (InfoNCE), and the loss: the mean of
// -ln(partner's share). Vectors 0 and 1 are partners, 2 and 3, and so on.
func contrast(units [][]float32, temperature float32) (gradients [][]float32, loss float64) {
	n := len(units)
	gradients = make([][]float32, n)
	for i := range gradients {
		gradients[i] = make([]float32, len(units[i]))
	}
	shares := make([]float32, n)
	for i := range units {
		softmaxOthers(shares, units, i, temperature)
		for j, share := range shares {
			if j == i {
				continue
			}
			if j == i^1 {
				loss -= math.Log(float64(share)+1e-9) / float64(n)
				share--
			}
			share /= temperature * float32(n)
			if share > -1e-6 && share < 1e-6 {
				continue // too little to be worth the time
			}
			for k := range units[i] {
				gradients[i][k] -= share * units[j][k]
				gradients[j][k] -= share * units[i][k]
			}
		}
	}
	return gradients, loss
}

// softmaxOthers writes to shares the softmax of vector i's cosines with all but
// itself; its own place it leaves alone.
func softmaxOthers(shares []float32, units [][]float32, i int, temperature float32) {
	top := float32(math.Inf(-1))
	for j := range shares {
		if j != i {
			shares[j] = dot(units[i], units[j]) / temperature
			top = max(top, shares[j])
		}
	}
	var sum float32
	for j := range shares {
		if j != i {
			shares[j] = float32(math.Exp(float64(shares[j] - top)))
			sum += shares[j]
		}
	}
	for j := range shares {
		if j != i {
			shares[j] /= sum
		}
	}
}
