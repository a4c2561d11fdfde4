package review

import (
	"fmt"
	"slices"
	"strings"

	"footnote/knowledge"
)

// alike reports pairs of facts that are asked for in nearly the same words: with
// the same words but for articles, auxiliaries and their order. Each pair is
// reported once, at the first such question.
func alike(b *knowledge.Base) []Finding {
	type asked struct {
		fact     *knowledge.Fact
		question int
	}
	first := map[string]asked{}
	reported := map[string]bool{}
	var out []Finding
	for i := range b.Facts {
		f := &b.Facts[i]
		for j, q := range f.Questions {
			key := gist(q)
			other, taken := first[key]
			if key == "" || !taken {
				first[key] = asked{f, j}
				continue
			}
			if pair := other.fact.ID + " " + f.ID; other.fact != f && !reported[pair] && !sameQuote(other.fact, f) {
				reported[pair] = true
				p := other.fact.QuestionAt(other.question)
				out = append(out, at(f.QuestionAt(j), "fact "+f.ID, "the question %q is much like %q of fact %s at %s; leave one, or tell them apart",
					q, other.fact.Questions[other.question], other.fact.ID, fmt.Sprintf("%s:%d", p.File, p.Line)))
			}
		}
	}
	return out
}

// sameQuote reports whether two facts rest on the same passage, so that either
// is a right answer.
func sameQuote(a, b *knowledge.Fact) bool {
	for _, q := range a.Quotes {
		for _, r := range b.Quotes {
			if q.Source == r.Source && q.Offset == r.Offset {
				return true
			}
		}
	}
	return false
}

// gist is a question's words that carry meaning, in their order in the alphabet.
func gist(question string) string {
	var out []string
	for _, w := range strings.Fields(knowledge.Fold(question)) {
		if !slices.Contains(light, w) {
			out = append(out, strings.TrimSuffix(w, "s"))
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

// light are words that change little of what a question asks for.
var light = strings.Fields("the a an of to in on at for is are was were be been do does did has have had will would can could it its that this please tell me about")
