package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"footnote/bot/store"
	"footnote/handlers"
	"footnote/knowledge"
)

func logCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "log",
		Short: "List the changes of the facts: who, when, why, and who approved them",
		Long: `List all changes of the facts that curators have proposed, from the ledger that
FOOTNOTE_DATABASE_URL names, the oldest first: who proposed each, when and why,
what other curators said, and what became of it. They are kept for ever.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withLedger(cmd, func(s *store.Store) error {
				list, err := s.Changes(cmd.Context())
				if err != nil {
					return err
				}
				var lines []changeLine
				for _, c := range list {
					lines = append(lines, newChangeLine(c))
				}
				if asJSON {
					return writeLines(cmd.OutOrStdout(), lines)
				}
				return printChanges(cmd.OutOrStdout(), lines)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line, with what each entry said before and after")
	return cmd
}

type changeLine struct {
	ID       string           `json:"id"`
	Entry    string           `json:"entry"`
	Does     string           `json:"does"` // add, edit or retire
	State    string           `json:"state"`
	Author   string           `json:"author"`
	Why      string           `json:"why"`
	Created  time.Time        `json:"created"`
	Decided  *time.Time       `json:"decided"`
	Revision int64            `json:"revision,omitempty"`
	Reviews  []reviewLine     `json:"reviews"`
	Change   knowledge.Change `json:"change"`
}

type reviewLine struct {
	Person  string    `json:"person"`
	Opinion string    `json:"opinion"`
	Why     string    `json:"why"`
	Created time.Time `json:"created"`
}

func newChangeLine(c handlers.ChangeRecord) changeLine {
	l := changeLine{ID: c.ID, Entry: c.Change.ID, Does: "edit", State: string(c.Standing), Author: c.Author, Why: c.Why,
		Created: c.Created, Revision: c.Revision, Reviews: []reviewLine{}, Change: c.Change}
	switch {
	case c.Change.BeforeFact == nil && c.Change.BeforeGap == nil:
		l.Does = "add"
	case c.Change.Fact == nil && c.Change.Gap == nil:
		l.Does = "retire"
	}
	if !c.Decided.IsZero() {
		l.Decided = &c.Decided
	}
	for _, r := range c.Reviews {
		l.Reviews = append(l.Reviews, reviewLine{r.Person, string(r.Opinion), r.Why, r.Created})
	}
	return l
}

func printChanges(w io.Writer, lines []changeLine) error {
	if len(lines) == 0 {
		_, err := fmt.Fprintln(w, "nobody has proposed a change")
		return err
	}
	var b bytes.Buffer
	for _, l := range lines {
		fmt.Fprintf(&b, "%s  %s  %s %s  %s by %s: %s\n", l.Created.Format(time.DateTime), l.ID, l.Does, l.Entry, l.State, l.Author, cmp.Or(shown(l.Why), "–"))
		for _, r := range l.Reviews {
			fmt.Fprintf(&b, "%s    %s by %s: %s\n", r.Created.Format(time.DateTime), r.Opinion, r.Person, cmp.Or(shown(r.Why), "–"))
		}
	}
	_, err := b.WriteTo(w)
	return err
}
