package main

import (
	"math"
	"sync"
)

// learner is a table whose rows are being learned, by Adagrad with one step
// size for each row.
type learner struct {
	*table
	squares []float32 // the sum of each row's squared gradients so far
}

// newLearner learns t's rows in place. The larger first is, the more careful
// are the first steps.
func newLearner(t *table, first float32) *learner {
	l := &learner{table: t, squares: make([]float32, len(t.rows))}
	for i := range l.squares {
		l.squares[i] = first
	}
	return l
}

// step moves the rows of terms along the gradient of their sum.
func (l *learner) step(terms []term, gradient []float32, rate float32) {
	square := dot(gradient, gradient)
	for _, f := range terms {
		l.squares[f.row] += square * f.weight * f.weight / float32(l.dims())
		k := rate * f.weight / float32(math.Sqrt(float64(l.squares[f.row])))
		row := l.rows[f.row]
		for i, x := range gradient {
			row[i] += k * x
		}
	}
}

// parallel runs f once for each thread, from 0, and waits. The threads of a
// learner write the same rows without a lock: most steps touch few rows, and
// one that is lost now and then does less harm than waiting (B. Recht and
// others, "Hogwild!", 2011). It is why two runs differ.
func parallel(threads int, f func(thread int)) {
	var wg sync.WaitGroup
	for thread := range threads {
		wg.Go(func() { f(thread) })
	}
	wg.Wait()
}
