package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"footnote/knowledge/eval"
)

func benchCommand() *cobra.Command {
	var train, test string
	var typos int
	var seed uint64
	cmd := &cobra.Command{
		Use:   "bench --train FILE --test FILE",
		Short: "Measure the matching with other people's labelled questions",
		Long: `Make a base of the labelled questions of one file, ask it those of another and
print the measures as JSON. Each line is an object {"text","label"}; a question
of the test file with the label null is out of scope.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			known, err := labelled(cmd, train)
			if err != nil {
				return err
			}
			asked, err := labelled(cmd, test)
			if err != nil {
				return err
			}
			if len(known) == 0 || len(asked) == 0 {
				return errors.New("--train and --test need at least one question each")
			}
			m, err := eval.Bench(known, eval.Mistype(asked, typos, seed))
			if err != nil {
				return err
			}
			return json.NewEncoder(cmd.OutOrStdout()).Encode(m)
		},
	}
	cmd.Flags().StringVar(&train, "train", "", "`FILE` with the questions of the base")
	cmd.Flags().StringVar(&test, "test", "", "`FILE` with the questions to ask")
	cmd.Flags().IntVar(&typos, "typos", 0, "mistype each question this many `TIMES`")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "of the typing mistakes")
	cmd.MarkFlagRequired("train")
	cmd.MarkFlagRequired("test")
	return cmd
}

func labelled(cmd *cobra.Command, name string) ([]eval.Labelled, error) {
	in, err := input(cmd, name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	out, err := eval.ReadLabelled(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}
