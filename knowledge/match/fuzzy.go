package match

import (
	"strings"
	"unicode/utf8"

	"github.com/sahilm/fuzzy"
)

// asked is some of the facts' ways of asking as sahilm/fuzzy reads them.
type asked struct {
	x        *Index
	variants []int
}

func (a asked) String(i int) string { return a.x.variants[a.variants[i]].text }
func (a asked) Len() int            { return len(a.variants) }

// factVariants counts the facts' variants, which stand before all others.
func (x *Index) factVariants() int {
	n := len(x.base.Facts)
	if n == 0 {
		return 0
	}
	return x.classes[n-1].to
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
	n := x.factVariants()
	if n > mostFuzzy {
		return nil
	}
	pattern := strings.Join(strings.Fields(strings.ToLower(plainText(text))), "")
	if len(pattern) < shortest || len(pattern) > longestFuzzy {
		return nil
	}
	candidates := asked{x: x}
	all, signs := !ascii(pattern), signsOf(pattern)
	for i := range n {
		if all || signs&^x.signs[i] == 0 && inOrder(x.variants[i].text, pattern) {
			candidates.variants = append(candidates.variants, i)
		}
	}
	var out []Match
	for _, found := range fuzzy.FindFrom(pattern, candidates) {
		if found.Score <= 0 || len(out) == nearMost {
			break
		}
		v := x.variants[candidates.variants[found.Index]]
		m := Match{Fact: x.classes[v.class].fact, Question: v.text}
		if len(out) == 0 || out[len(out)-1].Fact != m.Fact {
			out = append(out, m)
		}
	}
	return out
}

// listSigns notes the signs of the texts that alike reads.
func (x *Index) listSigns() {
	n := x.factVariants()
	if n > mostFuzzy {
		return
	}
	x.signs = make([]uint32, n)
	for i := range x.signs {
		x.signs[i] = signsOf(x.variants[i].text)
	}
}

// signsOf has a bit for each letter of a text, whatever its case, and one for all
// other signs of ASCII; all bits if there are others.
func signsOf(text string) uint32 {
	bits := uint32(0)
	for i := range len(text) {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			return ^uint32(0)
		case isPlain(c):
			bits |= 1 << (c | 0x20 - 'a')
		default:
			bits |= 1 << 26
		}
	}
	return bits
}

// inOrder reports whether a text may hold the letters of a pattern, ASCII in lower
// case, in their order: most do not, and sahilm/fuzzy takes longer to say so.
func inOrder(text, pattern string) bool {
	i := 0
	for j := 0; j < len(text) && i < len(pattern); j++ {
		c := text[j]
		if c >= utf8.RuneSelf {
			return true
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c == pattern[i] {
			i++
		} else if len(text)-j <= len(pattern)-i {
			return false
		}
	}
	return i == len(pattern)
}
