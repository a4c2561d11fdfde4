package main

import (
	"fmt"
	"io"
	"math/rand"
	"path/filepath"
	"strings"
)

// How words learn from the teacher.
const (
	teacherDims  = 512
	wide         = 256 // dimensions while learning
	distilEpochs = 8
	distilRate   = 0.05
	distilDrop   = 0.1   // share of the words that are learned as n-grams
	heldOut      = 2_000 // sentences that are only measured with, at most a tenth
)

// lesson is sentences and words with the teacher's vectors of them.
type lesson struct {
	texts, words     []string
	ofTexts, ofWords [][]float32
}

func readLesson(dir string) (lesson, error) {
	var in lesson
	for _, part := range []struct {
		name    string
		texts   *[]string
		vectors *[][]float32
	}{{"corpus", &in.texts, &in.ofTexts}, {"words", &in.words, &in.ofWords}} {
		var err error
		if *part.texts, err = readLines(filepath.Join(dir, part.name+".txt")); err != nil {
			return in, err
		}
		if *part.vectors, err = readRows(filepath.Join(dir, part.name+".f32"), teacherDims); err != nil {
			return in, err
		}
		if len(*part.texts) != len(*part.vectors) {
			return in, fmt.Errorf("%s: %s.txt has %d lines and %s.f32 %d vectors: let the teacher read it again",
				dir, part.name, len(*part.texts), part.name, len(*part.vectors))
		}
	}
	return in, nil
}

// distil returns a table of the words whose sums point where the teacher's
// vectors of the texts do, and reports each epoch's cosine on texts held out.
func distil(in lesson, threads int, out io.Writer) *table {
	axes := principal(in.ofTexts[:min(30_000, len(in.ofTexts))], wide, 8)
	targets, mean := aims(in.ofTexts, axes)
	learned := newLearner(newTable(in.words, firstRows(in, axes, mean)), 1e-3)
	tokens := make([][]string, len(in.texts))
	for i, s := range in.texts {
		tokens[i] = tokenize(s)
	}
	order := rand.New(rand.NewSource(1)).Perm(len(in.texts))
	cut := len(order) - min(heldOut, len(order)/10)
	train, held := order[:cut], order[cut:]
	for epoch := range distilEpochs {
		rand.New(rand.NewSource(int64(epoch))).Shuffle(len(train), func(a, b int) { train[a], train[b] = train[b], train[a] })
		rate := distilRate * (1 - float32(epoch)/distilEpochs)
		parallel(threads, func(thread int) {
			rng := rand.New(rand.NewSource(int64(epoch*7 + thread)))
			sum, gradient := make([]float32, wide), make([]float32, wide)
			for i := thread; i < len(train); i += threads {
				terms := learned.terms(tokens[train[i]], distilDrop, rng)
				learned.sum(terms, sum)
				towards(gradient, sum, targets[train[i]])
				learned.step(terms, gradient, rate)
			}
		})
		var total float64
		sum := make([]float32, wide)
		for _, i := range held {
			learned.sum(learned.terms(tokens[i], 0, nil), sum)
			total += float64(dot(sum, targets[i]) / (length(sum) + 1e-9))
		}
		fmt.Fprintf(out, "distil: epoch %d of %d, cosine with the teacher on sentences held out %.4f\n",
			epoch+1, distilEpochs, total/float64(max(1, len(held))))
	}
	return learned.table
}

// aims returns vectors along axes without their mean, which tells no sentence
// from another, with length 1; and the mean.
func aims(vectors, axes [][]float32) (targets [][]float32, mean []float32) {
	targets, mean = make([][]float32, len(vectors)), make([]float32, len(axes))
	for i, v := range vectors {
		targets[i] = project(v, axes)
		for j, x := range targets[i] {
			mean[j] += x / float32(len(vectors))
		}
	}
	for _, v := range targets {
		for j := range v {
			v[j] -= mean[j]
		}
		unit(v)
	}
	return targets, mean
}

// firstRows is where learning begins: the teacher's vector of each word alone,
// shorter the commoner the word is (SIF: a/(a+p), with p by Zipf's law from the
// rank), and nothing for the buckets.
func firstRows(in lesson, axes [][]float32, mean []float32) [][]float32 {
	rows := make([][]float32, len(in.words)+buckets)
	for i, w := range in.words {
		rank := float64(i)
		if strings.Contains(w, "'") {
			rank = 50 // contractions are far commoner than their place in the list
		}
		weight := float32(1e-3/(1e-3+1/((rank+2.7)*11.5))) * 0.5
		rows[i] = project(in.ofWords[i], axes)
		for j := range rows[i] {
			rows[i][j] = (rows[i][j] - mean[j]) * weight
		}
	}
	for i := len(in.words); i < len(rows); i++ {
		rows[i] = make([]float32, wide)
	}
	return rows
}

// towards writes to gradient how sum has to change for a larger cosine with
// target. It holds the sum's length gently near 1, or the lengths would drift.
func towards(gradient, sum, target []float32) {
	n := length(sum) + 1e-6
	cosine := dot(sum, target) / n
	for i := range gradient {
		gradient[i] = (target[i]-cosine*sum[i]/n)/n + 0.1*(1-n)*sum[i]/n
	}
}
