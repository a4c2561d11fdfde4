package eval

import (
	"encoding/json"
	"fmt"
	"io"
)

// Baseline is what became of each question, by its id, for comparing a later
// report with.
type Baseline map[string]string

// Baseline returns the report as a baseline.
func (r Report) Baseline() Baseline {
	out := Baseline{}
	for _, result := range r {
		out[result.Question.ID] = result.Outcome.String()
	}
	return out
}

// ReadBaseline reads what [Baseline.Write] wrote.
func ReadBaseline(r io.Reader) (Baseline, error) {
	out := Baseline{}
	if err := json.NewDecoder(r).Decode(&out); err != nil {
		return nil, fmt.Errorf("no baseline: %w; write one with --save", err)
	}
	return out, nil
}

// Write writes the baseline as JSON, one question a line.
func (b Baseline) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(b)
}

// Change is a question of which something else became than before.
type Change struct {
	Result   Result
	Was, Now string
}

// Since returns the questions that went worse than in the baseline and those
// that went better. Questions that one of both does not have do not count.
func (r Report) Since(b Baseline) (worse, better []Change) {
	rank := map[string]int{Wrong.String(): 0, Missed.String(): 1, Right.String(): 2}
	for _, result := range r {
		was, known := b[result.Question.ID]
		change := Change{result, was, result.Outcome.String()}
		switch {
		case !known || was == change.Now:
		case rank[change.Now] < rank[was]:
			worse = append(worse, change)
		default:
			better = append(better, change)
		}
	}
	return worse, better
}
