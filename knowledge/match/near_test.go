package match

import (
	"cmp"
	"math"
	"slices"
	"testing"
)

var nearQuestions = []string{
	"So who is it that leads those negotiations on their side, and how much is it for?",
	"hello there, what is the weather like today",
	"thanks a lot, you are a great help to all of us",
	"how much severance do the people get who were cut in 2024",
}

func ranked(x *Index, s *scratch, text string) {
	tokens, _ := x.read(s, text)
	x.score(s, x.ask(s, tokens, 1), none)
}

// No class comes nearer than its bound, and phrases come as near by their lists
// as one by one.
func TestNearness(t *testing.T) {
	x := shippedIndex(t)
	s := new(scratch)
	for _, text := range nearQuestions {
		ranked(x, s, text)
		x.addPhrases(s)
		for _, c := range s.found {
			x.nearest(s, c, none)
			r := s.rank[c]
			if bound := s.lookup.nearBound(r.held, x.spans[c].steepest); r.near > bound {
				t.Errorf("%q: class %d comes as near as %v, more than the bound %v", text, c, r.near, bound)
			}
			if int(c) < x.own {
				continue
			}
			x.nearestPhrase(s, c)
			if got := s.rank[c].near; math.Abs(got-r.near) > 1e-5 {
				t.Errorf("%q: class %d comes as near as %v by lists, want %v", text, c, got, r.near)
			}
		}
	}
}

// A cosine that is taken late adds to a score what it would have added before.
func TestLateCosine(t *testing.T) {
	x := shippedIndex(t)
	s := new(scratch)
	ranked(x, s, nearQuestions[0])
	c := x.top(s, 1, nearFrom)[0]
	r := &s.rank[c]
	want := *r
	r.sum -= x.blend().near * r.near
	r.near, r.nearest, r.words = 0, unknown, wordsAlone.cover*r.cover
	x.nearestLate(s, c)
	if math.Abs(r.sum-want.sum) > 1e-9 || math.Abs(r.words-want.words) > 1e-9 || r.nearest != want.nearest {
		t.Errorf("the late cosine makes the score %v, want %v", *r, want)
	}
}

// With the cosines of the leaders alone the same facts and gaps lead.
func TestLeaders(t *testing.T) {
	shipped := shippedIndex(t)
	x := untrained(t, shipped.base)
	few, many := new(scratch), new(scratch)
	many.followUp = true
	for i := 0; i < len(x.variants); i += 7 {
		text := "so " + x.variants[i].text + " at all"
		ranked(x, few, text)
		ranked(x, many, text)
		if !few.leadersOnly || many.leadersOnly {
			t.Fatal("the cosines of others are not told apart")
		}
		got, want := x.survey(few, none), x.survey(many, none)
		if got.first != want.first || got.second != want.second || got.gap != want.gap {
			t.Errorf("%q: %v lead, want %v", text, got, want)
		}
	}
}

// Hopes are in the order of their sums.
func TestHopes(t *testing.T) {
	sums := []float32{-1e9, -3, -0.5, 0, 0.25, 2, 1e9}
	for i, sum := range sums {
		h := hopeOf(sum, i)
		if h.sum() != sum || h.at() != i {
			t.Errorf("the hope of %v at %d is of %v at %d", sum, i, h.sum(), h.at())
		}
		if i > 0 && h <= hopeOf(sums[i-1], 99) {
			t.Errorf("%v does not exceed %v", sum, sums[i-1])
		}
	}
}

// The best facts are those that are best once all cosines are taken.
func TestTop(t *testing.T) {
	shipped := shippedIndex(t)
	for _, x := range []*Index{shipped, untrained(t, shipped.base)} {
		s, all := new(scratch), new(scratch)
		for i := 0; i < len(x.variants); i += 7 {
			text := "so what of " + x.variants[i].text + " and the employees of the company"
			ranked(x, s, text)
			ranked(x, all, text)
			var want []int32
			for _, c := range all.found {
				if int(c) < len(x.base.Facts) {
					x.nearestLate(all, c)
					if all.rank[c].words >= nearFrom {
						want = append(want, c)
					}
				}
			}
			slices.SortFunc(want, func(a, b int32) int { return cmp.Compare(all.rank[b].sum, all.rank[a].sum) })
			want = want[:min(5, len(want))]
			got := x.top(s, 5, nearFrom)
			if !slices.EqualFunc(got, want, func(a, b int32) bool { return math.Abs(s.rank[a].sum-all.rank[b].sum) < 1e-4 }) {
				t.Errorf("%q: %v are the best, want %v", text, got, want)
			}
		}
	}
}
