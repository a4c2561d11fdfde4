package match

import (
	"slices"
	"time"

	"footnote/knowledge"
)

// Answer finds the answer to a question. A message that asks several things
// gets the answers to those that it is sure of, in their order. In place of a
// fact that another has superseded stands the one that holds; a question "as of"
// a day is answered with what was known then, and declined if nothing was.
func (x *Index) Answer(q Question) Answer {
	s := x.borrow()
	defer x.scratch.Put(s)
	if len(x.base.Sources) < 2 { // nothing can have changed
		return x.answer(s, q)
	}
	var day time.Time
	q.Text, day = x.base.AsOf(q.Text)
	a := x.answer(s, q)
	a.AsOf = day
	claimed := slices.Clone(a.Facts)
	a.Facts, a.Near = x.standing(a.Facts, day), x.standing(a.Near, day)
	switch {
	case len(a.Facts) == 0:
		if a.Verdict != Chat {
			a.Verdict, a.Correction = Abstain, nil
		}
	case a.Verdict == Ambiguous && x.beside(a.Facts, day):
		a.Verdict, a.Facts = Sure, a.Facts[:1]
	}
	if a.Verdict == Sure && a.Facts[0].Fact != claimed[0].Fact {
		a.Correction = contradict(q.Text, a.Facts[0].Fact)
	}
	return a
}

// standing puts what held on a day in the place of facts, each once.
func (x *Index) standing(facts []Match, day time.Time) []Match {
	var out []Match
	for _, m := range facts {
		s, known := x.base.Standing(m.Fact, day)
		if !known || slices.ContainsFunc(out, func(o Match) bool { return o.Fact == s.Current }) {
			continue
		}
		if s.Current != m.Fact {
			m.Fact, m.Question = s.Current, ownQuestion(s.Current)
		}
		out = append(out, m)
	}
	return out
}

// beside reports whether the first of some facts is shown together with all the
// others, because sources agree or disagree about it: there is nothing to ask
// back.
func (x *Index) beside(facts []Match, day time.Time) bool {
	s, _ := x.base.Standing(facts[0].Fact, day)
	for _, m := range facts[1:] {
		if !slices.Contains(s.Against, m.Fact) && !slices.Contains(s.Confirmed, m.Fact) {
			return false
		}
	}
	return true
}

func ownQuestion(f *knowledge.Fact) string {
	if len(f.Questions) == 0 {
		return ""
	}
	return f.Questions[0]
}
