// Package review reads a fact base as a careful colleague would and says what
// to look at again: a list of [Finding]s, each with where and what to do.
//
// What it finds are no faults: a base that loads answers as it says. It knows
// no clock; the day is given to it.
package review

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/match"
)

// Finding is something to look at again.
type Finding = knowledge.Problem

// mostAsked is how many questions are left out in turn; of a base with more,
// evenly spread ones.
const mostAsked = 20_000

// Base reviews a base, its drafts included, as of a day.
func Base(b *knowledge.Base, today time.Time) ([]Finding, error) {
	whole := b.WithDrafts()
	x, err := match.NewIndex(whole)
	if err != nil {
		return nil, err
	}
	var out []Finding
	for i := range whole.Facts {
		f := &whole.Facts[i]
		out = append(out, overdue(f, today)...)
		out = append(out, unquotedNames(whole, f)...)
		out = append(out, tooSure(f)...)
	}
	out = append(out, alike(whole)...)
	out = append(out, stolen(x, whole)...)
	out = append(out, uncovered(whole)...)
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return out, nil
}

func at(p knowledge.Position, entry, format string, args ...any) Finding {
	return Finding{File: p.File, Line: p.Line, Column: p.Column, Entry: entry, Msg: fmt.Sprintf(format, args...)}
}

func overdue(f *knowledge.Fact, today time.Time) []Finding {
	if f.ReviewBy.IsZero() || !today.After(f.ReviewBy) {
		return nil
	}
	return []Finding{at(f.At, "fact "+f.ID, "was to be reviewed by %s; see whether it still holds and set a new day", f.ReviewBy.Format(time.DateOnly))}
}

// unquotedNames reports names that the answer says and no quote does, unless a
// quote speaks of somebody that it does not name.
func unquotedNames(b *knowledge.Base, f *knowledge.Fact) []Finding {
	said := ""
	for _, q := range f.Quotes {
		said += " " + words(q.Text)
	}
	said += " "
	if slices.ContainsFunc(references, func(r string) bool { return strings.Contains(said, r) }) {
		return nil
	}
	answer := " " + words(f.Answer) + " "
	var out []Finding
	for _, n := range b.Names {
		if strings.Contains(answer, " "+words(n.ID)+" ") && !slices.ContainsFunc(append([]string{n.ID}, n.Aliases...), func(alias string) bool { return strings.Contains(said, " "+words(alias)+" ") }) {
			out = append(out, at(f.At, "fact "+f.ID, "the answer names %q, which none of its quotes does; add the quote or take the name out", n.ID))
		}
	}
	return out
}

// references are words that stand for a name that another sentence says.
var references = []string{" the company", " the firm", " the group", " the report", " the two ", " it ", " they ", " its ", " their ", " he ", " she ", " this ", " these ",
	" the council", " the ministry", " the authority", " the city", " the town"}

func words(s string) string {
	return knowledge.Fold(strings.NewReplacer("’s", "", "'s", "", "-", " ", "’", " ").Replace(s))
}

// strength orders certainties from the least to the most sure.
var strength = map[knowledge.Certainty]int{knowledge.Possible: 0, knowledge.UnderDiscussion: 1, knowledge.Reported: 2, knowledge.Confirmed: 3}

// tooSure reports a fact whose every quote is worded less surely than it is
// marked.
func tooSure(f *knowledge.Fact) []Finding {
	surest := knowledge.Possible
	for _, q := range f.Quotes {
		if c := draft.Certainty(q.Text); strength[c] > strength[surest] {
			surest = c
		}
	}
	if inPassing.MatchString(f.Answer) {
		return nil
	}
	if f.Certainty != knowledge.Confirmed && f.Certainty != knowledge.Reported || strength[surest] >= strength[knowledge.Reported] || hedged(f.Answer) {
		return nil
	}
	return []Finding{at(f.At, "fact "+f.ID, "is marked %s, but its quotes are worded as %s; lower the certainty, or say in the answer how sure it is", f.Certainty, surest)}
}

// inPassing are answers of what somebody or something is, which a sentence says
// in passing, however sure it is of the rest.
var inPassing = regexp.MustCompile(`^(?:\S+ ){1,6}(?:is|are) (?:the|an?) (?:\S+ ?){1,6}$`)

// hedged reports whether an answer itself says that it is not sure.
func hedged(answer string) bool {
	return strength[draft.Certainty(answer)] < strength[knowledge.Reported]
}

// stolen reports facts that fewer than half of their own questions find when
// each is left out in turn.
func stolen(x *match.Index, b *knowledge.Base) []Finding {
	asked := 0
	for _, f := range b.Facts {
		asked += len(f.Questions)
	}
	type tally struct {
		asked, found int
		by           map[string]int
	}
	tallies := map[*knowledge.Fact]*tally{}
	x.LeaveOut(1+asked/mostAsked, func(l match.LeftOut) {
		t := tallies[l.Fact]
		if t == nil {
			t = &tally{by: map[string]int{}}
			tallies[l.Fact] = t
		}
		t.asked++
		switch {
		case l.Found:
			t.found++
		case l.By != nil:
			t.by["fact "+l.By.ID]++
		case l.ByGap != nil:
			t.by["gap "+l.ByGap.ID]++
		}
	})
	var out []Finding
	for i := range b.Facts {
		f := &b.Facts[i]
		t := tallies[f]
		if t == nil || t.asked < 2 || 2*t.found >= t.asked {
			continue
		}
		thief, n := "", 0
		for by, k := range t.by {
			if k > n || k == n && by < thief {
				thief, n = by, k
			}
		}
		if thief == "" {
			out = append(out, at(f.At, "fact "+f.ID, "is found by %d of its %d questions when each is left out; add more ways of asking", t.found, t.asked))
			continue
		}
		out = append(out, at(f.At, "fact "+f.ID, "is found by %d of its %d questions when each is left out, and %s takes %d; add ways of asking that tell them apart, or make one of both", t.found, t.asked, thief, n))
	}
	return out
}

// uncovered reports sentences of the sources that no fact quotes, even in part.
func uncovered(b *knowledge.Base) []Finding {
	quotes := map[string][]string{}
	for _, f := range b.Facts {
		for _, q := range f.Quotes {
			quotes[q.Source] = append(quotes[q.Source], fold(q.Text))
		}
	}
	var out []Finding
	for _, s := range b.Sources {
		all := strings.Join(quotes[s.ID], "\n")
		line, from := 1, 0
		for _, sentence := range draft.Sentences(s.Text) {
			begins := 0
			for n, word := range strings.Fields(sentence) {
				i := max(0, strings.Index(s.Text[from:], word))
				line += strings.Count(s.Text[from:from+i], "\n")
				if n == 0 {
					begins = line
				}
				from += i + len(word)
			}
			text := fold(sentence)
			if strings.Contains(all, text) || slices.ContainsFunc(quotes[s.ID], func(q string) bool { return strings.Contains(text, q) }) {
				continue
			}
			out = append(out, at(knowledge.Position{File: s.File, Line: begins, Column: 1}, "source "+s.ID, "no fact quotes “%s”; add one if people may ask for it", head(sentence, 80)))
		}
	}
	return out
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

func head(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i] + "…"
		}
	}
	return s
}
