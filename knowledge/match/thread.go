package match

import (
	"slices"
	"strings"

	"footnote/knowledge"
)

// What a follow-up owes to the question before it: how much that question's
// words count next to its own, and what is added to the scores of the facts
// that it was answered with and of those related to them.
const (
	priorWeight  = 0.5
	priorBonus   = 0.5
	relatedBonus = 1.5
)

// pointers are words that point back at something said before.
var pointers = map[string]bool{
	"it": true, "that": true, "this": true, "these": true, "those": true, "they": true, "them": true, "their": true,
	"he": true, "him": true, "his": true, "she": true, "her": true, "its": true, "there": true, "then": true,
	"same": true, "else": true, "other": true, "others": true, "each": true, "both": true, "one": true, "ones": true,
}

// openers begin a question that goes on from the one before.
var openers = map[string]bool{"and": true, "but": true, "so": true, "ok": true, "or": true, "also": true, "then": true, "by": true, "says": true}

// sourcing are follow-ups that ask what carries the answer before them, without
// their openers.
var sourcing = phrases(`source, the source, sources, source please, what source, what is the source, what is your source, what are your sources,
	which source, says who, who says, who says so, who says that, who says this, who said so, who said that, who said it, who claims that,
	according to who, according to whom, who reported that, who reported this, who reported it, who reports that, where is that from,
	where is this from, where does that come from, where does this come from, where did you get that, where did you read that, how do you know,
	how do you know that, how do we know, how do we know that, how sure, how sure is that, how sure is this, how sure are you, how sure is it,
	how certain, how certain is that, how certain are you, how reliable is that, how reliable is this, how solid is that, are you sure,
	are you sure about that, is that reliable, can you prove it, can you prove that, proof, evidence, quote, the quote, what is the quote,
	exact quote, exact words, citation, reference, link, where does it say that, where does it say so, where is that written, on what basis`)

// goingOn are follow-ups that ask for whatever else there is.
var goingOn = phrases(`more, more please, tell me more, more details, more detail, more info, more information, go on, continue, what else,
	anything else, elaborate, elaborate please, can you elaborate, keep going, is there more, any more, any details, details, details please`)

// phrases are a list's by their words.
func phrases(list string) map[string]bool {
	out := map[string]bool{}
	for _, p := range strings.Split(list, ",") {
		out[strings.Join(texts(words(p)), " ")] = true
	}
	return out
}

// meta answers a follow-up on the answer before it: what carries it, with the
// same facts again; what else there is, with those related to them. It reports
// whether the question is one.
func (x *Index) meta(tokens []token, facts []string) (Answer, bool) {
	phrase := strings.Join(texts(tokens), " ")
	for _, opener := range []string{"and ", "but ", "so ", "ok "} {
		phrase = strings.TrimPrefix(phrase, opener)
	}
	var a Answer
	add := func(ids []string) {
		for _, id := range ids {
			f := x.base.Fact(id)
			if f != nil && !slices.ContainsFunc(a.Facts, func(m Match) bool { return m.Fact == f }) {
				a.Facts = append(a.Facts, Match{Fact: f, Question: f.Questions[0], Score: 1})
			}
		}
	}
	switch {
	case sourcing[phrase]:
		add(facts)
		a.Verdict = Sure
	case goingOn[phrase]:
		for _, id := range facts {
			if f := x.base.Fact(id); f != nil {
				add(f.Related)
			}
		}
		a.Facts = a.Facts[:min(bareChoices, len(a.Facts))]
		a.Verdict = Sure
		if n := len(a.Facts); n > 1 {
			a.Verdict = Ambiguous
			for i := range a.Facts {
				a.Facts[i].Score = 1 / float64(n)
			}
		}
	}
	return a, len(a.Facts) > 0
}

// strays reports whether a follow-up of a few words, none of them a name or
// number, would be answered with a fact that the thread was not about nor leads
// to, over one other fact at most.
func (x *Index) strays(class int32, tokens []token, asked []term, facts []string) bool {
	if len(facts) == 0 || len(tokens) > alone || slices.ContainsFunc(asked, func(t term) bool { return t.marked }) {
		return false
	}
	f := x.classes[class].fact
	return !slices.ContainsFunc(facts, func(id string) bool {
		prior := x.base.Fact(id)
		return prior == nil || leads(prior, f) || slices.ContainsFunc(x.base.Facts, func(on knowledge.Fact) bool { return leads(prior, &on) && leads(&on, f) })
	})
}

// leads reports whether one of two facts leads to the other, or is it.
func leads(a, b *knowledge.Fact) bool {
	return a.ID == b.ID || slices.Contains(a.Related, b.ID) || slices.Contains(b.Related, a.ID)
}

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

func (x *Index) recall(s *scratch, p Prior) thread {
	if p.Question == "" {
		return thread{facts: p.Facts}
	}
	tokens, _ := x.read(s, p.Question)
	t := thread{asked: x.ask(s, tokens, priorWeight), facts: p.Facts}
	if len(t.facts) == 0 && !s.goesOn {
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
