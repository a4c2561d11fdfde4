package match

import "testing"

func TestExactForms(t *testing.T) {
	x := shippedIndex(t)
	s := new(scratch)
	for v := range x.variants {
		s.begin()
		tokens, _ := x.read(s, x.variants[v].text)
		found, known := x.verbatim(s, tokens)
		if !known || found > int32(v) {
			t.Errorf("%q is variant %d (%v), want %d or one before it", x.variants[v].text, found, known, v)
		}
		if found, known := x.verbatim(s, append(tokens, tokens...)); known && len(tokens) > 2 {
			t.Errorf("%q twice is variant %d", x.variants[v].text, found)
		}
	}
}
