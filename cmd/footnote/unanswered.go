package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"footnote/bot/store"
	"footnote/handlers"
	"footnote/knowledge/match"
)

// lookBack is how many of the last unanswered questions are looked at.
const lookBack = 5000

func unansweredCommand(facts *string) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "unanswered",
		Short: "List what people asked and the facts did not answer, grouped by likeness",
		Long: `List the questions that were declined, from the ledger that FOOTNOTE_DATABASE_URL
names: those that are alike together, with how often they were asked, where and
when last, the most frequent first. A question that the facts answer by now is
left out. It may be used while a bot runs.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			x, err := index(*facts)
			if err != nil {
				return err
			}
			return withLedger(cmd, func(s *store.Store) error {
				open, err := s.Unanswered(cmd.Context(), lookBack)
				if err != nil {
					return err
				}
				groups := groupUnanswered(x, open)
				if asJSON {
					return writeLines(cmd.OutOrStdout(), groups)
				}
				return tabulateGroups(cmd.OutOrStdout(), groups)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line")
	return cmd
}

// group is a question in its wordings.
type group struct {
	Questions []string       `json:"questions"` // each wording once, the last first
	Count     int            `json:"count"`
	Channels  map[string]int `json:"channels"` // how often where; under "" where that is not known
	Last      time.Time      `json:"last"`
}

func groupUnanswered(x *match.Index, open []handlers.Unanswered) []group {
	open = slices.DeleteFunc(open, func(u handlers.Unanswered) bool {
		return x.Answer(match.Question{Text: u.Question}).Verdict == match.Sure
	})
	var questions []string
	for _, u := range open {
		questions = append(questions, u.Question)
	}
	var out []group
	for _, members := range x.Group(questions) {
		g := group{Count: len(members), Channels: map[string]int{}, Last: open[members[0]].At}
		for _, i := range members {
			g.Channels[open[i].Channel]++
			if !slices.Contains(g.Questions, questions[i]) {
				g.Questions = append(g.Questions, questions[i])
			}
		}
		out = append(out, g)
	}
	slices.SortStableFunc(out, func(a, b group) int { return cmp.Or(b.Count-a.Count, b.Last.Compare(a.Last)) })
	return out
}

func writeLines[T any](w io.Writer, list []T) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, l := range list {
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

func tabulateGroups(w io.Writer, groups []group) error {
	if len(groups) == 0 {
		_, err := fmt.Fprintln(w, "nothing went unanswered")
		return err
	}
	var b bytes.Buffer
	for _, g := range groups {
		var where []string
		for channel, n := range g.Channels {
			where = append(where, fmt.Sprintf("%s %d", cmp.Or(channel, "elsewhere"), n))
		}
		slices.Sort(where)
		fmt.Fprintf(&b, "%d× %s\n    %s, last %s\n", g.Count, shown(g.Questions[0]), strings.Join(where, ", "), g.Last.Format(time.DateTime))
		for _, q := range g.Questions[1:] {
			fmt.Fprintf(&b, "    also: %s\n", shown(q))
		}
	}
	_, err := b.WriteTo(w)
	return err
}

// shown is what somebody wrote as one line of a terminal, without what would
// move its cursor or turn what follows.
func shown(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return r == ' ' || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}), " ")
}

func statsCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "Count what was asked and answered, and the votes on the answers",
		Long: `Count the questions in the ledger that FOOTNOTE_DATABASE_URL names, by how they
were asked and what became of them, and the votes on the answers with what
people wrote who voted against one. It may be used while a bot runs.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withLedger(cmd, func(s *store.Store) error {
				tallies, err := s.Tallies(cmd.Context())
				if err != nil {
					return err
				}
				judged, err := s.Judgements(cmd.Context())
				if err != nil {
					return err
				}
				st := countUp(tallies, judged)
				if asJSON {
					return writeLines(cmd.OutOrStdout(), []stats{st})
				}
				return st.print(cmd.OutOrStdout())
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

type stats struct {
	Questions int            `json:"questions"`
	Verdicts  map[string]int `json:"verdicts"`
	Surfaces  map[string]int `json:"surfaces"`
	Votes     []votesLine    `json:"votes"`
}

type votesLine struct {
	Facts []string `json:"facts"`
	Up    int      `json:"up"`
	Down  int      `json:"down"`
	Whys  []string `json:"whys"`
}

func countUp(tallies []store.Tally, judged []handlers.Judgement) stats {
	st := stats{Verdicts: map[string]int{}, Surfaces: map[string]int{}, Votes: []votesLine{}}
	for _, t := range tallies {
		st.Questions += t.Count
		st.Verdicts[t.Verdict] += t.Count
		st.Surfaces[string(t.Kind)] += t.Count
	}
	for _, j := range judged {
		st.Votes = append(st.Votes, votesLine{append([]string{}, j.Facts...), j.Up, j.Down, append([]string{}, j.Whys...)})
	}
	return st
}

func (st stats) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "questions\t%d\n", st.Questions)
	for _, counts := range []map[string]int{st.Verdicts, st.Surfaces} {
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			fmt.Fprintf(t, "  %s\t%d\n", name, counts[name])
		}
	}
	for _, v := range st.Votes {
		fmt.Fprintf(t, "%s\t+%d −%d\n", cmp.Or(strings.Join(v.Facts, " "), "(declined)"), v.Up, v.Down)
		for _, why := range v.Whys {
			fmt.Fprintf(t, "  “%s”\n", shown(why))
		}
	}
	return t.Flush()
}
