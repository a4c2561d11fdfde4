package match

import (
	"slices"
	"strings"
)

// entry is a class with the texts that it is collected from, cut into tokens.
type entry struct {
	class           class
	questions, more []string
	tokens          [][]token // of the questions, then of more
}

// readAhead is how many entries may be cut into tokens before they are collected.
const readAhead = 64

// entries yields the base's facts and gaps, then small talk and other subjects.
// They are cut beside whoever collects them.
func (x *Index) entries() <-chan entry {
	out := make(chan entry, readAhead)
	go func() {
		defer close(out)
		add := func(c class, questions, more []string) {
			e := entry{class: c, questions: questions, more: more}
			for _, text := range slices.Concat(questions, more) {
				e.tokens = append(e.tokens, x.lexicon.cut(text))
			}
			out <- e
		}
		for i := range x.base.Facts {
			f := &x.base.Facts[i]
			add(class{fact: f}, f.Questions, append([]string{f.Answer}, f.About...))
		}
		for i := range x.base.Gaps {
			g := &x.base.Gaps[i]
			add(class{gap: g}, g.Questions, []string{g.Missing})
		}
		for _, s := range sections(smalltalk) {
			add(class{chat: s.kind}, s.phrases, nil)
		}
		for _, s := range sections(offtopic) {
			add(class{}, s.phrases, nil)
		}
	}()
	return out
}

// collect takes up the classes and their variants and returns the terms of each
// class: those of its variants, and of a fact also its answer and names.
func (x *Index) collect() [][]int32 {
	x.own = len(x.base.Facts) + len(x.base.Gaps)
	n := x.count()
	x.exact = newExactForms(n)
	x.variants, x.sequenceAt = make([]variant, 0, n), make([]int32, 0, n+1)
	x.sequence, x.roleParts = make([]int32, 0, usualWords*n), make([]rolePart, 0, usualWords*n)
	var docs [][]int32
	for e := range x.entries() {
		docs = append(docs, x.take(e))
	}
	x.sequenceAt = append(x.sequenceAt, int32(len(x.sequence)))
	return docs
}

// usualWords is how much room a variant takes in the sequence.
const usualWords = headWords + 8

// count is how many variants there will be.
func (x *Index) count() int {
	n := 0
	for i := range x.base.Facts {
		n += len(x.base.Facts[i].Questions)
	}
	for i := range x.base.Gaps {
		n += len(x.base.Gaps[i].Questions)
	}
	for _, s := range slices.Concat(sections(smalltalk), sections(offtopic)) {
		n += len(s.phrases)
	}
	return n
}

// take takes up one class and returns its terms.
func (x *Index) take(e entry) []int32 {
	c := e.class
	c.from, c.to = len(x.variants), len(x.variants)+len(e.questions)
	size := 0
	for _, tokens := range e.tokens {
		size += len(tokens)
	}
	doc := make([]int32, 0, size)
	for i, q := range e.questions {
		tokens, from := e.tokens[i], len(doc)
		doc = x.appendTerms(doc, tokens)
		x.exact.add(tokens, int32(len(x.variants)))
		x.variants = append(x.variants, variant{text: q, class: int32(len(x.classes)), kind: kindOf(tokens)})
		x.sequenceAt = append(x.sequenceAt, int32(len(x.sequence)))
		x.sequence = append(append(x.sequence, 0, int32(len(tokens))), doc[from:]...)
		x.roleParts = append(x.roleParts, make([]rolePart, headWords)...)
		for _, t := range tokens {
			x.roleParts = append(x.roleParts, rolePart{t.part, strings.HasSuffix(t.text, "ing")})
		}
	}
	for i, tokens := range e.tokens[len(e.questions):] {
		from := len(doc)
		doc = x.appendTerms(doc, tokens)
		if c.fact != nil && i == 0 {
			x.answers = append(x.answers, slices.Clone(doc[from:]))
			x.measures = append(x.measures, mayHoldQuantities(tokens))
		}
	}
	x.classes = append(x.classes, c)
	return doc
}

// appendTerms appends the terms of tokens, and fills them in with what parts they
// are.
func (x *Index) appendTerms(doc []int32, tokens []token) []int32 {
	for i := range tokens {
		w := x.lexicon.add(tokens[i])
		tokens[i].term, tokens[i].part = w.term, w.part
		doc = append(doc, w.term)
	}
	return doc
}
