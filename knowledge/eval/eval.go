// Package eval measures an index with labelled questions: it scores each
// [Question] as right, missed or wrong and sums them up in a [Report].
package eval

import (
	"bufio"
	"bytes"
	_ "embed" // the questions about everything else
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"footnote/knowledge/match"
)

// Question is a question with what a right answer to it must show.
type Question struct {
	ID        string     `json:"id"`
	Text      string     `json:"q"`
	After     string     `json:"after"`      // the thread's question before it; empty if none
	Kind      string     `json:"kind"`       // answerable, typo, unanswerable, smalltalk, ambiguous, followup or elsewhere
	Evidence  []string   `json:"evidence"`   // passages, any of which carries the answer; empty: the sources do not say
	Must      [][]string `json:"must"`       // a right answer shows at least one string of each group
	CorrectOK bool       `json:"correct_ok"` // a false presupposition may be corrected instead of declined
}

// Read reads questions, one JSON object a line. Its error names each line that
// is none.
func Read(r io.Reader) ([]Question, error) {
	var out []Question
	var faults []string
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var q Question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			faults = append(faults, fmt.Sprintf("line %d: %v", n, err))
			continue
		}
		if fault := q.fault(); fault != "" {
			faults = append(faults, fmt.Sprintf("line %d: %s", n, fault))
			continue
		}
		out = append(out, q)
	}
	if err := lines.Err(); err != nil {
		faults = append(faults, err.Error())
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("questions: %s", strings.Join(faults, "; "))
	}
	return out, nil
}

func (q Question) fault() string {
	switch q.Kind {
	case "answerable", "typo", "unanswerable", "smalltalk", "ambiguous", "followup", "elsewhere":
	default:
		return fmt.Sprintf("kind %q is none of answerable, typo, unanswerable, smalltalk, ambiguous, followup, elsewhere", q.Kind)
	}
	if strings.TrimSpace(q.Text) == "" {
		return "q is empty"
	}
	return ""
}

//go:embed elsewhere.jsonl
var elsewhere []byte

// Elsewhere are questions about everything else, which no base should answer.
func Elsewhere() []Question {
	out, err := Read(bytes.NewReader(elsewhere))
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return out
}

// Outcome is what became of a question.
type Outcome int

// Wrong weighs most: a sourced bot that answers wrongly is worse than a silent one.
const (
	Right Outcome = iota
	Missed
	Wrong
)

func (o Outcome) String() string { return [...]string{"right", "missed", "wrong"}[o] }

// Score says whether an answer to q is right.
func Score(q Question, a match.Answer) Outcome {
	switch q.Kind {
	case "smalltalk", "elsewhere":
		return rightIf(a.Verdict == match.Abstain || a.Verdict == match.Chat)
	case "ambiguous":
		return scoreAmbiguous(q, a)
	}
	if len(q.Evidence) == 0 {
		corrected := q.CorrectOK && a.Correction != nil && len(a.Facts) > 0
		return rightIf(a.Verdict == match.Abstain || corrected)
	}
	if a.Verdict != match.Sure {
		return Missed
	}
	return rightIf(q.quotedBy(a.Facts[0]) && q.satisfiedBy(a.Facts[:1]))
}

func scoreAmbiguous(q Question, a match.Answer) Outcome {
	shown := a.Facts
	switch a.Verdict {
	case match.Sure:
		shown = shown[:1]
	case match.Ambiguous:
	default:
		return Missed
	}
	return rightIf(quotedByOne(q, shown) && q.satisfiedBy(shown))
}

func rightIf(ok bool) Outcome {
	if ok {
		return Right
	}
	return Wrong
}

// Offered reports whether a missed question's evidence is among the first
// three facts that were offered instead, so that one press gives the answer.
func Offered(q Question, a match.Answer) bool {
	choices := a.Near
	if a.Verdict == match.Ambiguous {
		choices = a.Facts
	}
	return quotedByOne(q, choices[:min(3, len(choices))])
}

func quotedByOne(q Question, facts []match.Match) bool {
	for _, m := range facts {
		if q.quotedBy(m) {
			return true
		}
	}
	return false
}

// quotedBy reports whether the fact quotes a passage of the evidence, or a part
// or the whole around it.
func (q Question) quotedBy(m match.Match) bool {
	for _, quote := range m.Fact.Quotes {
		for _, passage := range q.Evidence {
			have, want := fold(quote.Text), fold(passage)
			if strings.Contains(have, want) || strings.Contains(want, have) {
				return true
			}
		}
	}
	return false
}

func (q Question) satisfiedBy(facts []match.Match) bool {
	var shown strings.Builder
	for _, m := range facts {
		shown.WriteString(m.Fact.Answer + "\n")
		for _, quote := range m.Fact.Quotes {
			shown.WriteString(quote.Text + "\n")
		}
	}
	text := strings.ToLower(shown.String())
	for _, group := range q.Must {
		if !containsOne(text, group) {
			return false
		}
	}
	return true
}

func containsOne(text string, group []string) bool {
	for _, s := range group {
		if strings.Contains(text, strings.ToLower(s)) {
			return true
		}
	}
	return false
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }
