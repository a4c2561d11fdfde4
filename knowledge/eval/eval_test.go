package eval

import (
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

var (
	amount = match.Match{Fact: &knowledge.Fact{ID: "amount", Answer: "Up to $50 billion.", Quotes: []knowledge.Quote{{Text: "invest up to $50 billion in OpenAI"}}}}
	cuts   = match.Match{Fact: &knowledge.Fact{ID: "cuts", Answer: "About 16,000 jobs.", Quotes: []knowledge.Quote{{Text: "reduced around  16,000 jobs globally"}}}}
	why    = match.Match{Fact: &knowledge.Fact{ID: "why", Answer: "To remove layers.", Quotes: []knowledge.Quote{{Text: "16,000 employees as part of its plan"}}}}
)

func TestScore(t *testing.T) {
	asked := func(kind string, evidence ...string) Question { return Question{Kind: kind, Evidence: evidence} }
	howMany := asked("answerable", "Amazon reduced around 16,000 jobs globally.")
	howMany.Must = [][]string{{"16,000", "16k"}, {"JOBS"}}
	corrected := asked("unanswerable")
	corrected.CorrectOK = true
	sure := func(m ...match.Match) match.Answer { return match.Answer{Verdict: match.Sure, Facts: m} }
	choice := match.Answer{Verdict: match.Ambiguous, Facts: []match.Match{amount, cuts}}
	chat := match.Answer{Verdict: match.Chat}

	for _, tt := range []struct {
		name string
		q    Question
		a    match.Answer
		want Outcome
	}{
		{"quoted, and all that must be said", howMany, sure(cuts), Right},
		{"another fact", howMany, sure(amount), Wrong},
		{"only the first fact counts", howMany, sure(amount, cuts), Wrong},
		{"abstained", howMany, match.Answer{}, Missed},
		{"asked back", howMany, choice, Missed},
		{"small talk", howMany, chat, Missed},
		{"quoted, but not what must be said", Question{Kind: "typo", Evidence: []string{"16,000 employees"}, Must: [][]string{{"October"}}}, sure(why), Wrong},
		{"nothing to say, and said nothing", asked("unanswerable"), match.Answer{}, Right},
		{"nothing to say, and answered", asked("followup"), sure(cuts), Wrong},
		{"nothing to say, and asked back", asked("unanswerable"), choice, Wrong},
		{"a false presupposition corrected", corrected, match.Answer{Verdict: match.Sure, Facts: []match.Match{cuts}, Correction: &match.Correction{Text: "Not quite"}}, Right},
		{"a false presupposition answered", corrected, sure(cuts), Wrong},
		{"greeted back", asked("smalltalk"), chat, Right},
		{"small talk declined", asked("smalltalk"), match.Answer{}, Right},
		{"small talk answered", asked("smalltalk"), sure(cuts), Wrong},
		{"two readings, one answered", asked("ambiguous", "around 16,000 jobs"), sure(cuts), Right},
		{"two readings, asked back with one of them", asked("ambiguous", "around 16,000 jobs"), choice, Right},
		{"two readings, asked back with neither", asked("ambiguous", "14,000 corporate staff"), choice, Wrong},
		{"two readings, abstained", asked("ambiguous", "around 16,000 jobs"), match.Answer{}, Missed},
	} {
		if got := Score(tt.q, tt.a); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestOffered(t *testing.T) {
	q := Question{Evidence: []string{"around 16,000 jobs"}}
	for _, tt := range []struct {
		near []match.Match
		want bool
	}{
		{[]match.Match{amount, why, cuts}, true},
		{[]match.Match{amount, why, amount, cuts}, false},
		{nil, false},
	} {
		if got := Offered(q, match.Answer{Near: tt.near}); got != tt.want {
			t.Errorf("Offered of %d = %v, want %v", len(tt.near), got, tt.want)
		}
	}
}

func TestReadReportsEachBadLine(t *testing.T) {
	const lines = `{"id":"a","q":"who?","after":null,"kind":"typo","evidence":[],"must":[]}

not json
{"id":"b","q":"who?","kind":"riddle"}
{"id":"c","q":" ","kind":"typo"}
`
	_, err := Read(strings.NewReader(lines))
	if err == nil {
		t.Fatal("read bad lines")
	}
	for _, want := range []string{"line 3", "line 4: kind \"riddle\"", "line 5: q is empty"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q lacks %q", err, want)
		}
	}
	got, err := Read(strings.NewReader(lines[:strings.Index(lines, "not json")]))
	if err != nil || len(got) != 1 || got[0].ID != "a" {
		t.Errorf("Read = %v, %v", got, err)
	}
}

func TestReport(t *testing.T) {
	r := Report{
		{Question: Question{ID: "a", Kind: "typo"}, Outcome: Right},
		{Question: Question{ID: "b", Kind: "typo", Text: "how mnay"}, Outcome: Missed, Offered: true, Answer: match.Answer{Near: []match.Match{cuts}}},
		{Question: Question{ID: "c", Kind: "smalltalk", Text: "hi"}, Outcome: Wrong, Answer: match.Answer{Verdict: match.Sure, Facts: []match.Match{amount}}},
		{Question: Question{ID: "d", Kind: "typo"}, Outcome: Right},
	}
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"     typo  3  66.7 %  33.3 %    0.0 %   1 of 1",
		"      all  4  50.0 %  25.0 %   25.0 %   1 of 1",
		"wrong c (smalltalk): hi\n    answer: amount 0.00",
		"missed b (typo): how mnay\n    abstain: cuts 0.00",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("report lacks %q:\n%s", want, b.String())
		}
	}
	if (Report{}).Share(Right) != 0 {
		t.Error("an empty report has a share")
	}
}
