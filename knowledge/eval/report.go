package eval

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

// Result is one question with its answer and what became of it.
type Result struct {
	Question Question
	Answer   match.Answer
	Outcome  Outcome
	Offered  bool // it was missed, and the right fact was among the first three offered

	Best      match.Match // the fact that fits best, said or not; none if its Fact is nil
	BestRight bool        // it would have been a right answer
}

// Report is the results of a set of questions, in their order.
type Report []Result

// Run asks the index each question and scores what it says.
func Run(x *match.Index, questions []Question) Report {
	report := make(Report, len(questions))
	for i, q := range questions {
		asked := match.Question{Text: q.Text, Prior: match.Prior{Question: q.After}}
		a := x.Answer(asked)
		o := Score(q, a)
		report[i] = Result{Question: q, Answer: a, Outcome: o, Offered: o == Missed && Offered(q, a)}
		report[i].Best, report[i].BestRight = best(x, q, asked)
	}
	return report
}

// Share returns how much of the report has the outcome, 0..1.
func (r Report) Share(o Outcome) float64 {
	if len(r) == 0 {
		return 0
	}
	return float64(r.count(o)) / float64(len(r))
}

func (r Report) count(o Outcome) int {
	n := 0
	for _, result := range r {
		if result.Outcome == o {
			n++
		}
	}
	return n
}

// kind returns the results of one kind of question.
func (r Report) kind(kind string) Report {
	return slices.DeleteFunc(slices.Clone(r), func(result Result) bool { return result.Question.Kind != kind })
}

// Write prints a table by kind and below it each question that was not
// answered rightly, with what was said instead.
func (r Report) Write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "kind\tn\tright\tmissed\twrong\toffered\t")
	for _, kind := range r.kinds() {
		r.kind(kind).row(table, kind)
	}
	r.row(table, "all")
	if err := table.Flush(); err != nil {
		return err
	}
	for _, o := range []Outcome{Wrong, Missed} {
		for _, result := range r {
			if result.Outcome == o {
				if _, err := fmt.Fprintf(w, "\n%s %s (%s): %s\n    %s", o, result.Question.ID, result.Question.Kind, result.Question.Text, describe(result)); err != nil {
					return err
				}
			}
		}
	}
	_, err := fmt.Fprintln(w)
	return err
}

// kinds are the kinds of the questions, in the order in which they come up.
func (r Report) kinds() []string {
	var out []string
	for _, result := range r {
		if !slices.Contains(out, result.Question.Kind) {
			out = append(out, result.Question.Kind)
		}
	}
	return out
}

// WriteCurve prints what would be right and wrong over the threshold, the one
// that is recommended, and how well confidence foretells what is right.
func (r Report) WriteCurve(w io.Writer) error {
	curve := r.Curve()
	recommended := Recommended(curve)
	fmt.Fprintf(w, "\nif the best fact were answered from this confidence on:\n")
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "threshold\tright\twrong\t\t")
	for i, p := range curve {
		mark := ""
		if p == recommended {
			mark = "recommended"
		}
		if i%5 == 0 || mark != "" {
			fmt.Fprintf(table, "%.2f\t%.1f %%\t%.1f %%\t%s\t\n", p.Threshold, 100*p.Right, 100*p.Wrong, mark)
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	bins, ece := r.Reliability()
	fmt.Fprintf(w, "\nof the questions with such a confidence in the best fact, so many are right (calibration error %.3f):\n", ece)
	fmt.Fprintln(table, "confidence\tn\tright\t")
	for _, b := range bins {
		if b.N > 0 {
			fmt.Fprintf(table, "%.2f\t%d\t%.1f %%\t\n", b.Confidence, b.N, 100*b.Right)
		}
	}
	return table.Flush()
}

// WriteConfusions prints what was answered where something else was right.
func (r Report) WriteConfusions(w io.Writer, b *knowledge.Base) error {
	confusions := r.Confusions(b)
	if len(confusions) == 0 {
		return nil
	}
	fmt.Fprintln(w, "\nanswered wrongly:")
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "n\tright would be\tanswered")
	for _, c := range confusions {
		fmt.Fprintf(table, "%d\t%s\t%s\n", c.N, c.Want, c.Got)
	}
	return table.Flush()
}

func (r Report) row(w io.Writer, name string) {
	offered := 0
	for _, result := range r {
		if result.Offered {
			offered++
		}
	}
	of := "-"
	if missed := r.count(Missed); missed > 0 {
		of = fmt.Sprintf("%d of %d", offered, missed)
	}
	fmt.Fprintf(w, "%s\t%d\t%.1f %%\t%.1f %%\t%.1f %%\t%s\t\n", name, len(r), 100*r.Share(Right), 100*r.Share(Missed), 100*r.Share(Wrong), of)
}

// describe says in a line what was answered.
func describe(r Result) string {
	a := r.Answer
	var ids []string
	for _, m := range append(slices.Clone(a.Facts), a.Near...) {
		ids = append(ids, fmt.Sprintf("%s %.2f", m.Fact.ID, m.Score))
	}
	out := a.Verdict.String()
	if a.Gap != nil {
		out += ", gap " + a.Gap.ID
	}
	if a.Chat != "" {
		out += ", " + a.Chat
	}
	if len(ids) > 0 {
		out += ": " + strings.Join(ids, ", ")
	}
	return out
}
