package match

import (
	"strings"

	"github.com/sahilm/fuzzy"
)

// asked is the facts' ways of asking as sahilm/fuzzy reads them.
type asked struct{ x *Index }

func (a asked) String(i int) string { return a.x.variants[i].text }

// Len counts the facts' variants, which stand before all others.
func (a asked) Len() int {
	n := len(a.x.base.Facts)
	if n == 0 {
		return 0
	}
	return a.x.classes[n-1].to
}

// longestFuzzy is the number of bytes up to which a text is looked for letter
// by letter: more do not stand in one question in their order.
const longestFuzzy = 40

// mostFuzzy is the number of questions up to which a base is read letter by
// letter: a microsecond takes one to five of them.
const mostFuzzy = 4000

// alike returns the facts with a question that holds the letters of text in
// their order, best first: what is left when a text is a fragment or so
// misspelt that no word of it is known.
func (x *Index) alike(text string) []Match {
	if (asked{x}).Len() > mostFuzzy {
		return nil
	}
	pattern := strings.Join(strings.Fields(strings.ToLower(plainText(text))), "")
	if len(pattern) < shortest || len(pattern) > longestFuzzy {
		return nil
	}
	var out []Match
	for _, found := range fuzzy.FindFrom(pattern, asked{x}) {
		if found.Score <= 0 || len(out) == nearMost {
			break
		}
		v := x.variants[found.Index]
		m := Match{Fact: x.classes[v.class].fact, Question: v.text}
		if len(out) == 0 || out[len(out)-1].Fact != m.Fact {
			out = append(out, m)
		}
	}
	return out
}
