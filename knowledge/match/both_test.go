package match

import "testing"

func TestBoth(t *testing.T) {
	x := trained(t)
	s := x.borrow()
	defer x.scratch.Put(s)
	of := func(q string, except int32) float64 {
		s.begin()
		tokens, _ := x.read(s, q)
		x.score(s, x.ask(s, tokens, 1), except)
		return s.rank[0].both // of leave
	}
	whole := of("who approves a holiday", none)
	neighbour := of("who approves a vacation", none)
	half := of("who approves a zorblat", none)
	if !(1.0001 > whole && whole > 0.999 && whole > neighbour && neighbour > half && half > 0) {
		t.Errorf("a variant, it with a neighbour of a word, and without the word have %v, %v and %v in common with their class, want 1 and falling", whole, neighbour, half)
	}
	if longer := of("who approves a holiday if the garage is closed", none); longer >= whole {
		t.Errorf("what a variant does not say leaves %v in common with it, of %v", longer, whole)
	}
	own := int32(x.classes[0].to - 1)
	if got := of(x.variants[own].text, own); got >= whole {
		t.Errorf("without its variant a class has %v in common with it, with it %v", got, whole)
	}
	if got := of("zorblat", none); got != 0 {
		t.Errorf("a made-up word has %v in common with a class", got)
	}
	for term, at := range s.likeAt {
		if at != 0 {
			t.Errorf("term %d is still like one of the question before", term)
		}
	}
}
