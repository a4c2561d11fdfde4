package eval

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// confident is a result whose best fact has a confidence, right or not; one
// that is not answerable has no evidence.
func confident(score float64, answerable, right bool) Result {
	r := Result{Question: Question{Kind: "answerable"}, Best: match.Match{Fact: amount.Fact, Score: score}, BestRight: right}
	if answerable {
		r.Question.Evidence = []string{"x"}
	}
	return r
}

func TestCurve(t *testing.T) {
	r := Report{
		confident(0.95, true, true), confident(0.85, true, true), confident(0.75, true, false),
		confident(0.65, false, false), confident(0.15, true, true),
		{Question: Question{Kind: "smalltalk"}, Best: match.Match{Fact: amount.Fact, Score: 1}}, // does not count
	}
	curve := r.Curve()
	for _, tt := range []struct{ threshold, right, wrong float64 }{
		{0, 0.6, 0.4},   // everything is answered
		{0.2, 0.4, 0.4}, // the last one is missed
		{0.7, 0.6, 0.2}, // and the one without an answer is declined
		{0.8, 0.6, 0},
		{1, 0.2, 0},
	} {
		p := curve[int(math.Round(tt.threshold*50))]
		if math.Abs(p.Threshold-tt.threshold) > 1e-9 || math.Abs(p.Right-tt.right) > 1e-9 || math.Abs(p.Wrong-tt.wrong) > 1e-9 {
			t.Errorf("at %.2f %.2f right and %.2f wrong, want %.2f and %.2f", p.Threshold, p.Right, p.Wrong, tt.right, tt.wrong)
		}
	}
	if got := Recommended(curve); got.Wrong != 0 || math.Abs(got.Right-0.6) > 1e-9 {
		t.Errorf("recommended %+v, want 0.6 right and none wrong", got)
	}
	bins, ece := r.Reliability()
	if b := bins[9]; b.N != 1 || b.Right != 1 || b.Confidence != 0.95 {
		t.Errorf("the last bin is %+v", b)
	}
	if want := (0.05 + 0.15 + 0.75 + 0.65 + 0.85) / 5; math.Abs(ece-want) > 1e-9 {
		t.Errorf("calibration error %.3f, want %.3f", ece, want)
	}
}

func TestSince(t *testing.T) {
	r := Report{{Question: Question{ID: "a"}, Outcome: Wrong}, {Question: Question{ID: "b"}, Outcome: Right}, {Question: Question{ID: "c"}, Outcome: Missed}, {Question: Question{ID: "new"}, Outcome: Wrong}}
	var saved bytes.Buffer
	if err := (Baseline{"a": "missed", "b": "wrong", "c": "missed", "gone": "right"}).Write(&saved); err != nil {
		t.Fatal(err)
	}
	base, err := ReadBaseline(&saved)
	if err != nil {
		t.Fatal(err)
	}
	worse, better := r.Since(base)
	if len(worse) != 1 || worse[0].Result.Question.ID != "a" || len(better) != 1 || better[0].Result.Question.ID != "b" {
		t.Errorf("worse %v, better %v; want a and b", worse, better)
	}
}

func TestHTMLEscapesWhatItShows(t *testing.T) {
	r := Report{{Question: Question{ID: "a", Kind: "typo", Text: "<script>alert(1)</script>"}, Outcome: Wrong, Answer: match.Answer{Verdict: match.Sure, Facts: []match.Match{cuts}}}}
	var out bytes.Buffer
	if err := r.WriteHTML(&out, &knowledge.Base{}, "<b>"); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "<script>") || strings.Contains(out.String(), "<b>") || !strings.Contains(out.String(), "&lt;script&gt;") {
		t.Errorf("not escaped:\n%s", out.String())
	}
}

func TestElsewhereIsDeclined(t *testing.T) {
	b, err := knowledge.Load(knowledge.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	x, err := match.NewIndex(b)
	if err != nil {
		t.Fatal(err)
	}
	questions := Elsewhere()
	if len(questions) < 30 {
		t.Fatalf("%d questions, want 30 or more", len(questions))
	}
	if r := Run(x, questions); r.Share(Wrong) > 0.05 {
		var out bytes.Buffer
		r.Write(&out)
		t.Errorf("%.1f %% of what is about everything else is answered:\n%s", 100*r.Share(Wrong), out.String())
	}
}
