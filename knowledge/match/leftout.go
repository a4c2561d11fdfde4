package match

import "footnote/knowledge"

// LeftOut is what became of one of a fact's own questions, asked as if the base
// did not hold it.
type LeftOut struct {
	Fact     *knowledge.Fact
	Question int             // its place among the fact's questions
	Found    bool            // the fact still ranks first, or one that quotes the same
	By       *knowledge.Fact // else the fact that does, or
	ByGap    *knowledge.Gap  // the gap; both are nil if nothing is found
}

// LeaveOut asks every step-th question of the facts, leaving it out of the base
// for as long, and calls each with what became of it, in the order of the base.
func (x *Index) LeaveOut(step int, each func(LeftOut)) {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	for i, v := range x.variants {
		c := &x.classes[v.class]
		if c.fact == nil || i%max(1, step) != 0 {
			continue
		}
		s.kind = v.kind
		x.score(s, query{x.appendVariant(nil, i), x.meaning(x.lexicon.read(v.text))}, int32(i))
		f, out := x.survey(s, none), LeftOut{Fact: c.fact, Question: i - c.from}
		switch {
		case f.gap >= 0 && s.sum(f.gap) > s.sum(f.first):
			out.ByGap = x.classes[f.gap].gap
		case f.first < 0:
		case x.sameAnswer(f.first, v.class):
			out.Found = true
		default:
			out.By = x.classes[f.first].fact
		}
		each(out)
	}
}
