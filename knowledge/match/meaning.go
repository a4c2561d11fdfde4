package match

import (
	"footnote/knowledge/match/vector"
)

// meaning is the direction of the words of tokens in the table's space;
// quantities have none.
func (x *Index) meaning(tokens []token) vector.Vector {
	var v vector.Vector
	l := &x.lexicon
	for i := range tokens {
		switch t := &tokens[i]; {
		case t.kind == quantityToken:
		case t.meaning == unknown && t.kind == wordToken:
			l.table.Add(&v, t.text)
		case t.meaning == unknown:
			for _, w := range words(t.text[1:]) {
				l.table.Add(&v, w.text)
			}
		case int(t.meaning) < l.table.Words():
			l.table.AddRank(&v, int(t.meaning))
		default:
			v.AddRow(&l.rows[int(t.meaning)-l.table.Words()])
		}
	}
	v.Unit()
	return v
}

// scoreMeaning sets how alike in meaning the base's own classes are.
func (x *Index) scoreMeaning(s *scratch) {
	if x.softmax != nil {
		s.logits = sized(s.logits, x.own)
		x.softmax.logits(x, s)
	}
	for _, c := range s.found {
		switch r := &s.rank[c]; {
		case int(c) >= x.own:
		case x.softmax != nil:
			r.alike = float64(s.logits[c])
		default:
			r.alike = float64(s.meaning.Dot(&x.centroids[c]))
		}
	}
}
