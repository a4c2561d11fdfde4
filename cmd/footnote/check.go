package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"footnote/knowledge"
	"footnote/knowledge/match"
)

func checkCommand(facts *string) *cobra.Command {
	return &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check a fact base: every quote, number, id and question",
		Long: `Check the fact base in DIR, without DIR the one that --facts names, else the one
that ships. Every problem is printed with its file, line and column; the exit
status is 1 if there is any.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := *facts
			if len(args) == 1 {
				dir = args[0]
			}
			files, err := factFiles(dir)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			base, err := knowledge.Load(files)
			var problems knowledge.Problems
			if errors.As(err, &problems) {
				for _, p := range problems {
					p.File = filepath.Join(dir, p.File)
					fmt.Fprintln(out, p)
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "footnote: %s\n", count(len(problems), "problem"))
				return errSaid
			}
			if err != nil {
				return err
			}
			if _, err := match.NewIndex(base); err != nil {
				return err
			}
			_, err = fmt.Fprintln(out, summary(base))
			return err
		},
	}
}

// summary says in a line what a base holds.
func summary(b *knowledge.Base) string {
	asked := 0
	for _, f := range b.Facts {
		asked += len(f.Questions)
	}
	missed := 0
	for _, g := range b.Gaps {
		missed += len(g.Questions)
	}
	drafts := ""
	if n := len(b.Drafts) + len(b.DraftGaps); n > 0 {
		drafts = ", " + count(n, "draft")
	}
	return fmt.Sprintf("%s with %s, %s with %s, %s, %s%s: no problems",
		count(len(b.Facts), "fact"), count(asked, "question"), count(len(b.Gaps), "gap"), count(missed, "question"),
		count(len(b.Names), "name"), count(len(b.Sources), "source"), drafts)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
