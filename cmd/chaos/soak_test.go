package main

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestQuantile(t *testing.T) {
	b := []bucket{{0.01, 50}, {0.1, 90}, {1, 100}, {math.Inf(1), 100}}
	for q, want := range map[float64]float64{0.25: 0.005, 0.5: 0.01, 0.7: 0.055, 0.9: 0.1, 0.99: 0.91, 1: 1} {
		if got := quantile(q, b); math.Abs(got-want) > 1e-9 {
			t.Errorf("quantile %g is %g, want %g", q, got, want)
		}
	}
	if got := quantile(0.99, []bucket{{0.01, 50}, {math.Inf(1), 100}}); got != 0.01 {
		t.Errorf("beyond the last bound: %g", got)
	}
	if got := quantile(0.99, nil); !math.IsNaN(got) {
		t.Errorf("of nothing: %g", got)
	}
}

// A soak is well if nothing grows, is slow or is missing, and says what is.
func TestTellSoak(t *testing.T) {
	run := func(change func(i int, s *sample)) []sample {
		var all []sample
		for i := range 12 {
			s := sample{at: time.Duration(i) * sampleEvery, memory: 60e6, goroutines: 50, files: 20, replied: float64(100 * i), slow: []bucket{{0.05, 100}, {math.Inf(1), 100}}}
			change(i, &s)
			all = append(all, s)
		}
		return all
	}
	for name, tt := range map[string]struct {
		change func(i int, s *sample)
		asked  int
		rate   float64
		fault  string
	}{
		"all well":      {func(int, *sample) {}, 1100, 10, ""},
		"a reply lost":  {func(int, *sample) {}, 1101, 10, "1101 questions, 1100 replies"},
		"too few asked": {func(int, *sample) {}, 1100, 20, "10.0 questions a second; 20.0"},
		"memory":        {func(i int, s *sample) { s.memory += 4e6 * float64(i) }, 1100, 10, "MB resident"},
		"goroutines":    {func(i int, s *sample) { s.goroutines += 5 * float64(i) }, 1100, 10, "goroutines"},
		"files":         {func(i int, s *sample) { s.files += 5 * float64(i) }, 1100, 10, "open files"},
		"slow":          {func(_ int, s *sample) { s.slow = []bucket{{0.05, 90}, {1, 100}, {math.Inf(1), 100}} }, 1100, 10, "within"},
	} {
		var out strings.Builder
		samples := run(tt.change)
		ok := tellSoak(&out, options{rate: tt.rate, soak: 110 * time.Second}, tt.asked, samples[11], samples)
		faults := 0
		for line := range strings.Lines(out.String()) {
			if strings.HasPrefix(line, "FAULT") {
				faults++
				if !strings.Contains(line, tt.fault) {
					t.Errorf("%s: %s", name, line)
				}
			}
		}
		if ok != (tt.fault == "") || ok != (faults == 0) || faults > 1 {
			t.Errorf("%s: ok %v, %d faults\n%s", name, ok, faults, out.String())
		}
	}
}
