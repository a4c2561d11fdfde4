package main

import (
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/eval"
)

// Every contender finds the fact that a question shares its rare word with.
func TestContenders(t *testing.T) {
	facts := []knowledge.Fact{
		{ID: "leave", Questions: []string{"how much leave carries over", "does unused leave expire"}},
		{ID: "parking", Questions: []string{"where is the garage", "may guests use the garage"}},
		{ID: "badge", Questions: []string{"who replaces a lost badge", "what does a new badge cost"}},
	}
	for _, c := range contenders() {
		x, err := c.untrained(facts)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		for _, tt := range []struct{ q, want string }{
			{"unused leave", "leave"}, {"the garage", "parking"}, {"lost badge", "badge"},
		} {
			if got, err := x.best(tt.q); got != tt.want || err != nil {
				t.Errorf("%s.best(%q) = %q, %v, want %q", c.name, tt.q, got, err, tt.want)
			}
		}
		if got, err := x.best(""); err != nil {
			t.Errorf(`%s.best("") = %q, %v`, c.name, got, err)
		}
		if err := x.close(); err != nil {
			t.Errorf("%s: close: %v", c.name, err)
		}
	}
}

func TestSynthetic(t *testing.T) {
	s := newSynthetic(corpus())
	small, large := s.facts(50), s.facts(250)
	for i, f := range small {
		if got, want := strings.Join(f.Questions, "\n"), strings.Join(large[i].Questions, "\n"); got != want {
			t.Errorf("fact %d of 50 is %q, of 250 %q", i, got, want)
		}
		if len(f.Questions) != perFact {
			t.Errorf("fact %d has %d questions, want %d", i, len(f.Questions), perFact)
		}
	}
	few, many := vocabulary(small), vocabulary(large)
	if many < 3*few || many > 10*few {
		t.Errorf("50 facts have %d words, 250 have %d", few, many)
	}
	questions := s.questions(large, []eval.Labelled{{Text: "a stray"}}, 100)
	strays := 0
	for _, q := range questions {
		if q.Label == nil {
			strays++
		}
	}
	if strays != 10 {
		t.Errorf("%d of 100 questions are strays, want 10", strays)
	}
}

// corpus is three labels' questions.
func corpus() []eval.Labelled {
	var out []eval.Labelled
	for _, label := range []string{"payment", "holiday", "insurance"} {
		for _, form := range []string{"when does the % arrive", "cancel that % today", "where should anybody request a %",
			"explain every % rule", "somebody changed their % yesterday", "which manager approves the %"} {
			out = append(out, eval.Labelled{Text: strings.ReplaceAll(form, "%", label), Label: &label})
		}
	}
	return out
}

func vocabulary(facts []knowledge.Fact) int {
	words := map[string]bool{}
	for _, f := range facts {
		for _, q := range f.Questions {
			for w := range strings.FieldsSeq(q) {
				words[w] = true
			}
		}
	}
	return len(words)
}
