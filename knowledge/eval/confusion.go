package eval

import (
	"cmp"
	"slices"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// Confusion is how often one thing was answered where another was right.
type Confusion struct {
	Want string // id of the first fact that would have been right, or "nothing"
	Got  string // id of the fact that was answered
	N    int
}

// Confusions returns what was answered wrongly, the most frequent first.
func (r Report) Confusions(b *knowledge.Base) []Confusion {
	counts := map[Confusion]int{}
	for _, result := range r {
		if result.Outcome != Wrong || len(result.Answer.Facts) == 0 {
			continue
		}
		counts[Confusion{Want: result.Question.wants(b), Got: result.Answer.Facts[0].Fact.ID}]++
	}
	var out []Confusion
	for c, n := range counts {
		out = append(out, Confusion{c.Want, c.Got, n})
	}
	slices.SortFunc(out, func(a, b Confusion) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Want, b.Want), cmp.Compare(a.Got, b.Got))
	})
	return out
}

func (q Question) wants(b *knowledge.Base) string {
	for i := range b.Facts {
		m := match.Match{Fact: &b.Facts[i]}
		if q.quotedBy(m) && q.satisfiedBy([]match.Match{m}) {
			return m.Fact.ID
		}
	}
	return "nothing"
}
