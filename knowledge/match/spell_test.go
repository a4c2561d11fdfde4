package match

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is left of a word has the hash of the word that it is.
func TestRests(t *testing.T) {
	var whole, shorter rests
	whole.of("severance", true)
	if want := 1 + 9 + 9*8/2; whole.n != want {
		t.Errorf("%d rests, want %d", whole.n, want)
	}
	for left, without := range map[string]int{"severance": 0, "everance": 1, "severanc": 1, "sevrance": 1, "verance": 2, "severan": 2, "seerace": 2} {
		shorter.of(left, false)
		if i := slices.Index(whole.hashes[:whole.n], shorter.hashes[0]); i < 0 || whole.without(i) != without {
			t.Errorf("rest %d of severance has the hash of %s, want one without %d letters", i, left, without)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"ab", "ba", 1}, {"abc", "acb", 1}, {"kitten", "sitting", 3}, {"ca", "abc", 3},
	} {
		a, b := newPattern(tt.a), newPattern(tt.b)
		if got, back := a.distance(tt.b), b.distance(tt.a); got != tt.want || back != tt.want {
			t.Errorf("the distance of %q and %q is %d, back %d, want %d", tt.a, tt.b, got, back, tt.want)
		}
	}
}

// Distances and the cost of mistakes are those that the whole tables give.
func TestTables(t *testing.T) {
	word := rapid.StringMatching(`[abc]{1,12}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "one word"), word.Draw(t, "another")
		p := newPattern(a)
		edits := table(a, b, func(int) float64 { return 1 }, 1, 1)
		if got := p.distance(b); got != int(edits) {
			t.Fatalf("the distance of %q and %q is %d, want %v", a, b, got, edits)
		}
		if edits > apart {
			return
		}
		extra := func(i int) float64 {
			if i > 0 && a[i] == a[i-1] {
				return slip
			}
			return wrong
		}
		want := table(a, b, extra, slip, wrong)
		if a[0] != b[0] {
			want += initial
		}
		if got := mistakes(a, b); got != want {
			t.Fatalf("%q for %q costs %v, want %v", a, b, got, want)
		}
	})
}

// The longest word that is mended may be meant to be a longer one.
func TestLongestMended(t *testing.T) {
	typed := strings.Repeat("ab", maxMend/2)
	if got := mistakes(typed, typed+"ab"); got != 2*slip {
		t.Errorf("two letters left out cost %v, want %v", got, 2*slip)
	}
}

// table is an optimal string alignment distance, where a letter too many at a place
// of a costs extra, one too few or swapped with the next slip, and another one wrong.
func table(a, b string, extra func(int) float64, slip, wrong float64) float64 {
	d := make([][]float64, len(a)+1)
	for i := range d {
		d[i] = make([]float64, len(b)+1)
		for j := range d[i] {
			if i+j == 0 {
				continue
			}
			d[i][j] = math.Inf(1)
			if i > 0 {
				d[i][j] = min(d[i][j], d[i-1][j]+extra(i-1))
			}
			if j > 0 {
				d[i][j] = min(d[i][j], d[i][j-1]+slip)
			}
			if i == 0 || j == 0 {
				continue
			}
			change := wrong
			if a[i-1] == b[j-1] {
				change = 0
			}
			d[i][j] = min(d[i][j], d[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+slip)
			}
		}
	}
	return d[len(a)][len(b)]
}
