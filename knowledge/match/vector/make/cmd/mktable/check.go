package main

import (
	"errors"
	"fmt"
	"io"
)

// golden are pairs of questions with their cosines in the table that ships. A
// table made anew has other values near them. The two of the last pair ask different
// things; those of each other pair are to be nearer.
var golden = []struct {
	pair   pair
	cosine float32
}{
	{pair{"How long do people have to find another job?", "what is the deadline for internal applications"}, 0.263952},
	{pair{"who runs the company", "Who is the CEO?"}, 0.592380},
	{pair{"how much money will be invested", "what is the size of the investment"}, 0.711439},
	{pair{"where's teh wifi pasword", "where is the wifi password"}, 0.491948},
	{pair{"when does the office open", "what colour is the carpet"}, 0.112879},
}

// check prints the table's sizes, the first components of a few words, the last
// of which it does not hold, and golden's cosines. Its error names each pair of
// questions that ask the same and are no nearer than the two of golden that do not.
func check(t *table, out io.Writer) error {
	fmt.Fprintf(out, "%d words, %d buckets, %d dimensions\n", len(t.words), len(t.rows)-len(t.words), t.dims())
	for _, w := range []string{"the", "severance", "how", "openai", "zzyzx"} {
		v := make([]float32, t.dims())
		t.sum(t.terms([]string{w}, 0, nil), v)
		fmt.Fprintf(out, "%-10s %9.6f\n", w, v[:min(4, len(v))])
	}
	fmt.Fprintln(out, "  cosine   shipped")
	cosines := make([]float32, len(golden))
	for i, g := range golden {
		cosines[i] = dot(t.sentence(g.pair[0]), t.sentence(g.pair[1]))
		fmt.Fprintf(out, "%9.6f %9.6f  %s / %s\n", cosines[i], g.cosine, g.pair[0], g.pair[1])
	}
	last := len(golden) - 1
	var problems []error
	for i, g := range golden[:last] {
		if cosines[i] <= cosines[last] {
			problems = append(problems, fmt.Errorf("%q and %q ask the same but are no nearer (%.3f) than %q and %q (%.3f)",
				g.pair[0], g.pair[1], cosines[i], golden[last].pair[0], golden[last].pair[1], cosines[last]))
		}
	}
	return errors.Join(problems...)
}
