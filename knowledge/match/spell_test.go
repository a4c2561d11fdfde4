package match

import (
	"slices"
	"testing"
)

// What is left of a word has the hash of the word that it is.
func TestRests(t *testing.T) {
	var whole, shorter rests
	whole.of("severance", true)
	if want := 1 + 9 + 9*8/2; whole.n != want {
		t.Errorf("%d rests, want %d", whole.n, want)
	}
	for _, left := range []string{"severance", "everance", "severanc", "sevrance", "verance", "severan", "seerace"} {
		shorter.of(left, false)
		if !slices.Contains(whole.hashes[:whole.n], shorter.hashes[0]) {
			t.Errorf("no rest of severance has the hash of %s", left)
		}
	}
}
