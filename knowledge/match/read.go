package match

import "strings"

// read turns a question into tokens, its spelling mended and its names
// resolved, and says what was mended.
func (x *Index) read(s *scratch, text string) ([]token, []Repair) {
	from := len(s.tokens)
	s.tokens = x.lexicon.appendTokens(s.tokens, plainText(text))
	tokens := s.tokens[from:]
	repairs := x.lexicon.repair(tokens, &s.judged)
	tokens = x.lexicon.names.resolve(tokens)
	for i := range tokens {
		if tokens[i].kind == nameToken {
			x.lexicon.look(&tokens[i])
		}
	}
	return tokens, repairs
}

// ask makes a query of a question's tokens.
func (x *Index) ask(s *scratch, tokens []token, weight float64) query {
	from := len(s.queried)
	for _, t := range tokens {
		rank := unknown
		if t.term == unknown && int(t.meaning) < x.table.Words() {
			rank = t.meaning
		}
		s.queried = append(s.queried, term{id: t.term, rank: rank, weight: weight, marked: x.lexicon.marks(t, t.term), part: t.part, ing: strings.HasSuffix(t.text, "ing")})
	}
	return query{terms: s.queried[from:len(s.queried):len(s.queried)], meaning: x.meaning(tokens)}
}
