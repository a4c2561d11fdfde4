package match

import "testing"

// What a word says is told by the word table, however rare it is in the base.
func TestStress(t *testing.T) {
	x := trained(t)
	of := func(word string) float64 { return x.stress(x.lexicon.surface[word].term) }
	for _, tt := range []struct{ more, less string }{
		{"holiday", "we"},
		{"garage", "has"}, // which stands in one question only
		{"doctor", "much"},
	} {
		if of(tt.more) <= of(tt.less) {
			t.Errorf("%q counts %v and %q %v, want it to count more", tt.more, of(tt.more), tt.less, of(tt.less))
		}
	}
	sum := 0.0
	for _, s := range x.stresses {
		sum += s
	}
	if mean := sum / float64(len(x.stresses)); mean < averageStress || mean > averageStress+2 {
		t.Errorf("terms count %v on average, want about %v", mean, 1+averageStress)
	}
	x.expand(nil)
	if got, want := of("garage"), 1+x.idf[x.lexicon.surface["garage"].term]; got != want {
		t.Errorf("where words are not expanded a term counts %v, want %v", got, want)
	}
}
