package knowledge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one fault of a base, with where it is and what to do about it.
type Problem struct {
	File   string
	Line   int    // from 1; 0 if the whole file is meant
	Column int    // from 1
	Entry  string // "fact overview", "gap valuation"; empty outside of an entry
	Msg    string
}

// Error returns "facts.yaml:12:9: fact overview: what is wrong; what to do".
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	if p.Entry != "" {
		b.WriteString(p.Entry + ": ")
	}
	b.WriteString(p.Msg)
	return b.String()
}

// Problems are all the faults of a base, in the order of its files and lines.
// [Load] returns them as its error.
type Problems []Problem

// Error returns the problems, one a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

func (p Problems) sort() {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
