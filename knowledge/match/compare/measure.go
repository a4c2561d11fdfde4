package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"footnote/knowledge"
	"footnote/knowledge/eval"
)

// size is what was measured of a contender on a base of one size.
type size struct {
	p50, p99 float64 // microseconds for a question
	build    float64 // milliseconds, training apart
	memory   float64 // megabytes
}

// rounds is how often each question is put. Its least time counts, so that what
// else the machine does is left out.
const rounds = 7

// measure builds an index of the facts and puts the questions to it, one after
// the other on one core, after a tenth of them to warm up.
func measure(c contender, facts []knowledge.Fact, questions []eval.Labelled) (size, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	before := heap()
	start := time.Now()
	x, err := c.untrained(facts)
	if err != nil {
		return size{}, err
	}
	defer x.close()
	m := size{build: float64(time.Since(start).Microseconds()) / 1000}
	apart, err := x.apart()
	if err != nil {
		return size{}, err
	}
	m.memory = heap() - before + float64(apart)/1e6

	for _, q := range questions[:len(questions)/10] {
		if err := x.answer(q.Text); err != nil {
			return size{}, fmt.Errorf("%q: %w", q.Text, err)
		}
	}
	micros := make([]float64, len(questions))
	for round := range rounds {
		for i, q := range questions {
			start := time.Now()
			err := x.answer(q.Text)
			took := float64(time.Since(start).Nanoseconds()) / 1000
			if err != nil {
				return size{}, fmt.Errorf("%q: %w", q.Text, err)
			}
			if round == 0 || took < micros[i] {
				micros[i] = took
			}
		}
	}
	slices.Sort(micros)
	m.p50, m.p99 = micros[len(micros)/2], micros[len(micros)*99/100]
	return m, nil
}

// heap is the megabytes in use after a collection.
func heap() float64 {
	runtime.GC()
	runtime.GC() // the first moves what pools hold to where the second takes it
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return float64(s.HeapAlloc) / 1e6
}
