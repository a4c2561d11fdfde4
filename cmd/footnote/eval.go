package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"footnote/knowledge/eval"
)

func evalCommand(facts *string) *cobra.Command {
	var minRight, maxWrong float64
	cmd := &cobra.Command{
		Use:   "eval FILE",
		Short: "Score the base with labelled questions, one JSON object a line",
		Long: `Score the answers to labelled questions, one JSON object a line with the fields
id, q, after, kind, evidence, must and correct_ok; "-" reads standard input.
A table by kind is printed and below it each question that was not answered
rightly. The exit status is 1 if a limit is not met.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			x, err := index(*facts)
			if err != nil {
				return err
			}
			in, err := input(cmd, args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			questions, err := eval.Read(in)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			report := eval.Run(x, questions)
			if err := report.Write(cmd.OutOrStdout()); err != nil {
				return err
			}
			return meets(100*report.Share(eval.Right), 100*report.Share(eval.Wrong), minRight, maxWrong)
		},
	}
	cmd.Flags().Float64Var(&minRight, "min-right", 0, "fail if less than this `PERCENT` is right")
	cmd.Flags().Float64Var(&maxWrong, "max-wrong", 100, "fail if more than this `PERCENT` is wrong")
	return cmd
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
