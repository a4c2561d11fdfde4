package match

import (
	"cmp"
	"slices"
)

// Bare questions: a name or a noun and nothing else.
const (
	bareMost    = 2   // content words or names at most
	bareChoices = 5   // facts asked back with at most
	bareFrom    = 0.8 // confidence in the only fact
	barePlain   = 0.9 // confidence from which on one of several plainly is the answer
	bareGapFrom = 0.6 // cosine with a gap's question that leaves two words to the gap
)

// fillers say nothing next to a bare name: "what about Nvidia please".
var fillers = map[string]bool{
	"the": true, "a": true, "an": true, "and": true, "what": true, "about": true, "on": true, "please": true, "any": true, "info": true, "information": true,
	"something": true, "anything": true, "tell": true, "me": true, "more": true, "regarding": true, "of": true, "in": true, "this": true, "that": true,
}

// bare returns the terms of a question that only names a thing, or nil.
func bare(tokens []token, terms []term) []term {
	var out []term
	for i, t := range terms {
		switch {
		case tokens[i].filler:
		case t.id == unknown || t.part != content && t.part != name || len(out) == bareMost:
			return nil
		default:
			out = append(out, t)
		}
	}
	return out
}

// listBare makes an answer of the facts that say what a bare question names: of
// the only one, or of the best where all rest on one quote; or, unless one
// plainly is the answer, choices among them.
func (x *Index) listBare(s *scratch, c *consideration, terms []term) {
	var said []int32
	for i := range x.base.Facts {
		if x.says(int32(i), terms) {
			said = append(said, int32(i))
		}
	}
	if len(said) == 0 {
		return
	}
	x.scoreFollowers(s)
	slices.SortStableFunc(said, func(a, b int32) int { return cmp.Compare(s.rank[b].sum, s.rank[a].sum) })
	toGap := len(terms) > 1 && c.field.gap >= 0 && s.rank[c.field.gap].near >= bareGapFrom
	plain := c.answer.Verdict == Sure && c.one >= barePlain && len(said) <= bareChoices
	if toGap || plain {
		return
	}
	other := slices.ContainsFunc(said, func(class int32) bool { return !x.sameAnswer(said[0], class) })
	if !other {
		c.answer = Answer{Verdict: Sure, Facts: []Match{x.match(s, said[0], max(c.one, bareFrom))}}
		return
	}
	c.answer = Answer{Verdict: Ambiguous}
	for _, class := range said[:min(bareChoices, len(said))] {
		p := 1 / float64(len(said))
		c.answer.Facts = append(c.answer.Facts, x.match(s, class, p))
	}
}

// says reports whether a fact's answer holds all of the terms.
func (x *Index) says(class int32, terms []term) bool {
	for _, t := range terms {
		if !slices.Contains(x.answers[class], t.id) {
			return false
		}
	}
	return true
}

// overview lists what a base is about: its facts that most others lead to, in
// the base's order.
func (x *Index) overview() Answer {
	links := map[string]int{}
	for _, f := range x.base.Facts {
		for _, id := range f.Related {
			links[id]++
		}
	}
	order := make([]int, len(x.base.Facts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(links[x.base.Facts[b].ID], links[x.base.Facts[a].ID])
	})
	order = order[:min(bareChoices, len(order))]
	slices.Sort(order)
	if len(order) == 0 {
		return Answer{}
	}
	a := Answer{Verdict: Ambiguous}
	for _, i := range order {
		f := &x.base.Facts[i]
		a.Facts = append(a.Facts, Match{Fact: f, Question: f.Questions[0], Score: 1 / float64(len(order))})
	}
	if len(a.Facts) < 2 {
		a.Verdict = Sure
	}
	return a
}
