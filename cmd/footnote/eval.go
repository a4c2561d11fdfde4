package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"footnote/knowledge/eval"
)

// evalOptions are the flags of eval.
type evalOptions struct {
	minRight, maxWrong         float64
	htmlFile, baseline, saveTo string
}

func evalCommand(facts *string) *cobra.Command {
	var o evalOptions
	cmd := &cobra.Command{
		Use:   "eval [FILE]",
		Short: "Score the base with labelled questions, one JSON object a line",
		Long: `Score the answers to labelled questions, one JSON object a line with the fields
id, q, after, kind, evidence, must and correct_ok; "-" reads standard input.
Without FILE they are those of the base's questions.jsonl and some about
everything else, which must not be answered.

Printed are a table by kind, what was answered in place of what, right and wrong
over the threshold with the one that is recommended, how well the confidence
foretells what is right, and each question that was not answered rightly. The
exit status is 1 if a limit is not met, or if more questions are wrong or fewer
right than in the baseline.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			questions, err := evalQuestions(cmd, *facts, args)
			if err != nil {
				return err
			}
			x, err := index(*facts)
			if err != nil {
				return err
			}
			report := eval.Run(x, questions)
			w := cmd.OutOrStdout()
			err = errors.Join(report.Write(w), report.WriteConfusions(w, x.Base()), report.WriteCurve(w))
			if err == nil && o.htmlFile != "" {
				err = writeFile(o.htmlFile, func(w io.Writer) error { return report.WriteHTML(w, x.Base(), "How well the questions are answered") })
			}
			if err == nil && o.saveTo != "" {
				err = writeFile(o.saveTo, report.Baseline().Write)
			}
			if err != nil {
				return err
			}
			return errors.Join(
				meets(100*report.Share(eval.Right), 100*report.Share(eval.Wrong), o.minRight, o.maxWrong),
				since(w, report, o.baseline),
			)
		},
	}
	cmd.Flags().Float64Var(&o.minRight, "min-right", 0, "fail if less than this `PERCENT` is right")
	cmd.Flags().Float64Var(&o.maxWrong, "max-wrong", 100, "fail if more than this `PERCENT` is wrong")
	cmd.Flags().StringVar(&o.htmlFile, "html", "", "write the report with its plots to this `FILE`, a page that needs nothing else")
	cmd.Flags().StringVar(&o.saveTo, "save", "", "write what became of each question to this `FILE`, for --baseline")
	cmd.Flags().StringVar(&o.baseline, "baseline", "", "compare with this `FILE`, which --save wrote")
	return cmd
}

// evalQuestions reads the questions of a file, or those of the base and some
// about everything else.
func evalQuestions(cmd *cobra.Command, facts string, args []string) ([]eval.Question, error) {
	if len(args) == 1 {
		in, err := input(cmd, args[0])
		if err != nil {
			return nil, err
		}
		defer in.Close()
		questions, err := eval.Read(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", args[0], err)
		}
		return questions, nil
	}
	files, err := factFiles(facts)
	if err != nil {
		return nil, err
	}
	in, err := files.Open("questions.jsonl")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New(`the base has no questions.jsonl; write one, a line {"id":"q1","q":"…","kind":"answerable","evidence":["a passage of the source"]} for each question, or name a FILE`)
	}
	if err != nil {
		return nil, err
	}
	defer in.Close()
	questions, err := eval.Read(in)
	if err != nil {
		return nil, fmt.Errorf("questions.jsonl: %w", err)
	}
	return append(questions, eval.Elsewhere()...), nil
}

// since prints what has changed since a baseline, and returns an error if the
// report is worse.
func since(w io.Writer, report eval.Report, name string) error {
	if name == "" {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	base, err := eval.ReadBaseline(f)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	worse, better := report.Since(base)
	fmt.Fprintf(w, "\nsince the baseline: %s worse, %d better\n", count(len(worse), "question"), len(better))
	wrong, right := 0, 0
	for _, c := range append(worse, better...) {
		fmt.Fprintf(w, "%s, was %s: %s %s\n", c.Now, c.Was, c.Result.Question.ID, c.Result.Question.Text)
		wrong += oneIf(c.Now == "wrong") - oneIf(c.Was == "wrong")
		right += oneIf(c.Now == "right") - oneIf(c.Was == "right")
	}
	if wrong > 0 || right < 0 {
		return fmt.Errorf("worse than the baseline: %+d wrong, %+d right", wrong, right)
	}
	return nil
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// writeFile writes a file with what a function says.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// meets returns an error that says which limit, in percent, is not met.
func meets(right, wrong, minRight, maxWrong float64) error {
	if right < minRight {
		return fmt.Errorf("%.1f %% right, less than the %.1f %% of --min-right", right, minRight)
	}
	if wrong > maxWrong {
		return fmt.Errorf("%.1f %% wrong, more than the %.1f %% of --max-wrong", wrong, maxWrong)
	}
	return nil
}
