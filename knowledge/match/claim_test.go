package match

import (
	"fmt"
	"slices"
	"testing"

	"footnote/knowledge"
)

func TestClaimsAreChecked(t *testing.T) {
	x := shippedIndex(t)
	for _, tt := range []struct{ q, fact, correction string }{
		{"Amazon is putting in 100 billion, right?", "amount", "Not quite: up to $50 billion"},
		{"so it's 30 billion?", "amount", "Not quite: up to $50 billion"},
		{"is Amazon investing fifty billion dollars?", "amount", ""},
		{"did they fire 20,000 people?", "layoffs-number", "Not quite: 16,000 employees"},
		{"did they fire 16k people?", "layoffs-number", ""},
		{"do people in the US get 60 days to look for roles", "ninety-days", "Not quite: up to 90 days"},
		{"did the previous cut happen in November 2025", "october-cuts", "Not quite: October 2025"},
		{"is the article from 2025", "date", "Not quite: 30 January 2026"},
		{"Is Amazon covering 75% of the round", "share-of-round", "Not quite: around half"},
		{"is it true that half of the 100 billion would be Amazon's?", "share-of-round", ""},
	} {
		a := x.Answer(Question{Text: tt.q})
		got := ""
		if a.Correction != nil {
			got = a.Correction.Text
		}
		if said(a) != tt.fact || got != tt.correction {
			t.Errorf("Answer(%q) = %s, correction %q; want %s, %q", tt.q, said(a), got, tt.fact, tt.correction)
		}
	}
}

func TestSeveralQuestions(t *testing.T) {
	x := shippedIndex(t)
	for _, tt := range []struct {
		q    string
		want []string
	}{
		{"Who leads the talks? And how much would Amazon invest?", []string{"negotiator-amazon", "amount"}},
		{"How many people did Amazon lay off and why?", []string{"layoffs-number", "layoffs-why"}},
		{"Hello! Who leads the talks?", []string{"negotiator-amazon"}},
		{"Who leads the talks? Can you help me move my sofa?", []string{"negotiator-amazon"}},
		{"Who leads the talks? Who leads the negotiations??", []string{"negotiator-amazon"}},
	} {
		a := x.Answer(Question{Text: tt.q})
		var got []string
		for _, m := range a.Facts {
			got = append(got, m.Fact.ID)
		}
		if a.Verdict != Sure || !slices.Equal(got, tt.want) {
			t.Errorf("Answer(%q) = %v %v, want %v", tt.q, a.Verdict, got, tt.want)
		}
	}
}

// A claim is checked in a base of which only the likeliest facts are ranked, too.
func TestClaimsInALargeBase(t *testing.T) {
	facts := make([]knowledge.Fact, fewClasses+20)
	for i := range facts {
		answer := fmt.Sprintf("The zq%dx plan costs $%d a month.", i, 100+i)
		facts[i] = knowledge.Fact{
			ID: fmt.Sprint(i), Answer: answer, Quotes: []knowledge.Quote{{Text: answer, Offset: i}},
			Questions: []string{fmt.Sprintf("what does the zq%dx plan cost", i), fmt.Sprintf("price of the zq%dx plan", i)},
		}
	}
	x := untrained(t, knowledge.Unproven(facts))
	a := x.Answer(Question{Text: "does the zq7x plan cost 90 dollars?"})
	if said(a) != "7" || a.Correction == nil || a.Correction.Text != "Not quite: $107" {
		t.Errorf("Answer = %s, correction %v; want 7, Not quite: $107", said(a), a.Correction)
	}
}
