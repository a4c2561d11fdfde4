package match

import (
	"slices"
	"strings"
	"unicode"

	"github.com/sahilm/fuzzy"

	"footnote/knowledge"
)

// typed is the facts as [Index.Suggest] reads them: one string a fact, in
// which no word stands twice.
type typed []string

func (t typed) String(i int) string { return t[i] }
func (t typed) Len() int            { return len(t) }

// newTyped makes of each fact its own question and those words of its answer
// that the question lacks.
func newTyped(facts []knowledge.Fact) typed {
	out := make(typed, len(facts))
	for i, f := range facts {
		text := f.Answer
		if len(f.Questions) > 0 {
			text = f.Questions[0] + " " + text
		}
		var words []string
		for _, w := range split(text) {
			if !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
		out[i] = strings.Join(words, " ")
	}
	return out
}

func split(text string) []string {
	return strings.FieldsFunc(strings.ToLower(plainText(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// longestTyped is how many letters of what was typed are looked at.
const longestTyped = 60

// Suggest returns at most n facts that somebody may be looking for who has
// typed this much, best first: those that hold all of its words, begun or
// whole and in any order, then those that hold its letters in their order.
func (x *Index) Suggest(text string, n int) []*knowledge.Fact {
	if runes := []rune(text); len(runes) > longestTyped {
		text = string(runes[:longestTyped])
	}
	words := split(text)
	if len(words) == 0 || n <= 0 {
		return nil
	}
	held := some{of: x.typed}
	for i, s := range x.typed {
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(s, w) }) {
			held.numbers = append(held.numbers, i)
		}
	}
	longest := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	var out []*knowledge.Fact
	add := func(i int) {
		if f := &x.base.Facts[i]; len(out) < n && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	for _, found := range fuzzy.FindFrom(longest, held) {
		add(held.numbers[found.Index])
	}
	if len(out) < n {
		for _, found := range fuzzy.FindFrom(strings.Join(words, " "), x.typed) {
			add(found.Index)
		}
	}
	return out
}

// some are those of the strings with these numbers.
type some struct {
	of      typed
	numbers []int
}

func (s some) String(i int) string { return s.of[s.numbers[i]] }
func (s some) Len() int            { return len(s.numbers) }
