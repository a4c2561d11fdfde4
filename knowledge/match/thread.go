package match

import "slices"

// What a follow-up owes to the question before it: how much that question's
// words count next to its own, and what is added to the scores of the facts
// that it was answered with and of those related to them.
const (
	priorWeight  = 0.5
	priorBonus   = 0.5
	relatedBonus = 0.5
)

// pointers are words that point back at something said before.
var pointers = map[string]bool{
	"it": true, "that": true, "this": true, "these": true, "those": true, "they": true, "them": true, "their": true,
	"he": true, "him": true, "his": true, "she": true, "her": true, "its": true, "there": true, "then": true,
	"same": true, "else": true, "other": true, "others": true, "each": true, "both": true, "one": true, "ones": true,
}

// openers begin a question that goes on from the one before.
var openers = map[string]bool{"and": true, "but": true, "so": true, "ok": true, "or": true, "also": true, "then": true, "by": true, "says": true}

// alone is the number of words up to which a question without a name or number
// is taken to lean on the one before.
const alone = 4

// follows reports whether a question leans on the one before it.
func follows(tokens []token, terms []term) bool {
	if len(tokens) == 0 || openers[tokens[0].text] {
		return true
	}
	marked := slices.ContainsFunc(terms, func(t term) bool { return t.marked })
	if !marked && len(tokens) <= alone {
		return true
	}
	return slices.ContainsFunc(tokens, func(t token) bool { return t.kind == wordToken && pointers[t.text] })
}

// thread is a follow-up together with the question before it.
type thread struct {
	asked query // at priorWeight
	facts []string
}

// before is the earlier question and the follow-up in one.
func (t thread) before(q query) query {
	meaning := q.meaning
	for i, v := range t.asked.meaning {
		meaning[i] += priorWeight * v
	}
	meaning.Unit()
	return query{terms: append(t.asked.terms, q.terms...), meaning: meaning}
}

func (x *Index) recall(p Prior) thread {
	if p.Question == "" {
		return thread{facts: p.Facts}
	}
	tokens, _ := x.read(p.Question)
	t := thread{asked: x.ask(tokens, priorWeight), facts: p.Facts}
	if len(t.facts) == 0 {
		for _, m := range x.Answer(Question{Text: p.Question}).Facts {
			t.facts = append(t.facts, m.Fact.ID)
		}
	}
	return t
}

// favour raises the scores of the facts that the thread was about and of those
// related to them.
func (x *Index) favour(s *scratch, facts []string) {
	for _, id := range facts {
		prior := x.base.Fact(id)
		if prior == nil {
			continue
		}
		for _, i := range s.found {
			f := x.classes[i].fact
			switch {
			case f == nil || s.rank[i].words == 0:
			case f == prior:
				s.rank[i].sum += priorBonus
			case slices.Contains(prior.Related, f.ID):
				s.rank[i].sum += relatedBonus
			}
		}
	}
}
