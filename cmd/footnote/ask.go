package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"footnote/handlers"
	"footnote/knowledge"
	"footnote/knowledge/match"
)

// loadingGC is the garbage collector's percentage while ask loads a base, which
// leaves much behind, above all at the first start. Collected sooner, 10,000 facts
// take 120 MB instead of 130 to 190, for a sixth more work.
const loadingGC = 25

func askCommand(facts *string) *cobra.Command {
	var asJSON, explain bool
	cmd := &cobra.Command{
		Use:   "ask [QUESTION]",
		Short: "Answer a question, or with --json each question of standard input",
		Long: `Answer a question with its quote and source, or say that the base does not answer it.

With --json and no question, questions are read from standard input, one JSON
object {"id","q","after"} a line, and one JSON object is written for each.`,
		Example: `  footnote ask "Who is leading the negotiations?"
  footnote ask --explain "severance?"
  footnote ask --json < questions.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error {
			usual := debug.SetGCPercent(loadingGC)
			x, err := index(*facts)
			debug.SetGCPercent(usual)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			question := strings.Join(args, " ")
			switch {
			case len(args) == 0 && asJSON:
				return askLines(x, cmd.InOrStdin(), out, cmd.ErrOrStderr())
			case len(args) == 0:
				return errors.New(`ask what? Give a question, or --json to read JSON lines from standard input`)
			case explain:
				_, err = io.WriteString(out, x.Explain(match.Question{Text: question}).String())
				return err
			case asJSON:
				return json.NewEncoder(out).Encode(timed(x, nil, match.Question{Text: question}))
			}
			_, err = io.WriteString(out, handlers.Plain(x.Base(), x.Answer(match.Question{Text: question})))
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON; without a question, read JSON lines from standard input")
	cmd.Flags().BoolVar(&explain, "explain", false, "show how the answer came about: terms, weights, confidence")
	cmd.MarkFlagsMutuallyExclusive("json", "explain")
	return cmd
}

// The lines that ask reads and writes.
type (
	questionLine struct {
		ID    json.RawMessage `json:"id"`
		Text  *string         `json:"q"`
		After string          `json:"after"`
	}
	answerLine struct {
		ID         json.RawMessage `json:"id,omitempty"`
		Verdict    string          `json:"verdict"`
		Facts      []factLine      `json:"facts"`
		Near       []nearLine      `json:"near"`
		Gap        *gapLine        `json:"gap"`
		Correction *correctionLine `json:"correction"`
		Micros     int64           `json:"micros"`
	}
	factLine struct {
		ID         string              `json:"id"`
		Answer     string              `json:"answer"`
		Certainty  knowledge.Certainty `json:"certainty"`
		ReportedBy string              `json:"reported_by"`
		AsOf       string              `json:"as_of"`
		Quotes     []quoteLine         `json:"quotes"`
		Score      float64             `json:"score"`
		Earlier    []string            `json:"earlier,omitempty"`   // ids of facts that it superseded
		Confirmed  []string            `json:"confirmed,omitempty"` // of those that say the same
		Against    []string            `json:"against,omitempty"`   // of those that say otherwise
	}
	quoteLine struct {
		Text      string `json:"text"`
		Source    string `json:"source"`
		Title     string `json:"title"`
		Paragraph int    `json:"paragraph"`
	}
	nearLine struct {
		ID       string      `json:"id"`
		Question string      `json:"question"`
		Quotes   []quoteLine `json:"quotes"`
	}
	gapLine struct {
		ID      string `json:"id"`
		Missing string `json:"missing"`
	}
	correctionLine struct {
		Text string `json:"text"`
	}
)

// askLines answers each line of in. Lines that are no question are reported on
// errs and the others answered all the same.
func askLines(x *match.Index, in io.Reader, out, errs io.Writer) error {
	lines, answers, bad := bufio.NewReader(in), json.NewEncoder(out), 0
	for n := 1; ; n++ {
		line, readErr := lines.ReadBytes('\n')
		if len(strings.TrimSpace(string(line))) > 0 {
			q, err := parseQuestion(line)
			if err != nil {
				fmt.Fprintf(errs, "footnote: line %d: %v\n", n, err)
				bad++
			} else if err := answers.Encode(timed(x, q.ID, match.Question{Text: *q.Text, Prior: match.Prior{Question: q.After}})); err != nil {
				return err
			}
		}
		if readErr == io.EOF {
			break
		}
		if readErr != nil {
			return fmt.Errorf("read questions: %w", readErr)
		}
	}
	if bad > 0 {
		return errSaid
	}
	return nil
}

func parseQuestion(line []byte) (questionLine, error) {
	var q questionLine
	if err := json.Unmarshal(line, &q); err != nil {
		return q, fmt.Errorf(`not a question: %w; expected {"id":"…","q":"…"}`, err)
	}
	if q.Text == nil {
		return q, errors.New(`no "q"; expected {"id":"…","q":"…"}`)
	}
	return q, nil
}

// timed answers a question and takes the time.
func timed(x *match.Index, id json.RawMessage, q match.Question) answerLine {
	start := time.Now()
	a := x.Answer(q)
	line := answerLine{ID: id, Verdict: a.Verdict.String(), Facts: []factLine{}, Near: []nearLine{}, Micros: time.Since(start).Microseconds()}
	for _, m := range a.Facts {
		f := m.Fact
		standing, _ := x.Base().Standing(f, a.AsOf)
		line.Facts = append(line.Facts, factLine{ID: f.ID, Answer: f.Answer, Certainty: f.Certainty, ReportedBy: f.ReportedBy,
			AsOf: asOf(x.Base(), f), Quotes: quoteLines(x.Base(), f), Score: m.Score,
			Earlier: factIDs(standing.Earlier), Confirmed: factIDs(standing.Confirmed), Against: factIDs(standing.Against)})
	}
	for _, m := range a.Near {
		line.Near = append(line.Near, nearLine{ID: m.Fact.ID, Question: m.Question, Quotes: quoteLines(x.Base(), m.Fact)})
	}
	if a.Gap != nil {
		line.Gap = &gapLine{a.Gap.ID, a.Gap.Missing}
	}
	if a.Correction != nil {
		line.Correction = &correctionLine{a.Correction.Text}
	}
	return line
}

func factIDs(facts []*knowledge.Fact) []string {
	var out []string
	for _, f := range facts {
		out = append(out, f.ID)
	}
	return out
}

func quoteLines(b *knowledge.Base, f *knowledge.Fact) []quoteLine {
	out := make([]quoteLine, len(f.Quotes))
	for i, q := range f.Quotes {
		out[i] = quoteLine{q.Text, q.Source, b.Source(q.Source).Title, q.Paragraph}
	}
	return out
}

// asOf is the day on which the fact's first source was published.
func asOf(b *knowledge.Base, f *knowledge.Fact) string {
	return b.Source(f.Quotes[0].Source).Published.Format(time.DateOnly)
}
